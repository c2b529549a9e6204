//! One client's update requests, and the areas that it has to be sent. Pure. RFC 6143, section 7.5.3.

use super::message::ClientMessage;
use crate::demo::display::Frame;
use crate::picture::Rectangle;
use crate::rfb::PixelFormat;

/// More rectangles than this in one update become one that holds them all.
const MAX_AREAS: usize = 64;

/// A display as one client knows it.
#[derive(Debug)]
pub(crate) struct Screen {
    /// The format in which this client wants pixels.
    pub(crate) format: PixelFormat,
    /// What the display shows.
    frame: Frame,
    /// What the client has not seen in its present state.
    stale: Vec<Rectangle>,
    /// To be sent at once, changed or not.
    requested: Option<Vec<Rectangle>>,
    /// To be sent when something in it changes.
    awaited: Option<Rectangle>,
    /// Whether the client has offered QEMU Extended Key Events, and whether they have been confirmed.
    extended_keys: ExtendedKeys,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ExtendedKeys {
    NotOffered,
    Offered,
    Confirmed,
}

impl Screen {
    /// A display that the client has seen nothing of.
    pub(crate) fn new(frame: Frame) -> Self {
        let stale = vec![frame.area()];
        let (format, extended_keys) = (PixelFormat::NATIVE, ExtendedKeys::NotOffered);
        Self { format, frame, stale, requested: None, awaited: None, extended_keys }
    }

    /// What the display shows.
    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Handles a message other than a key.
    pub(crate) fn handle(&mut self, message: ClientMessage) {
        let all = self.frame.area();
        match message {
            ClientMessage::SetPixelFormat(format) => self.format = format,
            ClientMessage::SetEncodings { has_extended_keys: true }
                if self.extended_keys == ExtendedKeys::NotOffered =>
            {
                self.extended_keys = ExtendedKeys::Offered;
            }
            ClientMessage::UpdateRequest { is_incremental: false, area } => {
                self.requested = Some(area.intersection(all).into_iter().collect());
            }
            ClientMessage::UpdateRequest { is_incremental: true, area } => {
                // The RFC lets one update answer several requests, so those of a client that tiles are one.
                self.awaited = match (self.awaited, area.intersection(all)) {
                    (Some(awaited), Some(area)) => Some(awaited.union(area)),
                    (awaited, area) => awaited.or(area),
                };
            }
            ClientMessage::SetEncodings { .. }
            | ClientMessage::Key { .. }
            | ClientMessage::ExtendedKey { .. }
            | ClientMessage::Ignored => {}
        }
    }

    /// Sets what the display shows now.
    pub(crate) fn show(&mut self, frame: Frame) {
        for area in frame.changes_since(&self.frame) {
            self.stale = self.stale.iter().flat_map(|stale| stale.without(area)).chain([area]).collect();
        }
        self.limit_stale();
        self.frame = frame;
    }

    /// Whether the client waits for a change.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// Whether Extended Key Events are to be confirmed now, which is done once.
    pub(crate) fn confirm_extended_keys(&mut self) -> bool {
        let is_due = self.extended_keys == ExtendedKeys::Offered;
        if is_due {
            self.extended_keys = ExtendedKeys::Confirmed;
        }
        is_due
    }

    /// Returns the areas to send now, or `None` if no update is due. An empty list is an update too: it answers a request
    /// outside the picture, for which the client may be waiting.
    pub(crate) fn take_due(&mut self) -> Option<Vec<Rectangle>> {
        let areas = self.requested.take().or_else(|| {
            let awaited = self.awaited?;
            let changed: Vec<_> = self.stale.iter().filter_map(|area| area.intersection(awaited)).collect();
            if changed.is_empty() {
                return None;
            }
            self.awaited = None;
            Some(changed)
        })?;
        for &sent in &areas {
            self.stale = self.stale.iter().flat_map(|area| area.without(sent)).collect();
        }
        self.limit_stale();
        Some(areas)
    }

    fn limit_stale(&mut self) {
        if self.stale.len() > MAX_AREAS {
            self.stale = self.stale.iter().copied().reduce(Rectangle::union).into_iter().collect();
        }
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
