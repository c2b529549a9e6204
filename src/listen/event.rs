//! What happens at a listener.

use std::io;

use super::peer::RefusedPeer;
use super::stream::Stream;

#[derive(Debug)]
pub(crate) enum ListenEvent {
    /// `peer` describes the other end for messages.
    Connected {
        stream: Stream,
        peer: String,
    },
    Refused(RefusedPeer),
    /// Accepting failed. It is tried again after a while.
    Failed(io::Error),
}
