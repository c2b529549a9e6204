//! A console with a small screen of text. What it shows depends on what was typed, and on how often it was looked at.

use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use ecs_vnc::font::{self, Font};
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Message, WebSocket};

use crate::fake::{Fake, console, switching};
use crate::sandbox::Sandbox;

/// The screen, in cells of 8 x 16 pixels.
pub(crate) const COLUMNS: usize = 30;
pub(crate) const ROWS: usize = 6;
const CELL: (usize, usize) = (8, 16);

/// Stands for a cursor on an empty cell: the last two rows of pixels, as Linux draws it.
pub(crate) const CURSOR: char = '\u{7f}';

/// Stands for Shift in what was typed.
pub(crate) const SHIFT: char = '\u{e}';

/// What a viewer has sent.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// What its keys type: a line feed is Enter.
    pub typed: String,
    /// How often it asked for the whole screen.
    pub whole: usize,
    /// How often it asked for changes.
    pub changes: usize,
}

pub(crate) struct TextConsole {
    account: Fake,
    heard: Receiver<Heard>,
    pointer: Receiver<PointerEvent>,
}

/// The buttons that are down, and a position. RFC 6143, section 7.5.5.
pub(crate) type PointerEvent = (u8, u16, u16);

/// What a console tells its test, and how it differs from others.
#[derive(Clone)]
struct Traits {
    moved: fn(usize) -> usize,
    /// Whether it says that its guest has a mouse and no tablet.
    has_mouse: bool,
    pointer: Sender<PointerEvent>,
}

impl TextConsole {
    /// `rows` gives the rows, from what was typed so far and how many frames were sent. What is the same twice stays.
    pub(crate) fn start(rows: impl Fn(&str, usize) -> Vec<String> + Send + Sync + 'static) -> Self {
        Self::in_font(|row| row, rows)
    }

    /// In a font whose rows of pixels are elsewhere: `moved` gives the row that is drawn in the place of one.
    pub(crate) fn in_font(
        moved: fn(usize) -> usize,
        rows: impl Fn(&str, usize) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(moved, false, rows)
    }

    /// Its guest has a mouse and no tablet.
    pub(crate) fn with_mouse() -> Self {
        Self::start_with(|row| row, true, |_, _| vec!["text".to_owned()])
    }

    fn start_with(
        moved: fn(usize) -> usize,
        has_mouse: bool,
        rows: impl Fn(&str, usize) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        let (sender, heard) = channel();
        let (pointer_sender, pointer) = channel();
        let traits = Traits { moved, has_mouse, pointer: pointer_sender };
        let rows = Arc::new(rows);
        let (account, asked) = console(move |mut stream: TcpStream, header| {
            std::io::Write::write_all(&mut stream, switching(header).as_bytes()).unwrap();
            let (sender, rows, traits) = (sender.clone(), rows.clone(), traits.clone());
            thread::spawn(move || sender.send(serve(stream, &*rows, &traits)));
        });
        thread::spawn(move || asked.iter().for_each(drop));
        Self { account, heard, pointer }
    }

    /// Shows one frame after another, each for no time. The last one stays.
    pub(crate) fn showing(frames: &[&[&str]]) -> Self {
        let frames: Vec<Vec<String>> =
            frames.iter().map(|rows| rows.iter().map(|row| (*row).to_owned()).collect()).collect();
        Self::start(move |_, sent| frames[sent.min(frames.len() - 1)].clone())
    }

    /// Knows its account.
    pub(crate) fn sandbox(&self) -> Sandbox {
        Sandbox::with_account(&self.account.endpoint)
    }

    /// The pointer events so far.
    pub(crate) fn pointer(&self) -> Vec<PointerEvent> {
        self.pointer.try_iter().collect()
    }

    /// The next pointer event.
    pub(crate) fn next_pointer(&self) -> PointerEvent {
        self.pointer.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    /// What the viewer that has left had sent.
    pub(crate) fn heard(&self) -> Heard {
        self.heard.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

fn serve(stream: TcpStream, rows: &dyn Fn(&str, usize) -> Vec<String>, traits: &Traits) -> Heard {
    let mut socket = WebSocket::from_raw_socket(stream, Role::Server, None);
    let (mut heard, mut unread, mut sent, mut shown) = (Heard::default(), Vec::new(), 0, None);
    let mut is_asked = false;
    socket.send(Message::binary(welcome())).unwrap();
    // RFC 6143, sections 7.1.1 to 7.3.1: the version, the security type, and whether to share.
    let mut expected = 14;
    while let Ok(message) = socket.read() {
        if let Message::Binary(bytes) = message {
            unread.extend(bytes);
        }
        while unread.len() >= expected {
            if expected > 1 {
                let message: Vec<u8> = unread.drain(..expected).collect();
                is_asked |= hear(&message, &mut heard, &mut shown);
                match message[..] {
                    [5, buttons, x0, x1, y0, y1] => {
                        let event = (buttons, u16::from_be_bytes([x0, x1]), u16::from_be_bytes([y0, y1]));
                        // The test may have ended.
                        let _ = traits.pointer.send(event);
                    }
                    // rfbproto.rst, "QEMU Pointer Motion Change Pseudo-encoding" (-257): x is 0 for relative positions.
                    [2, ..] if traits.has_mouse => {
                        let size = [0, (COLUMNS * CELL.0) as u8, 0, (ROWS * CELL.1) as u8];
                        let said = [&[0, 0, 0, 1, 0, 0, 0, 0][..], &size, &[0xff, 0xff, 0xfe, 0xff]].concat();
                        socket.send(Message::binary(said)).unwrap();
                    }
                    _ => {}
                }
                expected = 1;
            } else {
                // Sections 7.5.1 to 7.5.5.
                expected = match unread[0] {
                    0 => 20,
                    2 if unread.len() < 4 => break,
                    2 => 4 + 4 * usize::from(unread[3]),
                    3 => 10,
                    4 => 8,
                    5 => 6,
                    other => panic!("a message of type {other}"),
                };
            }
        }
        // All frames up to one that stays in one message, so that none of them stays for a time that a slow machine decides.
        let mut frames = Vec::new();
        let mut next = Some(rows(&heard.typed, sent)).filter(|_| is_asked);
        while let Some(now) = next.take().filter(|now| shown.as_ref() != Some(now)) {
            frames.extend(frame(&now, traits.moved));
            sent += 1;
            shown = Some(now);
            next = Some(rows(&heard.typed, sent));
        }
        if !frames.is_empty() {
            is_asked = false;
            if socket.send(Message::binary(frames)).is_err() {
                break;
            }
        }
    }
    heard
}

/// Takes a message. Returns whether it asks for a picture; one of the whole screen is sent even if it is the same.
fn hear(message: &[u8], heard: &mut Heard, shown: &mut Option<Vec<String>>) -> bool {
    match message {
        [4, 1, _, _, keysym @ ..] => match u32::from_be_bytes(keysym.try_into().unwrap()) {
            0xff0d => heard.typed.push('\n'),
            0xffe1 => heard.typed.push(SHIFT),
            keysym => heard.typed.extend(char::from_u32(keysym).filter(char::is_ascii)),
        },
        [3, 0, ..] => {
            heard.whole += 1;
            *shown = None;
        }
        [3, ..] => heard.changes += 1,
        _ => {}
    }
    message.len() == 10 && message[0] == 3
}

/// RFC 6143, sections 7.1.1 to 7.1.3 and 7.3.2: version 3.8, security None, taken; the size, 32 bits a pixel, a name.
fn welcome() -> Vec<u8> {
    let size = [0, (COLUMNS * CELL.0) as u8, 0, (ROWS * CELL.1) as u8];
    let format = b"\x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\x01t";
    [&b"RFB 003.008\n\x01\x01\0\0\0\0"[..], &size, format].concat()
}

/// All of the screen in Raw. RFC 6143, sections 7.6.1 and 7.7.1.
fn frame(rows: &[String], moved: fn(usize) -> usize) -> Vec<u8> {
    static FONT: LazyLock<Font> = LazyLock::new(|| {
        let mut fonts = font::shipped().into_iter();
        fonts.find(|font| (font.width, font.height) == (8, 16)).unwrap()
    });
    let cursor: Vec<u32> = (0..CELL.1).map(|row| if row >= CELL.1 - 2 { 0xff } else { 0 }).collect();
    let glyph = |character: char| match FONT.glyphs.iter().find(|glyph| glyph.characters.contains(&character)) {
        _ if character == CURSOR => cursor.clone(),
        Some(glyph) => glyph.rows.clone(),
        None => panic!("no {character}"),
    };
    let rows: Vec<Vec<Vec<u32>>> = (0..ROWS)
        .map(|row| {
            let text = rows.get(row).map_or("", String::as_str);
            assert!(text.chars().count() <= COLUMNS, "{text}");
            format!("{text:COLUMNS$}").chars().map(glyph).collect()
        })
        .collect();
    let (width, height) = (COLUMNS * CELL.0, ROWS * CELL.1);
    let pixel = |x: usize, y: usize| {
        let bits = rows[y / CELL.1][x / CELL.0][moved(y % CELL.1)];
        if bits >> (CELL.0 - 1 - x % CELL.0) & 1 == 1 { [0xaa, 0xaa, 0xaa, 0] } else { [0; 4] }
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y));
    let head = [0, 0, 0, 1, 0, 0, 0, 0, 0, width as u8, 0, height as u8, 0, 0, 0, 0];
    head.into_iter().chain(pixels).collect()
}
