//! Why a session ended, and whether another session is taking the console over. Pure.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::bridge::{BridgeEnd, BridgeOutcome};
use crate::text::sanitize::sanitize;

/// A session that is dropped earlier than this was dropped immediately.
const SHORT_SESSION: Duration = Duration::from_secs(10);

/// Two immediate drops within this time mean that two programs take the console from each other.
const TAKEOVER_WINDOW: Duration = Duration::from_secs(60);

/// Just below the shortest idle limit of the service. Source: Alibaba Cloud's pages: 60 s until early 2024, then 300 s.
const IDLE_LIMIT: Duration = Duration::from_secs(55);

/// The most characters shown of a reason that the console gave.
const MAX_REASON_LEN: usize = 150;

/// The most likely reason why the console dropped a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// The instance is in this state instead of Running.
    InstanceState(String),
    /// Nothing was sent for this long.
    Idle(Duration),
    /// [`TakeoverDetector`] saw two immediate drops.
    TakenOver,
    /// The console closed during the RFB handshake: the viewer or its password was refused.
    BeforeDesktop(Option<String>),
    /// The reason that the console or the operating system gave.
    Reported(String),
    Unknown,
}

impl DropReason {
    /// `status` is the instance's status, if it is known.
    pub(crate) fn of(outcome: &BridgeOutcome, status: Option<&str>, is_taken_over: bool) -> Self {
        let reported = match &outcome.end {
            BridgeEnd::ViewerLeft => None,
            BridgeEnd::Closed(close) if close.reason.trim().is_empty() => {
                close.code.filter(|code| *code != 1000).map(|code| format!("WebSocket close code {code}"))
            }
            BridgeEnd::Closed(close) => Some(sanitize(&close.reason, MAX_REASON_LEN)),
            BridgeEnd::ConnectionLost(error) => error.as_deref().map(|error| sanitize(error, MAX_REASON_LEN)),
            BridgeEnd::ProtocolError(error) => Some(format!("the console sent {error}")),
        };
        let gave_reason = matches!(&outcome.end, BridgeEnd::Closed(close) if !close.reason.trim().is_empty());
        match (status, reported) {
            (Some(status), _) if status != "Running" => Self::InstanceState(sanitize(status, 20)),
            _ if is_taken_over => Self::TakenOver,
            (_, reported) if !outcome.has_shown_desktop => Self::BeforeDesktop(reported),
            // A guess, so only if the console gave no reason itself.
            _ if outcome.idle >= IDLE_LIMIT && !gave_reason => Self::Idle(outcome.idle),
            (_, Some(reported)) => Self::Reported(reported),
            (_, None) => Self::Unknown,
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InstanceState(status) => write!(f, "the instance is {status}"),
            Self::Idle(idle) => {
                write!(f, "nothing was sent for {} s, so the console was probably closed as idle", idle.as_secs())
            }
            Self::TakenOver => f.write_str(
                "disconnected twice within seconds: somebody else is probably using this console (one session at a time)",
            ),
            Self::BeforeDesktop(None) => f.write_str("the console closed before it showed a desktop"),
            Self::BeforeDesktop(Some(reported)) => {
                write!(f, "the console closed before it showed a desktop: {reported}")
            }
            Self::Reported(reported) => f.write_str(reported),
            Self::Unknown => f.write_str(
                "the console closed without giving a reason: somebody else may have opened it, or the connection broke",
            ),
        }
    }
}

/// Recognizes from an instance's drops that another session keeps taking the console over.
#[derive(Debug, Default)]
pub(crate) struct TakeoverDetector(VecDeque<Instant>);

impl TakeoverDetector {
    /// Records how a session ended at `now`. Returns whether this was the second immediate drop within a minute.
    pub(crate) fn record(&mut self, outcome: &BridgeOutcome, now: Instant) -> bool {
        if outcome.end == BridgeEnd::ViewerLeft || !outcome.has_shown_desktop {
            return false;
        }
        if outcome.duration >= SHORT_SESSION {
            self.0.clear();
            return false;
        }
        self.0.retain(|at| now.saturating_duration_since(*at) < TAKEOVER_WINDOW);
        self.0.push_back(now);
        self.0.len() >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websocket::frame::Close;

    fn dropped(duration: u64, idle: u64, end: BridgeEnd) -> BridgeOutcome {
        let (duration, idle) = (Duration::from_secs(duration), Duration::from_secs(idle));
        BridgeOutcome { end, has_shown_desktop: true, duration, idle }
    }

    fn closed(code: Option<u16>, reason: &str) -> BridgeEnd {
        BridgeEnd::Closed(Close { code, reason: reason.to_owned() })
    }

    #[test]
    fn two_immediate_drops_are_a_takeover() {
        let (start, end) = (Instant::now(), closed(None, ""));
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut detector = TakeoverDetector::default();
        assert!(!detector.record(&dropped(3000, 0, end.clone()), at(0)), "a long session");
        assert!(!detector.record(&dropped(2, 0, end.clone()), at(3)));
        assert!(!detector.record(&dropped(2, 0, BridgeEnd::ViewerLeft), at(4)), "the viewer itself left");
        assert!(detector.record(&dropped(9, 0, end.clone()), at(13)));
        let mut detector = TakeoverDetector::default();
        assert!(!detector.record(&dropped(2, 0, end.clone()), at(0)));
        assert!(!detector.record(&dropped(2, 0, end.clone()), at(60)), "long ago");
        assert!(!detector.record(&dropped(11, 0, end.clone()), at(80)), "that session was long");
        assert!(!detector.record(&dropped(2, 0, end.clone()), at(85)));
        let mut detector = TakeoverDetector::default();
        for second in 0..5 {
            let refused = BridgeOutcome { has_shown_desktop: false, ..dropped(1, 0, end.clone()) };
            assert!(!detector.record(&refused, at(second)), "a wrong password");
        }
    }

    #[test]
    fn the_most_likely_reason_is_given() {
        let reason = |outcome: &BridgeOutcome, status, taken| DropReason::of(outcome, status, taken).to_string();
        let silent = dropped(700, 301, closed(Some(1000), ""));
        assert!(reason(&silent, Some("Running"), false).contains("nothing was sent for 301 s"));
        assert_eq!(reason(&silent, Some("Stopping"), true), "the instance is Stopping");
        let told = dropped(700, 301, closed(Some(1000), "another session"));
        assert_eq!(reason(&told, Some("Running"), false), "another session");
        let told = dropped(700, 3, closed(Some(1000), "another session\x1b[2J"));
        assert_eq!(reason(&told, None, false), "another session\u{FFFD}[2J");
        assert!(reason(&told, None, true).contains("somebody else"));
        assert_eq!(reason(&dropped(9, 1, closed(Some(1011), "")), None, false), "WebSocket close code 1011");
        assert!(reason(&dropped(9, 1, closed(Some(1000), "")), None, false).contains("without giving a reason"));
        assert_eq!(reason(&dropped(9, 1, BridgeEnd::ConnectionLost(Some("reset".to_owned()))), None, false), "reset");
        let refused = BridgeOutcome { has_shown_desktop: false, ..dropped(1, 0, closed(None, "")) };
        assert!(reason(&refused, None, false).contains("before it showed a desktop"));
    }
}
