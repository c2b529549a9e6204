//! Tight without JPEG: one colour, or filtered rows in one of four zlib streams. rfbproto.rst, "Tight Encoding".

use super::super::framebuffer::Framebuffer;
use super::super::pixels::PixelReaders;
use super::super::protocol::tight::{
    EXPLICIT_FILTER_BIT, FILL, FILTER_COPY, FILTER_GRADIENT, FILTER_PALETTE, JPEG, MAX_WIDTH, MIN_COMPRESSED_LEN,
    NOT_BASIC_BIT, PNG, STREAM_COUNT, STREAM_SHIFT,
};
use super::inflate::Inflate;
use super::tight_filter::Filter;
use super::{DecodeError, Input};
use crate::picture::Rectangle;

/// The zlib streams of a session.
pub(crate) type Streams = [Inflate; STREAM_COUNT];

/// The state of one rectangle. `stream` is the number of its zlib stream, `rows` how many rows are drawn.
#[derive(Debug, Default)]
pub(crate) enum Tight {
    /// Before the control byte.
    #[default]
    Control,
    /// Before the colour of a rectangle in one colour.
    Fill,
    /// Before the number of the filter.
    FilterId { stream: usize },
    /// Before the number of colours of the palette.
    PaletteLength { stream: usize },
    /// Before the colours of the palette.
    Palette { stream: usize, len: usize },
    /// Before the number of compressed bytes, which short data does not have.
    Length { stream: usize, filter: Filter },
    /// Within rows that are not compressed.
    Plain { filter: Filter, rows: u16 },
    /// Within compressed rows, with the number of compressed bytes still to come.
    Compressed { stream: usize, filter: Filter, rows: u16, remaining: usize },
}

impl Tight {
    /// Draws all rows that have arrived. Returns whether the rectangle is complete.
    pub(crate) fn advance(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        readers: &PixelReaders,
        streams: &mut Streams,
    ) -> Result<bool, DecodeError> {
        loop {
            let next = match self {
                Self::Control => match input.array() {
                    Some([control]) => read_control(control, area, streams)?,
                    None => return Ok(false),
                },
                Self::Fill => {
                    let Some(pixel) = input.take(readers.tpixel().size()) else { return Ok(false) };
                    screen.fill(area, readers.tpixel().read_pixel(pixel));
                    return Ok(true);
                }
                Self::FilterId { stream } => match input.array() {
                    Some([FILTER_COPY]) => Self::Length { stream: *stream, filter: Filter::Copy },
                    Some([FILTER_PALETTE]) => Self::PaletteLength { stream: *stream },
                    Some([FILTER_GRADIENT]) => {
                        Self::Length { stream: *stream, filter: Filter::gradient(area, readers)? }
                    }
                    Some([unknown]) => return Err(DecodeError::TightFilter(unknown)),
                    None => return Ok(false),
                },
                Self::PaletteLength { stream } => match input.array() {
                    Some([len_minus_one]) => Self::Palette { stream: *stream, len: usize::from(len_minus_one) + 1 },
                    None => return Ok(false),
                },
                Self::Palette { stream, len } => match input.take(*len * readers.tpixel().size()) {
                    Some(colours) => {
                        Self::Length { stream: *stream, filter: Filter::palette(*len, colours, readers.tpixel()) }
                    }
                    None => return Ok(false),
                },
                Self::Length { stream, filter } => {
                    let row_length = filter.row_length(area, readers);
                    if row_length * usize::from(area.height) < MIN_COMPRESSED_LEN {
                        Self::Plain { filter: std::mem::take(filter), rows: 0 }
                    } else {
                        let Some(remaining) = read_compact_length(input) else { return Ok(false) };
                        Self::Compressed { stream: *stream, filter: std::mem::take(filter), rows: 0, remaining }
                    }
                }
                Self::Plain { filter, rows } => {
                    draw_rows(input, filter, rows, area, screen, readers)?;
                    return Ok(*rows == area.height);
                }
                Self::Compressed { stream, filter, rows, remaining } => {
                    let stream = &mut streams[*stream];
                    let has_all = stream.fill(input, remaining)? && *remaining == 0;
                    let mut output = stream.output();
                    let before = output.len();
                    draw_rows(&mut output, filter, rows, area, screen, readers)?;
                    let consumed = before - output.len();
                    stream.consume(consumed);
                    let is_complete = *rows == area.height;
                    match (has_all, is_complete, consumed) {
                        (_, true, _) if stream.output().len() > 0 => return Err(DecodeError::TooLong),
                        (true, true, _) => return Ok(true),
                        (true, false, _) => return Err(DecodeError::TooShort),
                        (false, _, 0) => return Ok(false),
                        _ => continue,
                    }
                }
            };
            *self = next;
        }
    }
}

/// Reads the control byte: resets streams, and returns the next state.
fn read_control(control: u8, area: Rectangle, streams: &mut Streams) -> Result<Tight, DecodeError> {
    for (index, stream) in streams.iter_mut().enumerate() {
        if control & (1 << index) != 0 {
            stream.reset();
        }
    }
    if control & NOT_BASIC_BIT != 0 {
        return match control >> 4 {
            FILL => Ok(Tight::Fill),
            JPEG => Err(DecodeError::TightJpeg),
            PNG => Err(DecodeError::TightPng),
            _ => Err(DecodeError::TightCompression(control)),
        };
    }
    if area.width > MAX_WIDTH {
        return Err(DecodeError::TightWidth(area.width));
    }
    let stream = usize::from(control >> STREAM_SHIFT) % STREAM_COUNT;
    Ok(match control & EXPLICIT_FILTER_BIT {
        0 => Tight::Length { stream, filter: Filter::Copy },
        _ => Tight::FilterId { stream },
    })
}

/// Reads a length of up to three bytes, the low bits first: seven bits in the first two bytes, eight in the third. It is
/// below 4 MiB.
pub(super) fn read_compact_length(input: &mut Input) -> Option<usize> {
    let bytes = input.rest();
    let is_last = |byte: &u8| byte & 0x80 == 0;
    let count = bytes.iter().take(2).position(is_last).map_or(3, |index| index + 1);
    let bytes = input.take(count)?;
    let part = |(index, byte): (usize, &u8)| {
        let bits = if index < 2 { byte & 0x7f } else { *byte };
        usize::from(bits) << (7 * index)
    };
    Some(bytes.iter().enumerate().map(part).sum())
}

/// Draws all whole rows that the input has.
fn draw_rows(
    input: &mut Input,
    filter: &mut Filter,
    rows: &mut u16,
    area: Rectangle,
    screen: &mut Framebuffer,
    readers: &PixelReaders,
) -> Result<(), DecodeError> {
    let length = filter.row_length(area, readers);
    while *rows < area.height {
        let Some(bytes) = input.take(length) else { break };
        filter.read_row(bytes, screen.row_mut(area, *rows), readers)?;
        *rows += 1;
    }
    Ok(())
}
