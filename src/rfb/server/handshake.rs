//! The handshake. RFC 6143, sections 7.1 to 7.3 and appendix A.
//!
//! ```text
//! agree_on_version → agree_on_security → accept or refuse → initialise
//! ```
//!
//! Each step returns `None` if the client has left before it answered.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::sleep;

use super::super::pixel_format::PixelFormat;
use super::super::protocol::{SecurityResult, SecurityType, length};
use super::super::version::Version;
use super::super::vnc_auth::encrypt_challenge;
use super::error::ServerError;
use super::read::{read_array, read_byte};
use crate::secret::Secret;

/// The longest desktop name sent, in bytes. The RFC has no limit.
pub(crate) const MAX_NAME_LEN: usize = 1024;

/// How long a client with a wrong password waits for the result. Guesses take time.
const WRONG_PASSWORD_DELAY: Duration = Duration::from_secs(2);

const WRONG_PASSWORD: &str = "the password is wrong";

/// Who may connect.
#[derive(Clone, Debug)]
pub(crate) enum Security {
    /// RFC 6143, section 7.2.1.
    None,
    /// RFC 6143, section 7.2.2. Only the first eight bytes of the password count.
    Password {
        password: Secret,
        /// Fills a slice with random bytes, for the challenge.
        fill_random: fn(&mut [u8]),
    },
}

impl Security {
    fn security_type(&self) -> SecurityType {
        match self {
            Self::None => SecurityType::None,
            Self::Password { .. } => SecurityType::VncAuthentication,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::None => "None (1)",
            Self::Password { .. } => "VNC authentication (2)",
        }
    }
}

/// Agrees on a version, 3.8 at most. RFC 6143, section 7.1.1.
pub(crate) async fn agree_on_version<S>(stream: &mut S) -> Result<Option<Version>, ServerError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(&Version::V3_8.encode()).await?;
    stream.flush().await?;
    let Some(first) = read_byte(stream).await? else { return Ok(None) };
    let [b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11] = read_array(stream).await?;
    let version = Version::try_from([first, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11])?;
    Ok(Some(version))
}

/// Agrees on the security type in the form of the version, and checks the password. RFC 6143, sections 7.1.2 and 7.2.
///
/// The client does not know the result yet: [`accept`] or [`refuse`] follows.
pub(crate) async fn agree_on_security<S>(
    stream: &mut S,
    version: Version,
    security: &Security,
) -> Result<Option<()>, ServerError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let offered = security.security_type().number();
    if version == Version::V3_3 {
        stream.write_u32(offered.into()).await?;
    } else {
        stream.write_all(&[1, offered]).await?;
        stream.flush().await?;
        let Some(chosen) = read_byte(stream).await? else { return Ok(None) };
        if chosen != offered {
            let offered = security.name();
            let reason = format!("only the security type {offered} is offered");
            // In version 3.7 no result follows None.
            if version == Version::V3_8 {
                write_failure(stream, version, &reason).await?;
            }
            return Err(ServerError::Security { chosen, offered });
        }
    }
    stream.flush().await?;
    let Security::Password { password, fill_random } = security else { return Ok(Some(())) };
    let mut challenge = [0; length::VNC_CHALLENGE];
    fill_random(&mut challenge);
    stream.write_all(&challenge).await?;
    stream.flush().await?;
    let Some(first) = read_byte(stream).await? else { return Ok(None) };
    let rest: [u8; length::VNC_CHALLENGE - 1] = read_array(stream).await?;
    let expected = encrypt_challenge(password, challenge);
    if expected[0] != first || expected[1..] != rest {
        sleep(WRONG_PASSWORD_DELAY).await;
        write_failure(stream, version, WRONG_PASSWORD).await?;
        return Err(ServerError::WrongPassword);
    }
    Ok(Some(()))
}

/// Tells the client that it may go on. RFC 6143, section 7.1.3.
pub(crate) async fn accept<S>(stream: &mut S, version: Version, security: &Security) -> Result<(), ServerError>
where
    S: AsyncWrite + Unpin,
{
    // Appendix A: before version 3.8 no result follows None.
    if version == Version::V3_8 || matches!(security, Security::Password { .. }) {
        stream.write_u32(SecurityResult::Ok.number()).await?;
        stream.flush().await?;
    }
    Ok(())
}

/// Tells the client why it is not served, as far as its version can be told. RFC 6143, section 7.1.3.
pub(crate) async fn refuse<S>(
    stream: &mut S,
    version: Version,
    security: &Security,
    reason: &str,
) -> Result<(), ServerError>
where
    S: AsyncWrite + Unpin,
{
    if version == Version::V3_8 || matches!(security, Security::Password { .. }) {
        write_failure(stream, version, reason).await?;
    }
    Ok(())
}

/// Exchanges ClientInit and ServerInit. RFC 6143, section 7.3.
///
/// A client's wish to share the desktop makes no difference.
pub(crate) async fn initialise<S>(
    stream: &mut S,
    (width, height): (u16, u16),
    name: &str,
) -> Result<Option<()>, ServerError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if read_byte(stream).await?.is_none() {
        return Ok(None);
    }
    stream.write_u16(width).await?;
    stream.write_u16(height).await?;
    stream.write_all(&PixelFormat::NATIVE.encode()).await?;
    write_string(stream, shorten(name).as_bytes()).await?;
    stream.flush().await?;
    Ok(Some(()))
}

/// As much of a desktop name as is sent.
pub(crate) fn shorten(name: &str) -> &str {
    let ends = name.char_indices().map(|(start, character)| start + character.len_utf8());
    &name[..ends.take_while(|end| *end <= MAX_NAME_LEN).last().unwrap_or(0)]
}

/// A SecurityResult of failure. Only version 3.8 has a reason. RFC 6143, section 7.1.3 and appendix A.2.
async fn write_failure<S>(stream: &mut S, version: Version, reason: &str) -> Result<(), ServerError>
where
    S: AsyncWrite + Unpin,
{
    stream.write_u32(SecurityResult::Failed.number()).await?;
    if version == Version::V3_8 {
        write_string(stream, reason.as_bytes()).await?;
    }
    stream.flush().await?;
    Ok(())
}

/// Writes the length in four bytes, and the text.
async fn write_string<S>(stream: &mut S, text: &[u8]) -> Result<(), ServerError>
where
    S: AsyncWrite + Unpin,
{
    stream.write_u32(text.len() as u32).await?;
    stream.write_all(text).await?;
    Ok(())
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
