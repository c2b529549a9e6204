//! The least that a client can do: it greets, asks for the whole screen, reads it and counts. RFC 6143.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;
use ecs_vnc::rfb::PixelFormat;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

use crate::pairs::Outcome;

/// Section 7.7.1.
pub(crate) const RAW: i32 = 0;
/// Section 7.7.6.
pub(crate) const ZRLE: i32 = 16;

/// How long a server may be silent.
const PATIENCE: Duration = Duration::from_secs(10);

/// A whole screen.
pub(crate) struct Frame {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// What it took on the wire.
    pub bytes: u64,
}

/// How long a server takes from the connection to the last byte of its first whole screen, in ms.
pub(crate) fn over_tcp(port: u16) -> Outcome<f64> {
    let start = Instant::now();
    first_frame(TcpStream::connect(("127.0.0.1", port))?)?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// The same, in a WebSocket.
pub(crate) fn over_web_socket(port: u16) -> Outcome<f64> {
    let start = Instant::now();
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://127.0.0.1:{port}/").into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("binary"));
    let (socket, _) = client(request, stream).map_err(|error| error.to_string())?;
    first_frame(Framed { socket, rest: Bytes::new() })?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// Greets, and reads a whole screen in ZRLE or Raw, whose lengths are told.
pub(crate) fn first_frame(stream: impl Read + Write) -> Outcome<Frame> {
    let mut stream = BufReader::with_capacity(64 << 10, stream);
    let size = greet(&mut stream, &[ZRLE, RAW])?;
    request(stream.get_mut(), size)?;
    let (mut left, mut bytes) = (u64::from(size.0) * u64::from(size.1), 0);
    while left > 0 {
        let [kind, _, c0, c1] = array(&mut stream)?;
        if kind != 0 {
            return Err(format!("a message of type {kind}").into());
        }
        for _ in 0..u16::from_be_bytes([c0, c1]) {
            let [_, _, _, _, w0, w1, h0, h1, encoding @ ..]: [u8; 12] = array(&mut stream)?;
            let pixels = u64::from(u16::from_be_bytes([w0, w1])) * u64::from(u16::from_be_bytes([h0, h1]));
            let length = match i32::from_be_bytes(encoding) {
                RAW => pixels * 4,
                ZRLE => u32::from_be_bytes(array(&mut stream)?).into(),
                other => return Err(format!("encoding {other}, which was not asked for").into()),
            };
            if io::copy(&mut Read::take(&mut stream, length), &mut io::sink())? < length {
                return Err("the server has left".into());
            }
            left = left.saturating_sub(pixels);
            bytes += length;
        }
    }
    Ok(Frame { size, bytes })
}

/// From the first byte to SetEncodings, sections 7.1 to 7.5.2: the screen's size.
pub(crate) fn greet<S: Read + Write>(stream: &mut BufReader<S>, encodings: &[i32]) -> Outcome<(u16, u16)> {
    let _: [u8; 12] = array(stream)?;
    stream.get_mut().write_all(b"RFB 003.008\n")?;
    let [count] = array(stream)?;
    let mut kinds = vec![0; count.into()];
    stream.read_exact(&mut kinds)?;
    stream.get_mut().write_all(&[1])?;
    let result: [u8; 4] = array(stream)?;
    if !kinds.contains(&1) || result != [0; 4] {
        return Err("the server wants a password".into());
    }
    stream.get_mut().write_all(&[1])?;
    let [w0, w1, h0, h1, .., l0, l1, l2, l3]: [u8; 24] = array(stream)?;
    let mut name = vec![0; u32::from_be_bytes([l0, l1, l2, l3]) as usize];
    stream.read_exact(&mut name)?;
    let mut message = [&[0; 4][..], &PixelFormat::NATIVE.encode(), &[2, 0, 0, encodings.len() as u8]].concat();
    message.extend(encodings.iter().flat_map(|encoding| encoding.to_be_bytes()));
    stream.get_mut().write_all(&message)?;
    Ok((u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1])))
}

/// Asks for the whole screen. Section 7.5.3.
pub(crate) fn request(stream: &mut impl Write, (width, height): (u16, u16)) -> io::Result<()> {
    let ([w0, w1], [h0, h1]) = (width.to_be_bytes(), height.to_be_bytes());
    stream.write_all(&[3, 0, 0, 0, 0, 0, w0, w1, h0, h1])
}

/// What a server says in so many whole screens of one encoding: until it is silent, each time.
pub(crate) fn record(port: u16, encoding: i32, frames: usize) -> Outcome<((u16, u16), Vec<u8>)> {
    const SILENCE: Duration = Duration::from_millis(150);
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let size = greet(&mut stream, &[encoding])?;
    let (mut said, mut piece) = (Vec::new(), vec![0; 1 << 20]);
    for _ in 0..frames {
        request(stream.get_mut(), size)?;
        stream.get_ref().set_read_timeout(Some(PATIENCE))?;
        let count = stream.read(&mut piece)?;
        said.extend_from_slice(&piece[..count]);
        stream.get_ref().set_read_timeout(Some(SILENCE))?;
        while let Ok(count @ 1..) = stream.read(&mut piece) {
            said.extend_from_slice(&piece[..count]);
        }
    }
    Ok((size, said))
}

fn array<const N: usize>(stream: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The bytes in a WebSocket's messages.
struct Framed {
    socket: WebSocket<TcpStream>,
    rest: Bytes,
}

impl Read for Framed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.socket.read().map_err(io::Error::other)? {
                Message::Binary(bytes) => self.rest = bytes,
                Message::Close(_) => return Ok(0),
                _ => {}
            }
        }
        let count = buffer.len().min(self.rest.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}

impl Write for Framed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.send(Message::Binary(Bytes::copy_from_slice(bytes))).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush().map_err(io::Error::other)
    }
}
