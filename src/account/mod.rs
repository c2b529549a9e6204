//! Settings and credentials → an [`Account`]: API clients, one for each region.

mod builder;
mod metadata;
mod open;
pub(crate) mod regional_clients;
pub(crate) mod request_log;
mod service_location;

pub(crate) use builder::AccountBuilder;
pub(crate) use metadata::region_of_this_instance;
pub(crate) use service_location::ServiceLocation;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::account::regional_clients::Clients;
use crate::api::ApiError;
use crate::api_hints::{RequestDetails, explain};
use crate::auth::RefreshingCredentials;
use crate::command_error::CommandError;
use crate::demo::Demo;
use crate::settings::aliases::Aliases;
use crate::system::clock::{Clock, Deadline};
use crate::terminal::output::Output;

/// The time limit of a search in one region. Without it, one unreachable region would delay the others.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);

/// An account that requests can be sent to.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) clients: Arc<Clients>,
    /// The region that is searched first, if one is set.
    pub(crate) region: Option<String>,
    /// `--region` has set the region, so no other is searched.
    pub(crate) is_pinned: bool,
    /// When the command's time limit ends; see [`Account::limit`].
    limit: Mutex<Deadline>,
    /// Whether [`Account::begin_run`] was called.
    is_run: AtomicBool,
    /// The URL of the console page. The commands that open it have checked it.
    pub(crate) console_url: String,
    pub(crate) credentials: RefreshingCredentials,
    /// The simulated account, if it runs inside this process.
    pub(crate) demo: Option<Arc<Demo>>,
    /// The names that the configuration gives to instances.
    pub(crate) aliases: Aliases,
    /// The warnings already added by [`Account::warn_once`].
    warned: Arc<Mutex<BTreeSet<String>>>,
}

impl Account {
    /// The same account for another piece of work, with a time limit that is counted from now.
    pub(crate) fn with_time_limit(&self, time_limit: Duration) -> Self {
        Self {
            clients: self.clients.clone(),
            region: self.region.clone(),
            is_pinned: self.is_pinned,
            limit: Mutex::new(self.clock().deadline(time_limit)),
            is_run: AtomicBool::default(),
            console_url: self.console_url.clone(),
            credentials: self.credentials.clone(),
            demo: self.demo.clone(),
            aliases: self.aliases.clone(),
            warned: self.warned.clone(),
        }
    }

    /// Turns an API error into the command's error, with a hint. `status` is the instance's, if it is known.
    pub(crate) fn explain(
        &self,
        error: ApiError,
        action: &str,
        region: &str,
        instance: &str,
        status: Option<&str>,
    ) -> CommandError {
        let (origin, credentials) = (self.credentials.origin(), self.credentials.latest().credentials);
        let (access_key_id, has_token) = (&credentials.access_key_id, credentials.security_token.is_some());
        explain(error, &RequestDetails { action, region, instance, status, origin, access_key_id, has_token })
    }

    /// Adds a late warning unless the same one was added before. Its RequestId does not make it another.
    pub(crate) fn warn_once(&self, text: &str, output: Output) {
        let kind = text.split(" (RequestId").next().unwrap_or(text).to_owned();
        if self.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(kind) {
            output.late_warning(text);
        }
    }

    /// Tells the vendor's service and simulated ones apart: instances of two of them may have the same id.
    pub(crate) fn service_name(&self) -> String {
        match (&self.demo, self.clients.fixed_endpoint()) {
            // One in each process, with the same instances.
            (Some(_), _) => "demo".to_owned(),
            (None, Some(endpoint)) => endpoint.to_string(),
            (None, None) => "alibabacloud".to_owned(),
        }
    }

    /// The clock that the clients use.
    pub(crate) fn clock(&self) -> &Clock {
        self.clients.first().clock()
    }

    /// Says that the command works on several instances: each step then has the whole time limit, and throttling slows all
    /// requests down.
    pub(crate) fn begin_run(&self) {
        self.clients.first().pace().begin();
        self.is_run.store(true, Ordering::Relaxed);
    }

    /// When the time of a step that starts now ends: at the command's time limit, or in a run that time limit from now.
    pub(crate) fn limit(&self) -> Deadline {
        if self.is_run.load(Ordering::Relaxed) { self.limit_from_now() } else { self.first_limit() }
    }

    /// Starts the command's time limit again: the user has taken time to answer a question.
    pub(crate) fn restart_limit(&self) {
        let restarted = self.limit_from_now();
        *self.limit.lock().unwrap_or_else(PoisonError::into_inner) = restarted;
    }

    fn first_limit(&self) -> Deadline {
        *self.limit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The command's whole time limit, counted from now: for a step that starts long after the command.
    pub(crate) fn limit_from_now(&self) -> Deadline {
        self.clock().deadline(self.first_limit().total)
    }

    /// The deadline of a search in one region that starts now.
    pub(crate) fn search_limit(&self) -> Deadline {
        let (search, limit) = (self.clock().deadline(SEARCH_TIMEOUT), self.limit());
        if search.at < limit.at { search } else { limit }
    }
}
