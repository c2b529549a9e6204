//! Decides whether a screen shows a text, from one read after another. A frame may be taken while the guest draws: what counts
//! must stand in two reads, one after the other.

use super::pattern::Pattern;
use super::rows::TextRows;
use super::text_match::{TextMatch, find_matches};
use crate::command_error::CommandError;
use crate::picture::Rectangle;
use crate::screen_text::{Screen, ScreenKind};

/// What a screen is to show.
#[derive(Clone, Debug)]
pub(crate) struct TextCondition {
    pub(crate) goal: TextGoal,
    /// What ends the wait as a failure.
    pub(crate) failures: Vec<Pattern>,
    /// The part that is looked at, in cells; `None` is the whole screen.
    pub(crate) area: Option<Rectangle>,
}

#[derive(Clone, Debug)]
pub(crate) enum TextGoal {
    /// A row matches.
    Shows(Pattern),
    /// The screen is text or blank, and no row matches.
    ShowsNot(Pattern),
}

/// What a screen shows so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The condition is met; with the match that is lowest on the screen, where one is waited for.
    Met(Option<TextMatch>),
    /// A text that is a failure.
    Failed(TextMatch),
    /// One of these, if the next read has it too.
    Unsure,
    NotYet,
}

/// Compares each read with the one before.
pub(crate) struct TextMatcher<'a> {
    condition: &'a TextCondition,
    before: Option<Read>,
}

/// What a read has.
struct Read {
    wanted: Vec<TextMatch>,
    failures: Vec<TextMatch>,
    /// Whether the screen is text or blank.
    is_readable: bool,
}

impl<'a> TextMatcher<'a> {
    pub(crate) fn new(condition: &'a TextCondition) -> Self {
        Self { condition, before: None }
    }

    /// Takes the next read. An area that is not inside the screen is an error.
    pub(crate) fn observe(&mut self, screen: &Screen) -> Result<Sight, CommandError> {
        let rows = TextRows::new(screen, self.condition.area)?;
        let (TextGoal::Shows(pattern) | TextGoal::ShowsNot(pattern)) = &self.condition.goal;
        let failures = self.condition.failures.iter().flat_map(|pattern| find_matches(pattern, &rows)).collect();
        let is_readable = matches!(screen.kind, ScreenKind::Text | ScreenKind::Blank);
        let now = Read { wanted: find_matches(pattern, &rows), failures, is_readable };
        let sight = self.compare(&now);
        self.before = Some(now);
        Ok(sight)
    }

    fn compare(&self, now: &Read) -> Sight {
        let before = self.before.as_ref();
        if let Some(failure) = before.and_then(|before| standing(&before.failures, &now.failures)) {
            return Sight::Failed(failure.clone());
        }
        let unsure = |is_likely: bool| if is_likely { Sight::Unsure } else { Sight::NotYet };
        if !now.failures.is_empty() {
            return Sight::Unsure;
        }
        match &self.condition.goal {
            TextGoal::Shows(_) => match before.and_then(|before| standing(&before.wanted, &now.wanted)) {
                Some(found) => Sight::Met(Some(found.clone())),
                None => unsure(!now.wanted.is_empty()),
            },
            TextGoal::ShowsNot(_) => match before {
                Some(before) if before.is_without() && now.is_without() => Sight::Met(None),
                _ => unsure(now.is_without()),
            },
        }
    }
}

impl Read {
    fn is_without(&self) -> bool {
        self.is_readable && self.wanted.is_empty()
    }
}

/// The lowest match of which the text was there before, wherever on the screen: it may have scrolled.
fn standing<'a>(before: &[TextMatch], now: &'a [TextMatch]) -> Option<&'a TextMatch> {
    let lasting = now.iter().filter(|found| before.iter().any(|other| other.text == found.text));
    lasting.max_by_key(|found| found.position.row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::{blank, picture, screen};

    fn shows(pattern: &str, failures: &[&str]) -> TextCondition {
        let failures = failures.iter().map(|pattern| pattern.parse().unwrap()).collect();
        TextCondition { goal: TextGoal::Shows(pattern.parse().unwrap()), failures, area: None }
    }

    /// What is seen of a condition on one screen after another.
    fn sights(condition: &TextCondition, screens: &[Screen]) -> Vec<Sight> {
        let mut matcher = TextMatcher::new(condition);
        screens.iter().map(|screen| matcher.observe(screen).unwrap()).collect()
    }

    fn rows(rows: &[&str]) -> Screen {
        screen(20, rows)
    }

    fn text(sight: &Sight) -> &str {
        match sight {
            Sight::Met(Some(found)) | Sight::Failed(found) => &found.text,
            _ => panic!("{sight:?}"),
        }
    }

    #[test]
    fn a_match_must_stand_in_two_reads() {
        let condition = shows("lo[a-z]+:", &[]);
        let seen = sights(&condition, &[rows(&["", ""]), rows(&["", "login:"]), rows(&["", "login:"])]);
        assert_eq!(seen[..2], [Sight::NotYet, Sight::Unsure]);
        assert_eq!(text(&seen[2]), "login:");
        // One that a single frame shows, such as one of half of a row and half of another, does not count.
        let torn = [rows(&["lo", "gin:"]), rows(&["login:"]), rows(&["logging"]), rows(&["lost:"]), rows(&[""])];
        let expected = [Sight::NotYet, Sight::Unsure, Sight::NotYet, Sight::Unsure, Sight::NotYet];
        assert_eq!(sights(&condition, &torn), expected);
        assert_eq!(sights(&condition, &[rows(&["login:"]), rows(&["lost:"])]), [Sight::Unsure, Sight::Unsure]);
    }

    #[test]
    fn a_screen_that_scrolls_still_shows_what_it_shows() {
        let condition = shows("[0-9]+", &[]);
        let seen = sights(&condition, &[rows(&["1", "2", "3"]), rows(&["3", "4", "5"]), rows(&["5", "6", "7"])]);
        assert_eq!(seen[0], Sight::Unsure);
        assert_eq!((text(&seen[1]), text(&seen[2])), ("3", "5"));
        let seen = sights(&condition, &[rows(&["1", "2"]), rows(&["1", "2"])]);
        assert_eq!(text(&seen[1]), "2", "the lowest");
    }

    #[test]
    fn a_failure_that_stands_comes_before_success() {
        let condition = shows("[$#] *$", &["incorrect", "panic"]);
        let (failed, good) = (rows(&["Login incorrect", "$"]), rows(&["ok", "$"]));
        let seen = sights(&condition, &[failed.clone(), failed.clone()]);
        assert_eq!((&seen[0], text(&seen[1])), (&Sight::Unsure, "incorrect"));
        let Sight::Failed(found) = &seen[1] else { unreachable!() };
        assert_eq!(found.line, "Login incorrect");
        // While it may be one, nothing is met.
        assert_eq!(sights(&condition, &[good.clone(), failed])[1], Sight::Unsure);
        assert_eq!(text(&sights(&condition, &[good.clone(), good])[1]), "$");
    }

    #[test]
    fn what_is_not_shown_is_missing_on_text_and_on_a_blank_screen_only() {
        let goal = TextGoal::ShowsNot("login".parse().unwrap());
        let condition = TextCondition { goal, failures: Vec::new(), area: None };
        let met = Sight::Met(None);
        let other = || rows(&["Booting"]);
        assert_eq!(sights(&condition, &[other(), other()]), [Sight::Unsure, met.clone()]);
        assert_eq!(sights(&condition, &[blank(), blank()]), [Sight::Unsure, met.clone()]);
        assert_eq!(sights(&condition, &[picture(), picture()]), [Sight::NotYet, Sight::NotYet]);
        let login = || rows(&["login:"]);
        let seen = sights(&condition, &[other(), login(), other(), picture(), other(), other()]);
        assert_eq!(seen, [Sight::Unsure, Sight::NotYet, Sight::Unsure, Sight::NotYet, Sight::Unsure, met]);
    }

    #[test]
    fn only_the_part_is_looked_at() {
        let condition = TextCondition { area: Some("0,1,20,1".parse().unwrap()), ..shows("a", &["b"]) };
        let seen = sights(&condition, &[rows(&["b", "a", "b"]), rows(&["b", "a", "b"])]);
        assert_eq!(text(&seen[1]), "a");
        assert!(TextMatcher::new(&condition).observe(&rows(&["a"])).is_err());
        // A picture has no cells that the part could be outside of.
        assert_eq!(sights(&condition, &[picture()]), [Sight::NotYet]);
    }
}
