//! Temporary keys that are out: each is of a role, under a name, until it expires.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::account::Role;
use crate::secret::Secret;
use crate::system::random;

/// The most keys out at once; past it they are forgotten, those that have expired first.
const MOST: usize = 10_000;

/// A temporary key.
#[derive(Debug)]
pub(crate) struct Session {
    /// AccessKeySecret.
    pub(crate) secret: Secret,
    /// SecurityToken.
    pub(crate) token: Secret,
    /// From when on it is refused.
    pub(crate) expires: DateTime<Utc>,
    /// The role that was assumed.
    pub(crate) role: &'static Role,
    /// RoleSessionName.
    pub(crate) name: String,
}

/// The temporary keys of the account, by AccessKeyId.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    issued: HashMap<String, Session>,
}

impl Sessions {
    /// A key's session, also when it has expired.
    pub(crate) fn get(&self, id: &str) -> Option<&Session> {
        self.issued.get(id)
    }

    /// A new key: its AccessKeyId and its session.
    pub(crate) fn issue(
        &mut self,
        role: &'static Role,
        name: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> (String, &Session) {
        if self.issued.len() >= MOST {
            self.issued.retain(|_, session| session.expires > now);
            if self.issued.len() >= MOST {
                self.issued.clear();
            }
        }
        // Begins with `+/` and ends with `==`, so that whoever encodes it badly is found out.
        let mut token = [0u8; 49];
        random::fill(&mut token);
        token[..2].copy_from_slice(&[0xFB, 0xFF]);
        let id = format!("STS.{}", random::hex_128());
        let session = Session {
            secret: Secret::new(random::hex_128()),
            token: Secret::new(BASE64_STANDARD.encode(token)),
            expires,
            role,
            name: name.to_owned(),
        };
        let session = self.issued.entry(id.clone()).insert_entry(session).into_mut();
        (id, session)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone as _};

    use super::*;
    use crate::demo::account::ROLES;

    #[test]
    fn keys_are_new_and_bounded() {
        let now = Utc.with_ymd_and_hms(2024, 2, 29, 12, 0, 0).unwrap();
        let mut sessions = Sessions::default();
        let (first, session) = sessions.issue(&ROLES[0], "a", now + TimeDelta::seconds(900), now);
        let token = session.token.expose().to_owned();
        assert!(first.starts_with("STS.") && token.starts_with("+/") && token.ends_with("=="), "{first}");
        let later = now + TimeDelta::seconds(901);
        for _ in 1..MOST {
            sessions.issue(&ROLES[0], "b", later + TimeDelta::seconds(900), later);
        }
        assert!(sessions.get(&first).is_some(), "an expired key is known, as long as there is room");
        let (last, _) = sessions.issue(&ROLES[0], "c", later + TimeDelta::seconds(900), later);
        assert!(sessions.get(&first).is_none() && sessions.get(&last).is_some());
        assert_eq!(sessions.issued.len(), MOST);
        sessions.issue(&ROLES[0], "d", later + TimeDelta::seconds(900), later);
        assert_eq!(sessions.issued.len(), 1);
    }
}
