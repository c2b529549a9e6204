//! What has changed between two pictures. Pure.

use crate::picture::Rectangle;
use crate::rfb::Framebuffer;

/// Pictures are compared in tiles of this size, in pixels.
const TILE_WIDTH: u16 = 64;
const TILE_HEIGHT: u16 = 16;

/// Copies the pixels of `area` from `from` to `to`, which have the same size, and returns where they differed: whole tiles, joined
/// in each row of tiles. A server may send pixels that have not changed, and one area around several changes.
pub(super) fn copy_changes(from: &Framebuffer, to: &mut Framebuffer, area: Rectangle) -> Vec<Rectangle> {
    let mut changes: Vec<Rectangle> = Vec::new();
    let Some(area) = area.intersection(to.bounds()).filter(|_| from.bounds() == to.bounds()) else { return changes };
    for top in (0..area.height).step_by(TILE_HEIGHT.into()) {
        let height = TILE_HEIGHT.min(area.height - top);
        let mut last: Option<Rectangle> = None;
        for left in (0..area.width).step_by(TILE_WIDTH.into()) {
            let width = TILE_WIDTH.min(area.width - left);
            let tile = Rectangle { x: area.x + left, y: area.y + top, width, height };
            if !to.copy_from(from, tile) {
                changes.extend(last.take());
            } else {
                last = Some(last.map_or(tile, |last| last.union(tile)));
            }
        }
        changes.extend(last);
    }
    changes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn changes_hold_every_pixel_that_differs(
            pixels in prop::collection::vec((0..200u16, 0..70u16), 0..12),
            (x, y, width, height) in (0..200u16, 0..70u16, 1..200u16, 1..70u16),
        ) {
            let mut from = Framebuffer::new(200, 70).unwrap();
            for &(x, y) in &pixels {
                from.fill(Rectangle { x, y, width: 1, height: 1 }, 1);
            }
            let mut to = Framebuffer::new(200, 70).unwrap();
            let area = Rectangle { x, y, width, height };
            let changes = copy_changes(&from, &mut to, area);
            for &(x, y) in &pixels {
                let is_copied = area.contains(x, y);
                let count = changes.iter().filter(|change| change.contains(x, y)).count();
                prop_assert_eq!(count, usize::from(is_copied), "({}, {})", x, y);
                prop_assert_eq!(to.pixels()[usize::from(y) * 200 + usize::from(x)], u32::from(is_copied));
            }
            for change in &changes {
                prop_assert!(pixels.iter().any(|(x, y)| change.contains(*x, *y)));
            }
        }
    }

    #[test]
    fn pictures_of_two_sizes_are_not_compared() {
        let mut to = Framebuffer::new(2, 2).unwrap();
        let from = Framebuffer::new(3, 2).unwrap();
        assert_eq!(copy_changes(&from, &mut to, from.bounds()), []);
    }
}
