//! What all pages together hold: in base64 and gzip, or in hexadecimal, six lines and then stdout and stderr.
//!
//! ```text
//! STATUS
//!  LENGTH o
//!  LENGTH e
//!  LENGTH total
//! SHA1  o
//! SHA1  e
//! ```

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use sha1::{Digest, Sha1};

/// The lines before the output, and the most bytes in them.
const HEAD_LINES: usize = 6;
const MAX_HEAD_LEN: usize = 400;

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
        let packed = decode(text).ok_or(OutcomeError::NotBase64)?;
        let limit = max_len + MAX_HEAD_LEN;
        let bytes = if packed.starts_with(&GZIP_MAGIC) {
            let mut bytes = Vec::new();
            let mut unpacked = MultiGzDecoder::new(&packed[..]).take(limit as u64 + 1);
            unpacked.read_to_end(&mut bytes).map_err(|_| OutcomeError::NotGzip)?;
            bytes
        } else {
            packed
        };
        if bytes.len() > limit {
            return Err(OutcomeError::TooLong(max_len >> 20));
        }
        let ends = bytes.iter().take(MAX_HEAD_LEN).enumerate().filter(|(_, byte)| **byte == b'\n');
        let end = ends.map(|(end, _)| end).nth(HEAD_LINES - 1).ok_or(OutcomeError::UnknownHead)?;
        let (head, body) = (str::from_utf8(&bytes[..end]).map_err(|_| OutcomeError::UnknownHead)?, &bytes[end + 1..]);
        let mut words = head.lines().map(|line| line.split_whitespace().next().unwrap_or_default());
        let mut word = || words.next().unwrap_or_default();
        let status = word().parse().map_err(|_| OutcomeError::UnknownHead)?;
        let mut length = || word().parse::<usize>().map_err(|_| OutcomeError::UnknownHead);
        let (stdout_len, stderr_len, total) = (length()?, length()?, length()?);
        if stdout_len.checked_add(stderr_len) != Some(body.len()) || total != body.len() {
            return Err(OutcomeError::WrongChecksum);
        }
        let (stdout, stderr) = body.split_at(stdout_len);
        if sha1_of(stdout) != word() || sha1_of(stderr) != word() {
            return Err(OutcomeError::WrongChecksum);
        }
        Ok(Self { status, stdout: stdout.to_owned(), stderr: stderr.to_owned() })
    }
}

/// What gzip's files begin with. RFC 1952, section 2.3.1.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Decodes hexadecimal or base64. A status begins with a digit, 0x30 to 0x39, so that the one is never taken for the other: base64
/// of a digit begins with M, N or O, and that of gzip with H.
fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with('3') {
        return STANDARD.decode(text).ok();
    }
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// As `sha1sum` prints it.
pub(crate) fn sha1_of(bytes: &[u8]) -> String {
    Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
