//! Bytes that a JSON response contains as base64 (RFC 4648, sections 4 and 5).

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// Decodes with or without padding.
const PADDING_OPTIONAL: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes from base64 in either alphabet, with or without line breaks and padding. Unused bits must be zero, and a text
/// with characters of both alphabets is ambiguous. The error for anything else does not quote the text.
#[derive(Default, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64Visitor)
    }
}

/// Decodes the documented form in place, since a screenshot is large to copy.
struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Base64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
        let bytes = BASE64_STANDARD.decode(text).ok().or_else(|| decode_variant(text));
        bytes.map(Base64).ok_or_else(|| E::custom("not base64"))
    }
}

/// Decodes a text that is not in the documented form: padded, without line breaks, in the standard alphabet.
fn decode_variant(text: &str) -> Option<Vec<u8>> {
    if text.contains(['+', '/']) && text.contains(['-', '_']) {
        return None;
    }
    let standard = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    });
    PADDING_OPTIONAL.decode(standard.collect::<Vec<u8>>()).ok()
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
    fn unambiguous_base64_is_accepted() {
        let decode = |text: &str| serde_json::from_value::<Base64>(text.into());
        // RFC 4648, section 10.
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(decode(text).unwrap().0, bytes.as_bytes(), "{text}");
        }
        for (text, bytes) in [("Zg", "f"), ("Zm9v\r\n", "foo"), ("Zm\n9v\nYg==\n", "foob"), ("Zm 9v", "foo")] {
            assert_eq!(decode(text).unwrap().0, bytes.as_bytes(), "{text}");
        }
        assert_eq!(decode("-_--").unwrap(), decode("+/++").unwrap());
        for text in ["Z", "Zh==", "Zh", "+_-/", "=", "Zg==Zg==", "Zm9v,", "实"] {
            let error = decode(text).unwrap_err().to_string();
            assert_eq!(error, "not base64", "{text}");
        }
        assert!(serde_json::from_str::<Base64>("7").is_err() && serde_json::from_str::<Base64>("null").is_err());
    }
}
