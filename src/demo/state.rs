//! What the account's parts share: how it behaves, what it remembers, and who is told.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::console_slots::ConsoleSlots;
use super::displays::Displays;
use super::request_auth::RequestAuth;
use super::service::Service;
use super::sessions::Sessions;
use super::vnc::Target;
use crate::system::clock::Clock;

/// An idle console is cut after this long. Source: the vendor's pages, which say 60 s (to early 2024) or 300 s.
const IDLE_LIMIT: Duration = Duration::from_secs(300);

/// What happens at the account, for those who want to tell it.
#[derive(Debug)]
pub enum Event<'a> {
    /// The API answered.
    Answered {
        /// Action, as far as it is known.
        action: &'a str,
        /// InstanceId, if one was named.
        instance: Option<&'a str>,
        /// The error's code, or nothing.
        code: Option<&'a str>,
    },
    /// A console was opened.
    Opened {
        /// The instance.
        instance: &'a str,
        /// How long after its VncUrl was minted.
        after: Duration,
    },
    /// A console could not be opened.
    Refused {
        /// Why.
        why: &'a str,
    },
    /// A console was left.
    Left {
        /// The instance.
        instance: &'a str,
        /// How.
        how: &'a str,
    },
}

type Listener = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// How the account behaves.
#[derive(Clone)]
pub struct Options {
    pub(super) clock: Clock,
    pub(super) idle_limit: Duration,
    pub(super) delay: Option<Duration>,
    pub(super) vnc_target: Option<Target>,
    listener: Listener,
}

/// How many consoles were opened, and how many are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Consoles {
    /// Ever.
    pub(crate) opened: u64,
    /// Now.
    pub(crate) open: u64,
}

/// The account as its server's tasks see it.
pub(crate) struct Account {
    /// Where it is: `127.0.0.1:PORT`.
    pub(crate) authority: String,
    /// How it behaves.
    pub(crate) options: Options,
    /// Counts the consoles.
    pub(crate) consoles: watch::Sender<Consoles>,
    /// Who is at which console.
    pub(crate) seats: ConsoleSlots,
    pub(crate) displays: Displays,
    state: Mutex<State>,
}

/// What it remembers.
#[derive(Default)]
pub(crate) struct State {
    /// Nonces.
    pub(crate) gateway: RequestAuth,
    /// Temporary keys.
    pub(crate) sessions: Sessions,
    /// Instances and VncUrls.
    pub(crate) service: Service,
}

impl Account {
    /// A new account.
    pub(crate) fn new(authority: String, options: Options, consoles: watch::Sender<Consoles>) -> Self {
        Self {
            authority,
            options,
            consoles,
            seats: ConsoleSlots::default(),
            displays: Displays::default(),
            state: Mutex::default(),
        }
    }

    /// What it remembers, for a moment.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever listens.
    pub(crate) fn tell(&self, event: &Event<'_>) {
        (self.options.listener)(event);
    }
}

impl Options {
    /// As the service behaves, by this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, idle_limit: IDLE_LIMIT, delay: None, vnc_target: None, listener: Arc::new(|_| {}) }
    }

    /// Cuts idle consoles after `limit`.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.idle_limit = limit;
        self
    }

    /// Takes `delay` for every answer of the API, before the request is looked at: a VncUrl lives as long as ever.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Leads the consoles of running instances to `target`, in place of simulated displays.
    pub fn vnc_target(mut self, target: Target) -> Self {
        self.vnc_target = Some(target);
        self
    }

    /// Tells `listener` what happens.
    pub fn listener(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Arc::new(listener);
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { idle_limit, delay, vnc_target, .. } = self;
        f.debug_struct("Options")
            .field("idle_limit", idle_limit)
            .field("delay", delay)
            .field("vnc_target", vnc_target)
            .finish_non_exhaustive()
    }
}
