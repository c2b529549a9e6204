//! Frames, from the client's side: what the server sends is unmasked, what is sent to it is masked. RFC 6455, section
//! 5. Pure.

use std::ops::Range;

use thiserror::Error;

/// The longest frame taken from a server, in bytes. Nothing of it is kept, so this bounds no memory, only nonsense: the
/// largest picture that VNC shows is 20 MiB as it is.
pub(crate) const LONGEST_FRAME: u64 = 64 << 20;

/// The most that a control frame carries, in bytes. Section 5.5.
const LONGEST_CONTROL: usize = 125;

/// The space before a payload in which its header can be written: 2 bytes, a length of 8, and the mask.
pub const HEADROOM: usize = 14;

/// The longest header of a server's frame.
const LONGEST_HEADER: usize = 10;

/// What a frame is. Section 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    /// More of the message before it.
    Continuation = 0,
    /// Text.
    Text = 1,
    /// Bytes.
    Binary = 2,
    /// The end.
    Close = 8,
    /// To be answered.
    Ping = 9,
    /// The answer.
    Pong = 10,
}

impl TryFrom<u8> for Opcode {
    type Error = FrameError;

    fn try_from(wire: u8) -> Result<Self, FrameError> {
        Ok(match wire {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return Err(FrameError::Opcode(wire)),
        })
    }
}

/// What a server must not send.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FrameError {
    /// Section 5.2: bits of extensions that nobody has agreed on.
    #[error("a frame with reserved bits set")]
    Reserved,
    /// Section 5.2.
    #[error("a frame of unknown type {0}")]
    Opcode(u8),
    /// Section 5.1.
    #[error("a masked frame, which only clients send")]
    Masked,
    /// RFB is bytes.
    #[error("a text frame, where RFB is binary")]
    Text,
    /// Section 5.5.
    #[error("a control frame that is too long or in parts")]
    Control,
    /// Section 5.4.
    #[error("parts of messages in a wrong order")]
    Order,
    /// More than any picture is.
    #[error("a frame of {0} bytes, where {LONGEST_FRAME} are the most")]
    TooLong(u64),
    /// Section 5.5.1.
    #[error("a Close frame of one byte")]
    Close,
}

/// The payload of a control frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    bytes: [u8; LONGEST_CONTROL],
    length: usize,
}

impl Control {
    /// A payload; what is beyond the most that one carries is left out.
    pub(crate) fn new(payload: &[u8]) -> Self {
        let length = payload.len().min(LONGEST_CONTROL);
        let mut bytes = [0; LONGEST_CONTROL];
        bytes[..length].copy_from_slice(&payload[..length]);
        Self { bytes, length }
    }

    /// The payload.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// A frame of it, and its length.
    pub(crate) fn frame(&self, opcode: Opcode, mask: [u8; 4]) -> ([u8; HEADROOM + LONGEST_CONTROL], usize) {
        let mut buffer = [0; HEADROOM + LONGEST_CONTROL];
        buffer[HEADROOM..HEADROOM + self.length].copy_from_slice(self.payload());
        let range = frame(&mut buffer, self.length, opcode, mask);
        let length = range.len();
        buffer.copy_within(range, 0);
        (buffer, length)
    }
}

/// Why the other side has closed. Section 7.4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Close {
    /// The code, if one was given.
    pub(crate) code: Option<u16>,
    /// In words, as they came: they are not fit for a terminal.
    pub(crate) reason: String,
}

impl Close {
    fn parse(control: &Control) -> Result<Self, FrameError> {
        match control.payload() {
            [] => Ok(Self::default()),
            [_] => Err(FrameError::Close),
            [high, low, reason @ ..] => Ok(Self {
                code: Some(u16::from_be_bytes([*high, *low])),
                reason: String::from_utf8_lossy(reason).into_owned(),
            }),
        }
    }

    /// The answer to it: the same code.
    pub(crate) fn echo(&self) -> Control {
        self.code.map_or_else(|| Control::new(&[]), |code| Control::new(&code.to_be_bytes()))
    }
}

/// What comes next out of the server's bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard<'a> {
    /// Bytes of the stream that the binary messages carry.
    Bytes(&'a [u8]),
    /// To be answered with a pong of the same payload.
    Ping(Control),
    /// Nothing comes after it.
    Close(Close),
    /// What there was is used up.
    Nothing,
}

/// Takes a server's frames apart, however the wire has cut them. It keeps no payload but a control frame's.
#[derive(Debug, Default)]
pub(crate) struct Deframer {
    header: [u8; LONGEST_HEADER],
    have: usize,
    /// What is still to come of the data frame's payload.
    left: u64,
    control: Option<Gathering>,
    /// Whether a message has begun that is not at its end.
    is_open: bool,
}

/// A control frame whose payload has not come whole.
#[derive(Debug)]
struct Gathering {
    opcode: Opcode,
    payload: Control,
    length: usize,
}

impl Deframer {
    /// The next thing in `wire`, which is moved past it.
    pub(crate) fn next<'a>(&mut self, wire: &mut &'a [u8]) -> Result<Heard<'a>, FrameError> {
        loop {
            if self.left > 0 {
                let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(wire.len());
                if count == 0 {
                    return Ok(Heard::Nothing);
                }
                self.left -= count as u64;
                return Ok(Heard::Bytes(take(wire, count)));
            }
            if let Some(mut control) = self.control.take() {
                let count = (control.length - control.payload.length).min(wire.len());
                let start = control.payload.length;
                control.payload.bytes[start..start + count].copy_from_slice(take(wire, count));
                control.payload.length += count;
                if control.payload.length < control.length {
                    self.control = Some(control);
                    return Ok(Heard::Nothing);
                }
                match control.opcode {
                    Opcode::Ping => return Ok(Heard::Ping(control.payload)),
                    Opcode::Close => return Ok(Heard::Close(Close::parse(&control.payload)?)),
                    // Nobody has asked for a pong. Section 5.5.3.
                    _ => continue,
                }
            }
            if !self.header(wire)? {
                return Ok(Heard::Nothing);
            }
        }
    }

    /// Takes a header, if it is there whole.
    fn header(&mut self, wire: &mut &[u8]) -> Result<bool, FrameError> {
        while self.have < header_length(&self.header[..self.have]) {
            let Some((first, rest)) = wire.split_first() else {
                return Ok(false);
            };
            self.header[self.have] = *first;
            self.have += 1;
            *wire = rest;
        }
        self.have = 0;
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
                let fits = is_last && length <= LONGEST_CONTROL as u64;
                let length = usize::try_from(length).ok().filter(|_| fits).ok_or(FrameError::Control)?;
                self.control = Some(Gathering { opcode, payload: Control::new(&[]), length });
            }
            Opcode::Text => return Err(FrameError::Text),
            Opcode::Binary | Opcode::Continuation => {
                if self.is_open != (opcode == Opcode::Continuation) {
                    return Err(FrameError::Order);
                }
                if length > LONGEST_FRAME {
                    return Err(FrameError::TooLong(length));
                }
                (self.is_open, self.left) = (!is_last, length);
            }
        }
        Ok(true)
    }
}

/// How long the header is that begins so: more than there is, until it is known.
fn header_length(begun: &[u8]) -> usize {
    match begun.get(1).map(|second| second & 0x7F) {
        None => 2,
        Some(126) => 4,
        Some(127) => LONGEST_HEADER,
        Some(_) => 2,
    }
}

fn take<'a>(wire: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, rest) = wire.split_at(count);
    *wire = rest;
    taken
}

/// Makes a frame of the `length` bytes that stand behind the headroom, in place, and says where it is.
pub fn frame(buffer: &mut [u8], length: usize, opcode: Opcode, mask: [u8; 4]) -> Range<usize> {
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
    cover(&mut buffer[HEADROOM..end], mask);
    start..end
}

/// Section 5.3, eight bytes at a time.
fn cover(payload: &mut [u8], mask: [u8; 4]) {
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
