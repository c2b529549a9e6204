//! Pictures written as the documents say, in every encoding and in pixel formats of all sizes, and read in pieces.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::*;
use crate::rfb::PixelFormat;
use crate::rfb::test_formats::FORMATS;

/// A pixel format, decoded by the test.
#[derive(Clone, Copy, Debug)]
struct Form {
    wire: [u8; 16],
}

impl Form {
    fn part(self, colour: usize) -> (u32, u32) {
        let max = u32::from(self.wire[4 + 2 * colour]) * 256 + u32::from(self.wire[5 + 2 * colour]);
        (max, u32::from(self.wire[10 + colour]))
    }

    /// A random number without the unused bits of a pixel.
    fn value(self, random: u32) -> u32 {
        (0..3).map(|colour| self.part(colour)).fold(0, |value, (max, shift)| value | (random & (max << shift)))
    }

    fn rgb(self, value: u32) -> u32 {
        (0..3).map(|colour| self.part(colour)).fold(0, |rgb, (max, shift)| {
            rgb * 256 + (f64::from((value >> shift) & max) * 255.0 / f64::from(max)).round() as u32
        })
    }

    fn pixel(self, value: u32) -> Vec<u8> {
        let size = usize::from(self.wire[0] / 8);
        let bytes = value.to_le_bytes()[..size].to_vec();
        if self.wire[2] == 0 { bytes } else { bytes.into_iter().rev().collect() }
    }

    /// RFC 6143, section 7.7.5: without the unused byte.
    fn cpixel(self, value: u32) -> Vec<u8> {
        let mut pixel = self.pixel(value);
        if self.wire[..2] == [32, 24] {
            let is_low_empty = self.wire[10] >= 8 && self.wire[12] >= 8;
            pixel.remove(if is_low_empty == (self.wire[2] == 0) { 0 } else { 3 });
        }
        pixel
    }

    /// rfbproto.rst, "Tight Encoding": red, green, blue.
    fn tpixel(self, value: u32) -> Vec<u8> {
        if self.wire[..2] == [32, 24] {
            return (0..3).map(|colour| (value >> self.part(colour).1) as u8).collect();
        }
        self.pixel(value)
    }
}

/// Of the area given, row by row.
type Picture = Vec<Vec<u32>>;

fn part(picture: &Picture, tile: Rectangle) -> Picture {
    let rows = picture.iter().skip(tile.y.into()).take(tile.height.into());
    rows.map(|row| row[tile.x.into()..][..tile.width.into()].to_vec()).collect()
}

fn palette(picture: &Picture) -> Vec<u32> {
    let mut palette = Vec::new();
    for pixel in picture.iter().flatten() {
        if !palette.contains(pixel) {
            palette.push(*pixel);
        }
    }
    palette
}

fn tiles(width: u16, height: u16, side: u16) -> impl Iterator<Item = Rectangle> {
    let at = move |y: u16, x: u16| {
        let (width, height) = (side.min(width - x), side.min(height - y));
        Rectangle { x, y, width, height }
    };
    (0..height).step_by(side.into()).flat_map(move |y| (0..width).step_by(side.into()).map(move |x| at(y, x)))
}

/// Rows of indices, most significant bits first, each with a new byte.
fn packed(picture: &Picture, palette: &[u32], bits: usize) -> Vec<u8> {
    let index = |pixel: &u32| palette.iter().position(|colour| colour == pixel).unwrap();
    let byte = |pixels: &[u32]| {
        pixels.iter().enumerate().fold(0, |byte, (at, pixel)| byte | (index(pixel) << (8 - bits * (at + 1)))) as u8
    };
    picture.iter().flat_map(|row| row.chunks(8 / bits).map(byte)).collect()
}

/// RFC 6143, section 7.7.4.
fn hextile(picture: &Picture, form: Form, mut seed: u32) -> Vec<u8> {
    let mut wire = Vec::new();
    for tile in tiles(picture[0].len() as u16, picture.len() as u16, 16) {
        let pixels = part(picture, tile);
        let palette = palette(&pixels);
        seed = seed.rotate_left(3);
        let others: Vec<_> = (0..tile.height)
            .flat_map(|y| (0..tile.width).map(move |x| (x, y)))
            .map(|(x, y)| (x, y, pixels[usize::from(y)][usize::from(x)]))
            .filter(|(.., pixel)| *pixel != palette[0])
            .collect();
        if seed & 1 == 0 || others.len() > 255 {
            wire.push(1);
            pixels.iter().flatten().for_each(|pixel| wire.extend(form.pixel(*pixel)));
            continue;
        }
        let is_mono = palette.len() == 2;
        wire.push(
            2 | if others.is_empty() {
                0
            } else if is_mono {
                4 | 8
            } else {
                8 | 16
            },
        );
        wire.extend(form.pixel(palette[0]));
        if is_mono {
            wire.extend(form.pixel(palette[1]));
        }
        if !others.is_empty() {
            wire.push(others.len() as u8);
        }
        for (x, y, pixel) in others {
            if !is_mono {
                wire.extend(form.pixel(pixel));
            }
            wire.extend([(x << 4 | y) as u8, 0]);
        }
    }
    wire
}

/// RFC 6143, section 7.7.6, before it is compressed.
fn zrle(picture: &Picture, form: Form, mut seed: u32) -> Vec<u8> {
    let mut wire = Vec::new();
    for tile in tiles(picture[0].len() as u16, picture.len() as u16, 64) {
        let pixels = part(picture, tile);
        let palette = palette(&pixels);
        let colours = palette.iter().flat_map(|pixel| form.cpixel(*pixel));
        seed = seed.rotate_left(3);
        let flat: Vec<u32> = pixels.iter().flatten().copied().collect();
        match (seed & 3, palette.len()) {
            (_, 1) => wire.extend([1].into_iter().chain(colours)),
            (0, _) => {
                wire.push(0);
                flat.iter().for_each(|pixel| wire.extend(form.cpixel(*pixel)));
            }
            (1, len @ 2..=16) => {
                wire.extend([len as u8].into_iter().chain(colours));
                wire.extend(packed(
                    &pixels,
                    &palette,
                    if len == 2 {
                        1
                    } else if len <= 4 {
                        2
                    } else {
                        4
                    },
                ));
            }
            (kind, len) => {
                let has_palette = kind == 2 && len <= 127;
                wire.push(if has_palette { 128 + len as u8 } else { 128 });
                if has_palette {
                    wire.extend(colours);
                }
                for run in flat.chunk_by(|a, b| a == b) {
                    let index = palette.iter().position(|colour| *colour == run[0]).unwrap() as u8;
                    match (has_palette, run.len()) {
                        (true, 1) => {
                            wire.push(index);
                            continue;
                        }
                        (true, _) => wire.push(index | 0x80),
                        (false, _) => wire.extend(form.cpixel(run[0])),
                    }
                    let length = run.len() - 1;
                    wire.extend(std::iter::repeat_n(255, length / 255));
                    wire.push((length % 255) as u8);
                }
            }
        }
    }
    wire
}

/// rfbproto.rst, "Tight Encoding": the head, and the rows before they are compressed.
fn tight(picture: &Picture, form: Form, seed: u32) -> (Vec<u8>, Vec<u8>) {
    let palette = palette(picture);
    let stream = (seed as u8 & 3) << 4;
    let colours = palette.iter().flat_map(|pixel| form.tpixel(*pixel));
    match (seed >> 2 & 3, palette.len()) {
        (0, 1) => ([0x80].into_iter().chain(colours).collect(), Vec::new()),
        (1, len @ 2..=256) => {
            let head = [0x40 | stream, 1, (len - 1) as u8].into_iter().chain(colours).collect();
            (head, packed(picture, &palette, if len == 2 { 1 } else { 8 }))
        }
        (2, _) => (vec![0x40 | stream, 2], gradient(picture, form)),
        _ => (vec![stream], picture.iter().flatten().flat_map(|pixel| form.tpixel(*pixel)).collect()),
    }
}

/// D = V - P, modulo the maximum and one, a colour at a time.
fn gradient(picture: &Picture, form: Form) -> Vec<u8> {
    let mut wire = Vec::new();
    for y in 0..picture.len() {
        for x in 0..picture[0].len() {
            let value = (0..3).fold(0, |value, colour| {
                let (max, shift) = form.part(colour);
                let at = |dx: usize, dy: usize| match (x.checked_sub(dx), y.checked_sub(dy)) {
                    (Some(x), Some(y)) => i64::from((picture[y][x] >> shift) & max),
                    _ => 0,
                };
                let expected = (at(1, 0) + at(0, 1) - at(1, 1)).clamp(0, max.into());
                value | (((at(0, 0) - expected).rem_euclid(i64::from(max) + 1) as u32) << shift)
            });
            wire.extend(form.tpixel(value));
        }
    }
    wire
}

/// The zlib streams of a server: four for Tight, and one for ZRLE.
struct Streams([ZlibEncoder<Vec<u8>>; 5]);

impl Streams {
    fn zlib(&mut self, stream: usize, bytes: &[u8]) -> Vec<u8> {
        let stream = &mut self.0[stream];
        stream.write_all(bytes).unwrap();
        stream.flush().unwrap();
        std::mem::take(stream.get_mut())
    }

    fn encode(&mut self, encoding: Encoding, picture: &Picture, form: Form, seed: u32) -> Vec<u8> {
        match encoding {
            Encoding::Hextile => hextile(picture, form, seed),
            Encoding::Zrle => {
                let zlib = self.zlib(4, &zrle(picture, form, seed));
                [&(zlib.len() as u32).to_be_bytes()[..], &zlib].concat()
            }
            Encoding::Tight => match tight(picture, form, seed) {
                (head, rows) if rows.len() < 12 => [head, rows].concat(),
                (head, rows) => {
                    let zlib = self.zlib(usize::from(head[0] >> 4 & 3), &rows);
                    let length = zlib.len();
                    let length: Vec<u8> = match length {
                        0..0x80 => vec![length as u8],
                        0x80..0x4000 => vec![length as u8 | 0x80, (length >> 7) as u8],
                        _ => vec![length as u8 | 0x80, (length >> 7) as u8 | 0x80, (length >> 14) as u8],
                    };
                    [head, length, zlib].concat()
                }
            },
            _ => picture.iter().flatten().flat_map(|pixel| form.pixel(*pixel)).collect(),
        }
    }
}

proptest! {
    #[test]
    fn every_encoding_is_decoded(
        wire in prop::sample::select(&FORMATS[..]),
        rectangles in prop::collection::vec((0..90u16, 0..40u16, 1..150u16, 1..90u16, 0..4usize, 1..300usize, any::<u32>()), 1..5),
        piece in 1..5000usize,
        run in 1..40usize,
    ) {
        let form = Form { wire };
        let pixels = PixelMode::TrueColour(PixelFormat::try_from(wire).unwrap());
        let mut canvas = Canvas::new((240, 130), pixels).unwrap();
        let mut expected = vec![0; 240 * 130];
        let mut streams = Streams(std::array::from_fn(|_| ZlibEncoder::new(Vec::new(), Compression::fast())));
        for (x, y, width, height, encoding, colours, seed) in rectangles {
            let mut state = seed | 1;
            let mut random = || {
                // Marsaglia, "Xorshift RNGs", 2003.
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state
            };
            let palette: Vec<u32> = (0..colours).map(|_| form.value(random())).collect();
            let (mut left, mut colour) = (0, 0);
            let mut pixel = || {
                if left == 0 {
                    left = random() as usize % run + 1;
                    colour = palette[random() as usize % colours];
                }
                left -= 1;
                colour
            };
            let picture: Picture = (0..height).map(|_| (0..width).map(|_| pixel()).collect()).collect();
            let encoding = [Encoding::Raw, Encoding::Hextile, Encoding::Zrle, Encoding::Tight][encoding];
            let wire = streams.encode(encoding, &picture, form, seed);
            let area = Rectangle { x, y, width, height };
            let mut decoder = Decoder::new(encoding, area, &canvas).unwrap();
            let (mut have, mut end, mut is_done) = (0, 0, false);
            while end < wire.len() {
                end = wire.len().min(end + piece);
                let mut input = Input::new(&wire[have..end]);
                is_done = decoder.advance(&mut input, &mut canvas).unwrap();
                have = end - input.len();
            }
            prop_assert_eq!((is_done, have), (true, wire.len()), "{:?}", encoding);
            for (row, y) in picture.iter().zip(y..) {
                for (pixel, x) in row.iter().zip(x..) {
                    expected[usize::from(y) * 240 + usize::from(x)] = form.rgb(*pixel);
                }
            }
            prop_assert!(canvas.screen.pixels() == expected, "{encoding:?}");
        }
    }

    /// No input makes it panic, or allocate memory by a length in the input.
    #[test]
    fn nothing_panics(mut wire: Vec<u8>, encoding in 0..5usize, format in prop::sample::select(&FORMATS[..]), zlib: bool) {
        let encoding = [Encoding::Raw, Encoding::CopyRect, Encoding::Hextile, Encoding::Zrle, Encoding::Tight][encoding];
        if zlib {
            let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
            stream.write_all(&wire).unwrap();
            stream.flush().unwrap();
            let head = if encoding == Encoding::Zrle { vec![0, 0, 1, 0] } else { vec![wire.first().copied().unwrap_or(0) & 0x70, 2, 99] };
            wire = [&head, &stream.get_ref()[..]].concat();
        }
        let pixels = PixelMode::TrueColour(PixelFormat::try_from(format).unwrap());
        let mut canvas = Canvas::new((100, 70), pixels).unwrap();
        let area = Rectangle { x: 3, y: 2, width: 90, height: 66 };
        let mut decoder = Decoder::new(encoding, area, &canvas).unwrap();
        _ = decoder.advance(&mut Input::new(&wire), &mut canvas);
    }
}
