//! Draws pictures on a terminal, with the graphics that the terminal supports.
//!
//! ```text
//! environment → protocol_choice → GraphicsProtocol → draw → kitty | iterm2 | sixel | half_block
//! ```

mod half_block;
mod iterm2;
mod kitty;
mod protocol_choice;
mod sixel;

pub(crate) use protocol_choice::{ProtocolChoice, choose_protocol};

use super::scale::fit_size;
use super::{Picture, PictureError};

/// How a terminal shows pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphicsProtocol {
    /// kitty's graphics protocol, which Ghostty supports, too.
    Kitty,
    /// iTerm2's inline images, which WezTerm and mintty support, too.
    Iterm2,
    /// DEC's sixel graphics, with up to 256 colours.
    Sixel,
    /// Half blocks, two pixels in a cell, on every terminal with colours.
    HalfBlocks,
}

/// The part of a terminal that a picture can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawingArea {
    /// The width in cells.
    pub columns: u16,
    /// The height in cells, without the rows of a prompt below the picture.
    pub rows: u16,
    /// Width and height of a cell in pixels, if the terminal reports them (TIOCGWINSZ).
    pub cell_size: Option<(u16, u16)>,
}

impl DrawingArea {
    /// Width and height of a cell in pixels; 8x16 by default. That is smaller than most, so that a picture is rather too small
    /// than wider than the terminal.
    fn cell_size(&self) -> (u32, u32) {
        match self.cell_size {
            Some((width, height)) if width > 0 && height > 0 => (width.into(), height.into()),
            _ => (8, 16),
        }
    }

    /// The size in pixels to which the picture is scaled down, if cells have this size. It is never enlarged.
    fn fit(&self, picture: &Picture, cell: (u32, u32)) -> (u32, u32) {
        let max_size = (u32::from(self.columns.max(1)) * cell.0, u32::from(self.rows.max(1)) * cell.1);
        fit_size((picture.width(), picture.height()), max_size)
    }
}

/// Returns what to write to the terminal, from the start of a line to the start of a later one. The picture keeps its aspect
/// ratio, fits the area, and is never enlarged. `has_true_colour` is for half blocks: 24 bits a colour instead of 256 colours.
pub fn draw(
    picture: &Picture,
    protocol: GraphicsProtocol,
    area: DrawingArea,
    has_true_colour: bool,
) -> Result<String, PictureError> {
    let cell = area.cell_size();
    let columns = || area.fit(picture, cell).0.div_ceil(cell.0);
    match protocol {
        GraphicsProtocol::Kitty => Ok(kitty::draw(&picture.to_png()?, columns())),
        GraphicsProtocol::Iterm2 => Ok(iterm2::draw(&picture.to_png()?, columns())),
        GraphicsProtocol::Sixel => {
            let (width, height) = area.fit(picture, cell);
            Ok(sixel::draw(&picture.scale_down(width, height)))
        }
        GraphicsProtocol::HalfBlocks => {
            let (width, height) = area.fit(picture, (1, 2));
            Ok(half_block::draw(&picture.scale_down(width, height), has_true_colour))
        }
    }
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
