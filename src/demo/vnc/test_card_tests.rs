use chrono::TimeZone as _;

use super::*;

fn card(kind: Kind) -> TestCard {
    TestCard::new(kind, "i-1", "web-01, a Linux")
}

fn picture(card: &TestCard) -> Vec<(u16, u16, [u8; 3])> {
    let Rectangle { width, height, .. } = card.all();
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places.map(|(x, y)| (x, y, card.pixel(x, y))).collect()
}

/// The smallest area around all that differs.
fn changed(before: &TestCard, after: &TestCard) -> Option<Rectangle> {
    let differing = picture(before).into_iter().zip(picture(after)).filter(|(then, now)| then != now);
    let dots = differing.map(|((x, y, _), _)| Rectangle { x, y, width: 1, height: 1 });
    dots.reduce(Rectangle::union)
}

fn press(card: &mut TestCard, code: Code) {
    card.key(code, true);
    card.key(code, false);
}

fn lies_in(inner: Rectangle, outer: Rectangle) -> bool {
    inner.union(outer) == outer
}

#[test]
fn bars_gradients_patterns_and_border_are_where_they_belong() {
    let card = card(Kind::Linux);
    assert_eq!(card.pixel(1, 1), WHITE);
    assert_eq!([card.pixel(79, 80), card.pixel(80, 80)], [WHITE, [255, 255, 0]]);
    assert_eq!(card.pixel(600, 119), BLACK);
    assert_eq!([card.pixel(1, 130), card.pixel(320, 130), card.pixel(638, 147)], [BLACK, [127; 3], [254; 3]]);
    assert_eq!([card.pixel(1, 148), card.pixel(320, 175)], [[0, 0, 255], [127, 255, 128]]);
    assert_eq!([card.pixel(2, 180), card.pixel(3, 180), card.pixel(2, 181)], [WHITE, BLACK, WHITE]);
    assert_eq!([card.pixel(162, 180), card.pixel(163, 180), card.pixel(162, 181)], [WHITE, WHITE, BLACK]);
    assert_eq!([card.pixel(322, 180), card.pixel(323, 180), card.pixel(323, 181)], [WHITE, BLACK, WHITE]);
    assert_eq!([card.pixel(488, 179), card.pixel(489, 184), card.pixel(489, 185)], [WHITE, WHITE, BLACK]);
    for (x, y) in [(0, 0), (639, 0), (0, 399), (639, 399), (0, 300), (320, 399)] {
        assert_eq!(card.pixel(x, y), WHITE, "({x}, {y})");
    }
    for (x, y) in [(640, 0), (0, 400), (u16::MAX, u16::MAX)] {
        assert_eq!(card.pixel(x, y), BLACK, "({x}, {y})");
    }
}

#[test]
fn each_kind_has_its_size_with_the_border_around_it() {
    for (kind, width, height) in [(Kind::Linux, 640, 400), (Kind::Windows, 1024, 768)] {
        let card = card(kind);
        assert_eq!(card.all(), Rectangle { x: 0, y: 0, width, height });
        assert_eq!([card.pixel(width - 1, 5), card.pixel(width - 2, 220)], [WHITE, BLACK]);
        assert_eq!([card.pixel(5, height - 1), card.pixel(5, height - 2)], [WHITE, BLACK]);
    }
}

#[test]
fn a_key_changes_the_block_and_nothing_outside_what_may_change() {
    for kind in [Kind::Linux, Kind::Windows] {
        let mut card = card(kind);
        for code in [0x61, 0x61, 0xff0d, 0xff08, 0xffe5, 0, u32::MAX].map(Code::Keysym) {
            let before = card.clone();
            press(&mut card, code);
            let area = changed(&before, &card).expect("something changes");
            assert!(lies_in(area, card.typing()), "{code:?} {area:?}");
            assert!(area.intersection(BLOCK).is_some() && lies_in(BLOCK, area), "{code:?} {area:?}");
        }
        // Filled to its last corner.
        (0..5000).for_each(|_| press(&mut card, Code::Scancode(0x1e)));
        let area = changed(&TestCard::new(kind, "i-1", "web-01, a Linux"), &card).unwrap();
        assert!(lies_in(area, card.typing()), "{area:?}");
        let unused = card.typing().right() - area.right() + card.typing().bottom() - area.bottom();
        assert!(unused < 40, "{area:?} of {:?}", card.typing());
    }
}

#[test]
fn a_key_that_goes_up_changes_nothing() {
    let mut card = card(Kind::Linux);
    card.key(Code::Keysym(0x61), true);
    let before = card.clone();
    card.key(Code::Keysym(0x61), false);
    assert_eq!(changed(&before, &card), None);
}

#[test]
fn the_clock_changes_its_own_area_each_second_and_a_windows_has_none() {
    let time = |second| Utc.with_ymd_and_hms(2026, 11, 25, 10, 12, second).unwrap();
    let linux = card(Kind::Linux);
    let area = changed(&linux.clone().at(time(3)), &linux.clone().at(time(4))).expect("it goes on");
    assert!(lies_in(area, linux.clock().unwrap()), "{area:?}");
    let shown = changed(&linux, &linux.clone().at(time(3))).expect("it is shown");
    assert!(lies_in(shown, linux.clock().unwrap()) && shown.width > 120, "{shown:?}");
    assert_eq!(linux.clone().at(time(3)).clock.text.iter().collect::<String>(), "10:12:03");
    let windows = card(Kind::Windows);
    assert_eq!(windows.clock(), None);
    assert_eq!(changed(&windows, &windows.clone().at(time(3))), None);
}

#[test]
fn the_block_shows_the_number_in_bits() {
    let mut card = card(Kind::Linux);
    press(&mut card, Code::Keysym(0x8000_0001));
    let cell = |column: u16, row: u16| card.pixel(16 + column * 16 + 8, 284 + row * 24 + 12);
    let black: Vec<_> =
        (0..4).flat_map(|y| (0..8).map(move |x| (x, y))).filter(|&(x, y)| cell(x, y) == BLACK).collect();
    assert_eq!(black, [(0, 0), (7, 3)]);
}

#[test]
fn what_is_typed_is_shown_and_in_which_way_it_came() {
    let mut card = card(Kind::Linux);
    let mut typed = |codes: &[Code]| {
        codes.iter().for_each(|&code| press(&mut card, code));
        card.texts.iter().map(|line| line.text.iter().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(typed(&[]), ["no key yet", "NUM", "CAPS", "SCROLL", "> _"]);
    assert_eq!(typed(&[Code::Keysym(0x68)])[0], "key 1: keysym 0x68");
    assert_eq!(typed(&[0x7f, 0x49, 0x20, 0x7e].map(Code::Keysym))[4..], ["> hI ~_"]);
    let last = typed(&[Code::Scancode(0x0e), Code::Scancode(0x1e)]);
    assert_eq!((last[0].as_str(), &last[4..]), ("key 7: scancode 0x1e", &["> hI a_".to_owned()][..]));
    assert_eq!(typed(&[Code::Scancode(0x1c)])[4..], ["> hI a", "> _"]);
}

#[test]
fn a_lock_lights_up() {
    let mut card = card(Kind::Linux);
    // The upper left dot of the C of CAPS, whose second column is inked.
    let place = (160 + 4 * 12 + 2, 284);
    assert_eq!(card.pixel(place.0, place.1), DIM);
    press(&mut card, Code::Keysym(0xffe5));
    assert_eq!(card.pixel(place.0, place.1), GREEN);
}

#[test]
fn a_long_name_stays_in_its_place() {
    let long = "i-".repeat(500);
    let (plain, loaded) = (card(Kind::Linux), TestCard::new(Kind::Linux, &long, &long));
    let mut noted = loaded.clone();
    noted.note(&long);
    for card in [&loaded, &noted] {
        let area = changed(&plain, card).unwrap();
        assert!(area.right() <= 624 && area.y >= 200 && area.bottom() <= 284, "{area:?}");
        let clock = card.clock().unwrap();
        assert!(
            (clock.x..clock.x + clock.width)
                .all(|x| (clock.y..clock.y + clock.height).all(|y| card.pixel(x, y) == BLACK))
        );
    }
}
