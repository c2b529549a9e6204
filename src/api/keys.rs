//! Who signs: keys that stay, or whoever renews them.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use super::error::ApiError;
use crate::credentials::Credentials;

/// Gives the keys that requests are signed with.
pub trait ProvideCredentials: Send + Sync {
    /// Those for a request that leaves now.
    fn current(&self) -> BoxFuture<'_, Result<Credentials, ApiError>>;

    /// Whether there are others now that the service does not know `refused`, or no longer.
    fn renew<'a>(&'a self, refused: &'a Credentials) -> BoxFuture<'a, bool>;
}

/// These stay as they are.
impl ProvideCredentials for Credentials {
    fn current(&self) -> BoxFuture<'_, Result<Credentials, ApiError>> {
        ready(Ok(self.clone())).boxed()
    }

    fn renew<'a>(&'a self, _refused: &'a Credentials) -> BoxFuture<'a, bool> {
        ready(false).boxed()
    }
}
