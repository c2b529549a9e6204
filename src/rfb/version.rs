//! Protocol versions. RFC 6143, section 7.1.1.

use thiserror::Error;

use super::protocol::length;

/// A supported protocol version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// RFC 6143, appendix A.1: the server decides on the security type.
    V3_3,
    /// RFC 6143, appendix A.2: no SecurityResult after None.
    V3_7,
    /// RFC 6143, section 7.1.
    V3_8,
}

/// A version that is not supported, quoted with escapes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the unsupported RFB version \"{0}\"; supported are 3.3, 3.7 and 3.8")]
pub struct UnknownVersion(String);

impl Version {
    /// Returns the ProtocolVersion message, 12 bytes. RFC 6143, section 7.1.1.
    pub(crate) fn encode(self) -> [u8; length::VERSION] {
        *match self {
            Self::V3_3 => b"RFB 003.003\n",
            Self::V3_7 => b"RFB 003.007\n",
            Self::V3_8 => b"RFB 003.008\n",
        }
    }
}

impl TryFrom<[u8; length::VERSION]> for Version {
    type Error = UnknownVersion;

    /// Other versions are an error, although the RFC treats them as 3.3: no server of the service has one.
    fn try_from(wire: [u8; length::VERSION]) -> Result<Self, UnknownVersion> {
        let is_equal = |version: &Self| version.encode() == wire;
        let known = [Self::V3_3, Self::V3_7, Self::V3_8].into_iter().find(is_equal);
        known.ok_or_else(|| UnknownVersion(wire.escape_ascii().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_versions_are_supported() {
        assert_eq!(Version::try_from(*b"RFB 003.003\n").unwrap(), Version::V3_3);
        assert_eq!(Version::try_from(*b"RFB 003.007\n").unwrap(), Version::V3_7);
        assert_eq!(Version::try_from(*b"RFB 003.008\n").unwrap(), Version::V3_8);
        for other in [b"RFB 003.005\n", b"RFB 003.889\n", b"RFB 004.001\n", b"RFB 003.008 ", b"GET / HTTP/1"] {
            assert!(Version::try_from(*other).is_err(), "{}", other.escape_ascii());
        }
        let error = Version::try_from(*b"RFB 3\x1b[2J\r\n\xff").unwrap_err().to_string();
        assert_eq!(error, r#"the unsupported RFB version "RFB 3\x1b[2J\r\n\xff"; supported are 3.3, 3.7 and 3.8"#);
    }
}
