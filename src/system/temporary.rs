//! Temporary files that hold secrets. A killed process leaves them behind; they are recognized by their names.

use std::fs::DirEntry;
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::system::platform;

/// The name before and after its random part.
const PREFIX: &str = ".ecs-vnc-";
const SUFFIX: &str = ".tmp";

/// Creates a file in `dir` that only this user can open, and that is removed when it is dropped.
pub(crate) fn create_in(dir: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(PREFIX).suffix(SUFFIX).make_in(dir, platform::create_private_file).map_err(without_name)
}

/// The system's error without the name of a temporary file, which the user has not named.
pub(crate) fn without_name(error: io::Error) -> io::Error {
    // The library gives no other access to the error that it puts the path behind.
    match (error.get_ref(), error.to_string().split_once(" at path \"")) {
        (Some(_), Some((cause, _))) => io::Error::new(error.kind(), cause.to_owned()),
        _ => error,
    }
}

/// Gives the file its name, in place of another one.
pub(crate) fn persist(file: NamedTempFile, name: &Path) -> io::Result<()> {
    // Closed before it has its name: on Windows, nobody else can read it while it is open.
    file.into_temp_path().persist(name).map_err(|error| error.error)
}

/// Whether an entry of a directory is such a file of this user. Follows no link.
pub(crate) fn is_temporary(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    name.starts_with(PREFIX)
        && name.ends_with(SUFFIX)
        && entry.metadata().is_ok_and(|file| file.is_file() && platform::is_own(&file))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_name_the_temporary_file() {
        let error = NamedTempFile::new_in("/proc").map_err(without_name).unwrap_err().to_string();
        assert!(error.contains("os error") && !error.contains("/proc"), "{error}");
    }
}
