//! A client that moves areas ends with the screen's pixels, whatever happens in between.

use proptest::prelude::*;

use super::super::super::framebuffer::Framebuffer;
use super::*;

const SIDE: u16 = 24;
const ALL: Rectangle = Rectangle { x: 0, y: 0, width: SIDE, height: SIDE };

#[derive(Clone, Debug)]
enum Step {
    Move(MovedArea),
    Draw(Rectangle, u32),
    Request(bool, Rectangle),
    /// The client takes the update that is due, whose pixels are read when this many more steps have passed.
    Take(usize),
}

fn area() -> impl Strategy<Value = Rectangle> {
    (0..SIDE, 0..SIDE, 1..=SIDE, 1..=SIDE).prop_map(|(x, y, width, height)| Rectangle {
        x,
        y,
        width: width.min(SIDE - x),
        height: height.min(SIDE - y),
    })
}

fn moved() -> impl Strategy<Value = MovedArea> {
    (area(), 0..SIDE, 0..SIDE).prop_map(|(source, x, y)| {
        let to = Rectangle { x, y, width: source.width.min(SIDE - x), height: source.height.min(SIDE - y) };
        MovedArea { from: (source.x, source.y), to }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        moved().prop_map(Step::Move),
        (area(), 1..1000u32).prop_map(|(area, pixel)| Step::Draw(area, pixel)),
        (any::<bool>(), area()).prop_map(|(is_incremental, area)| Step::Request(is_incremental, area)),
        Just(Step::Request(true, ALL)),
        (0..4usize).prop_map(Step::Take),
    ]
}

/// Draws an update on the client's screen, with the pixels that the screen has now.
fn apply(update: &Update, screen: &Framebuffer, client: &mut Framebuffer) {
    update.moved.into_iter().for_each(|moved| client.move_area(moved));
    for area in &update.areas {
        client.copy_from(screen, *area);
    }
}

proptest! {
    #[test]
    fn a_client_that_moves_areas_ends_with_the_screens_pixels(steps in prop::collection::vec(step(), 0..60)) {
        let (mut screen, mut client) = (Framebuffer::new(SIDE, SIDE).unwrap(), Framebuffer::new(SIDE, SIDE).unwrap());
        let mut view = ClientView::new((SIDE, SIDE));
        let mut encodings = ClientEncodings::default();
        encodings.add(1);
        view.handle(ClientMessage::SetEncodings(encodings));
        let mut sending: Option<(usize, Update)> = None;
        let finish = [Step::Take(0), Step::Request(true, ALL), Step::Take(0), Step::Request(true, ALL), Step::Take(0)];
        for step in steps.into_iter().chain(finish) {
            let is_sent = sending.as_mut().is_some_and(|(left, _)| {
                *left = left.saturating_sub(1);
                *left == 0
            });
            if let Some((_, update)) = sending.take_if(|_| is_sent || matches!(step, Step::Take(_))) {
                apply(&update, &screen, &mut client);
                sending = view.take_due(true).map(|update| (0, update));
            }
            match step {
                Step::Move(moved) => {
                    screen.move_area(moved);
                    view.add_move(moved);
                }
                Step::Draw(area, pixel) => {
                    screen.fill(area, pixel);
                    view.add_damage(area);
                }
                Step::Request(is_incremental, area) => {
                    view.handle(ClientMessage::UpdateRequest { is_incremental, area });
                }
                Step::Take(delay) => {
                    if let Some((_, update)) = sending.take() {
                        apply(&update, &screen, &mut client);
                    }
                    sending = view.take_due(true).map(|update| (delay, update));
                    if let Some((_, update)) = sending.take_if(|_| delay == 0) {
                        apply(&update, &screen, &mut client);
                    }
                }
            }
        }
        prop_assert!(client == screen);
    }
}

#[test]
fn a_move_is_sent_to_who_knows_the_source() {
    let moved = MovedArea { from: (0, 8), to: Rectangle { x: 0, y: 0, width: SIDE, height: 16 } };
    let request = |view: &mut ClientView| {
        view.handle(ClientMessage::UpdateRequest { is_incremental: true, area: ALL });
        view.take_due(true).map(|update| (update.moved, update.areas))
    };
    for (number, sent) in [(1, (Some(moved), vec![])), (16, (None, vec![moved.to]))] {
        let mut view = ClientView::new((SIDE, SIDE));
        let mut encodings = ClientEncodings::default();
        encodings.add(number);
        view.handle(ClientMessage::SetEncodings(encodings));
        assert_eq!(request(&mut view), Some((None, vec![ALL])));
        assert_eq!(request(&mut view), None, "it has been sent");
        view.add_move(moved);
        assert_eq!(request(&mut view), Some(sent), "encoding {number}");
    }
}
