use proptest::prelude::*;

use super::*;

/// RFC 6143, section 7.4, field by field.
const NATIVE: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
const RGB565: [u8; 16] = [16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];
const BGR233: [u8; 16] = [8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0];

fn with(mut wire: [u8; 16], changes: &[(usize, u8)]) -> [u8; 16] {
    changes.iter().for_each(|(at, value)| wire[*at] = *value);
    wire
}

fn readers(wire: [u8; 16]) -> PixelReaders {
    PixelReaders::new(PixelMode::TrueColour(wire.try_into().unwrap()))
}

#[test]
fn pixels_are_read_in_all_sizes_and_byte_orders() {
    let cases: [([u8; 16], &[u8], u32); 12] = [
        (NATIVE, &[3, 2, 1, 99], 0x01_02_03),
        (with(NATIVE, &[(2, 1)]), &[99, 1, 2, 3], 0x01_02_03),
        // Red lowest, as a PNG has it.
        (with(NATIVE, &[(10, 0), (12, 16)]), &[1, 2, 3, 99], 0x01_02_03),
        // Ten bits a colour: 512 of 1023 is 127.6 of 255.
        (with(NATIVE, &[(1, 30), (4, 3), (6, 3), (8, 3), (10, 20), (11, 10)]), &[0, 0, 0, 0x20], 0x80_00_00),
        (RGB565, &[0x00, 0xf8], 0xff_00_00),
        (RGB565, &[0xe0, 0x07], 0x00_ff_00),
        (with(RGB565, &[(2, 1)]), &[0x00, 0x1f], 0x00_00_ff),
        // 3 of 31 is 24.7 of 255; 32 of 63 is 129.5.
        (RGB565, &[0x00, 0x1c], 0x19_82_00),
        (BGR233, &[0x07], 0xff_00_00),
        (BGR233, &[0x40], 0x00_00_55),
        // One bit a colour.
        (with(BGR233, &[(5, 1), (7, 1), (9, 1), (10, 7), (11, 4), (12, 0)]), &[0b1000_0001], 0xff_00_ff),
        // Four bits in sixteen, with a gap.
        (with(RGB565, &[(5, 15), (7, 15), (9, 15), (10, 12), (11, 6), (12, 1)]), &[0b1100_0010, 0xa3], 0xaa_ff_11),
    ];
    for (format, wire, colour) in cases {
        let readers = readers(format);
        assert_eq!(readers.pixel().read_pixel(wire), colour, "{format:?} {wire:?}");
        let mut row = [0; 3];
        readers.pixel().read_row(&wire.repeat(3), &mut row);
        assert_eq!(row, [colour; 3], "{format:?} {wire:?}");
    }
}

/// RFC 6143, section 7.7.5.
#[test]
fn a_cpixel_omits_the_unused_byte() {
    let high = [(10, 24), (11, 16), (12, 8)];
    let cases: [([u8; 16], &[u8]); 4] = [
        (NATIVE, &[3, 2, 1]),
        (with(NATIVE, &[(2, 1)]), &[1, 2, 3]),
        (with(NATIVE, &high), &[3, 2, 1]),
        (with(with(NATIVE, &high), &[(2, 1)]), &[1, 2, 3]),
    ];
    for (format, wire) in cases {
        assert_eq!(readers(format).cpixel().size(), 3);
        assert_eq!(readers(format).cpixel().read_pixel(wire), 0x01_02_03, "{format:?}");
    }
    // 32 used bits; a colour in the lowest byte and one in the highest; fewer than 32 bits.
    let spread = with(NATIVE, &[(10, 24), (11, 8), (12, 0)]);
    for (format, size) in [(with(NATIVE, &[(1, 32)]), 4), (spread, 4), (RGB565, 2), (BGR233, 1)] {
        assert_eq!(readers(format).cpixel().size(), size, "{format:?}");
    }
    // If both ends are unused, the last byte is omitted.
    let middle = with(NATIVE, &[(1, 12), (5, 15), (7, 15), (9, 15), (10, 16), (11, 12), (12, 8)]);
    assert_eq!(readers(middle).cpixel().read_pixel(&[99, 0x32, 0x01]), 0x11_33_22);
    assert_eq!(readers(with(middle, &[(2, 1)])).cpixel().read_pixel(&[99, 0x01, 0x32]), 0x11_33_22);
}

/// rfbproto.rst, "Tight Encoding": red, green, blue, whatever the byte order and the shifts.
#[test]
fn a_tpixel_is_red_green_and_blue() {
    for format in [NATIVE, with(NATIVE, &[(2, 1)]), with(NATIVE, &[(10, 0), (12, 16)])] {
        assert_eq!(readers(format).tpixel().size(), 3);
        assert_eq!(readers(format).tpixel().read_pixel(&[1, 2, 3]), 0x01_02_03, "{format:?}");
        let parts = readers(format).tpixel().read_components(&[1, 2, 3], format.try_into().unwrap());
        assert_eq!(parts, [1, 2, 3]);
    }
    for (format, size) in [(with(NATIVE, &[(1, 32)]), 4), (RGB565, 2), (BGR233, 1)] {
        assert_eq!(readers(format).tpixel().size(), size, "{format:?}");
    }
}

#[test]
fn a_colour_map_is_black_until_the_server_sends_it() {
    let mut readers = PixelReaders::new(PixelMode::ColourMap);
    readers.set_colour(200, [0xffff, 0x8000, 0x0101]);
    for reader in [readers.pixel(), readers.cpixel(), readers.tpixel()] {
        assert_eq!(reader.size(), 1);
        assert_eq!((reader.read_pixel(&[199]), reader.read_pixel(&[200])), (0, 0xff_80_01));
    }
    assert_eq!(PixelMode::ColourMap.encode()[..4], [8, 8, 0, 0]);
}

#[test]
fn true_colour_ignores_the_colour_map() {
    let mut readers = readers(BGR233);
    readers.set_colour(7, [0; 3]);
    assert_eq!(readers.pixel().read_pixel(&[7]), 0xff_00_00);
}

proptest! {
    #[test]
    fn a_pixel_is_read_as_the_nearest_colour(wire: [u8; 16], colour: [u8; 3]) {
        if let Ok(format) = PixelFormat::try_from(wire) {
            let mut pixel = format.pixel_of(colour).to_le_bytes();
            let pixel = &mut pixel[..format.bytes_per_pixel()];
            if format.is_big_endian() {
                pixel.reverse();
            }
            let expected = colour.iter().zip(format.max()).fold(0, |rgb, (value, max)| {
                let steps = (f64::from(*value) * f64::from(max) / 255.0).round();
                rgb << 8 | (steps * 255.0 / f64::from(max)).round() as u32
            });
            prop_assert_eq!(readers(wire).pixel().read_pixel(pixel), expected);
        }
    }
}
