//! Which pixels have been received since the last request for the whole screen.

use crate::picture::Rectangle;

/// One bit for each pixel of a screen.
#[derive(Debug)]
pub(crate) struct Coverage {
    words_per_row: usize,
    words: Vec<u64>,
    missing: u32,
}

impl Coverage {
    /// For a screen of this size, without any pixel received.
    pub(crate) fn new(width: u16, height: u16) -> Self {
        let words_per_row = usize::from(width).div_ceil(64);
        let words = vec![0; words_per_row * usize::from(height)];
        Self { words_per_row, words, missing: u32::from(width) * u32::from(height) }
    }

    /// Whether all pixels have been received.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// Marks the pixels of `part` as received. It must not reach outside the screen.
    pub(crate) fn add(&mut self, part: Rectangle) {
        if self.is_complete() || part.width == 0 {
            return;
        }
        let (first, last) = (usize::from(part.x), usize::from(part.x) + usize::from(part.width) - 1);
        for row in self.words.chunks_exact_mut(self.words_per_row).skip(part.y.into()).take(part.height.into()) {
            for (index, word) in row.iter_mut().enumerate().take(last / 64 + 1).skip(first / 64) {
                let from = if index == first / 64 { first % 64 } else { 0 };
                let to = if index == last / 64 { last % 64 } else { 63 };
                let new = (u64::MAX << from) & (u64::MAX >> (63 - to)) & !*word;
                *word |= new;
                self.missing -= new.count_ones();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_pixel_counts_once(parts in prop::collection::vec((0..200u16, 0..4u16, 0..200u16, 0..4u16), 1..20)) {
            let mut coverage = Coverage::new(200, 4);
            let mut seen = [[false; 200]; 4];
            for (x, y, width, height) in parts {
                let part = Rectangle { x, y, width: width.min(200 - x), height: height.min(4 - y) };
                coverage.add(part);
                for row in &mut seen[y.into()..][..part.height.into()] {
                    row[x.into()..][..part.width.into()].fill(true);
                }
                let missing = seen.iter().flatten().filter(|seen| !**seen).count();
                prop_assert_eq!(coverage.missing as usize, missing);
            }
            coverage.add(Rectangle { x: 0, y: 0, width: 200, height: 4 });
            prop_assert!(coverage.is_complete());
        }
    }
}
