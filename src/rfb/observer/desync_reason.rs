use thiserror::Error;

/// Why the observer no longer understands a session, which itself continues. Sections are those of RFC 6143.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DesyncReason {
    /// Section 7.1.1.
    #[error("no RFB version")]
    NoVersion,
    /// Section 7.1.2.
    #[error("the unsupported security type {0}")]
    UnsupportedSecurity(u32),
    /// Sections 7.1.2 and 7.1.3.
    #[error("the server refused the viewer")]
    Refused,
    /// One side has sent more than a handshake has.
    #[error("more bytes than the handshake has")]
    HandshakeTooLong,
    /// Section 7.5: an unknown message, or one of an extension that the client has not announced.
    #[error("a client message of the unknown type {0}")]
    UnknownMessage(u8),
    /// Section 7.5: a length that this type of message cannot have.
    #[error("a client message of type {0} with a wrong length")]
    MessageLength(u8),
}
