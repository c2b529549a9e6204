use super::*;
use crate::screen_text::{Grid, LearnedGlyphs, ScreenKind};

/// Cells of 4 x 4 pixels. Their bitmaps are made from the codes of letters; those of odd codes are all different.
const SIDE: usize = 4;
const INK: u32 = 0xaa_aaaa;

/// The pixels of a cell: the bits of the letter's code, between an empty row and column.
fn is_ink(letter: char, x: usize, y: usize) -> bool {
    letter != ' ' && x > 0 && y > 0 && (u32::from(letter) | 1) >> ((x - 1) + 3 * (y - 1)) & 1 == 1
}

/// A screen that shows these rows of letters, of which `known` were read.
fn screen(rows: &[&str], known: &str) -> (Vec<u32>, usize, Screen) {
    let columns = rows.iter().map(|row| row.len()).max().unwrap();
    let letter = |column: usize, row: usize| rows[row].chars().nth(column).unwrap_or(' ');
    let width = columns * SIDE;
    let pixel = |index: usize| {
        let (x, y) = (index % width, index / width);
        if is_ink(letter(x / SIDE, y / SIDE), x % SIDE, y % SIDE) { INK } else { 0 }
    };
    let pixels = (0..width * rows.len() * SIDE).map(pixel).collect();
    let read = |letter: char| if letter == ' ' || known.contains(letter) { letter } else { UNKNOWN_CHARACTER };
    let cells = (0..rows.len()).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let cell = |(column, row)| Cell { character: read(letter(column, row)), foreground: INK, background: 0 };
    let (cell_width, cell_height) = (SIDE, SIDE);
    let grid = Grid { cell_width, cell_height, offset_x: 0, offset_y: 0, columns, rows: rows.len() };
    let cells = cells.map(cell).collect();
    let kind = ScreenKind::UnknownFont;
    (pixels, width, Screen { kind, grid: Some(grid), font: None, cells, unknown: 0, cursor: None, exact: true })
}

/// What is learned from the whole rows of a screen.
fn lesson(shown: &[&str], known: &str, text: &[&str]) -> Lesson {
    let (pixels, width, screen) = screen(shown, known);
    let pixels = Pixels::new(width, pixels.len() / width, &pixels).unwrap();
    learn(pixels, &screen, &known_text((0, 0), None, text)).unwrap()
}

fn known_text<'a>((column, row): (usize, usize), columns: Option<usize>, lines: &[&'a str]) -> KnownText<'a> {
    KnownText { start: Position { column, row }, columns, lines: lines.to_vec() }
}

fn learned(lesson: &Lesson) -> String {
    let mut characters: Vec<char> = lesson.glyphs.iter().map(|(_, character)| *character).collect();
    characters.sort_unstable();
    characters.into_iter().collect()
}

#[test]
fn the_bitmaps_of_known_rows_are_learned_once_each() {
    let lesson = lesson(&["ego  ace", "xyz", "ask ego "], "", &["ego  ace", "", "ask ego"]);
    assert_eq!((learned(&lesson).as_str(), &lesson.faults[..]), ("acegkos", &[][..]));
    // The bitmap of an a: its code is 0x61, whose bits are the pixels of three rows of three.
    let a = key(&[0, 0b0100, 0b0001, 0b0100], 4);
    let bitmap = Bitmap { width: 4, height: 4, key: a, is_flipped: false };
    assert!(lesson.glyphs.contains(&(bitmap, 'a')), "{lesson:?}");
    let mut all = LearnedGlyphs::default();
    lesson.glyphs.iter().for_each(|(bitmap, character)| assert_eq!(all.add(*bitmap, *character), None));
    assert_eq!(LearnedGlyphs::parse(&all.to_text()), Some(all));
}

#[test]
fn a_row_that_does_not_show_the_text_teaches_nothing() {
    for (text, column) in [("ego acce", 4), ("egos  ace", 3), ("ego", 5), ("ego  aceg", 8), ("  ego", 0)] {
        let lesson = lesson(&["ego  ace "], "", &[text]);
        let fault = LessonFault::OtherText { at: Position { column, row: 0 } };
        assert_eq!((learned(&lesson).as_str(), &lesson.faults[..]), ("", &[fault][..]), "{text}");
    }
}

#[test]
fn a_cursor_behind_the_text_is_no_difference() {
    for shown in ["ego_ ", "ego _"] {
        assert_eq!(learned(&lesson(&[shown], "", &["ego"])), "ego");
    }
    for shown in ["ego  _", "ego__"] {
        assert_eq!(learned(&lesson(&[shown], "", &["ego"])), "");
    }
}

#[test]
fn what_contradicts_is_told_and_not_learned() {
    let lesson = lesson(&["eke gag"], "", &["eke gog"]);
    assert_eq!((learned(&lesson).as_str(), &lesson.faults[..]), ("egko", &[][..]), "a bitmap seen once is believed");
    let lesson = tests::lesson(&["ek gag"], "", &["ek gab"]);
    let fault = LessonFault::Contradiction { at: Position { column: 5, row: 0 }, given: 'b', before: 'g' };
    assert_eq!((learned(&lesson).as_str(), &lesson.faults[..]), ("aek", &[fault][..]));
    // Neither is a third one.
    let lesson = tests::lesson(&["ggge"], "", &["abge"]);
    assert_eq!((learned(&lesson).as_str(), lesson.faults.len()), ("e", 1));
    let lesson = tests::lesson(&["ego"], "go", &["egx"]);
    let fault = LessonFault::Known { at: Position { column: 2, row: 0 }, shown: 'o', given: 'x' };
    assert_eq!((learned(&lesson).as_str(), &lesson.faults[..]), ("e", &[fault][..]));
}

#[test]
fn a_part_of_the_screen_is_enough_and_what_is_outside_is_not_there() {
    let (pixels, width, screen) = screen(&["ego  ace", "xyz aces"], "");
    let pixels = Pixels::new(width, pixels.len() / width, &pixels).unwrap();
    let of =
        |start, columns, lines: &[&str]| learned(&learn(pixels, &screen, &known_text(start, columns, lines)).unwrap());
    assert_eq!(of((5, 0), Some(3), &["ace"]), "ace");
    assert_eq!(of((4, 1), None, &["aces"]), "aces");
    assert_eq!(of((5, 0), Some(99), &["ace  ", "ces"]), "aces");
    for (start, columns, line) in
        [((5, 0), Some(99), "aces"), ((0, 7), None, "ego"), ((9, 0), None, "ego"), ((0, 0), Some(2), "ego")]
    {
        assert_eq!(of(start, columns, &[line]), "", "{start:?}");
    }
    let none = Screen { grid: None, cells: Vec::new(), ..screen };
    assert_eq!(learn(pixels, &none, &known_text((0, 0), None, &["ego"])), None, "so few characters fit many sizes");
}

#[test]
fn the_cell_size_is_the_one_that_the_text_fits() {
    let text = ["The quick brown fox", "", "jumps over the lazy", "dog, 0123456789."];
    for (cell_width, cell_height, columns, rows) in [(12, 22, 30, 10), (9, 17, 71, 20), (32, 64, 20, 5)] {
        let (width, height) = (cell_width * columns + 3, cell_height * rows + 5);
        let mut pixels = vec![0; width * height];
        for (row, line) in text.iter().enumerate() {
            for (column, letter) in line.chars().enumerate().filter(|(_, letter)| *letter != ' ') {
                // The bits of the code as dots of 2 x 2 pixels.
                for bit in (0..8).filter(|bit| u32::from(letter) >> bit & 1 == 1) {
                    let (x, y) = (column * cell_width + 1 + 2 * (bit % 2), row * cell_height + 2 + 2 * (bit / 2));
                    for y in y..y + 2 {
                        pixels[y * width + x..][..2].fill(INK);
                    }
                }
            }
        }
        let pixels = Pixels::new(width, height, &pixels).unwrap();
        // Half of a cell is a grid that was found without a font.
        let grid = Grid::covering((width, height), (cell_width, cell_height / 2), (0, 0));
        let cell = Cell { character: UNKNOWN_CHARACTER, foreground: INK, background: 0 };
        let cells = vec![cell; grid.unwrap().len()];
        let (kind, unknown) = (ScreenKind::UnknownFont, 9);
        let wrong = Screen { kind, grid, font: None, cells, unknown, cursor: None, exact: true };
        for screen in [wrong.clone(), Screen { grid: None, cells: Vec::new(), ..wrong }] {
            let lesson = learn(pixels, &screen, &known_text((0, 0), None, &text)).unwrap();
            assert_eq!((lesson.grid.cell_width, lesson.grid.cell_height), (cell_width, cell_height));
            let characters: BTreeSet<char> = text.concat().chars().filter(|letter| *letter != ' ').collect();
            assert_eq!(learned(&lesson), String::from_iter(characters));
        }
    }
}

#[test]
fn reverse_video_has_the_same_bitmaps_and_a_third_colour_has_none() {
    let (mut pixels, width, screen) = screen(&["ego"], "");
    let lesson = |pixels: &[u32]| {
        let pixels = Pixels::new(width, SIDE, pixels).unwrap();
        learn(pixels, &screen, &known_text((0, 0), None, &["ego"])).unwrap()
    };
    let plain = lesson(&pixels);
    pixels.iter_mut().for_each(|pixel| *pixel ^= INK);
    assert_eq!(lesson(&pixels), plain);
    pixels[width + 1] = 0x55_0000;
    assert_eq!(learned(&lesson(&pixels)), "go");
}

#[test]
fn a_block_is_told_from_its_inverse_by_what_is_beside_it() {
    // Cells of 4 x 4 pixels: ▄, blank, ▀, blank; the second row in reverse video.
    let block = |x: usize, y: usize| match x / SIDE {
        0 => y % SIDE >= 2,
        2 => y % SIDE < 2,
        _ => false,
    };
    let pixel = |index: usize| {
        let (x, y) = (index % 16, index / 16);
        if block(x, y) != (y >= SIDE) { INK } else { 0 }
    };
    let pixels: Vec<u32> = (0..16 * 8).map(pixel).collect();
    let (_, _, screen) = screen(&["e e ", "e e "], "");
    let pixels = Pixels::new(16, 8, &pixels).unwrap();
    let lesson = learn(pixels, &screen, &known_text((0, 0), None, &["▄ ▀"; 2])).unwrap();
    assert_eq!((learned(&lesson).as_str(), &lesson.faults[..]), ("▀▄", &[][..]));
    let [(one, _), (other, _)] = lesson.glyphs[..] else { panic!("{lesson:?}") };
    assert_eq!((one.key, one.is_flipped, other.is_flipped), (other.key, false, true));
}
