//! Decides when what a screen shows has lasted long enough to act on it.

use std::time::Duration;

use tokio::time::Instant;

use super::TICK;
use super::prompt_line::CursorPlace;
use crate::console::verdict::Verdict;

/// A blinking cursor is lit at least once within this time.
const BLINK_TIME: Duration = Duration::from_secs(1);

/// What something on the screen has to have before it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    /// The cursor: where it is never seen, nothing counts.
    pub(crate) cursor: bool,
    /// How long it has to last.
    pub(crate) time: Duration,
}

/// What was seen last.
pub(crate) struct Steady<T> {
    seen: Option<Seen<T>>,
}

struct Seen<T> {
    what: T,
    since: Instant,
    /// Whether the cursor was seen where it is to be.
    has_cursor: bool,
}

impl<T: PartialEq + Clone> Steady<T> {
    pub(crate) fn new() -> Self {
        Self { seen: None }
    }

    /// Takes what a read of the screen shows, and where its cursor is. It lasts if two reads show the same, and the cursor was
    /// behind it in one of them; or, where no cursor is ever seen, after a second.
    pub(crate) fn observe(&mut self, shown: Option<(T, CursorPlace)>, now: Instant) -> Verdict<T> {
        self.observe_with(shown, Demand::default(), now)
    }

    /// The same, and the demand must be met.
    pub(crate) fn observe_with(&mut self, shown: Option<(T, CursorPlace)>, demand: Demand, now: Instant) -> Verdict<T> {
        let Some((what, cursor)) = shown.filter(|(_, cursor)| *cursor != CursorPlace::Elsewhere) else {
            self.seen = None;
            return Verdict::NotYet;
        };
        let is_behind = cursor == CursorPlace::Behind;
        match self.seen.as_mut().filter(|seen| seen.what == what) {
            Some(seen) => {
                seen.has_cursor |= is_behind;
                let end = match seen.has_cursor {
                    true => seen.since + demand.time,
                    false if demand.cursor => return Verdict::NotYet,
                    false => seen.since + demand.time.max(BLINK_TIME),
                };
                if now >= end { Verdict::Done(what) } else { Verdict::NotBefore(end) }
            }
            None => {
                self.seen = Some(Seen { what, since: now, has_cursor: is_behind });
                Verdict::NotBefore(now + TICK)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lasts_when_two_reads_show_it_and_the_cursor() {
        use CursorPlace::{Behind, Elsewhere, Unseen};
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let observe = |looks: &[(Option<(&'static str, CursorPlace)>, u64)]| {
            let mut steady = Steady::new();
            looks.iter().map(|(shown, time)| steady.observe(*shown, at(*time))).collect::<Vec<_>>()
        };
        let both = observe(&[(Some(("a", Behind)), 0), (Some(("a", Unseen)), 9)]);
        assert_eq!(both, [Verdict::NotBefore(at(50)), Verdict::Done("a")]);
        let later = observe(&[(Some(("a", Unseen)), 0), (Some(("a", Unseen)), 50), (Some(("a", Behind)), 200)]);
        assert_eq!(later[1..], [Verdict::NotBefore(at(1000)), Verdict::Done("a")]);
        let never = observe(&[(Some(("a", Unseen)), 0), (Some(("a", Unseen)), 50), (Some(("a", Unseen)), 1000)]);
        assert_eq!(never[2], Verdict::Done("a"));
        // Something else, or a cursor elsewhere, begins anew.
        let other = observe(&[(Some(("a", Behind)), 0), (Some(("b", Behind)), 9), (Some(("a", Behind)), 20)]);
        assert_eq!(other[1..], [Verdict::NotBefore(at(59)), Verdict::NotBefore(at(70))]);
        let away = observe(&[
            (Some(("a", Behind)), 0),
            (Some(("a", Elsewhere)), 9),
            (Some(("a", Behind)), 20),
            (None, 30),
            (Some(("a", Behind)), 40),
        ]);
        assert!(!away.contains(&Verdict::Done("a")), "{away:?}");
    }

    #[test]
    fn a_demand_must_be_met() {
        use CursorPlace::{Behind, Unseen};
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let observe = |demand, looks: &[(CursorPlace, u64)]| {
            let mut steady = Steady::new();
            let looks = looks.iter();
            looks.map(|(cursor, time)| steady.observe_with(Some(("a", *cursor)), demand, at(*time))).collect::<Vec<_>>()
        };
        let cursor = Demand { cursor: true, ..Demand::default() };
        let never = observe(cursor, &[(Unseen, 0), (Unseen, 50), (Unseen, 90_000)]);
        assert_eq!(never, [Verdict::NotBefore(at(50)), Verdict::NotYet, Verdict::NotYet]);
        assert_eq!(observe(cursor, &[(Unseen, 0), (Behind, 50)])[1], Verdict::Done("a"));
        let long = Demand { cursor: true, time: Duration::from_secs(3) };
        let lasts = observe(long, &[(Behind, 0), (Unseen, 50), (Behind, 2999), (Unseen, 3000)]);
        assert_eq!(lasts[1..3], [Verdict::NotBefore(at(3000)), Verdict::NotBefore(at(3000))]);
        assert_eq!(lasts[3], Verdict::Done("a"));
    }
}
