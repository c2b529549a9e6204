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

fn handshake(version: &[u8; 12], security: &[Said]) -> Vec<Said> {
    let mut all = vec![said('s', b"RFB 003.008\n"), said('c', version)];
    all.extend_from_slice(security);
    all.extend([said('c', &[1]), server_init()]);
    all
}

fn none_3_8() -> Vec<Said> {
    handshake(b"RFB 003.008\n", &[said('s', &[2, 2, 1]), said('c', &[1]), said('s', &[0; 4])])
}

/// Gives the observer a session in pieces of at most `size` bytes.
fn follow(observer: &mut Observer, session: &[Said], size: usize) {
    for (who, what) in session {
        for piece in what.chunks(size) {
            match who {
                's' => observer.add_server_bytes(piece),
                _ => observer.add_client_bytes(piece),
            }
        }
    }
}

const WHOLE: [u8; KEEPALIVE_LENGTH] = [3, 1, 0, 0, 0, 0, 0x02, 0x80, 0x01, 0xE0];

#[test]
fn every_handshake_ends_between_two_messages() {
    let vnc = [said('s', &[0xAA; 16]), said('c', &[0xBB; 16]), said('s', &[0; 4])];
    let sessions = [
        none_3_8(),
        handshake(b"RFB 003.007\n", &[said('s', &[1, 1]), said('c', &[1])]),
        handshake(b"RFB 003.003\n", &[said('s', &[0, 0, 0, 1])]),
        handshake(b"RFB 003.008\n", &[&[said('s', &[1, 2]), said('c', &[2])][..], &vnc].concat()),
        handshake(b"RFB 003.007\n", &[&[said('s', &[1, 2]), said('c', &[2])][..], &vnc].concat()),
        handshake(b"RFB 003.003\n", &[&[said('s', &[0, 0, 0, 2])][..], &vnc].concat()),
    ];
    for session in sessions {
        for size in [1, 3, 1000] {
            let mut observer = Observer::default();
            let (init, before) = session.split_last().unwrap();
            follow(&mut observer, before, size);
            assert!(
                observer.is_in_handshake() && !observer.has_started() && observer.keepalive().is_none(),
                "{observer:?}"
            );
            follow(&mut observer, std::slice::from_ref(init), size);
            assert!(observer.has_started(), "{observer:?}");
            assert_eq!(observer.keepalive(), Some(WHOLE));
        }
    }
}

#[test]
fn a_client_may_be_ahead_of_the_server() {
    let mut observer = Observer::default();
    let session = none_3_8();
    let of = |who| session.iter().filter(|(whose, _)| *whose == who).flat_map(|(_, what)| what.clone()).collect();
    let (client, server): (Vec<u8>, Vec<u8>) = (of('c'), of('s'));
    observer.add_client_bytes(&client);
    observer.add_client_bytes(&[4, 1, 0, 0]);
    observer.add_server_bytes(&server);
    assert!(observer.has_started() && observer.keepalive().is_none());
    observer.add_client_bytes(&[0, 0, 0, 97]);
    assert_eq!(observer.keepalive(), Some(WHOLE));
}

#[test]
fn an_unsupported_handshake_gets_no_keepalive() {
    let choosing = |number: u8| handshake(b"RFB 003.008\n", &[said('s', &[1, number]), said('c', &[number])]);
    for (session, why) in [
        (handshake(b"RFB 3.889\n..", &[]), DesyncReason::NoVersion),
        (choosing(19), DesyncReason::UnsupportedSecurity(19)),
        (handshake(b"RFB 003.003\n", &[said('s', &[0, 0, 1, 0])]), DesyncReason::UnsupportedSecurity(256)),
        (handshake(b"RFB 003.008\n", &[said('s', &[0, 0, 0, 0, 2, b'n', b'o'])]), DesyncReason::Refused),
        (
            handshake(
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
        (vec![said('c', &[b'G'; 600])], DesyncReason::HandshakeTooLong),
    ] {
        let mut observer = Observer::default();
        follow(&mut observer, &session, 7);
        assert_eq!(observer.desync_reason(), Some(why));
        // An unsupported session may well show a desktop.
        assert_eq!(observer.has_started(), why != DesyncReason::Refused);
        assert!(!observer.is_in_handshake() && observer.keepalive().is_none());
    }
}

fn running() -> Observer {
    let mut observer = Observer::default();
    follow(&mut observer, &none_3_8(), 100);
    observer
}

fn set_encodings(numbers: &[i32]) -> Vec<u8> {
    let mut message = vec![2, 0];
    message.extend((numbers.len() as u16).to_be_bytes());
    numbers.iter().for_each(|number| message.extend(number.to_be_bytes()));
    message
}

/// Every message of a client, from RFC 6143, section 7.5, and rfbproto.rst.
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
fn a_keepalive_is_only_inserted_between_two_messages() {
    let mut observer = running();
    for message in messages() {
        let (last, before) = message.split_last().unwrap();
        for byte in before {
            observer.add_client_bytes(&[*byte]);
            assert_eq!(observer.keepalive(), None, "inside {message:?}");
        }
        observer.add_client_bytes(&[*last]);
        assert!(observer.keepalive().is_some(), "after {message:?}: {:?}", observer.desync_reason());
    }
}

#[test]
fn a_message_of_an_extension_that_was_not_announced_is_unknown() {
    for message in messages().into_iter().filter(|message| message[0] > 100) {
        let mut observer = running();
        observer.add_client_bytes(&message);
        assert_eq!(observer.desync_reason(), Some(DesyncReason::UnknownMessage(message[0])), "{message:?}");
        // It stays so, and the session has started.
        observer.add_client_bytes(&[4, 1, 0, 0, 0, 0, 0, 97]);
        assert!(observer.keepalive().is_none() && observer.has_started());
    }
    for (message, why) in [
        (&[6, 0, 0, 0, 0x80, 0, 0, 1][..], DesyncReason::MessageLength(6)),
        (&[1], DesyncReason::UnknownMessage(1)),
        (&[7], DesyncReason::UnknownMessage(7)),
        (&[255, 2], DesyncReason::UnknownMessage(255)),
    ] {
        let mut observer = running();
        observer.add_client_bytes(message);
        assert_eq!(observer.desync_reason(), Some(why));
    }
    let mut observer = running();
    observer.add_client_bytes(&set_encodings(&[-312]));
    observer.add_client_bytes(&[248, 0, 0, 0, 0, 0, 0, 0, 65]);
    assert_eq!(observer.desync_reason(), Some(DesyncReason::MessageLength(248)));
    // A later list of encodings replaces an earlier one.
    let mut observer = running();
    observer.add_client_bytes(&set_encodings(&[-309]));
    observer.add_client_bytes(&set_encodings(&[0]));
    observer.add_client_bytes(&[250]);
    assert_eq!(observer.desync_reason(), Some(DesyncReason::UnknownMessage(250)));
}

#[test]
fn the_keepalive_has_the_size_that_the_client_knows() {
    let size = |observer: &Observer| observer.keepalive().unwrap()[6..].to_vec();
    let whole = [3, 1, 0, 0, 0, 0, 0x04, 0x00, 0x03, 0x00];
    let mut observer = running();
    observer.add_client_bytes(&whole);
    assert_eq!(size(&observer), [0x02, 0x80, 0x01, 0xE0], "the client has not announced changes of the size");
    for number in [-223, -308] {
        let mut observer = running();
        observer.add_client_bytes(&set_encodings(&[0, number]));
        observer.add_client_bytes(&[3, 0, 0, 1, 0, 0, 0x0F, 0x00, 0x0F, 0x00]);
        assert_eq!(size(&observer), [0x02, 0x80, 0x01, 0xE0], "an area that is not the whole screen");
        observer.add_client_bytes(&whole);
        assert_eq!(size(&observer), [0x04, 0x00, 0x03, 0x00]);
    }
}

proptest! {
    /// However the bytes are cut, the result is the same.
    #[test]
    fn pieces_do_not_matter(
        order in prop::collection::vec(0..22usize, 0..30), cuts in prop::collection::vec(1..40usize, 1..20),
    ) {
        let all = messages();
        let wire: Vec<u8> = order.iter().flat_map(|index| all[index % all.len()].clone()).collect();
        let (mut at_once, mut in_pieces, mut rest) = (running(), running(), &wire[..]);
        at_once.add_client_bytes(&wire);
        for cut in cuts.iter().cycle() {
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            in_pieces.add_client_bytes(piece);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(at_once.keepalive(), in_pieces.keepalive());
        prop_assert_eq!(at_once.desync_reason(), in_pieces.desync_reason());
    }

    #[test]
    fn nothing_panics(said in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..60)), 0..20)) {
        for mut observer in [Observer::default(), running()] {
            for (is_server, bytes) in &said {
                if *is_server { observer.add_server_bytes(bytes) } else { observer.add_client_bytes(bytes) }
            }
        }
    }
}
