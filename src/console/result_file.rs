//! A file that a result is written to.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::temporary::without_name;
use crate::system::{blocking, platform};
use crate::text::quoted::Shown as _;

/// The most links that a path may lead through. Source: Linux's MAXSYMLINKS.
const MAX_LINKS: usize = 40;

/// Checks that the directory of `path` exists and that it is no directory itself. A directory with a placeholder in its name is
/// not checked.
pub(crate) fn check_path(path: &Path) -> Result<(), CommandError> {
    let dir = dir_of(path);
    let (message, hint) = match (dir.is_dir(), path.is_dir()) {
        _ if dir.to_string_lossy().contains('{') => return Ok(()),
        (true, false) => return Ok(()),
        (true, true) => (format!("{} is a directory", path.shown()), "add a file name"),
        (false, _) => (format!("the directory {} does not exist", dir.shown()), "create it first"),
    };
    Err(CommandError::message(ErrorKind::ActionFailed, message).hint(hint))
}

fn dir_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file that only its owner can read. It is replaced in one step, so it is never partly written. A pipe or a device
/// is written to, for at most `limit`. A link or a pipe of another user is refused.
pub(crate) fn write(bytes: Vec<u8>, path: &Path, limit: Duration) -> Result<(), CommandError> {
    write_bytes(bytes, path, limit).map_err(|error| {
        let kind = match error.kind() {
            io::ErrorKind::TimedOut => ErrorKind::TimeLimit,
            _ => ErrorKind::ActionFailed,
        };
        let error = anyhow::Error::new(without_name(error)).context(format!("could not write {}", path.shown()));
        CommandError::new(kind, error)
    })
}

/// Writes a file as [`write`] does, piece by piece. What `write` returns is the result. Its error of writing is reported as such.
pub(crate) fn write_with<T>(
    path: &Path,
    limit: Duration,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<T>,
) -> Result<T, CommandError> {
    let failed = |error: io::Error| {
        let error = anyhow::Error::new(without_name(error)).context(format!("could not write {}", path.shown()));
        CommandError::new(ErrorKind::ActionFailed, error)
    };
    // A pipe or a device gets everything at once, within the limit.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut bytes = Vec::new();
        let result = write(&mut bytes).map_err(failed)?;
        return self::write(bytes, path, limit).map(|()| result);
    }
    let writing = || {
        check_links(path)?;
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut file = BufWriter::new(NamedTempFile::new_in(dir_of(&target))?);
        let result = write(&mut file)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(&target).map_err(|error| error.error)?;
        Ok(result)
    };
    writing().map_err(failed)
}

fn write_bytes(bytes: Vec<u8>, path: &Path, limit: Duration) -> io::Result<()> {
    check_links(path)?;
    let resolved = fs::canonicalize(path);
    match fs::metadata(path) {
        // One without a name, such as stdout, was opened by the program that started this one.
        Ok(metadata) if resolved.is_ok() && platform::is_foreign_pipe(&metadata) => {
            return refused(format!("{} is a pipe of another user; use another file", path.shown()));
        }
        // A pipe or a device is written to, not replaced.
        Ok(metadata) if !metadata.is_file() => {
            let path = path.to_owned();
            return blocking::within(limit, move || OpenOptions::new().write(true).open(path)?.write_all(&bytes));
        }
        _ => {}
    }
    // A link stays a link: the file that it points to is replaced.
    let target = resolved.unwrap_or_else(|_| path.to_owned());
    let mut file = NamedTempFile::new_in(dir_of(&target))?; // mode 0600 from the start
    file.write_all(&bytes)?;
    file.persist(&target).map(drop).map_err(|error| error.error)
}

/// Opens a file for a result that grows, at its end if `appends`, else empty. A new file can be read by its owner only. What is no
/// regular file, and a link of another user, is refused.
pub(crate) fn open(path: &Path, appends: bool) -> Result<fs::File, CommandError> {
    let open = || {
        check_links(path)?;
        match fs::metadata(path) {
            // To open a pipe blocks until it is read, and to write to one until there is room.
            Ok(metadata) if !metadata.is_file() => {
                refused(format!("{} is no regular file; use another one", path.shown()))?;
            }
            _ => {}
        }
        platform::open_private_file(path, appends)
    };
    open().map_err(|error| {
        let error = anyhow::Error::new(without_name(error)).context(format!("could not write {}", path.shown()));
        CommandError::new(ErrorKind::ActionFailed, error)
    })
}

/// Refuses a path that is a link of another user, or leads to one.
fn check_links(path: &Path) -> io::Result<()> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if !metadata.is_symlink() => return Ok(()),
            Ok(metadata) if !platform::is_trusted_link(&metadata) => {
                return refused(format!("{} is a link of another user; use another file", target.shown()));
            }
            Ok(_) => target = dir_of(&target).join(fs::read_link(&target)?),
            // The file does not exist yet, or the link is one of /proc and leads to something without a name.
            Err(_) => return Ok(()),
        }
    }
    refused("it leads through too many links".to_owned())
}

fn refused(text: String) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::PermissionDenied, text))
}
