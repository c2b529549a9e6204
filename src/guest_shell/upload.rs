//! Bytes as lines that can be typed.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The most bytes after compression. Typing them takes 27 minutes.
pub(crate) const MAX_PACKED_LEN: usize = 64 << 10;

/// Compresses bytes and writes them in lines of base64, of at most `width` characters.
pub(crate) fn upload_lines(bytes: &[u8], width: usize) -> Vec<String> {
    let text: Vec<char> = STANDARD.encode(pack(bytes)).chars().collect();
    text.chunks(width.max(4)).map(|line| line.iter().collect()).collect()
}

/// How many bytes are left after compression.
pub(crate) fn packed_len(bytes: &[u8]) -> usize {
    pack(bytes).len()
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn lines_hold_the_bytes() {
        let bytes: Vec<u8> = (0..=255).collect();
        let lines = upload_lines(&bytes, 79);
        assert!(lines.iter().all(|line| line.len() <= 79) && lines.len() > 1);
        let mut unpacked = Vec::new();
        let packed = STANDARD.decode(lines.concat()).unwrap();
        GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!((unpacked, packed.len()), (bytes, packed_len(&(0..=255).collect::<Vec<u8>>())));
        assert_eq!(upload_lines(b"", 79).len(), 1, "an empty file has a line too");
    }
}
