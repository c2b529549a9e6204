use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

/// Written by hand.
const BDF: &[u8] = include_bytes!("../../tests/fonts/samples/sample.bdf");
/// Made from the BDF file by GRUB's grub-mkfont.
const PF2: &[u8] = include_bytes!("../../tests/fonts/samples/sample.pf2");
/// kbd's psfaddtable wrote the tables of characters of these two.
const PSF1: &[u8] = include_bytes!("../../tests/fonts/samples/sample_8x3.psf");
const PSF2: &[u8] = include_bytes!("../../tests/fonts/samples/sample_12x2.psf");

fn read(bytes: &[u8]) -> Font {
    parse("sample", bytes).unwrap()
}

fn error(bytes: &[u8]) -> FontError {
    parse("sample", bytes).unwrap_err()
}

/// The rows of the glyph of a character.
fn rows(font: &Font, character: char) -> &[u32] {
    &font.glyphs.iter().find(|glyph| glyph.characters.contains(&character)).unwrap().rows
}

#[test]
fn bdf_and_pf2_glyphs_are_placed_in_their_cells() {
    for font in [read(BDF), read(PF2)] {
        assert_eq!((font.width, font.height), (8, 6));
        // Drawn by hand from the bounding boxes: the character U+4E00 is twice as wide as the cells.
        let characters: String = font.glyphs.iter().flat_map(|glyph| &glyph.characters).collect();
        assert_eq!(characters, " .Aj|é");
        assert_eq!(rows(&font, ' '), [0; 6]);
        assert_eq!(rows(&font, '.'), [0, 0, 0, 0x18, 0x18, 0]);
        assert_eq!(rows(&font, 'A'), [0x18, 0x24, 0x7e, 0x42, 0x42, 0]);
        assert_eq!(rows(&font, '|'), [1; 6]);
        assert_eq!(rows(&font, 'j'), [0, 0x08, 0, 0x08, 0x08, 0x30]);
        assert_eq!(rows(&font, 'é'), [0x08, 0x38, 0x44, 0x78, 0x3c, 0]);
    }
}

#[test]
fn psf_tables_name_glyphs() {
    let font = read(PSF1);
    assert_eq!((font.width, font.height, font.glyphs.len()), (8, 3, 256));
    let glyph = |position: usize| (&font.glyphs[position].characters[..], &font.glyphs[position].rows[..]);
    assert_eq!(glyph(0x00), (&[' ', '\u{a0}'][..], &[0x00, 0, 0xff][..]));
    assert_eq!(glyph(0x41), (&['A', 'Α', 'А'][..], &[0x41, 0, 0xbe][..]));
    // The sequence A and U+0308 is left out.
    assert_eq!(glyph(0x80), (&['Ä'][..], &[0x80, 0, 0x7f][..]));
    assert_eq!(glyph(0x81), (&[][..], &[0x81, 0, 0x7e][..]));
    assert_eq!(font.glyphs[0x80].position, 0x80);

    let font = read(PSF2);
    assert_eq!((font.width, font.height, font.glyphs.len()), (12, 2, 3));
    let glyphs: Vec<_> = font.glyphs.iter().map(|glyph| (&glyph.characters[..], &glyph.rows[..])).collect();
    let expected: [(&[char], &[u32]); 3] = [(&['é'], &[0xfff, 0x801]), (&[], &[0x001, 0]), (&['│'], &[0xa55, 0x5aa])];
    assert_eq!(glyphs, expected);
}

/// A PSF2 header and what follows it. Source: psf.h of kbd.
fn psf2_with(fields: [u32; 7], rest: &[u8]) -> Vec<u8> {
    let mut bytes = psf2::MAGIC.to_vec();
    fields.iter().for_each(|field| bytes.extend(field.to_le_bytes()));
    bytes.extend(rest);
    bytes
}

#[test]
fn without_a_table_only_ascii_is_named() {
    let font = read(&psf2_with([0, 36, 0, 256, 1, 1, 8], &[7; 4 + 256]));
    let named: String = font.glyphs.iter().flat_map(|glyph| &glyph.characters).collect();
    assert_eq!(named, (' '..='~').collect::<String>());
    assert_eq!((font.glyphs.len(), font.glyphs[65].characters[0], &font.glyphs[65].rows[..]), (256, 'A', &[7][..]));

    let mut psf1 = vec![0x36, 0x04, 0x01, 2];
    psf1.extend([9; 2 * 512]);
    assert_eq!(read(&psf1).glyphs.len(), 512);
}

#[test]
fn fonts_without_a_header_are_known_by_their_length() {
    for (height, length) in [(8, 2048), (14, 3584), (16, 4096)] {
        let font = read(&vec![0x55; length]);
        assert_eq!((font.width, font.height, font.glyphs[0xb3].characters[0]), (8, height, '│'));
    }
    assert_eq!(error(&[0x55; 4095]), FontError::UnknownFormat);
    assert_eq!(error(b""), FontError::UnknownFormat);
}

#[test]
fn bdf_encodings_other_than_unicode_name_ascii_only() {
    let text = String::from_utf8_lossy(BDF).into_owned();
    let named = |registry: &str, encoding: &str| -> String {
        let text = text.replace("\"ISO10646\"", registry).replace("CHARSET_ENCODING \"1\"", encoding);
        let font = read(text.replace("ENCODING 65\n", "ENCODING -1 65\n").as_bytes());
        font.glyphs.iter().flat_map(|glyph| &glyph.characters).collect()
    };
    assert_eq!(named("\"ISO10646\"", "CHARSET_ENCODING \"1\""), " .j|é");
    assert_eq!(named("\"iso8859\"", "CHARSET_ENCODING \"1\""), " .j|é");
    assert_eq!(named("\"ISO8859\"", "CHARSET_ENCODING \"5\""), " .j|");
    assert_eq!(named("\"KOI8\"", "CHARSET_ENCODING \"R\""), " .j|");
}

#[test]
fn bdf_cells_may_start_beside_the_origin() {
    let font = read(
        b"STARTFONT 2.1\r\nFONTBOUNDINGBOX 3 2 -1 0\r\nSTARTCHAR x\r\nENCODING 120\r\nDWIDTH 3 0\r\n\
          BBX 2 1 -1 1\r\nBITMAP\r\nC0\r\nENDCHAR\r\nENDFONT\r\n",
    );
    assert_eq!((font.width, font.height, rows(&font, 'x')), (3, 2, &[0b110, 0][..]));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_unpacked_up_to_a_limit() {
    assert_eq!(read(&gzip(PSF2)).glyphs.len(), 3);
    let bomb = gzip(&vec![0; 1 << 20]).repeat((MAX_BYTES >> 20) + 1);
    assert_eq!(error(&bomb), FontError::TooLarge);
    let packed = gzip(PSF1);
    assert_eq!(error(&packed[..packed.len() / 2]), FontError::Damaged("it cannot be unpacked"));
}

#[test]
fn sizes_that_no_console_has_are_refused() {
    for (width, height) in [(0, 8), (8, 0), (33, 8), (8, 65), (u32::MAX, u32::MAX)] {
        let bytes = psf2_with([0, 32, 0, 1, 8, height, width], &[0; 64]);
        assert_eq!(error(&bytes), FontError::CellSize { width: width.into(), height: height.into() });
    }
    assert_eq!(error(&[0x36, 0x04, 0, 0, 0]), FontError::CellSize { width: 8, height: 0 });
    assert_eq!(error(&psf2_with([0, 32, 0, 1 << 16 | 1, 1, 1, 8], &[])), FontError::TooLarge);
    assert_eq!(error(&psf2_with([0, 32, 0, 0, 1, 1, 8], &[])), FontError::NoGlyphs);
}

#[test]
fn contradictions_are_refused() {
    let faults = [
        psf2_with([0, 32, 0, 1, 7, 8, 8], &[0; 64]),
        psf2_with([0, u32::MAX, 0, 1, 8, 8, 8], &[0; 64]),
        psf2_with([0, 31, 0, 1, 8, 8, 8], &[0; 64]),
        psf2_with([0, 32, 0, 9, 8, 8, 8], &[0; 64]),
        psf2_with([0, 32, 1, 1, 1, 1, 8], &[0, b'A']),
        psf2_with([0, 32, 1, 1, 1, 1, 8], &[0, 0xc3, 0xff]),
        b"STARTFONT 2.1\nSTARTCHAR A\nENDCHAR\n".to_vec(),
        b"STARTFONT 2.1\nFONTBOUNDINGBOX 8 2 0\n".to_vec(),
        b"STARTFONT 2.1\nFONTBOUNDINGBOX 8 2 0 0\nSTARTCHAR A\nBITMAP\nFF\nENDCHAR\n".to_vec(),
        b"STARTFONT 2.1\nFONTBOUNDINGBOX 8 1 0 0\nSTARTCHAR A\nBITMAP\nF\nENDCHAR\n".to_vec(),
        b"STARTFONT 2.1\nFONTBOUNDINGBOX 8 1 0 0\nSTARTCHAR A\nBITMAP\nXX\nENDCHAR\n".to_vec(),
        b"STARTFONT 2.1\nFONTBOUNDINGBOX 8 1 0 0\nSTARTCHAR A\nBITMAP\nFF\n".to_vec(),
        [&pf2::MAGIC[..], b"CHIX\xff\xff\xff\xff"].concat(),
        [&pf2::MAGIC[..], b"MAXW\0\0\0\x01\x08"].concat(),
        [&pf2::MAGIC[..], b"CHIX\0\0\0\x09\0\0\0A\0\xff\xff\xff\xff"].concat(),
    ];
    for fault in faults {
        assert!(matches!(error(&fault), FontError::Damaged(_)), "{:?}", String::from_utf8_lossy(&fault));
    }
    assert_eq!(error(b"STARTFONT 2.1\nFONTBOUNDINGBOX 8 16 0 0\nENDFONT\n"), FontError::NoGlyphs);
}

#[test]
fn damaged_files_do_not_panic() {
    for sample in [BDF, PF2, PSF1, PSF2] {
        for length in 0..sample.len() {
            let _ = parse("sample", &sample[..length]);
        }
        let mut damaged = sample.to_vec();
        for (at, byte) in sample.iter().enumerate() {
            for other in [0x00, 0x01, 0x7f, 0xfe, 0xff] {
                damaged[at] = other;
                let _ = parse("sample", &damaged);
            }
            damaged[at] = *byte;
        }
    }
}
