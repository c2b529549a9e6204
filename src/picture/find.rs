//! Finds a small picture in a large one.

use super::{Picture, Rectangle};

/// Where a picture was found in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nowhere,
    Once(Rectangle),
    /// The first two places, from the top and then from the left. There may be more.
    Several([Rectangle; 2]),
    /// So many places look almost like the picture that the search was given up.
    TooMuchWork,
}

/// How many pixels are compared at each place before all of them are.
const PROBE_COUNT: usize = 16;

/// In how many rows of the picture, and how often in each, pixels for that are looked for: a picture may be all edges.
const MAX_EDGE_ROWS: usize = 256;
const MAX_EDGES_PER_ROW: usize = 64;

/// How many pixels are compared before the search is given up: this many for each place, on average. Places on real screens
/// differ in one of the first few.
const MAX_COMPARISONS_PER_PLACE: u64 = 64;

/// A pixel of the picture that is looked for: its column, its row and its colour.
type Probe = (usize, usize, [u8; 3]);

/// Looks for `part` in `whole`, or in an area of it. A pixel is equal if none of its three values differs by more than the
/// tolerance. The search stops at the second place.
pub(crate) fn find(whole: &Picture, part: &Picture, area: Option<Rectangle>, tolerance: u8) -> Found {
    let Some(area) = area.unwrap_or_else(|| whole.bounds()).intersection(whole.bounds()) else { return Found::Nowhere };
    let (Some(columns), Some(rows)) =
        (u32::from(area.width).checked_sub(part.width), u32::from(area.height).checked_sub(part.height))
    else {
        return Found::Nowhere;
    };
    let is_equal = |one: &[u8; 3], other: &[u8; 3]| {
        one.iter().zip(other).all(|(value, other)| value.abs_diff(*other) <= tolerance)
    };
    let (whole_rows, part_rows) = (rows_of(whole), rows_of(part));
    let probes = probes(part, tolerance);
    let mut budget = u64::from(columns + 1) * u64::from(rows + 1) * MAX_COMPARISONS_PER_PLACE
        + u64::from(part.width) * u64::from(part.height) * 2;
    let mut first = None;
    for y in usize::from(area.y)..=usize::from(area.y) + rows as usize {
        for x in usize::from(area.x)..=usize::from(area.x) + columns as usize {
            let has_probe = |(column, row, colour): &Probe| is_equal(&whole_rows[y + row][x + column], colour);
            let mut looks_like_it = probes.iter().all(has_probe);
            budget = budget.saturating_sub(1);
            for (row, part_row) in part_rows.iter().enumerate() {
                if !looks_like_it {
                    break;
                }
                let seen = &whole_rows[y + row][x..x + part_row.len()];
                looks_like_it =
                    seen == *part_row || seen.iter().zip(*part_row).all(|(one, other)| is_equal(one, other));
                budget = budget.saturating_sub(part_row.len() as u64);
            }
            if looks_like_it {
                let place =
                    Rectangle { x: x as u16, y: y as u16, width: part.width as u16, height: part.height as u16 };
                match first.replace(place) {
                    None => {}
                    Some(first) => return Found::Several([first, place]),
                }
            }
            if budget == 0 {
                return Found::TooMuchWork;
            }
        }
    }
    first.map_or(Found::Nowhere, Found::Once)
}

fn rows_of(picture: &Picture) -> Vec<&[[u8; 3]]> {
    picture.pixels().chunks_exact(picture.width as usize).collect()
}

/// Pixels that tell the picture from most others: those that differ from the one before them in their row, spread over the
/// picture. A plain background has none of them.
fn probes(part: &Picture, tolerance: u8) -> Vec<Probe> {
    let rows = rows_of(part);
    let mut edges: Vec<Probe> = Vec::new();
    let row_step = rows.len().div_ceil(MAX_EDGE_ROWS).max(1);
    for (y, row) in rows.iter().enumerate().step_by(row_step) {
        let is_edge = |pair: &[[u8; 3]]| pair[0].iter().zip(&pair[1]).any(|(one, two)| one.abs_diff(*two) > tolerance);
        let in_row = row.windows(2).enumerate().filter(|(_, pair)| is_edge(pair)).map(|(x, pair)| (x + 1, y, pair[1]));
        edges.extend(in_row.take(MAX_EDGES_PER_ROW));
        // Both sides of the first edge, in case most of the picture has the colour of one.
        if let Some(x) = row.windows(2).position(is_edge) {
            edges.push((x, y, row[x]));
        }
    }
    let step = edges.len().div_ceil(PROBE_COUNT).max(1);
    let mut probes: Vec<Probe> = edges.into_iter().step_by(step).collect();
    probes.push((0, 0, rows[0][0]));
    probes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A gray picture of one value, on which other pictures can be put.
    fn plain(width: u32, height: u32, value: u8) -> Picture {
        Picture::new(width, height, vec![value; (width * height * 3) as usize]).unwrap()
    }

    /// A picture in which no two places look alike.
    fn button() -> Picture {
        let rgb = (0..12 * 5).flat_map(|index: u32| [(index * 37 % 251) as u8, (index * 91 % 239) as u8, 7]).collect();
        Picture::new(12, 5, rgb).unwrap()
    }

    fn put(whole: &Picture, part: &Picture, x: u32, y: u32) -> Picture {
        let mut rgb = whole.rgb().to_vec();
        for row in 0..part.height() {
            let (from, length) = ((row * part.width() * 3) as usize, (part.width() * 3) as usize);
            let to = (((y + row) * whole.width() + x) * 3) as usize;
            rgb[to..to + length].copy_from_slice(&part.rgb()[from..from + length]);
        }
        Picture::new(whole.width(), whole.height(), rgb).unwrap()
    }

    fn place(x: u16, y: u16) -> Rectangle {
        Rectangle { x, y, width: 12, height: 5 }
    }

    #[test]
    fn a_picture_is_found_wherever_it_is() {
        let screen = plain(80, 40, 9);
        for (x, y) in [(0, 0), (68, 35), (33, 17), (0, 35), (68, 0)] {
            let screen = put(&screen, &button(), x, y);
            assert_eq!(find(&screen, &button(), None, 0), Found::Once(place(x as u16, y as u16)));
        }
        assert_eq!(find(&screen, &button(), None, 0), Found::Nowhere);
        assert_eq!(find(&button(), &button(), None, 0), Found::Once(place(0, 0)), "all of it");
        assert_eq!(find(&button(), &screen, None, 0), Found::Nowhere, "it is larger");
    }

    #[test]
    fn the_search_stops_at_the_second_place() {
        let screen = put(&put(&plain(80, 40, 9), &button(), 40, 3), &button(), 2, 20);
        let screen = put(&screen, &button(), 60, 30);
        assert_eq!(find(&screen, &button(), None, 0), Found::Several([place(40, 3), place(2, 20)]));
        let area = |text: &str| Some(text.parse().unwrap());
        assert_eq!(find(&screen, &button(), area("0,10,50,20"), 0), Found::Once(place(2, 20)));
        assert_eq!(find(&screen, &button(), area("2,20,12,5"), 0), Found::Once(place(2, 20)), "just large enough");
        assert_eq!(find(&screen, &button(), area("3,20,12,5"), 0), Found::Nowhere);
        let even = plain(80, 40, 9);
        let two = |found| matches!(found, Found::Several([one, other]) if (one.x, other.x, other.y) == (0, 1, 0));
        assert!(two(find(&even, &plain(5, 5, 9), None, 0)), "a plain one is everywhere");
    }

    #[test]
    fn the_tolerance_is_per_value() {
        let mut rgb = button().rgb().to_vec();
        rgb[100] ^= 3;
        let screen = put(&plain(80, 40, 200), &Picture::new(12, 5, rgb).unwrap(), 10, 10);
        assert_eq!(find(&screen, &button(), None, 2), Found::Nowhere);
        assert_eq!(find(&screen, &button(), None, 3), Found::Once(place(10, 10)));
    }

    /// Stripes fit almost everywhere into longer stripes; the last row of the part does not.
    #[test]
    fn the_work_is_bounded() {
        let stripes = |width: u32, height: u32| -> Vec<u8> {
            (0..height).flat_map(|_| (0..width).flat_map(|x| [if x % 2 == 0 { 0 } else { 255 }; 3])).collect()
        };
        let screen = Picture::new(600, 600, stripes(600, 600)).unwrap();
        let mut rgb = stripes(200, 200);
        let last = rgb.len() - 3;
        rgb[last..].fill(9);
        let part = Picture::new(200, 200, rgb).unwrap();
        assert_eq!(find(&screen, &part, None, 0), Found::TooMuchWork);
    }

    proptest! {
        /// Against a search that compares all pixels at all places.
        #[test]
        fn the_places_are_those_of_a_plain_search(
            whole in prop::collection::vec(0u8..3, 10 * 8), part in prop::collection::vec(0u8..3, 3 * 2), tolerance in 0u8..2,
        ) {
            let picture = |width, height, values: &[u8]| {
                Picture::new(width, height, values.iter().flat_map(|value| [*value; 3]).collect()).unwrap()
            };
            let is_at = |x: usize, y: usize| {
                (0..6).all(|index| whole[(y + index / 3) * 10 + x + index % 3].abs_diff(part[index]) <= tolerance)
            };
            let places = (0..=6).flat_map(|y| (0..=7).map(move |x| (x, y))).filter(|(x, y)| is_at(*x, *y));
            let places: Vec<Rectangle> =
                places.map(|(x, y)| Rectangle { x: x as u16, y: y as u16, width: 3, height: 2 }).collect();
            let expected = match places[..] {
                [] => Found::Nowhere,
                [one] => Found::Once(one),
                [one, two, ..] => Found::Several([one, two]),
            };
            prop_assert_eq!(find(&picture(10, 8, &whole), &picture(3, 2, &part), None, tolerance), expected);
        }
    }
}
