//! Bytes that a JSON response contains as base64 (RFC 4648, section 4).

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// Bytes from strict base64: padded, without line breaks, unused bits zero. The error for anything else does not quote the
/// text.
#[derive(Default, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64Visitor)
    }
}

/// Decodes the text in place, since a screenshot is large to copy.
struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Base64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
        BASE64_STANDARD.decode(text).map(Base64).map_err(|_| E::custom("not base64"))
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strict_base64_is_accepted() {
        let decode = |text: &str| serde_json::from_value::<Base64>(text.into());
        // RFC 4648, section 10.
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(decode(text).unwrap().0, bytes.as_bytes(), "{text}");
        }
        for text in ["Zg", "Zg=", "Zh==", "Zm9v\n", "Zm 9v", "Zm9-", "=", "Zg==Zg==", "实"] {
            let error = decode(text).unwrap_err().to_string();
            assert_eq!(error, "not base64", "{text}");
        }
        assert!(serde_json::from_str::<Base64>("7").is_err() && serde_json::from_str::<Base64>("null").is_err());
    }
}
