//! Pictures that were made smaller: the sizes they may have had, and how to get back there.

use super::pixels::Pixels;

/// The sizes of common screens. Sources: the VGA's text modes, and VESA's DMT standard.
const SCREEN_SIZES: [(usize, usize); 15] = [
    (720, 400),
    (640, 480),
    (640, 400),
    (800, 600),
    (1024, 768),
    (1280, 720),
    (1280, 800),
    (1280, 1024),
    (1366, 768),
    (1440, 900),
    (1600, 900),
    (1680, 1050),
    (1920, 1080),
    (1920, 1200),
    (2560, 1440),
];

/// The smallest scale at which text was read: three quarters. Below, glyphs run into each other.
const MIN_SCALE: (usize, usize) = (3, 4);

/// The sizes that a picture may have had before it was made smaller, by at most a quarter. Both sides have the same scale, but
/// for a pixel of rounding.
pub(super) fn original_sizes(width: usize, height: usize) -> impl Iterator<Item = (usize, usize)> {
    SCREEN_SIZES.into_iter().filter(move |(full_width, full_height)| {
        let is_smaller = width < *full_width && height < *full_height;
        let is_near = width * MIN_SCALE.1 + 2 >= full_width * MIN_SCALE.0;
        let scaled_height = full_height * width / full_width;
        is_smaller && is_near && scaled_height.abs_diff(height) <= 1
    })
}

/// Scales to a larger size, with linear interpolation between the four nearest pixels.
pub(super) fn enlarge(pixels: Pixels<'_>, (width, height): (usize, usize)) -> Vec<u32> {
    let columns = positions(pixels.width(), width);
    let rows = positions(pixels.height(), height);
    let mut enlarged = Vec::with_capacity(width * height);
    for (y, below) in &rows {
        let (upper, lower) = (pixels.row(0, *y, pixels.width()), pixels.row(0, y + 1, pixels.width()));
        let lower = if lower.is_empty() { upper } else { lower };
        for (x, beside) in &columns {
            let at = |row: &[u32], x: usize| row.get(x).or(row.last()).copied().unwrap_or_default();
            let upper = mix(at(upper, *x), at(upper, x + 1), *beside);
            let lower = mix(at(lower, *x), at(lower, x + 1), *beside);
            enlarged.push(mix(upper, lower, *below));
        }
    }
    enlarged
}

/// For each new pixel, the old pixel before it, and how far it is from there to the next one, in 256ths.
fn positions(old: usize, new: usize) -> Vec<(usize, u32)> {
    // The middle of a new pixel is where the middle of an old one would be.
    let position = |index: usize| ((2 * index + 1) * old * 128 / new).saturating_sub(128);
    (0..new).map(|index| (position(index) / 256, (position(index) % 256) as u32)).collect()
}

/// The colour between two colours; `share` is that of the second, in 256ths.
fn mix(one: u32, other: u32, share: u32) -> u32 {
    let (one, other) = (one.to_be_bytes(), other.to_be_bytes());
    let mut mixed = [0; 4];
    for (mixed, (one, other)) in mixed.iter_mut().zip(one.into_iter().zip(other)) {
        *mixed = ((u32::from(one) * (256 - share) + u32::from(other) * share) / 256) as u8;
    }
    u32::from_be_bytes(mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_three_quarters_may_have_been_whole() {
        assert_eq!(original_sizes(540, 300).collect::<Vec<_>>(), [(720, 400)]);
        assert_eq!(original_sizes(960, 600).collect::<Vec<_>>(), [(1280, 800)]);
        assert_eq!(original_sizes(1280, 800).collect::<Vec<_>>(), [(1440, 900), (1680, 1050)]);
        assert_eq!(original_sizes(500, 278).count(), 0);
    }

    #[test]
    fn pixels_between_two_are_between_them() {
        let enlarged = enlarge(Pixels::new(2, 1, &[0, 0xff_ff_ff]).unwrap(), (4, 2));
        assert_eq!(enlarged[..4], [0, 0x3f_3f_3f, 0xbf_bf_bf, 0xff_ff_ff]);
        assert_eq!(enlarged[..4], enlarged[4..]);
    }
}
