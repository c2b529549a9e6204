//! A part of a screen or picture.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A rectangle in pixels, measured from the top left corner of a screen or picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// The leftmost column.
    pub x: u16,
    /// The topmost row.
    pub y: u16,
    /// In pixels; 0 makes the rectangle empty.
    pub width: u16,
    /// In pixels; 0 makes the rectangle empty.
    pub height: u16,
}

/// A text that does not describe an area.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0:?} is not an area; use X,Y,WIDTH,HEIGHT")]
pub struct AreaError(String);

impl Rectangle {
    /// The first column to the right of the rectangle.
    pub(crate) fn right(self) -> u32 {
        u32::from(self.x) + u32::from(self.width)
    }

    /// The first row below the rectangle.
    pub(crate) fn bottom(self) -> u32 {
        u32::from(self.y) + u32::from(self.height)
    }

    /// The number of pixels.
    pub(crate) fn pixel_count(self) -> u32 {
        u32::from(self.width) * u32::from(self.height)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    pub(crate) fn contains(self, x: u16, y: u16) -> bool {
        x >= self.x && u32::from(x) < self.right() && y >= self.y && u32::from(y) < self.bottom()
    }

    /// Whether all of the rectangle lies in a picture of this size.
    pub(crate) fn fits(self, width: u32, height: u32) -> bool {
        self.right() <= width && self.bottom() <= height
    }

    /// Whether the two rectangles share at least one pixel.
    pub(crate) fn intersects(self, other: Self) -> bool {
        self.intersection(other).is_some()
    }

    /// The pixels that both rectangles have, `None` if there are none.
    pub(crate) fn intersection(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let common = Self::between(x, y, self.right().min(other.right()), self.bottom().min(other.bottom()));
        (!common.is_empty()).then_some(common)
    }

    /// The smallest rectangle that holds both.
    pub(crate) fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self::between(x, y, self.right().max(other.right()), self.bottom().max(other.bottom()))
    }

    /// The parts of the rectangle above, below, left and right of `hole`. They do not overlap, and none is empty.
    pub(crate) fn without(self, hole: Self) -> impl Iterator<Item = Self> {
        let Self { x, y, .. } = self;
        let (right, bottom) = (self.right(), self.bottom());
        let parts = match self.intersection(hole) {
            None => [Some(self), None, None, None],
            Some(hole) => {
                let beside = |x: u16, right: u32| Self::between(x, hole.y, right, hole.bottom());
                [
                    Some(Self::between(x, y, right, hole.y.into())),
                    u16::try_from(hole.bottom()).ok().map(|y| Self::between(x, y, right, bottom)),
                    Some(beside(x, hole.x.into())),
                    u16::try_from(hole.right()).ok().map(|x| beside(x, right)),
                ]
            }
        };
        parts.into_iter().flatten().filter(|part| !part.is_empty())
    }

    /// From the upper left corner to the first column and row outside. Ends before the corner give an empty rectangle,
    /// and no side gets longer than 65535.
    fn between(x: u16, y: u16, right: u32, bottom: u32) -> Self {
        let length = |start: u16, end: u32| end.saturating_sub(start.into()).min(u16::MAX.into()) as u16;
        Self { x, y, width: length(x, right), height: length(y, bottom) }
    }
}

/// Reads `X,Y,WIDTH,HEIGHT`. Spaces around a number are allowed, an empty rectangle is not.
impl FromStr for Rectangle {
    type Err = AreaError;

    fn from_str(text: &str) -> Result<Self, AreaError> {
        let error = || AreaError(text.to_owned());
        let numbers: Result<Vec<u16>, _> = text.split(',').map(|number| number.trim().parse()).collect();
        match numbers.map_err(|_| error())?[..] {
            [x, y, width, height] if width > 0 && height > 0 => Ok(Self { x, y, width, height }),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Rectangle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x, self.y, self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(x: u16, y: u16, width: u16, height: u16) -> Rectangle {
        Rectangle { x, y, width, height }
    }

    #[test]
    fn an_area_is_four_numbers() {
        let parsed: Rectangle = "10, 20,30,40".parse().unwrap();
        assert_eq!(parsed, area(10, 20, 30, 40));
        assert_eq!(parsed.to_string(), "10,20,30,40");
        for wrong in
            ["", "1,2,3", "1,2,3,4,5", "1,2,0,4", "1,2,3,0", "-1,2,3,4", "1,2,3,x", "1;2;3;4", "9999999999,0,1,1"]
        {
            let error = wrong.parse::<Rectangle>().unwrap_err();
            assert_eq!(error.to_string(), format!("{wrong:?} is not an area; use X,Y,WIDTH,HEIGHT"));
        }
    }

    #[test]
    fn an_area_that_reaches_beyond_the_picture_is_clipped() {
        let picture = area(0, 0, 640, 400);
        let clipped = |x, y, width, height| area(x, y, width, height).intersection(picture);
        assert_eq!(clipped(0, 0, 640, 400), Some(picture));
        assert_eq!(clipped(0, 0, 65535, 65535), Some(picture));
        assert_eq!(clipped(639, 399, 65535, 65535), Some(area(639, 399, 1, 1)));
        for (x, y, width, height) in [(640, 0, 1, 1), (0, 400, 1, 1), (5, 5, 0, 9), (5, 5, 9, 0), (65535, 65535, 9, 9)]
        {
            assert_eq!(clipped(x, y, width, height), None);
            assert!(!area(x, y, width, height).intersects(picture));
        }
    }

    #[test]
    fn only_what_ends_inside_fits() {
        assert!(area(0, 0, 640, 400).fits(640, 400) && area(640, 400, 0, 0).fits(640, 400));
        for outside in [area(1, 0, 640, 1), area(0, 399, 1, 2), area(65535, 0, 1, 1), area(65535, 0, 65535, 1)] {
            assert!(!outside.fits(640, 400), "{outside}");
        }
        assert!(!area(65535, 0, 1, 1).fits(65535, 1));
    }

    #[test]
    fn a_hole_leaves_each_pixel_outside_it_once() {
        let whole = area(2, 2, 6, 6);
        let holes =
            [area(3, 4, 2, 2), area(0, 0, 4, 4), whole, area(0, 0, 9, 3), area(20, 20, 10, 10), area(7, 0, 2, 9)];
        for hole in holes {
            let parts: Vec<_> = whole.without(hole).collect();
            for (x, y) in (0..10).flat_map(|x| (0..10).map(move |y| (x, y))) {
                let expected = whole.contains(x, y) && !hole.contains(x, y);
                let count = parts.iter().filter(|part| part.contains(x, y)).count();
                assert_eq!(count, usize::from(expected), "({x}, {y}) without {hole}");
            }
        }
    }

    #[test]
    fn a_union_holds_both() {
        assert_eq!(area(1, 5, 1, 1).union(area(4, 2, 5, 1)), area(1, 2, 8, 4));
        assert_eq!(area(0, 0, 1, 1).union(area(65535, 9, 65535, 1)), area(0, 0, 65535, 10));
    }
}
