//! The numbers and message layouts of RFB, for the client, the observer and the simulated server.
//!
//! Sources: RFC 6143, whose sections are given by number, and the community's protocol document rfbproto.rst
//! (<https://github.com/rfbproto/rfbproto>), whose sections are given by title. Encodings have a file of their own:
//! [`super::encoding`].

use crate::picture::Rectangle;

/// Types of messages from the client. RFC 6143, section 7.5; rfbproto.rst, "Client to Server Messages".
pub(crate) mod client_message {
    /// RFC 6143, section 7.5.1.
    pub(crate) const SET_PIXEL_FORMAT: u8 = 0;
    /// RFC 6143, section 7.5.2.
    pub(crate) const SET_ENCODINGS: u8 = 2;
    /// RFC 6143, section 7.5.3.
    pub(crate) const FRAMEBUFFER_UPDATE_REQUEST: u8 = 3;
    /// RFC 6143, section 7.5.4.
    pub(crate) const KEY_EVENT: u8 = 4;
    /// RFC 6143, section 7.5.5.
    pub(crate) const POINTER_EVENT: u8 = 5;
    /// RFC 6143, section 7.5.6.
    pub(crate) const CLIENT_CUT_TEXT: u8 = 6;
    /// rfbproto.rst, "EnableContinuousUpdates".
    pub(crate) const ENABLE_CONTINUOUS_UPDATES: u8 = 150;
    /// rfbproto.rst, "ClientFence".
    pub(crate) const FENCE: u8 = 248;
    /// rfbproto.rst, "xvp Client Message".
    pub(crate) const XVP: u8 = 250;
    /// rfbproto.rst, "SetDesktopSize".
    pub(crate) const SET_DESKTOP_SIZE: u8 = 251;
    /// rfbproto.rst, "gii Client Message".
    pub(crate) const GENERAL_INPUT: u8 = 253;
    /// rfbproto.rst, "QEMU Client Message": its second byte is one of [`super::qemu_message`].
    pub(crate) const QEMU: u8 = 255;
}

/// Submessages of a QEMU client message. rfbproto.rst, "QEMU Client Message".
pub(crate) mod qemu_message {
    /// rfbproto.rst, "QEMU Extended Key Event Message".
    pub(crate) const EXTENDED_KEY_EVENT: u8 = 0;
    /// rfbproto.rst, "QEMU Audio Client Message".
    pub(crate) const AUDIO: u8 = 1;
    /// The operation of an audio message that is followed by a sample format.
    pub(crate) const AUDIO_SET_FORMAT: u16 = 2;
}

/// Types of messages from the server. RFC 6143, section 7.6.
pub(crate) mod server_message {
    /// RFC 6143, section 7.6.1.
    pub(crate) const FRAMEBUFFER_UPDATE: u8 = 0;
    /// RFC 6143, section 7.6.2.
    pub(crate) const SET_COLOUR_MAP_ENTRIES: u8 = 1;
    /// RFC 6143, section 7.6.3.
    pub(crate) const BELL: u8 = 2;
    /// RFC 6143, section 7.6.4.
    pub(crate) const SERVER_CUT_TEXT: u8 = 3;
}

/// Lengths of messages, or of the part of a message that tells the length of the rest, in bytes with the type.
pub(crate) mod length {
    /// ProtocolVersion. RFC 6143, section 7.1.1.
    pub(crate) const VERSION: usize = 12;
    /// The challenge of VNC authentication, and its response. RFC 6143, section 7.2.2.
    pub(crate) const VNC_CHALLENGE: usize = 16;
    /// ServerInit's pixel format and name length, which follow width and height. RFC 6143, section 7.3.2.
    pub(crate) const SERVER_INIT_AFTER_SIZE: usize = PIXEL_FORMAT + 4;
    /// RFC 6143, section 7.4.
    pub(crate) const PIXEL_FORMAT: usize = 16;
    /// RFC 6143, section 7.5.1.
    pub(crate) const SET_PIXEL_FORMAT: usize = 4 + PIXEL_FORMAT;
    /// SetEncodings without its encodings. RFC 6143, section 7.5.2.
    pub(crate) const SET_ENCODINGS_HEADER: usize = 4;
    /// The number of an encoding. RFC 6143, section 7.5.2.
    pub(crate) const ENCODING: usize = 4;
    /// RFC 6143, section 7.5.3.
    pub(crate) const FRAMEBUFFER_UPDATE_REQUEST: usize = 10;
    /// RFC 6143, section 7.5.4.
    pub(crate) const KEY_EVENT: usize = 8;
    /// RFC 6143, section 7.5.5.
    pub(crate) const POINTER_EVENT: usize = 6;
    /// rfbproto.rst, "ExtendedMouseButtons Pseudo-encoding".
    pub(crate) const EXTENDED_POINTER_EVENT: usize = 7;
    /// ClientCutText and ServerCutText without their text. RFC 6143, sections 7.5.6 and 7.6.4.
    pub(crate) const CUT_TEXT_HEADER: usize = 8;
    /// rfbproto.rst, "EnableContinuousUpdates".
    pub(crate) const ENABLE_CONTINUOUS_UPDATES: usize = 10;
    /// ClientFence without its payload. rfbproto.rst, "ClientFence".
    pub(crate) const FENCE_HEADER: usize = 9;
    /// The longest payload of a fence. rfbproto.rst, "ClientFence".
    pub(crate) const MAX_FENCE_PAYLOAD: u8 = 64;
    /// rfbproto.rst, "xvp Client Message".
    pub(crate) const XVP: usize = 4;
    /// SetDesktopSize without its screens. rfbproto.rst, "SetDesktopSize".
    pub(crate) const SET_DESKTOP_SIZE_HEADER: usize = 8;
    /// A screen of SetDesktopSize and of ExtendedDesktopSize. rfbproto.rst, "ExtendedDesktopSize Pseudo-encoding".
    pub(crate) const SCREEN: usize = 16;
    /// The part of a gii message that tells its length. rfbproto.rst, "gii Client Message".
    pub(crate) const GENERAL_INPUT_HEADER: usize = 4;
    /// The type and the subtype. rfbproto.rst, "QEMU Client Message".
    pub(crate) const QEMU_HEADER: usize = 2;
    /// rfbproto.rst, "QEMU Extended Key Event Message".
    pub(crate) const QEMU_EXTENDED_KEY_EVENT: usize = 12;
    /// An audio message without a sample format. rfbproto.rst, "QEMU Audio Client Message".
    pub(crate) const QEMU_AUDIO_HEADER: usize = 4;
    /// Sample format, channels and frequency. rfbproto.rst, "QEMU Audio Client Message".
    pub(crate) const QEMU_AUDIO_FORMAT: usize = 6;
    /// The header of a rectangle. RFC 6143, section 7.6.1.
    pub(crate) const RECTANGLE_HEADER: usize = 12;
}

/// The bits of a keyboard's LEDs. rfbproto.rst, "QEMU LED State Pseudo-encoding".
pub(crate) mod led {
    pub(crate) const SCROLL_LOCK: u8 = 1;
    pub(crate) const NUM_LOCK: u8 = 2;
    pub(crate) const CAPS_LOCK: u8 = 4;
}

/// The bits of a Hextile tile's subencoding. RFC 6143, section 7.7.4.
pub(crate) mod hextile {
    pub(crate) const RAW: u8 = 1;
    pub(crate) const BACKGROUND_SPECIFIED: u8 = 2;
    pub(crate) const FOREGROUND_SPECIFIED: u8 = 4;
    pub(crate) const ANY_SUBRECTS: u8 = 8;
    pub(crate) const SUBRECTS_COLOURED: u8 = 16;
    pub(crate) const ALL: u8 = 31;
    /// The side of a tile, in pixels.
    pub(crate) const TILE_SIDE: u16 = 16;
}

/// The subencodings of a ZRLE tile. RFC 6143, section 7.7.6.
pub(crate) mod zrle {
    pub(crate) const RAW: u8 = 0;
    pub(crate) const SOLID: u8 = 1;
    /// The smallest and the largest palette of packed pixels; the subencoding is its size.
    pub(crate) const MIN_PACKED_PALETTE: u8 = 2;
    pub(crate) const MAX_PACKED_PALETTE: u8 = 16;
    pub(crate) const PLAIN_RLE: u8 = 128;
    /// Runs with the smallest palette, of two colours. The subencoding is [`PLAIN_RLE`] and the size of the palette.
    pub(crate) const MIN_PALETTE_RLE: u8 = 130;
    /// The bit of a palette index that announces a run length.
    pub(crate) const RUN_BIT: u8 = 0x80;
    /// A byte of a run length that is followed by another.
    pub(crate) const RUN_LENGTH_CONTINUES: u8 = 255;
    /// The side of a tile, in pixels.
    pub(crate) const TILE_SIDE: u16 = 64;
}

/// The control byte and the filters of Tight. rfbproto.rst, "Tight Encoding".
pub(crate) mod tight {
    /// How many zlib streams there are. Each of the low bits of the control byte resets one.
    pub(crate) const STREAM_COUNT: usize = 4;
    /// The bit of the control byte without which it announces basic compression.
    pub(crate) const NOT_BASIC_BIT: u8 = 0x80;
    /// The bit of basic compression that announces a filter. Without it the filter is [`FILTER_COPY`].
    pub(crate) const EXPLICIT_FILTER_BIT: u8 = 0x40;
    /// The number of the zlib stream is in two bits, from this one on.
    pub(crate) const STREAM_SHIFT: u8 = 4;
    /// The other kinds of compression, in the high half of the control byte.
    pub(crate) const FILL: u8 = 8;
    pub(crate) const JPEG: u8 = 9;
    /// rfbproto.rst, "TightPng Encoding".
    pub(crate) const PNG: u8 = 10;
    pub(crate) const FILTER_COPY: u8 = 0;
    pub(crate) const FILTER_PALETTE: u8 = 1;
    pub(crate) const FILTER_GRADIENT: u8 = 2;
    /// Data shorter than this is not compressed, in bytes.
    pub(crate) const MIN_COMPRESSED_LEN: usize = 12;
    /// The widest rectangle with basic compression, in pixels.
    pub(crate) const MAX_WIDTH: u16 = 2048;
}

/// The highest bit of a PointerEvent's button mask announces a second mask. rfbproto.rst, "ExtendedMouseButtons
/// Pseudo-encoding".
pub(crate) const EXTENDED_BUTTONS_BIT: u8 = 0x80;

/// What stands for no motion in a PointerEvent, if the pointer is relative. rfbproto.rst, "QEMU Pointer Motion Change
/// Pseudo-encoding".
pub(crate) const NO_MOTION: u16 = 0x7FFF;

/// The bit of a gii message's second byte that says that its numbers are big-endian. rfbproto.rst, "gii Client Message".
pub(crate) const GENERAL_INPUT_BIG_ENDIAN_BIT: u8 = 0x80;

/// The number of rectangles of an update that ends with a LastRect. rfbproto.rst, "LastRect Pseudo-encoding".
pub(crate) const UNTIL_LAST_RECT: u16 = u16::MAX;

/// The colours of a colour map with eight bits a pixel. RFC 6143, section 7.6.2.
pub(crate) const COLOUR_MAP_SIZE: usize = 256;

/// The reason in the x of an ExtendedDesktopSize rectangle for a change that this client has asked for.
/// rfbproto.rst, "ExtendedDesktopSize Pseudo-encoding".
pub(crate) const SIZE_CHANGED_BY_THIS_CLIENT: u16 = 1;

/// The number of security types, or in version 3.3 the security type, of a server that refuses the connection.
/// RFC 6143, section 7.1.2 and appendix A.1.
pub(crate) const NO_SECURITY_TYPE: u8 = 0;

/// The security types that are supported. RFC 6143, section 7.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecurityType {
    /// RFC 6143, section 7.2.1.
    None,
    /// RFC 6143, section 7.2.2.
    VncAuthentication,
}

impl SecurityType {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::None => 1,
            Self::VncAuthentication => 2,
        }
    }

    /// The type of this number, if it is supported. Version 3.3 writes it in four bytes, the others in one.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        [Self::None, Self::VncAuthentication].into_iter().find(|known| u32::from(known.number()) == number)
    }
}

/// SecurityResult. RFC 6143, section 7.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecurityResult {
    Ok,
    /// In version 3.8 a reason follows.
    Failed,
}

impl SecurityResult {
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
        }
    }

    pub(crate) fn from_number(number: u32) -> Option<Self> {
        [Self::Ok, Self::Failed].into_iter().find(|known| known.number() == number)
    }
}

/// FramebufferUpdateRequest. RFC 6143, section 7.5.3.
pub(crate) fn framebuffer_update_request(
    is_incremental: bool,
    area: Rectangle,
) -> [u8; length::FRAMEBUFFER_UPDATE_REQUEST] {
    let [x0, x1, y0, y1, w0, w1, h0, h1] = encode_rectangle(area);
    [client_message::FRAMEBUFFER_UPDATE_REQUEST, is_incremental.into(), x0, x1, y0, y1, w0, w1, h0, h1]
}

/// KeyEvent. RFC 6143, section 7.5.4.
pub(crate) fn key_event(is_down: bool, keysym: u32) -> [u8; length::KEY_EVENT] {
    let [k0, k1, k2, k3] = keysym.to_be_bytes();
    [client_message::KEY_EVENT, is_down.into(), 0, 0, k0, k1, k2, k3]
}

/// PointerEvent. RFC 6143, section 7.5.5.
pub(crate) fn pointer_event(buttons: u8, x: u16, y: u16) -> [u8; length::POINTER_EVENT] {
    let ([x0, x1], [y0, y1]) = (x.to_be_bytes(), y.to_be_bytes());
    [client_message::POINTER_EVENT, buttons, x0, x1, y0, y1]
}

/// An Extended Key Event, by the scancode of an XT keyboard, set 1, with the prefix 0xE0 in its higher byte.
/// rfbproto.rst, "QEMU Extended Key Event Message".
pub(crate) fn qemu_key_event(is_down: bool, keysym: u32, scancode: u16) -> [u8; length::QEMU_EXTENDED_KEY_EVENT] {
    // "2-byte XT scancodes whose first byte is 0xe0 and second byte is less than 0x7f are encoded with the high bit of the
    // first byte set". QEMU and noVNC take that for the second byte with its high bit set.
    let keycode = match scancode.to_be_bytes() {
        [0xe0, second @ 0..0x7f] => u32::from(second | 0x80),
        _ => scancode.into(),
    };
    let ([k0, k1, k2, k3], [c0, c1, c2, c3]) = (keysym.to_be_bytes(), keycode.to_be_bytes());
    let is_down = is_down.into();
    [client_message::QEMU, qemu_message::EXTENDED_KEY_EVENT, 0, is_down, k0, k1, k2, k3, c0, c1, c2, c3]
}

/// The scancode of an Extended Key Event's keycode, as [`qemu_key_event`] takes it; `None` if it has more than two bytes.
pub(crate) fn decode_qemu_keycode(keycode: u32) -> Option<u16> {
    match keycode {
        0x80..=0xff => Some(0xe000 | (keycode as u16 & 0x7f)),
        _ => u16::try_from(keycode).ok(),
    }
}

/// The first eight bytes of a rectangle's header, and the area of a request. RFC 6143, sections 7.5.3 and 7.6.1.
pub(crate) fn encode_rectangle(Rectangle { x, y, width, height }: Rectangle) -> [u8; 8] {
    let [[x0, x1], [y0, y1], [w0, w1], [h0, h1]] = [x, y, width, height].map(u16::to_be_bytes);
    [x0, x1, y0, y1, w0, w1, h0, h1]
}

/// The reverse of [`encode_rectangle`].
pub(crate) fn decode_rectangle([x0, x1, y0, y1, w0, w1, h0, h1]: [u8; 8]) -> Rectangle {
    let [x, y, width, height] = [[x0, x1], [y0, y1], [w0, w1], [h0, h1]].map(u16::from_be_bytes);
    Rectangle { x, y, width, height }
}
