//! Compares two pictures pixel by pixel.

use std::fmt;

use super::{Picture, Rectangle};

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Similarity {
    /// The pictures have different sizes (width and height in pixels), so no pixel was compared.
    Sizes((u32, u32), (u32, u32)),
    /// The area reaches outside the pictures, which have this width and height.
    Outside(Rectangle, (u32, u32)),
    /// The pixels were compared.
    Pixels {
        /// The number of pixels that are equal within the tolerance.
        equal: u64,
        /// The number of pixels that were compared.
        of: u64,
        /// The smallest area that holds all other pixels.
        differs: Option<Rectangle>,
    },
}

impl Similarity {
    /// Whether no pixel differs.
    pub fn is_equal(&self) -> bool {
        matches!(self, Self::Pixels { differs: None, .. })
    }

    /// The share of equal pixels, from 0 to 1.
    pub(crate) fn share(&self) -> f64 {
        match self {
            Self::Pixels { equal, of, .. } => *equal as f64 / (*of).max(1) as f64,
            _ => 0.0,
        }
    }
}

impl fmt::Display for Similarity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sizes((width, height), (other_width, other_height)) => {
                write!(f, "the pictures have {width}x{height} and {other_width}x{other_height} pixels")
            }
            Self::Outside(area, (width, height)) => {
                write!(f, "the area {area} is not inside a picture of {width}x{height} pixels")
            }
            Self::Pixels { differs: None, of, .. } => write!(f, "all {of} pixels are equal"),
            Self::Pixels { equal, of, differs: Some(part) } => {
                // Rounded down, so that 100.0 % never stands for pictures that differ.
                let tenths = u128::from(*equal) * 1000 / u128::from((*of).max(1));
                let percent = format!("{}.{}", tenths / 10, tenths % 10);
                write!(f, "{percent} % of the pixels are equal; what differs is in {part}")
            }
        }
    }
}

/// Compares two pictures of one size, or an area of both. A pixel is equal if none of its three values differs by more
/// than the tolerance.
pub fn compare(one: &Picture, other: &Picture, area: Option<Rectangle>, tolerance: u8) -> Similarity {
    let size = (one.width, one.height);
    if size != (other.width, other.height) {
        return Similarity::Sizes(size, (other.width, other.height));
    }
    let area = area.unwrap_or_else(|| one.bounds());
    if !area.fits(size.0, size.1) {
        return Similarity::Outside(area, size);
    }
    let columns = usize::from(area.x)..area.right() as usize;
    let (mut equal, mut differs) = (0, None::<Rectangle>);
    for y in area.y..area.y + area.height {
        let (row, other_row) = (&one.row(y.into())[columns.clone()], &other.row(y.into())[columns.clone()]);
        if row == other_row {
            equal += u64::from(area.width);
            continue;
        }
        for (x, (pixel, other_pixel)) in (area.x..).zip(row.iter().zip(other_row)) {
            if pixel.iter().zip(other_pixel).all(|(value, other)| value.abs_diff(*other) <= tolerance) {
                equal += 1;
            } else {
                let pixel = Rectangle { x, y, width: 1, height: 1 };
                differs = Some(differs.map_or(pixel, |differs| differs.union(pixel)));
            }
        }
    }
    Similarity::Pixels { equal, of: area.pixel_count().into(), differs }
}
