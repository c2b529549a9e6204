//! Any server: no session panics, goes on for ever or takes memory that a length on the wire asks for, however its bytes
//! come in pieces; and a session that ends well shows the same, read in pieces or whole.
//!
//! The input's first byte is the pixel format, the second the length of a piece; the rest is what the server says after
//! the handshake, so that every decoder is reached. The second half of the formats starts with the handshake instead.

#![no_main]

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use ecs_vnc::rfb::{Client, ClientError, Event, Framebuffer, ClientOptions, PixelFormat, PixelMode};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncRead, ReadBuf, join, sink};
use tokio::runtime::Builder;

/// Version 3.8, None, OK; 100 x 70 pixels, no name. RFC 6143, sections 7.1 to 7.3.
const HELLO: &[u8] = b"RFB 003.008\n\x01\x01\0\0\0\0\0\x64\0\x46\x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\0";
const RGB565: [u8; 16] = [16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];
const BGR233: [u8; 16] = [8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0];
const DEEP: [u8; 16] = [32, 30, 0, 1, 3, 255, 3, 255, 3, 255, 20, 10, 0, 0, 0, 0];

/// Bytes that come in pieces.
struct Pieces<'a> {
    left: &'a [u8],
    piece: usize,
}

impl AsyncRead for Pieces<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let count = self.left.len().min(self.piece).min(out.remaining());
        let (taken, left) = self.left.split_at(count);
        out.put_slice(taken);
        self.left = left;
        Poll::Ready(Ok(()))
    }
}

fuzz_target!(|data: &[u8]| {
    let [kind, piece, said @ ..] = data else { return };
    let pixels = match kind % 5 {
        0 => PixelMode::TrueColour(PixelFormat::NATIVE),
        1 => PixelMode::ColourMap,
        2 => PixelMode::TrueColour(RGB565.try_into().expect("a format")),
        3 => PixelMode::TrueColour(BGR233.try_into().expect("a format")),
        _ => PixelMode::TrueColour(DEEP.try_into().expect("a format")),
    };
    let said = if kind & 0x80 == 0 { [HELLO, said].concat() } else { said.to_vec() };
    let options = ClientOptions { password: Some("secret".into()), pixels, ..ClientOptions::default() };
    let whole = session(&said, usize::MAX, &options);
    let pieces = session(&said, usize::from(*piece) + 1, &options);
    assert_eq!(whole, pieces);
});

/// All that a session shows, to its end; the picture if that lies between two messages, as it is drawn while it comes.
fn session(said: &[u8], piece: usize, options: &ClientOptions) -> (Vec<Event>, Option<Framebuffer>) {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let stream = join(Pieces { left: said, piece }, sink());
        let mut client = match Client::connect(stream, options).await {
            Ok(client) => client,
            Err(_) => return (Vec::new(), None),
        };
        let mut events = Vec::new();
        let error = loop {
            match client.next_event().await {
                Ok(event) => events.push(event),
                Err(error) => break error,
            }
        };
        (events, matches!(error, ClientError::Closed).then(|| client.screen().clone()))
    })
}
