use std::io::Cursor;

use proptest::prelude::*;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control as TheirControl, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

use super::*;

/// The bytes of messages, the pings, the Close frame.
type ReadFrames = (Vec<u8>, Vec<Vec<u8>>, Option<Close>);

/// Reads all of `wire` in pieces of `size` bytes.
fn read_all(wire: &[u8], size: usize) -> Result<ReadFrames, FrameError> {
    let (mut reader, mut bytes, mut pings) = (FrameReader::default(), Vec::new(), Vec::new());
    for mut piece in wire.chunks(size) {
        loop {
            match reader.next(&mut piece)? {
                Incoming::Bytes(more) => bytes.extend_from_slice(more),
                Incoming::Ping(control) => pings.push(control.bytes().to_vec()),
                Incoming::Close(close) => return Ok((bytes, pings, Some(close))),
                Incoming::NeedsInput => break,
            }
        }
        assert!(piece.is_empty());
    }
    Ok((bytes, pings, None))
}

#[test]
fn the_examples_of_the_rfc_are_read_and_written() {
    // RFC 6455, section 5.7, with binary frames (2) in place of text (1).
    let single = [0x82, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    let parts = [0x02, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f];
    let ping = [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    for size in 1..10 {
        assert_eq!(read_all(&single, size).unwrap(), (b"Hello".to_vec(), vec![], None));
        assert_eq!(read_all(&parts, size).unwrap(), (b"Hello".to_vec(), vec![], None));
        assert_eq!(read_all(&ping, size).unwrap(), (vec![], vec![b"Hello".to_vec()], None));
    }
    for (length, header) in [(256usize, &[0x82, 0x7E, 0x01, 0x00][..]), (65536, &[0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])]
    {
        let wire = [header, &vec![7; length]].concat();
        assert_eq!(read_all(&wire, 1000).unwrap().0, vec![7; length]);
    }
    // A single masked frame; the mask is the RFC's.
    let mut buffer = [&[0; HEADROOM][..], b"Hello"].concat();
    let range = write_frame(&mut buffer, 5, Opcode::Pong, [0x37, 0xfa, 0x21, 0x3d]);
    assert_eq!(buffer[range], [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
}

#[test]
fn control_frames_may_come_between_the_parts_of_a_message() {
    let wire = [
        &[0x02, 1, b'a'][..],
        &[0x89, 1, b'?'],
        &[0x8a, 0],
        &[0x00, 0],
        &[0x80, 1, b'b'],
        &[0x88, 4, 0x03, 0xE8, b'o', b'k'],
    ];
    let close = Close { code: Some(1000), reason: "ok".to_owned() };
    for size in 1..20 {
        assert_eq!(read_all(&wire.concat(), size).unwrap(), (b"ab".to_vec(), vec![b"?".to_vec()], Some(close.clone())));
    }
    assert_eq!(close.echo().bytes(), [0x03, 0xE8]);
    assert_eq!(read_all(&[0x88, 0], 1).unwrap().2, Some(Close::default()));
}

#[test]
fn frames_that_a_server_must_not_send_are_errors() {
    for (wire, error) in [
        (&[0xC2, 0x00][..], FrameError::Reserved),
        (&[0x83, 0x00], FrameError::Opcode(3)),
        (&[0x82, 0x80], FrameError::Masked),
        (&[0x81, 0x01], FrameError::Text),
        (&[0x09, 0x00], FrameError::Control),
        (&[0x89, 0x7E, 0x00, 0x7E], FrameError::Control),
        (&[0x80, 0x00], FrameError::Order),
        (&[0x02, 0x00, 0x82, 0x00], FrameError::Order),
        (&[0x82, 0x7F, 0, 0, 0, 0, 4, 0, 0, 1], FrameError::TooLong(MAX_FRAME_LEN + 1)),
        (&[0x82, 0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 0], FrameError::TooLong(0xFF << 56)),
        (&[0x88, 0x01, 0x03], FrameError::Close),
    ] {
        assert_eq!(read_all(wire, 1), Err(error), "{wire:x?}");
    }
}

proptest! {
    /// Another implementation reads the frames that are written here.
    #[test]
    fn tungstenite_reads_our_frames(payload in prop::collection::vec(any::<u8>(), 0..70_000), mask: [u8; 4]) {
        let mut buffer = [&[0; HEADROOM][..], &payload].concat();
        let range = write_frame(&mut buffer, payload.len(), Opcode::Binary, mask);
        let mut wire = Cursor::new(&buffer[range]);
        let (header, length) = FrameHeader::parse(&mut wire).unwrap().unwrap();
        let wire = &wire.get_ref()[wire.position() as usize..];
        prop_assert_eq!((header.opcode, header.is_final), (OpCode::Data(Data::Binary), true));
        prop_assert_eq!(header.mask, Some(mask));
        prop_assert_eq!(length, payload.len() as u64);
        let seen: Vec<u8> = wire.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        prop_assert_eq!(seen, payload);
    }

    /// The frames of another implementation are read here, however they are cut.
    #[test]
    fn we_read_tungstenites_frames(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 1..6), size in 1usize..500,
    ) {
        let mut wire = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let (is_first, is_last) = (index == 0, index + 1 == parts.len());
            let kind = OpCode::Data(if is_first { Data::Binary } else { Data::Continue });
            Frame::message(part.clone(), kind, is_last).format(&mut wire).unwrap();
            Frame::ping(part[..part.len().min(MAX_CONTROL_LEN)].to_vec()).format(&mut wire).unwrap();
        }
        prop_assert_eq!(Frame::pong(vec![]).header().opcode, OpCode::Control(TheirControl::Pong));
        let (bytes, pings, close) = read_all(&wire, size).unwrap();
        prop_assert_eq!((bytes, pings.len(), close), (parts.concat(), parts.len(), None));
    }

    /// Any input is read or refused.
    #[test]
    fn nothing_panics(wire in prop::collection::vec(any::<u8>(), 0..300), size in 1usize..40) {
        let _ = read_all(&wire, size);
    }
}
