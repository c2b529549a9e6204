//! What a client has asked for, and what is due to it: pure. RFC 6143, section 7.5.3.

use chrono::{DateTime, TimeDelta, Utc};

use super::keyboard::Code;
use super::message::ClientMessage;
use super::shared_card::SharedCard;
use crate::picture::Rectangle;
use crate::rfb::PixelFormat;

/// More rectangles than this in one answer become one around them all.
const MOST_AREAS: usize = 64;

/// A picture and one client's view of it.
#[derive(Debug)]
pub(crate) struct Screen {
    /// The picture.
    pub(crate) card: SharedCard,
    /// How this client wants it.
    pub(crate) format: PixelFormat,
    all: Rectangle,
    typing: Rectangle,
    clock: Option<Rectangle>,
    /// The second that the clock shows.
    second: i64,
    /// What the client has not seen in its present state.
    stale: Vec<Rectangle>,
    /// To be answered at once, changed or not.
    asked: Option<Vec<Rectangle>>,
    /// To be answered when something in it changes.
    waiting: Option<Rectangle>,
    /// Whether the client has offered QEMU Extended Key Events, and whether it was told that they are taken.
    extended_keys: (bool, bool),
}

impl Screen {
    /// A picture that the client has seen nothing of.
    pub(crate) fn new(card: SharedCard) -> Self {
        let (all, typing, clock) = {
            let card = card.lock();
            (card.all(), card.typing(), card.clock())
        };
        Self {
            card,
            format: PixelFormat::NATIVE,
            all,
            typing,
            clock,
            second: 0,
            stale: vec![all],
            asked: None,
            waiting: None,
            extended_keys: (false, false),
        }
    }

    /// Its size in pixels.
    pub(crate) fn size(&self) -> (u16, u16) {
        (self.all.width, self.all.height)
    }

    /// What a message does.
    pub(crate) fn take(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::SetPixelFormat(format) => self.format = format,
            ClientMessage::Encodings { extended_keys } => self.extended_keys.0 |= extended_keys,
            ClientMessage::UpdateRequest { incremental: false, area } => {
                self.asked = Some(area.intersection(self.all).into_iter().collect());
            }
            ClientMessage::UpdateRequest { incremental: true, area } => {
                // The RFC lets one answer serve several requests, so those of a client that tiles are one.
                self.waiting = match (self.waiting, area.intersection(self.all)) {
                    (Some(waiting), Some(area)) => Some(waiting.union(area)),
                    (waiting, area) => waiting.or(area),
                };
            }
            ClientMessage::Key { down, keysym } => self.key(Code::Keysym(keysym), down),
            ClientMessage::ExtendedKey { down, scancode } => self.key(Code::Scancode(scancode), down),
            ClientMessage::Ignored => {}
        }
    }

    fn key(&mut self, code: Code, down: bool) {
        self.card.lock().key(code, down);
        if down {
            self.spoil(self.typing);
        }
    }

    /// The clock goes on to this time.
    pub(crate) fn tick(&mut self, now: DateTime<Utc>) {
        if let Some(clock) = self.clock.filter(|_| now.timestamp() != self.second) {
            self.second = now.timestamp();
            self.spoil(clock);
        }
    }

    /// How long after `now` the picture changes by itself in what the client waits for, if it does.
    pub(crate) fn next_tick(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.clock?.intersection(self.waiting?)?;
        Some(TimeDelta::milliseconds(1000 - i64::from(now.timestamp_subsec_millis().min(999))))
    }

    /// Whether the client is to be told, once, that Extended Key Events are taken.
    pub(crate) fn is_to_be_told_of_keys(&mut self) -> bool {
        let (offered, told) = self.extended_keys;
        self.extended_keys.1 = offered;
        offered && !told
    }

    /// The areas to send now. `Some` of none is an answer as well: to a request for nothing inside the picture, which
    /// a client may wait for.
    pub(crate) fn due(&mut self) -> Option<Vec<Rectangle>> {
        let areas = self.asked.take().or_else(|| {
            let waiting = self.waiting?;
            let changed: Vec<_> = self.stale.iter().filter_map(|area| area.intersection(waiting)).collect();
            if changed.is_empty() {
                return None;
            }
            self.waiting = None;
            Some(changed)
        })?;
        for &sent in &areas {
            self.stale = self.stale.iter().flat_map(|area| area.without(sent)).collect();
        }
        self.bound();
        Some(areas)
    }

    /// The client has to be shown this anew.
    fn spoil(&mut self, area: Rectangle) {
        self.stale = self.stale.iter().flat_map(|stale| stale.without(area)).chain([area]).collect();
        self.bound();
    }

    fn bound(&mut self) {
        if self.stale.len() > MOST_AREAS {
            self.stale = self.stale.iter().copied().reduce(Rectangle::union).into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;
    use crate::demo::vnc::test_card::{Kind, TestCard};

    const ALL: Rectangle = area(0, 0, 640, 400);
    const TYPING: Rectangle = area(16, 284, 624, 384);

    fn new() -> Screen {
        Screen::new(SharedCard::new(TestCard::new(Kind::Linux, "i-1", "")))
    }

    const fn area(left: u16, top: u16, right: u16, bottom: u16) -> Rectangle {
        Rectangle { x: left, y: top, width: right - left, height: bottom - top }
    }

    /// A screen the client has seen all of.
    fn seen() -> Screen {
        let mut screen = new();
        ask(&mut screen, false, ALL);
        assert_eq!(screen.due(), Some(vec![ALL]));
        screen
    }

    fn ask(screen: &mut Screen, incremental: bool, area: Rectangle) {
        screen.take(ClientMessage::UpdateRequest { incremental, area });
    }

    fn key(screen: &mut Screen, down: bool) {
        screen.take(ClientMessage::Key { down, keysym: 0x61 });
    }

    #[test]
    fn a_full_request_is_answered_each_time() {
        let mut screen = seen();
        for _ in 0..2 {
            ask(&mut screen, false, area(1, 2, 3, 4));
            assert_eq!(screen.due(), Some(vec![area(1, 2, 3, 4)]));
            assert_eq!(screen.due(), None);
        }
        screen.take(ClientMessage::UpdateRequest { incremental: false, area: area(5, 5, 5, 9) });
        assert_eq!(screen.due(), Some(vec![]));
    }

    #[test]
    fn the_first_incremental_request_gets_what_the_client_never_saw() {
        let mut screen = new();
        ask(&mut screen, true, ALL);
        assert_eq!(screen.due(), Some(vec![ALL]));
    }

    #[test]
    fn an_incremental_request_waits_for_a_key_to_go_down() {
        let mut screen = seen();
        ask(&mut screen, true, ALL);
        assert_eq!(screen.due(), None);
        key(&mut screen, false);
        assert_eq!(screen.due(), None);
        key(&mut screen, true);
        assert_eq!(screen.due(), Some(vec![TYPING]));
        key(&mut screen, true);
        assert_eq!(screen.due(), None, "one request, one answer");
        ask(&mut screen, true, ALL);
        assert_eq!(screen.due(), Some(vec![TYPING]), "what changed in between is not lost");
        ask(&mut screen, true, ALL);
        assert_eq!(screen.due(), None);
    }

    #[test]
    fn an_incremental_request_elsewhere_stays_open() {
        let mut screen = seen();
        ask(&mut screen, true, area(0, 0, 640, 284));
        key(&mut screen, true);
        assert_eq!(screen.due(), None);
        ask(&mut screen, true, area(0, 280, 20, 290));
        assert_eq!(screen.due(), Some(vec![area(16, 284, 624, 290)]), "both are one, in the bounds of both");
        ask(&mut screen, true, ALL);
        assert_eq!(screen.due(), Some(vec![area(16, 290, 624, 384)]), "and only the rest is new");
    }

    #[test]
    fn a_client_that_picks_single_pixels_costs_no_memory() {
        let mut screen = seen();
        key(&mut screen, true);
        for n in 0..10_000 {
            ask(&mut screen, false, area(16 + n % 600, 284 + n % 90, 17 + n % 600, 285 + n % 90));
            assert_eq!(screen.due().map(|areas| areas.len()), Some(1));
            assert!(screen.stale.len() <= MOST_AREAS);
        }
        ask(&mut screen, true, ALL);
        assert!(screen.due().is_some_and(|areas| (1..=MOST_AREAS).contains(&areas.len())));
    }

    #[test]
    fn the_clock_is_news_only_to_a_client_that_waits_for_it() {
        let time = |second| Utc.with_ymd_and_hms(2026, 11, 25, 10, 12, second).unwrap();
        let clock = TestCard::new(Kind::Linux, "i-1", "").clock().unwrap();
        let mut screen = new();
        screen.tick(time(0));
        assert_eq!(screen.next_tick(time(0)), None, "nobody has asked");
        ask(&mut screen, false, ALL);
        assert_eq!(screen.due(), Some(vec![ALL]));
        ask(&mut screen, true, area(0, 0, 640, 200));
        assert_eq!(screen.next_tick(time(0)), None, "nor for the clock");
        ask(&mut screen, true, ALL);
        assert_eq!(screen.next_tick(time(0) + TimeDelta::milliseconds(300)), Some(TimeDelta::milliseconds(700)));
        screen.tick(time(0));
        assert_eq!(screen.due(), None, "still the same second");
        screen.tick(time(1));
        assert_eq!(screen.due(), Some(vec![clock]));
        assert_eq!(screen.next_tick(time(1)), None, "one request, one answer");
        screen.tick(time(2));
        ask(&mut screen, true, ALL);
        assert_eq!(screen.due(), Some(vec![clock]), "what has passed meanwhile is not lost");

        let mut still = Screen::new(SharedCard::new(TestCard::new(Kind::Windows, "i-1", "")));
        ask(&mut still, false, area(0, 0, 2000, 2000));
        assert_eq!(still.due(), Some(vec![area(0, 0, 1024, 768)]));
        ask(&mut still, true, ALL);
        still.tick(time(9));
        assert_eq!((still.next_tick(time(0)), still.due()), (None, None));
    }

    #[test]
    fn who_offers_extended_keys_is_told_once() {
        let mut screen = new();
        let mut offer = |extended_keys| {
            screen.take(ClientMessage::Encodings { extended_keys });
            screen.is_to_be_told_of_keys()
        };
        assert_eq!([false, true, true, false, true].map(&mut offer), [false, true, false, false, false]);
        screen.take(ClientMessage::ExtendedKey { down: true, scancode: 0x1e });
        ask(&mut screen, true, TYPING);
        assert_eq!(screen.due(), Some(vec![TYPING]));
    }
}
