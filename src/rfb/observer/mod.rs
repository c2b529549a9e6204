//! Reads along with both sides of a session, so that a keepalive can be inserted between two of the client's messages.

mod client_messages;
mod desync_reason;
mod handshake;

pub use desync_reason::DesyncReason;

use client_messages::ClientMessages;
use handshake::{CompletedHandshake, Handshake};

use super::protocol::{framebuffer_update_request, length};
use crate::picture::Rectangle;

/// The length of a keepalive, in bytes.
pub(crate) const KEEPALIVE_LENGTH: usize = length::FRAMEBUFFER_UPDATE_REQUEST;

/// Follows a session from its first byte.
#[derive(Debug)]
pub struct Observer(State);

#[derive(Debug)]
enum State {
    Handshake(Handshake),
    Session(ClientMessages),
    /// The observer no longer understands the session.
    Desynced {
        reason: DesyncReason,
        was_in_handshake: bool,
    },
}

impl Default for Observer {
    fn default() -> Self {
        Self(State::Handshake(Handshake::default()))
    }
}

impl Observer {
    /// Adds bytes from the server. They are only needed during the handshake.
    pub fn add_server_bytes(&mut self, bytes: &[u8]) {
        if let State::Handshake(handshake) = &mut self.0 {
            let result = handshake.add_server_bytes(bytes);
            self.after_handshake_bytes(result);
        }
    }

    /// Adds bytes from the client.
    pub fn add_client_bytes(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Handshake(handshake) => {
                let result = handshake.add_client_bytes(bytes);
                self.after_handshake_bytes(result);
            }
            State::Session(messages) => {
                if let Err(reason) = messages.add_bytes(bytes) {
                    self.0 = State::Desynced { reason, was_in_handshake: false };
                }
            }
            State::Desynced { .. } => {}
        }
    }

    fn after_handshake_bytes(&mut self, result: Result<Option<CompletedHandshake>, DesyncReason>) {
        match result {
            Ok(None) => {}
            Ok(Some(CompletedHandshake { size, client_input })) => {
                self.0 = State::Session(ClientMessages::new(size));
                self.add_client_bytes(&client_input);
            }
            Err(reason) => self.0 = State::Desynced { reason, was_in_handshake: true },
        }
    }

    /// Whether the handshake is incomplete, so that the observer needs the server's bytes.
    pub fn is_in_handshake(&self) -> bool {
        matches!(self.0, State::Handshake(_))
    }

    /// Whether the server has shown its desktop. In a handshake that the observer does not understand it counts as shown,
    /// unless the server refused the client.
    pub fn has_started(&self) -> bool {
        match self.0 {
            State::Handshake(_) | State::Desynced { reason: DesyncReason::Refused, was_in_handshake: true } => false,
            State::Session(_) | State::Desynced { .. } => true,
        }
    }

    /// Why the observer no longer understands the session, `None` if it does.
    pub fn desync_reason(&self) -> Option<DesyncReason> {
        match self.0 {
            State::Desynced { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// A keepalive, if one can be inserted now: an incremental FramebufferUpdateRequest for the whole screen. RFC 6143,
    /// section 7.5.3.
    pub fn keepalive(&self) -> Option<[u8; KEEPALIVE_LENGTH]> {
        match &self.0 {
            State::Session(messages) if messages.is_between_messages() => {
                let (width, height) = messages.size();
                Some(framebuffer_update_request(true, Rectangle { x: 0, y: 0, width, height }))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "observer_tests.rs"]
mod tests;
