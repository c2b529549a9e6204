//! What a client is told besides pixels: messages, and rectangles of pseudo-encodings. Pure.

use super::super::cursor_shape::CursorShape;
use super::super::encoding::Encoding;
use super::super::pixel_format::PixelFormat;
use super::super::protocol::{COLOUR_MAP_SIZE, SIZE_CHANGED_BY_THIS_CLIENT, encode_rectangle, server_message};
use super::encode;
use super::handshake::shorten;
use crate::picture::Rectangle;

/// The status of an ExtendedDesktopSize rectangle for a size that cannot be set. rfbproto.rst, "ExtendedDesktopSize
/// Pseudo-encoding".
const SIZE_PROHIBITED: u16 = 1;

/// The start of a FramebufferUpdate. RFC 6143, section 7.6.1.
pub(crate) fn update_header(rectangle_count: u16) -> [u8; 4] {
    let [high, low] = rectangle_count.to_be_bytes();
    [server_message::FRAMEBUFFER_UPDATE, 0, high, low]
}

/// The header of a rectangle. RFC 6143, section 7.6.1.
pub(crate) fn rectangle_header(area: Rectangle, encoding: Encoding) -> [u8; 12] {
    let [x0, x1, y0, y1, w0, w1, h0, h1] = encode_rectangle(area);
    let [e0, e1, e2, e3] = encoding.number().to_be_bytes();
    [x0, x1, y0, y1, w0, w1, h0, h1, e0, e1, e2, e3]
}

/// A FramebufferUpdate with this rectangle only.
pub(super) fn update_of(rectangle: &[u8]) -> Vec<u8> {
    [&update_header(1)[..], rectangle].concat()
}

/// RFC 6143, section 7.6.3.
pub(super) fn bell() -> Vec<u8> {
    vec![server_message::BELL]
}

/// SetColourMapEntries for [`PixelFormat::COLOUR_CUBE`]. RFC 6143, section 7.6.2.
pub(super) fn colour_map() -> Vec<u8> {
    let count = COLOUR_MAP_SIZE as u16;
    let [high, low] = count.to_be_bytes();
    let mut message = vec![server_message::SET_COLOUR_MAP_ENTRIES, 0, 0, 0, high, low];
    for index in 0..count {
        let [_, rgb @ ..] = PixelFormat::COLOUR_CUBE.colour(index.into()).to_be_bytes();
        // From 8 bits to 16: 255 becomes 65535.
        message.extend(rgb.into_iter().flat_map(|colour| [colour, colour]));
    }
    message
}

/// rfbproto.rst, "QEMU Extended Key Event Pseudo-encoding".
pub(super) fn extended_keys(size: (u16, u16)) -> Vec<u8> {
    rectangle_header(at_origin(size), Encoding::QemuExtendedKeyEvent).to_vec()
}

/// rfbproto.rst, "QEMU LED State Pseudo-encoding".
pub(super) fn leds(leds: u8) -> Vec<u8> {
    [&rectangle_header(at_origin((1, 1)), Encoding::QemuLedState)[..], &[leds]].concat()
}

/// RFC 6143, section 7.8.2.
pub(super) fn desktop_size(size: (u16, u16)) -> Vec<u8> {
    rectangle_header(at_origin(size), Encoding::DesktopSize).to_vec()
}

/// One screen, whose size was changed by the server. rfbproto.rst, "ExtendedDesktopSize Pseudo-encoding".
pub(super) fn extended_desktop_size(size: (u16, u16)) -> Vec<u8> {
    one_screen(at_origin(size), size)
}

/// The answer to a client's SetDesktopSize: the size stays. rfbproto.rst, "ExtendedDesktopSize Pseudo-encoding".
pub(super) fn refused_size(size @ (width, height): (u16, u16)) -> Vec<u8> {
    one_screen(Rectangle { x: SIZE_CHANGED_BY_THIS_CLIENT, y: SIZE_PROHIBITED, width, height }, size)
}

/// The number of screens, three bytes of padding, and the id, the area and the flags of the only one.
fn one_screen(header: Rectangle, size: (u16, u16)) -> Vec<u8> {
    let header = rectangle_header(header, Encoding::ExtendedDesktopSize);
    [&header[..], &[1, 0, 0, 0], &[0; 4], &encode_rectangle(at_origin(size)), &[0; 4]].concat()
}

/// rfbproto.rst, "DesktopName Pseudo-encoding".
pub(super) fn desktop_name(name: &str) -> Vec<u8> {
    let name = shorten(name).as_bytes();
    let header = rectangle_header(at_origin((0, 0)), Encoding::DesktopName);
    [&header[..], &(name.len() as u32).to_be_bytes(), name].concat()
}

/// RFC 6143, section 7.8.1.
pub(super) fn cursor(shape: &CursorShape, format: PixelFormat) -> Vec<u8> {
    let mut bytes = rectangle_header(shape.header(), Encoding::Cursor).to_vec();
    encode::write_pixels(&shape.pixels, format, &mut bytes);
    bytes.extend_from_slice(&shape.mask);
    bytes
}

fn at_origin((width, height): (u16, u16)) -> Rectangle {
    Rectangle { x: 0, y: 0, width, height }
}
