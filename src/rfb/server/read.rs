//! Reads from a client's stream.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::error::ServerError;

/// Reads one byte, `None` if the client has left.
pub(crate) async fn read_byte<R>(stream: &mut R) -> Result<Option<u8>, ServerError>
where
    R: AsyncRead + Unpin,
{
    let mut byte = [0];
    let count = stream.read(&mut byte).await?;
    let [byte] = byte;
    Ok((count != 0).then_some(byte))
}

/// Reads `N` bytes. A stream that ends before is an error.
pub(crate) async fn read_array<R, const N: usize>(stream: &mut R) -> Result<[u8; N], ServerError>
where
    R: AsyncRead + Unpin,
{
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Reads past `count` bytes without keeping them. A stream that ends before is an error.
pub(crate) async fn skip<R>(stream: &mut R, count: u64) -> Result<(), ServerError>
where
    R: AsyncRead + Unpin,
{
    let skipped = tokio::io::copy(&mut stream.take(count), &mut tokio::io::sink()).await?;
    if skipped == count { Ok(()) } else { Err(ServerError::CutOff) }
}
