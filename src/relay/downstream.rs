//! From the console to the viewer.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use super::bridge::Shared;
use super::buffer_pool::BufferPool;
use super::drain::Flow;
use crate::websocket::frame::{Close, Deframer, FrameError, Heard};

/// How the way down ends.
pub(super) enum Down {
    /// The console has said so.
    Closed(Close),
    /// It has not.
    Vanished(Option<String>),
    /// It has said something else.
    Broken(FrameError),
    /// Nobody takes the bytes.
    ViewerLeft,
}

/// Carries bytes down to the end of either side. The payloads of all frames that were read at once are written at once,
/// from where they are.
pub(super) async fn run<F, V>(from_far: &mut F, to_viewer: &mut V, shared: &Shared, pool: &BufferPool) -> Down
where
    F: AsyncRead + Unpin,
    V: AsyncWrite + Unpin,
{
    let mut deframer = Deframer::default();
    let mut is_greeting = true;
    loop {
        let piece = match pool.read(from_far).await {
            Ok(piece) => piece,
            Err(error) => return Down::Vanished(Some(error.to_string())),
        };
        let mut wire = piece.bytes();
        if wire.is_empty() {
            return Down::Vanished(None);
        }
        let (mut slices, mut end) = (Vec::new(), None);
        while end.is_none() {
            match deframer.next(&mut wire) {
                Ok(Heard::Bytes(bytes)) => slices.push(IoSlice::new(bytes)),
                Ok(Heard::Nothing) => break,
                Ok(Heard::Ping(control)) => {
                    shared.told().ping = Some(control);
                    shared.wake.notify_one();
                }
                Ok(Heard::Close(close)) => end = Some(Down::Closed(close)),
                Err(error) => end = Some(Down::Broken(error)),
            }
        }
        if is_greeting {
            let mut watch = shared.watch();
            slices.iter().for_each(|bytes| watch.add_server_bytes(bytes));
            is_greeting = watch.is_in_handshake();
        }
        if write_all(to_viewer, &mut slices, &shared.flow).await.is_err() {
            return Down::ViewerLeft;
        }
        if let Some(end) = end {
            return end;
        }
    }
}

async fn write_all<W: AsyncWrite + Unpin>(
    writer: &mut W,
    mut slices: &mut [IoSlice<'_>],
    flow: &Flow,
) -> io::Result<()> {
    flow.come(slices.iter().map(|bytes| bytes.len()).sum());
    while !slices.is_empty() {
        let count = poll_fn(|context| Pin::new(&mut *writer).poll_write_vectored(context, slices)).await?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        flow.taken(count);
        IoSlice::advance_slices(&mut slices, count);
    }
    writer.flush().await
}
