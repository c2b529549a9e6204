//! What follows from a look at a screen.

use tokio::time::Instant;

/// Whether a screen is as it is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<T> {
    Done(T),
    /// Look again when something changes.
    NotYet,
    /// Look again when something changes, and at this time, which is in the future, if nothing does.
    NotBefore(Instant),
}
