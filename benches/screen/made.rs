//! Updates that no server at hand sends: of a picture that hardly compresses, and copies.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::pairs::Outcome;

/// Width and height of what is made, in pixels.
pub(crate) const SIZE: (u16, u16) = (1024, 768);

/// The side of ZRLE's tiles, and the height of Tight's rectangles here.
const SIDE: usize = 64;

/// A screen that looks like a photograph: slopes of colour, and noise in the low bits. Red, green and blue.
fn photograph() -> Vec<[u8; 3]> {
    let mut state = 1_u32;
    let mut noise = || {
        // xorshift32: G. Marsaglia, Xorshift RNGs, 2003.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state & 7) as u8
    };
    let (width, height) = (usize::from(SIZE.0), usize::from(SIZE.1));
    let slope = |at: usize, of: usize| (at * 240 / of) as u8;
    let all = (0..width * height).map(|place| (place % width, place / width));
    all.map(|(x, y)| [slope(x, width) + noise(), slope(y, height) + noise(), slope(x + y, width + height) + noise()])
        .collect()
}

/// RFC 6143, section 7.6.1: the head of an update, and of each rectangle.
fn update(rectangles: u16) -> Vec<u8> {
    [&[0, 0][..], &rectangles.to_be_bytes()].concat()
}

fn rectangle(y: u16, height: u16, encoding: i32) -> Vec<u8> {
    let words = [0, y, SIZE.0, height].map(u16::to_be_bytes).concat();
    [&words[..], &encoding.to_be_bytes()].concat()
}

/// Section 7.7.1.
fn raw() -> Vec<u8> {
    let pixels: Vec<u8> = photograph().into_iter().flat_map(|[red, green, blue]| [blue, green, red, 0]).collect();
    [update(1), rectangle(0, SIZE.1, 0), pixels].concat()
}

/// Section 7.7.6: tiles of raw pixels, in one zlib stream.
pub(crate) fn zrle(frames: usize) -> Outcome<Vec<u8>> {
    let picture = photograph();
    let width = usize::from(SIZE.0);
    let mut tiles = Vec::new();
    for (y, x) in (0..usize::from(SIZE.1)).step_by(SIDE).flat_map(|y| (0..width).step_by(SIDE).map(move |x| (y, x))) {
        tiles.push(0);
        let rows = (y..y + SIDE).map(|y| &picture[y * width + x..][..SIDE]);
        tiles.extend(rows.flatten().flat_map(|[red, green, blue]| [*blue, *green, *red]));
    }
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut wire = Vec::new();
    for _ in 0..frames {
        zlib.write_all(&tiles)?;
        zlib.flush()?;
        let compressed = std::mem::take(zlib.get_mut());
        wire.extend([update(1), rectangle(0, SIZE.1, 16)].concat());
        wire.extend((compressed.len() as u32).to_be_bytes());
        wire.extend(compressed);
    }
    Ok(wire)
}

/// rfbproto.rst, "Tight Encoding": rectangles of rows without a filter, in the first zlib stream.
pub(crate) fn tight(frames: usize) -> Outcome<Vec<u8>> {
    let picture = photograph();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut wire = Vec::new();
    for _ in 0..frames {
        wire.extend(update(SIZE.1 / SIDE as u16));
        for (place, rows) in (0..).zip(picture.chunks(SIDE * usize::from(SIZE.0))) {
            zlib.write_all(rows.as_flattened())?;
            zlib.flush()?;
            let compressed = std::mem::take(zlib.get_mut());
            wire.extend(rectangle(place * SIDE as u16, SIDE as u16, 7));
            let length = compressed.len();
            // Seven bits, seven, and eight: the compact length. Its first byte is the stream's number.
            wire.extend([0, length as u8 | 0x80, (length >> 7) as u8 | 0x80, (length >> 14) as u8]);
            wire.extend(compressed);
        }
    }
    Ok(wire)
}

/// Section 7.7.2: a screen that scrolls by a line of text so often, after it has come in Raw; and all pixels of that.
pub(crate) fn copies(count: usize) -> (Vec<u8>, usize) {
    const LINE: u16 = 16;
    let place = [0, LINE].map(u16::to_be_bytes).concat();
    let copy = [update(1), rectangle(0, SIZE.1 - LINE, 1), place].concat();
    let copied = count * usize::from(SIZE.0) * usize::from(SIZE.1 - LINE);
    ([raw(), copy.repeat(count)].concat(), usize::from(SIZE.0) * usize::from(SIZE.1) + copied)
}
