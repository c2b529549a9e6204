//! JPG (ITU-T T.81). Reads baseline and progressive files, gray and colour; writes baseline files in colour.

use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{MAX_SIDE, Picture, PictureError, checked_rgb_len};

/// The quality of a JPG, from 1 to 100. From 90 on, the encoder keeps colour at full resolution.
const QUALITY: u8 = 90;

/// Reads a whole JPG. An incomplete file is an error, because half a screen must not be compared as a whole one.
pub(crate) fn decode(file: &[u8]) -> Result<Picture, PictureError> {
    let options = DecoderOptions::new_safe()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(damaged)?;
    let Some((width, height)) = decoder.dimensions() else { return Err(damaged("no size")) };
    let mut rgb = vec![0; checked_rgb_len(width as u64, height as u64)?];
    decoder.decode_into(&mut rgb).map_err(damaged)?;
    Picture::new(width as u32, height as u32, rgb)
}

impl Picture {
    /// Encodes the picture as a JPG file.
    pub(crate) fn to_jpg(&self) -> Result<Vec<u8>, PictureError> {
        let mut file = Vec::new();
        // No side is above [`MAX_SIDE`], so both fit.
        let (width, height) = (self.width as u16, self.height as u16);
        let encoded = Encoder::new(&mut file, QUALITY).encode(&self.rgb, width, height, ColorType::Rgb);
        encoded.map_err(|error| PictureError::Encoding { format: "JPG", reason: error.to_string() })?;
        Ok(file)
    }
}

fn damaged(error: impl std::fmt::Display) -> PictureError {
    PictureError::Damaged { format: "JPG", reason: error.to_string() }
}
