//! Where the pixels of a screen come from.

use super::super::framebuffer::Framebuffer;
use crate::picture::Rectangle;

/// A screen that the server shows.
pub(crate) trait PixelSource {
    /// Replaces `out` by the pixels of `area`, row by row, each `0x00RRGGBB`. Pixels outside the screen are black: the screen may
    /// have got another size since the area was chosen.
    fn read(&self, area: Rectangle, out: &mut Vec<u32>);
}

impl PixelSource for Framebuffer {
    fn read(&self, area: Rectangle, out: &mut Vec<u32>) {
        out.clear();
        let (width, screen_width) = (usize::from(area.width), usize::from(self.width()));
        // The screen begins at (0, 0), so the two begin at the same place.
        if let Some(inside) = area.intersection(self.bounds()) {
            let start = usize::from(area.y) * screen_width + usize::from(area.x);
            for row in self.pixels()[start..].chunks(screen_width).take(inside.height.into()) {
                out.extend_from_slice(&row[..inside.width.into()]);
                out.resize(out.len().next_multiple_of(width), 0);
            }
        }
        out.resize(width * usize::from(area.height), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_outside_the_screen_are_black() {
        let mut screen = Framebuffer::new(3, 2).unwrap();
        screen.fill(screen.bounds(), 7);
        let read = |x, y, width, height| {
            let mut pixels = vec![9];
            screen.read(Rectangle { x, y, width, height }, &mut pixels);
            pixels
        };
        assert_eq!(read(0, 0, 3, 2), [7; 6]);
        assert_eq!(read(2, 1, 2, 2), [7, 0, 0, 0]);
        assert_eq!(read(3, 0, 2, 1), [0, 0]);
        assert_eq!(read(65535, 65535, 2, 2), [0; 4]);
        assert_eq!(read(1, 1, 0, 1), [0u32; 0]);
    }
}
