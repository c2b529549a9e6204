//! A zlib stream, inflated as far as there is room. RFC 1950.

use flate2::{Decompress, FlushDecompress, Status};

use super::{DecodeError, Input};

/// How much is inflated ahead, in bytes: three times the longest tile of ZRLE, and what the caches of a processor hold.
const ROOM: usize = 64 << 10;

/// A stream that goes on over rectangles.
#[derive(Debug)]
pub(crate) struct Inflate {
    stream: Decompress,
    /// Taken with the first byte: many sessions need only one of five streams.
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
    /// What is inflated and not used.
    pub(crate) fn ready(&self) -> Input<'_> {
        Input::new(&self.output[self.start..self.end])
    }

    /// So many bytes of that are used now.
    pub(crate) fn used(&mut self, count: usize) {
        self.start += count;
    }

    /// Inflates up to `left` bytes of the input as far as there is room. Whether that room is enough for all that they hold.
    pub(crate) fn fill(&mut self, input: &mut Input, left: &mut usize) -> Result<bool, DecodeError> {
        self.output.resize(ROOM, 0);
        self.output.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        loop {
            let offered = &input.rest()[..input.len().min(*left)];
            let room = &mut self.output[self.end..];
            if room.is_empty() {
                return Ok(false);
            }
            let before = (self.stream.total_in(), self.stream.total_out());
            let status = self.stream.decompress(offered, room, FlushDecompress::Sync).map_err(|_| DecodeError::Zlib)?;
            let read = (self.stream.total_in() - before.0) as usize;
            let written = (self.stream.total_out() - before.1) as usize;
            input.skip(read);
            *left -= read;
            self.end += written;
            if status == Status::StreamEnd && read < offered.len() {
                return Err(DecodeError::Zlib);
            }
            if (read, written) == (0, 0) {
                // Nothing to do is no fault; bytes that nothing can be done with are.
                return if offered.is_empty() { Ok(true) } else { Err(DecodeError::Zlib) };
            }
        }
    }

    /// Starts anew. rfbproto.rst, "Tight Encoding".
    pub(crate) fn reset(&mut self) {
        self.stream.reset(true);
        (self.start, self.end) = (0, 0);
    }
}
