use super::*;

const SIZE: (u16, u16) = (1024, 768);
const ALL: Rectangle = area(0, 0, 1024, 768);
/// Something that changes.
const PART: Rectangle = area(16, 284, 1008, 752);

const fn area(left: u16, top: u16, right: u16, bottom: u16) -> Rectangle {
    Rectangle { x: left, y: top, width: right - left, height: bottom - top }
}

/// A screen the client has seen all of.
fn seen() -> ClientView {
    let mut view = ClientView::new(SIZE);
    ask(&mut view, false, ALL);
    assert_eq!(due(&mut view), Some(vec![ALL]));
    view
}

fn ask(view: &mut ClientView, is_incremental: bool, area: Rectangle) {
    view.handle(ClientMessage::UpdateRequest { is_incremental, area });
}

/// The areas of the update that is due, which announces nothing.
fn due(view: &mut ClientView) -> Option<Vec<Rectangle>> {
    view.take_due(true).map(|update| {
        assert!(update.announcements.is_empty(), "{update:?}");
        update.areas
    })
}

fn announce(view: &mut ClientView, numbers: &[i32]) {
    let mut encodings = ClientEncodings::default();
    numbers.iter().for_each(|number| encodings.add(*number));
    view.handle(ClientMessage::SetEncodings(encodings));
}

#[test]
fn a_full_request_is_answered_each_time() {
    let mut view = seen();
    for _ in 0..2 {
        ask(&mut view, false, area(1, 2, 3, 4));
        assert_eq!(due(&mut view), Some(vec![area(1, 2, 3, 4)]));
        assert_eq!(due(&mut view), None);
    }
    ask(&mut view, false, area(9, 9, 9, 9));
    assert_eq!(due(&mut view), Some(vec![]));
}

#[test]
fn the_first_incremental_request_gets_what_the_client_never_saw() {
    let mut view = ClientView::new(SIZE);
    ask(&mut view, true, ALL);
    assert_eq!(due(&mut view), Some(vec![ALL]));
}

#[test]
fn an_incremental_request_waits_for_a_change() {
    let mut view = seen();
    assert!(!view.is_awaited());
    ask(&mut view, true, ALL);
    assert!(view.is_awaited());
    assert_eq!(due(&mut view), None);
    view.add_damage(PART);
    assert_eq!(due(&mut view), Some(vec![PART]));
    view.add_damage(PART);
    assert_eq!(due(&mut view), None, "one request, one answer");
    ask(&mut view, true, ALL);
    assert_eq!(due(&mut view), Some(vec![PART]), "what changed in between is not lost");
    ask(&mut view, true, ALL);
    assert_eq!(due(&mut view), None);
}

#[test]
fn an_incremental_request_elsewhere_stays_open() {
    let mut view = seen();
    ask(&mut view, true, area(0, 0, 1024, 284));
    view.add_damage(PART);
    assert_eq!(due(&mut view), None);
    ask(&mut view, true, area(0, 280, 20, 290));
    assert_eq!(due(&mut view), Some(vec![area(16, 284, 1008, 290)]), "both are one, in the bounds of both");
    ask(&mut view, true, ALL);
    assert_eq!(due(&mut view), Some(vec![area(16, 290, 1008, 752)]), "and only the rest is new");
}

#[test]
fn a_client_that_picks_single_pixels_costs_no_memory() {
    let mut view = seen();
    view.add_damage(PART);
    for n in 0..10_000 {
        ask(&mut view, false, area(16 + n % 600, 284 + n % 90, 17 + n % 600, 285 + n % 90));
        assert_eq!(due(&mut view).map(|areas| areas.len()), Some(1));
    }
    ask(&mut view, true, ALL);
    assert!(due(&mut view).is_some_and(|areas| (1..=64).contains(&areas.len())));
}

#[test]
fn who_offers_extended_keys_is_told_once() {
    let mut view = ClientView::new(SIZE);
    let mut offer = |number: i32, accepts_scancodes: bool| {
        announce(&mut view, &[number]);
        view.take_notices(accepts_scancodes)
    };
    assert!(offer(0, true).is_empty() && offer(-258, false).is_empty(), "the screen takes no scancodes yet");
    // rfbproto.rst: an update with one rectangle of this encoding, which has no data.
    assert_eq!(offer(-258, true), [b"\0\0\0\x01\0\0\0\0\x04\0\x03\0\xff\xff\xfe\xfe".to_vec()]);
    assert!(offer(-258, true).is_empty() && offer(0, true).is_empty() && offer(-258, true).is_empty());
}

#[test]
fn leds_are_told_to_who_asks_for_them_and_when_they_change() {
    let mut view = ClientView::new(SIZE);
    view.set_leds(2);
    assert!(view.take_notices(false).is_empty());
    announce(&mut view, &[-261]);
    // rfbproto.rst, "QEMU LED State Pseudo-encoding": one byte follows the rectangle.
    assert_eq!(view.take_notices(false), [b"\0\0\0\x01\0\0\0\0\0\x01\0\x01\xff\xff\xfe\xfb\x02".to_vec()]);
    view.set_leds(2);
    assert!(view.take_notices(false).is_empty());
    view.set_leds(6);
    assert_eq!(view.take_notices(false).concat().last(), Some(&6));
}

#[test]
fn the_pointers_shape_is_told_in_the_clients_format() {
    let shape = CursorShape {
        hotspot: (1, 0),
        width: 2,
        height: 1,
        pixels: vec![0xff_80_00, 0x00_00_ff],
        mask: vec![0b1000_0000],
    };
    let mut view = ClientView::new(SIZE);
    view.set_cursor(&Arc::new(shape));
    ask(&mut view, false, ALL);
    assert_eq!(view.take_due(true).unwrap().announcements, [[0_u8; 0]; 0], "it does not follow shapes");
    announce(&mut view, &[-239]);
    ask(&mut view, false, ALL);
    // RFC 6143, section 7.8.1: the hotspot, the size, the number; pixels; a bit for each.
    let told = b"\0\x01\0\0\0\x02\0\x01\xff\xff\xff\x11\0\x80\xff\0\xff\0\0\0\x80".to_vec();
    assert_eq!(view.take_due(true).unwrap().announcements, [told]);
    ask(&mut view, false, ALL);
    assert_eq!(view.take_due(true).unwrap().announcements, [[0_u8; 0]; 0], "it is told once");
}

#[test]
fn a_bell_rings_once() {
    let mut view = ClientView::new(SIZE);
    view.ring();
    view.ring();
    assert_eq!(view.take_notices(false), [vec![2]]);
    assert!(view.take_notices(false).is_empty());
}

#[test]
fn a_new_size_comes_alone_and_then_the_whole_screen() {
    let new = area(0, 0, 800, 600);
    // RFC 6143, section 7.8.2.
    let by_size = b"\0\0\0\0\x03\x20\x02\x58\xff\xff\xff\x21".to_vec();
    // rfbproto.rst: the reason and the status in x and y, then one screen with its id, area and flags.
    let by_screens =
        b"\0\0\0\0\x03\x20\x02\x58\xff\xff\xfe\xcc\x01\0\0\0\0\0\0\0\0\0\0\0\x03\x20\x02\x58\0\0\0\0".to_vec();
    for (numbers, expected) in [(&[-223][..], by_size), (&[-223, -308], by_screens)] {
        let mut view = seen();
        announce(&mut view, numbers);
        if numbers.len() == 2 {
            ask(&mut view, false, area(0, 0, 1, 1));
            let first = view.take_due(true).unwrap();
            assert_eq!((first.announcements.len(), first.areas), (1, vec![area(0, 0, 1, 1)]), "told its size once");
        }
        view.resize((800, 600));
        view.add_damage(area(0, 0, 800, 600));
        assert_eq!(view.take_due(true), None, "nothing was requested");
        ask(&mut view, true, ALL);
        let update = view.take_due(true).unwrap();
        assert_eq!((update.announcements, update.areas), (vec![expected], vec![]));
        assert_eq!(view.take_due(true), None, "one request, one answer");
        ask(&mut view, true, new);
        assert_eq!(due(&mut view), Some(vec![new]));
    }
}

#[test]
fn a_client_that_knows_no_sizes_keeps_its_own() {
    let mut view = seen();
    view.resize((2000, 100));
    ask(&mut view, true, ALL);
    assert_eq!(due(&mut view), Some(vec![ALL]));
    view.add_damage(area(1000, 0, 1500, 9));
    ask(&mut view, true, ALL);
    assert_eq!(due(&mut view), Some(vec![area(1000, 0, 1024, 9)]));
}

#[test]
fn a_wish_for_a_size_is_refused() {
    let mut view = seen();
    announce(&mut view, &[-308]);
    view.handle(ClientMessage::SetDesktopSize);
    let notice = view.take_notices(false).concat();
    // The client's own change (1), administratively prohibited (1), and the size as it is.
    assert_eq!(notice[..16], *b"\0\0\0\x01\0\x01\0\x01\x04\0\x03\0\xff\xff\xfe\xcc");
}

#[test]
fn a_name_goes_with_an_answer_and_answers_nothing_itself() {
    let mut view = seen();
    view.rename("web-01");
    ask(&mut view, true, ALL);
    assert_eq!(view.take_due(true), None, "the client has not announced names");
    announce(&mut view, &[-307]);
    let update = view.take_due(false).unwrap();
    let expected = b"\0\0\0\0\0\0\0\0\xff\xff\xfe\xcd\0\0\0\x06web-01".to_vec();
    assert_eq!((update.announcements, update.areas), (vec![expected], vec![]));
    view.add_damage(PART);
    assert_eq!(view.take_due(false), None, "no picture");
    assert_eq!(due(&mut view), Some(vec![PART]), "the request is still open");
}

#[test]
fn a_client_with_a_colour_map_gets_one() {
    let mut view = ClientView::new(SIZE);
    view.handle(ClientMessage::SetPixelFormat(PixelMode::ColourMap));
    let notice = view.take_notices(false).concat();
    // RFC 6143, section 7.6.2: from 0 on, 256 colours of three times two bytes.
    assert_eq!((&notice[..6], notice.len()), (&b"\x01\0\0\0\x01\0"[..], 6 + 256 * 6));
    assert_eq!(notice[6..12], [0; 6]);
    assert_eq!(notice[6 + 255 * 6..], [255; 6]);
    assert_eq!(notice[6 + 0xe0 * 6..][..6], [255, 255, 0, 0, 0, 0], "red in the high bits");
    assert!(view.take_notices(false).is_empty());
}
