//! Secrets as types that cannot be printed.

use std::fmt;
use std::hint;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny};
use zeroize::Zeroizing;

/// A secret text: an AccessKeySecret, an STS token, a password, a signed URL.
///
/// It has no `Display`, its `Debug` shows `[redacted]`, and its memory is cleared on drop. [`Secret::expose`] marks the places
/// where the text leaves this protection.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The secret text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether two texts are equal. The time depends on their lengths only, so that it does not reveal a secret.
pub(crate) fn is_equal_in_constant_time(one: &[u8], other: &[u8]) -> bool {
    // The compiler must not end the loop at the first difference.
    let add = |found: u8, (one, other): (&u8, &u8)| hint::black_box(found | (one ^ other));
    one.len() == other.len() && one.iter().zip(other).fold(0, add) == 0
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Not derived, because a derived error quotes a value of the wrong type.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Value {
            Text(String),
            Other(IgnoredAny),
        }
        match Value::deserialize(deserializer)? {
            Value::Text(text) => Ok(Self::new(text)),
            Value::Other(_) => Err(D::Error::custom("expected a string in quotes")),
        }
    }
}

/// An AccessKeyId. It is not a secret, but it identifies an account, so it is printed masked: `LTAI****MnOp`.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKeyId(String);

impl AccessKeyId {
    /// Wraps an AccessKeyId.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The whole id, for signing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars: Vec<char> = self.0.chars().collect();
        if chars.len() < 12 {
            return f.write_str("****");
        }
        let head: String = chars[..4].iter().collect();
        let tail: String = chars[chars.len() - 4..].iter().collect();
        write!(f, "{head}****{tail}")
    }
}

impl fmt::Debug for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for AccessKeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Secret::deserialize(deserializer).map(|id| Self::new(id.expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[redacted]");
    }

    #[test]
    fn every_difference_between_texts_is_found() {
        assert!(is_equal_in_constant_time(b"abc", b"abc") && is_equal_in_constant_time(b"", b""));
        for other in ["xbc", "axc", "abx", "ab", "abcd", ""] {
            assert!(!is_equal_in_constant_time(b"abc", other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn an_access_key_id_is_masked() {
        assert_eq!(AccessKeyId::new("LTAI5tQnAbCdEfGhIjKlMnOp").to_string(), "LTAI****MnOp");
        assert_eq!(AccessKeyId::new("short").to_string(), "****");
        assert_eq!(format!("{:?}", AccessKeyId::new("密钥密钥密钥密钥密钥密钥密钥")), "密钥密钥****密钥密钥");
    }
}
