//! The screen as one client knows it: its requests, and what it has not seen. Pure. RFC 6143, section 7.5.3.

use std::sync::Arc;

use super::super::cursor_shape::CursorShape;
use super::super::moved_area::MovedArea;
use super::super::pixel_format::PixelFormat;
use super::super::pixels::PixelMode;
use super::announcement;
use super::client_encodings::{ClientEncodings, PixelEncoding};
use super::message::ClientMessage;
use super::stale_area::StaleArea;
use crate::picture::Rectangle;

/// What a client knows, and what it has to be told.
#[derive(Debug)]
pub(crate) struct ClientView {
    mode: PixelMode,
    encodings: ClientEncodings,
    /// Width and height of the screen, as far as the client knows.
    size: (u16, u16),
    screen_size: (u16, u16),
    /// What the client has not seen in its present state.
    stale: StaleArea,
    /// What the client is to move before it draws.
    moved: Option<MovedArea>,
    /// Whether an update is being sent. It may hold newer pixels than those of the moment when it was due.
    is_sending: bool,
    /// To be sent at once, changed or not. An empty list is an answer too.
    requested: Option<Vec<Rectangle>>,
    /// To be sent when something in it changes.
    awaited: Option<Rectangle>,
    extended_keys: Offer,
    /// The bits of the keyboard's LEDs, once they are known.
    leds: Option<u8>,
    name: String,
    /// The shape of the pointer, once it is known.
    cursor: Option<Arc<CursorShape>>,
    untold: Untold,
}

/// Whether the client has offered QEMU Extended Key Events, and whether they have been confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    NotOffered,
    Offered,
    Confirmed,
}

/// What the client has not been told yet.
#[derive(Debug, Default)]
struct Untold {
    colour_map: bool,
    bell: bool,
    leds: bool,
    name: bool,
    cursor: bool,
    /// The size, although it is the same: a client that announces ExtendedDesktopSize is told it once.
    size: bool,
    /// That the size cannot be chosen by clients.
    refused_size: bool,
}

/// A FramebufferUpdate that is to be sent now. RFC 6143, section 7.6.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    /// The format of its pixels.
    pub(crate) format: PixelFormat,
    pub(crate) encoding: PixelEncoding,
    /// Rectangles of pseudo-encodings, which come first.
    pub(crate) announcements: Vec<Vec<u8>>,
    /// What the client moves next.
    pub(crate) moved: Option<MovedArea>,
    /// No areas are an answer too: to a request outside the picture, for which the client may be waiting.
    pub(crate) areas: Vec<Rectangle>,
}

impl ClientView {
    /// A screen that the client has seen nothing of.
    pub(crate) fn new(size: (u16, u16)) -> Self {
        Self {
            mode: PixelMode::TrueColour(PixelFormat::NATIVE),
            encodings: ClientEncodings::default(),
            size,
            screen_size: size,
            stale: StaleArea::all(whole(size)),
            moved: None,
            is_sending: false,
            requested: None,
            awaited: None,
            extended_keys: Offer::NotOffered,
            leds: None,
            name: String::new(),
            cursor: None,
            untold: Untold::default(),
        }
    }

    /// Handles a message other than input.
    pub(crate) fn handle(&mut self, message: ClientMessage) {
        let all = whole(self.size);
        match message {
            ClientMessage::SetPixelFormat(mode) => {
                self.mode = mode;
                // It was sent in the other format, perhaps.
                self.untold.cursor = true;
                self.untold.colour_map = mode == PixelMode::ColourMap;
            }
            ClientMessage::SetEncodings(encodings) => {
                self.untold.leds |= encodings.has_leds && !self.encodings.has_leds;
                self.untold.cursor |= encodings.has_cursor && !self.encodings.has_cursor;
                self.untold.size |= encodings.has_extended_desktop_size && !self.encodings.has_extended_desktop_size;
                self.encodings = encodings;
                if encodings.has_extended_keys && self.extended_keys == Offer::NotOffered {
                    self.extended_keys = Offer::Offered;
                }
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
            ClientMessage::SetDesktopSize => self.untold.refused_size = true,
            ClientMessage::Key { .. }
            | ClientMessage::ExtendedKey { .. }
            | ClientMessage::Pointer { .. }
            | ClientMessage::Ignored => {}
        }
    }

    /// Something in this area has changed.
    pub(crate) fn add_damage(&mut self, area: Rectangle) {
        if let Some(area) = area.intersection(whole(self.size)) {
            self.stale.add(area);
        }
    }

    /// The pixels of an area were moved to another. The client can move them itself if it has them as they were.
    pub(crate) fn add_move(&mut self, moved: MovedArea) {
        let is_known = self.size == self.screen_size && self.stale.within(moved.source()).is_empty();
        if self.encodings.has_copy_rect && is_known && !self.is_sending && self.moved.is_none() {
            self.stale.remove(moved.to);
            self.moved = Some(moved);
        } else {
            self.add_damage(moved.to);
        }
    }

    /// The screen has this size now, and all of it has changed.
    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.screen_size = size;
        self.stale = StaleArea::all(whole(self.size));
        self.moved = None;
    }

    /// The bits of the keyboard's LEDs. rfbproto.rst, "QEMU LED State Pseudo-encoding".
    pub(crate) fn set_leds(&mut self, leds: u8) {
        self.untold.leds |= self.leds != Some(leds);
        self.leds = Some(leds);
    }

    /// The pointer has this shape.
    pub(crate) fn set_cursor(&mut self, shape: &Arc<CursorShape>) {
        self.untold.cursor |= self.cursor.as_ref() != Some(shape);
        self.cursor = Some(shape.clone());
    }

    /// The desktop has another name than before.
    pub(crate) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.untold.name = true;
    }

    /// Whether the client follows names, and does not know the present one yet.
    pub(crate) fn has_untold_name(&self) -> bool {
        self.untold.name && self.encodings.has_desktop_name
    }

    pub(crate) fn ring(&mut self) {
        self.untold.bell = true;
    }

    /// Whether the client waits for a change.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// Returns messages to send now, also if the client has requested nothing, and forgets them. `accepts_scancodes` tells
    /// whether Extended Key Events are of use.
    pub(crate) fn take_notices(&mut self, accepts_scancodes: bool) -> Vec<Vec<u8>> {
        let mut notices = Vec::new();
        if std::mem::take(&mut self.untold.colour_map) {
            notices.push(announcement::colour_map());
        }
        if std::mem::take(&mut self.untold.bell) {
            notices.push(announcement::bell());
        }
        if accepts_scancodes && self.extended_keys == Offer::Offered {
            self.extended_keys = Offer::Confirmed;
            notices.push(announcement::update_of(&announcement::extended_keys(self.size)));
        }
        if let Some(leds) = self.leds.filter(|_| self.untold.leds && self.encodings.has_leds) {
            self.untold.leds = false;
            notices.push(announcement::update_of(&announcement::leds(leds)));
        }
        if std::mem::take(&mut self.untold.refused_size) && self.encodings.has_extended_desktop_size {
            notices.push(announcement::update_of(&announcement::refused_size(self.size)));
        }
        notices
    }

    /// Returns the update to send now, or `None` if none is due; the one before has been sent. As long as `has_picture` is false, it has no pixels.
    pub(crate) fn take_due(&mut self, has_picture: bool) -> Option<Update> {
        self.is_sending = false;
        if self.requested.is_none() && self.awaited.is_none() {
            return None;
        }
        let format = match self.mode {
            PixelMode::TrueColour(format) => format,
            PixelMode::ColourMap => PixelFormat::COLOUR_CUBE,
        };
        let mut announcements = Vec::new();
        if let Some(shape) = self.cursor.as_ref().filter(|_| self.untold.cursor && self.encodings.has_cursor) {
            self.untold.cursor = false;
            announcements.push(announcement::cursor(shape, format));
        }
        if self.has_untold_name() {
            self.untold.name = false;
            announcements.push(announcement::desktop_name(&self.name));
        }
        let has_new_size = has_picture && self.size != self.screen_size && self.encodings.can_resize();
        if has_new_size || (self.untold.size && self.encodings.has_extended_desktop_size) {
            self.untold.size = false;
            if has_new_size {
                self.size = self.screen_size;
                self.stale = StaleArea::all(whole(self.size));
                // What was requested was a part of the old screen. The client requests the new one.
                (self.requested, self.awaited) = (None, None);
            }
            announcements.push(match self.encodings.has_extended_desktop_size {
                true => announcement::extended_desktop_size(self.size),
                false => announcement::desktop_size(self.size),
            });
        }
        let moved = if has_picture { self.take_move() } else { None };
        let areas = if has_picture { self.take_areas(moved.is_some()) } else { None };
        if areas.is_none() && announcements.is_empty() {
            return None;
        }
        self.is_sending = true;
        let areas = areas.unwrap_or_default();
        Some(Update { format, encoding: self.encodings.pixels(), announcements, moved, areas })
    }

    /// What the client moves with the update that is due. If that is another area than it has requested, it is drawn later.
    fn take_move(&mut self) -> Option<MovedArea> {
        let moved = self.moved?;
        let is_requested = self.awaited.is_some_and(|awaited| awaited.union(moved.to) == awaited);
        if self.requested.is_none() && is_requested && self.encodings.has_copy_rect {
            return self.moved.take();
        }
        self.moved = None;
        self.stale.add(moved.to);
        None
    }

    /// The areas to draw now. `None` if the client waits for a change and there is none.
    fn take_areas(&mut self, has_moved: bool) -> Option<Vec<Rectangle>> {
        let areas = self.requested.take().or_else(|| {
            let awaited = self.awaited?;
            let changed = self.stale.within(awaited);
            if changed.is_empty() && !has_moved {
                return None;
            }
            self.awaited = None;
            Some(changed)
        })?;
        areas.iter().for_each(|sent| self.stale.remove(*sent));
        Some(areas)
    }
}

fn whole((width, height): (u16, u16)) -> Rectangle {
    Rectangle { x: 0, y: 0, width, height }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "move_tests.rs"]
mod move_tests;
