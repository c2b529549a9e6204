//! Decides whether a screen meets a condition, from one picture after another: pure.

use std::time::Duration;

use tokio::time::Instant;

use super::picture_condition::{Goal, PictureCondition};
use super::text_cursor::is_text_cursor;
use super::verdict::Verdict;
use crate::picture::{Picture, Similarity, compare};

/// A blinking cursor comes or goes within this time: VGA's, Linux's and Windows' do so about twice a second or more often.
const BLINK_TIME: Duration = Duration::from_secs(1);

/// Compares each picture of the screen with the ones before.
pub(crate) struct ChangeDetector<'a> {
    condition: &'a PictureCondition,
    /// The picture that others are compared with, and the time since which the screen has looked like it.
    reference: Option<(Picture, Instant)>,
    /// What is known of a cursor that blinks, or may.
    blink: Option<Blink>,
    /// A change that may be a blink, and the time at which it was seen.
    suspect: Option<(Picture, Instant)>,
    /// The result of the last comparison.
    pub(crate) last: Option<Similarity>,
}

/// A screen that differs from the reference by its cursor.
struct Blink {
    picture: Picture,
    /// Whether it was seen last, and not the reference.
    is_shown: bool,
    /// Since when it has looked so.
    since: Instant,
}

impl<'a> ChangeDetector<'a> {
    pub(crate) fn new(condition: &'a PictureCondition) -> Self {
        Self { condition, reference: None, blink: None, suspect: None, last: None }
    }

    pub(crate) fn goal(&self) -> &'a Goal {
        &self.condition.goal
    }

    /// The time of the last change.
    fn still_since(&self) -> Option<Instant> {
        self.reference.as_ref().map(|(_, since)| *since)
    }

    /// Takes the picture that the screen showed at `now`. The first one is the reference.
    ///
    /// A blinking text cursor is no change: a screen that alternates between two pictures, which differ by a cursor, stands
    /// still while each of them stays for no longer than [`BLINK_TIME`].
    pub(crate) fn observe(&mut self, seen: Picture, now: Instant) -> Verdict<()> {
        if let Goal::Image(image, _) = &self.condition.goal {
            let similarity = self.compare(image, &seen);
            self.last = Some(similarity);
            return if similarity.is_equal() { Verdict::Done(()) } else { Verdict::NotYet };
        }
        let Some((reference, _)) = &self.reference else {
            self.reference = Some((seen, now));
            return self.verdict();
        };
        let similarity = self.compare(reference, &seen);
        let is_cursor = self.is_cursor(similarity, reference, &seen);
        let is_blink = self.blink.as_ref().is_some_and(|blink| self.compare(&blink.picture, &seen).is_equal());
        // The message about a screen that does not stand still names the last change, not the cursor after it.
        let is_change = !similarity.is_equal() && !is_blink && !is_cursor;
        if is_change || !matches!(self.condition.goal, Goal::Still(_)) {
            self.last = Some(similarity);
        }
        if similarity.is_equal() || is_blink {
            if let Some((picture, since)) = self.suspect.take() {
                self.blink = Some(Blink { picture, is_shown: true, since });
            }
            if self.has_blinked(is_blink && !similarity.is_equal(), now) {
                return self.verdict();
            }
        }
        match self.condition.goal {
            Goal::Change => match &self.suspect {
                Some((suspect, _)) if self.compare(suspect, &seen).is_equal() => self.verdict(),
                None if self.blink.is_none() && is_cursor => {
                    self.suspect = Some((seen, now));
                    self.verdict()
                }
                _ => Verdict::Done(()),
            },
            _ => {
                let before = self.reference.replace((seen, now)).filter(|_| is_cursor);
                if !similarity.is_equal() {
                    self.blink = before.map(|(picture, _)| Blink { picture, is_shown: false, since: now });
                }
                self.verdict()
            }
        }
    }

    /// Notes which picture of a blinking cursor is seen. Returns whether it has come at the pace of a cursor: one that comes or
    /// goes after a longer time has changed.
    fn has_blinked(&mut self, is_shown: bool, now: Instant) -> bool {
        let Some(blink) = self.blink.as_mut().filter(|blink| blink.is_shown != is_shown) else { return true };
        let time = now.saturating_duration_since(blink.since);
        (blink.is_shown, blink.since) = (is_shown, now);
        // `--change` has seen the pace before: its picture of the blink was back in time.
        time <= BLINK_TIME || matches!(self.condition.goal, Goal::Change)
    }

    fn is_cursor(&self, similarity: Similarity, reference: &Picture, seen: &Picture) -> bool {
        match similarity {
            Similarity::Pixels { differs: Some(part), .. } => {
                is_text_cursor(reference, seen, part, self.condition.tolerance)
            }
            _ => false,
        }
    }

    fn compare(&self, one: &Picture, other: &Picture) -> Similarity {
        compare(one, other, self.condition.area, self.condition.tolerance)
    }

    /// The verdict while nothing changes.
    pub(crate) fn verdict(&self) -> Verdict<()> {
        match (&self.condition.goal, &self.reference, &self.suspect) {
            (Goal::Still(time), Some((_, since)), _) => Verdict::NotBefore(*since + *time),
            (_, _, Some((_, since))) => Verdict::NotBefore(*since + BLINK_TIME),
            _ => Verdict::NotYet,
        }
    }

    /// Describes what was seen instead, for the error when the time limit has passed.
    pub(crate) fn describe(&self, now: Instant) -> String {
        match (&self.condition.goal, self.last) {
            (Goal::Still(time), last) => {
                let since = self.still_since().map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
                let place = match last {
                    Some(Similarity::Pixels { differs: Some(part), .. }) => format!(" in area {part}"),
                    _ => String::new(),
                };
                format!(
                    "the screen did not stand still for {} s: last change {:.1} s ago{place}",
                    time.as_secs_f64(),
                    since.as_secs_f64()
                )
            }
            (Goal::Change, _) => "the screen did not change".to_owned(),
            (Goal::Image(_, name), None) => format!("the screen was not compared with {name}"),
            (Goal::Image(_, name), Some(Similarity::Sizes((width, height), (own_width, own_height)))) => format!(
                "the screen does not look like {name}: it has {own_width}x{own_height} pixels, and the picture \
                 {width}x{height}"
            ),
            (Goal::Image(_, name), Some(similarity)) => {
                format!("the screen does not look like {name}: {similarity}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Rectangle;

    /// Four squares, each larger than a cursor.
    fn gray(values: [u8; 4]) -> Picture {
        let square = |x: usize, y: usize| values[y / 40 * 2 + x / 40];
        let pixels = (0..80).flat_map(|y| (0..80).flat_map(move |x| [square(x, y); 3])).collect();
        Picture::new(80, 80, pixels).unwrap()
    }

    fn condition(goal: Goal) -> PictureCondition {
        PictureCondition { goal, area: None, tolerance: 2 }
    }

    #[test]
    fn a_change_is_one_beyond_the_tolerance_against_the_first_look() {
        let (now, condition) = (Instant::now(), condition(Goal::Change));
        let mut detector = ChangeDetector::new(&condition);
        assert_eq!(detector.observe(gray([10; 4]), now), Verdict::NotYet, "the first is the reference");
        assert_eq!(detector.observe(gray([10, 12, 8, 10]), now), Verdict::NotYet);
        assert_eq!(detector.last.unwrap().share(), 1.0);
        assert_eq!(detector.observe(gray([10, 13, 8, 10]), now), Verdict::Done(()), "against the first, not the last");
        assert_eq!(detector.last.unwrap().share(), 0.75);
        assert_eq!(detector.observe(Picture::new(1, 1, vec![0; 3]).unwrap(), now), Verdict::Done(()), "another size");
    }

    #[test]
    fn standing_still_counts_from_the_last_change() {
        let (start, condition) = (Instant::now(), condition(Goal::Still(Duration::from_secs(3))));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut detector = ChangeDetector::new(&condition);
        assert_eq!(detector.verdict(), Verdict::NotYet, "nothing has been seen");
        assert_eq!(detector.observe(gray([0; 4]), at(0)), Verdict::NotBefore(at(3)));
        assert_eq!(detector.observe(gray([0, 0, 0, 2]), at(1)), Verdict::NotBefore(at(3)), "within the tolerance");
        assert_eq!(detector.observe(gray([0, 0, 0, 3]), at(2)), Verdict::NotBefore(at(5)));
        assert_eq!(detector.observe(gray([0, 0, 0, 0]), at(4)), Verdict::NotBefore(at(7)), "back again is a change");
        let described = detector.describe(at(6));
        assert!(described.contains("for 3 s: last change 2.0 s ago in area 40,40,40,40"), "{described}");
        // What drifts by less than the tolerance each time has changed in the end.
        let mut detector = ChangeDetector::new(&condition);
        let says: Vec<Verdict<()>> = (0..4).map(|step| detector.observe(gray([step as u8; 4]), at(step))).collect();
        assert_eq!(says, [at(3), at(3), at(3), at(6)].map(Verdict::NotBefore));
    }

    #[test]
    fn a_picture_that_is_there_is_seen_at_once_within_its_area() {
        let now = Instant::now();
        let whole = condition(Goal::Image(gray([1, 2, 3, 40]), "a.png".to_owned()));
        assert_eq!(ChangeDetector::new(&whole).observe(gray([3, 2, 1, 42]), now), Verdict::Done(()));
        let mut detector = ChangeDetector::new(&whole);
        assert_eq!(detector.observe(gray([1, 2, 3, 43]), now), Verdict::NotYet);
        assert!(
            detector.describe(now).contains("a.png: 75.0 % of the pixels are equal; what differs is in 40,40,40,40")
        );
        let part = PictureCondition { area: Some(Rectangle { x: 0, y: 0, width: 80, height: 40 }), ..whole.clone() };
        assert_eq!(ChangeDetector::new(&part).observe(gray([1, 2, 99, 99]), now), Verdict::Done(()));
        let mut detector = ChangeDetector::new(&whole);
        assert_eq!(detector.observe(Picture::new(1, 3, vec![0; 9]).unwrap(), now), Verdict::NotYet);
        assert!(
            detector.describe(now).contains("it has 1x3 pixels, and the picture 80x80"),
            "{}",
            detector.describe(now)
        );
    }

    /// A dark screen on which a cursor is at this column, or none.
    fn console(cursor: Option<usize>) -> Picture {
        let mut pixels = vec![0; 80 * 40 * 3];
        if let Some(column) = cursor {
            // The two lowest rows of a cell of 8 x 16.
            for row in 14..16 {
                pixels[(row * 80 + column * 8) * 3..][..8 * 3].fill(170);
            }
        }
        Picture::new(80, 40, pixels).unwrap()
    }

    /// A dark screen with `0` or `1` after `pass`, as a loop that prints its number shows it.
    fn pass(number: usize) -> Picture {
        const DIGITS: [[u8; 10]; 2] = [
            [0x7c, 0xc6, 0xc6, 0xce, 0xde, 0xf6, 0xe6, 0xc6, 0xc6, 0x7c],
            [0x18, 0x38, 0x78, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x7e],
        ];
        let is_light = |x: usize, y: usize| {
            (40..48).contains(&x) && (2..12).contains(&y) && DIGITS[number][y - 2] & (0x80 >> (x - 40)) != 0
        };
        let pixels = (0..40).flat_map(|y| (0..80).flat_map(move |x| [if is_light(x, y) { 170 } else { 0 }; 3]));
        Picture::new(80, 40, pixels.collect()).unwrap()
    }

    #[test]
    fn a_number_that_alternates_is_a_change_at_any_pace() {
        let (start, still, change) =
            (Instant::now(), condition(Goal::Still(Duration::from_secs(3))), condition(Goal::Change));
        let at = |tenths: u64| start + Duration::from_millis(tenths * 100);
        let mut detector = ChangeDetector::new(&still);
        for step in 0..9 {
            let verdict = detector.observe(pass(step as usize % 2), at(step * 3));
            assert_eq!(verdict, Verdict::NotBefore(at(step * 3 + 30)), "{step}");
        }
        let mut detector = ChangeDetector::new(&change);
        detector.observe(pass(0), at(0));
        assert_eq!(detector.observe(pass(1), at(3)), Verdict::Done(()));
    }

    #[test]
    fn a_cursor_that_blinks_is_no_change() {
        let (start, still) = (Instant::now(), condition(Goal::Still(Duration::from_secs(3))));
        let at = |tenths: u64| start + Duration::from_millis(tenths * 100);
        let mut detector = ChangeDetector::new(&still);
        detector.observe(console(Some(1)), at(0));
        assert_eq!(detector.observe(console(None), at(2)), Verdict::NotBefore(at(32)), "it may have gone for good");
        for tenths in [4, 8, 12, 16] {
            assert_eq!(detector.observe(console(Some(1)), at(tenths)), Verdict::NotBefore(at(32)));
            assert_eq!(detector.observe(console(None), at(tenths + 2)), Verdict::NotBefore(at(32)));
        }
        assert_eq!(detector.observe(console(Some(2)), at(20)), Verdict::NotBefore(at(50)), "it has moved");

        // A lamp that goes on and off each two seconds is none, and neither is a cursor that stays.
        let mut detector = ChangeDetector::new(&still);
        detector.observe(console(Some(1)), at(0));
        for tenths in [20, 60, 100] {
            assert_eq!(detector.observe(console(None), at(tenths)), Verdict::NotBefore(at(tenths + 30)));
            assert_eq!(detector.observe(console(Some(1)), at(tenths + 20)), Verdict::NotBefore(at(tenths + 50)));
        }
        assert_eq!(detector.observe(console(None), at(125)), Verdict::NotBefore(at(150)), "from here on it blinks");

        let change = condition(Goal::Change);
        let mut detector = ChangeDetector::new(&change);
        detector.observe(console(Some(1)), at(0));
        assert_eq!(
            detector.observe(console(None), at(2)),
            Verdict::NotBefore(at(12)),
            "a change, unless it goes back by then"
        );
        assert_eq!(detector.observe(console(Some(1)), at(4)), Verdict::NotYet);
        assert_eq!(detector.observe(console(None), at(6)), Verdict::NotYet);
        assert_eq!(detector.observe(console(Some(2)), at(7)), Verdict::Done(()), "it has moved");
        let mut detector = ChangeDetector::new(&change);
        detector.observe(console(None), at(0));
        detector.observe(console(Some(1)), at(2));
        assert_eq!(detector.observe(console(Some(3)), at(3)), Verdict::Done(()), "a third look");
        let mut detector = ChangeDetector::new(&change);
        detector.observe(gray([0; 4]), at(0));
        assert_eq!(
            detector.observe(gray([0, 0, 0, 9]), at(2)),
            Verdict::Done(()),
            "more than a cursor is a change at once"
        );
    }
}
