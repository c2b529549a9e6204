//! The temporary keys that STS has issued, each for a role, under a session name, until it expires.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::account::Role;
use crate::secret::Secret;
use crate::system::random;

/// The most keys remembered. Beyond it those that have expired are forgotten, or else all.
const MAX_SESSIONS: usize = 10_000;

/// A role that was assumed, and the temporary key for it.
#[derive(Debug)]
pub(crate) struct StsSession {
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) role: &'static Role,
    /// RoleSessionName, which the caller chose.
    pub(crate) name: String,
}

#[derive(Debug, Default)]
pub(crate) struct StsSessions {
    /// The sessions by their AccessKeyId.
    issued: HashMap<String, StsSession>,
}

impl StsSessions {
    /// The session of an AccessKeyId, also if it has expired.
    pub(crate) fn get(&self, id: &str) -> Option<&StsSession> {
        self.issued.get(id)
    }

    /// Issues a key, and returns its AccessKeyId and its session.
    pub(crate) fn issue(
        &mut self,
        role: &'static Role,
        name: &str,
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> (String, &StsSession) {
        if self.issued.len() >= MAX_SESSIONS {
            self.issued.retain(|_, session| session.expires > now);
            if self.issued.len() >= MAX_SESSIONS {
                self.issued.clear();
            }
        }
        // Begins with `+/` and ends with `==`, so that a client with wrong percent-encoding fails.
        let mut token = [0u8; 49];
        random::fill(&mut token);
        token[..2].copy_from_slice(&[0xFB, 0xFF]);
        let id = format!("STS.{}", random::hex_128());
        let session = StsSession {
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
        let mut sessions = StsSessions::default();
        let (first, session) = sessions.issue(&ROLES[0], "a", now + TimeDelta::seconds(900), now);
        let token = session.token.expose().to_owned();
        assert!(first.starts_with("STS.") && token.starts_with("+/") && token.ends_with("=="), "{first}");
        let later = now + TimeDelta::seconds(901);
        for _ in 1..MAX_SESSIONS {
            sessions.issue(&ROLES[0], "b", later + TimeDelta::seconds(900), later);
        }
        assert!(sessions.get(&first).is_some(), "an expired key is known, as long as there is room");
        let (last, _) = sessions.issue(&ROLES[0], "c", later + TimeDelta::seconds(900), later);
        assert!(sessions.get(&first).is_none() && sessions.get(&last).is_some());
        assert_eq!(sessions.issued.len(), MAX_SESSIONS);
        sessions.issue(&ROLES[0], "d", later + TimeDelta::seconds(900), later);
        assert_eq!(sessions.issued.len(), 1);
    }
}
