//! Checks an AccessKey pair from any source: it must be complete, and a request must be able to carry it.

use thiserror::Error;

use super::Credentials;
use crate::secret::{AccessKeyId, Secret};

/// The maximum length of a value, in bytes. STS tokens have up to some thousand.
const MAX_VALUE_LEN: usize = 8192;

/// Why a source has no usable credentials although some are set.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CredentialsError {
    /// Only a part of the credentials is set.
    #[error("{present} is set, but {missing} is not")]
    Half {
        /// The name of the value that is set.
        present: String,
        /// The name of the value that is missing.
        missing: String,
    },
    /// A value that no credentials have. Most likely it was copied incompletely or with something around it.
    #[error("{name} is empty, too long, or contains a space or another invalid character")]
    Malformed {
        /// The name of the value.
        name: String,
    },
}

/// Returns the credentials of the three values, or `None` if none is set. `names` are the names that the source has for
/// the values, for errors.
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
        let is_valid = |value: &str| {
            (1..=MAX_VALUE_LEN).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if value.is_some_and(|value| !is_valid(value)) {
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
