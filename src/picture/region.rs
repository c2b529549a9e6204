//! A part of a picture, as the user writes it.

use std::fmt;
use std::str::FromStr;

use super::PictureError;

/// A rectangle, in pixels from the top left corner. It has at least one pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The first column.
    pub(crate) x: u32,
    /// The first row.
    pub(crate) y: u32,
    /// At least 1.
    pub(crate) width: u32,
    /// At least 1.
    pub(crate) height: u32,
}

impl Region {
    /// Whether all of it lies in a picture of this size.
    pub(crate) fn fits(&self, width: u32, height: u32) -> bool {
        let ends = |start: u32, length: u32| u64::from(start) + u64::from(length);
        ends(self.x, self.width) <= width.into() && ends(self.y, self.height) <= height.into()
    }
}

/// `X,Y,WIDTH,HEIGHT`.
impl FromStr for Region {
    type Err = PictureError;

    fn from_str(text: &str) -> Result<Self, PictureError> {
        let wrong = || PictureError::Region(text.to_owned());
        let numbers: Result<Vec<u32>, _> = text.split(',').map(|number| number.trim().parse()).collect();
        match numbers.map_err(|_| wrong())?[..] {
            [x, y, width, height] if width > 0 && height > 0 => Ok(Self { x, y, width, height }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x, self.y, self.width, self.height)
    }
}
