//! A pixel of a screen or picture.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::Rectangle;

/// A pixel, counted from the top left corner of a screen or picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    /// The column, from 0.
    pub(crate) x: u16,
    /// The row, from 0.
    pub(crate) y: u16,
}

/// A text that does not describe a point.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0:?} is not a point; use X,Y in pixels")]
pub(crate) struct PointError(String);

/// Reads `X,Y`. Spaces around a number are allowed.
impl FromStr for Point {
    type Err = PointError;

    fn from_str(text: &str) -> Result<Self, PointError> {
        let error = || PointError(text.to_owned());
        let (x, y) = text.split_once(',').ok_or_else(error)?;
        let number = |text: &str| text.trim().parse().map_err(|_| error());
        Ok(Self { x: number(x)?, y: number(y)? })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.x, self.y)
    }
}

impl Rectangle {
    /// The pixel in the middle; of two, the one to the right and below.
    pub(crate) fn centre(self) -> Point {
        let middle = |start: u16, length: u16| start.saturating_add(length / 2);
        Point { x: middle(self.x, self.width), y: middle(self.y, self.height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_two_numbers() {
        assert_eq!("10, 20".parse(), Ok(Point { x: 10, y: 20 }));
        assert_eq!("65535,0".parse::<Point>().unwrap().to_string(), "65535,0");
        for wrong in ["", "1", "1,", ",1", "1,2,3", "-1,2", "1.5,2", "65536,0", "1;2"] {
            let error = wrong.parse::<Point>().unwrap_err();
            assert_eq!(error.to_string(), format!("{wrong:?} is not a point; use X,Y in pixels"));
        }
    }

    #[test]
    fn the_centre_is_inside() {
        let centre = |x, y, width, height| Rectangle { x, y, width, height }.centre();
        assert_eq!(centre(10, 20, 1, 1), Point { x: 10, y: 20 });
        assert_eq!(centre(10, 20, 2, 3), Point { x: 11, y: 21 });
        assert_eq!(centre(65535, 0, 65535, 1), Point { x: 65535, y: 0 });
    }
}
