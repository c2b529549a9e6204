//! What a client needs from credentials: the current ones, and new ones if the service refuses them.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use thiserror::Error;

use super::Credentials;
use crate::error_kind::ErrorKind;

/// Provides the credentials that requests are signed with.
pub trait ProvideCredentials: Send + Sync {
    /// The credentials for a request that is sent now. Waits for a refresh only if the old ones have expired.
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CredentialsUnavailable>>;

    /// Replaces credentials that the service does not accept (any more). True if other ones are available now.
    fn replace_refused<'a>(&'a self, refused: &'a Credentials) -> BoxFuture<'a, bool>;
}

/// The credentials have expired and their provider gave no new ones.
#[derive(Clone, Debug, Error)]
#[error("the credentials have expired and could not be refreshed: {reason}")]
pub struct CredentialsUnavailable {
    /// The provider's error, in words.
    pub(crate) reason: String,
    /// The kind of the provider's error: a provider that is out of order has not refused anything.
    pub(crate) kind: ErrorKind,
}

/// Static credentials never change.
impl ProvideCredentials for Credentials {
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CredentialsUnavailable>> {
        ready(Ok(self.clone())).boxed()
    }

    fn replace_refused<'a>(&'a self, _refused: &'a Credentials) -> BoxFuture<'a, bool> {
        ready(false).boxed()
    }
}
