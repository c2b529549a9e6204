//! What the tasks of the account share: its options, its state, and its events.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::console_slots::ConsoleSlots;
use super::displays::Displays;
use super::fleet::Fleet;
use super::request_auth::RequestAuth;
use super::service::Service;
use super::sts_sessions::StsSessions;
use super::throttle::Throttle;
use super::vnc::Target;
use crate::system::clock::Clock;

/// How long a silent console stays connected. Source: the vendor's pages, which say 60 s (to early 2024) or 300 s.
const IDLE_LIMIT: Duration = Duration::from_secs(300);

/// Something that happened at the account.
#[derive(Debug)]
pub enum Event<'a> {
    /// The API answered a request.
    Answered {
        /// `-` if the request names none.
        action: &'a str,
        /// The InstanceId of the request.
        instance: Option<&'a str>,
        /// The code of an error.
        code: Option<&'a str>,
    },
    /// A console was opened.
    Opened {
        /// The InstanceId of the console.
        instance: &'a str,
        /// How old its VncUrl was.
        after: Duration,
    },
    /// A console could not be opened.
    Refused {
        /// The reason, for people.
        why: &'a str,
    },
    /// A session at a console ended.
    Left {
        /// The InstanceId of the console.
        instance: &'a str,
        /// How the session ended, for people.
        how: &'a str,
    },
}

type Listener = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// The behaviour of the account.
#[derive(Clone)]
pub struct Options {
    pub(super) clock: Clock,
    pub(super) idle_limit: Duration,
    pub(super) delay: Option<Duration>,
    pub(super) rate_limit: Option<u32>,
    pub(super) vnc_target: Option<Target>,
    pub(super) fleet: Fleet,
    listener: Listener,
}

/// The numbers of consoles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConsoleCounts {
    /// Since the account was started.
    pub(crate) opened: u64,
    /// At this moment.
    pub(crate) open: u64,
}

/// The account as the tasks of its server share it.
pub(crate) struct Account {
    /// The address of the server, `127.0.0.1:PORT`.
    pub(crate) authority: String,
    pub(crate) options: Options,
    pub(crate) console_counts: watch::Sender<ConsoleCounts>,
    pub(crate) console_slots: ConsoleSlots,
    pub(crate) displays: Displays,
    /// Changed by each request that starts, stops or reboots an instance.
    pub(crate) power_changes: watch::Sender<()>,
    state: Mutex<State>,
}

/// What requests to the API change.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) request_auth: RequestAuth,
    pub(crate) sts_sessions: StsSessions,
    pub(crate) service: Service,
    pub(crate) throttle: Throttle,
}

impl Account {
    pub(crate) fn new(authority: String, options: Options, console_counts: watch::Sender<ConsoleCounts>) -> Self {
        let service = Service::new(options.fleet);
        let state = Mutex::new(State { service, ..State::default() });
        Self {
            authority,
            options,
            console_counts,
            console_slots: ConsoleSlots::default(),
            displays: Displays::default(),
            power_changes: watch::Sender::new(()),
            state,
        }
    }

    /// Locks the state.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls the listener.
    pub(crate) fn report(&self, event: &Event<'_>) {
        (self.options.listener)(event);
    }
}

impl Options {
    /// The behaviour of the service, with this clock.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            idle_limit: IDLE_LIMIT,
            delay: None,
            rate_limit: None,
            vnc_target: None,
            fleet: Fleet::default(),
            listener: Arc::new(|_| {}),
        }
    }

    /// Disconnects silent consoles after `limit`.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.idle_limit = limit;
        self
    }

    /// Delays each request to the API before it is handled, so that a VncUrl keeps its whole lifetime.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Throttles the requests to ECS above so many in a second.
    pub fn rate_limit(mut self, requests: u32) -> Self {
        self.rate_limit = Some(requests);
        self
    }

    /// Connects the consoles of running instances to `target` in place of simulated displays.
    pub fn vnc_target(mut self, target: Target) -> Self {
        self.vnc_target = Some(target);
        self
    }

    /// The number of instances, up to [`super::MAX_INSTANCE_COUNT`].
    pub fn instance_count(mut self, count: usize) -> Self {
        self.fleet.count = count;
        self
    }

    /// Lets every instance without a name of its own show a state that `check` tells.
    pub fn every_state(mut self) -> Self {
        self.fleet.has_every_state = true;
        self
    }

    /// Calls `listener` for each event.
    pub fn listener(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Arc::new(listener);
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { idle_limit, delay, rate_limit, vnc_target, fleet, .. } = self;
        f.debug_struct("Options")
            .field("idle_limit", idle_limit)
            .field("delay", delay)
            .field("rate_limit", rate_limit)
            .field("vnc_target", vnc_target)
            .field("fleet", fleet)
            .finish_non_exhaustive()
    }
}
