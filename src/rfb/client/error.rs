//! Why a session cannot begin or go on.

use std::io;

use thiserror::Error;

use super::super::decode::DecodeError;
use super::super::version::UnknownVersion;

/// Why there is no session any more.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Section 7.1.1.
    #[error("the server speaks {0}")]
    Version(#[from] UnknownVersion),
    /// Section 7.1.2: neither None (1) nor VNC authentication (2) is among them.
    #[error("the server asks for security type {}, where None (1) and VNC authentication (2) are known", list(.0))]
    Security(Vec<u32>),
    /// Section 7.2.2: the server asks for a password, and there is none.
    #[error("the server asks for a VNC password")]
    NoPassword,
    /// Section 7.1.3: after a password was given. What the server said about it, if it did.
    #[error("the server did not accept the VNC password{}", said(.0))]
    Password(String),
    /// Sections 7.1.2 and 7.1.3. What the server said about it, if it did.
    #[error("the server refused the connection{}", said(.0))]
    Refused(String),
    /// Section 7.1.3.
    #[error("a security result of {0}, where 0 and 1 are known")]
    Result(u32),
    /// Section 7.3.2.
    #[error("a desktop name of {0} bytes, where {max} are the most", max = super::handshake::LONGEST_NAME)]
    Name(u32),
    /// Section 7.6: whatever follows cannot be read, as its length is unknown.
    #[error("a server message of unknown type {0}")]
    Message(u8),
    /// Section 7.6.2.
    #[error("{count} colours from {first} on, where a map has 256")]
    Colours {
        /// The first colour's number.
        first: u16,
        /// How many there are.
        count: u16,
    },
    /// Section 7.6.4.
    #[error("a cut text of {0} bytes, where {max} are the most", max = super::updates::LONGEST_CUT)]
    CutText(u32),
    /// Section 7.7.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The server has closed, between two messages.
    #[error("the server closed the connection")]
    Closed,
    /// The server has closed in the middle of a message.
    #[error("the server closed the connection in the middle of a message")]
    CutOff,
    /// The stream below failed.
    #[error("the connection failed: {0}")]
    Stream(#[source] io::Error),
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::CutOff } else { Self::Stream(error) }
    }
}

fn said(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

fn list(types: &[u32]) -> String {
    types.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
