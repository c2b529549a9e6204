//! Hextile: tiles of 16 x 16 pixels, each raw or a few subrectangles. RFC 6143, section 7.7.4.

use super::super::framebuffer::Framebuffer;
use super::super::pixels::Reader;
use super::{DecodeError, Input, tile};
use crate::picture::Rectangle;

/// The side of a tile, in pixels.
const SIDE: u16 = 16;

/// The bits of a tile's subencoding.
mod bit {
    pub(crate) const RAW: u8 = 1;
    pub(crate) const BACKGROUND: u8 = 2;
    pub(crate) const FOREGROUND: u8 = 4;
    pub(crate) const ANY_SUBRECTS: u8 = 8;
    pub(crate) const SUBRECTS_COLOURED: u8 = 16;
    pub(crate) const ALL: u8 = 31;
}

/// How far a rectangle has come.
#[derive(Debug, Default)]
pub(crate) struct Hextile {
    tiles: u32,
    /// Of the tiles before. The RFC wants both said before they are used; until then they are black.
    background: u32,
    foreground: u32,
}

impl Hextile {
    /// Takes what there is, tile by tile. Whether the rectangle is done.
    pub(crate) fn go_on(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        reader: &Reader,
    ) -> Result<bool, DecodeError> {
        while let Some(tile) = tile(area, SIDE, self.tiles) {
            let Some(length) = length(input.rest(), tile, reader.size())? else { return Ok(false) };
            let Some((&kind, wire)) = input.take(length).and_then(<[u8]>::split_first) else { return Ok(false) };
            self.tile(kind, wire, tile, screen, reader)?;
            self.tiles += 1;
        }
        Ok(true)
    }

    /// One tile: its subencoding, and the rest of it.
    fn tile(
        &mut self,
        kind: u8,
        wire: &[u8],
        tile: Rectangle,
        screen: &mut Framebuffer,
        reader: &Reader,
    ) -> Result<(), DecodeError> {
        let (size, width) = (reader.size(), usize::from(tile.width));
        if kind & bit::RAW != 0 {
            for (row, wire) in (0..tile.height).zip(wire.chunks_exact(width * size)) {
                reader.row(wire, screen.row_mut(tile, row));
            }
            return Ok(());
        }
        let mut wire = Input::new(wire);
        let mut pixel = || wire.take(size).map(|pixel| reader.one(pixel)).unwrap_or_default();
        if kind & bit::BACKGROUND != 0 {
            self.background = pixel();
        }
        if kind & bit::FOREGROUND != 0 {
            self.foreground = pixel();
        }
        screen.fill(tile, self.background);
        if kind & bit::ANY_SUBRECTS == 0 {
            return Ok(());
        }
        let coloured = if kind & bit::SUBRECTS_COLOURED != 0 { size } else { 0 };
        let subrects = wire.rest().get(1..).unwrap_or_default();
        for subrect in subrects.chunks_exact(coloured + 2) {
            let (colour, place) = subrect.split_at(coloured);
            let nibbles = |byte: u8| (u16::from(byte >> 4), u16::from(byte & 15));
            let ((x, y), (width, height)) = (nibbles(place[0]), nibbles(place[1]));
            let (width, height) = (width + 1, height + 1);
            if x + width > tile.width || y + height > tile.height {
                return Err(DecodeError::Subrectangle);
            }
            let colour = if coloured > 0 { reader.one(colour) } else { self.foreground };
            screen.fill(Rectangle { x: tile.x + x, y: tile.y + y, width, height }, colour);
        }
        Ok(())
    }
}

/// The length of a tile in bytes, once enough of it is there to tell.
fn length(wire: &[u8], tile: Rectangle, pixel: usize) -> Result<Option<usize>, DecodeError> {
    let Some(&kind) = wire.first() else { return Ok(None) };
    if kind & !bit::ALL != 0 {
        return Err(DecodeError::Hextile(kind));
    }
    if kind & bit::RAW != 0 {
        return Ok(Some(1 + usize::from(tile.width) * usize::from(tile.height) * pixel));
    }
    let given = |bit| if kind & bit != 0 { pixel } else { 0 };
    let colours = 1 + given(bit::BACKGROUND) + given(bit::FOREGROUND);
    if kind & bit::ANY_SUBRECTS == 0 {
        return Ok(Some(colours));
    }
    let count = wire.get(colours).map(|count| usize::from(*count));
    Ok(count.map(|count| colours + 1 + count * (given(bit::SUBRECTS_COLOURED) + 2)))
}
