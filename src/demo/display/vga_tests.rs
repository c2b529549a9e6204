use std::fs;
use std::path::Path;

use super::*;
use crate::picture::Picture;

const LIGHT_GRAY: [u8; 3] = [0xaa; 3];
const BLACK: [u8; 3] = [0; 3];

fn blank() -> Vec<Cell> {
    vec![Cell::BLANK; usize::from(COLUMNS) * usize::from(ROWS)]
}

/// A screenshot of QEMU (`screendump`) with SeaVGABIOS: the characters 0 to 255 one after another, over and over.
fn qemu() -> Picture {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vga_text/all_glyphs.png");
    Picture::decode(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_pixel_of_every_glyph_is_where_qemu_draws_it() {
    let cells = (0..=u8::MAX).cycle().take(blank().len());
    let cells = cells.map(|character| Cell { character, attribute: DEFAULT_ATTRIBUTE }).collect();
    let (frame, qemu) = (TextFrame::new(cells, None), qemu());
    assert_eq!((qemu.width(), qemu.height()), (WIDTH.into(), HEIGHT.into()));
    for (x, y) in (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))) {
        // QEMU's light gray has 6 bits a channel: 0xa8.
        let expected = match qemu.pixel(x.into(), y.into()) {
            Some([0xa8, 0xa8, 0xa8]) => LIGHT_GRAY,
            Some([0, 0, 0]) => BLACK,
            other => panic!("{other:?} at ({x}, {y})"),
        };
        assert_eq!(frame.pixel(x, y), expected, "({x}, {y})");
    }
}

#[test]
fn an_attribute_has_a_colour_for_the_ink_and_one_for_the_background() {
    let mut cells = blank();
    // A full block, whose ninth column is its eighth's; then a space.
    cells[0] = Cell { character: 0xdb, attribute: 0x1e };
    cells[1] = Cell { character: b' ', attribute: 0x1e };
    let frame = TextFrame::new(cells, None);
    assert_eq!([frame.pixel(0, 0), frame.pixel(8, 15)], [[0xff, 0xff, 0x55]; 2]);
    assert_eq!([frame.pixel(9, 0), frame.pixel(17, 15)], [[0, 0, 0xaa]; 2]);
    assert_eq!([frame.pixel(18, 0), frame.pixel(720, 0), frame.pixel(0, 400), frame.pixel(u16::MAX, 9)], [BLACK; 4]);
}

#[test]
fn the_cursor_is_two_rows_of_a_whole_cell() {
    let at = Position { column: 79, row: 24 };
    let frame = TextFrame::new(blank(), Some(at));
    let lit = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let lit: Vec<_> = lit.filter(|&(x, y)| frame.pixel(x, y) == LIGHT_GRAY).collect();
    let expected: Vec<_> = (397..399).flat_map(|y| (711..720).map(move |x| (x, y))).collect();
    assert_eq!(lit, expected);
}

#[test]
fn the_changes_are_all_that_differs_and_little_else() {
    let before = TextFrame::new(blank(), Some(Position { column: 3, row: 2 }));
    let mut cells = blank();
    for (column, row) in [(3, 2), (5, 2), (0, 24)] {
        cells[row * usize::from(COLUMNS) + column].character = b'x';
    }
    let after = TextFrame::new(cells, Some(Position { column: 6, row: 2 }));
    let area = |x, y, width, height| Rectangle { x, y, width, height };
    let expected = [area(27, 32, 27, 16), area(0, 384, 9, 16), area(54, 45, 9, 2), area(27, 45, 9, 2)];
    assert_eq!(after.changes_since(&before), expected);
    assert_eq!(after.changes_since(&after), []);
    for (x, y) in (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))) {
        let is_named = expected.iter().any(|area| area.contains(x, y));
        assert!(is_named || before.pixel(x, y) == after.pixel(x, y), "({x}, {y})");
    }
}
