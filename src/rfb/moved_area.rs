//! An area whose pixels come from another place of the screen. RFC 6143, section 7.7.2.

use crate::picture::Rectangle;

/// The most moves of an update that are kept. What is not kept counts as drawn.
pub(crate) const MAX_MOVES: usize = 16;

/// A move of pixels within the screen, which a CopyRect rectangle tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MovedArea {
    /// Left and top of the source.
    pub(crate) from: (u16, u16),
    /// Where the pixels go; the source has the same size.
    pub(crate) to: Rectangle,
}

impl MovedArea {
    pub(crate) fn source(self) -> Rectangle {
        Rectangle { x: self.from.0, y: self.from.1, ..self.to }
    }
}
