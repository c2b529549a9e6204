//! A console that hears which keys are pressed.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::fake::{Fake, console, switching};
use crate::sandbox::Sandbox;

/// A key that went down or up, as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// KeyEvent, RFC 6143, section 7.5.4: whether down, and the keysym.
    Keysym(bool, u32),
    /// QEMU Extended Key Event: whether down, and the keycode.
    Scancode(bool, u32),
}

/// What a console answers a request with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Its pixel.
    Pixel,
    /// The layout of the screens if the whole screen is asked for, and its pixel if changes are.
    LayoutFirst,
    /// A black pixel. The first two requests for changes get the layout only, the third its pixel, which stays.
    Asleep,
}

/// An account whose consoles all hear.
pub(crate) struct Keyed {
    pub account: Fake,
    heard: Receiver<Heard>,
    _asked: Receiver<String>,
}

impl Keyed {
    /// `extended` ones take scancodes.
    pub(crate) fn start(extended: bool) -> Self {
        Self::start_with(extended, Shows::Pixel)
    }

    /// Like [`Self::start`], but a request for the whole screen is answered with the layout of the screens, and only a request
    /// for changes with the screen.
    pub(crate) fn start_like_tigervnc(extended: bool) -> Self {
        Self::start_with(extended, Shows::LayoutFirst)
    }

    /// One whose screen is black for a while after a key, and has nothing to show meanwhile.
    pub(crate) fn start_asleep() -> Self {
        Self::start_with(false, Shows::Asleep)
    }

    fn start_with(extended: bool, shows: Shows) -> Self {
        let (sender, heard) = channel();
        let sender = Mutex::new(sender);
        let (account, _asked) = console(move |stream, header| {
            // The client leaves when it likes.
            let _ = serve(stream, header, extended, shows, &sender.lock().unwrap());
        });
        Self { account, heard, _asked }
    }

    /// Keys of its account.
    pub(crate) fn sandbox(&self) -> Sandbox {
        Sandbox::with_account(&self.account.endpoint)
    }

    /// What was heard since the last time.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.try_iter().collect()
    }

    /// The next that is heard.
    pub(crate) fn hears(&self) -> Heard {
        self.heard.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    /// Nothing was heard, and no console was asked for.
    pub(crate) fn is_untouched(&self) -> bool {
        self.heard().is_empty() && self.account.requests_for("DescribeInstanceVncUrl").is_empty()
    }
}

/// An account whose consoles greet, and are silent then.
pub(crate) fn mute() -> (Fake, Receiver<String>) {
    console(|mut stream, header| {
        greet(&mut stream, header).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

fn serve(mut stream: TcpStream, header: &str, extended: bool, shows: Shows, heard: &Sender<Heard>) -> io::Result<()> {
    greet(&mut stream, header)?;
    let mut client = Unmasked { stream: stream.try_clone()?, left: Vec::new() };
    client.read(12 + 1 + 1)?;
    let (mut is_first, mut requests_for_changes) = (true, 0);
    loop {
        match client.read(1)?[0] {
            0 => drop(client.read(19)?),
            2 => {
                let count = client.read(3)?[2];
                client.read(usize::from(count) * 4)?;
            }
            3 => {
                let is_incremental = client.read(9)?[0] == 1;
                requests_for_changes += u32::from(is_incremental);
                let is_asleep = shows == Shows::Asleep && requests_for_changes < 3;
                let pixel = if is_asleep { [0, 0, 0] } else { [1, 2, 3] };
                let is_layout = match shows {
                    Shows::Pixel => false,
                    Shows::LayoutFirst => !is_incremental,
                    Shows::Asleep => is_asleep && is_incremental,
                };
                let hello =
                    if extended && is_first { &[0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xfe, 0xfe][..] } else { &[] };
                let count = 1 + u8::from(!hello.is_empty());
                // rfbproto.rst, "ExtendedDesktopSize Pseudo-encoding" (-308), without a screen; or the pixel, Raw.
                let rectangle: [u8; 16] = match is_layout {
                    true => [0, 0, 0, 0, 0, 1, 0, 1, 0xff, 0xff, 0xfe, 0xcc, 0, 0, 0, 0],
                    false => [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, pixel[0], pixel[1], pixel[2], 0],
                };
                stream.write_all(&framed(&[&[0, 0, 0, count][..], hello, &rectangle].concat()))?;
                is_first = false;
            }
            4 => {
                let rest = client.read(7)?;
                heard.send(Heard::Keysym(rest[0] == 1, number(&rest[3..]))).unwrap();
            }
            255 => {
                let rest = client.read(11)?;
                heard.send(Heard::Scancode(rest[2] == 1, number(&rest[7..]))).unwrap();
            }
            other => panic!("a message of type {other}"),
        }
    }
}

fn greet(stream: &mut TcpStream, header: &str) -> io::Result<()> {
    stream.write_all(switching(header).as_bytes())?;
    // RFC 6143, sections 7.1 to 7.3, all that a server says: security None; a screen of one pixel, in 32 bits.
    let pixel = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
    let said = [b"RFB 003.008\n", &[1, 1, 0, 0, 0, 0, 0, 1, 0, 1][..], &pixel, &[0, 0, 0, 1, b'n']].concat();
    stream.write_all(&framed(&said))
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes(bytes.try_into().unwrap())
}

fn framed(bytes: &[u8]) -> Vec<u8> {
    [&[0x82, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

/// The bytes in a client's frames. RFC 6455, section 5.2.
struct Unmasked {
    stream: TcpStream,
    left: Vec<u8>,
}

impl Unmasked {
    fn read(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.left.len() < count {
            let mut head = [0; 6];
            self.stream.read_exact(&mut head)?;
            if head[0] != 0x82 || head[1] & 0x7F > 125 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut payload = vec![0; usize::from(head[1] & 0x7F)];
            self.stream.read_exact(&mut payload)?;
            self.left.extend(payload.iter().zip(head[2..].iter().cycle()).map(|(byte, mask)| byte ^ mask));
        }
        Ok(self.left.drain(..count).collect())
    }
}
