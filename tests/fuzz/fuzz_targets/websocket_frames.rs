//! Any bytes of a console: its frames give the same payloads and the same end, read in pieces or whole, and no control
//! frame is longer than RFC 6455 allows.
//!
//! The input's first byte is the length of a piece; the rest is what the console sends.

#![no_main]

use ecs_vnc::websocket::frame::{FrameReader, Incoming};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [piece, sent @ ..] = data else { return };
    let whole = read(&[sent]);
    let pieces: Vec<&[u8]> = sent.chunks(usize::from(*piece) + 1).collect();
    assert_eq!(whole, read(&pieces));
});

/// Returns all payload bytes, the payloads of all pings, and the error or the Close frame that ended it.
fn read(pieces: &[&[u8]]) -> (Vec<u8>, Vec<Vec<u8>>, Option<String>) {
    let (mut reader, mut payload, mut pings) = (FrameReader::default(), Vec::new(), Vec::new());
    for piece in pieces {
        let mut input = *piece;
        loop {
            match reader.next(&mut input) {
                Ok(Incoming::Bytes(bytes)) => payload.extend_from_slice(bytes),
                Ok(Incoming::Ping(ping)) => {
                    assert!(ping.bytes().len() <= 125, "RFC 6455, section 5.5");
                    pings.push(ping.bytes().to_vec());
                }
                Ok(Incoming::NeedsInput) => break,
                Ok(Incoming::Close(close)) => return (payload, pings, Some(format!("{close:?}"))),
                Err(error) => return (payload, pings, Some(error.to_string())),
            }
        }
    }
    (payload, pings, None)
}
