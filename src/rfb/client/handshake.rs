//! From the first byte to ServerInit. RFC 6143, sections 7.1 to 7.3 and appendix A.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::super::protocol::{NO_SECURITY_TYPE, SecurityResult, SecurityType, length};
use super::super::version::Version;
use super::{ClientError, Options, vnc_auth};
use crate::text::sanitize::sanitize;

/// The longest reason that is read, in bytes. The RFC has no bound, and nothing comes after it.
const LONGEST_REASON: u32 = 1024;
/// The longest desktop name, in bytes. The RFC has no bound.
pub(crate) const LONGEST_NAME: u32 = 4096;

/// What a server says of itself. RFC 6143, section 7.3.2.
#[derive(Debug)]
pub(crate) struct ServerInit {
    /// Width and height of its screen, in pixels.
    pub(crate) size: (u16, u16),
    /// Its name, fit for a terminal.
    pub(crate) name: String,
}

/// Goes through all of it.
pub(crate) async fn handshake<S>(stream: &mut S, options: &Options) -> Result<ServerInit, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let version = Version::try_from(bytes::<S, { length::VERSION }>(stream).await?)?;
    say(stream, &version.encode()).await?;
    security(stream, version, options).await?;
    say(stream, &[options.shared.into()]).await?;
    init(stream).await
}

/// Agrees on None or VNC authentication.
async fn security<S>(stream: &mut S, version: Version, options: &Options) -> Result<(), ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let kind = if version == Version::V3_3 { given(stream).await? } else { chosen(stream, options).await? };
    if kind == SecurityType::VncAuthentication {
        let password = options.password.as_ref().ok_or(ClientError::NoPassword)?;
        let challenge = bytes(stream).await?;
        say(stream, &vnc_auth::response(password, challenge)).await?;
    } else if version != Version::V3_8 {
        // Appendix A: only 3.8 has a result after None.
        return Ok(());
    }
    let number = stream.read_u32().await?;
    match SecurityResult::from_number(number).ok_or(ClientError::Result(number))? {
        SecurityResult::Ok => Ok(()),
        SecurityResult::Failed => {
            // Appendix A: in other versions no reason follows.
            let reason = if version == Version::V3_8 { reason(stream).await? } else { String::new() };
            Err(match kind {
                SecurityType::None => ClientError::Refused(reason),
                SecurityType::VncAuthentication => ClientError::Password(reason),
            })
        }
    }
}

/// Appendix A.1: the server decides.
async fn given<S: AsyncRead + Unpin>(stream: &mut S) -> Result<SecurityType, ClientError> {
    let number = stream.read_u32().await?;
    if number == u32::from(NO_SECURITY_TYPE) {
        return Err(ClientError::Refused(reason(stream).await?));
    }
    SecurityType::from_number(number).ok_or_else(|| ClientError::Security(vec![number]))
}

/// Section 7.1.2: the client decides, for None if it can.
async fn chosen<S>(stream: &mut S, options: &Options) -> Result<SecurityType, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let count = stream.read_u8().await?;
    if count == NO_SECURITY_TYPE {
        return Err(ClientError::Refused(reason(stream).await?));
    }
    let mut types = vec![0; count.into()];
    stream.read_exact(&mut types).await?;
    let by_preference = [SecurityType::None, SecurityType::VncAuthentication];
    let Some(kind) = by_preference.into_iter().find(|known| types.contains(&known.number())) else {
        return Err(ClientError::Security(types.into_iter().map(u32::from).collect()));
    };
    if kind == SecurityType::VncAuthentication && options.password.is_none() {
        // Before it is chosen: servers count those who fail.
        return Err(ClientError::NoPassword);
    }
    say(stream, &[kind.number()]).await?;
    Ok(kind)
}

/// Section 7.3.2. The server's pixel format makes no difference: this client asks for one of its own.
async fn init<S: AsyncRead + Unpin>(stream: &mut S) -> Result<ServerInit, ClientError> {
    let size = (stream.read_u16().await?, stream.read_u16().await?);
    let [_format @ .., l0, l1, l2, l3]: [u8; length::SERVER_INIT_AFTER_SIZE] = bytes(stream).await?;
    let length = u32::from_be_bytes([l0, l1, l2, l3]);
    if length > LONGEST_NAME {
        return Err(ClientError::Name(length));
    }
    let mut name = vec![0; length as usize];
    stream.read_exact(&mut name).await?;
    Ok(ServerInit { size, name: sanitize(&String::from_utf8_lossy(&name), LONGEST_NAME as usize) })
}

/// Sections 7.1.2 and 7.1.3: why not. As much of it as there is, and fit for a terminal.
async fn reason<S: AsyncRead + Unpin>(stream: &mut S) -> Result<String, ClientError> {
    let length = stream.read_u32().await?;
    let mut reason = Vec::new();
    stream.take(length.min(LONGEST_REASON).into()).read_to_end(&mut reason).await?;
    Ok(sanitize(&String::from_utf8_lossy(&reason), LONGEST_REASON as usize))
}

async fn bytes<S: AsyncRead + Unpin, const N: usize>(stream: &mut S) -> Result<[u8; N], ClientError> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> Result<(), ClientError> {
    stream.write_all(bytes).await?;
    Ok(stream.flush().await?)
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
