//! Pipes and devices that were given as files: opening, reading and writing them may wait for ever.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// Runs `operation` in a thread of its own, and waits for it for at most `limit`. Fails with `TimedOut` after that; the
/// thread then stays until the process ends.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    operation: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = sync_channel(1);
    // Sending fails only after the time limit.
    thread::Builder::new().spawn(move || drop(sender.send(operation())))?;
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => {
            let text = format!("it is a pipe or a device, which was not ready within {:.1} s", limit.as_secs_f64());
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        }
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("the operation failed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_passed_on_and_a_wait_is_limited() {
        assert_eq!(within(Duration::from_secs(60), || Ok(7)).unwrap(), 7);
        let refused = within(Duration::from_secs(60), || Err::<(), _>(io::ErrorKind::NotFound.into()));
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::NotFound);
        let (_open, closed) = std::sync::mpsc::channel::<()>();
        let late = within(Duration::from_millis(20), move || closed.recv().map_err(io::Error::other));
        assert_eq!(late.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
