//! Keys as the sources give them: most work for some hours only.

use chrono::{DateTime, Utc};
use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

use crate::credentials::Credentials;

/// Keys, and how long they work.
#[derive(Clone, Debug)]
pub struct ExpiringCredentials {
    /// The credentials, with their security token.
    pub credentials: Credentials,
    /// When they cease to work, where the source says it.
    pub expires: Option<DateTime<Utc>>,
}

impl ExpiringCredentials {
    /// Whether they still work, as far as the source has said.
    pub(crate) fn holds(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

/// For serde: a time by RFC 3339. Anything else is none: the keys are good without it, they are only not kept.
pub(crate) fn expiration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().and_then(rfc_3339))
}

/// The time that a text is, if it is one.
pub(crate) fn rfc_3339(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}
