//! A key pair as it was found, checked to be whole and sendable.

use thiserror::Error;

use super::Credentials;
use crate::secret::{AccessKeyId, Secret};

/// The longest value taken, in bytes. STS tokens have up to some thousand.
const LONGEST: usize = 8192;

/// Why a source that was there could not be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CredentialsError {
    /// One half of the pair is there.
    #[error("{present} is set, but {missing} is not")]
    Half {
        /// The name of what was found.
        present: String,
        /// The name of what was not.
        missing: String,
    },
    /// A value no key has, so most likely a slip of copy and paste.
    #[error("{name} is empty, far too long, or holds a space or a character that no key has")]
    Malformed {
        /// The name of the value.
        name: String,
    },
}

/// A pair and a token, or nothing where no part of a pair is there. `names` are what the source calls the three.
pub(crate) fn checked(
    id: Option<AccessKeyId>,
    secret: Option<Secret>,
    token: Option<Secret>,
    names: [&str; 3],
) -> Result<Option<Credentials>, CredentialsError> {
    let half = |present: &str, missing: &str| {
        Err(CredentialsError::Half { present: present.to_owned(), missing: missing.to_owned() })
    };
    let (id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => return half(names[0], names[1]),
        (None, Some(_)) => return half(names[1], names[0]),
        (None, None) if token.is_some() => return half(names[2], names[0]),
        (None, None) => return Ok(None),
    };
    let values = [Some(id.expose()), Some(secret.expose()), token.as_ref().map(Secret::expose)];
    for (value, name) in values.into_iter().zip(names) {
        let fits =
            |value: &str| (1..=LONGEST).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
        if value.is_some_and(|value| !fits(value)) {
            return Err(CredentialsError::Malformed { name: name.to_owned() });
        }
    }
    Ok(Some(Credentials { access_key_id: id, access_key_secret: secret, security_token: token }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: Option<&str>, secret: Option<&str>, token: Option<&str>) -> Result<Option<()>, CredentialsError> {
        let found = checked(id.map(AccessKeyId::new), secret.map(Secret::new), token.map(Secret::new), ["i", "s", "t"]);
        found.map(|found| found.map(|_| ()))
    }

    #[test]
    fn a_pair_is_whole_or_absent() {
        assert_eq!(check(Some("a"), Some("b"), Some("c")), Ok(Some(())));
        assert_eq!(check(None, None, None), Ok(None));
        let half = |present: &str, missing: &str| {
            Err(CredentialsError::Half { present: present.into(), missing: missing.into() })
        };
        assert_eq!(check(Some("a"), None, None), half("i", "s"));
        assert_eq!(check(None, Some("b"), None), half("s", "i"));
        assert_eq!(check(None, None, Some("c")), half("t", "i"));
    }

    #[test]
    fn a_slip_of_paste_is_named_but_not_shown() {
        for bad in ["", "a b", "a\n", "密"] {
            let error = check(Some("a"), Some(bad), None).unwrap_err();
            assert_eq!(error, CredentialsError::Malformed { name: "s".into() });
        }
    }
}
