//! Keys kept from one run to the next, in the official CLI's words for them, until shortly before they expire.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::credentials::{Credentials, ExpiringCredentials, checked};
use crate::secret::{AccessKeyId, Secret};
use crate::system::private_cache::PrivateCache;

/// Keys with less time left are asked for anew: they must last for a command, on a clock that may be off.
pub(crate) const REFRESH: TimeDelta = TimeDelta::minutes(5);

#[derive(Deserialize)]
struct Kept {
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    sts_token: Secret,
    sts_expiration: i64,
}

/// The same, on its way out: a [`Secret`] cannot be written.
#[derive(Serialize)]
struct Keeping<'a> {
    access_key_id: &'a str,
    access_key_secret: &'a str,
    /// Empty where there is none.
    sts_token: &'a str,
    /// In Unix seconds.
    sts_expiration: i64,
}

/// The keys kept as `name`, if they work for longer than [`REFRESH`]. A damaged file is as none.
pub(crate) fn get(cache: &PrivateCache, name: &str, now: DateTime<Utc>) -> Option<ExpiringCredentials> {
    let kept: Kept = serde_json::from_slice(&cache.read(name)?).ok()?;
    let expires = DateTime::from_timestamp(kept.sts_expiration, 0)?;
    if expires - now <= REFRESH {
        return None;
    }
    let token = Some(kept.sts_token).filter(|token| !token.expose().is_empty());
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    let credentials = checked(Some(kept.access_key_id), Some(kept.access_key_secret), token, names).ok()??;
    Some(ExpiringCredentials { credentials, expires: Some(expires) })
}

/// Keeps keys as `name`. Those that never expire are not kept: their source can take them back at any time.
pub(crate) fn keep(cache: &PrivateCache, name: &str, keys: &ExpiringCredentials) -> io::Result<()> {
    let ExpiringCredentials { credentials, expires: Some(expires) } = keys else {
        return Ok(());
    };
    let Credentials { access_key_id, access_key_secret, security_token } = credentials;
    let keeping = Keeping {
        access_key_id: access_key_id.expose(),
        access_key_secret: access_key_secret.expose(),
        sts_token: security_token.as_ref().map(Secret::expose).unwrap_or_default(),
        sts_expiration: expires.timestamp(),
    };
    // Room for all of it at once, each quote escaped: a vector that grows leaves copies behind.
    let values = [keeping.access_key_id, keeping.access_key_secret, keeping.sts_token];
    let room = 256 + 2 * values.iter().map(|value| value.len()).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *bytes, &keeping)?;
    cache.write(name, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2024-02-29T12:00:00Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn keys(token: Option<&str>, expires: Option<&str>) -> ExpiringCredentials {
        let credentials = Credentials {
            access_key_id: AccessKeyId::new("STS.an-access-key-id"),
            access_key_secret: Secret::new("hunter2\"\\"),
            security_token: token.map(Secret::new),
        };
        ExpiringCredentials { credentials, expires: expires.map(at) }
    }

    fn cache() -> (tempfile::TempDir, PrivateCache) {
        let dir = tempfile::tempdir().unwrap();
        let cache = PrivateCache::at(dir.path().join("c"));
        (dir, cache)
    }

    #[test]
    fn keys_are_kept_until_shortly_before_they_expire() {
        let (_dir, cache) = cache();
        for token in [None, Some("to/ken==")] {
            keep(&cache, "k.json", &keys(token, Some("2024-02-29T12:05:01Z"))).unwrap();
            let found = get(&cache, "k.json", at(NOW)).unwrap();
            assert_eq!(found.credentials.access_key_id.expose(), "STS.an-access-key-id");
            assert_eq!(found.credentials.access_key_secret.expose(), "hunter2\"\\");
            assert_eq!(found.credentials.security_token.as_ref().map(Secret::expose), token);
            assert_eq!(found.expires, Some(at("2024-02-29T12:05:01Z")));
            assert!(get(&cache, "k.json", at("2024-02-29T12:00:01Z")).is_none(), "five minutes are too few");
        }
        assert!(
            get(&cache, "other.json", at(NOW)).is_none() && get(&PrivateCache::disabled(), "k.json", at(NOW)).is_none()
        );
    }

    #[test]
    fn keys_without_an_end_are_not_kept() {
        let (_dir, cache) = cache();
        keep(&cache, "k.json", &keys(Some("t"), None)).unwrap();
        assert!(cache.read("k.json").is_none());
    }

    #[test]
    fn what_is_damaged_is_as_none() {
        let (_dir, cache) = cache();
        // 4000000000 is 2096-10-02T07:06:40Z.
        let good = r#"{"access_key_id":"a","access_key_secret":"b","sts_token":"c","sts_expiration":4000000000}"#;
        cache.write("k.json", good.as_bytes()).unwrap();
        assert_eq!(get(&cache, "k.json", at(NOW)).unwrap().expires, Some(at("2096-10-02T07:06:40Z")));
        for bad in [
            "",
            &good[..good.len() - 1],
            &good.replace("\"b\"", "\"b c\""),
            &good.replace("\"a\"", "\"\""),
            &good.replace("\"c\"", "null"),
            &good.replace("4000000000", "\"4000000000\""),
            &good.replace("4000000000", &i64::MAX.to_string()),
        ] {
            cache.write("k.json", bad.as_bytes()).unwrap();
            assert!(get(&cache, "k.json", at(NOW)).is_none(), "{bad}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", keys(Some("hunter2"), Some(NOW)));
        assert!(!shown.contains("hunter2") && !shown.contains("an-access"), "{shown}");
    }
}
