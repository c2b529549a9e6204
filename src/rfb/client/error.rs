//! Errors that end a client's session.

use std::io;

use thiserror::Error;

use super::super::decode::DecodeError;
use super::super::version::NotAVersion;
use super::limits::{MAX_CUT_TEXT_LEN, MAX_DESKTOP_NAME_LEN};

/// Why a session cannot start or continue. Sections are those of RFC 6143.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Section 7.1.1.
    #[error("the server sent {0}")]
    Version(#[from] NotAVersion),
    /// Section 7.1.2.
    #[error("the server offers security type {}; supported are 1 (None) and 2 (VNC authentication)", list(.0))]
    UnsupportedSecurity(Vec<u32>),
    /// Section 7.2.2.
    #[error("the server asks for a VNC password")]
    PasswordRequired,
    /// Section 7.1.3, with the server's reason, which may be empty.
    #[error("the server rejected the VNC password{}", after_colon(.0))]
    PasswordRejected(String),
    /// Sections 7.1.2 and 7.1.3, with the server's reason, which may be empty.
    #[error("the server refused the connection{}", after_colon(.0))]
    Refused(String),
    /// Section 7.1.3.
    #[error("the server sent the unknown security result {0}")]
    UnknownSecurityResult(u32),
    /// Section 7.3.2.
    #[error("the server's desktop name has {0} bytes, more than {MAX_DESKTOP_NAME_LEN}")]
    DesktopNameTooLong(u32),
    /// Section 7.8.1 sets no limit; here, each side is limited to 512 pixels.
    #[error("the shape of its pointer has {width} x {height} pixels")]
    CursorTooLarge {
        /// The width of the shape, in pixels.
        width: u16,
        /// The height of the shape, in pixels.
        height: u16,
    },
    /// Section 7.6. The length of such a message is unknown, so nothing after it can be read.
    #[error("the server sent a message of the unknown type {0}")]
    UnknownMessage(u8),
    /// Section 7.6.2.
    #[error("the server sent {count} colours from number {first} on, but a colour map has 256")]
    ColourMap {
        /// The number of the first colour.
        first: u16,
        /// The number of colours.
        count: u16,
    },
    /// Section 7.6.4.
    #[error("the server sent a cut text of {0} bytes, more than {MAX_CUT_TEXT_LEN}")]
    CutTextTooLong(u32),
    /// Section 7.7.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The server closed the connection between two messages.
    #[error("the server closed the connection")]
    Closed,
    /// The server closed the connection within a message.
    #[error("the server closed the connection in the middle of a message")]
    ClosedInMessage,
    /// Reading or writing failed.
    #[error("the connection failed: {0}")]
    Io(#[source] io::Error),
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::ClosedInMessage } else { Self::Io(error) }
    }
}

fn after_colon(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

fn list(types: &[u32]) -> String {
    types.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
