//! Each decoder with bytes made by hand from the documents.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;
use crate::rfb::PixelFormat;

const WHITE: u32 = 0xff_ff_ff;
const RED: u32 = 0xff_00_00;
const BLUE: u32 = 0x00_00_ff;

fn area(x: u16, y: u16, width: u16, height: u16) -> Rectangle {
    Rectangle { x, y, width, height }
}

fn canvas(width: u16, height: u16) -> Canvas {
    Canvas::new((width, height), PixelMode::TrueColour(PixelFormat::NATIVE)).unwrap()
}

/// Decodes one rectangle from `wire` in pieces of `piece` bytes. It must consume all of it.
fn decode_in(
    piece: usize,
    canvas: &mut Canvas,
    encoding: Encoding,
    at: Rectangle,
    wire: &[u8],
) -> Result<(), DecodeError> {
    let mut decoder = Decoder::new(encoding, at, canvas)?;
    let mut have = 0;
    for end in (0..wire.len()).step_by(piece).map(|start| wire.len().min(start + piece)) {
        let mut input = Input::new(&wire[have..end]);
        let is_done = decoder.advance(&mut input, canvas)?;
        have = end - input.len();
        assert_eq!(is_done, end == wire.len(), "after {have} of {} bytes", wire.len());
    }
    assert_eq!(have, wire.len());
    Ok(())
}

/// Decodes one rectangle in one piece and byte by byte, and compares the results.
fn decode(canvas: &mut Canvas, encoding: Encoding, at: Rectangle, wire: &[u8]) -> Result<(), DecodeError> {
    decode_in(wire.len(), canvas, encoding, at, wire)
}

/// The rows of the screen.
fn rows(canvas: &Canvas) -> Vec<&[u32]> {
    canvas.screen.pixels().chunks(canvas.screen.width().into()).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
    stream.write_all(bytes).unwrap();
    stream.flush().unwrap();
    stream.get_ref().clone()
}

/// RFC 6143, section 7.7.6: the length, and the tiles in a new stream.
fn zrle(tiles: &[u8]) -> Vec<u8> {
    let zlib = zlib(tiles);
    [&(zlib.len() as u32).to_be_bytes()[..], &zlib].concat()
}

/// rfbproto.rst, "Tight Encoding": one byte of length is enough for less than 128.
fn tight(head: &[u8], rows: &[u8]) -> Vec<u8> {
    let zlib = zlib(rows);
    assert!(zlib.len() < 128);
    [head, &[zlib.len() as u8], &zlib].concat()
}

#[test]
fn raw_has_rows_from_the_left() {
    let wire = [[1, 0, 0, 9], [2, 0, 0, 9], [3, 0, 0, 9], [4, 0, 0, 9]].concat();
    for piece in 1..=wire.len() {
        let mut canvas = canvas(3, 3);
        decode_in(piece, &mut canvas, Encoding::Raw, area(1, 1, 2, 2), &wire).unwrap();
        assert_eq!(rows(&canvas), [[0, 0, 0], [0, 1, 2], [0, 3, 4]]);
    }
}

#[test]
fn copy_rect_copies_from_its_source() {
    let mut canvas = canvas(4, 2);
    decode(&mut canvas, Encoding::Raw, area(0, 0, 2, 1), &[1, 0, 0, 0, 2, 0, 0, 0]).unwrap();
    decode_in(1, &mut canvas, Encoding::CopyRect, area(2, 1, 2, 1), &[0, 0, 0, 0]).unwrap();
    assert_eq!(rows(&canvas), [[1, 2, 0, 0], [0, 0, 1, 2]]);
    let error = decode(&mut canvas, Encoding::CopyRect, area(0, 0, 2, 1), &[0, 3, 0, 0]).unwrap_err();
    assert_eq!(error.to_string(), "the rectangle 3,0,2,1 reaches outside the screen of 4x2 pixels");
}

/// Section 7.7.4. Two tiles, the second one pixel wide: background and foreground stay from tile to tile.
#[test]
fn hextile_draws_subrectangles_on_a_background() {
    let first: &[u8] = &[
        2 | 4 | 8,
        0xff,
        0xff,
        0xff,
        0,
        0,
        0,
        0xff,
        0,
        2, // white, red, two subrectangles
        0x10,
        0x00, // x 1, y 0, 1 x 1
        0x01,
        0xf0, // x 0, y 1, 16 x 1
    ];
    let second: &[u8] = &[8 | 16, 1, 0xff, 0, 0, 0, 0x00, 0x00];
    let wire = [first, second].concat();
    for piece in [1, 3, wire.len()] {
        let mut canvas = canvas(17, 2);
        decode_in(piece, &mut canvas, Encoding::Hextile, area(0, 0, 17, 2), &wire).unwrap();
        let mut expected = [[WHITE; 17], [RED; 17]];
        (expected[0][1], expected[0][16], expected[1][16]) = (RED, BLUE, WHITE);
        assert_eq!(rows(&canvas), expected);
    }
}

#[test]
fn a_raw_hextile_tile_has_pixels_only() {
    let mut canvas = canvas(2, 1);
    // Beside the lowest bit the others are ignored.
    decode_in(1, &mut canvas, Encoding::Hextile, area(0, 0, 2, 1), &[31, 1, 0, 0, 0, 2, 0, 0, 0]).unwrap();
    assert_eq!(rows(&canvas), [[1, 2]]);
}

#[test]
fn unknown_hextile_is_an_error() {
    let mut canvas = canvas(17, 17);
    let mut error = |at, wire: &[u8]| decode(&mut canvas, Encoding::Hextile, at, wire).unwrap_err().to_string();
    assert_eq!(error(area(0, 0, 1, 1), &[32, 0]), "a Hextile tile has the unknown subencoding 32");
    // In the second tile, which is one pixel wide.
    assert_eq!(error(area(0, 0, 17, 1), &[0, 8, 1, 0x00, 0x10]), "a Hextile subrectangle reaches outside its tile");
    assert_eq!(error(area(0, 0, 1, 17), &[0, 8, 1, 0x01, 0x00]), "a Hextile subrectangle reaches outside its tile");
}

/// Section 7.7.6, a tile of each kind. A CPIXEL is blue, green, red here.
#[test]
fn every_kind_of_zrle_tile_is_drawn() {
    let cases: [(&[u8], [[u32; 3]; 2]); 6] = [
        (&[0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 5, 0, 0, 6, 0, 0], [[1, 2, 3], [4, 5, 6]]),
        (&[1, 0xff, 0, 0], [[BLUE; 3]; 2]),
        // Two colours, one bit each; rows start with a new byte.
        (&[2, 1, 0, 0, 2, 0, 0, 0b0100_0000, 0b1010_0000], [[1, 2, 1], [2, 1, 2]]),
        // Three colours, two bits each.
        (&[3, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0b0001_1000, 0b1001_0000], [[1, 2, 3], [3, 2, 1]]),
        // Runs: four of 1, over the row's end, and two of 2. The length is less one.
        (&[128, 1, 0, 0, 3, 2, 0, 0, 1], [[1, 1, 1], [1, 2, 2]]),
        // The same with a palette; a run of one is its index alone.
        (&[130, 1, 0, 0, 2, 0, 0, 0, 0x81, 3, 0], [[1, 2, 2], [2, 2, 1]]),
    ];
    for (tile, expected) in cases {
        let wire = zrle(tile);
        for piece in [1, wire.len()] {
            let mut canvas = canvas(3, 2);
            decode_in(piece, &mut canvas, Encoding::Zrle, area(0, 0, 3, 2), &wire).unwrap();
            assert_eq!(rows(&canvas), expected, "{tile:?}");
        }
    }
}

#[test]
fn zrle_adds_up_the_bytes_of_long_runs() {
    // 511 pixels of 1, and one of 2: 255 + 255 + 0 + 1.
    let mut canvas = canvas(64, 8);
    let wire = zrle(&[128, 1, 0, 0, 255, 255, 0, 2, 0, 0, 0]);
    decode(&mut canvas, Encoding::Zrle, area(0, 0, 64, 8), &wire).unwrap();
    assert!(canvas.screen.pixels()[..511].iter().all(|pixel| *pixel == 1));
    assert_eq!(canvas.screen.pixels()[511], 2);
}

#[test]
fn zrle_palettes_of_sixteen_have_four_bits_a_pixel_and_of_four_two() {
    let colours = (1..=16).flat_map(|colour| [colour, 0, 0]);
    let tile: Vec<u8> = [16].into_iter().chain(colours).chain([0x0f, 0x10]).collect();
    let mut canvas = canvas(3, 1);
    decode(&mut canvas, Encoding::Zrle, area(0, 0, 3, 1), &zrle(&tile)).unwrap();
    assert_eq!(rows(&canvas), [[1, 16, 2]]);
    // And those of four have two.
    let tile = [4, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 0b0001_1100];
    let mut canvas = self::canvas(3, 1);
    decode(&mut canvas, Encoding::Zrle, area(0, 0, 3, 1), &zrle(&tile)).unwrap();
    assert_eq!(rows(&canvas), [[1, 2, 4]]);
}

#[test]
fn unknown_zrle_is_an_error() {
    let error = |tiles: &[u8]| {
        let mut canvas = canvas(3, 2);
        decode(&mut canvas, Encoding::Zrle, area(0, 0, 3, 2), &zrle(tiles)).unwrap_err().to_string()
    };
    for unknown in [17, 127, 129] {
        assert_eq!(error(&[unknown]), format!("a ZRLE tile has the unknown subencoding {unknown}"));
    }
    assert_eq!(
        error(&[3, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0b1100_0000, 0]),
        "a pixel has colour 3 of a palette with 3 colours"
    );
    assert_eq!(error(&[130, 1, 0, 0, 2, 0, 0, 2]), "a pixel has colour 2 of a palette with 2 colours");
    assert_eq!(error(&[128, 1, 0, 0, 6]), "a ZRLE run is longer than its tile");
    assert_eq!(error(&[128, 1, 0, 0, 255, 255, 255]), "compressed data ends before its rectangle");
    assert_eq!(error(&[[128, 1, 0, 0].as_slice(), &[255; 17]].concat()), "a ZRLE run is longer than its tile");
    assert_eq!(error(&[]), "compressed data ends before its rectangle");
    assert_eq!(error(&[1, 0, 0]), "compressed data ends before its rectangle");
    assert_eq!(error(&[1, 0, 0, 0, 0]), "compressed data continues after its rectangle");
}

#[test]
fn damaged_compressed_data_is_an_error() {
    let mut canvas = canvas(3, 2);
    let error = decode(&mut canvas, Encoding::Zrle, area(0, 0, 3, 2), &[0, 0, 0, 2, 0xff, 0xff]);
    assert_eq!(error, Err(DecodeError::Zlib));
    // A byte after the end of the stream.
    let mut ended = ZlibEncoder::new(Vec::new(), Compression::fast());
    ended.write_all(&[1, 0, 0, 0]).unwrap();
    let mut ended = ended.finish().unwrap();
    ended.push(0);
    let wire = [&(ended.len() as u32).to_be_bytes()[..], &ended].concat();
    assert_eq!(decode(&mut canvas, Encoding::Zrle, area(0, 0, 3, 2), &wire), Err(DecodeError::Zlib));
}

#[test]
fn a_zrle_stream_continues_in_the_next_rectangle() {
    let mut canvas = canvas(3, 2);
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut before = 0;
    for colour in 1..4 {
        stream.write_all(&[1, colour, 0, 0]).unwrap();
        stream.flush().unwrap();
        let new = &stream.get_ref()[before..];
        let wire = [&(new.len() as u32).to_be_bytes()[..], new].concat();
        before = stream.get_ref().len();
        decode(&mut canvas, Encoding::Zrle, area(0, 0, 3, 2), &wire).unwrap();
        assert_eq!(rows(&canvas), [[u32::from(colour); 3]; 2]);
    }
}

/// rfbproto.rst, "Tight Encoding". A TPIXEL is red, green, blue.
#[test]
fn every_kind_of_tight_rectangle_is_drawn() {
    let copy: Vec<u8> = (1..=6).flat_map(|blue| [0, 0, blue]).collect();
    let palette = [0x40, 1, 2, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 1, 2, 2, 1, 0];
    let cases: [(Vec<u8>, [[u32; 3]; 2]); 5] = [
        (vec![0x80, 0xff, 0, 0], [[RED; 3]; 2]),
        (tight(&[0x00], &copy), [[1, 2, 3], [4, 5, 6]]),
        (tight(&[0x40 | 0x30, 0], &copy), [[1, 2, 3], [4, 5, 6]]),
        // Two colours: two bytes of bits, so that they are not compressed.
        (vec![0x50, 1, 1, 0, 0, 1, 0, 0, 2, 0b0100_0000, 0b1010_0000], [[1, 2, 1], [2, 1, 2]]),
        // Three colours: six bytes of indices.
        (palette.to_vec(), [[1, 2, 3], [3, 2, 1]]),
    ];
    for (wire, expected) in cases {
        for piece in [1, wire.len()] {
            let mut canvas = canvas(3, 2);
            decode_in(piece, &mut canvas, Encoding::Tight, area(0, 0, 3, 2), &wire).unwrap();
            assert_eq!(rows(&canvas), expected, "{wire:?}");
        }
    }
}

/// P(x, y) = V(x-1, y) + V(x, y-1) - V(x-1, y-1) within 0 and 255; differences are modulo 256.
#[test]
fn the_gradient_filter_adds_differences_to_predictions() {
    let differences = [
        [[10, 0, 200], [5, 0, 100], [0, 255, 0]], // 10 0 200, 15 0 (200+100), 15 255 44
        [[1, 0, 100], [0, 0, 0], [0, 0, 0]],      // below: 11 0 (200+100); 11+15-10 ...
    ];
    let mut canvas = canvas(3, 2);
    let wire = tight(&[0x40, 2], &differences.concat().concat());
    decode(&mut canvas, Encoding::Tight, area(0, 0, 3, 2), &wire).unwrap();
    // Blue of the second row: 44, then 44 + 44 - 200 = -112, taken as 0, then 0 + 44 - 44 = 0.
    let expected = [[0x0a_00_c8, 0x0f_00_2c, 0x0f_ff_2c], [0x0b_00_2c, 0x10_00_00, 0x10_ff_00]];
    assert_eq!(rows(&canvas), expected);
}

#[test]
fn a_tight_length_has_up_to_three_bytes() {
    for (wire, length) in [
        (&[0x00][..], 0),
        (&[0x7f], 127),
        // rfbproto.rst: 10000 is 0x90 0x4e.
        (&[0x90, 0x4e], 10000),
        (&[0xff, 0x7f], 16383),
        (&[0x80, 0x80, 0x01], 16384),
        (&[0xff, 0xff, 0xff], 4194303),
    ] {
        let with_more = [wire, &[0x55]].concat();
        let mut input = Input::new(&with_more);
        assert_eq!(tight::read_compact_length(&mut input), Some(length), "{wire:?}");
        assert_eq!(input.rest(), [0x55]);
        assert_eq!(tight::read_compact_length(&mut Input::new(&wire[..wire.len() - 1])), None);
    }
}

#[test]
fn tight_has_four_streams_that_can_be_reset() {
    let mut canvas = canvas(4, 1);
    let row: Vec<u8> = (1..=12).collect();
    for stream in [0x00, 0x10, 0x20, 0x30] {
        decode(&mut canvas, Encoding::Tight, area(0, 0, 4, 1), &tight(&[stream], &row)).unwrap();
    }
    for stream in 0..4 {
        // The header of a zlib stream is only valid at the start of a stream, so also after a reset.
        let wire = tight(&[stream << 4], &row);
        assert!(decode(&mut canvas, Encoding::Tight, area(0, 0, 4, 1), &wire).is_err());
        let wire = tight(&[stream << 4 | 1 << stream], &row);
        decode(&mut canvas, Encoding::Tight, area(0, 0, 4, 1), &wire).unwrap();
    }
}

#[test]
fn unknown_tight_is_an_error() {
    let error = |wire: &[u8]| {
        let mut canvas = canvas(3, 4);
        decode(&mut canvas, Encoding::Tight, area(0, 0, 3, 4), wire).unwrap_err().to_string()
    };
    assert_eq!(error(&[0x90]), "a Tight rectangle is a JPEG, which this client has not asked for");
    assert_eq!(error(&[0xa0]), "a Tight rectangle is a PNG, which this client has not asked for");
    assert_eq!(error(&[0xb0]), "a Tight rectangle has the unknown compression 0xb0");
    assert_eq!(error(&[0xff]), "a Tight rectangle has the unknown compression 0xff");
    assert_eq!(error(&[0x40, 3]), "a Tight rectangle has the unknown filter 3");
    let palette = [0x40, 1, 2, 0, 0, 1, 0, 0, 2, 0, 0, 3];
    assert_eq!(error(&tight(&palette, &[3; 12])), "a pixel has colour 3 of a palette with 3 colours");
    assert_eq!(error(&tight(&palette, &[1; 11])), "compressed data ends before its rectangle");
    assert_eq!(error(&tight(&palette, &[1; 13])), "compressed data continues after its rectangle");
    let mut canvas = canvas(2049, 1);
    let error = decode(&mut canvas, Encoding::Tight, area(0, 0, 2049, 1), &[0]).unwrap_err().to_string();
    assert_eq!(error, "a Tight rectangle is 2049 pixels wide, more than 2048");
    decode(&mut canvas, Encoding::Tight, area(0, 0, 2049, 1), &[0x80, 0, 0, 9]).unwrap();
    assert_eq!(canvas.screen.pixels(), [9; 2049]);
}

#[test]
fn the_gradient_filter_needs_true_colour() {
    let mut canvas = Canvas::new((3, 4), PixelMode::ColourMap).unwrap();
    let error = decode(&mut canvas, Encoding::Tight, area(0, 0, 3, 4), &[0x40, 2]);
    assert_eq!(error, Err(DecodeError::TightGradient));
}

#[test]
fn a_rectangle_outside_the_screen_is_an_error() {
    for encoding in [Encoding::Raw, Encoding::CopyRect, Encoding::Hextile, Encoding::Zrle, Encoding::Tight] {
        let canvas = canvas(3, 2);
        for at in [area(3, 0, 1, 1), area(0, 0, 3, 3), area(65535, 65535, 65535, 65535)] {
            let error = Decoder::new(encoding, at, &canvas).unwrap_err();
            assert_eq!(error, FramebufferError::Outside { part: at, width: 3, height: 2 }.into());
        }
    }
    let error = Decoder::new(Encoding::Fence, area(0, 0, 1, 1), &canvas(3, 2)).unwrap_err();
    assert_eq!(error.to_string(), "encoding -312 is unknown");
}

#[test]
fn a_rectangle_without_pixels_is_complete_at_once() {
    for (encoding, wire) in [
        (Encoding::CopyRect, &[0; 4][..]),
        (Encoding::Zrle, &[0; 4]),
        (Encoding::Tight, &[0; 1]),
        (Encoding::Tight, &[0x80, 0, 0, 0]),
        // With a palette of two colours, and with the gradient filter.
        (Encoding::Tight, &[0x40, 1, 1, 1, 2, 3, 4, 5, 6]),
        (Encoding::Tight, &[0x40, 2]),
        // The source of nothing may be anywhere.
        (Encoding::CopyRect, &[0xff; 4]),
    ] {
        for at in [area(0, 0, 0, 2), area(0, 0, 3, 0), area(3, 2, 0, 0), area(9, 9, 0, 9), area(65535, 65535, 9, 0)] {
            decode(&mut canvas(3, 2), encoding, at, wire).unwrap();
        }
        decode(&mut canvas(0, 0), encoding, area(0, 0, 0, 0), wire).unwrap();
    }
    // A ZRLE stream may begin in a rectangle that has nothing to draw.
    let mut canvas = canvas(1, 1);
    let whole = zlib(&[1, 9, 8, 7]);
    let (head, rest) = whole.split_at(2);
    decode(&mut canvas, Encoding::Zrle, area(0, 0, 0, 0), &[&[0, 0, 0, 2], head].concat()).unwrap();
    let length = u32::try_from(rest.len()).unwrap().to_be_bytes();
    decode(&mut canvas, Encoding::Zrle, area(0, 0, 1, 1), &[&length, rest].concat()).unwrap();
    assert_eq!(rows(&canvas), [[0x07_08_09]]);
}

#[test]
fn plain_rectangles_without_pixels_have_no_bytes() {
    for encoding in [Encoding::Raw, Encoding::Hextile] {
        let mut canvas = canvas(3, 2);
        for at in [area(0, 0, 0, 2), area(0, 0, 3, 0)] {
            let mut decoder = Decoder::new(encoding, at, &canvas).unwrap();
            assert_eq!(decoder.advance(&mut Input::new(&[]), &mut canvas), Ok(true));
        }
    }
}
