//! A zlib stream with a bounded output buffer. RFC 1950.

use flate2::{Decompress, FlushDecompress, Status};

use super::{DecodeError, Input};

/// The size of the output buffer in bytes: three times the longest tile of ZRLE, and small enough for a processor's cache.
const OUTPUT_BUFFER_LEN: usize = 64 << 10;

/// A zlib stream that continues from rectangle to rectangle.
#[derive(Debug)]
pub(crate) struct Inflate {
    stream: Decompress,
    /// Allocated with the first byte: many sessions need only one of their five streams.
    output: Vec<u8>,
    start: usize,
    end: usize,
}

impl Default for Inflate {
    fn default() -> Self {
        Self { stream: Decompress::new(true), output: Vec::new(), start: 0, end: 0 }
    }
}

impl Inflate {
    /// The decompressed bytes that are not consumed yet.
    pub(crate) fn output(&self) -> Input<'_> {
        Input::new(&self.output[self.start..self.end])
    }

    /// Consumes `count` bytes of the output.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Decompresses up to `remaining` bytes of the input, which it lowers, until the output buffer is full. Returns whether the
    /// buffer had room for everything that they contain.
    pub(crate) fn fill(&mut self, input: &mut Input, remaining: &mut usize) -> Result<bool, DecodeError> {
        self.output.resize(OUTPUT_BUFFER_LEN, 0);
        self.output.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        loop {
            let offered = &input.rest()[..input.len().min(*remaining)];
            let room = &mut self.output[self.end..];
            if room.is_empty() {
                return Ok(false);
            }
            let before = (self.stream.total_in(), self.stream.total_out());
            let status = self.stream.decompress(offered, room, FlushDecompress::Sync).map_err(|_| DecodeError::Zlib)?;
            let read = (self.stream.total_in() - before.0) as usize;
            let written = (self.stream.total_out() - before.1) as usize;
            input.skip(read);
            *remaining -= read;
            self.end += written;
            if status == Status::StreamEnd && read < offered.len() {
                return Err(DecodeError::Zlib);
            }
            if (read, written) == (0, 0) {
                // No progress is an error only if there was input.
                return if offered.is_empty() { Ok(true) } else { Err(DecodeError::Zlib) };
            }
        }
    }

    /// Starts a new stream. rfbproto.rst, "Tight Encoding".
    pub(crate) fn reset(&mut self) {
        self.stream.reset(true);
        (self.start, self.end) = (0, 0);
    }
}
