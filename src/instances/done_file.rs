//! The file of `--skip-done`: what an earlier command has written with `-o json`, of which the ids are read.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::blocking;
use crate::text::quoted::Shown as _;

/// The longest line, in bytes. The longest that a command writes is a screen of text, of some 100 kB.
const MAX_LINE_LEN: usize = 4 << 20;

/// The longest id, in bytes. Those of the service have 22.
const MAX_ID_LEN: usize = 128;

/// The most lines. A service with more instances than this would take days.
const MAX_LINES: usize = 1_000_000;

/// What is read of a line.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    instance_id: Option<String>,
    /// Nothing was done then.
    #[serde(default)]
    is_dry_run: bool,
}

/// Returns the ids in a file. A pipe may take `limit`.
pub(super) fn read(file: &Path, limit: Duration) -> Result<HashSet<String>, CommandError> {
    let (name, path) = (file.shown(), file.to_owned());
    let read = move || ids(BufReader::new(File::open(path)?));
    let ids = fs::metadata(file).and_then(|metadata| match metadata.is_file() {
        true => read(),
        false => blocking::within(limit, read),
    });
    ids.map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("cannot read {name}"));
        CommandError::new(ErrorKind::Usage, error)
            .hint("--skip-done takes a file that the same command has written with -o json")
    })
}

/// Reads the ids. The last line may be cut off: the command that wrote it may have been killed.
fn ids(mut source: impl BufRead) -> io::Result<HashSet<String>> {
    let mut ids = HashSet::new();
    let mut line = Vec::new();
    for number in 1..=MAX_LINES {
        line.clear();
        source.by_ref().take(MAX_LINE_LEN as u64).read_until(b'\n', &mut line)?;
        let is_whole = line.last() == Some(&b'\n');
        if line.is_empty() {
            return Ok(ids);
        }
        let refused = |why: String| Err(io::Error::other(why));
        if !is_whole && line.len() == MAX_LINE_LEN {
            return refused(format!("line {number} is too long"));
        }
        match serde_json::from_slice::<Line>(&line) {
            Ok(Line { instance_id: Some(id), .. }) if id.len() > MAX_ID_LEN => {
                return refused(format!("the InstanceId in line {number} is too long"));
            }
            Ok(Line { instance_id: Some(id), is_dry_run }) => {
                if !is_dry_run {
                    ids.insert(id);
                }
            }
            Ok(Line { instance_id: None, .. }) => return refused(format!("line {number} has no InstanceId")),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(_) if !is_whole => return Ok(ids),
            Err(_) => return refused(format!("line {number} is no JSON object")),
        }
    }
    Err(io::Error::other(format!("it has more than {MAX_LINES} lines")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let mut found: Vec<String> = ids(text.as_bytes()).map_err(|error| error.to_string())?.into_iter().collect();
        found.sort();
        Ok(found)
    }

    #[test]
    fn each_line_has_an_id_and_the_last_may_be_cut_off() {
        let text = "{\"InstanceId\":\"i-1\",\"Lines\":[\"a\"]}\n\n{\"Via\":\"api\",\"InstanceId\":\"i-2\"}\n";
        assert_eq!(read(text).unwrap(), ["i-1", "i-2"]);
        assert_eq!(read(&format!("{text}{{\"InstanceId\":\"i-3\"")).unwrap(), ["i-1", "i-2"]);
        assert_eq!(read(&format!("{text}{{\"InstanceId\":\"i-3\"}}")).unwrap(), ["i-1", "i-2", "i-3"]);
        assert_eq!(read("").unwrap(), [""; 0]);
        assert_eq!(read("{\"InstanceId\":\"i-1\",\"IsDryRun\":true}\n").unwrap(), [""; 0], "nothing was done");
    }

    #[test]
    fn another_file_is_refused_with_its_line() {
        assert_eq!(read("{\"InstanceId\":\"i-1\"}\nweb-01\n").unwrap_err(), "line 2 is no JSON object");
        assert_eq!(read("{\"Name\":\"web-01\"}\n").unwrap_err(), "line 1 has no InstanceId");
        let long = format!("{{\"InstanceId\":\"{}\"}}\n", "x".repeat(129));
        assert_eq!(read(&long).unwrap_err(), "the InstanceId in line 1 is too long");
        assert_eq!(ids(BufReader::new(io::repeat(b'x'))).unwrap_err().to_string(), "line 1 is too long");
        assert_eq!(ids(BufReader::new(io::repeat(b'\n'))).unwrap_err().to_string(), "it has more than 1000000 lines");
    }
}
