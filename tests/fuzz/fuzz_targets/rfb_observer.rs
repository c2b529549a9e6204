//! Any session: the observer neither panics nor depends on how the bytes are cut, and offers a keepalive only after a
//! handshake.
//!
//! The input's first byte is the length of a piece. The rest is a sequence of: a byte whose lowest bit says who sends and
//! whose other bits say how much, and so many bytes.

#![no_main]

use ecs_vnc::rfb::Observer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [piece, sequence @ ..] = data else { return };
    let mut rest = sequence;
    let mut turns = Vec::new();
    while let [head, bytes @ ..] = rest {
        let (said, after) = bytes.split_at(bytes.len().min(usize::from(head >> 1) + 1));
        turns.push((head & 1 == 0, said));
        rest = after;
    }
    assert_eq!(follow(&turns, usize::MAX), follow(&turns, usize::from(*piece) + 1));
});

/// Returns whether a desktop was shown, the error, and the last keepalive.
fn follow(turns: &[(bool, &[u8])], piece: usize) -> (bool, Option<String>, Option<Vec<u8>>) {
    let mut observer = Observer::default();
    for (is_server, said) in turns {
        for bytes in said.chunks(piece) {
            match is_server {
                true => observer.add_server_bytes(bytes),
                false => observer.add_client_bytes(bytes),
            }
            assert!(observer.keepalive().is_none() || observer.has_started() && !observer.is_in_handshake());
        }
    }
    let reason = observer.desync_reason().map(|reason| reason.to_string());
    (observer.has_started(), reason, observer.keepalive().map(|bytes| bytes.to_vec()))
}
