//! The thread that writes to a log file. A slow disk keeps nothing else waiting.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::transcript::LOST;

/// The most bytes that wait for a slow disk.
const MAX_WAITING: usize = 16 << 20;

/// How long the disk may take for what waits at the end.
const FINISH_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Queue {
    text: String,
    is_finished: bool,
    /// Whether the thread has ended.
    is_ended: bool,
    error: Option<io::Error>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    ended: Notify,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for text. `None` at the end.
    fn next(&self) -> Option<String> {
        let mut queue = self.queue();
        while queue.text.is_empty() && !queue.is_finished {
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        Some(mem::take(&mut queue.text)).filter(|text| !text.is_empty())
    }

    fn end(&self, error: Option<io::Error>) {
        let mut queue = self.queue();
        (queue.is_ended, queue.error) = (true, error);
        queue.text = String::new();
        drop(queue);
        self.ended.notify_one();
    }
}

/// A file that is added to.
pub(super) struct FileWriter(Arc<Shared>);

impl FileWriter {
    /// Starts the thread.
    pub(super) fn start(mut file: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = shared.clone();
        let work = move || {
            let write = || {
                while let Some(text) = of_thread.next() {
                    file.write_all(text.as_bytes())?;
                }
                Ok(())
            };
            let written: io::Result<()> = { write }();
            of_thread.end(written.err());
        };
        thread::Builder::new().spawn(work)?;
        Ok(Self(shared))
    }

    /// Adds text, and does not wait for it. After an error, and if too much waits, text is dropped.
    pub(super) fn append(&self, text: &str) {
        let mut queue = self.0.queue();
        if queue.is_ended {
            return;
        }
        if queue.text.len() + text.len() > MAX_WAITING {
            queue.text = format!("{LOST}\n");
        }
        queue.text.push_str(text);
        self.0.changed.notify_one();
    }

    /// Waits until writing has failed, and returns the error once.
    pub(super) async fn failure(&self) -> io::Error {
        loop {
            if let Some(error) = self.0.queue().error.take() {
                return error;
            }
            self.0.ended.notified().await;
        }
    }

    /// Waits until all is written, for at most [`FINISH_TIMEOUT`].
    pub(super) async fn finish(self) -> io::Result<()> {
        self.0.queue().is_finished = true;
        self.0.changed.notify_one();
        let ended = async {
            while !self.0.queue().is_ended {
                self.0.ended.notified().await;
            }
        };
        if timeout(FINISH_TIMEOUT, ended).await.is_err() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the disk takes too long for its last lines"));
        }
        self.0.queue().error.take().map_or(Ok(()), Err)
    }
}

impl Drop for FileWriter {
    /// What waits is still written, unless the process ends before.
    fn drop(&mut self) {
        self.0.queue().is_finished = true;
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A disk that takes each piece when it is told to.
    struct Disk {
        permits: Receiver<io::Result<()>>,
        written: Sender<String>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.permits.recv().unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))?;
            let _ = self.written.send(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn disk() -> (FileWriter, Sender<io::Result<()>>, Receiver<String>) {
        let (permit, permits) = channel();
        let (sender, written) = channel();
        (FileWriter::start(Disk { permits, written: sender }).unwrap(), permit, written)
    }

    #[tokio::test]
    async fn a_disk_that_takes_nothing_keeps_nothing_waiting_and_loses_nothing() {
        let (writer, permit, written) = disk();
        (0..1000).for_each(|number| writer.append(&format!("{number}\n")));
        // Only now the disk takes anything.
        (0..1000).for_each(|_| permit.send(Ok(())).unwrap());
        writer.finish().await.unwrap();
        let expected: String = (0..1000).map(|number| format!("{number}\n")).collect();
        assert_eq!(written.try_iter().collect::<String>(), expected);
    }

    #[tokio::test]
    async fn a_full_disk_is_told_once() {
        let (writer, permit, written) = disk();
        writer.append("a\n");
        permit.send(Err(io::ErrorKind::StorageFull.into())).unwrap();
        assert_eq!(writer.failure().await.kind(), io::ErrorKind::StorageFull);
        writer.append("b\n");
        writer.finish().await.unwrap();
        assert_eq!(written.try_iter().count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_does_not_wait_for_ever() {
        let (writer, _permit, _written) = disk();
        writer.append("a\n");
        assert_eq!(writer.finish().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn what_waits_for_a_slow_disk_is_bounded_and_the_gap_is_told() {
        let (writer, permit, written) = disk();
        let line = "x".repeat(MAX_WAITING / 2) + "\n";
        writer.append("first\n");
        permit.send(Ok(())).unwrap();
        assert_eq!(written.recv().unwrap(), "first\n");
        // The disk holds at most one of these while the others wait.
        (0..4).for_each(|_| writer.append(&line));
        writer.append("last\n");
        drop(permit.clone());
        (0..10).for_each(|_| permit.send(Ok(())).unwrap());
        writer.finish().await.unwrap();
        let text: String = written.try_iter().collect();
        assert!(text.contains(&format!("{LOST}\n")) && text.ends_with("last\n") && text.len() < 2 * MAX_WAITING);
    }
}
