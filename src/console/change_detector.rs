//! Whether what is on the screen is what is waited for: pure.

use std::time::Duration;

use tokio::time::Instant;

use super::screen_condition::{Condition, Goal};
use crate::picture::{Picture, Similarity, compare};

/// A text cursor is no larger, in pixels on a side: fonts of consoles have up to 16 x 32.
const CURSOR: u16 = 32;

/// A blinking cursor has come back within this time. VGA's and Linux's do so several times a second.
const BLINK: Duration = Duration::from_secs(1);

/// Looks at one picture of the screen after another.
pub(crate) struct ChangeDetector<'a> {
    condition: &'a Condition,
    /// What the screen has to look like, or not to, and since when it has.
    reference: Option<(Picture, Instant)>,
    /// What the screen looks like when a cursor blinks, besides that.
    blink: Option<Picture>,
    /// A change that may be a blink, and since when it is there.
    suspect: Option<(Picture, Instant)>,
    /// What the last comparison said.
    pub(crate) last: Option<Similarity>,
}

/// What a look says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// It is there.
    Met,
    /// It is not.
    NotYet,
    /// It is, at that time, if nothing changes until then.
    At(Instant),
}

impl<'a> ChangeDetector<'a> {
    /// Has seen nothing yet.
    pub(crate) fn new(condition: &'a Condition) -> Self {
        Self { condition, reference: None, blink: None, suspect: None, last: None }
    }

    /// What is waited for.
    pub(crate) fn goal(&self) -> &'a Goal {
        &self.condition.goal
    }

    /// Since when the screen stands still.
    fn still_since(&self) -> Option<Instant> {
        self.reference.as_ref().map(|(_, since)| *since)
    }

    /// Looks at what was on the screen at `now`. The first look gives the reference.
    ///
    /// A text cursor that blinks is no change: a screen that only goes back and forth between two looks, which differ in
    /// no more than a cursor's place, stands still.
    pub(crate) fn at(&mut self, seen: Picture, now: Instant) -> Says {
        if let Goal::Image(image, _) = &self.condition.goal {
            let similarity = self.compared(image, &seen);
            self.last = Some(similarity);
            return if similarity.is_equal() { Says::Met } else { Says::NotYet };
        }
        let Some((reference, _)) = &self.reference else {
            self.reference = Some((seen, now));
            return self.so_far();
        };
        let similarity = self.compared(reference, &seen);
        self.last = Some(similarity);
        let is_blink = self.blink.as_ref().is_some_and(|blink| self.compared(blink, &seen).is_equal());
        if similarity.is_equal() || is_blink {
            if let Some((suspect, _)) = self.suspect.take() {
                self.blink = Some(suspect);
            }
            return self.so_far();
        }
        match self.condition.goal {
            Goal::Change => match &self.suspect {
                Some((suspect, _)) if self.compared(suspect, &seen).is_equal() => self.so_far(),
                None if self.blink.is_none() && is_small(similarity) => {
                    self.suspect = Some((seen, now));
                    self.so_far()
                }
                _ => Says::Met,
            },
            _ => {
                let before = self.reference.replace((seen, now)).map(|(before, _)| before);
                self.blink = before.filter(|_| is_small(similarity));
                self.so_far()
            }
        }
    }

    fn compared(&self, one: &Picture, other: &Picture) -> Similarity {
        compare(one, other, self.condition.area, self.condition.tolerance)
    }

    /// What is to be said while nothing changes.
    pub(crate) fn so_far(&self) -> Says {
        match (&self.condition.goal, &self.reference, &self.suspect) {
            (Goal::Still(time), Some((_, since)), _) => Says::At(*since + *time),
            (_, _, Some((_, since))) => Says::At(*since + BLINK),
            _ => Says::NotYet,
        }
    }

    /// What was seen instead, in words.
    pub(crate) fn told(&self, now: Instant) -> String {
        match (&self.condition.goal, self.last) {
            (Goal::Still(time), last) => {
                let since = self.still_since().map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
                let place = match last {
                    Some(Similarity::Pixels { differs: Some(part), .. }) => format!(", in {part}"),
                    _ => String::new(),
                };
                format!(
                    "the screen did not stand still for {} s: it changed {:.1} s ago{place}",
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

/// Whether no more differs than a text cursor has.
fn is_small(similarity: Similarity) -> bool {
    matches!(similarity, Similarity::Pixels { differs: Some(part), .. } if part.width <= CURSOR && part.height <= CURSOR)
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

    fn condition(goal: Goal) -> Condition {
        Condition { goal, area: None, tolerance: 2 }
    }

    #[test]
    fn a_change_is_one_beyond_the_tolerance_against_the_first_look() {
        let (now, condition) = (Instant::now(), condition(Goal::Change));
        let mut look = ChangeDetector::new(&condition);
        assert_eq!(look.at(gray([10; 4]), now), Says::NotYet, "the first is the reference");
        assert_eq!(look.at(gray([10, 12, 8, 10]), now), Says::NotYet);
        assert_eq!(look.last.unwrap().share(), 1.0);
        assert_eq!(look.at(gray([10, 13, 8, 10]), now), Says::Met, "against the first, not the last");
        assert_eq!(look.last.unwrap().share(), 0.75);
        assert_eq!(look.at(Picture::new(1, 1, vec![0; 3]).unwrap(), now), Says::Met, "another size");
    }

    #[test]
    fn standing_still_counts_from_the_last_change() {
        let (start, condition) = (Instant::now(), condition(Goal::Still(Duration::from_secs(3))));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut look = ChangeDetector::new(&condition);
        assert_eq!(look.so_far(), Says::NotYet, "nothing has been seen");
        assert_eq!(look.at(gray([0; 4]), at(0)), Says::At(at(3)));
        assert_eq!(look.at(gray([0, 0, 0, 2]), at(1)), Says::At(at(3)), "within the tolerance");
        assert_eq!(look.at(gray([0, 0, 0, 3]), at(2)), Says::At(at(5)));
        assert_eq!(look.at(gray([0, 0, 0, 0]), at(4)), Says::At(at(7)), "back again is a change");
        let told = look.told(at(6));
        assert!(told.contains("for 3 s: it changed 2.0 s ago, in 40,40,40,40"), "{told}");
        // What drifts by less than the tolerance each time has changed in the end.
        let mut look = ChangeDetector::new(&condition);
        let says: Vec<Says> = (0..4).map(|step| look.at(gray([step as u8; 4]), at(step))).collect();
        assert_eq!(says, [at(3), at(3), at(3), at(6)].map(Says::At));
    }

    #[test]
    fn a_picture_that_is_there_is_seen_at_once_within_its_area() {
        let now = Instant::now();
        let whole = condition(Goal::Image(gray([1, 2, 3, 40]), "a.png".to_owned()));
        assert_eq!(ChangeDetector::new(&whole).at(gray([3, 2, 1, 42]), now), Says::Met);
        let mut look = ChangeDetector::new(&whole);
        assert_eq!(look.at(gray([1, 2, 3, 43]), now), Says::NotYet);
        assert!(look.told(now).contains("a.png: 75.0 % of the pixels are equal; what differs is in 40,40,40,40"));
        let part = Condition { area: Some(Rectangle { x: 0, y: 0, width: 80, height: 40 }), ..whole.clone() };
        assert_eq!(ChangeDetector::new(&part).at(gray([1, 2, 99, 99]), now), Says::Met);
        let mut look = ChangeDetector::new(&whole);
        assert_eq!(look.at(Picture::new(1, 3, vec![0; 9]).unwrap(), now), Says::NotYet);
        assert!(look.told(now).contains("it has 1x3 pixels, and the picture 80x80"), "{}", look.told(now));
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

    #[test]
    fn a_cursor_that_blinks_is_no_change() {
        let (start, still) = (Instant::now(), condition(Goal::Still(Duration::from_secs(3))));
        let at = |tenths: u64| start + Duration::from_millis(tenths * 100);
        let mut look = ChangeDetector::new(&still);
        look.at(console(Some(1)), at(0));
        assert_eq!(look.at(console(None), at(2)), Says::At(at(32)), "it may have gone for good");
        for tenths in [4, 8, 12, 16] {
            assert_eq!(look.at(console(Some(1)), at(tenths)), Says::At(at(32)));
            assert_eq!(look.at(console(None), at(tenths + 2)), Says::At(at(32)));
        }
        assert_eq!(look.at(console(Some(2)), at(20)), Says::At(at(50)), "it has moved");

        let change = condition(Goal::Change);
        let mut look = ChangeDetector::new(&change);
        look.at(console(Some(1)), at(0));
        assert_eq!(look.at(console(None), at(2)), Says::At(at(12)), "a change, unless it goes back by then");
        assert_eq!(look.at(console(Some(1)), at(4)), Says::NotYet);
        assert_eq!(look.at(console(None), at(6)), Says::NotYet);
        assert_eq!(look.at(console(Some(2)), at(7)), Says::Met, "it has moved");
        let mut look = ChangeDetector::new(&change);
        look.at(console(None), at(0));
        look.at(console(Some(1)), at(2));
        assert_eq!(look.at(console(Some(3)), at(3)), Says::Met, "a third look");
        let mut look = ChangeDetector::new(&change);
        look.at(gray([0; 4]), at(0));
        assert_eq!(look.at(gray([0, 0, 0, 9]), at(2)), Says::Met, "more than a cursor is a change at once");
    }
}
