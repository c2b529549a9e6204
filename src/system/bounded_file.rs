//! Reads a file that a user names, which may be anything: a file of any length, a device, or a pipe without a writer.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

/// How long a pipe may take. One without a writer never ends.
const PIPE_TIME_LIMIT: Duration = Duration::from_secs(5);

/// Reads `file`. More than `max_len` bytes are an error, as is a pipe that takes longer than 5 s.
pub(crate) fn read(file: &Path, max_len: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = file.to_owned();
    let is_regular = fs::metadata(&file)?.is_file();
    let read = move || {
        let mut bytes = Zeroizing::new(Vec::new());
        File::open(file)?.take(max_len + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > max_len {
            true => Err(io::Error::other(format!("it is longer than {max_len} bytes"))),
            false => Ok(bytes),
        }
    };
    if is_regular {
        return read();
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(read()));
    receiver.recv_timeout(PIPE_TIME_LIMIT).unwrap_or_else(|_| {
        Err(io::Error::other(format!("nothing was written to it within {} s", PIPE_TIME_LIMIT.as_secs())))
    })
}
