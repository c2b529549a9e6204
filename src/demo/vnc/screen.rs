//! What a client has asked for, and what is due to it: pure. RFC 6143, section 7.5.3.

use super::area::Area;
use super::message::ClientMessage;
use super::test_card::{CHANGING, TestCard};
use crate::rfb::PixelFormat;

/// More rectangles than this in one answer become one around them all.
const MOST_AREAS: usize = 64;

/// A picture and one client's view of it.
#[derive(Debug)]
pub struct Screen {
    /// The picture.
    pub card: TestCard,
    /// How this client wants it.
    pub format: PixelFormat,
    /// What the client has not seen in its present state.
    stale: Vec<Area>,
    /// To be answered at once, changed or not.
    asked: Option<Vec<Area>>,
    /// To be answered when something in it changes.
    waiting: Option<Area>,
}

impl Screen {
    /// A picture that the client has seen nothing of.
    pub fn new(card: TestCard) -> Self {
        Self { card, format: PixelFormat::NATIVE, stale: vec![Area::ALL], asked: None, waiting: None }
    }

    /// What a message does.
    pub fn take(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::SetPixelFormat(format) => self.format = format,
            ClientMessage::UpdateRequest { incremental: false, area } => self.asked = Some(area.into_iter().collect()),
            ClientMessage::UpdateRequest { incremental: true, area } => {
                // The RFC lets one answer serve several requests, so those of a client that tiles are one.
                self.waiting = match (self.waiting, area) {
                    (Some(waiting), Some(area)) => Some(waiting.around(area)),
                    (waiting, area) => waiting.or(area),
                };
            }
            ClientMessage::Key { down: true, keysym } => {
                self.card.press(keysym);
                self.stale = self.stale.iter().flat_map(|area| area.without(CHANGING)).chain([CHANGING]).collect();
                self.bound();
            }
            ClientMessage::Key { down: false, .. } | ClientMessage::Ignored => {}
        }
    }

    /// The areas to send now. `Some` of none is an answer as well: to a request for nothing inside the picture, which
    /// a client may wait for.
    pub fn due(&mut self) -> Option<Vec<Area>> {
        let areas = self.asked.take().or_else(|| {
            let waiting = self.waiting?;
            let changed: Vec<_> = self.stale.iter().filter_map(|area| area.common(waiting)).collect();
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

    fn bound(&mut self) {
        if self.stale.len() > MOST_AREAS {
            self.stale = self.stale.iter().copied().reduce(Area::around).into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: u16, top: u16, right: u16, bottom: u16) -> Area {
        Area { left, top, right, bottom }
    }

    /// A screen the client has seen all of.
    fn seen() -> Screen {
        let mut screen = Screen::new(TestCard::new("i-1"));
        ask(&mut screen, false, Area::ALL);
        assert_eq!(screen.due(), Some(vec![Area::ALL]));
        screen
    }

    fn ask(screen: &mut Screen, incremental: bool, area: Area) {
        screen.take(ClientMessage::UpdateRequest { incremental, area: Some(area) });
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
        screen.take(ClientMessage::UpdateRequest { incremental: false, area: None });
        assert_eq!(screen.due(), Some(vec![]));
    }

    #[test]
    fn the_first_incremental_request_gets_what_the_client_never_saw() {
        let mut screen = Screen::new(TestCard::new("i-1"));
        ask(&mut screen, true, Area::ALL);
        assert_eq!(screen.due(), Some(vec![Area::ALL]));
    }

    #[test]
    fn an_incremental_request_waits_for_a_key_to_go_down() {
        let mut screen = seen();
        ask(&mut screen, true, Area::ALL);
        assert_eq!(screen.due(), None);
        key(&mut screen, false);
        assert_eq!(screen.due(), None);
        key(&mut screen, true);
        assert_eq!(screen.due(), Some(vec![CHANGING]));
        key(&mut screen, true);
        assert_eq!(screen.due(), None, "one request, one answer");
        ask(&mut screen, true, Area::ALL);
        assert_eq!(screen.due(), Some(vec![CHANGING]), "what changed in between is not lost");
        ask(&mut screen, true, Area::ALL);
        assert_eq!(screen.due(), None);
    }

    #[test]
    fn an_incremental_request_elsewhere_stays_open() {
        let mut screen = seen();
        ask(&mut screen, true, area(0, 0, 640, 284));
        key(&mut screen, true);
        assert_eq!(screen.due(), None);
        ask(&mut screen, true, area(0, 280, 20, 290));
        assert_eq!(screen.due(), Some(vec![area(16, 284, 632, 290)]), "both are one, in the bounds of both");
        ask(&mut screen, true, Area::ALL);
        assert_eq!(screen.due(), Some(vec![area(16, 290, 632, 380)]), "and only the rest is new");
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
        ask(&mut screen, true, Area::ALL);
        assert!(screen.due().is_some_and(|areas| (1..=MOST_AREAS).contains(&areas.len())));
    }
}
