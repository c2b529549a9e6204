//! From the viewer to the console.

use std::io;
use std::pin::pin;

use futures_util::FutureExt as _;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until, timeout};

use super::bridge::{BridgeContext, Shared};
use super::buffer_pool::Buffer;
use super::drain::{QUIET, STALL, rest};
use crate::websocket::frame::{Control, Opcode, frame};

/// Longer than any session.
const NEVER: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 3600);

/// How the way up ends.
pub(super) enum Up<'a, F> {
    /// The viewer has said its last, and may still listen. The Close frame is still to be said.
    HalfClosed(Wire<'a, F>),
    /// The viewer is gone, and does not listen either. The Close frame is still to be said.
    Gone(Wire<'a, F>),
    /// The other direction has ended, and its Close frame is said.
    Answered,
    /// The console cannot be written to.
    Refused(String),
    /// The console has taken nothing for [`STALL`].
    Stalled,
}

/// Why something was not sent.
pub(super) enum Unsent {
    Refused(io::Error),
    Stalled,
}

impl From<io::Error> for Unsent {
    fn from(error: io::Error) -> Self {
        Self::Refused(error)
    }
}

/// What happens next on the way up.
enum Next<'a> {
    /// The other direction has something to say.
    Pending,
    /// The viewer has said something.
    Said(io::Result<Buffer<'a>>),
    /// It is time to look whether the viewer is silent.
    Look,
}

/// Carries bytes up until the viewer has said its last, or the other direction wants an end. Whatever is sent goes out
/// whole before the next thing does.
pub(super) async fn run<'a, V, F>(
    from_viewer: &mut V,
    mut wire: Wire<'a, F>,
    shared: &Shared,
    means: &BridgeContext,
    began: Instant,
) -> Up<'a, F>
where
    V: AsyncRead + Unpin,
    F: AsyncWrite + Unpin,
{
    let BridgeContext { clock, pool, keepalive, .. } = means;
    let mut is_lost = false;
    let mut look = pin!(sleep_until(began + keepalive.map_or(NEVER, |keepalive| keepalive.every)));
    loop {
        let next = tokio::select! {
            biased;
            () = shared.wake.notified() => Next::Pending,
            said = pool.read(from_viewer) => Next::Said(said),
            () = &mut look => Next::Look,
        };
        let sent = match next {
            Next::Pending => {
                let (ping, close) = {
                    let mut told = shared.told();
                    (told.ping.take(), told.close.take())
                };
                match (close, ping) {
                    (Some(close), _) => match wire.close(&close).await {
                        Ok(()) => return Up::Answered,
                        unsent => unsent,
                    },
                    (None, Some(ping)) => wire.control(Opcode::Pong, &ping).await,
                    (None, None) => Ok(()),
                }
            }
            Next::Said(Ok(mut piece)) if !piece.bytes().is_empty() => {
                if !is_lost {
                    let mut watch = shared.watch();
                    watch.add_client_bytes(piece.bytes());
                    if let Some(lost) = watch.desync_reason() {
                        is_lost = true;
                        (means.lost)(lost);
                    }
                }
                *shared.last_up() = clock.instant();
                wire.data(&mut piece).await
            }
            Next::Said(Ok(_)) => return Up::HalfClosed(wire),
            Next::Said(Err(_)) => return Up::Gone(wire),
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
        match sent {
            Ok(()) => {}
            Err(Unsent::Refused(error)) => return Up::Refused(error.to_string()),
            // A viewer that has left meanwhile was not looked at, and is not to be told that its console was lost.
            Err(Unsent::Stalled) if timeout(QUIET, rest(from_viewer)).await == Ok(true) => return Up::Gone(wire),
            Err(Unsent::Stalled) => return Up::Stalled,
        }
    }
}

/// The console's end of the WebSocket, to write to.
pub(super) struct Wire<'a, F> {
    to_far: &'a mut F,
    masks: Masks,
}

impl<'a, F: AsyncWrite + Unpin> Wire<'a, F> {
    pub(super) fn new(to_far: &'a mut F, chance: fn(&mut [u8])) -> Self {
        Self { to_far, masks: Masks::new(chance) }
    }

    async fn data(&mut self, piece: &mut Buffer<'_>) -> Result<(), Unsent> {
        let mask = self.masks.next();
        let (buffer, length) = piece.buffer();
        let range = frame(buffer, length, Opcode::Binary, mask);
        self.send(&buffer[range]).await
    }

    async fn control(&mut self, opcode: Opcode, control: &Control) -> Result<(), Unsent> {
        let mask = self.masks.next();
        let (frame, length) = control.frame(opcode, mask);
        self.send(&frame[..length]).await
    }

    /// The last frame.
    pub(super) async fn close(&mut self, close: &Control) -> Result<(), Unsent> {
        self.control(Opcode::Close, close).await
    }

    async fn send(&mut self, mut bytes: &[u8]) -> Result<(), Unsent> {
        while !bytes.is_empty() {
            let count = in_time(self.to_far.write(bytes)).await?;
            if count == 0 {
                return Err(Unsent::Refused(io::ErrorKind::WriteZero.into()));
            }
            bytes = &bytes[count..];
        }
        // With TLS some bytes are still here, as many as fit into its buffer.
        in_time(self.to_far.flush()).await
    }
}

/// What can be done at once needs no timer, which would cost as much as the rest of it.
async fn in_time<T>(taken: impl Future<Output = io::Result<T>>) -> Result<T, Unsent> {
    let mut taken = pin!(taken);
    match taken.as_mut().now_or_never() {
        Some(done) => Ok(done?),
        None => Ok(timeout(STALL, taken).await.map_err(|_| Unsent::Stalled)??),
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
