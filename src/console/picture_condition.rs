//! The picture condition that a screen is to meet.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::picture::{Picture, Rectangle};
use crate::text::quoted::Shown as _;

/// The longest picture file, in bytes: a screen of 2560 x 2048 has 15 MiB of pixels.
const MAX_PICTURE_FILE_LEN: u64 = 32 << 20;

/// What a screen is to meet.
#[derive(Clone, Debug)]
pub(crate) struct PictureCondition {
    pub(crate) goal: Goal,
    /// The part that is compared; `None` is the whole screen.
    pub(crate) area: Option<Rectangle>,
    /// By how much red, green and blue of equal pixels may differ, 0 to 255.
    pub(crate) tolerance: u8,
}

#[derive(Clone, Debug)]
pub(crate) enum Goal {
    /// Nothing changes for this time.
    Still(Duration),
    Change,
    /// The screen looks like this picture; the name is for messages.
    Image(Picture, String),
}

impl Goal {
    /// Reads the picture file of [`Goal::Image`], and checks that the area fits into it.
    pub(crate) fn image(path: &Path, area: Option<Rectangle>) -> Result<Self, CommandError> {
        let (picture, name) = (read_picture(path)?, path.shown());
        let (width, height) = (picture.width(), picture.height());
        match area.filter(|area| !area.fits(width, height)) {
            None => Ok(Self::Image(picture, name)),
            Some(area) => {
                let message = format!("the area {area} is not inside {name}, which has {width}x{height} pixels");
                let hint = "the picture is one of the whole screen; the area is the part of it that counts";
                Err(CommandError::message(ErrorKind::Usage, message).hint(hint))
            }
        }
    }
}

/// Reads a picture from a regular file.
pub(crate) fn read_picture(path: &Path) -> Result<Picture, CommandError> {
    let about = format!("cannot read {}", path.shown());
    let unread = |error: anyhow::Error| CommandError::new(ErrorKind::Usage, error.context(about.clone()));
    // Before it is opened: opening a FIFO would block.
    if !std::fs::metadata(path).map_err(|error| unread(error.into()))?.is_file() {
        return Err(unread(anyhow::Error::msg("not a regular file")));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unread(error.into()))?;
    file.take(MAX_PICTURE_FILE_LEN + 1).read_to_end(&mut bytes).map_err(|error| unread(error.into()))?;
    if bytes.len() as u64 > MAX_PICTURE_FILE_LEN {
        return Err(unread(anyhow::Error::msg(format!("it is longer than {} MiB", MAX_PICTURE_FILE_LEN >> 20))));
    }
    Picture::decode(&bytes).map_err(|error| unread(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_from_a_regular_file_of_a_bounded_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let image = |name: &str, area: Option<&str>| {
            let area = area.map(|area| area.parse().unwrap());
            Goal::image(&path(name), area).map_err(|failure| format!("{:#}", failure.error))
        };
        let picture = Picture::new(4, 2, vec![9; 24]).unwrap();
        std::fs::write(path("a.png"), picture.to_png().unwrap()).unwrap();
        assert!(matches!(image("a.png", None), Ok(Goal::Image(read, _)) if read == picture));
        let outside = image("a.png", Some("1,0,4,2")).unwrap_err();
        assert!(outside.contains("1,0,4,2 is not inside") && outside.contains("4x2"), "{outside}");

        std::fs::write(path("a.txt"), "words").unwrap();
        File::create(path("huge.png")).unwrap().set_len(MAX_PICTURE_FILE_LEN + 1).unwrap();
        for (name, why) in [
            ("a.txt", "looks like text"),
            ("huge.png", "longer than 32 MiB"),
            ("none.png", "cannot read"),
            (".", "not a regular file"),
        ] {
            let error = image(name, None).unwrap_err();
            assert!(error.contains(why), "{name}: {error}");
        }
    }
}
