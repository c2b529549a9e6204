//! What the server says after the handshake. RFC 6143, section 7.6.

use super::super::decode::{Canvas, DecodeError, Decoder, Input};
use super::super::encoding::Encoding;
use super::super::protocol::{
    COLOUR_MAP_SIZE, SIZE_CHANGED_BY_THIS_CLIENT, UNTIL_LAST_RECT, decode_rectangle, length, server_message,
};
use super::{ClientError, Event, Leds};
use crate::picture::Rectangle;

/// The longest text a server may cut, in bytes; it is read past. The RFC has no bound.
pub(crate) const LONGEST_CUT: u32 = 1 << 24;

/// What of the stream has been understood, and how far the message under way has come.
#[derive(Debug)]
pub(crate) struct Updates {
    /// What all this draws.
    pub(crate) canvas: Canvas,
    /// What the server has said of the keyboard's lamps.
    pub(crate) leds: Option<Leds>,
    /// Whether the server takes scancodes.
    pub(crate) takes_scancodes: bool,
    step: Step,
    /// Rectangles of this update that are still to come.
    rectangles: u16,
    /// What this update has drawn.
    damage: Option<Rectangle>,
}

#[derive(Debug)]
enum Step {
    /// Between two messages.
    Message,
    /// Bytes that nobody looks at.
    Skip(u32),
    /// The next colour's number, and how many are to come. Section 7.6.2.
    Colours(u16, u16),
    /// Between two rectangles. Section 7.6.1.
    Rectangle,
    Pixels(Decoder),
    /// The lamps' byte.
    Leds,
    /// ExtendedDesktopSize: the number of screens, and why it is said.
    Screens(Rectangle),
    /// ExtendedDesktopSize: the screens, 16 bytes each.
    SkipScreens(Rectangle, u32),
}

/// How far one go has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Something that the caller hears of.
    Event(Event),
    /// A rectangle of so many pixels is done.
    Drawn(u32),
    /// More has to come first.
    Wanting,
}

impl Updates {
    /// From the end of the handshake on.
    pub(crate) fn new(canvas: Canvas) -> Self {
        Self { canvas, leds: None, takes_scancodes: false, step: Step::Message, rectangles: 0, damage: None }
    }

    /// Whether nothing of a message has come that has not ended.
    pub(crate) fn is_between_messages(&self) -> bool {
        matches!(self.step, Step::Message)
    }

    /// Takes what there is, up to the next thing of note.
    pub(crate) fn go_on(&mut self, input: &mut Input) -> Result<Progress, ClientError> {
        loop {
            let next = match &mut self.step {
                Step::Message => match self.message(input)? {
                    Some(Some(next)) => next,
                    Some(None) => return Ok(Progress::Event(Event::Bell)),
                    None => return Ok(Progress::Wanting),
                },
                Step::Skip(left) => {
                    *left -= input.skip(*left as usize) as u32;
                    if *left > 0 {
                        return Ok(Progress::Wanting);
                    }
                    Step::Message
                }
                Step::Colours(_, 0) => Step::Message,
                Step::Colours(next, left) => {
                    let Some([r0, r1, g0, g1, b0, b1]) = input.array() else { return Ok(Progress::Wanting) };
                    let rgb = [[r0, r1], [g0, g1], [b0, b1]].map(u16::from_be_bytes);
                    self.canvas.readers.set_colour(*next as u8, rgb);
                    Step::Colours(*next + 1, *left - 1)
                }
                Step::Rectangle if self.rectangles == 0 => {
                    self.step = Step::Message;
                    return Ok(Progress::Event(Event::Update { damage: self.damage.take() }));
                }
                Step::Rectangle => match self.rectangle(input)? {
                    Some(next) => next,
                    None => return Ok(Progress::Wanting),
                },
                Step::Pixels(decoder) => {
                    if !decoder.go_on(input, &mut self.canvas)? {
                        return Ok(Progress::Wanting);
                    }
                    let area = decoder.area();
                    self.damage = Some(self.damage.map_or(area, |damage| damage.union(area)));
                    self.step = Step::Rectangle;
                    return Ok(Progress::Drawn(area.pixel_count()));
                }
                Step::Leds => {
                    let Some([bits]) = input.array() else { return Ok(Progress::Wanting) };
                    let leds = Leds::from_bits(bits);
                    self.leds = Some(leds);
                    self.step = Step::Rectangle;
                    return Ok(Progress::Event(Event::Leds(leds)));
                }
                Step::Screens(size) => match input.array() {
                    Some([count, _, _, _]) => Step::SkipScreens(*size, u32::from(count) * length::SCREEN as u32),
                    None => return Ok(Progress::Wanting),
                },
                Step::SkipScreens(size, left) => {
                    *left -= input.skip(*left as usize) as u32;
                    if *left > 0 {
                        return Ok(Progress::Wanting);
                    }
                    let size = *size;
                    self.step = Step::Rectangle;
                    if self.resize(size)? {
                        return Ok(Progress::Event(Event::Resized));
                    }
                    continue;
                }
            };
            self.step = next;
        }
    }

    /// The next message's head, if it is there. Of a bell there is nothing else.
    fn message(&mut self, input: &mut Input) -> Result<Option<Option<Step>>, ClientError> {
        let Some(&kind) = input.rest().first() else { return Ok(None) };
        Ok(match kind {
            server_message::FRAMEBUFFER_UPDATE => input.array().map(|[_, _, c0, c1]| {
                self.rectangles = u16::from_be_bytes([c0, c1]);
                Some(Step::Rectangle)
            }),
            server_message::SET_COLOUR_MAP_ENTRIES => match input.array() {
                Some([_, _, f0, f1, c0, c1]) => {
                    let (first, count) = (u16::from_be_bytes([f0, f1]), u16::from_be_bytes([c0, c1]));
                    if usize::from(first) + usize::from(count) > COLOUR_MAP_SIZE {
                        return Err(ClientError::Colours { first, count });
                    }
                    Some(Some(Step::Colours(first, count)))
                }
                None => None,
            },
            server_message::BELL => input.array().map(|[_]| None),
            server_message::SERVER_CUT_TEXT => match input.array() {
                Some([_, _, _, _, l0, l1, l2, l3]) => match u32::from_be_bytes([l0, l1, l2, l3]) {
                    length if length > LONGEST_CUT => return Err(ClientError::CutText(length)),
                    length => Some(Some(Step::Skip(length))),
                },
                None => None,
            },
            unknown => return Err(ClientError::Message(unknown)),
        })
    }

    /// The next rectangle's head, if it is there.
    fn rectangle(&mut self, input: &mut Input) -> Result<Option<Step>, ClientError> {
        let Some(header) = input.array::<{ length::RECTANGLE_HEADER }>() else { return Ok(None) };
        let [x0, x1, y0, y1, w0, w1, h0, h1, number @ ..] = header;
        let area = decode_rectangle([x0, x1, y0, y1, w0, w1, h0, h1]);
        if self.rectangles != UNTIL_LAST_RECT {
            self.rectangles -= 1;
        }
        let encoding = Encoding::try_from(i32::from_be_bytes(number)).map_err(DecodeError::from)?;
        Ok(Some(match encoding {
            Encoding::DesktopSize => Step::SkipScreens(area, 0),
            // In such a rectangle x is the reason and y the status of the change: the server refused this client's wish.
            Encoding::ExtendedDesktopSize if area.x == SIZE_CHANGED_BY_THIS_CLIENT && area.y != 0 => {
                Step::Screens(self.canvas.screen.bounds())
            }
            Encoding::ExtendedDesktopSize => Step::Screens(area),
            Encoding::LastRect => {
                self.rectangles = 0;
                Step::Rectangle
            }
            Encoding::QemuExtendedKeyEvent => {
                self.takes_scancodes = true;
                Step::Rectangle
            }
            Encoding::QemuLedState => Step::Leds,
            pixels => Step::Pixels(Decoder::new(pixels, area, &self.canvas)?),
        }))
    }

    /// A new size, if it is one.
    fn resize(&mut self, Rectangle { width, height, .. }: Rectangle) -> Result<bool, ClientError> {
        if (width, height) == (self.canvas.screen.width(), self.canvas.screen.height()) {
            return Ok(false);
        }
        self.canvas.resize(width, height).map_err(DecodeError::from)?;
        self.damage = None;
        Ok(true)
    }
}
