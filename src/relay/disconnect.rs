//! What the end of a session means, in words, and when somebody else is on the console. Pure.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::bridge::{BridgeEnd, BridgeOutcome};
use crate::text::sanitize::sanitize;

/// A session that drops within this time of its beginning has dropped at once.
const AT_ONCE: Duration = Duration::from_secs(10);

/// Two such within this time are a fight.
const FIGHT: Duration = Duration::from_secs(60);

/// No vendor's page names a shorter idle limit. Source: the vendor's pages: 60 s to early 2024, then 300 s.
const IDLE: Duration = Duration::from_secs(55);

/// Why a console was dropped, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// The instance is in this state.
    State(String),
    /// Nothing was sent for so long that it was cut.
    Idle(Duration),
    /// Two sessions have dropped at once: two programs take the console from each other.
    Taken,
    /// Before the desktop was shown: the viewer, or its password, was refused.
    BeforeBegin(Option<String>),
    /// The console's own words, or the system's.
    Said(String),
    /// Nothing is known.
    Unknown,
}

impl DropReason {
    /// The reason of an outcome. `status` is the instance's, where it is known; `taken` what [`TakeoverDetector`] say.
    pub(crate) fn of(outcome: &BridgeOutcome, status: Option<&str>, taken: bool) -> Self {
        let said = match &outcome.end {
            BridgeEnd::ViewerLeft => None,
            BridgeEnd::Closed(close) if close.reason.trim().is_empty() => {
                close.code.filter(|code| *code != 1000).map(|code| format!("WebSocket close code {code}"))
            }
            BridgeEnd::Closed(close) => Some(sanitize(&close.reason, 150)),
            BridgeEnd::Vanished(why) => why.as_deref().map(|why| sanitize(why, 150)),
            BridgeEnd::Broken(error) => Some(format!("it sent {error}")),
        };
        let has_words = matches!(&outcome.end, BridgeEnd::Closed(close) if !close.reason.trim().is_empty());
        match (status, said) {
            (Some(status), _) if status != "Running" => Self::State(sanitize(status, 20)),
            _ if taken => Self::Taken,
            (_, said) if !outcome.has_begun => Self::BeforeBegin(said),
            // A guess, where the console itself has not said why.
            _ if outcome.idle >= IDLE && !has_words => Self::Idle(outcome.idle),
            (_, Some(said)) => Self::Said(said),
            (_, None) => Self::Unknown,
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(status) => write!(f, "the instance is {status}"),
            Self::Idle(idle) => write!(f, "nothing was sent for {} s, so it was most likely cut as idle", idle.as_secs()),
            Self::Taken => f.write_str(
                "it dropped twice within seconds of connecting: somebody else is most likely on this console, which \
                 has room for one",
            ),
            Self::BeforeBegin(None) => f.write_str("the console closed before it showed a desktop"),
            Self::BeforeBegin(Some(said)) => write!(f, "the console closed before it showed a desktop: {said}"),
            Self::Said(said) => write!(f, "{said}"),
            Self::Unknown => f.write_str(
                "the console closed without a word: somebody else may have opened it, which drops whoever was there, or \
                 the connection broke",
            ),
        }
    }
}

/// Remembers an instance's drops.
#[derive(Debug, Default)]
pub(crate) struct TakeoverDetector(VecDeque<Instant>);

impl TakeoverDetector {
    /// Notes how a session ended at `now`, and says whether somebody else is on the console.
    pub(crate) fn note(&mut self, outcome: &BridgeOutcome, now: Instant) -> bool {
        if outcome.end == BridgeEnd::ViewerLeft || !outcome.has_begun {
            return false;
        }
        if outcome.lasted >= AT_ONCE {
            self.0.clear();
            return false;
        }
        self.0.retain(|at| now.saturating_duration_since(*at) < FIGHT);
        self.0.push_back(now);
        self.0.len() >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websocket::frame::Close;

    fn dropped(lasted: u64, idle: u64, end: BridgeEnd) -> BridgeOutcome {
        let (lasted, idle) = (Duration::from_secs(lasted), Duration::from_secs(idle));
        BridgeOutcome { end, has_begun: true, lasted, idle }
    }

    fn closed(code: Option<u16>, reason: &str) -> BridgeEnd {
        BridgeEnd::Closed(Close { code, reason: reason.to_owned() })
    }

    #[test]
    fn two_drops_at_once_are_a_fight() {
        let (start, end) = (Instant::now(), closed(None, ""));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut drops = TakeoverDetector::default();
        assert!(!drops.note(&dropped(3000, 0, end.clone()), at(0)), "an evening's work");
        assert!(!drops.note(&dropped(2, 0, end.clone()), at(3)));
        assert!(!drops.note(&dropped(2, 0, BridgeEnd::ViewerLeft), at(4)), "the viewer itself left");
        assert!(drops.note(&dropped(9, 0, end.clone()), at(13)));
        let mut drops = TakeoverDetector::default();
        assert!(!drops.note(&dropped(2, 0, end.clone()), at(0)));
        assert!(!drops.note(&dropped(2, 0, end.clone()), at(60)), "long ago");
        assert!(!drops.note(&dropped(11, 0, end.clone()), at(80)), "it has held");
        assert!(!drops.note(&dropped(2, 0, end.clone()), at(85)));
        let mut drops = TakeoverDetector::default();
        for second in 0..5 {
            let refused = BridgeOutcome { has_begun: false, ..dropped(1, 0, end.clone()) };
            assert!(!drops.note(&refused, at(second)), "a wrong password");
        }
    }

    #[test]
    fn the_likeliest_reason_is_told() {
        let why = |outcome: &BridgeOutcome, status, taken| DropReason::of(outcome, status, taken).to_string();
        let silent = dropped(700, 301, closed(Some(1000), ""));
        assert!(why(&silent, Some("Running"), false).contains("nothing was sent for 301 s"));
        assert_eq!(why(&silent, Some("Stopping"), true), "the instance is Stopping");
        let told = dropped(700, 301, closed(Some(1000), "another session"));
        assert_eq!(why(&told, Some("Running"), false), "another session");
        let told = dropped(700, 3, closed(Some(1000), "another session\x1b[2J"));
        assert_eq!(why(&told, None, false), "another session\u{FFFD}[2J");
        assert!(why(&told, None, true).contains("somebody else"));
        assert_eq!(why(&dropped(9, 1, closed(Some(1011), "")), None, false), "WebSocket close code 1011");
        assert!(why(&dropped(9, 1, closed(Some(1000), "")), None, false).contains("without a word"));
        assert_eq!(why(&dropped(9, 1, BridgeEnd::Vanished(Some("reset".to_owned()))), None, false), "reset");
        let refused = BridgeOutcome { has_begun: false, ..dropped(1, 0, closed(None, "")) };
        assert!(why(&refused, None, false).contains("before it showed a desktop"));
    }
}
