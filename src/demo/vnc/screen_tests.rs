use super::*;
use crate::demo::display::keyboard::Code;
use crate::demo::display::test_card::TestCard;
use crate::demo::display::vga::{Cell, Position, TextFrame};

const ALL: Rectangle = area(0, 0, 1024, 768);
/// The part of the test card that a key changes.
const TYPING: Rectangle = area(16, 284, 1008, 752);

fn new() -> Screen {
    Screen::new(Frame::Card(Box::new(TestCard::new("i-1", ""))))
}

const fn area(left: u16, top: u16, right: u16, bottom: u16) -> Rectangle {
    Rectangle { x: left, y: top, width: right - left, height: bottom - top }
}

/// A screen the client has seen all of.
fn seen() -> Screen {
    let mut screen = new();
    ask(&mut screen, false, ALL);
    assert_eq!(screen.take_due(), Some(vec![ALL]));
    screen
}

fn ask(screen: &mut Screen, is_incremental: bool, area: Rectangle) {
    screen.handle(ClientMessage::UpdateRequest { is_incremental, area });
}

/// A key goes down or up on the test card.
fn key(screen: &mut Screen, is_down: bool) {
    let Frame::Card(mut card) = screen.frame().clone() else { panic!("no test card") };
    card.press(Code::Keysym(0x61), is_down);
    screen.show(Frame::Card(card));
}

#[test]
fn a_full_request_is_answered_each_time() {
    let mut screen = seen();
    for _ in 0..2 {
        ask(&mut screen, false, area(1, 2, 3, 4));
        assert_eq!(screen.take_due(), Some(vec![area(1, 2, 3, 4)]));
        assert_eq!(screen.take_due(), None);
    }
    screen.handle(ClientMessage::UpdateRequest { is_incremental: false, area: area(9, 9, 9, 9) });
    assert_eq!(screen.take_due(), Some(vec![]));
}

#[test]
fn the_first_incremental_request_gets_what_the_client_never_saw() {
    let mut screen = new();
    ask(&mut screen, true, ALL);
    assert_eq!(screen.take_due(), Some(vec![ALL]));
}

#[test]
fn an_incremental_request_waits_for_a_key_to_go_down() {
    let mut screen = seen();
    ask(&mut screen, true, ALL);
    assert_eq!(screen.take_due(), None);
    key(&mut screen, false);
    assert_eq!(screen.take_due(), None);
    key(&mut screen, true);
    assert_eq!(screen.take_due(), Some(vec![TYPING]));
    key(&mut screen, true);
    assert_eq!(screen.take_due(), None, "one request, one answer");
    ask(&mut screen, true, ALL);
    assert_eq!(screen.take_due(), Some(vec![TYPING]), "what changed in between is not lost");
    ask(&mut screen, true, ALL);
    assert_eq!(screen.take_due(), None);
}

#[test]
fn an_incremental_request_elsewhere_stays_open() {
    let mut screen = seen();
    ask(&mut screen, true, area(0, 0, 1024, 284));
    key(&mut screen, true);
    assert_eq!(screen.take_due(), None);
    ask(&mut screen, true, area(0, 280, 20, 290));
    assert_eq!(screen.take_due(), Some(vec![area(16, 284, 1008, 290)]), "both are one, in the bounds of both");
    ask(&mut screen, true, ALL);
    assert_eq!(screen.take_due(), Some(vec![area(16, 290, 1008, 752)]), "and only the rest is new");
}

#[test]
fn a_client_that_picks_single_pixels_costs_no_memory() {
    let mut screen = seen();
    key(&mut screen, true);
    for n in 0..10_000 {
        ask(&mut screen, false, area(16 + n % 600, 284 + n % 90, 17 + n % 600, 285 + n % 90));
        assert_eq!(screen.take_due().map(|areas| areas.len()), Some(1));
        assert!(screen.stale.len() <= MAX_AREAS);
    }
    ask(&mut screen, true, ALL);
    assert!(screen.take_due().is_some_and(|areas| (1..=MAX_AREAS).contains(&areas.len())));
}

#[test]
fn a_cursor_that_blinks_is_sent_to_a_client_that_waits_for_its_place() {
    let at = Position { column: 2, row: 1 };
    let frame = |cursor| Frame::Text(TextFrame::new(vec![Cell::BLANK; 80 * 25], cursor));
    let (all, cursor) = (area(0, 0, 720, 400), area(18, 29, 27, 31));
    let mut screen = Screen::new(frame(Some(at)));
    assert!(!screen.is_awaited());
    ask(&mut screen, false, all);
    assert_eq!((screen.take_due(), screen.is_awaited()), (Some(vec![all]), false));
    ask(&mut screen, true, area(0, 0, 720, 29));
    assert!(screen.is_awaited());
    screen.show(frame(None));
    assert_eq!(screen.take_due(), None, "the cursor is elsewhere");
    ask(&mut screen, true, all);
    assert_eq!(screen.take_due(), Some(vec![cursor]), "what changed in between is not lost");
    screen.show(frame(Some(at)));
    assert_eq!(screen.take_due(), None, "one request, one answer");
    ask(&mut screen, true, all);
    screen.show(frame(Some(at)));
    assert_eq!(screen.take_due(), Some(vec![cursor]));
}

#[test]
fn who_offers_extended_keys_is_told_once() {
    let mut screen = new();
    let mut offer = |has_extended_keys| {
        screen.handle(ClientMessage::SetEncodings { has_extended_keys });
        screen.confirm_extended_keys()
    };
    assert_eq!([false, true, true, false, true].map(&mut offer), [false, true, false, false, false]);
}
