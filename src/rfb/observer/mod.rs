//! A session followed from beside, so that a keepalive can be put where it harms nothing.

mod handshake;
mod messages;

pub(crate) use handshake::DesyncReason;

use handshake::{Greeted, Greeting};
use messages::Messages;

use super::protocol::{framebuffer_update_request, length};
use crate::picture::Rectangle;

/// The length of a keepalive, in bytes.
pub(crate) const KEEPALIVE_LENGTH: usize = length::FRAMEBUFFER_UPDATE_REQUEST;

/// Follows both sides of a session.
#[derive(Debug)]
pub(crate) struct Observer(Phase);

#[derive(Debug)]
enum Phase {
    Greeting(Greeting),
    Running(Messages),
    /// What follows is not understood. Whether the session had begun.
    DesyncReason(DesyncReason, bool),
}

impl Default for Observer {
    fn default() -> Self {
        Self(Phase::Greeting(Greeting::default()))
    }
}

impl Observer {
    /// What the server says. After the greeting nobody needs to tell.
    pub(crate) fn server(&mut self, bytes: &[u8]) {
        if let Phase::Greeting(greeting) = &mut self.0 {
            let said = greeting.server(bytes);
            self.greeted(said);
        }
    }

    /// What the client says.
    pub(crate) fn client(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Phase::Greeting(greeting) => {
                let said = greeting.client(bytes);
                self.greeted(said);
            }
            Phase::Running(messages) => {
                if let Err(lost) = messages.take(bytes) {
                    self.0 = Phase::DesyncReason(lost, true);
                }
            }
            Phase::DesyncReason(..) => {}
        }
    }

    fn greeted(&mut self, said: Result<Option<Greeted>, DesyncReason>) {
        match said {
            Ok(None) => {}
            Ok(Some(Greeted { size, client })) => {
                self.0 = Phase::Running(Messages::new(size));
                self.client(&client);
            }
            Err(lost) => self.0 = Phase::DesyncReason(lost, false),
        }
    }

    /// Whether the greeting is under way, in which the server must be heard.
    pub(crate) fn is_greeting(&self) -> bool {
        matches!(self.0, Phase::Greeting(_))
    }

    /// Whether the server has shown its desktop, as far as that is known: a session that is not understood may have, unless
    /// the client was refused.
    pub(crate) fn has_begun(&self) -> bool {
        match self.0 {
            Phase::Greeting(_) | Phase::DesyncReason(DesyncReason::Refused, false) => false,
            Phase::Running(_) | Phase::DesyncReason(..) => true,
        }
    }

    /// Why nothing is understood any more, if so.
    pub(crate) fn lost(&self) -> Option<DesyncReason> {
        match self.0 {
            Phase::DesyncReason(lost, _) => Some(lost),
            _ => None,
        }
    }

    /// A keepalive that may be put in just here, if any may: an incremental FramebufferUpdateRequest for the whole screen,
    /// between two of the client's messages. RFC 6143, section 7.5.3.
    pub(crate) fn keepalive(&self) -> Option<[u8; KEEPALIVE_LENGTH]> {
        match &self.0 {
            Phase::Running(messages) if messages.is_between_two() => {
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
