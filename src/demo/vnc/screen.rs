//! What a display shows to one client, and what the client has not seen of it. Pure.

use crate::demo::display::Frame;
use crate::picture::Rectangle;
use crate::rfb::server::{ClientMessage, ClientView, PixelEncoding, PixelSource, Update};

/// A display as one client knows it.
#[derive(Debug)]
pub(crate) struct Screen {
    /// What the display shows.
    frame: Frame,
    view: ClientView,
}

impl Screen {
    /// A display that the client has seen nothing of.
    pub(crate) fn new(frame: Frame) -> Self {
        let Rectangle { width, height, .. } = frame.area();
        Self { frame, view: ClientView::new((width, height)) }
    }

    /// What the display shows.
    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Handles a message other than a key.
    pub(crate) fn handle(&mut self, message: ClientMessage) {
        self.view.handle(message);
    }

    /// Sets what the display shows now.
    pub(crate) fn show(&mut self, frame: Frame) {
        frame.changes_since(&self.frame).into_iter().for_each(|area| self.view.add_damage(area));
        self.frame = frame;
    }

    /// Whether the client waits for a change.
    pub(crate) fn is_awaited(&self) -> bool {
        self.view.is_awaited()
    }

    /// Returns messages to send now, also if the client has requested nothing.
    pub(crate) fn take_notices(&mut self) -> Vec<Vec<u8>> {
        self.view.take_notices(true)
    }

    /// Returns the update to send now, or `None` if none is due. On loopback, Raw is the fastest.
    pub(crate) fn take_due(&mut self) -> Option<Update> {
        let update = self.view.take_due(true)?;
        Some(Update { encoding: PixelEncoding::Raw, ..update })
    }
}

impl PixelSource for Frame {
    fn read(&self, area: Rectangle, out: &mut Vec<u32>) {
        let Rectangle { x, y, width, height } = area;
        out.clear();
        for y in y..y + height {
            out.extend((x..x + width).map(|x| {
                let [red, green, blue] = self.pixel(x, y);
                u32::from_be_bytes([0, red, green, blue])
            }));
        }
    }
}
