//! Errors of reading and writing pictures.

use thiserror::Error;

use super::{MAX_PIXELS, MAX_SIDE};

/// Why a picture cannot be read or written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PictureError {
    /// The file is not a picture, or has another format, which the text describes.
    #[error("neither PNG nor JPG: {0}")]
    Format(&'static str),
    /// Width and height are in pixels.
    #[error(
        "a picture of {width}x{height} pixels is not supported; the limits are {MAX_PIXELS} pixels, and {MAX_SIDE} on a side"
    )]
    Size { width: u64, height: u64 },
    /// Both lengths are in bytes.
    #[error("the picture has {found} bytes of pixels instead of {expected}")]
    Length { expected: usize, found: usize },
    /// The file is damaged, incomplete, or of an unsupported kind. `reason` comes from its decoder.
    #[error("cannot read the {format}: {reason}")]
    Damaged { format: &'static str, reason: String },
    /// With the reason of the encoder.
    #[error("cannot write the picture as a {format}: {reason}")]
    Encoding { format: &'static str, reason: String },
}
