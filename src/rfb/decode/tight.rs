//! Tight without JPEG: one colour, or filtered rows in one of four zlib streams. rfbproto.rst, "Tight Encoding".

use super::super::framebuffer::Framebuffer;
use super::super::pixels::Readers;
use super::inflate::Inflate;
use super::tight_filter::Filter;
use super::{DecodeError, Input};
use crate::picture::Rectangle;

/// The widest rectangle with a filter, in pixels.
pub(crate) const MOST_WIDTH: u16 = 2048;
/// Fewer bytes than this are not compressed.
const LEAST_COMPRESSED: usize = 12;

/// The streams of one session.
pub(crate) type Zlibs = [Inflate; 4];

/// How far a rectangle has come.
#[derive(Debug, Default)]
pub(crate) enum Tight {
    /// The control byte is to come.
    #[default]
    Control,
    /// One colour.
    Fill,
    /// The filter's number is to come.
    FilterId(usize),
    /// The number of the palette's colours.
    PaletteLength(usize),
    /// The palette's colours.
    Palette(usize, usize),
    /// The number of compressed bytes, if they are.
    Length(usize, Filter),
    /// Rows that are not compressed.
    Plain(Filter, u16),
    /// Rows that are: the stream, the filter, the rows that are there, the compressed bytes to come.
    Compressed(usize, Filter, u16, usize),
}

impl Tight {
    /// Takes what there is. Whether the rectangle is done.
    pub(crate) fn go_on(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        readers: &Readers,
        zlibs: &mut Zlibs,
    ) -> Result<bool, DecodeError> {
        loop {
            let next = match self {
                Self::Control => match input.array() {
                    Some([control]) => begin(control, area, zlibs)?,
                    None => return Ok(false),
                },
                Self::Fill => {
                    let Some(pixel) = input.take(readers.tight().size()) else { return Ok(false) };
                    screen.fill(area, readers.tight().one(pixel));
                    return Ok(true);
                }
                Self::FilterId(stream) => match input.array() {
                    Some([0]) => Self::Length(*stream, Filter::Copy),
                    Some([1]) => Self::PaletteLength(*stream),
                    Some([2]) => Self::Length(*stream, Filter::gradient(area, readers)?),
                    Some([unknown]) => return Err(DecodeError::Filter(unknown)),
                    None => return Ok(false),
                },
                Self::PaletteLength(stream) => match input.array() {
                    Some([less_one]) => Self::Palette(*stream, usize::from(less_one) + 1),
                    None => return Ok(false),
                },
                Self::Palette(stream, len) => match input.take(*len * readers.tight().size()) {
                    Some(colours) => Self::Length(*stream, Filter::palette(*len, colours, readers.tight())),
                    None => return Ok(false),
                },
                Self::Length(stream, filter) => {
                    let row = filter.row_length(area, readers);
                    if row * usize::from(area.height) < LEAST_COMPRESSED {
                        Self::Plain(std::mem::take(filter), 0)
                    } else {
                        let Some(length) = compact_length(input) else { return Ok(false) };
                        Self::Compressed(*stream, std::mem::take(filter), 0, length)
                    }
                }
                Self::Plain(filter, rows) => {
                    rows_of(input, filter, rows, area, screen, readers)?;
                    return Ok(*rows == area.height);
                }
                Self::Compressed(stream, filter, rows, left) => {
                    let zlib = &mut zlibs[*stream];
                    let has_all = zlib.fill(input, left)? && *left == 0;
                    let mut ready = zlib.ready();
                    let before = ready.len();
                    rows_of(&mut ready, filter, rows, area, screen, readers)?;
                    let used = before - ready.len();
                    zlib.used(used);
                    let is_complete = *rows == area.height;
                    match (has_all, is_complete, used) {
                        (_, true, _) if zlib.ready().len() > 0 => return Err(DecodeError::Surplus),
                        (true, true, _) => return Ok(true),
                        (true, false, _) => return Err(DecodeError::Short),
                        (false, _, 0) => return Ok(false),
                        _ => continue,
                    }
                }
            };
            *self = next;
        }
    }
}

/// The control byte: which streams start anew, and what follows.
fn begin(control: u8, area: Rectangle, zlibs: &mut Zlibs) -> Result<Tight, DecodeError> {
    for (index, zlib) in zlibs.iter_mut().enumerate() {
        if control & (1 << index) != 0 {
            zlib.reset();
        }
    }
    let stream = usize::from(control >> 4 & 3);
    match control >> 4 {
        0..8 if area.width > MOST_WIDTH => Err(DecodeError::Width(area.width)),
        0..4 => Ok(Tight::Length(stream, Filter::Copy)),
        4..8 => Ok(Tight::FilterId(stream)),
        8 => Ok(Tight::Fill),
        9 => Err(DecodeError::Jpeg),
        10 => Err(DecodeError::Png),
        _ => Err(DecodeError::Tight(control)),
    }
}

/// Seven bits a byte and eight in the third, the lowest first: less than 4 MiB.
pub(super) fn compact_length(input: &mut Input) -> Option<usize> {
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

/// As many whole rows as there are.
fn rows_of(
    wire: &mut Input,
    filter: &mut Filter,
    rows: &mut u16,
    area: Rectangle,
    screen: &mut Framebuffer,
    readers: &Readers,
) -> Result<(), DecodeError> {
    let length = filter.row_length(area, readers);
    while *rows < area.height {
        let Some(wire) = wire.take(length) else { break };
        filter.row(wire, screen.row_mut(area, *rows), readers)?;
        *rows += 1;
    }
    Ok(())
}
