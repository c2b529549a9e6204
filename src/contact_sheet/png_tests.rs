use std::io::Cursor;

use super::*;
use crate::contact_sheet::Thumbnail;
use crate::font;

fn tile(id: &str, is_sick: bool) -> Tile {
    let red = Picture::new(480, 360, [200, 0, 0].repeat(480 * 360)).unwrap();
    Tile {
        name: format!("web-{id}"),
        id: id.to_owned(),
        region: "cn-hangzhou".to_owned(),
        state: if is_sick { "panic" } else { "login" }.to_owned(),
        is_sick,
        thumbnail: Some(Thumbnail::of(&red).unwrap()),
        ..Tile::default()
    }
}

fn file(tiles: &[Tile]) -> (Vec<u8>, usize) {
    let mut sheet = PngSheet::new(Cursor::new(Vec::new()));
    tiles.iter().for_each(|tile| sheet.add(tile).unwrap());
    let mut file = Vec::new();
    let left_out = sheet.finish(&Head { time: "2026-11-26".to_owned(), is_partial: false }, &mut file).unwrap();
    (file, left_out)
}

fn sheet(tiles: &[Tile]) -> (Picture, usize) {
    let (file, left_out) = file(tiles);
    (Picture::decode(&file).unwrap(), left_out)
}

/// The text of a line, read back by comparing cells with the bitmaps of a font that has the same letters.
fn read_line(picture: &Picture, (x, y): (u32, u32), columns: u32) -> String {
    let fonts: Vec<_> = font::shipped().into_iter().filter(|font| (font.width, font.height) == (8, 16)).collect();
    let cell = |column: u32| -> Vec<u32> {
        let background = picture.pixel(x + columns * 8 + 2, y).unwrap();
        let row = |y| {
            (0..8).fold(0, |row, bit| row << 1 | u32::from(picture.pixel(x + column * 8 + bit, y) != Some(background)))
        };
        (y..y + 16).map(row).collect()
    };
    let read = |column| {
        let cell = cell(column);
        let found = fonts.iter().flat_map(|font| &font.glyphs).find(|glyph| glyph.rows == cell);
        found.and_then(|glyph| glyph.characters.first().copied()).unwrap_or('?')
    };
    (0..columns).map(read).collect::<String>().trim_end_matches([' ', '\0', '\u{a0}']).to_owned()
}

#[test]
fn labels_can_be_read_and_the_sick_tile_is_first_and_framed() {
    let (picture, left_out) = sheet(&[tile("i-1", false), tile("i-2", true)]);
    assert_eq!(left_out, 0);
    let layout = Layout::of(2);
    assert_eq!((picture.width(), picture.height()), (layout.width(), layout.height()));
    let label = |column: u32, line: u32, columns| {
        let x = column * layout.tile_width() + MARGIN;
        read_line(&picture, (x, HEADER + MARGIN + 360 + 4 + line * LINE), columns)
    };
    assert_eq!((label(0, 0, 7), label(1, 0, 7)), ("web-i-2".to_owned(), "web-i-1".to_owned()));
    assert_eq!((label(0, 1, 18), label(0, 2, 5)), ("i-2 in cn-hangzhou".to_owned(), "panic".to_owned()));
    let header = "2 instances, 1 needs attention; 2026-11-26";
    assert_eq!(read_line(&picture, (MARGIN, MARGIN), header.len() as u32), header);
    let edge = |column: u32| picture.pixel(column * layout.tile_width() + FRAME, HEADER + 50).unwrap();
    assert_eq!((edge(0), edge(1)), (SICK, PANEL));
    // The middle of a thumbnail; a JPG may change it a little.
    let middle = picture.pixel(250, HEADER + 200).unwrap();
    assert!(middle[0].abs_diff(200) < 6 && middle[1] < 6, "{middle:?}");
}

#[test]
fn the_sheet_has_a_shape_for_every_number_of_tiles() {
    for count in [0, 1, 2, 7, 60, 61, 240, 241, 999, 1000] {
        let layout = Layout::of(count);
        assert!((layout.columns * layout.rows) as usize >= count, "{count}: {layout:?}");
        assert!(layout.width() <= 16_384 && layout.height() <= 16_384, "{count}: {layout:?}");
        let shape = f64::from(layout.width()) / f64::from(layout.height());
        assert!(count < 7 || (0.9..2.5).contains(&shape), "{count}: {shape}");
    }
}

#[test]
fn more_than_the_most_are_left_out_and_the_sick_are_not() {
    let healthy = Tile { thumbnail: None, ..tile("i-1", false) };
    let mut tiles = vec![healthy; MAX_PNG_TILES + 2];
    tiles.push(Tile { thumbnail: None, ..tile("i-2", true) });
    let (file, left_out) = file(&tiles);
    assert_eq!(left_out, 3);
    // It has more pixels than a picture of a screen may have.
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let row = (0..HEADER + 50).fold(None, |_, _| reader.next_row().unwrap().map(|row| row.data().to_vec())).unwrap();
    let pixel = |x: u32| &row[3 * x as usize..][..3];
    assert_eq!((pixel(FRAME), pixel(Layout::of(1000).tile_width() + FRAME)), (&SICK[..], &PANEL[..]));
}

#[test]
fn an_id_stands_for_a_name_that_cannot_be_drawn() {
    let named = |name: &str| Tile { name: name.to_owned(), ..tile("i-1", false) };
    let (picture, _) = sheet(&[named("数据库-1"), named("caf\u{e9}")]);
    let layout = Layout::of(2);
    let label = |column: u32, columns| {
        read_line(&picture, (column * layout.tile_width() + MARGIN, HEADER + MARGIN + 360 + 4), columns)
    };
    assert_eq!((label(0, 6), label(1, 4)), ("i-1".to_owned(), "caf\u{e9}".to_owned()));
}

#[test]
fn odd_letters_and_no_tiles_are_drawn() {
    let odd = Tile { name: "数据库-\u{1b}[2J\u{0}".repeat(50), row: "x".repeat(5000), ..tile("i-1", true) };
    assert_eq!(sheet(&[odd]).0.width(), Layout::of(1).width());
    assert_eq!(sheet(&[]).0.height(), HEADER);
}
