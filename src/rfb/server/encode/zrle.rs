//! ZRLE: tiles of 64 x 64 pixels, with palettes and runs, in one zlib stream. RFC 6143, section 7.7.6.

use std::io;

use super::super::super::protocol::zrle::{MAX_PACKED_PALETTE, PLAIN_RLE, RAW, RUN_BIT, RUN_LENGTH_CONTINUES, SOLID};
use super::deflate::Deflate;
use super::for_each_tile;
use super::palette::Palette;
use super::pixel_writer::PixelWriter;
use crate::picture::Rectangle;

/// The most colours of a palette with runs: an index has seven bits.
const MAX_PALETTE: usize = 127;

pub(super) fn encode(
    area: Rectangle,
    pixels: &[u32],
    writer: &PixelWriter,
    stream: &mut Deflate,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    let mut tiles = Vec::new();
    for_each_tile(area, pixels, |width, pixels| encode_tile(width, pixels, writer, &mut tiles));
    let length_at = out.len();
    out.extend([0; 4]);
    stream.compress(&tiles, out)?;
    let length = (out.len() - length_at - 4) as u32;
    out[length_at..][..4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// Appends a tile in its shortest form.
fn encode_tile(width: usize, pixels: &[u32], writer: &PixelWriter, out: &mut Vec<u8>) {
    let palette = Palette::of(pixels, MAX_PALETTE);
    let colours = palette.as_ref().map_or(&[][..], Palette::colours);
    if let [colour] = colours {
        out.push(SOLID);
        return writer.write(&[*colour], out);
    }
    // The lengths of the four forms, without their first byte.
    let size = writer.size();
    let raw = pixels.len() * size;
    let (mut plain_runs, mut palette_runs) = (0, colours.len() * size);
    for run in pixels.chunk_by(|a, b| a == b) {
        let length_len = run_length_len(run.len());
        plain_runs += size + length_len;
        palette_runs += 1 + if run.len() == 1 { 0 } else { length_len };
    }
    let bits = packed_bits(colours.len());
    let packed = bits.map(|bits| colours.len() * size + pixels.len() / width * (width * bits).div_ceil(8));
    let shortest = [raw, plain_runs].into_iter().chain(packed).chain(palette.is_some().then_some(palette_runs)).min();
    match (&palette, bits) {
        (Some(palette), Some(bits)) if packed == shortest => {
            out.push(colours.len() as u8);
            writer.write(colours, out);
            write_packed(width, pixels, palette, bits, out);
        }
        (Some(palette), _) if Some(palette_runs) == shortest => {
            out.push(PLAIN_RLE + colours.len() as u8);
            writer.write(colours, out);
            for run in pixels.chunk_by(|a, b| a == b) {
                let index = palette.index(run[0]);
                if run.len() == 1 {
                    out.push(index);
                } else {
                    out.push(index | RUN_BIT);
                    write_run_length(run.len(), out);
                }
            }
        }
        _ if Some(plain_runs) == shortest => {
            out.push(PLAIN_RLE);
            for run in pixels.chunk_by(|a, b| a == b) {
                writer.write(&run[..1], out);
                write_run_length(run.len(), out);
            }
        }
        _ => {
            out.push(RAW);
            writer.write(pixels, out);
        }
    }
}

/// The bits of an index into a palette of packed pixels, `None` if there are too many colours for that.
fn packed_bits(colours: usize) -> Option<usize> {
    match colours {
        2 => Some(1),
        3..=4 => Some(2),
        5.. if colours <= usize::from(MAX_PACKED_PALETTE) => Some(4),
        _ => None,
    }
}

/// Appends indices, the first in the highest bits. Each row starts with a new byte.
fn write_packed(width: usize, pixels: &[u32], palette: &Palette, bits: usize, out: &mut Vec<u8>) {
    for row in pixels.chunks(width) {
        for pixels in row.chunks(8 / bits) {
            let packed = pixels.iter().fold(0, |byte, pixel| (byte << bits) | palette.index(*pixel));
            out.push(packed << (8 - bits * pixels.len()));
        }
    }
}

/// How many bytes the length of a run takes.
fn run_length_len(length: usize) -> usize {
    (length - 1) / usize::from(RUN_LENGTH_CONTINUES) + 1
}

/// Appends the length minus one, in bytes whose sum it is. The last is below 255.
fn write_run_length(length: usize, out: &mut Vec<u8>) {
    let (whole, rest) = ((length - 1) / 255, (length - 1) % 255);
    out.extend(std::iter::repeat_n(RUN_LENGTH_CONTINUES, whole));
    out.push(rest as u8);
}
