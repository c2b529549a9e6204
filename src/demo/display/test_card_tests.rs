use super::*;

fn card() -> TestCard {
    TestCard::new("i-1", "office-01, a Windows")
}

fn picture(card: &TestCard) -> Vec<(u16, u16, [u8; 3])> {
    let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    places.map(|(x, y)| (x, y, card.pixel(x, y))).collect()
}

/// The smallest area around all that differs.
fn changed(before: &TestCard, after: &TestCard) -> Option<Rectangle> {
    let differing = picture(before).into_iter().zip(picture(after)).filter(|(then, now)| then != now);
    let dots = differing.map(|((x, y, _), _)| Rectangle { x, y, width: 1, height: 1 });
    dots.reduce(Rectangle::union)
}

fn press(card: &mut TestCard, code: Code) {
    card.press(code, true);
    card.press(code, false);
}

fn lies_in(inner: Rectangle, outer: Rectangle) -> bool {
    inner.union(outer) == outer
}

#[test]
fn bars_gradients_patterns_and_border_are_where_they_belong() {
    let card = card();
    assert_eq!(card.pixel(1, 1), WHITE);
    assert_eq!([card.pixel(127, 80), card.pixel(128, 80)], [WHITE, [255, 255, 0]]);
    assert_eq!(card.pixel(1000, 119), BLACK);
    assert_eq!([card.pixel(1, 130), card.pixel(512, 130), card.pixel(1022, 147)], [BLACK, [127; 3], [254; 3]]);
    assert_eq!([card.pixel(1, 148), card.pixel(512, 175)], [[0, 0, 255], [127, 255, 128]]);
    assert_eq!([card.pixel(2, 180), card.pixel(3, 180), card.pixel(2, 181)], [WHITE, BLACK, WHITE]);
    assert_eq!([card.pixel(258, 180), card.pixel(259, 180), card.pixel(258, 181)], [WHITE, WHITE, BLACK]);
    assert_eq!([card.pixel(514, 180), card.pixel(515, 180), card.pixel(515, 181)], [WHITE, BLACK, WHITE]);
    assert_eq!([card.pixel(776, 179), card.pixel(777, 184), card.pixel(777, 185)], [WHITE, WHITE, BLACK]);
    for (x, y) in [(0, 0), (1023, 0), (0, 767), (1023, 767), (0, 300), (512, 767)] {
        assert_eq!(card.pixel(x, y), WHITE, "({x}, {y})");
    }
    for (x, y) in [(1024, 0), (0, 768), (u16::MAX, u16::MAX)] {
        assert_eq!(card.pixel(x, y), BLACK, "({x}, {y})");
    }
    assert_eq!(
        [card.pixel(1023, 5), card.pixel(1022, 220), card.pixel(5, 767), card.pixel(5, 766)],
        [WHITE, BLACK, WHITE, BLACK]
    );
}

#[test]
fn a_key_changes_the_block_and_nothing_outside_what_may_change() {
    let typing = TestCard::typing_area();
    let mut card = card();
    for code in [0x61, 0x61, 0xff0d, 0xff08, 0xffe5, 0, u32::MAX].map(Code::Keysym) {
        let before = card.clone();
        press(&mut card, code);
        let area = changed(&before, &card).expect("something changes");
        assert!(lies_in(area, typing), "{code:?} {area:?}");
        assert!(area.intersection(BLOCK).is_some() && lies_in(BLOCK, area), "{code:?} {area:?}");
        assert_eq!(card.changes_since(&before), [typing]);
        assert_eq!(card.changes_since(&card), []);
    }
    // Filled to its last corner.
    (0..5000).for_each(|_| press(&mut card, Code::Scancode(0x1e)));
    let area = changed(&self::card(), &card).unwrap();
    assert!(lies_in(area, typing), "{area:?}");
    let unused = typing.right() - area.right() + typing.bottom() - area.bottom();
    assert!(unused < 40, "{area:?} of {typing:?}");
}

#[test]
fn a_key_that_goes_up_changes_nothing() {
    let mut card = card();
    card.press(Code::Keysym(0x61), true);
    let before = card.clone();
    card.press(Code::Keysym(0x61), false);
    assert_eq!(changed(&before, &card), None);
}

#[test]
fn the_block_shows_the_number_in_bits() {
    let mut card = card();
    press(&mut card, Code::Keysym(0x8000_0001));
    let cell = |column: u16, row: u16| card.pixel(16 + column * 16 + 8, 284 + row * 24 + 12);
    let black: Vec<_> =
        (0..4).flat_map(|y| (0..8).map(move |x| (x, y))).filter(|&(x, y)| cell(x, y) == BLACK).collect();
    assert_eq!(black, [(0, 0), (7, 3)]);
}

#[test]
fn what_is_typed_is_shown_and_in_which_way_it_came() {
    let mut card = card();
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
    let mut card = card();
    // The upper left dot of the C of CAPS, whose second column is inked.
    let place = (160 + 4 * 12 + 2, 284);
    assert_eq!(card.pixel(place.0, place.1), DIM);
    press(&mut card, Code::Keysym(0xffe5));
    assert_eq!(card.pixel(place.0, place.1), GREEN);
}

#[test]
fn a_long_name_stays_in_its_place() {
    let long = "i-".repeat(500);
    let (plain, loaded) = (card(), TestCard::new(&long, &long));
    let mut noted = loaded.clone();
    noted.set_note(&long);
    for card in [&loaded, &noted] {
        let area = changed(&plain, card).unwrap();
        assert!(area.right() <= 1008 && area.y >= 200 && area.bottom() <= 284, "{area:?}");
    }
}
