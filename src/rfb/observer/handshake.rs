//! The greeting, followed from beside: versions, security None or VNC authentication, ClientInit, ServerInit. RFC 6143,
//! sections 7.1 to 7.3 and appendix A.

use thiserror::Error;

use crate::rfb::protocol::{NO_SECURITY_TYPE, SecurityResult, SecurityType, length};
use crate::rfb::version::Version;

/// The most that either side may have said ahead of the other, in bytes: a server's list of security types is the
/// longest thing here, with 256.
const AHEAD: usize = 512;

/// Why nothing more is understood of a session. It goes on as it is.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum DesyncReason {
    /// Section 7.1.1: neither 3.3 nor 3.7 nor 3.8.
    #[error("an unknown RFB version")]
    Version,
    /// Section 7.1.2: neither None (1) nor VNC authentication (2).
    #[error("security type {0}")]
    Security(u32),
    /// Sections 7.1.2 and 7.1.3: the server has refused the client.
    #[error("the server refused the viewer")]
    Refused,
    /// More than a greeting has.
    #[error("more bytes than the greeting has")]
    TooMuch,
    /// Section 7.5, and what the client has not announced.
    #[error("a client message of unknown type {0}")]
    Message(u8),
    /// A message that says it is longer than it may be.
    #[error("a client message of type {0} with a wrong length")]
    Length(u8),
}

/// What comes next, and from whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    ServerVersion,
    ClientVersion,
    /// Appendix A.1: the server decides.
    ServerType,
    ServerTypes,
    ClientType,
    Challenge,
    Response,
    Result,
    ClientInit,
    ServerInit,
}

/// A greeting that is under way.
#[derive(Debug, Default)]
pub(crate) struct Greeting {
    step: Step,
    is_3_8: bool,
    server: Vec<u8>,
    client: Vec<u8>,
}

/// How a greeting has ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Greeted {
    /// Width and height of the framebuffer, in pixels. Section 7.3.2.
    pub(crate) size: (u16, u16),
    /// What the client has said since.
    pub(crate) client: Vec<u8>,
}

impl Greeting {
    /// What the server says.
    pub(crate) fn server(&mut self, bytes: &[u8]) -> Result<Option<Greeted>, DesyncReason> {
        add(&mut self.server, bytes)?;
        self.go_on()
    }

    /// What the client says.
    pub(crate) fn client(&mut self, bytes: &[u8]) -> Result<Option<Greeted>, DesyncReason> {
        add(&mut self.client, bytes)?;
        self.go_on()
    }

    fn go_on(&mut self) -> Result<Option<Greeted>, DesyncReason> {
        loop {
            self.step = match self.step {
                Step::ServerVersion => match take::<{ length::VERSION }>(&mut self.server) {
                    // Whatever it is: the client decides. Section 7.1.1.
                    Some(_) => Step::ClientVersion,
                    None => return Ok(None),
                },
                Step::ClientVersion => match take::<{ length::VERSION }>(&mut self.client) {
                    Some(version) => match Version::try_from(version) {
                        Ok(Version::V3_3) => Step::ServerType,
                        Ok(Version::V3_7) => Step::ServerTypes,
                        Ok(Version::V3_8) => {
                            self.is_3_8 = true;
                            Step::ServerTypes
                        }
                        Err(_) => return Err(DesyncReason::Version),
                    },
                    None => return Ok(None),
                },
                Step::ServerType => match take::<4>(&mut self.server).map(u32::from_be_bytes) {
                    Some(number) if number == u32::from(NO_SECURITY_TYPE) => return Err(DesyncReason::Refused),
                    Some(number) => self.after_security_type(number)?,
                    None => return Ok(None),
                },
                Step::ServerTypes => match self.server.first() {
                    Some(&NO_SECURITY_TYPE) => return Err(DesyncReason::Refused),
                    Some(&count) if self.server.len() > usize::from(count) => {
                        self.server.drain(..=usize::from(count));
                        Step::ClientType
                    }
                    _ => return Ok(None),
                },
                Step::ClientType => match take::<1>(&mut self.client) {
                    Some([number]) => self.after_security_type(number.into())?,
                    None => return Ok(None),
                },
                Step::Challenge => match take::<{ length::VNC_CHALLENGE }>(&mut self.server) {
                    Some(_) => Step::Response,
                    None => return Ok(None),
                },
                Step::Response => match take::<{ length::VNC_CHALLENGE }>(&mut self.client) {
                    Some(_) => Step::Result,
                    None => return Ok(None),
                },
                Step::Result => match take::<4>(&mut self.server).map(u32::from_be_bytes) {
                    Some(number) if number == SecurityResult::Ok.number() => Step::ClientInit,
                    Some(_) => return Err(DesyncReason::Refused),
                    None => return Ok(None),
                },
                Step::ClientInit => match take::<1>(&mut self.client) {
                    Some(_) => Step::ServerInit,
                    None => return Ok(None),
                },
                Step::ServerInit => match take::<4>(&mut self.server) {
                    Some([w0, w1, h0, h1]) => {
                        let size = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
                        return Ok(Some(Greeted { size, client: std::mem::take(&mut self.client) }));
                    }
                    None => return Ok(None),
                },
            };
        }
    }

    fn after_security_type(&self, number: u32) -> Result<Step, DesyncReason> {
        match SecurityType::from_number(number) {
            Some(SecurityType::None) if self.is_3_8 => Ok(Step::Result),
            // Appendix A: before version 3.8 no result follows None.
            Some(SecurityType::None) => Ok(Step::ClientInit),
            Some(SecurityType::VncAuthentication) => Ok(Step::Challenge),
            None => Err(DesyncReason::Security(number)),
        }
    }
}

fn add(said: &mut Vec<u8>, bytes: &[u8]) -> Result<(), DesyncReason> {
    if said.len() + bytes.len() > AHEAD {
        return Err(DesyncReason::TooMuch);
    }
    said.extend_from_slice(bytes);
    Ok(())
}

/// The first `N` bytes, if they are there.
fn take<const N: usize>(said: &mut Vec<u8>) -> Option<[u8; N]> {
    let taken = *said.first_chunk::<N>()?;
    said.drain(..N);
    Some(taken)
}
