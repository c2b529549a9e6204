//! The handshake. RFC 6143, sections 7.1 to 7.3 and appendix A.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::message::{byte, bytes};
use super::rfb::RfbError;
use crate::rfb::{PixelFormat, Version};

/// RFC 6143, section 7.2.1.
const NONE: u8 = 1;
/// RFC 6143, section 7.1.3.
const OK: u32 = 0;
/// RFC 6143, section 7.1.3.
const FAILED: u32 = 1;
/// The longest desktop name sent, in bytes. The RFC has no bound.
const LONGEST_NAME: usize = 1024;

/// Agrees on a version, the latest at most. RFC 6143, section 7.1.1. `None` when the client has left before it said one.
pub(crate) async fn version<S>(stream: &mut S) -> Result<Option<Version>, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(&Version::V3_8.encode()).await?;
    stream.flush().await?;
    let Some(first) = byte(stream).await? else { return Ok(None) };
    let [b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11] = bytes(stream).await?;
    let version = Version::try_from([first, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11])?;
    Ok(Some(version))
}

/// Agrees on no security, in the version's own form. `None` when the client has left instead.
pub(crate) async fn security<S>(stream: &mut S, version: Version) -> Result<Option<()>, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if version == Version::V3_3 {
        stream.write_u32(NONE.into()).await?;
        stream.flush().await?;
        return Ok(Some(()));
    }
    stream.write_all(&[1, NONE]).await?;
    stream.flush().await?;
    let Some(chosen) = byte(stream).await? else { return Ok(None) };
    if version == Version::V3_8 {
        stream.write_u32(if chosen == NONE { OK } else { FAILED }).await?;
        if chosen != NONE {
            let reason = b"only the security type None (1) is offered";
            stream.write_u32(reason.len() as u32).await?;
            stream.write_all(reason).await?;
        }
        stream.flush().await?;
    }
    if chosen == NONE { Ok(Some(())) } else { Err(RfbError::Security(chosen)) }
}

/// Exchanges ClientInit and ServerInit. `None` when the client has left instead.
///
/// Whether the client would share the desktop makes no difference here: each console has one client.
pub(crate) async fn init<S>(stream: &mut S, (width, height): (u16, u16), name: &str) -> Result<Option<()>, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if byte(stream).await?.is_none() {
        return Ok(None);
    }
    let name: Vec<u8> = name.bytes().take(LONGEST_NAME).collect();
    stream.write_u16(width).await?;
    stream.write_u16(height).await?;
    stream.write_all(&PixelFormat::NATIVE.encode()).await?;
    stream.write_u32(name.len() as u32).await?;
    stream.write_all(&name).await?;
    stream.flush().await?;
    Ok(Some(()))
}
