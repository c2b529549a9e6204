//! The colours of a rectangle.

/// The most colours of a palette: Tight has one byte for their number.
pub(super) const MAX_COLOURS: usize = 256;

/// Slots of the hash table: a power of two, four times the colours.
const SLOTS: usize = 1024;

/// Different colours, in the order of their first pixels.
#[derive(Debug)]
pub(super) struct Palette {
    colours: Vec<u32>,
    /// By hash: the index of a colour plus one, or 0.
    slots: [u16; SLOTS],
}

impl Palette {
    /// The colours of some pixels, `None` if there are more than `max`, which is at most [`MAX_COLOURS`].
    pub(super) fn of(pixels: &[u32], max: usize) -> Option<Self> {
        let mut palette = Self { colours: Vec::with_capacity(16), slots: [0; SLOTS] };
        let mut last = None;
        for &pixel in pixels {
            if last == Some(pixel) {
                continue;
            }
            last = Some(pixel);
            let slot = palette.slot(pixel);
            if palette.slots[slot] == 0 {
                if palette.colours.len() >= max.min(MAX_COLOURS) {
                    return None;
                }
                palette.colours.push(pixel);
                palette.slots[slot] = palette.colours.len() as u16;
            }
        }
        Some(palette)
    }

    pub(super) fn colours(&self) -> &[u32] {
        &self.colours
    }

    /// The index of one of the colours.
    pub(super) fn index(&self, colour: u32) -> u8 {
        self.slots[self.slot(colour)].saturating_sub(1) as u8
    }

    /// Where a colour is, or a free slot. At most a quarter of the slots are in use.
    fn slot(&self, colour: u32) -> usize {
        // Fibonacci hashing, of which the high bits are the best.
        let mut slot = (colour.wrapping_mul(0x9E37_79B9) >> 22) as usize;
        loop {
            match self.slots[slot] {
                0 => return slot,
                index if self.colours[usize::from(index) - 1] == colour => return slot,
                _ => slot = (slot + 1) % SLOTS,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_the_order_of_their_first_pixels() {
        let palette = Palette::of(&[5, 5, 9, 5, 7, 9], 3).unwrap();
        assert_eq!(palette.colours(), [5, 9, 7]);
        assert_eq!([5, 9, 7].map(|colour| palette.index(colour)), [0, 1, 2]);
        assert!(Palette::of(&[5, 9, 7], 2).is_none());
    }

    #[test]
    fn a_full_palette_finds_each_colour() {
        let colours: Vec<u32> = (0..256).map(|n| n * 0x01_01_01).collect();
        let palette = Palette::of(&colours, 999).unwrap();
        assert!((0..256).all(|n| palette.index(n * 0x01_01_01) == n as u8));
        assert!(Palette::of(&[&colours[..], &[1]].concat(), 999).is_none());
    }
}
