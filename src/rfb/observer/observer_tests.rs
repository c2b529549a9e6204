use proptest::prelude::*;

use super::*;

/// A session up to ServerInit, as (who, what): RFC 6143, sections 7.1 to 7.3. The framebuffer has 0x0280 x 0x01E0.
type Said = (char, Vec<u8>);

fn said(who: char, bytes: &[u8]) -> Said {
    (who, bytes.to_vec())
}

fn server_init() -> Said {
    let mut init = vec![0x02, 0x80, 0x01, 0xE0];
    init.extend([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 3]);
    init.extend(b"i-1");
    ('s', init)
}

fn greeting(version: &[u8; 12], security: &[Said]) -> Vec<Said> {
    let mut all = vec![said('s', b"RFB 003.008\n"), said('c', version)];
    all.extend_from_slice(security);
    all.extend([said('c', &[1]), server_init()]);
    all
}

fn none_3_8() -> Vec<Said> {
    greeting(b"RFB 003.008\n", &[said('s', &[2, 2, 1]), said('c', &[1]), said('s', &[0; 4])])
}

/// Follows a session whose parts come in pieces of `size` bytes.
fn follow(watch: &mut Observer, session: &[Said], size: usize) {
    for (who, what) in session {
        for piece in what.chunks(size) {
            match who {
                's' => watch.server(piece),
                _ => watch.client(piece),
            }
        }
    }
}

const WHOLE: [u8; KEEPALIVE_LENGTH] = [3, 1, 0, 0, 0, 0, 0x02, 0x80, 0x01, 0xE0];

#[test]
fn every_greeting_ends_between_two_messages() {
    let vnc = [said('s', &[0xAA; 16]), said('c', &[0xBB; 16]), said('s', &[0; 4])];
    let sessions = [
        none_3_8(),
        greeting(b"RFB 003.007\n", &[said('s', &[1, 1]), said('c', &[1])]),
        greeting(b"RFB 003.003\n", &[said('s', &[0, 0, 0, 1])]),
        greeting(b"RFB 003.008\n", &[&[said('s', &[1, 2]), said('c', &[2])][..], &vnc].concat()),
        greeting(b"RFB 003.007\n", &[&[said('s', &[1, 2]), said('c', &[2])][..], &vnc].concat()),
        greeting(b"RFB 003.003\n", &[&[said('s', &[0, 0, 0, 2])][..], &vnc].concat()),
    ];
    for session in sessions {
        for size in [1, 3, 1000] {
            let mut watch = Observer::default();
            let (init, before) = session.split_last().unwrap();
            follow(&mut watch, before, size);
            assert!(watch.is_greeting() && !watch.has_begun() && watch.keepalive().is_none(), "{watch:?}");
            follow(&mut watch, std::slice::from_ref(init), size);
            assert!(watch.has_begun(), "{watch:?}");
            assert_eq!(watch.keepalive(), Some(WHOLE));
        }
    }
}

#[test]
fn a_client_that_does_not_wait_for_its_turn_is_followed() {
    let mut watch = Observer::default();
    let session = none_3_8();
    let of = |who| session.iter().filter(|(whose, _)| *whose == who).flat_map(|(_, what)| what.clone()).collect();
    let (client, server): (Vec<u8>, Vec<u8>) = (of('c'), of('s'));
    watch.client(&client);
    watch.client(&[4, 1, 0, 0]);
    watch.server(&server);
    assert!(watch.has_begun() && watch.keepalive().is_none());
    watch.client(&[0, 0, 0, 97]);
    assert_eq!(watch.keepalive(), Some(WHOLE));
}

#[test]
fn a_greeting_that_is_not_understood_gets_no_keepalive() {
    let choosing = |number: u8| greeting(b"RFB 003.008\n", &[said('s', &[1, number]), said('c', &[number])]);
    for (session, why) in [
        (greeting(b"RFB 003.889\n", &[]), DesyncReason::Version),
        (choosing(19), DesyncReason::Security(19)),
        (greeting(b"RFB 003.003\n", &[said('s', &[0, 0, 1, 0])]), DesyncReason::Security(256)),
        (greeting(b"RFB 003.008\n", &[said('s', &[0, 0, 0, 0, 2, b'n', b'o'])]), DesyncReason::Refused),
        (
            greeting(
                b"RFB 003.008\n",
                &[
                    said('s', &[1, 2]),
                    said('c', &[2]),
                    said('s', &[7; 16]),
                    said('c', &[8; 16]),
                    said('s', &[0, 0, 0, 1]),
                ],
            ),
            DesyncReason::Refused,
        ),
        (vec![said('c', &[b'G'; 600])], DesyncReason::TooMuch),
    ] {
        let mut watch = Observer::default();
        follow(&mut watch, &session, 7);
        assert_eq!(watch.lost(), Some(why));
        // What is not understood may well show a desktop.
        assert_eq!(watch.has_begun(), why != DesyncReason::Refused);
        assert!(!watch.is_greeting() && watch.keepalive().is_none());
    }
}

fn running() -> Observer {
    let mut watch = Observer::default();
    follow(&mut watch, &none_3_8(), 100);
    watch
}

fn set_encodings(numbers: &[i32]) -> Vec<u8> {
    let mut message = vec![2, 0];
    message.extend((numbers.len() as u16).to_be_bytes());
    numbers.iter().for_each(|number| message.extend(number.to_be_bytes()));
    message
}

/// Every message of a client, whole, by RFC 6143, section 7.5, and rfbproto.rst; each announces what it needs.
fn messages() -> Vec<Vec<u8>> {
    let every = [0, 16, -223, -258, -259, -305, -308, -309, -312, -313, -316, 0xC0A1_E5CE_u32 as i32];
    vec![
        [&[0, 9, 9, 9][..], &[32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 9, 9, 9]].concat(),
        set_encodings(&[]),
        set_encodings(&every),
        vec![3, 0, 0, 5, 0, 6, 0, 7, 0, 8],
        vec![4, 1, 9, 9, 0, 0, 0xFF, 0x0D],
        vec![5, 0x7F, 0, 1, 0, 2],
        set_encodings(&every),
        // With the highest bit of the mask: the buttons beyond follow.
        vec![5, 0x80, 0, 1, 0, 2, 1],
        vec![6, 0, 0, 0, 0, 0, 0, 0],
        [&[6, 0, 0, 0, 0, 0, 0x01, 0x2C][..], &[3; 300]].concat(),
        // Extended Clipboard: minus eight.
        [&[6, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xF8][..], &[4; 8]].concat(),
        vec![150, 1, 0, 0, 0, 0, 2, 0x80, 1, 0xE0],
        vec![248, 0, 0, 0, 0x80, 0, 0, 0, 0],
        [&[248, 0, 0, 0, 0x80, 0, 0, 0, 64][..], &[5; 64]].concat(),
        vec![250, 0, 1, 2],
        [&[251, 0, 4, 0, 3, 0, 2, 0][..], &[6; 32]].concat(),
        vec![253, 0x81, 0, 4, 0, 1, 0, 1],
        vec![253, 0x01, 4, 0, 1, 0, 1, 0],
        vec![255, 0, 0, 1, 0, 0, 0, 97, 0, 0, 0, 30],
        vec![255, 1, 0, 0],
        vec![255, 1, 0, 1],
        vec![255, 1, 0, 2, 3, 2, 0, 0, 0xAC, 0x44],
    ]
}

#[test]
fn a_keepalive_goes_only_between_two_messages() {
    let mut watch = running();
    for message in messages() {
        let (last, before) = message.split_last().unwrap();
        for byte in before {
            watch.client(&[*byte]);
            assert_eq!(watch.keepalive(), None, "inside {message:?}");
        }
        watch.client(&[*last]);
        assert!(watch.keepalive().is_some(), "after {message:?}: {:?}", watch.lost());
    }
}

#[test]
fn what_was_not_announced_is_not_understood() {
    for message in messages().into_iter().filter(|message| message[0] > 100) {
        let mut watch = running();
        watch.client(&message);
        assert_eq!(watch.lost(), Some(DesyncReason::Message(message[0])), "{message:?}");
        // For good, and the session had begun.
        watch.client(&[4, 1, 0, 0, 0, 0, 0, 97]);
        assert!(watch.keepalive().is_none() && watch.has_begun());
    }
    for (message, why) in [
        (&[6, 0, 0, 0, 0x80, 0, 0, 1][..], DesyncReason::Length(6)),
        (&[1], DesyncReason::Message(1)),
        (&[7], DesyncReason::Message(7)),
        (&[255, 2], DesyncReason::Message(255)),
    ] {
        let mut watch = running();
        watch.client(message);
        assert_eq!(watch.lost(), Some(why));
    }
    let mut watch = running();
    watch.client(&set_encodings(&[-312]));
    watch.client(&[248, 0, 0, 0, 0, 0, 0, 0, 65]);
    assert_eq!(watch.lost(), Some(DesyncReason::Length(248)));
    // A later list takes the place of an earlier one.
    let mut watch = running();
    watch.client(&set_encodings(&[-309]));
    watch.client(&set_encodings(&[0]));
    watch.client(&[250]);
    assert_eq!(watch.lost(), Some(DesyncReason::Message(250)));
}

#[test]
fn the_size_is_the_one_that_the_client_knows() {
    let size = |watch: &Observer| watch.keepalive().unwrap()[6..].to_vec();
    let whole = [3, 1, 0, 0, 0, 0, 0x04, 0x00, 0x03, 0x00];
    let mut watch = running();
    watch.client(&whole);
    assert_eq!(size(&watch), [0x02, 0x80, 0x01, 0xE0], "it does not hear of new sizes");
    for number in [-223, -308] {
        let mut watch = running();
        watch.client(&set_encodings(&[0, number]));
        watch.client(&[3, 0, 0, 1, 0, 0, 0x0F, 0x00, 0x0F, 0x00]);
        assert_eq!(size(&watch), [0x02, 0x80, 0x01, 0xE0], "an area that is not the whole");
        watch.client(&whole);
        assert_eq!(size(&watch), [0x04, 0x00, 0x03, 0x00]);
    }
}

proptest! {
    /// Whatever the pieces, the borders are the same; and nothing panics.
    #[test]
    fn pieces_do_not_matter(
        order in prop::collection::vec(0..22usize, 0..30), cuts in prop::collection::vec(1..40usize, 1..20),
    ) {
        let all = messages();
        let wire: Vec<u8> = order.iter().flat_map(|index| all[index % all.len()].clone()).collect();
        let (mut at_once, mut in_pieces, mut rest) = (running(), running(), &wire[..]);
        at_once.client(&wire);
        for cut in cuts.iter().cycle() {
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            in_pieces.client(piece);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(at_once.keepalive(), in_pieces.keepalive());
        prop_assert_eq!(at_once.lost(), in_pieces.lost());
    }

    #[test]
    fn nothing_panics(said in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..60)), 0..20)) {
        for mut watch in [Observer::default(), running()] {
            for (is_server, bytes) in &said {
                if *is_server { watch.server(bytes) } else { watch.client(bytes) }
            }
        }
    }
}
