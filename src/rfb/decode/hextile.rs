//! Hextile: tiles of 16 x 16 pixels, each raw or with subrectangles. RFC 6143, section 7.7.4.

use super::super::framebuffer::Framebuffer;
use super::super::pixels::PixelReader;
use super::super::protocol::hextile::{
    ALL, ANY_SUBRECTS, BACKGROUND_SPECIFIED, FOREGROUND_SPECIFIED, RAW, SUBRECTS_COLOURED, TILE_SIDE,
};
use super::{DecodeError, Input, tile};
use crate::picture::Rectangle;

/// The state of one rectangle.
#[derive(Debug, Default)]
pub(crate) struct Hextile {
    /// How many tiles are complete.
    tiles: u32,
    /// The colours of the last tile that specified them. The RFC wants both specified before use; until then they are black.
    background: u32,
    foreground: u32,
}

impl Hextile {
    /// Draws all tiles that have arrived. Returns whether the rectangle is complete.
    pub(crate) fn advance(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        reader: &PixelReader,
    ) -> Result<bool, DecodeError> {
        while let Some(tile) = tile(area, TILE_SIDE, self.tiles) {
            let Some(length) = tile_length(input.rest(), tile, reader.size())? else { return Ok(false) };
            let Some((&kind, rest)) = input.take(length).and_then(<[u8]>::split_first) else { return Ok(false) };
            self.draw_tile(kind, rest, tile, screen, reader)?;
            self.tiles += 1;
        }
        Ok(true)
    }

    /// Draws one tile from its subencoding and the bytes after it.
    fn draw_tile(
        &mut self,
        kind: u8,
        bytes: &[u8],
        tile: Rectangle,
        screen: &mut Framebuffer,
        reader: &PixelReader,
    ) -> Result<(), DecodeError> {
        let (size, width) = (reader.size(), usize::from(tile.width));
        if kind & RAW != 0 {
            for (row, bytes) in (0..tile.height).zip(bytes.chunks_exact(width * size)) {
                reader.read_row(bytes, screen.row_mut(tile, row));
            }
            return Ok(());
        }
        let mut input = Input::new(bytes);
        let mut read_pixel = || input.take(size).map(|pixel| reader.read_pixel(pixel)).unwrap_or_default();
        if kind & BACKGROUND_SPECIFIED != 0 {
            self.background = read_pixel();
        }
        if kind & FOREGROUND_SPECIFIED != 0 {
            self.foreground = read_pixel();
        }
        screen.fill(tile, self.background);
        if kind & ANY_SUBRECTS == 0 {
            return Ok(());
        }
        let colour_size = if kind & SUBRECTS_COLOURED != 0 { size } else { 0 };
        let subrects = input.rest().get(1..).unwrap_or_default();
        for subrect in subrects.chunks_exact(colour_size + 2) {
            let (colour, place) = subrect.split_at(colour_size);
            let nibbles = |byte: u8| (u16::from(byte >> 4), u16::from(byte & 15));
            let ((x, y), (width, height)) = (nibbles(place[0]), nibbles(place[1]));
            let (width, height) = (width + 1, height + 1);
            if x + width > tile.width || y + height > tile.height {
                return Err(DecodeError::HextileSubrectangle);
            }
            let colour = if colour_size > 0 { reader.read_pixel(colour) } else { self.foreground };
            screen.fill(Rectangle { x: tile.x + x, y: tile.y + y, width, height }, colour);
        }
        Ok(())
    }
}

/// The length of a tile in bytes. `None` if more bytes are needed to tell.
fn tile_length(bytes: &[u8], tile: Rectangle, pixel_size: usize) -> Result<Option<usize>, DecodeError> {
    let Some(&kind) = bytes.first() else { return Ok(None) };
    if kind & !ALL != 0 {
        return Err(DecodeError::HextileSubencoding(kind));
    }
    if kind & RAW != 0 {
        return Ok(Some(1 + tile.pixel_count() as usize * pixel_size));
    }
    let size_if = |bit| if kind & bit != 0 { pixel_size } else { 0 };
    let colours = 1 + size_if(BACKGROUND_SPECIFIED) + size_if(FOREGROUND_SPECIFIED);
    if kind & ANY_SUBRECTS == 0 {
        return Ok(Some(colours));
    }
    let count = bytes.get(colours).map(|count| usize::from(*count));
    Ok(count.map(|count| colours + 1 + count * (size_if(SUBRECTS_COLOURED) + 2)))
}
