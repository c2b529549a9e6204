//! From the console to the viewer.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use super::buffer_pool::BufferPool;
use super::drain::Backlog;
use super::shared::Shared;
use crate::websocket::frame::{Close, FrameError, FrameReader, Incoming};

pub(super) enum DownstreamEnd {
    /// The console sent a Close frame.
    Closed(Close),
    /// The connection ended without a Close frame, with the error if there was one.
    ConnectionLost(Option<String>),
    /// The console sent an invalid frame.
    ProtocolError(FrameError),
    /// The viewer cannot be written to.
    ViewerLeft,
}

/// Copies bytes to the viewer until either side ends. The payloads of all frames of one read go out in one vectored write,
/// without being copied.
pub(super) async fn run<C, V>(
    from_console: &mut C,
    to_viewer: &mut V,
    shared: &Shared,
    pool: &BufferPool,
) -> DownstreamEnd
where
    C: AsyncRead + Unpin,
    V: AsyncWrite + Unpin,
{
    let mut frame_reader = FrameReader::default();
    let mut is_in_handshake = true;
    loop {
        let buffer = match pool.read(from_console).await {
            Ok(buffer) => buffer,
            Err(error) => return DownstreamEnd::ConnectionLost(Some(error.to_string())),
        };
        let mut frames = buffer.bytes();
        if frames.is_empty() {
            return DownstreamEnd::ConnectionLost(None);
        }
        let (mut payloads, mut end) = (Vec::new(), None);
        while end.is_none() {
            match frame_reader.next(&mut frames) {
                Ok(Incoming::Bytes(bytes)) => payloads.push(IoSlice::new(bytes)),
                Ok(Incoming::NeedsInput) => break,
                Ok(Incoming::Ping(control)) => {
                    shared.pending().ping = Some(control);
                    shared.wake.notify_one();
                }
                Ok(Incoming::Close(close)) => end = Some(DownstreamEnd::Closed(close)),
                Err(error) => end = Some(DownstreamEnd::ProtocolError(error)),
            }
        }
        if is_in_handshake {
            let mut observer = shared.observer();
            payloads.iter().for_each(|bytes| observer.add_server_bytes(bytes));
            is_in_handshake = observer.is_in_handshake();
        }
        if write_all(to_viewer, &mut payloads, &shared.backlog).await.is_err() {
            return DownstreamEnd::ViewerLeft;
        }
        if let Some(end) = end {
            return end;
        }
    }
}

async fn write_all<W: AsyncWrite + Unpin>(
    writer: &mut W,
    mut slices: &mut [IoSlice<'_>],
    backlog: &Backlog,
) -> io::Result<()> {
    backlog.add_received(slices.iter().map(|bytes| bytes.len()).sum());
    while !slices.is_empty() {
        let count = poll_fn(|context| Pin::new(&mut *writer).poll_write_vectored(context, slices)).await?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        backlog.add_delivered(count);
        IoSlice::advance_slices(&mut slices, count);
    }
    writer.flush().await
}
