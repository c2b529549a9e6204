//! Follows the handshake: versions, security None or VNC authentication, ClientInit, ServerInit. RFC 6143, sections 7.1 to
//! 7.3 and appendix A.

use super::desync_reason::DesyncReason;
use crate::rfb::protocol::{NO_SECURITY_TYPE, SecurityResult, SecurityType, length};
use crate::rfb::version::Version;

/// How many bytes one side may be ahead of the other. The longest message of the handshake is the server's list of security
/// types, with 256 bytes.
const MAX_AHEAD: usize = 512;

/// The next message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    ServerVersion,
    ClientVersion,
    /// Appendix A.1: the server decides on the security type.
    ServerSecurityType,
    ServerSecurityTypes,
    ClientSecurityType,
    Challenge,
    Response,
    SecurityResult,
    ClientInit,
    ServerInit,
}

/// Follows a handshake, however the messages are cut and whichever side is ahead.
#[derive(Debug, Default)]
pub(crate) struct Handshake {
    state: State,
    /// Whether the client has chosen version 3.8.
    is_3_8: bool,
    server_input: Vec<u8>,
    client_input: Vec<u8>,
}

/// A handshake that is complete.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CompletedHandshake {
    /// Width and height of the screen, in pixels. Section 7.3.2.
    pub(crate) size: (u16, u16),
    /// What the client has sent after it.
    pub(crate) client_input: Vec<u8>,
}

impl Handshake {
    /// Adds bytes from the server. `None` while the handshake is incomplete.
    pub(crate) fn add_server_bytes(&mut self, bytes: &[u8]) -> Result<Option<CompletedHandshake>, DesyncReason> {
        add(&mut self.server_input, bytes)?;
        self.advance()
    }

    /// Adds bytes from the client. `None` while the handshake is incomplete.
    pub(crate) fn add_client_bytes(&mut self, bytes: &[u8]) -> Result<Option<CompletedHandshake>, DesyncReason> {
        add(&mut self.client_input, bytes)?;
        self.advance()
    }

    fn advance(&mut self) -> Result<Option<CompletedHandshake>, DesyncReason> {
        while let Some(next) = self.read_message()? {
            self.state = next;
        }
        if self.state != State::ServerInit {
            return Ok(None);
        }
        let size = take::<4>(&mut self.server_input).map(|[w0, w1, h0, h1]| {
            let size = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
            CompletedHandshake { size, client_input: std::mem::take(&mut self.client_input) }
        });
        Ok(size)
    }

    /// Reads one message before ServerInit, and returns the next state. `None` if the message is incomplete.
    fn read_message(&mut self) -> Result<Option<State>, DesyncReason> {
        Ok(match self.state {
            // Section 7.1.1: the client decides, so the server's version does not matter.
            State::ServerVersion => take::<{ length::VERSION }>(&mut self.server_input).map(|_| State::ClientVersion),
            State::ClientVersion => match take::<{ length::VERSION }>(&mut self.client_input) {
                Some(version) => Some(self.after_version(version)?),
                None => None,
            },
            State::ServerSecurityType => match take(&mut self.server_input).map(u32::from_be_bytes) {
                Some(number) if number == u32::from(NO_SECURITY_TYPE) => return Err(DesyncReason::Refused),
                Some(number) => Some(self.after_security_type(number)?),
                None => None,
            },
            State::ServerSecurityTypes => match self.server_input.first() {
                Some(&NO_SECURITY_TYPE) => return Err(DesyncReason::Refused),
                Some(&count) if self.server_input.len() > usize::from(count) => {
                    self.server_input.drain(..=usize::from(count));
                    Some(State::ClientSecurityType)
                }
                _ => None,
            },
            State::ClientSecurityType => match take(&mut self.client_input) {
                Some([number]) => Some(self.after_security_type(number.into())?),
                None => None,
            },
            State::Challenge => take::<{ length::VNC_CHALLENGE }>(&mut self.server_input).map(|_| State::Response),
            State::Response => take::<{ length::VNC_CHALLENGE }>(&mut self.client_input).map(|_| State::SecurityResult),
            State::SecurityResult => match take(&mut self.server_input).map(u32::from_be_bytes) {
                Some(number) if number == SecurityResult::Ok.number() => Some(State::ClientInit),
                Some(_) => return Err(DesyncReason::Refused),
                None => None,
            },
            State::ClientInit => take::<1>(&mut self.client_input).map(|_| State::ServerInit),
            State::ServerInit => None,
        })
    }

    fn after_version(&mut self, version: [u8; length::VERSION]) -> Result<State, DesyncReason> {
        match Version::try_from(version) {
            Ok(Version::V3_3) => Ok(State::ServerSecurityType),
            Ok(Version::V3_7) => Ok(State::ServerSecurityTypes),
            Ok(Version::V3_8) => {
                self.is_3_8 = true;
                Ok(State::ServerSecurityTypes)
            }
            Err(_) => Err(DesyncReason::NoVersion),
        }
    }

    fn after_security_type(&self, number: u32) -> Result<State, DesyncReason> {
        match SecurityType::from_number(number) {
            Some(SecurityType::None) if self.is_3_8 => Ok(State::SecurityResult),
            // Appendix A: before version 3.8 no result follows None.
            Some(SecurityType::None) => Ok(State::ClientInit),
            Some(SecurityType::VncAuthentication) => Ok(State::Challenge),
            None => Err(DesyncReason::UnsupportedSecurity(number)),
        }
    }
}

fn add(input: &mut Vec<u8>, bytes: &[u8]) -> Result<(), DesyncReason> {
    if input.len() + bytes.len() > MAX_AHEAD {
        return Err(DesyncReason::HandshakeTooLong);
    }
    input.extend_from_slice(bytes);
    Ok(())
}

/// Removes the first `N` bytes, if there are as many.
fn take<const N: usize>(input: &mut Vec<u8>) -> Option<[u8; N]> {
    let taken = *input.first_chunk::<N>()?;
    input.drain(..N);
    Some(taken)
}
