//! From the viewer to the console.

use std::io;
use std::pin::pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until};

use super::carry::{Means, Shared};
use super::pool::Piece;
use crate::websocket::frame::{Control, Opcode, frame};

/// 1000, a normal end: RFC 6455, section 7.4.1.
const NORMAL: [u8; 2] = 1000u16.to_be_bytes();

/// Longer than any session.
const NEVER: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 3600);

/// How the way up ends.
pub(super) enum Up {
    /// The last word, a Close frame, is said.
    Done,
    /// The console takes nothing any more.
    Refused(Option<String>),
}

/// What happens next on the way up.
enum Next<'a> {
    /// The other direction has something to say.
    Told,
    /// The viewer has said something.
    Said(io::Result<Piece<'a>>),
    /// It is time to look whether the viewer is silent.
    Look,
}

/// Carries bytes up until the viewer has said its last, or the other direction wants an end. Whatever is sent goes out
/// whole before the next thing does.
pub(super) async fn run<V, F>(from_viewer: &mut V, to_far: &mut F, shared: &Shared, means: &Means, began: Instant) -> Up
where
    V: AsyncRead + Unpin,
    F: AsyncWrite + Unpin,
{
    let Means { clock, pool, keepalive, .. } = means;
    let mut wire = Wire { to_far, masks: Masks::new(means.chance) };
    let mut is_lost = false;
    let mut look = pin!(sleep_until(began + keepalive.map_or(NEVER, |keepalive| keepalive.every)));
    loop {
        let next = tokio::select! {
            biased;
            () = shared.wake.notified() => Next::Told,
            said = pool.read(from_viewer) => Next::Said(said),
            () = &mut look => Next::Look,
        };
        let sent = match next {
            Next::Told => {
                let (ping, close) = {
                    let mut told = shared.told();
                    (told.ping.take(), told.close.take())
                };
                if let Some(close) = close {
                    return wire.end(&close).await;
                }
                match ping {
                    Some(ping) => wire.control(Opcode::Pong, &ping).await,
                    None => Ok(()),
                }
            }
            Next::Said(Ok(mut piece)) if !piece.bytes().is_empty() => {
                if !is_lost {
                    let mut watch = shared.watch();
                    watch.client(piece.bytes());
                    if let Some(lost) = watch.lost() {
                        is_lost = true;
                        (means.lost)(lost);
                    }
                }
                *shared.last_up() = clock.instant();
                wire.data(&mut piece).await
            }
            Next::Said(_) => return wire.end(&Control::new(&NORMAL)).await,
            Next::Look => {
                let (now, last) = (clock.instant(), *shared.last_up());
                let every = keepalive.map_or(NEVER, |keepalive| keepalive.every);
                let is_late = keepalive.is_none_or(|keepalive| now - began >= keepalive.until);
                let is_due = now - last >= every;
                // In the middle of a message nothing is put in: the viewer is about to say more, or is stuck.
                let request = if is_due && !is_late { shared.watch().keepalive() } else { None };
                let next = if is_late {
                    now + NEVER
                } else if is_due {
                    now + every
                } else {
                    last + every
                };
                look.as_mut().reset(next);
                match request {
                    Some(request) => {
                        *shared.last_up() = now;
                        wire.data(&mut pool.piece(&request)).await
                    }
                    None => Ok(()),
                }
            }
        };
        if let Err(error) = sent {
            return Up::Refused(Some(error.to_string()));
        }
    }
}

/// The console's end of the WebSocket, to write to.
struct Wire<'a, F> {
    to_far: &'a mut F,
    masks: Masks,
}

impl<F: AsyncWrite + Unpin> Wire<'_, F> {
    async fn data(&mut self, piece: &mut Piece<'_>) -> io::Result<()> {
        let mask = self.masks.next();
        let (buffer, length) = piece.buffer();
        let range = frame(buffer, length, Opcode::Binary, mask);
        self.to_far.write_all(&buffer[range]).await?;
        self.to_far.flush().await
    }

    async fn control(&mut self, opcode: Opcode, control: &Control) -> io::Result<()> {
        let mask = self.masks.next();
        let (frame, length) = control.frame(opcode, mask);
        self.to_far.write_all(&frame[..length]).await?;
        self.to_far.flush().await
    }

    /// The last frame.
    async fn end(&mut self, close: &Control) -> Up {
        match self.control(Opcode::Close, close).await {
            Ok(()) => Up::Done,
            Err(error) => Up::Refused(Some(error.to_string())),
        }
    }
}

/// Masks, drawn many at a time: each is new and cannot be foretold. RFC 6455, section 5.3.
struct Masks {
    chance: fn(&mut [u8]),
    drawn: [u8; 64],
    used: usize,
}

impl Masks {
    fn new(chance: fn(&mut [u8])) -> Self {
        Self { chance, drawn: [0; 64], used: 64 }
    }

    fn next(&mut self) -> [u8; 4] {
        if self.used == self.drawn.len() {
            (self.chance)(&mut self.drawn);
            self.used = 0;
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|index| self.drawn[self.used + index]);
        self.used += 4;
        [a, b, c, d]
    }
}
