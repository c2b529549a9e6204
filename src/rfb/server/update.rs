//! Sends a FramebufferUpdate. RFC 6143, section 7.6.1.

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::super::encoding::Encoding;
use super::super::moved_area::MovedArea;
use super::announcement::{rectangle_header, update_header};
use super::encode::{self, Encoder, Piece};
use super::error::ServerError;
use super::pixel_source::PixelSource;
use super::view::Update;

/// Encoded bytes are written when there are as many as this, so that small pieces share a write.
const WRITE_LEN: usize = 32 << 10;

/// Sends an update, and returns when the stream has taken all of it.
///
/// Each piece of up to 32,768 pixels is read when those before it were written, so that a slow client gets pixels that are
/// newer than its update, and no more than a piece is held in memory.
pub(crate) async fn send_update<W>(
    stream: &mut W,
    update: &Update,
    encoder: &mut Encoder,
    source: &impl PixelSource,
) -> Result<(), ServerError>
where
    W: AsyncWrite + Unpin,
{
    let pieces = || update.areas.iter().flat_map(|area| encode::pieces(update.encoding, *area));
    let count = update.announcements.len()
        + usize::from(update.moved.is_some())
        + pieces().filter(|piece| piece.header.is_some()).count();
    let mut bytes = update_header(count as u16).to_vec();
    update.announcements.iter().for_each(|rectangle| bytes.extend_from_slice(rectangle));
    if let Some(MovedArea { from: (x, y), to }) = update.moved {
        bytes.extend(rectangle_header(to, Encoding::CopyRect));
        bytes.extend([x, y].into_iter().flat_map(u16::to_be_bytes));
    }
    let mut pixels = Vec::new();
    for Piece { area, header } in pieces() {
        if let Some(header) = header {
            bytes.extend(rectangle_header(header, update.encoding.encoding()));
        }
        source.read(area, &mut pixels);
        encoder.encode(update.encoding, update.format, area, &pixels, &mut bytes)?;
        if bytes.len() >= WRITE_LEN {
            stream.write_all(&bytes).await?;
            bytes.clear();
        }
    }
    stream.write_all(&bytes).await?;
    stream.flush().await?;
    Ok(())
}
