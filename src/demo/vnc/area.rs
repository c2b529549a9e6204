//! Rectangles of the picture: pure.

/// A rectangle of the picture that holds at least one pixel. `right` and `bottom` are the first ones outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    /// The first column.
    pub(crate) left: u16,
    /// The first line.
    pub(crate) top: u16,
    /// The first column after it.
    pub(crate) right: u16,
    /// The first line after it.
    pub(crate) bottom: u16,
}

impl Area {
    /// This rectangle, in the words of the wire, which may ask for more than there is.
    pub(crate) fn asked(x: u16, y: u16, width: u16, height: u16) -> Option<Self> {
        Self { left: x, top: y, right: x.saturating_add(width), bottom: y.saturating_add(height) }.unless_empty()
    }

    /// Whether it holds this pixel.
    pub(crate) fn contains(self, x: u16, y: u16) -> bool {
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }

    /// What both hold.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
        .unless_empty()
    }

    /// The smallest one that holds both.
    pub(crate) fn around(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What is left of it without `hole`: the parts above, below, left and right of that.
    pub(crate) fn without(self, hole: Self) -> impl Iterator<Item = Self> {
        let parts = match self.common(hole) {
            None => [Some(self), None, None, None],
            Some(hole) => [
                Self { bottom: hole.top, ..self }.unless_empty(),
                Self { top: hole.bottom, ..self }.unless_empty(),
                Self { top: hole.top, bottom: hole.bottom, right: hole.left, ..self }.unless_empty(),
                Self { top: hole.top, bottom: hole.bottom, left: hole.right, ..self }.unless_empty(),
            ],
        };
        parts.into_iter().flatten()
    }

    fn unless_empty(self) -> Option<Self> {
        (self.left < self.right && self.top < self.bottom).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: u16, top: u16, right: u16, bottom: u16) -> Area {
        Area { left, top, right, bottom }
    }

    #[test]
    fn the_wire_may_ask_for_more_than_there_is() {
        let picture = area(0, 0, 640, 400);
        let clipped = |x, y, width, height| Area::asked(x, y, width, height).and_then(|asked| asked.common(picture));
        assert_eq!(clipped(0, 0, 640, 400), Some(picture));
        assert_eq!(clipped(0, 0, 65535, 65535), Some(picture));
        assert_eq!(clipped(639, 399, 65535, 65535), Some(area(639, 399, 640, 400)));
        for (x, y, width, height) in [(640, 0, 1, 1), (0, 400, 1, 1), (5, 5, 0, 9), (5, 5, 9, 0), (65535, 65535, 9, 9)]
        {
            assert_eq!(clipped(x, y, width, height), None);
        }
    }

    #[test]
    fn a_hole_leaves_each_pixel_outside_it_once() {
        let whole = area(2, 2, 8, 8);
        let holes =
            [area(3, 4, 5, 6), area(0, 0, 4, 4), whole, area(0, 0, 9, 3), area(20, 20, 30, 30), area(7, 0, 9, 9)];
        for hole in holes {
            let parts: Vec<_> = whole.without(hole).collect();
            for (x, y) in (0..10).flat_map(|x| (0..10).map(move |y| (x, y))) {
                let expected = whole.contains(x, y) && !hole.contains(x, y);
                let count = parts.iter().filter(|part| part.contains(x, y)).count();
                assert_eq!(count, usize::from(expected), "({x}, {y}) without {hole:?}");
            }
        }
    }

    #[test]
    fn around_holds_both() {
        assert_eq!(area(1, 5, 2, 6).around(area(4, 2, 9, 3)), area(1, 2, 9, 6));
    }
}
