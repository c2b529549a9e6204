//! Why the server ends a client's session.

use std::io;

use thiserror::Error;

use super::super::pixel_format::PixelFormatError;
use super::super::version::NotAVersion;

#[derive(Debug, Error)]
pub(crate) enum ServerError {
    /// No version with a known handshake. RFC 6143, section 7.1.1.
    #[error("a client that sent {0}")]
    Version(#[from] NotAVersion),
    /// A security type that was not offered. RFC 6143, section 7.1.2.
    #[error("a client that chose security type {chosen}, where only {offered} is offered")]
    Security {
        chosen: u8,
        /// Name and number of the type.
        offered: &'static str,
    },
    /// The server's limit for an answer in the handshake has passed.
    #[error("a client that did not answer in the handshake")]
    Silent,
    /// RFC 6143, section 7.2.2.
    #[error("a client with a wrong password")]
    WrongPassword,
    /// The server cannot serve the client, and has told it why. RFC 6143, section 7.1.3.
    #[error("refused: {0}")]
    Refused(String),
    /// RFC 6143, section 7.5.1.
    #[error("an unusable pixel format: {0}")]
    PixelFormat(#[from] PixelFormatError),
    /// A message whose length is unknown, so that nothing after it can be read. RFC 6143, section 7.5.
    #[error("a client message of type {0}, which RFC 6143 does not know")]
    Message(u8),
    /// As above. rfbproto.rst, "QEMU Client Message".
    #[error("a QEMU client message of type {0}, where only the Extended Key Event (0) is known")]
    QemuMessage(u8),
    /// RFC 6143, section 7.5.6.
    #[error("a cut text of {len} bytes, where {max} are the most")]
    CutText { len: u32, max: u32 },
    /// The client left in the middle of a message.
    #[error("a message that was cut off")]
    CutOff,
    /// The stream below failed.
    #[error("the connection failed: {0}")]
    Stream(#[source] io::Error),
}

impl From<io::Error> for ServerError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::CutOff } else { Self::Stream(error) }
    }
}

impl ServerError {
    /// Whether the error only says that the client has left.
    pub(crate) fn is_leaving(&self) -> bool {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        matches!(self, Self::Stream(error) if matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset))
    }
}
