//! Whether what is on the screen is what is waited for: pure.

use std::time::Duration;

use tokio::time::Instant;

use super::condition::{Condition, Goal};
use crate::picture::{Picture, Similarity, compare};

/// Looks at one picture of the screen after another.
pub struct Look<'a> {
    condition: &'a Condition,
    /// What the screen has to look like, or not to, and since when it has.
    reference: Option<(Picture, Instant)>,
    /// What the last comparison said.
    pub last: Option<Similarity>,
}

/// What a look says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It is there.
    Met,
    /// It is not.
    NotYet,
    /// It is, at that time, if nothing changes until then.
    At(Instant),
}

impl<'a> Look<'a> {
    /// Has seen nothing yet.
    pub fn new(condition: &'a Condition) -> Self {
        Self { condition, reference: None, last: None }
    }

    /// What is waited for.
    pub fn goal(&self) -> &'a Goal {
        &self.condition.goal
    }

    /// Since when the screen stands still.
    fn still_since(&self) -> Option<Instant> {
        self.reference.as_ref().map(|(_, since)| *since)
    }

    /// Looks at what was on the screen at `now`. The first look gives the reference.
    pub fn at(&mut self, seen: Picture, now: Instant) -> Says {
        let Condition { goal, area, tolerance } = self.condition;
        let reference = match (goal, &self.reference) {
            (Goal::Image(image, _), _) => image,
            (_, Some((reference, _))) => reference,
            (_, None) => {
                self.reference = Some((seen, now));
                return self.so_far();
            }
        };
        let similarity = compare(reference, &seen, *area, *tolerance);
        self.last = Some(similarity);
        match goal {
            Goal::Image(..) if similarity.is_equal() => Says::Met,
            Goal::Change if !similarity.is_equal() => Says::Met,
            Goal::Still(_) if !similarity.is_equal() => {
                self.reference = Some((seen, now));
                self.so_far()
            }
            _ => self.so_far(),
        }
    }

    /// What is to be said while nothing changes.
    pub fn so_far(&self) -> Says {
        match (&self.condition.goal, &self.reference) {
            (Goal::Still(time), Some((_, since))) => Says::At(*since + *time),
            _ => Says::NotYet,
        }
    }

    /// What was seen instead, in words.
    pub fn told(&self, now: Instant) -> String {
        match (&self.condition.goal, self.last) {
            (Goal::Still(time), last) => {
                let since = self.still_since().map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
                let place = match last {
                    Some(Similarity::Pixels { first: Some((x, y)), .. }) => format!(", at {x},{y} among others"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Region;

    fn gray(values: [u8; 4]) -> Picture {
        Picture::new(2, 2, values.into_iter().flat_map(|value| [value; 3]).collect()).unwrap()
    }

    fn condition(goal: Goal) -> Condition {
        Condition { goal, area: None, tolerance: 2 }
    }

    #[test]
    fn a_change_is_one_beyond_the_tolerance_against_the_first_look() {
        let (now, condition) = (Instant::now(), condition(Goal::Change));
        let mut look = Look::new(&condition);
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
        let mut look = Look::new(&condition);
        assert_eq!(look.so_far(), Says::NotYet, "nothing has been seen");
        assert_eq!(look.at(gray([0; 4]), at(0)), Says::At(at(3)));
        assert_eq!(look.at(gray([0, 0, 0, 2]), at(1)), Says::At(at(3)), "within the tolerance");
        assert_eq!(look.at(gray([0, 0, 0, 3]), at(2)), Says::At(at(5)));
        assert_eq!(look.at(gray([0, 0, 0, 0]), at(4)), Says::At(at(7)), "back again is a change");
        let told = look.told(at(6));
        assert!(told.contains("for 3 s: it changed 2.0 s ago, at 1,1"), "{told}");
        // What drifts by less than the tolerance each time has changed in the end.
        let mut look = Look::new(&condition);
        let says: Vec<Says> = (0..4).map(|step| look.at(gray([step as u8; 4]), at(step))).collect();
        assert_eq!(says, [at(3), at(3), at(3), at(6)].map(Says::At));
    }

    #[test]
    fn a_picture_that_is_there_is_seen_at_once_within_its_area() {
        let now = Instant::now();
        let whole = condition(Goal::Image(gray([1, 2, 3, 40]), "a.png".to_owned()));
        assert_eq!(Look::new(&whole).at(gray([3, 2, 1, 42]), now), Says::Met);
        let mut look = Look::new(&whole);
        assert_eq!(look.at(gray([1, 2, 3, 43]), now), Says::NotYet);
        assert!(look.told(now).contains("a.png: 75.0 % of the pixels are equal; the first that differs is at 1,1"));
        let part = Condition { area: Some(Region { x: 0, y: 0, width: 2, height: 1 }), ..whole.clone() };
        assert_eq!(Look::new(&part).at(gray([1, 2, 99, 99]), now), Says::Met);
        let mut look = Look::new(&whole);
        assert_eq!(look.at(Picture::new(1, 3, vec![0; 9]).unwrap(), now), Says::NotYet);
        assert!(look.told(now).contains("it has 1x3 pixels, and the picture 2x2"), "{}", look.told(now));
    }
}
