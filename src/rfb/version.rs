//! Protocol versions. RFC 6143, section 7.1.1.

use thiserror::Error;

use super::protocol::length;

/// A supported protocol version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// RFC 6143, appendix A.1: the server decides on the security type.
    V3_3,
    /// RFC 6143, appendix A.2: no SecurityResult after None.
    V3_7,
    /// RFC 6143, section 7.1.
    V3_8,
}

/// Bytes that are no ProtocolVersion message, quoted with escapes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" instead of an RFB version")]
pub struct NotAVersion(String);

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
    type Error = NotAVersion;

    /// Returns the version to speak with a peer that sent this message.
    ///
    /// Unknown versions below 3.7 are treated as 3.3: RFC 6143, section 7.1.1. Later ones are treated as 3.8, as TigerVNC's
    /// client does: Apple's server sends 3.889, RealVNC's sends 4.1 and 5.0.
    fn try_from(wire: [u8; length::VERSION]) -> Result<Self, NotAVersion> {
        let number = |digits: &[u8]| match digits.iter().all(u8::is_ascii_digit) {
            true => str::from_utf8(digits).ok()?.parse::<u16>().ok(),
            false => None,
        };
        let version = match &wire {
            [b'R', b'F', b'B', b' ', numbers @ .., b'\n'] if numbers[3] == b'.' => {
                number(&numbers[..3]).zip(number(&numbers[4..]))
            }
            _ => None,
        };
        match version.ok_or_else(|| NotAVersion(wire.escape_ascii().to_string()))? {
            (3, 7) => Ok(Self::V3_7),
            version if version < (3, 7) => Ok(Self::V3_3),
            _ => Ok(Self::V3_8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_version_is_taken_for_a_supported_one() {
        let version = |wire: &[u8; length::VERSION]| Version::try_from(*wire);
        for old in [b"RFB 003.003\n", b"RFB 003.005\n", b"RFB 003.006\n", b"RFB 002.002\n"] {
            assert_eq!(version(old).unwrap(), Version::V3_3, "{}", old.escape_ascii());
        }
        assert_eq!(version(b"RFB 003.007\n").unwrap(), Version::V3_7);
        for new in [b"RFB 003.008\n", b"RFB 003.889\n", b"RFB 004.001\n", b"RFB 005.000\n"] {
            assert_eq!(version(new).unwrap(), Version::V3_8, "{}", new.escape_ascii());
        }
    }

    #[test]
    fn other_bytes_are_no_version() {
        for other in [b"RFB 003.008 ", b"RFB 003,008\n", b"RFB  03.008\n", b"RFB +03.008\n", b"GET / HTTP/1"] {
            assert!(Version::try_from(*other).is_err(), "{}", other.escape_ascii());
        }
        let error = Version::try_from(*b"RFB 3\x1b[2J\r\n\xff").unwrap_err().to_string();
        assert_eq!(error, r#""RFB 3\x1b[2J\r\n\xff" instead of an RFB version"#);
    }
}
