//! Any two pictures of one size and any area: the comparison equals a plain count, pixel by pixel.
//!
//! The input's first nine bytes are width, height, tolerance, and x, y, width, height of the area (the last two bytes are
//! spare); the pixels of both pictures follow in turn.

#![no_main]

use ecs_vnc::picture::{Picture, Rectangle, Similarity, compare};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [width, height, tolerance, x, y, area_width, area_height, _, _, pixels @ ..] = data else { return };
    let (width, height) = (u32::from(width % 40) + 1, u32::from(height % 40) + 1);
    let length = (width * height * 3) as usize;
    let take = |start: usize| -> Vec<u8> {
        (start..start + length).map(|index| pixels.get(index % pixels.len().max(1)).copied().unwrap_or(0)).collect()
    };
    let (one, other) = (Picture::new(width, height, take(0)), Picture::new(width, height, take(length)));
    let (Ok(one), Ok(other)) = (one, other) else { return };
    let area = Rectangle {
        x: (x % 48).into(),
        y: (y % 48).into(),
        width: (area_width % 48).into(),
        height: (area_height % 48).into(),
    };
    let is_inside = u32::from(area.x) + u32::from(area.width) <= width && u32::from(area.y) + u32::from(area.height) <= height;
    match compare(&one, &other, Some(area), *tolerance) {
        Similarity::Sizes(..) => panic!("the sizes are equal"),
        Similarity::Outside(..) => {}
        Similarity::Pixels { equal, of, differs } => {
            assert!(is_inside);
            let (mut count, mut bounds) = (0, None::<(u16, u16, u16, u16)>);
            for y in area.y..area.y + area.height {
                for x in area.x..area.x + area.width {
                    let values = one.pixel(x.into(), y.into()).zip(other.pixel(x.into(), y.into())).expect("inside");
                    if values.0.iter().zip(values.1).all(|(a, b)| a.abs_diff(b) <= *tolerance) {
                        count += 1;
                    } else {
                        let (left, top, right, bottom) = bounds.unwrap_or((x, y, x, y));
                        bounds = Some((left.min(x), top.min(y), right.max(x), bottom.max(y)));
                    }
                }
            }
            assert_eq!((equal, of), (count, u64::from(area.width) * u64::from(area.height)));
            let found = differs.map(|r| (r.x, r.y, r.x + r.width - 1, r.y + r.height - 1));
            assert_eq!(found, bounds);
        }
    }
});
