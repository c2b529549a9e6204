//! Bytes as lines that can be typed.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Compresses bytes and writes them in lines of base64, of at most `width` characters.
pub(crate) fn upload_lines(bytes: &[u8], width: usize) -> Vec<String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    let text: Vec<char> = STANDARD.encode(packed).chars().collect();
    text.chunks(width.max(4)).map(|line| line.iter().collect()).collect()
}
