//! CopyRect: an area of the screen copied to another place. RFC 6143, section 7.7.2.

use super::super::framebuffer::Framebuffer;
use super::{DecodeError, Input};
use crate::picture::Rectangle;

/// Copies the area once its source position has arrived. Returns whether the rectangle is complete.
pub(crate) fn advance(input: &mut Input, area: Rectangle, screen: &mut Framebuffer) -> Result<bool, DecodeError> {
    let Some([x0, x1, y0, y1]) = input.array() else { return Ok(false) };
    if area.is_empty() {
        return Ok(true);
    }
    let (x, y) = (u16::from_be_bytes([x0, x1]), u16::from_be_bytes([y0, y1]));
    screen.check_inside(Rectangle { x, y, ..area })?;
    screen.copy(x, y, area);
    Ok(true)
}
