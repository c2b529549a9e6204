//! The lines of stdin, as they come.

use std::io::{self, BufRead, BufReader, Read as _};

use tokio::sync::mpsc::{self, Receiver};

use crate::system::blocking;

/// How many lines are read before they are needed.
const MAX_WAITING: usize = 100;

/// Starts to read stdin. Lines come without their ends. A line of more than `max_len` bytes is an error. Nothing comes after
/// an error.
pub(crate) fn stdin_lines(max_len: usize) -> io::Result<Receiver<io::Result<String>>> {
    let (sender, lines) = mpsc::channel(MAX_WAITING);
    blocking::spawn(move || {
        let mut stdin = BufReader::new(io::stdin());
        while let Some(line) = next_line(&mut stdin, max_len).transpose() {
            let is_last = line.is_err();
            if sender.blocking_send(line).is_err() || is_last {
                return;
            }
        }
    })?;
    Ok(lines)
}

/// Returns the next line; `None` at the end.
fn next_line(source: &mut impl BufRead, max_len: usize) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    source.take(max_len as u64 + 1).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > max_len {
        return Err(io::Error::other(format!("a line is longer than {max_len} bytes")));
    }
    let text = String::from_utf8(line).map_err(|_| io::Error::other("a line is not UTF-8 text"))?;
    Ok(Some(text.trim_end_matches('\r').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines up to the end or the first error, which is the last.
    fn lines(mut source: impl BufRead) -> Vec<String> {
        let mut found = Vec::new();
        loop {
            match next_line(&mut source, 5) {
                Ok(Some(line)) => found.push(line),
                Ok(None) => return found,
                Err(error) => {
                    found.push(format!("error: {error}"));
                    return found;
                }
            }
        }
    }

    #[test]
    fn lines_come_without_their_ends_and_long_ones_are_refused() {
        assert_eq!(lines(&b"web-1\r\n\nabcde"[..]), ["error: a line is longer than 5 bytes"]);
        assert_eq!(lines(&b"web\r\n\nabcde\nx"[..]), ["web", "", "abcde", "x"]);
        assert_eq!(lines(&b"a\n\xff\n"[..]), ["a", "error: a line is not UTF-8 text"]);
        assert_eq!(lines(BufReader::new(io::repeat(b'x'))), ["error: a line is longer than 5 bytes"]);
    }
}
