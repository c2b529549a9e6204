//! A strip of pixels to draw rectangles and pictures on.

use crate::picture::Picture;

pub(super) type Colour = [u8; 3];

/// Red, green and blue, 8 bits each, in rows from the top.
pub(super) struct Canvas {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

/// Where something is, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32, colour: Colour) -> Self {
        Self { width, height, rgb: colour.repeat(width as usize * height as usize) }
    }

    /// The bytes of all rows.
    pub(super) fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Outside the canvas nothing is drawn.
    pub(super) fn set(&mut self, x: u32, y: u32, colour: Colour) {
        if x < self.width && y < self.height {
            let at = 3 * (y as usize * self.width as usize + x as usize);
            self.rgb[at..at + 3].copy_from_slice(&colour);
        }
    }

    pub(super) fn fill(&mut self, area: Area, colour: Colour) {
        for y in area.y..(area.y + area.height).min(self.height) {
            for x in area.x..(area.x + area.width).min(self.width) {
                self.set(x, y, colour);
            }
        }
    }

    /// A frame of this thickness inside the area.
    pub(super) fn frame(&mut self, area: Area, thickness: u32, colour: Colour) {
        let Area { x, y, width, height } = area;
        self.fill(Area { height: thickness, ..area }, colour);
        self.fill(Area { y: y + height.saturating_sub(thickness), height: thickness, ..area }, colour);
        self.fill(Area { width: thickness, ..area }, colour);
        self.fill(Area { x: x + width.saturating_sub(thickness), width: thickness, ..area }, colour);
    }

    /// Draws a picture with its top-left corner at this place.
    pub(super) fn place(&mut self, picture: &Picture, (left, top): (u32, u32)) {
        let pixels: &[Colour] = picture.rgb().as_chunks().0;
        for (y, row) in (top..).zip(pixels.chunks_exact(picture.width() as usize)) {
            for (x, pixel) in (left..).zip(row) {
                self.set(x, y, *pixel);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_is_cut_off() {
        let mut canvas = Canvas::new(4, 3, [0; 3]);
        canvas.fill(Area { x: 3, y: 1, width: 9, height: 1 }, [1; 3]);
        canvas.place(&Picture::new(2, 2, vec![7; 12]).unwrap(), (3, 2));
        let expected = [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 7]].concat();
        assert_eq!(canvas.rgb().chunks(3).map(|pixel| pixel[0]).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_frame_is_hollow() {
        let mut canvas = Canvas::new(5, 4, [0; 3]);
        canvas.frame(Area { x: 0, y: 0, width: 4, height: 4 }, 1, [9; 3]);
        let expected = [[9, 9, 9, 9, 0], [9, 0, 0, 9, 0], [9, 0, 0, 9, 0], [9, 9, 9, 9, 0]].concat();
        assert_eq!(canvas.rgb().chunks(3).map(|pixel| pixel[0]).collect::<Vec<_>>(), expected);
    }
}
