//! The handshake. RFC 6143, sections 7.1 to 7.3 and appendix A.
//!
//! Each step returns `None` if the client has left before it answered.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::error::RfbError;
use super::read::{read_array, read_byte};
use crate::rfb::protocol::{SecurityResult, SecurityType};
use crate::rfb::{PixelFormat, Version};

/// The longest desktop name sent, in bytes. The RFC has no limit.
const MAX_NAME_LEN: usize = 1024;

const REFUSAL: &str = "only the security type None (1) is offered";

/// Agrees on a version, 3.8 at most. RFC 6143, section 7.1.1.
pub(crate) async fn agree_on_version<S>(stream: &mut S) -> Result<Option<Version>, RfbError>
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

/// Agrees on the security type None in the form of the version. RFC 6143, sections 7.1.2 and 7.1.3.
pub(crate) async fn agree_on_security<S>(stream: &mut S, version: Version) -> Result<Option<()>, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let none = SecurityType::None.number();
    if version == Version::V3_3 {
        stream.write_u32(none.into()).await?;
        stream.flush().await?;
        return Ok(Some(()));
    }
    let offered = [none];
    stream.write_u8(offered.len() as u8).await?;
    stream.write_all(&offered).await?;
    stream.flush().await?;
    let Some(chosen) = read_byte(stream).await? else { return Ok(None) };
    let result = if chosen == none { SecurityResult::Ok } else { SecurityResult::Failed };
    if version == Version::V3_8 {
        stream.write_u32(result.number()).await?;
        if result == SecurityResult::Failed {
            write_string(stream, REFUSAL.as_bytes()).await?;
        }
        stream.flush().await?;
    }
    if result == SecurityResult::Ok { Ok(Some(())) } else { Err(RfbError::Security(chosen)) }
}

/// Exchanges ClientInit and ServerInit. RFC 6143, section 7.3.
///
/// A client's wish to share the desktop makes no difference: each console has one client.
pub(crate) async fn initialise<S>(
    stream: &mut S,
    (width, height): (u16, u16),
    name: &str,
) -> Result<Option<()>, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if read_byte(stream).await?.is_none() {
        return Ok(None);
    }
    let name: Vec<u8> = name.bytes().take(MAX_NAME_LEN).collect();
    stream.write_u16(width).await?;
    stream.write_u16(height).await?;
    stream.write_all(&PixelFormat::NATIVE.encode()).await?;
    write_string(stream, &name).await?;
    stream.flush().await?;
    Ok(Some(()))
}

/// Writes the length in four bytes, and the text.
async fn write_string<S>(stream: &mut S, text: &[u8]) -> Result<(), RfbError>
where
    S: AsyncWrite + Unpin,
{
    stream.write_u32(text.len() as u32).await?;
    stream.write_all(text).await?;
    Ok(())
}
