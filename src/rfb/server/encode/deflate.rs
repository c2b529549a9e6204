//! A zlib stream.

use std::io;

use flate2::{Compress, Compression, FlushCompress};

/// A zlib stream that continues from rectangle to rectangle. RFC 6143, section 7.7.6.
///
/// Its memory, a quarter of a megabyte, is allocated with the first byte: many clients need only one of their streams.
#[derive(Debug, Default)]
pub(super) struct Deflate(Option<Compress>);

impl Deflate {
    /// Appends `input` in compressed form, up to a byte boundary from which a client can read all of it.
    pub(super) fn compress(&mut self, mut input: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        // The lowest level: a screen must be sent soon, and its repetitions are simple.
        let stream = self.0.get_or_insert_with(|| Compress::new(Compression::fast(), true));
        loop {
            out.reserve(input.len() / 4 + 64);
            let before = stream.total_in();
            stream.compress_vec(input, out, FlushCompress::Sync).map_err(io::Error::other)?;
            input = &input[(stream.total_in() - before) as usize..];
            // A full buffer may mean that there is more to write.
            if input.is_empty() && out.len() < out.capacity() {
                return Ok(());
            }
        }
    }
}
