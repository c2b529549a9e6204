//! Decodes rectangles and draws them. RFC 6143, section 7.7. Pure.
//!
//! A decoder uses the input that there is and continues when there is more; it never waits. Its buffers have a fixed size, so
//! that no length from the server takes memory.

mod copy_rect;
mod error;
mod hextile;
mod inflate;
mod input;
mod raw;
mod tight;
mod tight_filter;
mod zrle;

pub(crate) use self::error::DecodeError;
pub(crate) use self::input::Input;
use super::coverage::Coverage;
use super::encoding::{Encoding, UnknownEncoding};
use super::framebuffer::{Framebuffer, FramebufferError};
use super::moved_area::{MAX_MOVES, MovedArea};
use super::pixels::{PixelMode, PixelReaders};
use crate::picture::Rectangle;

/// The screen, and the state that rectangles share.
#[derive(Debug)]
pub(crate) struct Canvas {
    pub(crate) screen: Framebuffer,
    /// Which pixels have been received.
    pub(crate) coverage: Coverage,
    pub(crate) readers: PixelReaders,
    /// What the present update has moved, in its order.
    pub(crate) moves: Vec<MovedArea>,
    /// RFC 6143, section 7.7.6: one zlib stream for all rectangles.
    zrle_stream: inflate::Inflate,
    /// rfbproto.rst, "Tight Encoding".
    tight_streams: tight::Streams,
}

impl Canvas {
    /// A black screen of this size, in pixels.
    pub(crate) fn new((width, height): (u16, u16), pixels: PixelMode) -> Result<Self, FramebufferError> {
        Ok(Self {
            screen: Framebuffer::new(width, height)?,
            coverage: Coverage::new(width, height),
            readers: PixelReaders::new(pixels),
            moves: Vec::new(),
            zrle_stream: inflate::Inflate::default(),
            tight_streams: tight::Streams::default(),
        })
    }

    /// Marks all pixels as not received.
    pub(crate) fn expect_all(&mut self) {
        self.coverage = Coverage::new(self.screen.width(), self.screen.height());
    }

    /// Replaces the screen by a black one of a new size. The zlib streams continue.
    pub(crate) fn resize(&mut self, width: u16, height: u16) -> Result<(), FramebufferError> {
        self.screen = Framebuffer::new(width, height)?;
        self.coverage = Coverage::new(width, height);
        self.moves.clear();
        Ok(())
    }
}

/// Decodes one rectangle.
#[derive(Debug)]
pub(crate) struct Decoder {
    area: Rectangle,
    state: State,
}

#[derive(Debug)]
enum State {
    Raw(raw::Raw),
    CopyRect,
    Hextile(hextile::Hextile),
    Zrle(zrle::Zrle),
    Tight(tight::Tight),
}

impl Decoder {
    /// Starts a rectangle. One that reaches outside the screen is an error, unless it is empty: then it has no place.
    pub(crate) fn new(encoding: Encoding, area: Rectangle, canvas: &Canvas) -> Result<Self, DecodeError> {
        let area = if area.is_empty() { Rectangle { x: 0, y: 0, width: 0, height: 0 } } else { area };
        canvas.screen.check_inside(area)?;
        let state = match encoding {
            Encoding::Raw => State::Raw(raw::Raw::default()),
            Encoding::CopyRect => State::CopyRect,
            Encoding::Hextile => State::Hextile(hextile::Hextile::default()),
            Encoding::Zrle => State::Zrle(zrle::Zrle::default()),
            Encoding::Tight => State::Tight(tight::Tight::default()),
            other => return Err(UnknownEncoding(other.number()).into()),
        };
        Ok(Self { area, state })
    }

    pub(crate) fn area(&self) -> Rectangle {
        self.area
    }

    /// Draws as much as the input has. Returns whether the rectangle is complete; if not, it has used what it can.
    pub(crate) fn advance(&mut self, input: &mut Input, canvas: &mut Canvas) -> Result<bool, DecodeError> {
        let Canvas { screen, readers, .. } = canvas;
        let is_complete = match &mut self.state {
            State::Raw(raw) => raw.advance(input, self.area, screen, readers.pixel()),
            State::CopyRect => {
                let moved = copy_rect::advance(input, self.area, screen)?;
                canvas.moves.extend(moved.filter(|moved| !moved.to.is_empty() && canvas.moves.len() < MAX_MOVES));
                moved.is_some()
            }
            State::Hextile(hextile) => hextile.advance(input, self.area, screen, readers.pixel())?,
            State::Zrle(zrle) => zrle.advance(input, self.area, screen, readers.cpixel(), &mut canvas.zrle_stream)?,
            State::Tight(tight) => tight.advance(input, self.area, screen, readers, &mut canvas.tight_streams)?,
        };
        if is_complete {
            canvas.coverage.add(self.area);
        }
        Ok(is_complete)
    }
}

/// A tile of an area, counted from the left and then from the top; `None` after the last. Tiles have `side` x `side` pixels,
/// except at the right and bottom edges.
fn tile(area: Rectangle, side: u16, index: u32) -> Option<Rectangle> {
    let per_row = u32::from(area.width.div_ceil(side));
    if per_row == 0 {
        return None;
    }
    let (column, row) = (index % per_row, index / per_row);
    if row >= u32::from(area.height.div_ceil(side)) {
        return None;
    }
    let (left, top) = (column as u16 * side, row as u16 * side);
    Some(Rectangle {
        x: area.x + left,
        y: area.y + top,
        width: side.min(area.width - left),
        height: side.min(area.height - top),
    })
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "round_trip_tests.rs"]
mod round_trip_tests;
