//! Decides when what a screen shows has lasted long enough to act on it.

use std::time::Duration;

use tokio::time::Instant;

use super::TICK;
use super::prompt_line::CursorPlace;
use crate::console::verdict::Verdict;

/// A blinking cursor is lit at least once within this time.
const BLINK_TIME: Duration = Duration::from_secs(1);

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
        let Some((what, cursor)) = shown.filter(|(_, cursor)| *cursor != CursorPlace::Elsewhere) else {
            self.seen = None;
            return Verdict::NotYet;
        };
        let is_behind = cursor == CursorPlace::Behind;
        match self.seen.as_mut().filter(|seen| seen.what == what) {
            Some(seen) => {
                seen.has_cursor |= is_behind;
                let end = seen.since + BLINK_TIME;
                if seen.has_cursor || now >= end { Verdict::Done(what) } else { Verdict::NotBefore(end) }
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
}
