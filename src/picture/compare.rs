//! Two pictures, pixel by pixel.

use std::fmt;

use super::{Picture, Region};

/// How alike two pictures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Similarity {
    /// Their sizes differ, so that no pixel is compared. Width and height, in pixels.
    Sizes((u32, u32), (u32, u32)),
    /// The region is not inside them. Their width and height, in pixels.
    Outside(Region, (u32, u32)),
    /// They have been compared.
    Pixels {
        /// How many pixels are equal, within the tolerance.
        equal: u64,
        /// How many were compared.
        of: u64,
        /// The smallest part of the whole picture that holds all that differ.
        differs: Option<Region>,
    },
}

impl Similarity {
    /// Whether nothing differs.
    pub fn is_equal(&self) -> bool {
        matches!(self, Self::Pixels { differs: None, .. })
    }

    /// The share of equal pixels, 0 to 1.
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
                write!(f, "one is {width}x{height}, the other {other_width}x{other_height} pixels")
            }
            Self::Outside(region, (width, height)) => {
                write!(f, "the region {region} is not inside a picture of {width}x{height} pixels")
            }
            Self::Pixels { differs: None, of, .. } => write!(f, "all {of} pixels are equal"),
            Self::Pixels { equal, of, differs: Some(part) } => {
                // Rounded down: 100.0 % would be said of a picture that differs.
                let tenths = u128::from(*equal) * 1000 / u128::from((*of).max(1));
                let percent = format!("{}.{}", tenths / 10, tenths % 10);
                write!(f, "{percent} % of the pixels are equal; what differs is in {part}")
            }
        }
    }
}

/// Compares two pictures of one size, or a region of both. A pixel is equal if none of its three values differs by more
/// than the tolerance.
pub fn compare(one: &Picture, other: &Picture, region: Option<Region>, tolerance: u8) -> Similarity {
    let size = (one.width, one.height);
    if size != (other.width, other.height) {
        return Similarity::Sizes(size, (other.width, other.height));
    }
    let region = region.unwrap_or(Region { x: 0, y: 0, width: size.0, height: size.1 });
    if !region.fits(size.0, size.1) {
        return Similarity::Outside(region, size);
    }
    let columns = region.x as usize..(region.x + region.width) as usize;
    let (mut equal, mut differs) = (0, None);
    for y in region.y..region.y + region.height {
        let (row, other_row) = (&one.row(y)[columns.clone()], &other.row(y)[columns.clone()]);
        if row == other_row {
            equal += u64::from(region.width);
            continue;
        }
        for (x, (pixel, other_pixel)) in (region.x..).zip(row.iter().zip(other_row)) {
            if pixel.iter().zip(other_pixel).all(|(value, other)| value.abs_diff(*other) <= tolerance) {
                equal += 1;
            } else {
                differs = Some(grown(differs, x, y));
            }
        }
    }
    Similarity::Pixels { equal, of: u64::from(region.width) * u64::from(region.height), differs }
}

/// The smallest region that holds this one and a pixel below it or in its last row.
fn grown(region: Option<Region>, x: u32, y: u32) -> Region {
    let Some(region) = region else {
        return Region { x, y, width: 1, height: 1 };
    };
    let (left, right) = (region.x.min(x), (region.x + region.width).max(x + 1));
    Region { x: left, y: region.y, width: right - left, height: y + 1 - region.y }
}
