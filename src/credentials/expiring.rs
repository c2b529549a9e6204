//! Credentials that may expire, as STS, programs and the metadata service return them.

use chrono::{DateTime, Utc};
use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

use crate::credentials::Credentials;

/// Credentials, and the time at which they expire.
#[derive(Clone, Debug)]
pub struct ExpiringCredentials {
    /// The credentials, with their security token.
    pub credentials: Credentials,
    /// The time from which the service refuses them; `None` if the source does not say.
    pub expires: Option<DateTime<Utc>>,
}

impl ExpiringCredentials {
    /// Whether the credentials have not expired at `now`.
    pub(crate) fn holds(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

/// Deserializes a time by RFC 3339. Anything else becomes `None`: the credentials can be used without it, but are not
/// cached.
pub(crate) fn expiration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().and_then(rfc_3339))
}

/// Parses a time by RFC 3339, such as `2026-01-02T03:04:05Z`.
pub(crate) fn rfc_3339(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}
