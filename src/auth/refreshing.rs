//! Credentials for a session of any length. They are refreshed shortly before they expire, and when the service does
//! not know them any more.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::task::JoinError;

use super::{CacheUse, CredentialsProvider, CredentialsResolver};
use crate::auth::cached::REFRESH_MARGIN;
use crate::command_error::CommandError;
use crate::credentials::{
    Credentials, CredentialsOrigin, CredentialsUnavailable, ExpiringCredentials, ProvideCredentials,
};
use crate::error_kind::ErrorKind;

/// How long after a failed refresh the next one starts while the old credentials hold.
const RETRY_INTERVAL: TimeDelta = TimeDelta::seconds(30);

/// Credentials that are refreshed from their provider. Clones share the credentials and their refreshes.
#[derive(Clone)]
pub(crate) struct RefreshingCredentials(Arc<Inner>);

struct Inner {
    provider: CredentialsProvider,
    origin: CredentialsOrigin,
    /// Its deadline is that of the first fetch. Each refresh may take as long, counted from its own start.
    resolver: CredentialsResolver,
    state: Mutex<State>,
}

struct State {
    latest: ExpiringCredentials,
    /// When to refresh them; `None` if they never expire, or had expired when they were fetched.
    refresh_at: Option<DateTime<Utc>>,
    /// The running refresh. All requests that need new credentials wait for this one.
    refresh: Option<Refresh>,
}

/// A running refresh. The error says why it failed.
type Refresh = Shared<BoxFuture<'static, Result<(), CredentialsUnavailable>>>;

impl RefreshingCredentials {
    /// Resolves `provider` for the first time. The cache may be read.
    pub(crate) async fn resolve(
        provider: CredentialsProvider,
        origin: CredentialsOrigin,
        resolver: CredentialsResolver,
    ) -> Result<Self, CommandError> {
        let latest = resolver.resolve(&provider, &origin, CacheUse::Read).await?.expiring;
        let refresh_at = refresh_time(&latest, resolver.client_env.clock.utc());
        let state = Mutex::new(State { latest, refresh_at, refresh: None });
        Ok(Self(Arc::new(Inner { provider, origin, resolver, state })))
    }

    /// The place that the credentials come from.
    pub(crate) fn origin(&self) -> &CredentialsOrigin {
        &self.0.origin
    }

    /// The credentials fetched last, which may have expired.
    pub(crate) fn latest(&self) -> ExpiringCredentials {
        self.0.state().latest.clone()
    }

    /// Returns the running refresh, or starts one. It runs as a task of its own, so that it continues if the caller is
    /// dropped.
    fn refresh(&self, state: &mut State, cache_use: CacheUse) -> Refresh {
        let start = || {
            let inner = self.0.clone();
            let task = tokio::spawn(async move { inner.refresh(cache_use).await });
            let failed =
                |error: JoinError| CredentialsUnavailable { reason: error.to_string(), kind: ErrorKind::Other };
            task.map(move |joined| joined.map_err(failed)?).boxed().shared()
        };
        state.refresh.get_or_insert_with(start).clone()
    }
}

impl ProvideCredentials for RefreshingCredentials {
    /// Starts a refresh when it is due. Waits for it only if the old credentials have expired.
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CredentialsUnavailable>> {
        async move {
            let awaited_refresh = {
                let mut state = self.0.state();
                let now = self.0.resolver.client_env.clock.utc();
                let is_due = state.refresh_at.is_some_and(|refresh_at| refresh_at <= now);
                let refresh = is_due.then(|| self.refresh(&mut state, CacheUse::Read));
                refresh.filter(|_| !state.latest.holds(now))
            };
            if let Some(refresh) = awaited_refresh {
                refresh.await?;
            }
            Ok(self.latest().credentials)
        }
        .boxed()
    }

    /// Refreshes the credentials, unless that has already happened since the refused request was signed. Static
    /// credentials have no replacement.
    fn replace_refused<'a>(&'a self, refused: &'a Credentials) -> BoxFuture<'a, bool> {
        async move {
            let is_replaced = |state: &State| state.latest.credentials.access_key_id != refused.access_key_id;
            let refresh = {
                let mut state = self.0.state();
                if is_replaced(&state) {
                    return true;
                }
                if matches!(self.0.provider, CredentialsProvider::Static(_)) {
                    return false;
                }
                self.refresh(&mut state, CacheUse::Refresh)
            };
            refresh.await.is_ok() && is_replaced(&self.0.state())
        }
        .boxed()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resolves the provider again and stores the credentials.
    async fn refresh(&self, cache_use: CacheUse) -> Result<(), CredentialsUnavailable> {
        let Self { provider, origin, .. } = self;
        let clock = &self.resolver.client_env.clock;
        let deadline = clock.deadline(self.resolver.deadline.total);
        let resolver = CredentialsResolver { deadline, ..self.resolver.clone() };
        let resolved = resolver.resolve(provider, origin, cache_use).await;
        let (mut state, now) = (self.state(), clock.utc());
        state.refresh = None;
        match resolved {
            Ok(resolved) => {
                let latest = resolved.expiring;
                resolver.output.detail(2, &format!("AccessKey {} from {origin}", latest.credentials.access_key_id));
                (state.refresh_at, state.latest) = (refresh_time(&latest, now), latest);
                Ok(())
            }
            Err(failure) => {
                let reason = format!("{:#}", failure.error);
                // If the old credentials have expired, the request fails and its error has the reason.
                if state.latest.holds(now) {
                    state.refresh_at =
                        state.latest.expires.map(|expires| now + RETRY_INTERVAL.min((expires - now) / 2));
                    resolver.output.warning(&format!("the credentials could not be renewed: {reason}"));
                }
                Err(CredentialsUnavailable { reason, kind: failure.kind })
            }
        }
    }
}

/// When to refresh credentials that were fetched at `now`: [`REFRESH_MARGIN`] before they expire, or after half of
/// their life if that is shorter.
///
/// Credentials that had expired when they were fetched are used until the service refuses them, because this machine's
/// clock may be wrong.
fn refresh_time(fetched: &ExpiringCredentials, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let expires = fetched.expires.filter(|_| fetched.holds(now))?;
    Some(expires - REFRESH_MARGIN.min((expires - now) / 2))
}

impl fmt::Debug for RefreshingCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingCredentials")
            .field("origin", self.origin())
            .field("latest", &self.latest())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "refreshing_tests.rs"]
mod tests;
