//! The keys of a session, however long it is: obtained again shortly before they expire, and when the service does not
//! know them any more.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use super::{CacheUse, CredentialsProvider, CredentialsResolver};
use crate::auth::cached::REFRESH;
use crate::command_error::CommandError;
use crate::credentials::{
    Credentials, CredentialsOrigin, CredentialsUnavailable, ExpiringCredentials, ProvideCredentials,
};

/// Keys that are renewed where they come from. Its clones are the same ring.
#[derive(Clone)]
pub(crate) struct RefreshingCredentials(Arc<Ring>);

struct Ring {
    source: CredentialsProvider,
    origin: CredentialsOrigin,
    /// Its limit is the first keys'; a renewal has as long, from its own beginning.
    asker: CredentialsResolver,
    state: Mutex<State>,
}

struct State {
    keys: ExpiringCredentials,
    /// When they are to be obtained again; nothing where that is never.
    due: Option<DateTime<Utc>>,
    /// The one that is on its way, for all who wait for it.
    renewal: Option<Renewal>,
}

/// Why it failed, if it did.
type Renewal = Shared<BoxFuture<'static, Result<(), Arc<str>>>>;

impl RefreshingCredentials {
    /// Obtains the first keys.
    pub(crate) async fn resolve(
        source: CredentialsProvider,
        origin: CredentialsOrigin,
        asker: CredentialsResolver,
    ) -> Result<Self, CommandError> {
        let keys = asker.obtain(&source, &origin, CacheUse::Read).await?.keys;
        let state = Mutex::new(State { due: due(&keys, asker.sources.clock.utc()), keys, renewal: None });
        Ok(Self(Arc::new(Ring { source, origin, asker, state })))
    }

    /// Where the keys come from.
    pub(crate) fn origin(&self) -> &CredentialsOrigin {
        &self.0.origin
    }

    /// The keys as they are now.
    pub(crate) fn latest(&self) -> ExpiringCredentials {
        self.0.state().keys.clone()
    }

    /// Returns the renewal that is running, or starts one. It is a task of its own, so that a caller may stop waiting.
    fn renewal(&self, state: &mut State, cache_use: CacheUse) -> Renewal {
        let begin = || {
            let ring = self.0.clone();
            let task = tokio::spawn(async move { ring.renew(cache_use).await });
            task.map(|joined| joined.expect("the task neither panics nor is aborted")).boxed().shared()
        };
        state.renewal.get_or_insert_with(begin).clone()
    }
}

impl ProvideCredentials for RefreshingCredentials {
    /// Waits for a renewal only if the old credentials have expired.
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CredentialsUnavailable>> {
        async move {
            let renewal = {
                let mut state = self.0.state();
                let now = self.0.asker.sources.clock.utc();
                let is_due = state.due.is_some_and(|due| due <= now);
                let renewal = is_due.then(|| self.renewal(&mut state, CacheUse::Read));
                renewal.filter(|_| !state.keys.holds(now))
            };
            if let Some(renewal) = renewal {
                renewal.await.map_err(|reason| CredentialsUnavailable { reason: reason.to_string() })?;
            }
            Ok(self.latest().credentials)
        }
        .boxed()
    }

    fn replace_refused<'a>(&'a self, refused: &'a Credentials) -> BoxFuture<'a, bool> {
        async move {
            let are_others = |state: &State| state.keys.credentials.access_key_id != refused.access_key_id;
            let renewal = {
                let mut state = self.0.state();
                if are_others(&state) {
                    return true;
                }
                if matches!(self.0.source, CredentialsProvider::Static(_)) {
                    return false;
                }
                self.renewal(&mut state, CacheUse::Refresh)
            };
            renewal.await.is_ok() && are_others(&self.0.state())
        }
        .boxed()
    }
}

impl Ring {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Obtains new keys and stores them.
    async fn renew(&self, cache_use: CacheUse) -> Result<(), Arc<str>> {
        let Self { source, origin, .. } = self;
        let clock = &self.asker.sources.clock;
        let asker = CredentialsResolver { limit: clock.deadline(self.asker.limit.total), ..self.asker.clone() };
        let found = asker.obtain(source, origin, cache_use).await.map(|obtained| obtained.keys);
        let (mut state, now) = (self.state(), clock.utc());
        state.renewal = None;
        match found {
            Ok(keys) => {
                asker.output.detail(2, &format!("AccessKey {} from {origin}", keys.credentials.access_key_id));
                (state.due, state.keys) = (due(&keys, now), keys);
                Ok(())
            }
            Err(failure) => {
                let why = format!("{:#}", failure.error);
                // Otherwise nothing goes on without them, and that is told.
                if state.keys.holds(now) {
                    asker.output.warning(&format!("the keys could not be renewed: {why}"));
                }
                Err(why.into())
            }
        }
    }
}

/// As long before they expire as kept ones are not taken any more; of a short life, at its half. Keys that are over when
/// they come are the service's to judge: this machine's clock may be wrong.
fn due(keys: &ExpiringCredentials, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let expires = keys.expires.filter(|_| keys.holds(now))?;
    Some(expires - REFRESH.min((expires - now) / 2))
}

impl fmt::Debug for RefreshingCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("origin", self.origin()).field("keys", &self.latest()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "refreshing_tests.rs"]
mod tests;
