//! Keys and the pointer on their way to the console.

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Duration, timeout};

use crate::rfb::protocol::decode_qemu_keycode;
use crate::rfb::server::ClientMessage;

/// How much input of all clients waits for the console. A client whose input does not fit is not read.
pub(super) const INPUT_QUEUE_LEN: usize = 256;

/// The most keys that are remembered as held by one client. No keyboard has more.
const MAX_HELD_KEYS: usize = 64;

/// How long it may take to release what a client holds.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(1);

/// What the console is sent.
#[derive(Debug)]
pub(super) enum Input {
    Key {
        key: Key,
        is_down: bool,
    },
    /// One bit for each button that is down, and the place.
    Pointer {
        buttons: u8,
        x: u16,
        y: u16,
    },
    /// Everything before has been sent.
    Flushed(oneshot::Sender<()>),
}

/// A key as a client names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// An X11 keysym, 0 if there is none.
    pub(super) keysym: u32,
    /// Of an XT keyboard, set 1, with the prefix 0xE0 in its higher byte.
    pub(super) scancode: Option<u16>,
}

impl Input {
    /// The input in a message, if there is some.
    pub(super) fn of(message: ClientMessage) -> Option<Self> {
        match message {
            ClientMessage::Key { is_down, keysym } => Some(Self::Key { key: Key { keysym, scancode: None }, is_down }),
            ClientMessage::ExtendedKey { is_down, keysym, keycode } => {
                Some(Self::Key { key: Key { keysym, scancode: decode_qemu_keycode(keycode) }, is_down })
            }
            ClientMessage::Pointer { buttons, x, y } => Some(Self::Pointer { buttons, x, y }),
            _ => None,
        }
    }
}

/// What a client holds down.
#[derive(Debug, Default)]
pub(super) struct Held {
    keys: Vec<Key>,
    /// The place of the pointer, if one of its buttons is down.
    pointer: Option<(u16, u16)>,
}

impl Held {
    /// Follows what the client sends.
    pub(super) fn follow(&mut self, input: &Input) {
        match input {
            Input::Key { key, is_down } => {
                self.keys.retain(|held| held != key);
                if *is_down && self.keys.len() < MAX_HELD_KEYS {
                    self.keys.push(*key);
                }
            }
            Input::Pointer { buttons, x, y } => self.pointer = (*buttons != 0).then_some((*x, *y)),
            Input::Flushed(_) => {}
        }
    }

    /// Releases everything, the last key first, and waits until the console has been sent that, for at most 1 s.
    pub(super) async fn release(self, input: &mpsc::Sender<Input>) {
        if self.keys.is_empty() && self.pointer.is_none() {
            return;
        }
        let releasing = async {
            for key in self.keys.into_iter().rev() {
                _ = input.send(Input::Key { key, is_down: false }).await;
            }
            if let Some((x, y)) = self.pointer {
                _ = input.send(Input::Pointer { buttons: 0, x, y }).await;
            }
            let (sender, flushed) = oneshot::channel();
            _ = input.send(Input::Flushed(sender)).await;
            _ = flushed.await;
        };
        _ = timeout(RELEASE_TIMEOUT, releasing).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From QEMU's docs/interop/vnc-ext-key-event: the left arrow is 0xe0 0x4b, sent as 0xcb.
    #[test]
    fn a_keycode_is_a_scancode_with_its_prefix_in_bit_7() {
        for (keycode, expected) in [(0x1e, Some(0x1e)), (0xcb, Some(0xe04b)), (0x80, Some(0xe000)), (0x1_0000, None)] {
            let message = ClientMessage::ExtendedKey { is_down: true, keysym: 7, keycode };
            let Some(Input::Key { key, is_down: true }) = Input::of(message) else { panic!("{keycode:#x}") };
            assert_eq!(key, Key { keysym: 7, scancode: expected });
        }
    }

    #[test]
    fn a_client_holds_a_bounded_number_of_keys() {
        let mut held = Held::default();
        let press = |held: &mut Held, keysym, is_down| {
            held.follow(&Input::Key { key: Key { keysym, scancode: None }, is_down });
        };
        (0..1000).for_each(|keysym| press(&mut held, keysym, true));
        assert_eq!(held.keys.len(), MAX_HELD_KEYS);
        (0..1000).for_each(|keysym| press(&mut held, keysym, false));
        assert!(held.keys.is_empty());
        press(&mut held, 1, true);
        press(&mut held, 1, true);
        assert_eq!(held.keys.len(), 1, "a key that repeats is held once");
    }
}
