//! The key events that are still to be sent, with the pauses that guests need between them. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use super::key_mapping::Press;
use crate::console::key_sender::{KEY_GAP, KEY_PRESS_TIME};
use crate::keyboard::Key;

/// The most events that wait: a text of 64 KiB in which each character needs two modifiers.
const MAX_EVENTS: usize = 6 * (64 << 10);

/// A key event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyStep {
    pub(super) key: Key,
    pub(super) is_down: bool,
    /// The time to wait after it.
    pub(super) pause: Duration,
}

/// The events in their order, and the keys that a user holds down.
#[derive(Debug, Default)]
pub(super) struct KeyQueue {
    steps: VecDeque<KeyStep>,
    /// Keys that go up when the user releases them, in the order of pressing.
    held: Vec<Key>,
    /// Keys that are down on the console.
    down: Vec<Key>,
}

impl KeyQueue {
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether a user holds keys down.
    pub(super) fn has_held(&self) -> bool {
        !self.held.is_empty()
    }

    /// Adds presses, one each `interval`. Returns whether there was room for all of them; if not, none is added.
    pub(super) fn tap(&mut self, presses: &[Press], interval: Duration) -> bool {
        let count: usize = presses.iter().map(|press| 2 * (press.modifiers.len() + 1)).sum();
        if self.steps.len() + count > MAX_EVENTS {
            return false;
        }
        self.release_held();
        for Press { modifiers, key } in presses {
            modifiers.iter().for_each(|modifier| self.push(*modifier, true, KEY_GAP));
            self.push(*key, true, KEY_PRESS_TIME);
            self.push(*key, false, KEY_GAP);
            modifiers.iter().rev().for_each(|modifier| self.push(*modifier, false, KEY_GAP));
            let elapsed = KEY_PRESS_TIME + 2 * KEY_GAP * modifiers.len() as u32;
            if let Some(last) = self.steps.back_mut() {
                last.pause = interval.saturating_sub(elapsed).max(KEY_GAP);
            }
        }
        true
    }

    /// Presses keys that stay down until [`KeyQueue::release_held`]. If they are held already, the last one is pressed again,
    /// as a keyboard does.
    pub(super) fn hold(&mut self, press: &Press) {
        let keys: Vec<Key> = press.modifiers.iter().copied().chain([press.key]).collect();
        if self.held == keys {
            // A guest that is slow must not go on after the key is up.
            if self.steps.is_empty() {
                self.push(press.key, true, KEY_GAP);
            }
            return;
        }
        self.release_held();
        keys.iter().for_each(|key| self.push(*key, true, KEY_GAP));
        self.held = keys;
    }

    /// Releases the keys that are held.
    pub(super) fn release_held(&mut self) {
        while let Some(key) = self.held.pop() {
            self.push(key, false, KEY_GAP);
        }
    }

    /// Drops everything that was not sent yet, and releases what is down.
    pub(super) fn stop(&mut self) {
        self.steps.clear();
        self.held.clear();
        for key in self.down.clone().into_iter().rev() {
            self.push(key, false, KEY_GAP);
        }
    }

    /// Forgets everything: the console is gone, and has released its keys.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// The next event. Each is given once.
    pub(super) fn next(&mut self) -> Option<KeyStep> {
        let step = self.steps.pop_front()?;
        // Before it is sent: an event that was sent in part may have arrived.
        self.down.retain(|key| key.scancode != step.key.scancode);
        if step.is_down {
            self.down.push(step.key);
        }
        Some(step)
    }

    fn push(&mut self, key: Key, is_down: bool, pause: Duration) {
        self.steps.push_back(KeyStep { key, is_down, pause });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(scancode: u16) -> Key {
        Key { keysym: scancode.into(), scancode }
    }

    fn press(modifiers: &[u16], scancode: u16) -> Press {
        Press { modifiers: modifiers.iter().map(|modifier| key(*modifier)).collect(), key: key(scancode) }
    }

    /// The scancodes, negative for a key that goes up.
    fn all(queue: &mut KeyQueue) -> Vec<i32> {
        let mut events = Vec::new();
        while let Some(step) = queue.next() {
            assert!(step.pause >= KEY_GAP, "guests lose keys that are closer");
            events.push(i32::from(step.key.scancode) * if step.is_down { 1 } else { -1 });
        }
        events
    }

    #[test]
    fn a_press_takes_its_modifiers_along() {
        let mut queue = KeyQueue::default();
        assert!(queue.tap(&[press(&[1, 2], 3), press(&[], 4)], Duration::ZERO));
        assert_eq!(all(&mut queue), [1, 2, 3, -3, -2, -1, 4, -4]);
    }

    #[test]
    fn a_held_key_goes_up_before_another_goes_down() {
        let mut queue = KeyQueue::default();
        queue.hold(&press(&[1], 3));
        assert_eq!(all(&mut queue), [1, 3]);
        queue.hold(&press(&[1], 3));
        queue.hold(&press(&[1], 3));
        assert_eq!(all(&mut queue), [3], "repeats do not pile up");
        queue.hold(&press(&[], 4));
        assert!(queue.has_held());
        queue.tap(&[press(&[], 5)], Duration::ZERO);
        assert_eq!(all(&mut queue), [-3, -1, 4, -4, 5, -5]);
        assert!(!queue.has_held());
    }

    #[test]
    fn stopping_leaves_no_key_down() {
        let mut queue = KeyQueue::default();
        queue.tap(&[press(&[1], 2), press(&[], 3)], Duration::ZERO);
        queue.next();
        queue.next();
        queue.stop();
        assert_eq!(all(&mut queue), [-2, -1]);
    }

    #[test]
    fn a_text_without_end_is_refused() {
        let mut queue = KeyQueue::default();
        let presses = vec![press(&[], 1); MAX_EVENTS / 2];
        assert!(queue.tap(&presses, Duration::ZERO));
        assert!(!queue.tap(&presses[..1], Duration::ZERO));
        assert_eq!(queue.len(), MAX_EVENTS);
    }
}
