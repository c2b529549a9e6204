//! Screens of machines in each state that `check` tells. They do not move, and no key does anything.
//!
//! Their text is in `state_screens.txt`: `=== STATE` begins a screen, and what follows is on it and at the end of the boot log.
//! After `=== STATE LOOK` the screen shows something else, and only the boot log has the text.

use std::sync::{Arc, LazyLock, OnceLock};

use super::linux::terminal::Terminal;
use super::vga::TextFrame;
use super::{Frame, card_font};
use crate::picture::Rectangle;

const SCREENS: &str = include_str!("state_screens.txt");

/// Windows as a picture: #0078d7 and its white text.
const BLUE: [u8; 3] = [0x00, 0x78, 0xd7];
const BLACK: [u8; 3] = [0; 3];
const TEAL: [u8; 3] = [0x00, 0x42, 0x75];
const WHITE: [u8; 3] = [0xff; 3];

const WIDTH: u16 = 1024;
const HEIGHT: u16 = 768;

/// A screen, and the state that it shows.
#[derive(Debug)]
pub(crate) struct StateScreen {
    pub(crate) state: &'static str,
    /// The text on the screen, and at the end of the boot log.
    pub(crate) text: &'static str,
    look: Look,
    frame: OnceLock<Frame>,
    /// Its picture as the API returns it: as PNG, and as JPG.
    files: [OnceLock<String>; 2],
}

/// What a screen shows.
#[derive(Debug)]
enum Look {
    Text,
    Blank,
    /// A desktop without text, in all colours.
    Gradient,
    /// The text upside down: in no font.
    UnknownFont,
    /// Text as large as a scale says, at a place in percent of the width and the height.
    Windows {
        background: [u8; 3],
        texts: &'static [(&'static str, u16, (u16, u16))],
    },
}

/// A picture that does not change.
#[derive(Clone, Debug)]
pub(crate) struct Still {
    pub(crate) width: u16,
    pub(crate) height: u16,
    rgb: Arc<[u8]>,
}

static LINUX: LazyLock<Vec<StateScreen>> = LazyLock::new(|| {
    let screens = SCREENS.split("=== ").filter_map(screen);
    screens.filter(|screen| !screen.state.starts_with("windows")).collect()
});

static WINDOWS: LazyLock<Vec<StateScreen>> = LazyLock::new(|| {
    let texts = SCREENS.split("=== ").filter_map(screen).filter(|screen| screen.state.starts_with("windows"));
    texts.chain(windows_pictures()).collect()
});

/// All screens of Linux, or all of Windows.
pub(crate) fn state_screens(is_windows: bool) -> &'static [StateScreen] {
    if is_windows { &WINDOWS } else { &LINUX }
}

/// The number of all screens.
pub(crate) fn state_screen_count() -> usize {
    LINUX.len() + WINDOWS.len()
}

/// One of all screens, from 0.
pub(crate) fn state_screen_at(number: usize) -> Option<&'static StateScreen> {
    LINUX.iter().chain(WINDOWS.iter()).nth(number)
}

fn screen(section: &'static str) -> Option<StateScreen> {
    let (heading, text) = section.split_once('\n')?;
    let (state, look) = heading.split_once(' ').unwrap_or((heading, ""));
    let look = match look {
        "blank" => Look::Blank,
        "picture" => Look::Gradient,
        "unknown-font" => Look::UnknownFont,
        _ => Look::Text,
    };
    Some(StateScreen::new(state, text, look))
}

fn windows_pictures() -> [StateScreen; 4] {
    let screen = |state, background, texts| StateScreen::new(state, "", Look::Windows { background, texts });
    let stop: &'static [_] = &[
        (":(", 16, (10, 14)),
        ("Your PC ran into a problem and needs to restart.", 2, (10, 40)),
        ("We're just collecting some error info.", 2, (10, 45)),
        ("20% complete", 2, (10, 52)),
        ("Stop code: CRITICAL_PROCESS_DIED", 2, (10, 62)),
    ];
    let update: &'static [_] =
        &[("o", 6, (48, 38)), ("Getting Windows ready", 3, (31, 50)), ("Don't turn off your computer", 3, (25, 56))];
    let lock: &'static [_] = &[("10:12", 14, (3, 70)), ("Wednesday, November 25", 3, (3, 88))];
    [
        screen("windows-stop", BLUE, stop),
        screen("windows-stop", BLACK, stop),
        screen("windows-update", BLUE, update),
        screen("windows-login", TEAL, lock),
    ]
}

impl StateScreen {
    fn new(state: &'static str, text: &'static str, look: Look) -> Self {
        Self { state, text, look, frame: OnceLock::new(), files: Default::default() }
    }

    pub(crate) fn frame(&self) -> &Frame {
        self.frame.get_or_init(|| self.draw())
    }

    /// Where its picture is kept.
    pub(crate) fn file(&self, is_jpg: bool) -> &OnceLock<String> {
        let [png, jpg] = &self.files;
        if is_jpg { jpg } else { png }
    }

    fn draw(&self) -> Frame {
        match &self.look {
            Look::Text => Frame::Text(text_frame(self.text)),
            Look::Blank => Frame::Still(Still::of(WIDTH, HEIGHT, |_, _| BLACK)),
            Look::Gradient => {
                Frame::Still(Still::of(WIDTH, HEIGHT, |x, y| [(x / 4) as u8, (y / 3) as u8, ((x ^ y) & 0xff) as u8]))
            }
            Look::UnknownFont => {
                let frame = Frame::Text(text_frame(&self.text.repeat(12).replace('\n', " 0123456789 abcdefg\n")));
                let Rectangle { width, height, .. } = frame.area();
                Frame::Still(Still::of(width, height, |x, y| frame.pixel(x, height - 1 - y)))
            }
            Look::Windows { background, texts } => Frame::Still(Still::of(WIDTH, HEIGHT, |x, y| {
                let is_ink = |(text, scale, (left, top)): &(&str, u16, (u16, u16))| {
                    let (left, top) = (left * (WIDTH / 100), top * (HEIGHT / 100));
                    let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(top)) else { return false };
                    let (x, y) = (x / scale, y / scale);
                    let character = text.chars().nth(usize::from(x / card_font::CELL_WIDTH));
                    y < card_font::CELL_HEIGHT
                        && character.is_some_and(|c| card_font::ink(c, x % card_font::CELL_WIDTH, y))
                };
                if texts.iter().any(is_ink) { WHITE } else { *background }
            })),
        }
    }
}

/// The text as Linux's console has it, with its cursor at the end.
fn text_frame(text: &str) -> TextFrame {
    let mut terminal = Terminal::new();
    terminal.write(text.strip_suffix('\n').unwrap_or(text));
    TextFrame::new(terminal.cells().to_vec(), Some(terminal.cursor()))
}

impl Still {
    fn of(width: u16, height: u16, pixel: impl Fn(u16, u16) -> [u8; 3]) -> Self {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { width, height, rgb: pixels.flat_map(|(x, y)| pixel(x, y)).collect() }
    }

    /// The colour of a pixel; outside the picture it is black.
    pub(crate) fn pixel(&self, x: u16, y: u16) -> [u8; 3] {
        let index = usize::from(y) * usize::from(self.width) + usize::from(x);
        let pixels: &[[u8; 3]] = self.rgb.as_chunks().0;
        if x < self.width { pixels.get(index).copied().unwrap_or_default() } else { BLACK }
    }
}
