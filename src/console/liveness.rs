//! Whether a guest still reacts: does NumLock reach its LED, and does the screen move by itself.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::command_error::CommandError;
use crate::console::connection::ConsoleClient;
use crate::console::remote_screen::RemoteScreen;
use crate::keyboard::{KeyAction, NUM_LOCK};
use crate::picture::Rectangle;
use crate::rfb::{Client, ClientError, Event};

/// How long the screen is watched. Cursors blink twice a second or faster.
const WATCH_TIME: Duration = Duration::from_millis(1500);

/// How long a guest may take to light a LED, or to put it out.
const LED_TIMEOUT: Duration = Duration::from_secs(2);

/// So many changes of the LEDs without a key are blinking. One may be a person's key or the guest that sets its own state. Linux
/// changes them five times a second after a panic. Source: kernel/panic.c, PANIC_BLINK_SPD.
const MIN_BLINKS: usize = 2;

/// A cursor and the tile around it that a server sends, in pixels: more than that is not a cursor.
const MAX_CURSOR: u16 = 64;

/// Heights of the screens of VGA text modes. Their cursor blinks even if the guest is dead.
const TEXT_MODE_HEIGHTS: [u16; 3] = [350, 400, 480];
const TEXT_MODE_WIDTHS: [u16; 2] = [640, 720];

/// What a guest does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Liveness {
    /// It reacts, whatever it waits for.
    Idle,
    /// It does not react to a key that its kernel answers, and nothing moves.
    Frozen,
    /// The console does not send the LEDs, and nothing moves.
    Unknown,
}

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    /// Whether NumLock changed its LED; `None` if the console does not send LEDs.
    pub(crate) num_lock: Option<bool>,
    /// Whether LEDs changed without a key, as they do after a panic.
    pub(crate) leds_blink: bool,
    /// Whether a small part of the screen changed, such as a cursor.
    pub(crate) blinks: bool,
    /// Whether a larger part of the screen changed.
    pub(crate) moves: bool,
    /// Whether the machine itself draws the cursor, and not the guest.
    pub(crate) is_text_mode: bool,
}

impl Liveness {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Frozen => "frozen",
            Self::Unknown => "unknown",
        }
    }
}

impl Probe {
    pub(crate) fn liveness(self) -> Liveness {
        let lives = self.moves || self.blinks && !self.is_text_mode;
        match self.num_lock {
            _ if self.leds_blink && !self.moves => Liveness::Frozen,
            Some(true) => Liveness::Idle,
            _ if lives => Liveness::Idle,
            Some(false) => Liveness::Frozen,
            None => Liveness::Unknown,
        }
    }
}

/// Watches the screen, and presses NumLock twice: the second time puts it back.
pub(crate) async fn probe(screen: &mut RemoteScreen) -> Result<Probe, CommandError> {
    let size = screen.client.screen().bounds();
    let mut seen = Seen::default();
    watch(screen, WATCH_TIME, &mut seen, |_| false).await?;
    let (leds_blink, blinks, moves) = (seen.leds_blink(), seen.has_small, seen.has_large);
    let is_text_mode = TEXT_MODE_HEIGHTS.contains(&size.height) && TEXT_MODE_WIDTHS.contains(&size.width);
    let probe = Probe { num_lock: None, leds_blink, blinks, moves, is_text_mode };
    let Some(before) = screen.client.leds().filter(|_| !leds_blink) else { return Ok(probe) };
    let press = [KeyAction::Press(vec![NUM_LOCK])];
    screen.press_keys(&press, false).await?;
    let is_changed = |client: &ConsoleClient| client.leds().is_some_and(|leds| leds.num_lock != before.num_lock);
    watch(screen, LED_TIMEOUT, &mut seen, is_changed).await?;
    let answers = is_changed(&screen.client);
    screen.press_keys(&press, false).await?;
    if answers {
        watch(screen, LED_TIMEOUT, &mut seen, |client| !is_changed(client)).await?;
    }
    Ok(Probe { num_lock: Some(answers), ..probe })
}

/// What a watch has seen.
#[derive(Default)]
struct Seen {
    /// The number of changes of the LEDs.
    leds: usize,
    has_small: bool,
    has_large: bool,
}

impl Seen {
    fn leds_blink(&self) -> bool {
        self.leds >= MIN_BLINKS
    }
}

/// Reads the console's messages for a time, or until something is true.
async fn watch(
    screen: &mut RemoteScreen,
    time: Duration,
    seen: &mut Seen,
    is_done: impl Fn(&ConsoleClient) -> bool,
) -> Result<(), CommandError> {
    let watching = watch_client(&mut screen.client, seen, is_done);
    match timeout(time, watching).await {
        Ok(Err(error)) => Err(screen.explain(error).await),
        Ok(Ok(())) | Err(_) => Ok(()),
    }
}

async fn watch_client<S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut Client<S>,
    seen: &mut Seen,
    is_done: impl Fn(&Client<S>) -> bool,
) -> Result<(), ClientError> {
    let mut leds = client.leds();
    while !is_done(client) {
        if !client.has_open_request() {
            client.request_changes().await?;
        }
        match client.next_event().await? {
            Event::Update { damage: Some(Rectangle { width, height, .. }) } => {
                let is_small = width <= MAX_CURSOR && height <= MAX_CURSOR;
                *(if is_small { &mut seen.has_small } else { &mut seen.has_large }) = true;
            }
            Event::Resized => seen.has_large = true,
            Event::Leds(now) => {
                // The first message tells the state, and is no change.
                seen.leds += usize::from(leds.is_some_and(|before| before != now));
                leds = Some(now);
            }
            Event::Update { damage: None } | Event::Bell | Event::Cursor => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;
    use crate::rfb::ClientOptions;

    #[test]
    fn a_guest_is_frozen_only_if_nothing_lives() {
        let nothing = Probe { num_lock: None, leds_blink: false, blinks: false, moves: false, is_text_mode: false };
        for (probe, expected) in [
            (nothing, Liveness::Unknown),
            (Probe { num_lock: Some(true), ..nothing }, Liveness::Idle),
            (Probe { num_lock: Some(false), ..nothing }, Liveness::Frozen),
            (Probe { num_lock: Some(false), moves: true, ..nothing }, Liveness::Idle),
            (Probe { num_lock: Some(false), blinks: true, ..nothing }, Liveness::Idle),
            // The VGA draws that cursor by itself.
            (Probe { num_lock: Some(false), blinks: true, is_text_mode: true, ..nothing }, Liveness::Frozen),
            (Probe { blinks: true, is_text_mode: true, ..nothing }, Liveness::Unknown),
            (Probe { blinks: true, ..nothing }, Liveness::Idle),
            (Probe { leds_blink: true, blinks: true, ..nothing }, Liveness::Frozen),
            (Probe { leds_blink: true, moves: true, ..nothing }, Liveness::Idle),
        ] {
            assert_eq!(probe.liveness(), expected, "{probe:?}");
        }
    }

    #[test]
    fn one_change_of_the_leds_is_no_blinking() {
        let blink = |leds| Seen { leds, ..Seen::default() }.leds_blink();
        assert_eq!([0, 1, 2, 7].map(blink), [false, false, true, true]);
    }

    /// A session with a server whose screen is 1024x768, and the server's end.
    async fn session() -> (Client<DuplexStream>, DuplexStream) {
        // Room for a whole screen, which is said before the client reads.
        let (near, mut far) = duplex(4 << 20);
        // RFC 6143, sections 7.1.1 to 7.3.2: 32 bits a pixel, and no name.
        let init = [[4, 0, 3, 0], [32, 24, 0, 1], [0, 255, 0, 255], [0, 255, 16, 8], [0; 4], [0; 4]].concat();
        far.write_all(&[&b"RFB 003.008\n\x01\x01\0\0\0\0"[..], &init].concat()).await.unwrap();
        let client = Client::connect(near, &ClientOptions::default()).await.unwrap();
        far.read_exact(&mut [0; 14]).await.unwrap();
        (client, far)
    }

    /// An update with one rectangle. RFC 6143, section 7.6.1.
    fn update([width, height]: [u16; 2], encoding: i32, bytes: &[u8]) -> Vec<u8> {
        let area = [0, 0, width, height].map(u16::to_be_bytes).concat();
        [&[0, 0, 0, 1][..], &area, &encoding.to_be_bytes(), bytes].concat()
    }

    /// The LEDs: 1 is ScrollLock, 2 is NumLock. rfbproto.rst, "QEMU LED State Pseudo-encoding".
    fn leds(bits: u8) -> Vec<u8> {
        update([0, 0], -261, &[bits])
    }

    fn black([width, height]: [u16; 2]) -> Vec<u8> {
        update([width, height], 0, &vec![0; 4 * usize::from(width) * usize::from(height)])
    }

    /// What a watch sees of a server that says all this and closes, or of which it has seen enough.
    async fn watched(said: &[Vec<u8>], is_done: impl Fn(&Client<DuplexStream>) -> bool) -> (Seen, bool) {
        let (mut client, mut far) = session().await;
        far.write_all(&said.concat()).await.unwrap();
        far.shutdown().await.unwrap();
        let mut seen = Seen::default();
        let end = watch_client(&mut client, &mut seen, is_done).await;
        (seen, end.is_ok())
    }

    #[tokio::test]
    async fn changes_of_the_leds_are_counted_and_their_first_state_is_none() {
        for (bits, changes) in
            [(&[0][..], 0), (&[2], 0), (&[2, 2, 2], 0), (&[0, 2], 1), (&[2, 0, 2, 0], 3), (&[0, 1, 3], 2)]
        {
            let said: Vec<Vec<u8>> = bits.iter().map(|bits| leds(*bits)).collect();
            let (seen, is_answered) = watched(&said, |_| false).await;
            assert_eq!(
                (seen.leds, seen.has_small, seen.has_large, is_answered),
                (changes, false, false, false),
                "{bits:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_watch_ends_with_the_answer_to_the_key() {
        let is_lit = |client: &Client<DuplexStream>| client.leds().is_some_and(|leds| leds.num_lock);
        let rest = black([200, 100]);
        let (seen, is_answered) = watched(&[leds(0), leds(2), rest.clone()], is_lit).await;
        assert_eq!((seen.leds, seen.has_large, is_answered), (1, false, true), "what comes later is not waited for");
        // Another LED is no answer, and a dead guest gives none.
        for said in [vec![leds(0), leds(1), rest.clone()], vec![rest]] {
            let (seen, is_answered) = watched(&said, is_lit).await;
            assert_eq!((seen.has_large, is_answered), (true, false));
        }
    }

    #[tokio::test]
    async fn a_cursor_is_told_from_what_moves() {
        for (size, is_small) in
            [([8, 16], true), ([64, 64], true), ([65, 16], false), ([8, 65], false), ([1024, 768], false)]
        {
            let (seen, _) = watched(&[black(size)], |_| false).await;
            assert_eq!((seen.has_small, seen.has_large), (is_small, !is_small), "{size:?}");
        }
    }
}
