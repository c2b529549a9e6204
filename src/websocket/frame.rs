//! A client's frames: reads the server's, which are not masked, and writes masked ones. RFC 6455, section 5. Pure.

use std::ops::Range;

use thiserror::Error;

/// The longest data frame that a server may send, in bytes. Frames are not buffered, so the limit does not protect memory but
/// finds streams that are not WebSockets: an uncompressed picture of the largest VNC screen has 20 MiB.
pub(crate) const MAX_FRAME_LEN: u64 = 64 << 20;

/// The longest payload of a control frame, in bytes. Section 5.5.
const MAX_CONTROL_LEN: usize = 125;

/// The space for a frame's header before its payload, in bytes: 2, a length of 8, and a mask of 4.
pub const HEADROOM: usize = 14;

/// The longest header of a server's frame, in bytes.
const MAX_HEADER_LEN: usize = 10;

/// The type of a frame. Section 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    /// The next part of a message.
    Continuation = 0,
    /// A text message, or its first part.
    Text = 1,
    /// A binary message, or its first part.
    Binary = 2,
    /// The end of the connection.
    Close = 8,
    /// The other side answers it with a pong.
    Ping = 9,
    /// The answer to a ping.
    Pong = 10,
}

impl TryFrom<u8> for Opcode {
    type Error = FrameError;

    fn try_from(input: u8) -> Result<Self, FrameError> {
        Ok(match input {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return Err(FrameError::Opcode(input)),
        })
    }
}

/// A frame that a server must not send.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FrameError {
    /// Section 5.2: bits of extensions, of which none was negotiated.
    #[error("a frame with reserved bits set")]
    Reserved,
    /// Section 5.2.
    #[error("a frame of the unknown type {0}")]
    Opcode(u8),
    /// Section 5.1.
    #[error("a masked frame, which only clients may send")]
    Masked,
    /// RFB is binary.
    #[error("a text frame, although RFB is binary")]
    Text,
    /// Section 5.5.
    #[error("a control frame that is too long or fragmented")]
    Control,
    /// Section 5.4.
    #[error("parts of a message in the wrong order")]
    Order,
    /// Longer than any picture.
    #[error("a frame of {0} bytes, more than {MAX_FRAME_LEN}")]
    TooLong(u64),
    /// Section 5.5.1.
    #[error("a Close frame of one byte")]
    Close,
}

/// The payload of a control frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlPayload {
    bytes: [u8; MAX_CONTROL_LEN],
    length: usize,
}

impl ControlPayload {
    /// Cuts the payload off after 125 bytes.
    pub(crate) fn new(payload: &[u8]) -> Self {
        let length = payload.len().min(MAX_CONTROL_LEN);
        let mut bytes = [0; MAX_CONTROL_LEN];
        bytes[..length].copy_from_slice(&payload[..length]);
        Self { bytes, length }
    }

    /// Returns the payload, at most 125 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Writes a frame with this payload to the start of an array, and returns the frame's length with it.
    pub(crate) fn encode_frame(&self, opcode: Opcode, mask: [u8; 4]) -> ([u8; HEADROOM + MAX_CONTROL_LEN], usize) {
        let mut buffer = [0; HEADROOM + MAX_CONTROL_LEN];
        buffer[HEADROOM..HEADROOM + self.length].copy_from_slice(self.bytes());
        let range = write_frame(&mut buffer, self.length, opcode, mask);
        let length = range.len();
        buffer.copy_within(range, 0);
        (buffer, length)
    }
}

/// A Close frame. Section 7.4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Close {
    /// The status code. Section 7.4.1.
    pub code: Option<u16>,
    /// As the other side has sent it: it must be sanitized before it is printed.
    pub reason: String,
}

impl Close {
    fn parse(control: &ControlPayload) -> Result<Self, FrameError> {
        match control.bytes() {
            [] => Ok(Self::default()),
            [_] => Err(FrameError::Close),
            [high, low, reason @ ..] => Ok(Self {
                code: Some(u16::from_be_bytes([*high, *low])),
                reason: String::from_utf8_lossy(reason).into_owned(),
            }),
        }
    }

    /// The payload of the answer, which has the same code.
    pub(crate) fn echo(&self) -> ControlPayload {
        self.code.map_or_else(|| ControlPayload::new(&[]), |code| ControlPayload::new(&code.to_be_bytes()))
    }
}

/// What a server has sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// Bytes of a binary message.
    Bytes(&'a [u8]),
    /// The client must answer with a pong of the same payload.
    Ping(ControlPayload),
    /// The last frame.
    Close(Close),
    /// All input is consumed.
    NeedsInput,
}

/// Reads a server's frames, however the stream cuts them. It buffers headers and control frames only.
#[derive(Debug, Default)]
pub struct FrameReader {
    header: [u8; MAX_HEADER_LEN],
    header_len: usize,
    /// How many bytes of the current data frame are still to come.
    remaining: u64,
    control: Option<PartialControl>,
    /// Whether a message has begun and not ended.
    is_in_message: bool,
}

/// A control frame whose payload is incomplete.
#[derive(Debug)]
struct PartialControl {
    opcode: Opcode,
    payload: ControlPayload,
    length: usize,
}

impl FrameReader {
    /// Reads the next frame, or a part of one, and moves `input` past it.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<Incoming<'a>, FrameError> {
        loop {
            if self.remaining > 0 {
                let count = usize::try_from(self.remaining).unwrap_or(usize::MAX).min(input.len());
                if count == 0 {
                    return Ok(Incoming::NeedsInput);
                }
                self.remaining -= count as u64;
                return Ok(Incoming::Bytes(take(input, count)));
            }
            if let Some(mut control) = self.control.take() {
                let count = (control.length - control.payload.length).min(input.len());
                let start = control.payload.length;
                control.payload.bytes[start..start + count].copy_from_slice(take(input, count));
                control.payload.length += count;
                if control.payload.length < control.length {
                    self.control = Some(control);
                    return Ok(Incoming::NeedsInput);
                }
                match control.opcode {
                    Opcode::Ping => return Ok(Incoming::Ping(control.payload)),
                    Opcode::Close => return Ok(Incoming::Close(Close::parse(&control.payload)?)),
                    // This client sends no pings, so a pong has no meaning. Section 5.5.3.
                    _ => continue,
                }
            }
            if !self.read_header(input)? {
                return Ok(Incoming::NeedsInput);
            }
        }
    }

    /// Reads a header. Returns `false` if it is incomplete.
    fn read_header(&mut self, input: &mut &[u8]) -> Result<bool, FrameError> {
        while self.header_len < header_length(&self.header[..self.header_len]) {
            let Some((first, rest)) = input.split_first() else {
                return Ok(false);
            };
            self.header[self.header_len] = *first;
            self.header_len += 1;
            *input = rest;
        }
        self.header_len = 0;
        let [first, second, length @ ..] = self.header;
        if first & 0x70 != 0 {
            return Err(FrameError::Reserved);
        }
        if second & 0x80 != 0 {
            return Err(FrameError::Masked);
        }
        let (is_last, opcode) = (first & 0x80 != 0, Opcode::try_from(first & 0x0F)?);
        let length = match second & 0x7F {
            126 => u64::from(u16::from_be_bytes([length[0], length[1]])),
            127 => u64::from_be_bytes(length),
            short => u64::from(short),
        };
        match opcode {
            Opcode::Close | Opcode::Ping | Opcode::Pong => {
                let fits = is_last && length <= MAX_CONTROL_LEN as u64;
                let length = usize::try_from(length).ok().filter(|_| fits).ok_or(FrameError::Control)?;
                self.control = Some(PartialControl { opcode, payload: ControlPayload::new(&[]), length });
            }
            Opcode::Text => return Err(FrameError::Text),
            Opcode::Binary | Opcode::Continuation => {
                if self.is_in_message != (opcode == Opcode::Continuation) {
                    return Err(FrameError::Order);
                }
                if length > MAX_FRAME_LEN {
                    return Err(FrameError::TooLong(length));
                }
                (self.is_in_message, self.remaining) = (!is_last, length);
            }
        }
        Ok(true)
    }
}

/// The length of a header as far as its first bytes tell: more than there are, until it is known.
fn header_length(start: &[u8]) -> usize {
    match start.get(1).map(|second| second & 0x7F) {
        None => 2,
        Some(126) => 4,
        Some(127) => MAX_HEADER_LEN,
        Some(_) => 2,
    }
}

fn take<'a>(input: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, rest) = input.split_at(count);
    *input = rest;
    taken
}

/// Makes a frame of the `length` bytes after the headroom, in place: writes its header and masks it. Returns its range.
pub fn write_frame(buffer: &mut [u8], length: usize, opcode: Opcode, mask: [u8; 4]) -> Range<usize> {
    let mut header = [0; HEADROOM];
    header[0] = 0x80 | opcode as u8;
    let size = match length {
        0..=125 => {
            header[1] = 0x80 | length as u8;
            2
        }
        126..=0xFFFF => {
            header[1] = 0x80 | 126;
            header[2..4].copy_from_slice(&(length as u16).to_be_bytes());
            4
        }
        _ => {
            header[1] = 0x80 | 127;
            header[2..10].copy_from_slice(&(length as u64).to_be_bytes());
            10
        }
    };
    header[size..size + 4].copy_from_slice(&mask);
    let (start, end) = (HEADROOM - size - 4, HEADROOM + length);
    buffer[start..HEADROOM].copy_from_slice(&header[..size + 4]);
    apply_mask(&mut buffer[HEADROOM..end], mask);
    start..end
}

/// Masks eight bytes at a time. Section 5.3.
fn apply_mask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = payload.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
