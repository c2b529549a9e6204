//! Moves the pointer of a console and presses its buttons, at a pace that guests can follow, and releases them at the end.

use std::time::Duration;

use clap::ValueEnum;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::sleep;

use crate::console::input_guard::{InputError, Presser, sent, until_interrupted};
use crate::picture::Point;
use crate::rfb::{Client, ClientError, PointerMode};

/// The time between two pointer events.
const EVENT_GAP: Duration = Duration::from_millis(8);

/// How long a button is down, and up between the two presses of a double click. Source: os-autoinst, `mouse_dclick` in
/// testapi.pm. The presses begin 200 ms apart; Windows and GTK take up to 500 ms and 400 ms for a double click.
const BUTTON_TIME: Duration = Duration::from_millis(100);

/// How long the guest has after a motion, before a button is pressed or released: it may have to draw what is below the pointer.
const SETTLE_TIME: Duration = Duration::from_millis(100);

/// The time between two steps of a wheel.
const WHEEL_GAP: Duration = Duration::from_millis(25);

/// The length of a step of a drag, in pixels: guests take a single long step for no drag.
const DRAG_STEP: u16 = 16;

/// The length of a relative step, in units of the mouse. libinput and Windows accelerate what is faster.
const RELATIVE_STEP: u16 = 4;

/// The length of a step into the corner, in units of the mouse: a PS/2 packet holds up to 255.
const CORNER_STEP: i16 = 120;

/// The buttons of a mouse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Button {
    #[default]
    Left,
    Middle,
    Right,
}

/// Where a wheel turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScrollDirection {
    Up,
    Down,
    Left,
    Right,
}

/// What the pointer does once it is in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gesture {
    /// It stays there.
    Move,
    Click {
        button: Button,
        /// 2 for a double click.
        count: u8,
    },
    /// It goes to another place with the button down.
    Drag {
        to: Point,
        button: Button,
    },
    Scroll {
        direction: ScrollDirection,
        steps: u16,
    },
}

impl Button {
    /// The bit in the mask of a PointerEvent. RFC 6143, section 7.5.5.
    fn bit(self) -> u8 {
        match self {
            Self::Left => 1,
            Self::Middle => 1 << 1,
            Self::Right => 1 << 2,
        }
    }
}

impl ScrollDirection {
    /// The bit of the button that stands for a step of the wheel. RFC 6143, section 7.5.5; rfbproto.rst, "PointerEvent".
    fn bit(self) -> u8 {
        match self {
            Self::Up => 1 << 3,
            Self::Down => 1 << 4,
            Self::Left => 1 << 5,
            Self::Right => 1 << 6,
        }
    }
}

/// Moves the pointer to a place on the screen, and does the gesture there. The screen must have been received.
pub(crate) async fn perform<S>(client: &mut Client<S>, at: Point, gesture: Gesture) -> Result<(), InputError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    until_interrupted(PointerPresser { client, at, buttons: 0 }, async |presser| {
        presser.arrive(at).await?;
        match gesture {
            Gesture::Move => Ok(()),
            Gesture::Click { button, count } => {
                sleep(SETTLE_TIME).await;
                for index in 0..count {
                    if index > 0 {
                        sleep(BUTTON_TIME).await;
                    }
                    presser.press(button.bit()).await?;
                    sleep(BUTTON_TIME).await;
                    presser.release_all().await?;
                }
                Ok(())
            }
            Gesture::Drag { to, button } => {
                sleep(SETTLE_TIME).await;
                presser.press(button.bit()).await?;
                sleep(BUTTON_TIME).await;
                presser.glide(to, DRAG_STEP).await?;
                sleep(SETTLE_TIME).await;
                presser.release_all().await
            }
            Gesture::Scroll { direction, steps } => {
                for _ in 0..steps {
                    sleep(WHEEL_GAP).await;
                    presser.press(direction.bit()).await?;
                    sleep(EVENT_GAP).await;
                    presser.release_all().await?;
                }
                Ok(())
            }
        }
    })
    .await
}

/// Sends pointer events, and knows which buttons are down.
struct PointerPresser<'a, S> {
    client: &'a mut Client<S>,
    /// Where the pointer is, or goes to first.
    at: Point,
    buttons: u8,
}

impl<S: AsyncRead + AsyncWrite + Unpin> PointerPresser<'_, S> {
    /// Brings the pointer to a place, wherever it is.
    async fn arrive(&mut self, place: Point) -> Result<(), InputError> {
        if self.client.pointer_mode() == PointerMode::Absolute {
            self.at = place;
            return self.send().await;
        }
        // Nothing says where the pointer is. So it goes into a corner first: the one at the bottom right, because GNOME and
        // KDE open an overview when the pointer comes into the one at the top left.
        let (width, height) = (self.client.screen().width(), self.client.screen().height());
        // Twice, as guests slow motion down as well.
        for _ in 0..=2 * (width.max(height) / CORNER_STEP.unsigned_abs()) {
            sent(self.client.send_motion(self.buttons, CORNER_STEP, CORNER_STEP)).await?;
            sleep(EVENT_GAP).await;
        }
        self.at = Point { x: width.saturating_sub(1), y: height.saturating_sub(1) };
        sleep(SETTLE_TIME).await;
        self.glide(place, RELATIVE_STEP).await
    }

    /// Moves on a straight line, in steps of up to `length`.
    async fn glide(&mut self, to: Point, length: u16) -> Result<(), InputError> {
        let is_relative = self.client.pointer_mode() == PointerMode::Relative;
        for next in steps(self.at, to, if is_relative { length.min(RELATIVE_STEP) } else { length }) {
            match is_relative {
                true => {
                    let motion = |from: u16, to: u16| (i32::from(to) - i32::from(from)) as i16;
                    let (dx, dy) = (motion(self.at.x, next.x), motion(self.at.y, next.y));
                    self.at = next;
                    sent(self.client.send_motion(self.buttons, dx, dy)).await?;
                }
                false => {
                    self.at = next;
                    self.send().await?;
                }
            }
            sleep(EVENT_GAP).await;
        }
        Ok(())
    }

    async fn press(&mut self, bit: u8) -> Result<(), InputError> {
        // Before it is sent: an event that was sent in part may have arrived.
        self.buttons = bit;
        self.send().await
    }

    /// Sends the place and the buttons as they are now.
    async fn send(&mut self) -> Result<(), InputError> {
        let (buttons, Point { x, y }) = (self.buttons, self.at);
        match self.client.pointer_mode() {
            PointerMode::Absolute => sent(self.client.send_pointer(buttons, x, y)).await,
            PointerMode::Relative => sent(self.client.send_motion(buttons, 0, 0)).await,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Presser for PointerPresser<'_, S> {
    async fn release_all(&mut self) -> Result<(), InputError> {
        if self.buttons != 0 {
            self.buttons = 0;
            self.send().await?;
        }
        Ok(())
    }

    async fn confirm(&mut self) -> Result<(), ClientError> {
        self.client.refresh_screen().await
    }
}

/// The points of a straight line after its start, up to `length` pixels apart in both directions. The last one is the end.
fn steps(from: Point, to: Point, length: u16) -> impl Iterator<Item = Point> {
    let count = from.x.abs_diff(to.x).max(from.y.abs_diff(to.y)).div_ceil(length.max(1));
    let at = move |from: u16, to: u16, index: u16| {
        let (from, to) = (i64::from(from), i64::from(to));
        (from + (to - from) * i64::from(index) / i64::from(count)) as u16
    };
    (1..=count).map(move |index| Point { x: at(from.x, to.x, index), y: at(from.y, to.y, index) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_at_its_end_in_short_steps() {
        let point = |x, y| Point { x, y };
        for (from, to) in [
            (point(0, 0), point(100, 7)),
            (point(100, 50), point(3, 50)),
            (point(5, 9), point(5, 0)),
            (point(65535, 0), point(0, 65535)),
            (point(639, 479), point(320, 240)),
        ] {
            for length in [1, 4, 16] {
                let mut last = from;
                for next in steps(from, to, length) {
                    let gap = last.x.abs_diff(next.x).max(last.y.abs_diff(next.y));
                    assert!((1..=length).contains(&gap), "{from} {to} {length}: {last} {next}");
                    last = next;
                }
                assert_eq!(last, to, "{from} {to} {length}");
            }
        }
        assert_eq!(steps(point(3, 3), point(3, 3), 4).count(), 0);
    }
}
