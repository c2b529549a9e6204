//! ZRLE: tiles of 64 x 64 pixels, with palettes and runs, in one zlib stream. RFC 6143, section 7.7.6.

use super::super::framebuffer::Framebuffer;
use super::super::pixels::PixelReader;
use super::super::protocol::zrle::{
    MAX_PACKED_PALETTE, MIN_PACKED_PALETTE, MIN_PALETTE_RLE, PLAIN_RLE, RAW, RUN_BIT, RUN_LENGTH_CONTINUES, SOLID,
    TILE_SIDE,
};
use super::inflate::Inflate;
use super::{DecodeError, Input, tile};
use crate::picture::Rectangle;

const MAX_TILE_PIXELS: usize = TILE_SIDE as usize * TILE_SIDE as usize;
/// The longest tile, in bytes: plain runs of one pixel of four bytes each.
const MAX_TILE_LEN: usize = 1 + MAX_TILE_PIXELS * (4 + 1);

/// The state of one rectangle.
#[derive(Debug, Default)]
pub(crate) struct Zrle {
    /// How many compressed bytes are still to come, once their number has arrived.
    remaining: Option<usize>,
    /// How many tiles are complete.
    tiles: u32,
}

impl Zrle {
    /// Draws all tiles that have arrived. Returns whether the rectangle is complete.
    pub(crate) fn advance(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        reader: &PixelReader,
        stream: &mut Inflate,
    ) -> Result<bool, DecodeError> {
        let remaining = match &mut self.remaining {
            Some(remaining) => remaining,
            none => match input.array() {
                Some(length) => none.insert(u32::from_be_bytes(length) as usize),
                None => return Ok(false),
            },
        };
        loop {
            let has_all = stream.fill(input, remaining)? && *remaining == 0;
            let mut output = stream.output();
            let before = output.len();
            // A tile is read in one go, so all of it must be there: the rest of the data, or as much as the longest tile has.
            while has_all || output.len() >= MAX_TILE_LEN {
                let Some(tile) = tile(area, TILE_SIDE, self.tiles) else { break };
                draw_tile(&mut output, tile, screen, reader)?.ok_or(DecodeError::TooShort)?;
                self.tiles += 1;
            }
            let consumed = before - output.len();
            stream.consume(consumed);
            let is_complete = tile(area, TILE_SIDE, self.tiles).is_none();
            if is_complete && stream.output().len() > 0 {
                return Err(DecodeError::TooLong);
            }
            if has_all {
                return Ok(true);
            }
            if consumed == 0 {
                return Ok(false);
            }
        }
    }
}

/// Draws a tile. `None` if the input ends within it, as in the functions below.
fn draw_tile(
    input: &mut Input,
    tile: Rectangle,
    screen: &mut Framebuffer,
    reader: &PixelReader,
) -> Result<Option<()>, DecodeError> {
    let Some([kind]) = input.array() else { return Ok(None) };
    match kind {
        RAW => Ok(draw_raw(input, tile, screen, reader)),
        SOLID => Ok(input.take(reader.size()).map(|pixel| screen.fill(tile, reader.read_pixel(pixel)))),
        MIN_PACKED_PALETTE..=MAX_PACKED_PALETTE => draw_packed(input, kind.into(), tile, screen, reader),
        PLAIN_RLE => draw_runs(input, 0, tile, screen, reader),
        MIN_PALETTE_RLE.. => draw_runs(input, usize::from(kind - PLAIN_RLE), tile, screen, reader),
        unknown => Err(DecodeError::ZrleSubencoding(unknown)),
    }
}

fn draw_raw(input: &mut Input, tile: Rectangle, screen: &mut Framebuffer, reader: &PixelReader) -> Option<()> {
    for row in 0..tile.height {
        let bytes = input.take(usize::from(tile.width) * reader.size())?;
        reader.read_row(bytes, screen.row_mut(tile, row));
    }
    Some(())
}

/// Reads a palette of `len` colours into the start of an array.
fn read_palette(input: &mut Input, len: usize, reader: &PixelReader) -> Option<[u32; 128]> {
    let mut palette = [0; 128];
    reader.read_row(input.take(len * reader.size())?, &mut palette[..len]);
    Some(palette)
}

/// Draws indices into a palette, of one, two or four bits. Each row starts with a new byte.
fn draw_packed(
    input: &mut Input,
    len: usize,
    tile: Rectangle,
    screen: &mut Framebuffer,
    reader: &PixelReader,
) -> Result<Option<()>, DecodeError> {
    let bits = match len {
        2 => 1,
        3..=4 => 2,
        _ => 4,
    };
    let Some(palette) = read_palette(input, len, reader) else { return Ok(None) };
    let per_byte = 8 / bits;
    for row in 0..tile.height {
        let Some(bytes) = input.take(usize::from(tile.width).div_ceil(per_byte)) else { return Ok(None) };
        for (pixels, byte) in screen.row_mut(tile, row).chunks_mut(per_byte).zip(bytes) {
            let mut byte = *byte;
            for pixel in pixels {
                let index = byte >> (8 - bits);
                byte <<= bits;
                if usize::from(index) >= len {
                    return Err(DecodeError::Palette { index, len });
                }
                *pixel = palette[usize::from(index)];
            }
        }
    }
    Ok(Some(()))
}

/// Draws runs of one colour, which may continue in the next row: with a palette of `len` colours, or with `len` 0 without
/// one.
fn draw_runs(
    input: &mut Input,
    len: usize,
    tile: Rectangle,
    screen: &mut Framebuffer,
    reader: &PixelReader,
) -> Result<Option<()>, DecodeError> {
    let Some(palette) = read_palette(input, len, reader) else { return Ok(None) };
    let (mut row, mut column) = (0, 0);
    while row < tile.height {
        let (colour, mut has_more) = if len == 0 {
            let Some(pixel) = input.take(reader.size()) else { return Ok(None) };
            (reader.read_pixel(pixel), true)
        } else {
            let Some([index]) = input.array() else { return Ok(None) };
            let (has_length, index) = (index & RUN_BIT != 0, index & !RUN_BIT);
            if usize::from(index) >= len {
                return Err(DecodeError::Palette { index, len });
            }
            (palette[usize::from(index)], has_length)
        };
        let mut length = 1;
        while has_more {
            let Some([more]) = input.array() else { return Ok(None) };
            length += usize::from(more);
            if length > MAX_TILE_PIXELS {
                return Err(DecodeError::ZrleRun);
            }
            has_more = more == RUN_LENGTH_CONTINUES;
        }
        while length > 0 {
            if row == tile.height {
                return Err(DecodeError::ZrleRun);
            }
            let pixels = &mut screen.row_mut(tile, row)[column..];
            let count = pixels.len().min(length);
            pixels[..count].fill(colour);
            length -= count;
            column += count;
            if column == usize::from(tile.width) {
                (row, column) = (row + 1, 0);
            }
        }
    }
    Ok(Some(()))
}
