//! The key of a bitmap: 64 bits that are the same for normal and for reverse video.

/// An odd number without a pattern, from the golden ratio: 2^64 / φ.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The key of a bitmap of `width` pixels, 1 to 32, the leftmost pixel of a row in bit `width - 1`. Each pixel is compared with
/// the top-left one: the bitmap in reverse video has the same key. A further column like the top-left pixel does not change the
/// key: the VGA's ninth column is such a one for most characters.
///
/// Tables depend on it: it never changes. `tests/fonts/observe.py` makes the same keys.
pub fn key(rows: &[u32], width: u8) -> u64 {
    let width = u32::from(width.clamp(1, 32));
    let all = u32::MAX >> (32 - width);
    let is_inverted = rows.first().is_some_and(|row| row >> (width - 1) & 1 == 1);
    let mut hasher = KeyHasher::new();
    rows.iter().for_each(|row| hasher.row(if is_inverted { !row & all } else { row & all }, width));
    hasher.finish()
}

/// Makes the key of a bitmap row by row. The pixels of a row are those that differ from the top-left one.
pub struct KeyHasher(u64);

impl KeyHasher {
    /// Starts a bitmap.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(0)
    }

    /// Adds a row of `width` pixels, 1 to 32, the leftmost in bit `width - 1`.
    #[inline]
    pub fn row(&mut self, bits: u32, width: u32) {
        let row = u64::from(bits) << (32 - width);
        // A step that can be undone: no two bitmaps of the same height have the same state but by the chance of 64 bits.
        self.0 = (self.0 ^ row).wrapping_mul(MULTIPLIER);
        self.0 ^= self.0 >> 29;
    }

    /// The key of the rows so far.
    pub fn finish(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reverse_video_has_the_same_key() {
        let rows = [0b0011_0000, 0b0101_1111, 0xff];
        let reverse = rows.map(|row| !row & 0xff);
        assert_eq!(key(&rows, 8), key(&reverse, 8));
        assert_ne!(key(&rows, 8), key(&[0b0011_0000, 0b0101_1111, 0xfe], 8));
        assert_ne!(key(&[0, 1], 8), key(&[1, 0], 8), "the order of rows counts");
    }

    #[test]
    fn a_further_column_of_background_does_not_change_the_key() {
        assert_eq!(key(&[0b0110, 0b1111], 4), key(&[0b01100, 0b11110], 5));
        assert_ne!(key(&[0b0110, 0b1111], 4), key(&[0b00110, 0b01111], 5));
    }

    #[test]
    fn known_keys() {
        // By hand: a state of 0 stays 0 while rows are empty; one set pixel at the left is 2^31 x the multiplier, mod 2^64, and
        // a shift.
        assert_eq!(key(&[0, 0], 8), 0);
        let product = 0xbfa5_3e0a_8000_0000_u64;
        assert_eq!(key(&[0, 0x80], 8), product ^ product >> 29);
    }
}
