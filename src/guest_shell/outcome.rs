//! What all pages together hold: in base64 and mostly gzip, a line and then stdout and stderr.
//!
//! ```text
//! STATUS LENGTH_OF_STDOUT LENGTH_OF_STDERR SHA1_OF_BOTH -
//! ```

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use sha1::{Digest, Sha1};

/// The longest line at the beginning, in bytes.
const MAX_HEAD_LEN: usize = 200;

/// What a command has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// As `$?` of a shell: 128 and the number of the signal for a command that one has ended.
    pub(crate) status: u8,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Why the pages make no outcome.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutcomeError {
    #[error("the pages hold no base64")]
    NotBase64,
    #[error("the pages cannot be decompressed")]
    NotGzip,
    #[error("the output is longer than {0} MiB")]
    TooLong(usize),
    #[error("the pages begin with an unknown line")]
    UnknownHead,
    #[error("the checksum of the whole output is wrong")]
    WrongChecksum,
}

impl Outcome {
    /// Takes the text of all pages apart. An output of more than `max_len` bytes is an error.
    pub(crate) fn parse(text: &str, max_len: usize) -> Result<Self, OutcomeError> {
        let packed = STANDARD.decode(text).map_err(|_| OutcomeError::NotBase64)?;
        let limit = max_len + MAX_HEAD_LEN;
        let bytes = match packed.starts_with(&[0x1f, 0x8b]) {
            true => {
                let mut bytes = Vec::new();
                let decoder = MultiGzDecoder::new(&packed[..]).take(limit as u64 + 1);
                let mut decoder = decoder;
                decoder.read_to_end(&mut bytes).map_err(|_| OutcomeError::NotGzip)?;
                bytes
            }
            false => packed,
        };
        if bytes.len() > limit {
            return Err(OutcomeError::TooLong(max_len >> 20));
        }
        let end = bytes.iter().take(MAX_HEAD_LEN).position(|byte| *byte == b'\n').ok_or(OutcomeError::UnknownHead)?;
        let (head, body) = (str::from_utf8(&bytes[..end]), &bytes[end + 1..]);
        let mut words = head.map_err(|_| OutcomeError::UnknownHead)?.split_whitespace();
        let mut word = || words.next().ok_or(OutcomeError::UnknownHead);
        let status = word()?.parse().map_err(|_| OutcomeError::UnknownHead)?;
        let (stdout_len, stderr_len) = (word()?.parse::<usize>(), word()?.parse::<usize>());
        let (Ok(stdout_len), Ok(stderr_len)) = (stdout_len, stderr_len) else { return Err(OutcomeError::UnknownHead) };
        if sha1_of(body) != word()? || stdout_len.checked_add(stderr_len) != Some(body.len()) {
            return Err(OutcomeError::WrongChecksum);
        }
        let (stdout, stderr) = body.split_at(stdout_len);
        Ok(Self { status, stdout: stdout.to_owned(), stderr: stderr.to_owned() })
    }
}

/// As `sha1sum` prints it.
pub(crate) fn sha1_of(bytes: &[u8]) -> String {
    Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
