//! Reads a picture file. Its name does not matter.

use super::{Picture, PictureError, jpg, png};

const JPG: &[u8] = b"\xff\xd8\xff";

/// The first bytes of file formats, and what to call them. Only the first two formats are supported.
/// Sources: PNG, section 5.2; JPEG, ITU-T T.81, B.1.1.3 (SOI); the others' own specifications.
const SIGNATURES: [(&[u8], &str); 11] = [
    (b"\x89PNG\r\n\x1a\n", "a PNG"),
    (JPG, "a JPG"),
    (b"GIF8", "this looks like a GIF"),
    (b"BM", "this looks like a BMP"),
    (b"RIFF", "this looks like a WebP"),
    (b"II*\0", "this looks like a TIFF"),
    (b"MM\0*", "this looks like a TIFF"),
    (b"P6", "this looks like a PPM"),
    (b"<", "this looks like HTML or XML"),
    (b"{", "this looks like JSON"),
    (b"%PDF", "this looks like a PDF"),
];

/// Whether a picture file is a JPG, whose pixels are not exactly those that were compressed.
pub(crate) fn is_jpg(file: &[u8]) -> bool {
    file.starts_with(JPG)
}

impl Picture {
    /// Reads a PNG or a JPG, whichever the first bytes announce. Transparent pixels are drawn over black, and of an animation
    /// the first picture is read. Colour profiles and gamma are ignored: screenshots are compared by their stored values.
    pub fn decode(file: &[u8]) -> Result<Self, PictureError> {
        match SIGNATURES.iter().position(|(signature, _)| file.starts_with(signature)) {
            Some(0) => png::decode(file),
            Some(1) => jpg::decode(file),
            Some(other) => Err(PictureError::Format(SIGNATURES[other].1)),
            None if file.is_empty() => Err(PictureError::Format("it is empty")),
            None if file.is_ascii() => Err(PictureError::Format("this looks like text")),
            None => Err(PictureError::Format("an unknown format")),
        }
    }
}
