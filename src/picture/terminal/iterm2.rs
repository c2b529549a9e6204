//! iTerm2's inline images. Source: <https://iterm2.com/documentation-images.html>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Shows a PNG, this many columns wide. The height follows from the aspect ratio.
pub(crate) fn draw(png: &[u8], columns: u32) -> String {
    let base64 = STANDARD.encode(png);
    let size = png.len();
    format!("\x1b]1337;File=inline=1;size={size};width={columns};height=auto;preserveAspectRatio=1:{base64}\x07\n")
}
