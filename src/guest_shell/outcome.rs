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

impl OutcomeError {
    /// Whether the pages may be right when they are read once more.
    pub(crate) fn may_be_misread(&self) -> bool {
        !matches!(self, Self::TooLong(_))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with `(echo 3;wc -c o e;sha1sum o e;cat o e)|base64 -w0` of coreutils, from `hi` and an empty file.
    const PLAIN: &str = "MwozIG8KMCBlCjMgdG90YWwKNTVjYTYyODZlM2U0ZjRmYmE1ZDA0NDgzMzNmYTk5ZmM1YTQwNGE3MyAgbwpkYTM5YTNlZTVlNmI0YjBkMzI1NWJmZWY5NTYwMTg5MGFmZDgwNzA5ICBlCmhpCg==";
    /// The same with `gzip` before base64.
    const PACKED: &str = "H4sIAAAAAAAAAw3MsQ2AMAxE0T5TZATD2SEe50JsgYREw/4i1a/eR0F9i9RY/d6PTzE72fbeAqGpOWhTVDuApHueRhXlgbrcJJyIsGhDh0zsZiMj3Zps3YU5uxzidf2vu/z2k4j2bQAAAA==";

    #[test]
    fn what_a_guest_packs_is_taken_apart() {
        let expected = Outcome { status: 3, stdout: b"hi\n".to_vec(), stderr: vec![] };
        assert_eq!(Outcome::parse(PLAIN, 100), Ok(expected.clone()));
        assert_eq!(Outcome::parse(PACKED, 100), Ok(expected.clone()));
        let hex: String = STANDARD.decode(PLAIN).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(Outcome::parse(&hex, 100), Ok(expected));
    }

    #[test]
    fn what_is_not_right_is_an_error() {
        let changed = |from: &str, to: &str| {
            let text = String::from_utf8(STANDARD.decode(PLAIN).unwrap()).unwrap();
            assert!(text.contains(from), "{text}");
            Outcome::parse(&STANDARD.encode(text.replacen(from, to, 1)), 100)
        };
        assert_eq!(changed("hi\n", "ho\n"), Err(OutcomeError::WrongChecksum));
        assert_eq!(changed("hi\n", "hi"), Err(OutcomeError::WrongChecksum));
        assert_eq!(changed("3\n", "300\n"), Err(OutcomeError::UnknownHead));
        assert_eq!(changed("3 o", "x o"), Err(OutcomeError::UnknownHead));
        assert_eq!(Outcome::parse("", 100), Err(OutcomeError::UnknownHead));
        assert_eq!(Outcome::parse("!", 100), Err(OutcomeError::NotBase64));
        assert_eq!(Outcome::parse("3x", 100), Err(OutcomeError::NotBase64));
        assert_eq!(Outcome::parse("H4sIAAAA", 100), Err(OutcomeError::NotGzip));
    }

    #[test]
    fn an_output_has_a_longest_length() {
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut bomb, &vec![b'0'; 3 << 20]).unwrap();
        let text = STANDARD.encode(bomb.finish().unwrap());
        assert_eq!(Outcome::parse(&text, 1 << 20), Err(OutcomeError::TooLong(1)));
    }
}
