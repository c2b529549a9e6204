//! CopyRect: an area of the screen copied to another place. RFC 6143, section 7.7.2.

use super::super::framebuffer::Framebuffer;
use super::super::moved_area::MovedArea;
use super::{DecodeError, Input};
use crate::picture::Rectangle;

/// Copies the area once its source position has arrived, and returns what was copied. `None` as long as it is incomplete.
pub(crate) fn advance(
    input: &mut Input,
    area: Rectangle,
    screen: &mut Framebuffer,
) -> Result<Option<MovedArea>, DecodeError> {
    let Some([x0, x1, y0, y1]) = input.array() else { return Ok(None) };
    let moved = MovedArea { from: (u16::from_be_bytes([x0, x1]), u16::from_be_bytes([y0, y1])), to: area };
    if !area.is_empty() {
        screen.check_inside(moved.source())?;
        screen.move_area(moved);
    }
    Ok(Some(moved))
}
