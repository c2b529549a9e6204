//! ZRLE: tiles of 64 x 64 pixels, with palettes and runs, in one zlib stream. RFC 6143, section 7.7.6.

use super::super::framebuffer::Framebuffer;
use super::super::pixels::Reader;
use super::inflate::Inflate;
use super::{DecodeError, Input, tile};
use crate::picture::Rectangle;

/// The side of a tile, in pixels.
const SIDE: u16 = 64;
/// The pixels of a tile.
const PIXELS: usize = 64 * 64;
/// The longest tile, in bytes: plain runs of one pixel each.
const LONGEST: usize = 1 + PIXELS * (4 + 1);

/// How far a rectangle has come.
#[derive(Debug, Default)]
pub(crate) struct Zrle {
    /// Compressed bytes that are still to come, once their number is there.
    left: Option<usize>,
    tiles: u32,
}

impl Zrle {
    /// Takes what there is. Whether the rectangle is done.
    pub(crate) fn go_on(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        reader: &Reader,
        zlib: &mut Inflate,
    ) -> Result<bool, DecodeError> {
        let left = match &mut self.left {
            Some(left) => left,
            none => match input.array() {
                Some(length) => none.insert(u32::from_be_bytes(length) as usize),
                None => return Ok(false),
            },
        };
        loop {
            let has_all = zlib.fill(input, left)? && *left == 0;
            let mut ready = zlib.ready();
            let before = ready.len();
            // A tile may come in pieces only while there is more: it is read in one go.
            while has_all || ready.len() >= LONGEST {
                let Some(tile) = tile(area, SIDE, self.tiles) else { break };
                read(&mut ready, tile, screen, reader)?.ok_or(DecodeError::Short)?;
                self.tiles += 1;
            }
            let used = before - ready.len();
            zlib.used(used);
            let is_complete = tile(area, SIDE, self.tiles).is_none();
            if is_complete && zlib.ready().len() > 0 {
                return Err(DecodeError::Surplus);
            }
            if has_all {
                return Ok(true);
            }
            if used == 0 {
                return Ok(false);
            }
        }
    }
}

/// Reads a tile, if all of it is there.
fn read(
    wire: &mut Input,
    tile: Rectangle,
    screen: &mut Framebuffer,
    reader: &Reader,
) -> Result<Option<()>, DecodeError> {
    let Some([kind]) = wire.array() else { return Ok(None) };
    match kind {
        0 => Ok(raw(wire, tile, screen, reader)),
        1 => Ok(wire.take(reader.size()).map(|pixel| screen.fill(tile, reader.one(pixel)))),
        2..=16 => packed(wire, kind.into(), tile, screen, reader),
        128 => runs(wire, 0, tile, screen, reader),
        130..=255 => runs(wire, usize::from(kind) - 128, tile, screen, reader),
        unknown => Err(DecodeError::Zrle(unknown)),
    }
}

fn raw(wire: &mut Input, tile: Rectangle, screen: &mut Framebuffer, reader: &Reader) -> Option<()> {
    for row in 0..tile.height {
        let wire = wire.take(usize::from(tile.width) * reader.size())?;
        reader.row(wire, screen.row_mut(tile, row));
    }
    Some(())
}

/// `len` colours, at the start of what is returned.
fn palette(wire: &mut Input, len: usize, reader: &Reader) -> Option<[u32; 128]> {
    let mut palette = [0; 128];
    reader.row(wire.take(len * reader.size())?, &mut palette[..len]);
    Some(palette)
}

/// One, two or four bits a pixel; each row starts with a new byte.
fn packed(
    wire: &mut Input,
    len: usize,
    tile: Rectangle,
    screen: &mut Framebuffer,
    reader: &Reader,
) -> Result<Option<()>, DecodeError> {
    let bits = match len {
        2 => 1,
        3..=4 => 2,
        _ => 4,
    };
    let Some(palette) = palette(wire, len, reader) else { return Ok(None) };
    let per_byte = 8 / bits;
    for row in 0..tile.height {
        let Some(wire) = wire.take(usize::from(tile.width).div_ceil(per_byte)) else { return Ok(None) };
        for (pixels, byte) in screen.row_mut(tile, row).chunks_mut(per_byte).zip(wire) {
            let mut byte = *byte;
            for pixel in pixels {
                let index = byte >> (8 - bits);
                byte <<= bits;
                // With two or sixteen colours, and four, there is none beyond.
                if usize::from(index) >= len {
                    return Err(DecodeError::Palette { index, len });
                }
                *pixel = palette[usize::from(index)];
            }
        }
    }
    Ok(Some(()))
}

/// Runs of one colour that go on over rows: of any colour, or with `len` of a palette's.
fn runs(
    wire: &mut Input,
    len: usize,
    tile: Rectangle,
    screen: &mut Framebuffer,
    reader: &Reader,
) -> Result<Option<()>, DecodeError> {
    let Some(palette) = palette(wire, len, reader) else { return Ok(None) };
    let (mut row, mut column) = (0, 0);
    while row < tile.height {
        let (colour, mut has_more) = if len == 0 {
            let Some(pixel) = wire.take(reader.size()) else { return Ok(None) };
            (reader.one(pixel), true)
        } else {
            let Some([index]) = wire.array() else { return Ok(None) };
            let (has_length, index) = (index & 0x80 != 0, index & 0x7f);
            if usize::from(index) >= len {
                return Err(DecodeError::Palette { index, len });
            }
            (palette[usize::from(index)], has_length)
        };
        let mut length = 1;
        while has_more {
            let Some([more]) = wire.array() else { return Ok(None) };
            length += usize::from(more);
            if length > PIXELS {
                return Err(DecodeError::Run);
            }
            has_more = more == 255;
        }
        while length > 0 {
            if row == tile.height {
                return Err(DecodeError::Run);
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
