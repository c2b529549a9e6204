//! Raw: all pixels, row by row. RFC 6143, section 7.7.1.

use super::pixel_writer::PixelWriter;

pub(super) fn encode(pixels: &[u32], writer: &PixelWriter, out: &mut Vec<u8>) {
    writer.write(pixels, out);
}
