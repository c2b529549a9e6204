//! Why something is no picture.

use thiserror::Error;

use super::{LONGEST_SIDE, MOST_PIXELS};

/// Why something is no picture.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PictureError {
    /// Neither PNG nor JPG, with what it looks like.
    #[error("neither PNG nor JPG: {0}")]
    Format(&'static str),
    /// No pixels, or too many.
    #[error(
        "a picture of {width}x{height} pixels; from 1x1 to {MOST_PIXELS} pixels are taken, and no side above {LONGEST_SIDE}"
    )]
    Size {
        /// In pixels.
        width: u64,
        /// In pixels.
        height: u64,
    },
    /// Not `width * height * 3` bytes.
    #[error("{found} bytes of pixels where {expected} are due")]
    Length {
        /// What the size asks for, in bytes.
        expected: usize,
        /// In bytes.
        found: usize,
    },
    /// A file that is damaged, cut short, or of a kind that is not read.
    #[error("the {format} cannot be read: {why}")]
    Damaged {
        /// PNG or JPG.
        format: &'static str,
        /// What its reader says.
        why: String,
    },
    /// Not written as a PNG, with what its writer says.
    #[error("no PNG could be made of the picture: {0}")]
    Unwritten(String),
}
