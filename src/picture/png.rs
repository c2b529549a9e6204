//! PNG (W3C, third edition). Reads all colour types and depths, and writes text screens fast and small.

use std::io::Cursor;

use png::{
    BitDepth, ColorType, Decoder, DecodingError, DeflateCompression, Encoder, EncodingError, Filter, Limits,
    Transformations,
};

use super::palette::{IndexedPicture, index_colours};
use super::{MAX_PIXELS, Picture, PictureError, checked_rgb_len};

/// Reads a whole PNG. 16 bits become 8, palettes and grays become RGB, and transparent pixels are drawn over black.
pub(crate) fn decode(file: &[u8]) -> Result<Picture, PictureError> {
    // The memory for chunks and rows, besides the picture itself.
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: 4 * MAX_PIXELS as usize });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    checked_rgb_len(width.into(), height.into())?;

    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().ok_or(PictureError::Size { width: width.into(), height: height.into() })?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(damaged)?;
    // The first picture of an animation may be smaller than the animation. PNG, section 11.3.2.2.
    samples.truncate(frame.buffer_size());
    let rgb = match frame.color_type {
        ColorType::Rgb => samples,
        ColorType::Rgba => blend_over_black(samples.as_chunks().0, |[r, g, b, a]| ([r, g, b], a)),
        ColorType::Grayscale => blend_over_black(samples.as_chunks().0, |[gray]| ([gray; 3], u8::MAX)),
        ColorType::GrayscaleAlpha => blend_over_black(samples.as_chunks().0, |[gray, a]| ([gray; 3], a)),
        ColorType::Indexed => return Err(PictureError::Damaged { format: "PNG", reason: "it has no palette".into() }),
    };
    Picture::new(frame.width, frame.height, rgb)
}

fn blend_over_black<const N: usize>(samples: &[[u8; N]], split: impl Fn([u8; N]) -> ([u8; 3], u8)) -> Vec<u8> {
    let blend = |value: u8, alpha: u8| ((u32::from(value) * u32::from(alpha) + 127) / 255) as u8;
    let pixels = samples.iter().map(|sample| split(*sample));
    pixels.flat_map(|(rgb, alpha)| rgb.map(|value| blend(value, alpha))).collect()
}

fn damaged(error: DecodingError) -> PictureError {
    PictureError::Damaged { format: "PNG", reason: error.to_string() }
}

impl Picture {
    /// Encodes the picture as a PNG file, with a palette if it has at most 256 colours, as text screens do.
    ///
    /// The settings are the fastest of `png` for the size: a dense VGA text screen of 720x400 takes 12 KB and 1.5 ms. Deflate
    /// level 6 takes 9 KB and 4 ms, and RGB instead of a palette doubles both.
    pub fn to_png(&self) -> Result<Vec<u8>, PictureError> {
        let mut file = Vec::new();
        self.write_png(&mut file)
            .map_err(|error| PictureError::Encoding { format: "PNG", reason: error.to_string() })?;
        Ok(file)
    }

    fn write_png(&self, file: &mut Vec<u8>) -> Result<(), EncodingError> {
        let mut encoder = Encoder::new(file, self.width, self.height);
        let Some(IndexedPicture { colours, indices }) = index_colours(self) else {
            encoder.set_color(ColorType::Rgb);
            encoder.set_depth(BitDepth::Eight);
            encoder.set_deflate_compression(DeflateCompression::FdeflateUltraFast);
            encoder.set_filter(Filter::Up);
            let mut writer = encoder.write_header()?;
            writer.write_image_data(&self.rgb)?;
            return writer.finish();
        };
        let depth = match colours.len() {
            0..=2 => BitDepth::One,
            3..=4 => BitDepth::Two,
            5..=16 => BitDepth::Four,
            _ => BitDepth::Eight,
        };
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(depth);
        encoder.set_palette(colours.concat());
        encoder.set_deflate_compression(DeflateCompression::Level(2));
        encoder.set_filter(Filter::NoFilter);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&pack_indices(&indices, self.width as usize, depth))?;
        writer.finish()
    }
}

/// Packs indices of fewer than 8 bits, the first in the highest bits. Each row starts with a new byte. PNG, section 7.2.
fn pack_indices(indices: &[u8], width: usize, depth: BitDepth) -> Vec<u8> {
    let bits = depth as usize;
    let rows = indices.chunks(width);
    let bytes = rows.flat_map(|row| row.chunks(8 / bits));
    bytes.map(|byte| byte.iter().zip(1..).fold(0, |byte, (index, nth)| byte | index << (8 - bits * nth))).collect()
}
