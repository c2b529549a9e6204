//! A set of pixels as a bounded number of rectangles. Pure.

use crate::picture::Rectangle;

/// More rectangles than this become one that holds them all.
pub(crate) const MAX_RECTANGLES: usize = 64;

/// What a client has not seen in its present state. The rectangles do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StaleArea(Vec<Rectangle>);

impl StaleArea {
    /// Nothing but this rectangle.
    pub(crate) fn all(area: Rectangle) -> Self {
        Self(Some(area).into_iter().filter(|area| !area.is_empty()).collect())
    }

    pub(crate) fn add(&mut self, area: Rectangle) {
        if area.is_empty() {
            return;
        }
        self.cut(area);
        self.0.push(area);
        self.limit();
    }

    pub(crate) fn remove(&mut self, area: Rectangle) {
        self.cut(area);
        self.limit();
    }

    /// The parts that lie in `area`.
    pub(crate) fn within(&self, area: Rectangle) -> Vec<Rectangle> {
        self.0.iter().filter_map(|stale| stale.intersection(area)).collect()
    }

    fn cut(&mut self, hole: Rectangle) {
        if self.0.iter().any(|stale| stale.intersects(hole)) {
            self.0 = self.0.iter().flat_map(|stale| stale.without(hole)).collect();
        }
    }

    fn limit(&mut self) {
        if self.0.len() > MAX_RECTANGLES {
            self.0 = self.0.iter().copied().reduce(Rectangle::union).into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIDE: u16 = 40;

    proptest! {
        #[test]
        fn nothing_stale_is_lost_and_the_number_is_bounded(
            steps in prop::collection::vec((any::<bool>(), 0..SIDE, 0..SIDE, 0..9u16, 0..9u16), 0..300)
        ) {
            let mut area = StaleArea::default();
            let mut is_stale = [[false; SIDE as usize]; SIDE as usize];
            for (is_added, x, y, width, height) in steps {
                let part = Rectangle { x, y, width: width.min(SIDE - x), height: height.min(SIDE - y) };
                if is_added { area.add(part) } else { area.remove(part) }
                for row in &mut is_stale[y.into()..][..part.height.into()] {
                    row[x.into()..][..part.width.into()].fill(is_added);
                }
                prop_assert!(area.0.len() <= MAX_RECTANGLES);
            }
            let whole = area.within(Rectangle { x: 0, y: 0, width: SIDE, height: SIDE });
            for (y, row) in (0..).zip(&is_stale) {
                for (x, &is_stale) in (0..).zip(row) {
                    let count = whole.iter().filter(|part| part.contains(x, y)).count();
                    prop_assert!(count <= 1 && (count == 1 || !is_stale), "({}, {}): {}", x, y, count);
                }
            }
        }
    }
}
