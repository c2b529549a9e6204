use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)).unwrap()
}

/// A PPM of ImageMagick's, which has no comments: `P6 WIDTH HEIGHT 255`, then RGB.
fn ppm(name: &str) -> Picture {
    let file = data(name);
    let ends: Vec<usize> = file.iter().enumerate().filter(|(_, b)| b.is_ascii_whitespace()).map(|(at, _)| at).collect();
    let words: Vec<&str> = str::from_utf8(&file[..ends[3]]).unwrap().split_ascii_whitespace().collect();
    assert_eq!((words[0], words[3]), ("P6", "255"));
    Picture::new(words[1].parse().unwrap(), words[2].parse().unwrap(), file[ends[3] + 1..].to_vec()).unwrap()
}

const PNGS: [(&str, u8); 11] = [
    ("rgb8", 0),
    ("interlaced", 0),
    ("gray1", 0),
    ("palette2", 0),
    ("palette8", 0),
    ("palette_alpha", 0),
    // ImageMagick rounds 16 bits to 8, where PNG's section 13.12 lets the lower bits fall.
    ("rgb16", 1),
    ("gray16", 1),
    // And of what is transparent over black, it lets the rest fall: 200 * 229 / 255 as 179, where 179.6 is nearer to 180.
    ("rgba8", 1),
    ("rgba16", 2),
    ("gray_alpha", 2),
];

const JPGS: [&str; 3] = ["baseline", "progressive", "gray"];

#[test]
fn pngs_of_every_kind_are_read_as_by_imagemagick() {
    for (name, tolerance) in PNGS {
        let picture = Picture::decode(&data(&format!("{name}.png"))).unwrap();
        let similarity = compare(&picture, &ppm(&format!("{name}.ppm")), None, tolerance);
        assert!(similarity.is_equal(), "{name}: {similarity}");
    }
}

#[test]
fn jpgs_are_read_as_by_imagemagick() {
    for name in JPGS {
        let picture = Picture::decode(&data(&format!("{name}.jpg"))).unwrap();
        // T.83 lets two decoders differ by the rounding of the cosine transform, and of the colours after it.
        let similarity = compare(&picture, &ppm(&format!("{name}.ppm")), None, 3);
        assert!(similarity.is_equal(), "{name}: {similarity}");
    }
}

#[test]
fn an_incomplete_file_is_an_error() {
    let names = PNGS.iter().map(|(name, _)| format!("{name}.png")).chain(JPGS.map(|name| format!("{name}.jpg")));
    for name in names {
        let file = data(&name);
        for length in 0..file.len() {
            let read = Picture::decode(&file[..length]);
            // The pixels may be complete before the file's end mark is.
            let spare = if name.ends_with(".png") { 16 } else { 24 };
            assert!(read.is_err() || length + spare >= file.len(), "{name} cut to {length} of {}", file.len());
        }
    }
}

#[test]
fn a_hostile_size_is_refused_before_memory_is_allocated() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0x3b, 0x9a, 0xca, 0x00, 0x3b, 0x9a, 0xca, 0x00, 8, 2, 0, 0, 0]);
    let crc = png[12..].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    png.extend((!crc).to_be_bytes());
    png.extend(*b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    let side = 1_000_000_000;
    assert_eq!(Picture::decode(&png), Err(PictureError::Size { width: side, height: side }));

    let mut jpg = data("baseline.jpg");
    let frame = jpg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpg[frame + 5..frame + 9].copy_from_slice(&[0x3f, 0xff, 0x3f, 0xff]);
    assert_eq!(Picture::decode(&jpg), Err(PictureError::Size { width: 16383, height: 16383 }));

    assert_eq!(Picture::new(0, 1, vec![]), Err(PictureError::Size { width: 0, height: 1 }));
    assert_eq!(Picture::new(2, 1, vec![0; 5]), Err(PictureError::Length { expected: 6, found: 5 }));
    assert!(Picture::new(7680, 4320, vec![0; 7680 * 4320 * 3]).is_ok(), "the largest screen that is sold");
}

#[test]
fn other_files_are_errors_with_their_format() {
    for (file, named) in [
        (&b""[..], "empty"),
        (b"GIF89a", "GIF"),
        (b"<html>", "HTML"),
        (b"{\"Code\":1}", "JSON"),
        (b"hello", "text"),
        (b"\x00\xff\xfe", "unknown"),
    ] {
        let error = Picture::decode(file).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}

/// Pictures with few colours and with many, so that every depth of palette and none is written.
fn pictures() -> impl Strategy<Value = Picture> {
    let colours =
        prop_oneof![Just(1usize), Just(2), Just(3), Just(4), Just(5), Just(16), Just(17), Just(256), Just(999)];
    (1u32..50, 1u32..50, colours, any::<u64>()).prop_map(|(width, height, colours, seed)| {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let palette: Vec<[u8; 3]> = (0..colours).map(|_| *next().to_le_bytes().first_chunk().unwrap()).collect();
        let count = (width * height) as usize;
        let rgb = (0..count).flat_map(|_| palette[(next() >> 8) as usize % colours]).collect();
        Picture::new(width, height, rgb).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_png_is_read_and_written_alike(picture in pictures()) {
        prop_assert!(Picture::decode(&picture.to_png().unwrap()).unwrap() == picture);
    }

    #[test]
    fn at_most_256_colours_approximate_all(picture in pictures()) {
        let palette::IndexedPicture { colours, indices } = palette::reduce_colours(&picture);
        prop_assert!(colours.len() <= 256);
        prop_assert_eq!(indices.len(), picture.pixels().len());
        // Whatever the picture, no value is further off than half of all values.
        for (pixel, index) in picture.pixels().iter().zip(&indices) {
            let suggest = colours[usize::from(*index)];
            prop_assert!(pixel.iter().zip(suggest).all(|(value, other)| value.abs_diff(other) <= 127));
        }
        prop_assert_eq!(palette::reduce_colours(&picture), palette::IndexedPicture { colours, indices }, "twice the same");
    }

    #[test]
    fn scaling_down_keeps_an_even_colour(colour: [u8; 3], width in 1u32..40, height in 1u32..40) {
        let picture = Picture::new(37, 23, colour.repeat(37 * 23)).unwrap();
        let shrunk = picture.scale_down(width, height);
        prop_assert!(shrunk.pixels().iter().all(|pixel| *pixel == colour), "{:?}", shrunk.pixels());
        prop_assert_eq!((shrunk.width(), shrunk.height()), (width.min(37), height.min(23)));
    }
}

#[test]
fn a_text_screen_is_small() {
    // 80x25 cells of 9x16 pixels, two colours: a letter in each third cell.
    let lit = |x: u32, y: u32| (x / 9).is_multiple_of(3) && (x % 9 * 7 + y % 16 * 5).is_multiple_of(6);
    let pixels = (0..400).flat_map(|y| (0..720).flat_map(move |x| [if lit(x, y) { 170 } else { 0 }; 3]));
    let png = Picture::new(720, 400, pixels.collect()).unwrap().to_png().unwrap();
    assert_eq!((png[24], png[25]), (1, 3), "one bit, palette");
    assert!(png.len() < 720 * 400 / 8 / 4, "{}", png.len());
}

#[test]
fn half_black_and_half_white_is_half_the_light() {
    let checks = Picture::new(2, 2, [[0; 3], [255; 3], [255; 3], [0; 3]].concat()).unwrap();
    // sRGB, IEC 61966-2-1: half of the light is 187.5 of 255.
    assert_eq!(checks.scale_down(1, 1).pixel(0, 0), Some([188; 3]));
    // A pixel and a half: the middle one is shared.
    let row = Picture::new(3, 1, [[0; 3], [255; 3], [255; 3]].concat()).unwrap();
    let shrunk = row.scale_down(2, 1);
    // A third of the light is 156.
    assert_eq!((shrunk.pixel(0, 0), shrunk.pixel(1, 0)), (Some([156; 3]), Some([255; 3])));
}

#[test]
fn a_comparison_gives_the_area_of_different_pixels() {
    let black = Picture::new(4, 3, vec![0; 36]).unwrap();
    let mut rgb = vec![0; 36];
    rgb[3 * (4 + 2)..][..3].copy_from_slice(&[0, 5, 0]);
    let spot = Picture::new(4, 3, rgb).unwrap();
    assert!(compare(&black, &black, None, 0).is_equal());
    assert_eq!(
        compare(&black, &spot, None, 4),
        Similarity::Pixels { equal: 11, of: 12, differs: Some(Rectangle { x: 2, y: 1, width: 1, height: 1 }) }
    );
    assert!(compare(&black, &spot, None, 5).is_equal(), "within the tolerance");
    let beside: Rectangle = "0,0,2,3".parse().unwrap();
    assert_eq!(compare(&spot, &black, Some(beside), 0), Similarity::Pixels { equal: 6, of: 6, differs: None });
    let around: Rectangle = "1,1,3,2".parse().unwrap();
    assert_eq!(
        compare(&spot, &black, Some(around), 0),
        Similarity::Pixels { equal: 5, of: 6, differs: Some(Rectangle { x: 2, y: 1, width: 1, height: 1 }) }
    );
    assert_eq!(
        compare(&spot, &black, Some(around), 0).to_string(),
        "83.3 % of the pixels are equal; what differs is in 2,1,1,1"
    );
    for outside in ["2,0,3,1", "0,3,1,1", "65535,0,65535,1"] {
        let area = outside.parse().unwrap();
        let similarity = compare(&black, &spot, Some(area), 255);
        assert_eq!(similarity, Similarity::Outside(area, (4, 3)));
        assert!(!similarity.is_equal());
    }
    let wide = Picture::new(12, 1, vec![0; 36]).unwrap();
    assert_eq!(compare(&black, &wide, None, 255), Similarity::Sizes((4, 3), (12, 1)));
}
