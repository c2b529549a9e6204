//! Encodes rectangles. RFC 6143, section 7.7. Pure.
//!
//! - [`pixel_writer`]: pixels in a client's format
//! - [`palette`]: the colours of a rectangle, as long as they are few
//! - [`raw`], [`zrle`], [`tight`]: one file for each encoding
//! - [`deflate`]: a zlib stream that lasts as long as its session

mod deflate;
mod palette;
mod pixel_writer;
mod raw;
mod tight;
mod zrle;

use std::io;

use self::deflate::Deflate;
use self::pixel_writer::PixelWriters;
use super::super::pixel_format::PixelFormat;
use super::client_encodings::PixelEncoding;
use crate::picture::Rectangle;

/// The largest piece, in pixels: 512 x 64, whole tiles of ZRLE.
const MAX_PIECE_PIXELS: u32 = 1 << 15;
const MAX_PIECE_WIDTH: u16 = 512;
/// The side of a tile of ZRLE.
const TILE_SIDE: u16 = 64;

/// The state of one client's session: its zlib streams.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    /// RFC 6143, section 7.7.6: one stream for all rectangles.
    zrle: Deflate,
    tight: tight::Streams,
    /// The writers for the format of the last rectangle.
    writers: Option<(PixelFormat, PixelWriters)>,
}

impl Encoder {
    /// Appends the data of a piece. `pixels` are those of `area`, row by row, each `0x00RRGGBB`. An error of the compressor ends
    /// the session.
    pub(crate) fn encode(
        &mut self,
        encoding: PixelEncoding,
        format: PixelFormat,
        area: Rectangle,
        pixels: &[u32],
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let writers = match self.writers.take().filter(|(known, _)| *known == format) {
            Some((_, writers)) => writers,
            None => PixelWriters::new(format),
        };
        let (_, writers) = self.writers.insert((format, writers));
        match encoding {
            PixelEncoding::Raw => raw::encode(pixels, writers.pixel(), out),
            PixelEncoding::Zrle => zrle::encode(area, pixels, writers.cpixel(), &mut self.zrle, out)?,
            PixelEncoding::Tight => tight::encode(area, pixels, writers.tpixel(), &mut self.tight, out)?,
        }
        Ok(())
    }
}

/// Appends pixels in a client's format.
pub(super) fn write_pixels(pixels: &[u32], format: PixelFormat, out: &mut Vec<u8>) {
    raw::encode(pixels, PixelWriters::new(format).pixel(), out);
}

/// A part of an area that is encoded at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) area: Rectangle,
    /// The rectangle that begins with this piece. Rows of Raw may continue the rectangle of the piece before.
    pub(crate) header: Option<Rectangle>,
}

/// Cuts an area into pieces of up to 32,768 pixels, each row of pieces after the one above. They are whole rows with Raw, so
/// that the area is one rectangle: old viewers draw each rectangle by itself.
pub(crate) fn pieces(encoding: PixelEncoding, area: Rectangle) -> impl Iterator<Item = Piece> {
    let Rectangle { x, y, width, height } = area;
    let is_raw = encoding == PixelEncoding::Raw;
    let piece_width = if is_raw { width } else { width.min(MAX_PIECE_WIDTH) }.max(1);
    let rows = (MAX_PIECE_PIXELS / u32::from(piece_width)).clamp(1, u16::MAX.into()) as u16;
    let piece_height = if is_raw { rows } else { rows - rows % TILE_SIDE };
    (0..height).step_by(piece_height.into()).flat_map(move |top| {
        (0..width).step_by(piece_width.into()).map(move |left| {
            let part = Rectangle {
                x: x + left,
                y: y + top,
                width: piece_width.min(width - left),
                height: piece_height.min(height - top),
            };
            let header = match is_raw {
                true => (top == 0).then_some(area),
                false => Some(part),
            };
            Piece { area: part, header }
        })
    })
}

/// Cuts the pixels of an area into tiles of at most 64 x 64, from the left and then from the top. Each is its width and its
/// pixels, copied into `tile`.
fn for_each_tile(area: Rectangle, pixels: &[u32], mut visit: impl FnMut(usize, &[u32])) {
    let (width, side) = (usize::from(area.width), usize::from(TILE_SIDE));
    let mut tile = Vec::with_capacity(side * side);
    for band in pixels.chunks(width * side) {
        for left in (0..width).step_by(side) {
            let tile_width = side.min(width - left);
            tile.clear();
            band.chunks(width).for_each(|row| tile.extend_from_slice(&row[left..][..tile_width]));
            visit(tile_width, &tile);
        }
    }
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
