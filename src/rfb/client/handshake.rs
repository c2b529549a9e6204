//! From ProtocolVersion to ServerInit. RFC 6143, sections 7.1 to 7.3 and appendix A.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::super::protocol::{NO_SECURITY_TYPE, SecurityResult, SecurityType, length};
use super::super::version::Version;
use super::super::vnc_auth;
use super::limits::{MAX_DESKTOP_NAME_LEN, MAX_REASON_LEN};
use super::{ClientError, ClientOptions};
use crate::text::sanitize::sanitize;

/// RFC 6143, section 7.3.2.
#[derive(Debug)]
pub(crate) struct ServerInit {
    /// Width and height of the screen, in pixels.
    pub(crate) size: (u16, u16),
    /// The desktop name, safe to print.
    pub(crate) name: String,
}

/// Does the whole handshake.
pub(crate) async fn perform_handshake<S>(stream: &mut S, options: &ClientOptions) -> Result<ServerInit, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let version = Version::try_from(read_array::<S, { length::VERSION }>(stream).await?)?;
    send(stream, &version.encode()).await?;
    negotiate_security(stream, version, options).await?;
    send(stream, &[options.shared.into()]).await?;
    read_server_init(stream).await
}

/// Agrees on None or VNC authentication, and authenticates.
async fn negotiate_security<S>(stream: &mut S, version: Version, options: &ClientOptions) -> Result<(), ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let security_type = match version {
        Version::V3_3 => read_security_type(stream).await?,
        Version::V3_7 | Version::V3_8 => choose_security_type(stream, options).await?,
    };
    if security_type == SecurityType::VncAuthentication {
        let password = options.password.as_ref().ok_or(ClientError::PasswordRequired)?;
        let challenge = read_array(stream).await?;
        send(stream, &vnc_auth::encrypt_challenge(password, challenge)).await?;
    } else if version != Version::V3_8 {
        // Appendix A: before version 3.8 no result follows None.
        return Ok(());
    }
    let number = stream.read_u32().await?;
    match SecurityResult::from_number(number).ok_or(ClientError::UnknownSecurityResult(number))? {
        SecurityResult::Ok => Ok(()),
        SecurityResult::Failed => {
            // Appendix A: before version 3.8 no reason follows.
            let reason = if version == Version::V3_8 { read_reason(stream).await? } else { String::new() };
            Err(match security_type {
                SecurityType::None => ClientError::Refused(reason),
                SecurityType::VncAuthentication => ClientError::PasswordRejected(reason),
            })
        }
    }
}

/// Appendix A.1: the server decides on the security type.
async fn read_security_type<S: AsyncRead + Unpin>(stream: &mut S) -> Result<SecurityType, ClientError> {
    let number = stream.read_u32().await?;
    if number == u32::from(NO_SECURITY_TYPE) {
        return Err(ClientError::Refused(read_reason(stream).await?));
    }
    SecurityType::from_number(number).ok_or_else(|| ClientError::UnsupportedSecurity(vec![number]))
}

/// Section 7.1.2: the client decides on the security type, and prefers None.
async fn choose_security_type<S>(stream: &mut S, options: &ClientOptions) -> Result<SecurityType, ClientError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let count = stream.read_u8().await?;
    if count == NO_SECURITY_TYPE {
        return Err(ClientError::Refused(read_reason(stream).await?));
    }
    let mut offered = vec![0; count.into()];
    stream.read_exact(&mut offered).await?;
    let by_preference = [SecurityType::None, SecurityType::VncAuthentication];
    let Some(chosen) = by_preference.into_iter().find(|known| offered.contains(&known.number())) else {
        return Err(ClientError::UnsupportedSecurity(offered.into_iter().map(u32::from).collect()));
    };
    if chosen == SecurityType::VncAuthentication && options.password.is_none() {
        // Before the type is chosen: servers count failed authentications.
        return Err(ClientError::PasswordRequired);
    }
    send(stream, &[chosen.number()]).await?;
    Ok(chosen)
}

/// Section 7.3.2. The server's pixel format is ignored: the client sets its own.
async fn read_server_init<S: AsyncRead + Unpin>(stream: &mut S) -> Result<ServerInit, ClientError> {
    let size = (stream.read_u16().await?, stream.read_u16().await?);
    let [_format @ .., l0, l1, l2, l3]: [u8; length::SERVER_INIT_AFTER_SIZE] = read_array(stream).await?;
    let name_length = u32::from_be_bytes([l0, l1, l2, l3]);
    if name_length > MAX_DESKTOP_NAME_LEN {
        return Err(ClientError::DesktopNameTooLong(name_length));
    }
    let mut name = vec![0; name_length as usize];
    stream.read_exact(&mut name).await?;
    Ok(ServerInit { size, name: decode_text(&name, MAX_DESKTOP_NAME_LEN) })
}

/// Makes a text of the server safe to print. QEMU sends its reasons with the NUL that ends a C string.
fn decode_text(bytes: &[u8], max_len: u32) -> String {
    sanitize(String::from_utf8_lossy(bytes).trim_end_matches('\0'), max_len as usize)
}

/// Sections 7.1.2 and 7.1.3: the reason for a refusal, safe to print. A reason that is cut off is read as far as it came.
async fn read_reason<S: AsyncRead + Unpin>(stream: &mut S) -> Result<String, ClientError> {
    let length = stream.read_u32().await?;
    let mut reason = Vec::new();
    stream.take(length.min(MAX_REASON_LEN).into()).read_to_end(&mut reason).await?;
    Ok(decode_text(&reason, MAX_REASON_LEN))
}

async fn read_array<S: AsyncRead + Unpin, const N: usize>(stream: &mut S) -> Result<[u8; N], ClientError> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn send<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> Result<(), ClientError> {
    stream.write_all(bytes).await?;
    Ok(stream.flush().await?)
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
