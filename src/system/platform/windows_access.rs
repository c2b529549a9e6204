//! Files and directories that only this user and SYSTEM can open: the access lists of Windows.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process;

use windows_permissions::constants::{SeObjectType, SecurityInformation};
use windows_permissions::wrappers::{GetSecurityDescriptorDacl, SetSecurityInfo};
use windows_permissions::{LocalBox, SecurityDescriptor};
use winsafe::co;

use super::user_of_process;

/// The rights that [`SetSecurityInfo`] needs on a handle to replace its access list.
const CHANGE_LIST: u32 = co::ACCESS_RIGHTS::READ_CONTROL.raw() | co::ACCESS_RIGHTS::WRITE_DAC.raw();

/// What an entry of a directory's list also says: what is created inside has it too.
const FOR_CONTENT: &str = "OICI";

/// Creates a directory and its missing parents. Those that are created, and what is created in them, can be opened by this user and
/// SYSTEM only.
pub(crate) fn create_private_dir(dir: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists()).collect();
    for new in missing.into_iter().rev() {
        match fs::create_dir(new) {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            created => created?,
        }
        let mut options = OpenOptions::new();
        options.access_mode(CHANGE_LIST).custom_flags(co::FILE_FLAG::BACKUP_SEMANTICS.raw());
        limit_access(&mut options.open(new)?, FOR_CONTENT)?;
    }
    // Fails if it is no directory.
    fs::create_dir_all(dir)
}

/// Creates a file that can be opened by this user and SYSTEM only, whatever the list of its directory says.
pub(crate) fn create_private_file(file: &Path) -> io::Result<File> {
    let access = co::GENERIC::READ.raw() | co::GENERIC::WRITE.raw() | CHANGE_LIST;
    // Nobody else can open it before it has its list: only renaming and removing are shared.
    let share = co::FILE_SHARE::DELETE.raw();
    let mut open = OpenOptions::new().write(true).create_new(true).access_mode(access).share_mode(share).open(file)?;
    limit_access(&mut open, "")?;
    Ok(open)
}

/// Replaces the access list of an open file or directory, and what it inherits, by full access for this user and SYSTEM.
/// Source: the vendor's Security Descriptor String Format, and ACE Strings.
fn limit_access(open: &mut File, flags: &str) -> io::Result<()> {
    set_list(open, flags).map_err(|error| {
        io::Error::new(error.kind(), format!("Windows did not limit access to you ({error}); use a folder of your own"))
    })
}

fn set_list(open: &mut File, flags: &str) -> io::Result<()> {
    let user = user_of_process(process::id())?.ok_or(io::ErrorKind::NotFound)?;
    let list: LocalBox<SecurityDescriptor> = format!("D:P(A;{flags};FA;;;{user})(A;{flags};FA;;;SY)").parse()?;
    let list = GetSecurityDescriptorDacl(&list)?;
    let changed = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
    SetSecurityInfo(open, SeObjectType::SE_FILE_OBJECT, changed, None, None, list, None)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn nobody_opens_a_private_file_before_it_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secret");
        let mut open = create_private_file(&file).unwrap();
        open.write_all(b"words").unwrap();
        // ERROR_SHARING_VIOLATION
        assert_eq!(File::open(&file).unwrap_err().raw_os_error(), Some(32));
        drop(open);
        assert_eq!(fs::read(&file).unwrap(), b"words");
        assert_eq!(create_private_file(&file).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn missing_parents_are_created_and_a_file_is_no_directory() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("a/b");
        create_private_dir(&dir).unwrap();
        create_private_dir(&dir).unwrap();
        let file = dir.join("c");
        drop(create_private_file(&file).unwrap());
        create_private_dir(&file).unwrap_err();
    }
}
