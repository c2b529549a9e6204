use proptest::prelude::*;

use super::*;
use crate::rfb::decode::{Canvas, Decoder, Input};
use crate::rfb::encoding::Encoding;
use crate::rfb::pixels::PixelMode;
use crate::rfb::server::announcement::rectangle_header;
use crate::rfb::test_formats::FORMATS;

const NATIVE: [u8; 16] = FORMATS[0];

fn area(x: u16, y: u16, width: u16, height: u16) -> Rectangle {
    Rectangle { x, y, width, height }
}

/// The colour that a client has when the format is done with it: each part to the nearest of its maximum and back.
fn rounded(wire: [u8; 16], pixel: u32) -> u32 {
    let [_, rgb @ ..] = pixel.to_be_bytes();
    (0..3).fold(0, |colour, part| {
        let max = f64::from(u16::from_be_bytes([wire[4 + 2 * part], wire[5 + 2 * part]]));
        let value = (f64::from(rgb[part]) / 255.0 * max).round();
        (colour << 8) | (value / max * 255.0).round() as u32
    })
}

/// Decodes rectangles on a screen of this size.
struct Reader {
    canvas: Canvas,
}

impl Reader {
    fn new(size: (u16, u16), wire: [u8; 16]) -> Self {
        Self { canvas: Canvas::new(size, PixelMode::TrueColour(wire.try_into().unwrap())).unwrap() }
    }

    fn read(&mut self, mut wire: &[u8]) {
        while let [x0, x1, y0, y1, w0, w1, h0, h1, e0, e1, e2, e3, rest @ ..] = wire {
            let at = |high: &u8, low: &u8| u16::from_be_bytes([*high, *low]);
            let area = area(at(x0, x1), at(y0, y1), at(w0, w1), at(h0, h1));
            let encoding = Encoding::try_from(i32::from_be_bytes([*e0, *e1, *e2, *e3])).unwrap();
            let (mut decoder, mut input) = (Decoder::new(encoding, area, &self.canvas).unwrap(), Input::new(rest));
            assert!(decoder.advance(&mut input, &mut self.canvas).unwrap());
            wire = input.rest();
        }
        assert!(wire.is_empty());
    }
}

const ENCODINGS: [PixelEncoding; 3] = [PixelEncoding::Raw, PixelEncoding::Zrle, PixelEncoding::Tight];

/// Pictures by how many colours they have and how long their runs are.
fn picture(pixels: usize, colours: u32, run: usize, mut seed: u32) -> Vec<u32> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    let palette: Vec<u32> = (0..colours).map(|_| next()).collect();
    let mut picture = Vec::new();
    while picture.len() < pixels {
        let colour = palette[next() as usize % palette.len()];
        picture.extend(std::iter::repeat_n(colour, 1 + next() as usize % run));
    }
    picture.truncate(pixels);
    picture
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn our_client_reads_what_was_written(
        (width, height) in (1..150u16, 1..100u16),
        colours in prop_oneof![1..4u32, 1..20u32, 100..300u32, Just(5000u32)],
        run in prop_oneof![Just(1usize), Just(9), Just(700)],
        form in 0..FORMATS.len(),
        seed: u32,
    ) {
        let (wire, place) = (FORMATS[form], area(3, 2, width, height));
        let pixels = picture(usize::from(width) * usize::from(height), colours, run, seed);
        for encoding in ENCODINGS {
            let mut reader = Reader::new((width + 3, height + 2), wire);
            let mut encoder = Encoder::default();
            // Twice, as the zlib streams go on.
            for pixels in [pixels.clone(), pixels.iter().rev().copied().collect()] {
                let mut out = rectangle_header(place, encoding.encoding()).to_vec();
                encoder.encode(encoding, wire.try_into().unwrap(), place, &pixels, &mut out).unwrap();
                reader.read(&out);
                let screen = &reader.canvas.screen;
                let drawn = (0..height).flat_map(|y| {
                    &screen.pixels()[usize::from(y + 2) * usize::from(width + 3) + 3..][..width.into()]
                });
                let expected = pixels.iter().map(|pixel| rounded(wire, *pixel));
                prop_assert!(drawn.copied().eq(expected), "{:?}", encoding);
            }
        }
    }

    #[test]
    fn pieces_cover_an_area_once(x in 0..100u16, y in 0..100u16, width in 0..3000u16, height in 0..3000u16) {
        let whole = area(x, y, width, height);
        for encoding in ENCODINGS {
            let (mut count, mut announced) = (0, 0);
            for Piece { area, header } in pieces(encoding, whole) {
                prop_assert!(!area.is_empty() && area.pixel_count() <= MAX_PIECE_PIXELS);
                prop_assert_eq!(area.intersection(whole), Some(area));
                prop_assert_eq!(count == announced, header.is_some(), "the next begins when one is complete");
                count += u64::from(area.pixel_count());
                announced += header.map_or(0, |header| u64::from(header.pixel_count()));
            }
            prop_assert_eq!((count, announced), (u64::from(whole.pixel_count()), count));
        }
    }
}

#[test]
fn pieces_of_the_largest_screens_have_numbers() {
    for (width, height) in [(65535, 256), (256, 65535), (4096, 4096), (1, 65535), (65535, 1)] {
        let pieces: Vec<_> = pieces(PixelEncoding::Tight, area(0, 0, width, height)).map(|piece| piece.area).collect();
        assert!(pieces.len() <= 1024, "{width}x{height}: {}", pieces.len());
        for (index, piece) in pieces.iter().enumerate() {
            assert!(pieces[index + 1..].iter().all(|other| !other.intersects(*piece)));
        }
    }
}

/// As the documents have it, byte by byte.
#[test]
fn rectangles_in_one_colour_or_few_pixels_are_not_compressed_in_tight() {
    let encode = |pixels: &[u32]| {
        let mut out = Vec::new();
        let place = area(1, 2, pixels.len() as u16, 1);
        Encoder::default().encode(PixelEncoding::Tight, NATIVE.try_into().unwrap(), place, pixels, &mut out).unwrap();
        out
    };
    // rfbproto.rst, "Tight Encoding": fill compression with a TPIXEL.
    assert_eq!(encode(&[0x01_02_03; 5]), [0x80, 1, 2, 3]);
    // Basic compression with stream 1, the palette filter, two colours, and one byte of bits.
    assert_eq!(encode(&[1, 2, 2, 1, 1]), [0x50, 1, 1, 0, 0, 1, 0, 0, 2, 0b0110_0000]);
    // Basic compression with stream 0, the copy filter, and nine bytes.
    assert_eq!(encode(&[1, 2, 3]), [0x00, 0, 0, 1, 0, 0, 2, 0, 0, 3]);
}

/// RFC 6143, section 7.7.6, tile by tile.
#[test]
fn a_tile_has_its_shortest_form_in_zrle() {
    let tile = |width: u16, pixels: &[u32]| {
        let mut out = Vec::new();
        let place = area(0, 0, width, pixels.len() as u16 / width);
        Encoder::default().encode(PixelEncoding::Zrle, NATIVE.try_into().unwrap(), place, pixels, &mut out).unwrap();
        let compressed = &out[4..];
        assert_eq!(out[..4], (compressed.len() as u32).to_be_bytes());
        let mut tile = Vec::new();
        flate2::Decompress::new(true)
            .decompress_vec(
                compressed,
                {
                    tile.reserve(65536);
                    &mut tile
                },
                flate2::FlushDecompress::Sync,
            )
            .unwrap();
        tile
    };
    assert_eq!(tile(2, &[0x01_02_03; 4]), [1, 3, 2, 1], "solid");
    // Rows begin with a new byte.
    let bits = tile(9, &[1, 2, 1, 1, 1, 2, 1, 2, 2, 2, 1, 2, 2, 1, 2, 1, 2, 1]);
    assert_eq!(bits, [2, 1, 0, 0, 2, 0, 0, 0b0100_0101, 0b1000_0000, 0b1011_0101, 0], "a packed palette");
    assert_eq!(tile(3, &[1, 2, 3]), [0, 1, 0, 0, 2, 0, 0, 3, 0, 0], "raw");
    // 300 of one colour, and 1 of another: a length is one more than the sum of its bytes, the last of which is not 255.
    let runs = [&[1; 300][..], &[2]].concat();
    assert_eq!(tile(43, &runs), [128, 1, 0, 0, 255, 44, 2, 0, 0, 0], "plain runs");
    let runs = [&runs[..], &[1; 5]].concat();
    let expected = [130, 1, 0, 0, 2, 0, 0, 0x80, 255, 44, 1, 0x80, 4];
    assert_eq!(tile(51, &runs), expected, "runs with a palette, of which a single pixel has no length");
}

#[test]
fn a_text_screen_is_small() {
    // 25 lines of characters of 9 x 16 pixels in two colours, the same eight again and again.
    let (width, height) = (720usize, 400usize);
    let pixels: Vec<u32> = (0..width * height)
        .map(|index| {
            let (x, y) = (index % width, index / width);
            if (x / 9 + x % 9 * (y % 16)) % 8 < 3 { 0xaa_aa_aa } else { 0 }
        })
        .collect();
    for encoding in [PixelEncoding::Zrle, PixelEncoding::Tight] {
        let (mut encoder, mut out) = (Encoder::default(), Vec::new());
        for Piece { area: piece, .. } in pieces(encoding, area(0, 0, 720, 400)) {
            let mut part = Vec::new();
            for y in piece.y..piece.y + piece.height {
                part.extend(&pixels[usize::from(y) * width + usize::from(piece.x)..][..piece.width.into()]);
            }
            encoder.encode(encoding, NATIVE.try_into().unwrap(), piece, &part, &mut out).unwrap();
        }
        assert!(out.len() < 20_000, "{encoding:?}: {} bytes", out.len());
    }
}
