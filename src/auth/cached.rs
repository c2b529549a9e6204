//! Temporary credentials, cached on disk from one run to the next. The JSON keys are those of the official CLI's file.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::credentials::{Credentials, ExpiringCredentials, checked};
use crate::secret::{AccessKeyId, Secret};
use crate::system::private_cache::PrivateCache;

/// Credentials with no more than this time left are refreshed. They must last for a command, even if this machine's
/// clock is slow.
pub(crate) const REFRESH_MARGIN: TimeDelta = TimeDelta::minutes(5);

/// A cache file as it is read.
#[derive(Deserialize)]
struct CacheEntry {
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    sts_token: Secret,
    sts_expiration: i64,
}

/// A cache file as it is written. It borrows plain text, because a [`Secret`] cannot be serialized.
#[derive(Serialize)]
struct CacheEntryRef<'a> {
    access_key_id: &'a str,
    access_key_secret: &'a str,
    /// Empty if the credentials have no token.
    sts_token: &'a str,
    /// In Unix seconds.
    sts_expiration: i64,
}

/// Loads the credentials cached as `name`, if they are valid for longer than [`REFRESH_MARGIN`]. A damaged file counts
/// as missing.
pub(crate) fn load(cache: &PrivateCache, name: &str, now: DateTime<Utc>) -> Option<ExpiringCredentials> {
    let entry: CacheEntry = serde_json::from_slice(&cache.read(name)?).ok()?;
    let expires = DateTime::from_timestamp(entry.sts_expiration, 0)?;
    if expires - now <= REFRESH_MARGIN {
        return None;
    }
    let token = Some(entry.sts_token).filter(|token| !token.expose().is_empty());
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    let credentials = checked(Some(entry.access_key_id), Some(entry.access_key_secret), token, names).ok()??;
    Some(ExpiringCredentials { credentials, expires: Some(expires) })
}

/// Caches credentials as `name`. Credentials without an expiration time are not cached: they may be revoked at any
/// time.
pub(crate) fn store(cache: &PrivateCache, name: &str, expiring: &ExpiringCredentials) -> io::Result<()> {
    let ExpiringCredentials { credentials, expires: Some(expires) } = expiring else {
        return Ok(());
    };
    let Credentials { access_key_id, access_key_secret, security_token } = credentials;
    let entry = CacheEntryRef {
        access_key_id: access_key_id.expose(),
        access_key_secret: access_key_secret.expose(),
        sts_token: security_token.as_ref().map(Secret::expose).unwrap_or_default(),
        sts_expiration: expires.timestamp(),
    };
    // Allocated once: a growing vector leaves copies of the secrets in memory. JSON at most doubles each value.
    let values = [entry.access_key_id, entry.access_key_secret, entry.sts_token];
    let capacity = 256 + 2 * values.iter().map(|value| value.len()).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    serde_json::to_writer(&mut *bytes, &entry)?;
    cache.write(name, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::private_cache::hashed_name;

    const NOW: &str = "2024-02-29T12:00:00Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn credentials(token: Option<&str>, expires: Option<&str>) -> ExpiringCredentials {
        let credentials = Credentials {
            access_key_id: AccessKeyId::new("STS.an-access-key-id"),
            access_key_secret: Secret::new("hunter2\"\\"),
            security_token: token.map(Secret::new),
        };
        ExpiringCredentials { credentials, expires: expires.map(at) }
    }

    fn name(kind: &str) -> String {
        format!("{kind}-{}.json", hashed_name(&[]))
    }

    fn cache() -> (tempfile::TempDir, PrivateCache) {
        let dir = tempfile::tempdir().unwrap();
        let cache = PrivateCache::at(dir.path().join("c"));
        (dir, cache)
    }

    #[test]
    fn credentials_are_cached_until_five_minutes_before_they_expire() {
        let (_dir, cache) = cache();
        for token in [None, Some("to/ken==")] {
            store(&cache, &name("keys"), &credentials(token, Some("2024-02-29T12:05:01Z"))).unwrap();
            let loaded = load(&cache, &name("keys"), at(NOW)).unwrap();
            assert_eq!(loaded.credentials.access_key_id.expose(), "STS.an-access-key-id");
            assert_eq!(loaded.credentials.access_key_secret.expose(), "hunter2\"\\");
            assert_eq!(loaded.credentials.security_token.as_ref().map(Secret::expose), token);
            assert_eq!(loaded.expires, Some(at("2024-02-29T12:05:01Z")));
            assert!(load(&cache, &name("keys"), at("2024-02-29T12:00:01Z")).is_none(), "exactly five minutes are left");
        }
        assert!(
            load(&cache, &name("other"), at(NOW)).is_none()
                && load(&PrivateCache::disabled(), &name("keys"), at(NOW)).is_none()
        );
    }

    #[test]
    fn credentials_without_expiration_are_not_cached() {
        let (_dir, cache) = cache();
        store(&cache, &name("keys"), &credentials(Some("t"), None)).unwrap();
        assert!(cache.read(&name("keys")).is_none());
    }

    #[test]
    fn damaged_cache_files_count_as_missing() {
        let (_dir, cache) = cache();
        // 4000000000 is 2096-10-02T07:06:40Z.
        let good = r#"{"access_key_id":"a","access_key_secret":"b","sts_token":"c","sts_expiration":4000000000}"#;
        cache.write(&name("keys"), good.as_bytes()).unwrap();
        assert_eq!(load(&cache, &name("keys"), at(NOW)).unwrap().expires, Some(at("2096-10-02T07:06:40Z")));
        for bad in [
            "",
            &good[..good.len() - 1],
            &good.replace("\"b\"", "\"b c\""),
            &good.replace("\"a\"", "\"\""),
            &good.replace("\"c\"", "null"),
            &good.replace("4000000000", "\"4000000000\""),
            &good.replace("4000000000", &i64::MAX.to_string()),
        ] {
            cache.write(&name("keys"), bad.as_bytes()).unwrap();
            assert!(load(&cache, &name("keys"), at(NOW)).is_none(), "{bad}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", credentials(Some("hunter2"), Some(NOW)));
        assert!(!shown.contains("hunter2") && !shown.contains("an-access"), "{shown}");
    }
}
