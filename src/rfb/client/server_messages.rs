//! The server's messages after the handshake. RFC 6143, section 7.6.

use std::sync::Arc;

use super::super::cursor_shape::CursorShape;
use super::super::decode::{Canvas, DecodeError, Decoder, Input};
use super::super::encoding::Encoding;
use super::super::protocol::{
    COLOUR_MAP_SIZE, SIZE_CHANGED_BY_THIS_CLIENT, UNTIL_LAST_RECT, decode_rectangle, length, server_message,
};
use super::limits::MAX_CUT_TEXT_LEN;
use super::{ClientError, Event, Leds, PointerMode};
use crate::picture::Rectangle;

/// Reads the server's messages, however the stream cuts them, and draws updates.
#[derive(Debug)]
pub(crate) struct ServerMessages {
    pub(crate) canvas: Canvas,
    /// The keyboard's LEDs, once the server has sent them.
    pub(crate) leds: Option<Leds>,
    /// The shape of the pointer, once the server has sent it.
    pub(crate) cursor: Option<Arc<CursorShape>>,
    pub(crate) accepts_scancodes: bool,
    /// How the server takes positions of the pointer.
    pub(crate) pointer_mode: PointerMode,
    state: State,
    /// How many rectangles of this update are still to come.
    rectangles: u16,
    /// An area around everything that this update has drawn.
    damage: Option<Rectangle>,
}

#[derive(Debug)]
enum State {
    BetweenMessages,
    /// Within bytes that are ignored, with their number.
    Skip(u32),
    /// Before a colour of a colour map. Section 7.6.2.
    Colours {
        next: u16,
        remaining: u16,
    },
    /// Before the header of a rectangle, or at the end of an update. Section 7.6.1.
    BetweenRectangles,
    Pixels(Decoder),
    /// Before the byte of LEDs.
    Leds,
    /// Within the shape of the pointer: its header, how many bytes it has, and those that were read.
    Cursor(Rectangle, usize, Vec<u8>),
    /// ExtendedDesktopSize, before the number of screens. The rectangle has the new size.
    ScreenCount(Rectangle),
    /// ExtendedDesktopSize or DesktopSize, within the list of screens, with its remaining length in bytes.
    SkipScreens(Rectangle, u32),
}

/// The next state, unless the message has no more than its type.
enum MessageStart {
    State(State),
    Bell,
    NeedsInput,
}

/// What [`ServerMessages::advance`] has done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Event(Event),
    /// A rectangle is complete.
    Drawn {
        pixels: u32,
    },
    NeedsInput,
}

impl ServerMessages {
    /// Starts after the handshake.
    pub(crate) fn new(canvas: Canvas) -> Self {
        let state = State::BetweenMessages;
        let pointer_mode = PointerMode::Absolute;
        Self {
            canvas,
            leds: None,
            cursor: None,
            accepts_scancodes: false,
            pointer_mode,
            state,
            rectangles: 0,
            damage: None,
        }
    }

    pub(crate) fn is_between_messages(&self) -> bool {
        matches!(self.state, State::BetweenMessages)
    }

    /// Reads input up to the next event or the end of a rectangle.
    pub(crate) fn advance(&mut self, input: &mut Input) -> Result<Progress, ClientError> {
        loop {
            let next = match &mut self.state {
                State::BetweenMessages => match self.read_message_start(input)? {
                    MessageStart::State(next) => next,
                    MessageStart::Bell => return Ok(Progress::Event(Event::Bell)),
                    MessageStart::NeedsInput => return Ok(Progress::NeedsInput),
                },
                State::Skip(remaining) => {
                    *remaining -= input.skip(*remaining as usize) as u32;
                    if *remaining > 0 {
                        return Ok(Progress::NeedsInput);
                    }
                    State::BetweenMessages
                }
                State::Colours { remaining: 0, .. } => State::BetweenMessages,
                State::Colours { next, remaining } => {
                    let Some([r0, r1, g0, g1, b0, b1]) = input.array() else { return Ok(Progress::NeedsInput) };
                    let rgb = [[r0, r1], [g0, g1], [b0, b1]].map(u16::from_be_bytes);
                    self.canvas.readers.set_colour(*next as u8, rgb);
                    State::Colours { next: *next + 1, remaining: *remaining - 1 }
                }
                State::BetweenRectangles if self.rectangles == 0 => {
                    self.state = State::BetweenMessages;
                    return Ok(Progress::Event(Event::Update { damage: self.damage.take() }));
                }
                State::BetweenRectangles => match self.read_rectangle_header(input)? {
                    Some(next) => next,
                    None => return Ok(Progress::NeedsInput),
                },
                State::Pixels(decoder) => {
                    if !decoder.advance(input, &mut self.canvas)? {
                        return Ok(Progress::NeedsInput);
                    }
                    let area = decoder.area();
                    if !area.is_empty() {
                        self.damage = Some(self.damage.map_or(area, |damage| damage.union(area)));
                    }
                    self.state = State::BetweenRectangles;
                    return Ok(Progress::Drawn { pixels: area.pixel_count() });
                }
                State::Leds => {
                    let Some([bits]) = input.array() else { return Ok(Progress::NeedsInput) };
                    let leds = Leds::from_bits(bits);
                    self.leds = Some(leds);
                    self.state = State::BetweenRectangles;
                    return Ok(Progress::Event(Event::Leds(leds)));
                }
                State::Cursor(header, length, bytes) => {
                    let count = (*length - bytes.len()).min(input.len());
                    bytes.extend_from_slice(input.take(count).unwrap_or_default());
                    if bytes.len() < *length {
                        return Ok(Progress::NeedsInput);
                    }
                    self.cursor = Some(Arc::new(CursorShape::decode(*header, bytes, self.canvas.readers.pixel())));
                    self.state = State::BetweenRectangles;
                    return Ok(Progress::Event(Event::Cursor));
                }
                State::ScreenCount(size) => match input.array() {
                    Some([count, _, _, _]) => State::SkipScreens(*size, u32::from(count) * length::SCREEN as u32),
                    None => return Ok(Progress::NeedsInput),
                },
                State::SkipScreens(size, remaining) => {
                    *remaining -= input.skip(*remaining as usize) as u32;
                    if *remaining > 0 {
                        return Ok(Progress::NeedsInput);
                    }
                    let size = *size;
                    self.state = State::BetweenRectangles;
                    if self.resize(size)? {
                        return Ok(Progress::Event(Event::Resized));
                    }
                    continue;
                }
            };
            self.state = next;
        }
    }

    fn read_message_start(&mut self, input: &mut Input) -> Result<MessageStart, ClientError> {
        let Some(&kind) = input.rest().first() else { return Ok(MessageStart::NeedsInput) };
        let next = match kind {
            server_message::FRAMEBUFFER_UPDATE => input.array().map(|[_, _, c0, c1]| {
                self.rectangles = u16::from_be_bytes([c0, c1]);
                self.canvas.moves.clear();
                State::BetweenRectangles
            }),
            server_message::SET_COLOUR_MAP_ENTRIES => match input.array() {
                Some([_, _, f0, f1, c0, c1]) => {
                    let (first, count) = (u16::from_be_bytes([f0, f1]), u16::from_be_bytes([c0, c1]));
                    if usize::from(first) + usize::from(count) > COLOUR_MAP_SIZE {
                        return Err(ClientError::ColourMap { first, count });
                    }
                    Some(State::Colours { next: first, remaining: count })
                }
                None => None,
            },
            server_message::BELL => {
                input.skip(1);
                return Ok(MessageStart::Bell);
            }
            server_message::SERVER_CUT_TEXT => match input.array::<{ length::CUT_TEXT_HEADER }>() {
                Some([_, _, _, _, l0, l1, l2, l3]) => match u32::from_be_bytes([l0, l1, l2, l3]) {
                    length if length > MAX_CUT_TEXT_LEN => return Err(ClientError::CutTextTooLong(length)),
                    length => Some(State::Skip(length)),
                },
                None => None,
            },
            unknown => return Err(ClientError::UnknownMessage(unknown)),
        };
        Ok(next.map_or(MessageStart::NeedsInput, MessageStart::State))
    }

    /// Reads the header of a rectangle. `None` if it is incomplete.
    fn read_rectangle_header(&mut self, input: &mut Input) -> Result<Option<State>, ClientError> {
        let Some(header) = input.array::<{ length::RECTANGLE_HEADER }>() else { return Ok(None) };
        let [x0, x1, y0, y1, w0, w1, h0, h1, number @ ..] = header;
        let area = decode_rectangle([x0, x1, y0, y1, w0, w1, h0, h1]);
        if self.rectangles != UNTIL_LAST_RECT {
            self.rectangles -= 1;
        }
        let encoding = Encoding::try_from(i32::from_be_bytes(number)).map_err(DecodeError::from)?;
        Ok(Some(match encoding {
            Encoding::DesktopSize => State::SkipScreens(area, 0),
            // In such a rectangle x is the reason and y the status of the change: the server refused this client's wish.
            Encoding::ExtendedDesktopSize if area.x == SIZE_CHANGED_BY_THIS_CLIENT && area.y != 0 => {
                State::ScreenCount(self.canvas.screen.bounds())
            }
            Encoding::ExtendedDesktopSize => State::ScreenCount(area),
            Encoding::LastRect => {
                self.rectangles = 0;
                State::BetweenRectangles
            }
            Encoding::QemuExtendedKeyEvent => {
                self.accepts_scancodes = true;
                State::BetweenRectangles
            }
            // In such a rectangle x is 1 for absolute positions and 0 for relative ones.
            Encoding::QemuPointerMotionChange => {
                self.pointer_mode = if area.x == 0 { PointerMode::Relative } else { PointerMode::Absolute };
                State::BetweenRectangles
            }
            Encoding::QemuLedState => State::Leds,
            Encoding::Cursor => {
                let length = CursorShape::encoded_len(area, self.canvas.readers.pixel().size());
                let length = length.ok_or(ClientError::CursorTooLarge { width: area.width, height: area.height })?;
                State::Cursor(area, length, Vec::new())
            }
            pixels => State::Pixels(Decoder::new(pixels, area, &self.canvas)?),
        }))
    }

    /// Gives the screen a new size. Returns whether the size has changed.
    fn resize(&mut self, Rectangle { width, height, .. }: Rectangle) -> Result<bool, ClientError> {
        if (width, height) == (self.canvas.screen.width(), self.canvas.screen.height()) {
            return Ok(false);
        }
        self.canvas.resize(width, height).map_err(DecodeError::from)?;
        self.damage = None;
        Ok(true)
    }
}
