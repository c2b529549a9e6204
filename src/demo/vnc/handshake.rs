//! The handshake. RFC 6143, sections 7.1 to 7.3 and appendix A.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::message::{byte, bytes};
use super::pixel_format::PixelFormat;
use super::rfb::RfbError;

/// RFC 6143, section 7.2.1.
const NONE: u8 = 1;
/// RFC 6143, section 7.1.3.
const OK: u32 = 0;
/// RFC 6143, section 7.1.3.
const FAILED: u32 = 1;
/// The longest desktop name sent, in bytes. The RFC has no bound.
const LONGEST_NAME: usize = 1024;

/// A protocol version whose handshake is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// RFC 6143, appendix A.1: the server decides on the security type.
    V3_3,
    /// RFC 6143, appendix A.2: no SecurityResult after None.
    V3_7,
    /// RFC 6143, section 7.1.
    V3_8,
}

/// The version this server speaks. RFC 6143, section 7.1.1.
pub const OURS: [u8; 12] = *b"RFB 003.008\n";

impl TryFrom<[u8; 12]> for Version {
    type Error = RfbError;

    /// The RFC takes other versions for 3.3; a client with one would be a surprise worth an error here.
    fn try_from(wire: [u8; 12]) -> Result<Self, RfbError> {
        match &wire {
            b"RFB 003.003\n" => Ok(Self::V3_3),
            b"RFB 003.007\n" => Ok(Self::V3_7),
            b"RFB 003.008\n" => Ok(Self::V3_8),
            _ => Err(RfbError::Version(wire.escape_ascii().to_string())),
        }
    }
}

/// Agrees on a version. `None` when the client has left before it said one.
pub async fn version<S>(stream: &mut S) -> Result<Option<Version>, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(&OURS).await?;
    stream.flush().await?;
    let Some(first) = byte(stream).await? else { return Ok(None) };
    let [b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11] = bytes(stream).await?;
    [first, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11].try_into().map(Some)
}

/// Agrees on no security, in the version's own form. `None` when the client has left instead.
pub async fn security<S>(stream: &mut S, version: Version) -> Result<Option<()>, RfbError>
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
pub async fn init<S>(stream: &mut S, (width, height): (u16, u16), name: &str) -> Result<Option<()>, RfbError>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_versions_are_known() {
        assert_eq!(Version::try_from(*b"RFB 003.003\n").unwrap(), Version::V3_3);
        assert_eq!(Version::try_from(*b"RFB 003.007\n").unwrap(), Version::V3_7);
        assert_eq!(Version::try_from(OURS).unwrap(), Version::V3_8);
        for other in [b"RFB 003.005\n", b"RFB 003.889\n", b"RFB 004.001\n", b"RFB 003.008 ", b"GET / HTTP/1"] {
            assert!(Version::try_from(*other).is_err(), "{}", other.escape_ascii());
        }
        let error = Version::try_from(*b"RFB 3\x1b[2J\r\n\xff").unwrap_err().to_string();
        assert_eq!(error, r#"a client of version "RFB 3\x1b[2J\r\n\xff", where 3.3, 3.7 and 3.8 are known"#);
    }
}
