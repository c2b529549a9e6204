//! What is measured of a session, and of many.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use crate::ends::End;
use crate::pairs::Outcome;
use crate::processes;
use crate::relays::{Relay, Session};

/// Not counted.
const FIRST: u64 = 64 << 20;

/// A message of viewers: FramebufferUpdateRequest. RFC 6143, section 7.5.3.
const ASKED: [u8; 10] = [3, 1, 0, 0, 0, 0, 2, 0x80, 1, 0xE0];

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the viewer.
    Down,
    /// To the console.
    Up,
}

impl Direction {
    /// Both.
    pub(crate) const BOTH: [Self; 2] = [Self::Down, Self::Up];
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Down { "down" } else { "up" })
    }
}

/// What many bytes took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    bytes: u64,
    wall: Duration,
    cpu: f64,
}

impl Flow {
    /// How fast.
    pub(crate) fn mib_a_second(&self) -> f64 {
        self.bytes as f64 / f64::from(1 << 20) / self.wall.as_secs_f64()
    }

    /// Seconds of the processors for a GiB.
    pub(crate) fn cpu_a_gib(&self) -> f64 {
        self.cpu / self.bytes as f64 * f64::from(1 << 30)
    }
}

/// How long a message there and back takes, in µs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trips {
    /// Half are faster.
    pub p50: f64,
    /// All but one of a hundred are.
    pub p99: f64,
}

/// Memory, in bytes.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Without a session.
    pub without: f64,
    /// With as many as were asked for.
    pub with: Vec<f64>,
    counts: Vec<usize>,
}

impl Memory {
    /// Of each session, of the most there were. The first one is left out: it brings what all share.
    pub(crate) fn each(&self) -> f64 {
        let (Some(first), Some(last)) = (self.with.first(), self.with.last()) else { return f64::NAN };
        (last - first) / (self.counts[self.counts.len() - 1] - self.counts[0]) as f64
    }
}

impl Session<'_> {
    /// Sends `bytes` in messages of `size`.
    pub(crate) fn flow(&mut self, direction: Direction, size: usize, bytes: u64) -> Outcome<Flow> {
        let root = self.relay.root();
        let (from, to) = match direction {
            Direction::Down => (&mut self.far, &mut self.near),
            Direction::Up => (&mut self.near, &mut self.far),
        };
        let message = from.dressed(&match direction {
            Direction::Down => vec![0x5A; size],
            Direction::Up => cut_text(size),
        });
        let times = |bytes: u64| bytes / size as u64;
        pass(from, to, &message, times(FIRST.min(bytes / 4)), size)?;
        let (before, start) = (processes::times(root)?, Instant::now());
        pass(from, to, &message, times(bytes), size)?;
        let wall = start.elapsed();
        let cpu = processes::seconds(&before, &processes::times(root)?);
        Ok(Flow { bytes: times(bytes) * size as u64, wall, cpu })
    }

    /// Sends a message up and waits for as many bytes from behind, so many times.
    pub(crate) fn trips(&mut self, count: u32) -> Outcome<Trips> {
        let (question, answer) = (self.near.dressed(&ASKED), self.far.dressed(&ASKED));
        let (near, far) = (&mut self.near, &mut self.far);
        let times = thread::scope(|scope| {
            let echo = scope.spawn(|| {
                (0..count)
                    .try_for_each(|_| {
                        far.hear(ASKED.len() as u64, |_| {})?;
                        far.say(&answer, 1)
                    })
                    .map_err(|error| error.to_string())
            });
            let mut times = Vec::new();
            for _ in 0..count {
                let start = Instant::now();
                near.say(&question, 1)?;
                near.hear(ASKED.len() as u64, |_| {})?;
                times.push(start.elapsed().as_secs_f64() * 1e6);
            }
            echo.join().map_err(|_| "the echo failed")??;
            Outcome::Ok(times)
        });
        let mut times = times?;
        times.sort_by(f64::total_cmp);
        Ok(Trips { p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] })
    }
}

impl Relay {
    /// What it takes with so many sessions at once, each of which has done its greeting.
    pub(crate) fn memory(&self, counts: &[usize]) -> Outcome<Memory> {
        let root = self.root();
        let without = processes::memory(root)?;
        let (mut sessions, mut with) = (Vec::new(), Vec::new());
        for count in counts {
            while sessions.len() < *count {
                sessions.push(self.open(sessions.len())?);
            }
            // What was only for the opening is gone by then.
            thread::sleep(Duration::from_secs(1));
            with.push(processes::memory(root)?);
        }
        Ok(Memory { without, with, counts: counts.to_owned() })
    }
}

/// From one end to the other, with a thread each.
fn pass(from: &mut End, to: &mut End, message: &[u8], times: u64, size: usize) -> Outcome<()> {
    thread::scope(|scope| {
        let saying = scope.spawn(|| from.say(message, times).map_err(|error| error.to_string()));
        to.hear(times * size as u64, |_| {})?;
        Ok(saying.join().map_err(|_| "the source failed")??)
    })
}

/// ClientCutText, the only long message of viewers. RFC 6143, section 7.5.6.
fn cut_text(size: usize) -> Vec<u8> {
    let mut message = vec![b'x'; size];
    message[..4].copy_from_slice(&[6, 0, 0, 0]);
    message[4..8].copy_from_slice(&(size as u32 - 8).to_be_bytes());
    message
}
