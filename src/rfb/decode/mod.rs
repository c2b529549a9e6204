//! Rectangles of pixels, from the wire onto the screen. RFC 6143, section 7.7.
//!
//! A decoder takes what there is and goes on when more has come. It never waits, and no length from the wire takes memory:
//! what it keeps has a fixed size.

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
use self::tight::Zlibs;
use super::coverage::Coverage;
use super::encoding::{Encoding, UnknownEncoding};
use super::framebuffer::{Framebuffer, FramebufferError};
use super::pixels::{Pixels, Readers};
use crate::picture::Rectangle;

/// A screen, and all that outlives a rectangle.
#[derive(Debug)]
pub(crate) struct Canvas {
    /// What it shows.
    pub(crate) screen: Framebuffer,
    /// What of it has come.
    pub(crate) coverage: Coverage,
    /// How pixels are read.
    pub(crate) readers: Readers,
    /// RFC 6143, section 7.7.6: one stream for all rectangles.
    zrle: inflate::Inflate,
    /// rfbproto.rst, "Tight Encoding": four of them.
    tight: Zlibs,
}

impl Canvas {
    /// A black one of this size, in pixels.
    pub(crate) fn new(size: (u16, u16), pixels: Pixels) -> Result<Self, FramebufferError> {
        Ok(Self {
            screen: Framebuffer::new(size.0, size.1)?,
            coverage: Coverage::new(size.0, size.1),
            readers: Readers::new(pixels),
            zrle: inflate::Inflate::default(),
            tight: Zlibs::default(),
        })
    }

    /// All of it is to come anew.
    pub(crate) fn expect_all(&mut self) {
        self.coverage = Coverage::new(self.screen.width(), self.screen.height());
    }

    /// A black one of a new size. The streams go on.
    pub(crate) fn resize(&mut self, width: u16, height: u16) -> Result<(), FramebufferError> {
        self.screen = Framebuffer::new(width, height)?;
        self.coverage = Coverage::new(width, height);
        Ok(())
    }
}

/// A rectangle that is under way.
#[derive(Debug)]
pub(crate) struct Decoder {
    area: Rectangle,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Raw(raw::Raw),
    CopyRect,
    Hextile(hextile::Hextile),
    Zrle(zrle::Zrle),
    Tight(tight::Tight),
}

impl Decoder {
    /// Of a rectangle that must lie on the screen.
    pub(crate) fn new(encoding: Encoding, area: Rectangle, canvas: &Canvas) -> Result<Self, DecodeError> {
        canvas.screen.check(area)?;
        let form = match encoding {
            Encoding::Raw => Form::Raw(raw::Raw::default()),
            Encoding::CopyRect => Form::CopyRect,
            Encoding::Hextile => Form::Hextile(hextile::Hextile::default()),
            Encoding::Zrle => Form::Zrle(zrle::Zrle::default()),
            Encoding::Tight => Form::Tight(tight::Tight::default()),
            other => return Err(UnknownEncoding(other.number()).into()),
        };
        Ok(Self { area, form })
    }

    /// Where it lies.
    pub(crate) fn area(&self) -> Rectangle {
        self.area
    }

    /// Takes what there is. Whether the rectangle is done; if not, all that could be used is used.
    pub(crate) fn go_on(&mut self, input: &mut Input, canvas: &mut Canvas) -> Result<bool, DecodeError> {
        let Canvas { screen, readers, .. } = canvas;
        let is_done = match &mut self.form {
            Form::Raw(raw) => raw.go_on(input, self.area, screen, readers.pixel()),
            Form::CopyRect => copy_rect::go_on(input, self.area, screen)?,
            Form::Hextile(hextile) => hextile.go_on(input, self.area, screen, readers.pixel())?,
            Form::Zrle(zrle) => zrle.go_on(input, self.area, screen, readers.compressed(), &mut canvas.zrle)?,
            Form::Tight(tight) => tight.go_on(input, self.area, screen, readers, &mut canvas.tight)?,
        };
        if is_done {
            canvas.coverage.add(self.area);
        }
        Ok(is_done)
    }
}

/// The tiles of an area, of `side` x `side` pixels where they are not cut off: from the left, from above.
fn tile(area: Rectangle, side: u16, index: u32) -> Option<Rectangle> {
    let across = u32::from(area.width.div_ceil(side));
    if across == 0 {
        return None;
    }
    let (column, row) = (index % across, index / across);
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
