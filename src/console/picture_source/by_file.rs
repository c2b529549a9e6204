//! A picture from a file or stdin.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, is_jpg};
use crate::system::blocking;
use crate::text::quoted::Shown as _;

/// The longest picture file, in bytes: a screen of 2560 x 2048 has 15 MiB of pixels.
const MAX_PICTURE_FILE_LEN: usize = 32 << 20;

/// A picture that was read from a file.
pub(crate) struct FilePicture {
    pub(crate) picture: Picture,
    /// Whether compression may have changed its pixels.
    pub(crate) is_lossy: bool,
}

/// Reads a PNG or JPG of at most 32 MiB; `-` is stdin. A pipe or a device may take `limit`.
pub(crate) fn read_picture(path: &Path, limit: Duration) -> Result<FilePicture, CommandError> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "stdin".to_owned() } else { path.shown() };
    let unread = |kind, error: anyhow::Error| CommandError::new(kind, error.context(format!("cannot read {name}")));
    let bytes = match is_stdin {
        true => blocking::read_public(io::stdin().lock(), MAX_PICTURE_FILE_LEN),
        false => blocking::read_public_file(path, MAX_PICTURE_FILE_LEN, limit),
    };
    let bytes = bytes.map_err(|error| {
        let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
        unread(kind, error.into())
    })?;
    let picture = Picture::decode(&bytes).map_err(|error| unread(ErrorKind::Usage, error.into()))?;
    Ok(FilePicture { picture, is_lossy: is_jpg(&bytes) })
}
