//! kitty's graphics protocol. Source: <https://sw.kovidgoyal.net/kitty/graphics-protocol/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest base64 text in one escape sequence, in bytes ("Remote client").
const MAX_CHUNK_LEN: usize = 4096;

/// Sends a PNG (`f=100`) and shows it (`a=T`), this many columns wide. The height follows from the aspect ratio. With `q=2` the
/// terminal does not answer.
pub(crate) fn draw(png: &[u8], columns: u32) -> String {
    let base64 = STANDARD.encode(png);
    let mut drawn = String::with_capacity(base64.len() + base64.len() / 256 + 64);
    let (mut control, mut rest) = (format!("a=T,f=100,q=2,c={columns},"), base64.as_str());
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(rest.len().min(MAX_CHUNK_LEN));
        let more = u8::from(!later.is_empty());
        drawn.push_str(&format!("\x1b_G{control}m={more};{chunk}\x1b\\"));
        // Later chunks have no other keys.
        (control, rest) = ("q=2,".to_owned(), later);
    }
    drawn.push('\n');
    drawn
}
