//! Tight without JPEG: one colour, a palette, or all pixels, in one of two zlib streams. rfbproto.rst, "Tight Encoding".

use std::io;

use super::super::super::protocol::tight::{
    EXPLICIT_FILTER_BIT, FILL, FILTER_PALETTE, MIN_COMPRESSED_LEN, STREAM_SHIFT,
};
use super::deflate::Deflate;
use super::palette::{MAX_COLOURS, Palette};
use super::pixel_writer::PixelWriter;
use crate::picture::Rectangle;

/// The zlib streams of a session: of whole pixels and of indices.
pub(super) type Streams = [Deflate; 2];

const PIXEL_STREAM: u8 = 0;
const INDEX_STREAM: u8 = 1;

pub(super) fn encode(
    area: Rectangle,
    pixels: &[u32],
    writer: &PixelWriter,
    [pixel_stream, index_stream]: &mut Streams,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    // An index has one byte, so with pixels of one byte only two colours are worth a palette.
    let max = if writer.size() == 1 { 2 } else { MAX_COLOURS.min(pixels.len() / 2).max(2) };
    let Some(palette) = Palette::of(pixels, max) else {
        out.push(PIXEL_STREAM << STREAM_SHIFT);
        let mut data = Vec::new();
        writer.write(pixels, &mut data);
        return write_data(&data, pixel_stream, out);
    };
    if let [colour] = palette.colours() {
        out.push(FILL << STREAM_SHIFT);
        writer.write(&[*colour], out);
        return Ok(());
    }
    let count = palette.colours().len();
    out.extend([(INDEX_STREAM << STREAM_SHIFT) | EXPLICIT_FILTER_BIT, FILTER_PALETTE, (count - 1) as u8]);
    writer.write(palette.colours(), out);
    let mut data = Vec::new();
    if count == 2 {
        for row in pixels.chunks(area.width.into()) {
            for pixels in row.chunks(8) {
                let bits = pixels.iter().fold(0, |byte, pixel| (byte << 1) | palette.index(*pixel));
                data.push(bits << (8 - pixels.len()));
            }
        }
    } else {
        data.extend(pixels.iter().map(|pixel| palette.index(*pixel)));
    }
    write_data(&data, index_stream, out)
}

/// Appends data with its compact length, or without compression and length if it is short.
fn write_data(data: &[u8], stream: &mut Deflate, out: &mut Vec<u8>) -> io::Result<()> {
    if data.len() < MIN_COMPRESSED_LEN {
        out.extend_from_slice(data);
        return Ok(());
    }
    let mut compressed = Vec::new();
    stream.compress(data, &mut compressed)?;
    write_compact_length(compressed.len(), out);
    out.extend_from_slice(&compressed);
    Ok(())
}

/// Appends a length below 4 MiB in up to three bytes, the low bits first: seven bits in the first two, eight in the third.
fn write_compact_length(length: usize, out: &mut Vec<u8>) {
    let [low, middle, high] = [length & 0x7f, length >> 7 & 0x7f, length >> 14].map(|part| part as u8);
    match (middle, high) {
        (0, 0) => out.push(low),
        (_, 0) => out.extend([low | 0x80, middle]),
        _ => out.extend([low | 0x80, middle | 0x80, high]),
    }
}
