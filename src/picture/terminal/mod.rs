//! A picture on a terminal, with what the terminal can.
//!
//! ```text
//! environment → choose → Protocol → draw → kitty | iterm2 | sixel | half_block
//! ```

mod choose;
mod half_block;
mod iterm2;
mod kitty;
mod sixel;

pub(crate) use choose::{Choice, choose};

use super::scale::fitted;
use super::{Picture, PictureError};

/// How a terminal shows pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// kitty's graphics protocol; also in Ghostty.
    Kitty,
    /// iTerm2's inline images; also in WezTerm and mintty.
    Iterm2,
    /// DEC's sixel graphics, up to 256 colours.
    Sixel,
    /// Half blocks: two pixels in each cell, on every terminal that has colours.
    Blocks,
}

/// Where a picture may be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// In cells.
    pub columns: u16,
    /// In cells; what a prompt below it takes is not in it.
    pub rows: u16,
    /// Width and height of a cell in pixels, where the terminal tells (TIOCGWINSZ).
    pub cell: Option<(u16, u16)>,
}

impl Space {
    /// A cell, in pixels. 8x16 where it is not known: smaller than most, so that a picture rather stays small than is
    /// wider than the terminal.
    fn cell(&self) -> (u32, u32) {
        match self.cell {
            Some((width, height)) if width > 0 && height > 0 => (width.into(), height.into()),
            _ => (8, 16),
        }
    }

    /// The size in pixels that a picture takes here; never larger than it is.
    fn fit(&self, picture: &Picture, cell: (u32, u32)) -> (u32, u32) {
        let most = (u32::from(self.columns.max(1)) * cell.0, u32::from(self.rows.max(1)) * cell.1);
        fitted((picture.width(), picture.height()), most)
    }
}

/// The picture as what is written to the terminal, from the start of a line to the start of the next. It keeps its
/// shape, fits into the space, and is never enlarged. `truecolor` is for half blocks: 24 bits a colour, or 256 colours.
pub fn draw(picture: &Picture, protocol: Protocol, space: Space, truecolor: bool) -> Result<String, PictureError> {
    let cell = space.cell();
    let columns = || space.fit(picture, cell).0.div_ceil(cell.0);
    match protocol {
        Protocol::Kitty => Ok(kitty::draw(&picture.to_png()?, columns())),
        Protocol::Iterm2 => Ok(iterm2::draw(&picture.to_png()?, columns())),
        Protocol::Sixel => {
            let (width, height) = space.fit(picture, cell);
            Ok(sixel::draw(&picture.shrunk(width, height)))
        }
        Protocol::Blocks => {
            let (width, height) = space.fit(picture, (1, 2));
            Ok(half_block::draw(&picture.shrunk(width, height), truecolor))
        }
    }
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
