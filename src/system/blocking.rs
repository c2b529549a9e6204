//! Operations that may wait for ever: questions on the terminal, and pipes and devices that were given as files.
//!
//! Each has a thread of its own. Unlike tokio's `spawn_blocking`, a thread that cannot be started is an error, not a panic.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use zeroize::Zeroizing;

/// How long a pipe may take where no flag sets a limit. One without a writer never ends.
const PIPE_TIME_LIMIT: Duration = Duration::from_secs(5);

/// Runs `operation`, while other tasks go on. An error means that no thread could be started.
pub(crate) async fn run<T: Send + 'static>(operation: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (sender, receiver) = oneshot::channel();
    // Sending fails only if nothing waits for the result.
    spawn(move || drop(sender.send(operation())))?;
    receiver.await.map_err(io::Error::other)
}

/// A piece of work for the threads of [`compute`].
type Job = Box<dyn FnOnce() + Send>;

/// Runs `operation`, which keeps a processor busy, on one of as many threads as there are processors. They stay: a thread for
/// each piece of work would leave memory behind. An error means that no thread could be started.
pub(crate) async fn compute<T: Send + 'static>(operation: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    static JOBS: OnceLock<Sender<Job>> = OnceLock::new();
    static FREE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(processors()));
    // Nothing closes the semaphore.
    let _free = FREE.acquire().await;
    let jobs = match JOBS.get() {
        Some(jobs) => jobs,
        None => JOBS.get_or_init({
            let started = start_workers()?;
            || started
        }),
    };
    let (sender, receiver) = oneshot::channel();
    // Sending a result fails only if nothing waits for it.
    jobs.send(Box::new(move || drop(sender.send(operation()))))
        .map_err(|_| io::Error::other("its threads have ended"))?;
    receiver.await.map_err(io::Error::other)
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Starts the threads, and returns what gives them work.
fn start_workers() -> io::Result<Sender<Job>> {
    let (jobs, waiting) = channel::<Job>();
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..processors() {
        let waiting = waiting.clone();
        spawn(move || {
            // The lock is free while the work is done.
            let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            while let Ok(job) = next() {
                job();
            }
        })?;
    }
    Ok(jobs)
}

/// Runs `operation` on a pipe or a device, and waits for it for at most `limit`. Fails with `TimedOut` after that; the
/// thread then stays until the process ends.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    operation: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = sync_channel(1);
    // Sending fails only after the time limit.
    spawn(move || drop(sender.send(operation())))?;
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => {
            let text = format!("it is a pipe or a device, which was not ready within {:.1} s", limit.as_secs_f64());
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        }
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("the operation failed")),
    }
}

/// Reads a file, and at most one byte more than `max_len`, so that the caller sees that it is too long. A pipe or a device
/// may take `limit`; after that it fails with `TimedOut`.
pub(crate) fn read_file(file: &Path, max_len: usize, limit: Duration) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = file.to_owned();
    let is_regular = fs::metadata(&file)?.is_file();
    let read = move || {
        // Allocated once: a growing vector leaves copies of a secret in memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(max_len + 1));
        File::open(file)?.take(max_len as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    if is_regular { read() } else { within(limit, read) }
}

/// Reads a whole file of at most `max_len` bytes. A longer file is an error, and so is a pipe that takes longer than 5 s.
pub(crate) fn read_whole_file(file: &Path, max_len: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let bytes = read_file(file, max_len, PIPE_TIME_LIMIT)?;
    match bytes.len() > max_len {
        true => Err(io::Error::other(format!("it is longer than {max_len} bytes"))),
        false => Ok(bytes),
    }
}

/// Like [`read_whole_file`], for a file without secrets: memory is taken as it is read. A pipe or a device may take `limit`.
pub(crate) fn read_public_file(file: &Path, max_len: usize, limit: Duration) -> io::Result<Vec<u8>> {
    let file = file.to_owned();
    let is_regular = fs::metadata(&file)?.is_file();
    let read = move || read_public(File::open(file)?, max_len);
    if is_regular { read() } else { within(limit, read) }
}

/// Reads all of a source, which is an error if there are more than `max_len` bytes.
pub(crate) fn read_public(source: impl io::Read, max_len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(max_len as u64 + 1).read_to_end(&mut bytes)?;
    match bytes.len() > max_len {
        true => Err(io::Error::other(format!("it is longer than {} MiB", max_len >> 20))),
        false => Ok(bytes),
    }
}

/// Runs `work` in a thread of its own. An error means that it could not be started.
pub(crate) fn spawn(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let failed = |error: io::Error| io::Error::new(error.kind(), format!("could not start a thread: {error}"));
    thread::Builder::new().spawn(work).map(drop).map_err(failed)
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn work_is_done_on_a_few_threads_that_stay() {
        let mut all = JoinSet::new();
        for number in 0..50 {
            all.spawn(compute(move || (number, thread::current().id())));
        }
        let done: Vec<_> = all.join_all().await.into_iter().map(Result::unwrap).collect();
        let numbers: std::collections::BTreeSet<i32> = done.iter().map(|(number, _)| *number).collect();
        let threads: std::collections::HashSet<_> = done.iter().map(|(_, thread)| *thread).collect();
        assert_eq!(numbers.len(), 50);
        assert!(threads.len() <= processors(), "{threads:?}");
    }

    #[test]
    fn a_result_is_passed_on_and_a_wait_is_limited() {
        assert_eq!(within(Duration::from_secs(60), || Ok(7)).unwrap(), 7);
        let refused = within(Duration::from_secs(60), || Err::<(), _>(io::ErrorKind::NotFound.into()));
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::NotFound);
        let (_open, closed) = channel::<()>();
        let late = within(Duration::from_millis(20), move || closed.recv().map_err(io::Error::other));
        assert_eq!(late.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
