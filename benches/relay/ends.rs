//! The two ends of a session: a plain stream, or a WebSocket's server or client. They say what was made before, and
//! count what they hear.

use std::io::{Read, Write};

use ecs_vnc::websocket::frame::{HEADROOM, Opcode, write_frame};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::pairs::Outcome;

/// As much is read at once: a sink must not be what is waited for.
const READ: usize = 1 << 20;

/// The longest head of a handshake, in bytes.
const HEAD: usize = 8 << 10;

/// RFC 6455, section 1.3: the nonce of the example.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// TCP, or TLS over it.
pub(crate) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// What the bytes on the wire are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dress {
    /// The stream itself.
    Plain,
    /// Frames of a server: not masked.
    Server,
    /// Frames of a client: masked.
    Client,
}

impl Dress {
    /// A message, dressed.
    pub(crate) fn message(self, payload: &[u8]) -> Vec<u8> {
        let mut wire = [&[0; HEADROOM][..], payload].concat();
        match self {
            Self::Plain => payload.to_owned(),
            Self::Client => {
                let range = write_frame(&mut wire, payload.len(), Opcode::Binary, [0x12, 0x34, 0x56, 0x78]);
                wire[range].to_owned()
            }
            Self::Server => {
                // Without its mask, of 0, and without the bit that says that there is one.
                let range = write_frame(&mut wire, payload.len(), Opcode::Binary, [0; 4]);
                let mut header = wire[range.start..HEADROOM - 4].to_owned();
                header[1] &= 0x7F;
                [&header, payload].concat()
            }
        }
    }
}

/// One end of a session.
pub(crate) struct End {
    stream: Box<dyn Stream>,
    dress: Dress,
    frames: Frames,
    buffer: Box<[u8]>,
}

impl End {
    /// The end of this stream, once the WebSocket on it, if it is to be one, is open.
    pub(crate) fn new(mut stream: Box<dyn Stream>, dress: Dress) -> Outcome<Self> {
        match dress {
            Dress::Plain => {}
            Dress::Server => {
                let head = head(&mut stream)?;
                let key = head.lines().filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
                    name.eq_ignore_ascii_case("Sec-WebSocket-Key").then(|| value.trim().to_owned())
                });
                let accept = derive_accept_key(key.ok_or("a handshake without a key")?.as_bytes());
                let answer = format!(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: binary\r\n\r\n"
                );
                stream.write_all(answer.as_bytes())?;
            }
            Dress::Client => {
                let request = format!(
                    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Protocol: binary\r\n\r\n"
                );
                stream.write_all(request.as_bytes())?;
                let head = head(&mut stream)?;
                if !head.starts_with("HTTP/1.1 101") {
                    return Err(format!("no WebSocket: {head}").into());
                }
            }
        }
        Ok(Self { stream, dress, frames: Frames::default(), buffer: Box::default() })
    }

    /// A message as this end says it.
    pub(crate) fn dressed(&self, payload: &[u8]) -> Vec<u8> {
        self.dress.message(payload)
    }

    /// Says what was dressed before, so many times, with a write each.
    pub(crate) fn say(&mut self, message: &[u8], times: u64) -> Outcome<()> {
        (0..times).try_for_each(|_| self.stream.write_all(message)).map_err(Into::into)
    }

    /// Hears so many bytes of payload; `hear` gets them, masked as they may be.
    pub(crate) fn hear(&mut self, count: u64, mut hear: impl FnMut(&[u8])) -> Outcome<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        if buffer.is_empty() {
            buffer = vec![0; READ].into();
        }
        let mut left = count;
        while left > 0 {
            let wire = match self.stream.read(&mut buffer)? {
                0 => return Err("the other end has left".into()),
                length => &buffer[..length],
            };
            let heard = match self.dress {
                Dress::Plain => {
                    hear(wire);
                    wire.len() as u64
                }
                _ => self.frames.payloads(wire, self.dress == Dress::Server, &mut hear)?,
            };
            left = left.checked_sub(heard).ok_or("more was heard than was said")?;
        }
        self.buffer = buffer;
        Ok(())
    }

    /// Waits for whatever comes last: a Close frame, or the end.
    pub(crate) fn hear_the_last(&mut self) -> Outcome<()> {
        self.stream.read(&mut [0; HEAD]).map(drop).map_err(Into::into)
    }

    /// Lets its buffer go, for an end that will be idle.
    pub(crate) fn rest(&mut self) {
        self.buffer = Box::default();
    }
}

/// The head of a request or an answer: nothing is said after it before it is answered.
fn head(stream: &mut Box<dyn Stream>) -> Outcome<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut some = [0; 1024];
        let count = stream.read(&mut some)?;
        if count == 0 || head.len() + count > HEAD {
            return Err("a handshake that ends early, or does not".into());
        }
        head.extend_from_slice(&some[..count]);
    }
    Ok(String::from_utf8(head)?)
}

/// Frames, however the wire has cut them.
#[derive(Default)]
struct Frames {
    header: [u8; HEADROOM],
    have: usize,
    left: u64,
}

impl Frames {
    fn payloads(&mut self, mut wire: &[u8], masked: bool, hear: &mut impl FnMut(&[u8])) -> Outcome<u64> {
        let mut heard = 0;
        while let Some((first, rest)) = wire.split_first() {
            if self.left > 0 {
                let (payload, rest) = wire.split_at(wire.len().min(usize::try_from(self.left)?));
                self.left -= payload.len() as u64;
                heard += payload.len() as u64;
                hear(payload);
                wire = rest;
                continue;
            }
            (self.header[self.have], wire) = (*first, rest);
            self.have += 1;
            let size = match self.header[1] & 0x7F {
                _ if self.have < 2 => continue,
                126 => 4,
                127 => 10,
                _ => 2,
            };
            if self.have < size + if masked { 4 } else { 0 } {
                continue;
            }
            let [first, second, a, b, rest @ ..] = self.header;
            if first & 0x0F > 2 || (second & 0x80 != 0) != masked {
                return Err("a frame that is not for this bench".into());
            }
            self.left = match second & 0x7F {
                126 => u16::from_be_bytes([a, b]).into(),
                127 => u64::from_be_bytes([a, b, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5]]),
                short => short.into(),
            };
            self.have = 0;
        }
        Ok(heard)
    }
}
