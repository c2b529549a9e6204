//! What the simulated instances show. Pure state: keys and the time are arguments.
//!
//! - [`linux`]: a text console, drawn with [`vga`]
//! - [`test_card`]: the picture of a Windows, with colour bars and gradients, its letters in [`card_font`], and what is
//!   typed on it in [`echo`]
//! - [`keyboard`]: what keys do on both
//! - [`state_screen`]: screens of machines in all states, which do not move
//! - [`shared_display`]: a display shared by the console's session and the API

mod card_font;
mod echo;
pub(crate) mod keyboard;
pub(crate) mod linux;
pub(crate) mod shared_display;
pub(crate) mod state_screen;
pub(crate) mod test_card;
pub(crate) mod vga;

use std::time::Duration;

use tokio::time::Instant;

use self::keyboard::Code;
use self::linux::console::LinuxConsole;
use self::state_screen::Still;
use self::test_card::TestCard;
use self::vga::TextFrame;
use crate::picture::Rectangle;

/// The state of an instance's display.
#[derive(Clone, Debug)]
pub(crate) enum Display {
    Linux(LinuxConsole),
    Windows(TestCard),
    /// It does not change.
    Still(Frame),
}

/// A picture of a display at one moment.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    Text(TextFrame),
    Card(Box<TestCard>),
    Still(Still),
}

impl Display {
    /// What it shows at `now`.
    pub(crate) fn frame(&mut self, now: Instant) -> Frame {
        match self {
            Self::Linux(console) => Frame::Text(console.frame(now)),
            Self::Windows(card) => Frame::Card(Box::new(card.clone())),
            Self::Still(frame) => frame.clone(),
        }
    }

    /// A key goes down or up at `now`.
    pub(crate) fn press(&mut self, code: Code, is_down: bool, now: Instant) {
        match self {
            Self::Linux(console) => console.press(code, is_down, now),
            Self::Windows(card) => card.press(code, is_down),
            Self::Still(_) => {}
        }
    }

    /// How long after `now` it changes without a key, if it does.
    pub(crate) fn next_change(&self, now: Instant) -> Option<Duration> {
        match self {
            Self::Linux(console) => Some(console.next_change(now)),
            Self::Windows(_) | Self::Still(_) => None,
        }
    }

    /// The machine shuts down, and boots again if it is a reboot. A Windows shows nothing of it.
    pub(crate) fn shut_down(&mut self, is_reboot: bool, now: Instant) {
        if let Self::Linux(console) = self {
            console.shut_down(is_reboot, now);
        }
    }

    /// The machine boots at this moment, which may be later. A Windows shows nothing of it.
    pub(crate) fn boot(&mut self, at: Instant) {
        if let Self::Linux(console) = self {
            console.reboot(at);
        }
    }

    /// Shows a note about the session, where there is a place for it.
    pub(crate) fn set_note(&mut self, note: &str) {
        if let Self::Windows(card) = self {
            card.set_note(note);
        }
    }
}

impl Frame {
    /// All of it.
    pub(crate) fn area(&self) -> Rectangle {
        let (width, height) = match self {
            Self::Text(_) => (vga::WIDTH, vga::HEIGHT),
            Self::Card(_) => (test_card::WIDTH, test_card::HEIGHT),
            Self::Still(still) => (still.width, still.height),
        };
        Rectangle { x: 0, y: 0, width, height }
    }

    /// The colour (red, green, blue) of a pixel; outside the picture it is black.
    pub(crate) fn pixel(&self, x: u16, y: u16) -> [u8; 3] {
        match self {
            Self::Text(text) => text.pixel(x, y),
            Self::Card(card) => card.pixel(x, y),
            Self::Still(still) => still.pixel(x, y),
        }
    }

    /// The areas that may differ from `before`, an earlier frame of the same display.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<Rectangle> {
        match (self, before) {
            (Self::Text(text), Self::Text(before)) => text.changes_since(before),
            (Self::Card(card), Self::Card(before)) => card.changes_since(before),
            // Nothing changes one.
            (Self::Still(_), Self::Still(_)) => Vec::new(),
            _ => vec![self.area()],
        }
    }

    /// All pixels row by row, three bytes each.
    pub(crate) fn rgb(&self) -> Vec<u8> {
        let Rectangle { width, height, .. } = self.area();
        let mut rgb = Vec::with_capacity(3 * usize::from(width) * usize::from(height));
        for y in 0..height {
            for x in 0..width {
                rgb.extend_from_slice(&self.pixel(x, y));
            }
        }
        rgb
    }
}
