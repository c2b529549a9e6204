//! Presses keys on a console at a pace that guests can follow, and releases all of them at the end.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep, timeout};

use crate::console::input_guard::{InputError, Presser, sent, until_interrupted};
use crate::keyboard::{Key, KeyAction, KeyEncoding, Keystroke, SHIFT};
use crate::rfb::{Client, ClientError};

/// How long a key is down: long enough for every guest, too short for autorepeat. Source: os-autoinst, consoles/VNC.pm.
pub(crate) const KEY_PRESS_TIME: Duration = Duration::from_millis(8);

/// The shortest time between two key events: QEMU loses keys that are less than 5 ms apart.
pub(crate) const KEY_GAP: Duration = Duration::from_millis(8);

/// The time between two chords: a guest needs it to switch consoles or to open a menu.
const CHORD_GAP: Duration = Duration::from_millis(100);

/// In pauses of at least this length, the server's messages are read.
const MIN_DRAIN_TIME: Duration = Duration::from_secs(1);

/// Finds out how this console takes keys. A server announces scancodes with its first update, or not at all.
pub(crate) async fn detect_encoding<S>(client: &mut Client<S>, use_keysyms: bool) -> Result<KeyEncoding, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // ui/vnc.c: the desktop name is `QEMU`, or `QEMU (NAME)`.
    let keysyms = if client.desktop_name().starts_with("QEMU") { KeyEncoding::UsKeysyms } else { KeyEncoding::Keysyms };
    if use_keysyms {
        return Ok(keysyms);
    }
    if !client.accepts_scancodes() {
        client.request_screen().await?;
    }
    client.receive_screen(Client::accepts_scancodes).await?;
    Ok(if client.accepts_scancodes() { KeyEncoding::Scancodes } else { keysyms })
}

/// Performs the actions one after another.
pub(crate) async fn perform<S>(
    client: &mut Client<S>,
    encoding: KeyEncoding,
    actions: &[KeyAction],
) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    until_interrupted(KeyPresser::new(client, encoding), async |presser| {
        for (index, action) in actions.iter().enumerate() {
            let (keys, time) = match action {
                KeyAction::Wait(time) => {
                    presser.pause(*time).await?;
                    continue;
                }
                KeyAction::Press(keys) => (keys, KEY_PRESS_TIME),
                KeyAction::Hold { keys, time } => (keys, *time),
            };
            presser.press(keys, time).await?;
            if index + 1 < actions.len() {
                sleep(CHORD_GAP).await;
            }
        }
        Ok(())
    })
    .await
}

/// Types keystrokes, one each `interval`, and calls `progress` with the number typed so far.
pub(crate) async fn type_keystrokes<S>(
    client: &mut Client<S>,
    encoding: KeyEncoding,
    keystrokes: &[Keystroke],
    interval: Duration,
    mut progress: impl FnMut(usize),
) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    until_interrupted(KeyPresser::new(client, encoding), async |presser| {
        for (index, Keystroke { modifiers, key }) in keystrokes.iter().enumerate() {
            presser.press(&[*modifiers, &[*key]].concat(), KEY_PRESS_TIME).await?;
            progress(index + 1);
            let elapsed = KEY_PRESS_TIME + 2 * KEY_GAP * modifiers.len() as u32;
            sleep(interval.saturating_sub(elapsed).max(KEY_GAP)).await;
        }
        Ok(())
    })
    .await
}

/// Types keystrokes as fast as `gap` between two key events allows. Modifiers stay down while the next keystroke needs the same.
pub(crate) async fn type_dense<S>(
    client: &mut Client<S>,
    encoding: KeyEncoding,
    keystrokes: &[Keystroke],
    gap: Duration,
) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    until_interrupted(KeyPresser::new(client, encoding), async |presser| presser.type_dense(keystrokes, gap).await)
        .await
}

/// Types keystrokes with one event for each key: none is released, but modifiers and the last key. A keyboard of type PS/2 takes the
/// press of a key that is down as a repetition of it, which Linux types, unless it is the key that went down last: that one may
/// bounce (drivers/input/keyboard/atkbd.c). Keyboards of other types may lose keys. `held` has the keys that are down, before and
/// after; it is empty after an error.
pub(crate) async fn type_overlapped<S>(
    client: &mut Client<S>,
    encoding: KeyEncoding,
    keystrokes: &[Keystroke],
    gap: Duration,
    held: &mut Vec<Key>,
) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut presser = KeyPresser::new(client, encoding);
    presser.down = std::mem::take(held);
    until_interrupted(presser, async |presser| {
        for event in overlapped_events(keystrokes, &presser.down) {
            let (key, is_down) = match event {
                KeyEvent::Press(key) => (key, true),
                KeyEvent::Release(key) => (key, false),
            };
            if is_down && !is_among(&presser.down, key) {
                presser.down.push(key);
            }
            presser.send(key, is_down).await?;
            if !is_down {
                presser.down.retain(|down| down.scancode != key.scancode);
            }
            sleep(gap).await;
        }
        *held = std::mem::take(&mut presser.down);
        Ok(())
    })
    .await
}

/// Whether a key is one of these: one key gives several characters.
fn is_among(keys: &[Key], key: Key) -> bool {
    keys.iter().any(|one| one.scancode == key.scancode)
}

/// One key goes down or up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyEvent {
    Press(Key),
    Release(Key),
}

/// The events that [`type_overlapped`] sends, while these keys are down.
pub(crate) fn overlapped_events(keystrokes: &[Keystroke], held: &[Key]) -> Vec<KeyEvent> {
    let (mut down, mut events) = (held.to_vec(), Vec::new());
    let (mut shifted, mut newest): (&[Key], Option<Key>) = (&[], None);
    for Keystroke { modifiers, key } in keystrokes {
        if shifted != *modifiers {
            events.extend(shifted.iter().map(|modifier| KeyEvent::Release(*modifier)));
            events.extend(modifiers.iter().map(|modifier| KeyEvent::Press(*modifier)));
            newest = modifiers.last().copied();
            shifted = modifiers;
        }
        if !is_among(&down, *key) {
            down.push(*key);
            newest = Some(*key);
        } else if newest.is_some_and(|newest| newest.scancode == key.scancode) {
            events.push(KeyEvent::Release(*key));
        }
        events.push(KeyEvent::Press(*key));
    }
    // A guest that repeats keys itself repeats the one that was pressed last.
    let last = keystrokes.last().map(|last| last.key);
    events.extend(shifted.iter().copied().chain(last).map(KeyEvent::Release));
    events
}

/// Releases the keys that [`type_overlapped`] has left down.
pub(crate) async fn release_held<S>(
    client: &mut Client<S>,
    encoding: KeyEncoding,
    held: &mut Vec<Key>,
) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut presser = KeyPresser::new(client, encoding);
    presser.down = std::mem::take(held);
    until_interrupted(presser, async |_| Ok(())).await
}

/// How many key events [`type_dense`] sends.
pub(crate) fn dense_events(keystrokes: &[Keystroke]) -> usize {
    let mut events = 2 * keystrokes.len();
    let mut down: &[Key] = &[];
    for Keystroke { modifiers, .. } in keystrokes.iter().chain([&Keystroke { modifiers: &[], key: SHIFT }]) {
        if *modifiers != down {
            events += down.len() + modifiers.len();
            down = modifiers;
        }
    }
    events
}

/// Presses a chord and types keystrokes after the process was asked to end, when [`perform`] does nothing any more.
pub(crate) async fn press_at_end<S>(
    client: &mut Client<S>,
    encoding: KeyEncoding,
    chord: &[Key],
    keystrokes: &[Keystroke],
    gap: Duration,
) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut presser = KeyPresser::new(client, encoding);
    presser.press(chord, KEY_PRESS_TIME).await?;
    presser.type_dense(keystrokes, gap).await?;
    presser.release_all().await?;
    Ok(client.refresh_screen().await?)
}

/// Reads the server's messages for `time`, and ignores what they say.
pub(crate) async fn drain_for<S>(client: &mut Client<S>, time: Duration) -> Result<(), ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let draining = async {
        loop {
            client.next_event().await?;
        }
    };
    timeout(time, draining).await.unwrap_or(Ok(()))
}

/// Sends key events, and knows which keys are down.
struct KeyPresser<'a, S> {
    client: &'a mut Client<S>,
    encoding: KeyEncoding,
    down: Vec<Key>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> KeyPresser<'a, S> {
    fn new(client: &'a mut Client<S>, encoding: KeyEncoding) -> Self {
        Self { client, encoding, down: Vec::new() }
    }

    /// Presses the keys in order, holds the last one for `time`, and releases them in reverse order.
    async fn press(&mut self, keys: &[Key], time: Duration) -> Result<(), InputError> {
        for (index, key) in keys.iter().enumerate() {
            if index > 0 {
                sleep(KEY_GAP).await;
            }
            // Before it is sent: an event that was sent in part may have arrived.
            self.down.push(*key);
            self.send(*key, true).await?;
        }
        self.pause(time).await?;
        self.release_all().await
    }

    async fn type_dense(&mut self, keystrokes: &[Keystroke], gap: Duration) -> Result<(), InputError> {
        for Keystroke { modifiers, key } in keystrokes {
            if self.down != *modifiers {
                self.release_all().await?;
                for modifier in *modifiers {
                    self.down.push(*modifier);
                    self.send(*modifier, true).await?;
                    sleep(gap).await;
                }
            }
            self.down.push(*key);
            self.send(*key, true).await?;
            sleep(gap).await;
            self.send(*key, false).await?;
            self.down.pop();
            sleep(gap).await;
        }
        Ok(())
    }

    /// Waits. In a longer pause the server's messages are read, so that its end is seen and its buffers do not fill.
    async fn pause(&mut self, time: Duration) -> Result<(), InputError> {
        match time < MIN_DRAIN_TIME {
            true => sleep(time).await,
            false => drain_for(self.client, time).await?,
        }
        Ok(())
    }

    async fn send(&mut self, key: Key, is_down: bool) -> Result<(), InputError> {
        let scancode = (self.encoding == KeyEncoding::Scancodes).then_some(key.scancode);
        sent(self.client.send_key(key.keysym, scancode, is_down)).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Presser for KeyPresser<'_, S> {
    async fn release_all(&mut self) -> Result<(), InputError> {
        while let Some(key) = self.down.last().copied() {
            self.send(key, false).await?;
            self.down.pop();
            if !self.down.is_empty() {
                sleep(KEY_GAP).await;
            }
        }
        Ok(())
    }

    async fn confirm(&mut self) -> Result<(), ClientError> {
        self.client.refresh_screen().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyboard::{find_layout, text_to_keystrokes};

    /// What is pressed (`+`) and released (`-`) for a text on a US keyboard, by the character of the key; `^` is Shift.
    fn events(text: &str, held: &mut Vec<Key>) -> String {
        let keystrokes = text_to_keystrokes(text, find_layout("us").unwrap(), KeyEncoding::Scancodes).unwrap();
        let name = |key: Key| if key == SHIFT { '^' } else { char::from(key.keysym as u8) };
        let mut said = String::new();
        for event in overlapped_events(&keystrokes, &held.clone()) {
            match event {
                KeyEvent::Press(key) => {
                    if !is_among(held, key) {
                        held.push(key);
                    }
                    said.extend(['+', name(key)]);
                }
                KeyEvent::Release(key) => {
                    held.retain(|down| down.scancode != key.scancode);
                    said.extend(['-', name(key)]);
                }
            }
        }
        said
    }

    #[test]
    fn keys_stay_down_but_the_last_one() {
        let mut held = Vec::new();
        assert_eq!(events("abcab", &mut held), "+a+b+c+a+b-b");
        assert_eq!(events("abBa", &mut held), "+a+b+^+B-^+a-a");
    }

    /// atkbd.c drops a second press of the key that went down last, for 125 ms.
    #[test]
    fn a_key_is_not_pressed_twice_at_once() {
        assert_eq!(events("aab", &mut Vec::new()), "+a-a+a+b-b");
        let mut held = Vec::new();
        assert_eq!(events("ab", &mut held), "+a+b-b");
        assert_eq!(events("cac", &mut held), "+c+a-c+c-c", "a is only repeated in between");
        assert_eq!(events("Dd", &mut Vec::new()), "+^+D-^+d-d");
        let mut held = Vec::new();
        assert_eq!(events("daD", &mut held), "+d+a+^+D-^-D", "the key of d is up, too");
        assert_eq!(events("dd", &mut held), "+d-d+d-d");
    }
}
