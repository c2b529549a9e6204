//! What a terminal shows after it was drawn on, by the judgement of another terminal emulator.

use proptest::prelude::*;
use vt100::{Color, Parser};

use super::*;
use crate::console::live::glyph::styled;
use crate::screen_text::Cell;

fn row(text: &str) -> Row {
    styled(text, Style::DEFAULT)
}

/// A terminal of the emulator with 30 lines of scrollback.
fn terminal(columns: u16, rows: u16) -> (Painter, Parser) {
    let mut parser = Parser::new(rows, columns, 30);
    let mut painter = Painter::new((columns, rows), true);
    parser.process(b"what was\r\nthere before");
    parser.process(painter.begin().as_bytes());
    (painter, parser)
}

fn shown(parser: &Parser) -> Vec<String> {
    let (_, columns) = parser.screen().size();
    parser.screen().rows(0, columns).collect()
}

/// All lines of the scrollback, the oldest first.
fn scrollback(parser: &mut Parser) -> Vec<String> {
    parser.screen_mut().set_scrollback(usize::MAX);
    let count = parser.screen().scrollback();
    let mut lines = Vec::new();
    for above in (1..=count).rev() {
        parser.screen_mut().set_scrollback(above);
        lines.push(shown(parser)[0].clone());
    }
    parser.screen_mut().set_scrollback(0);
    lines
}

fn glyph() -> impl Strategy<Value = Glyph> {
    let style = (0..16_u8, 0..16_u8);
    let characters = prop::sample::select(vec!['a', 'b', ' ', ' ', 'é', '│', '█']);
    (characters, style, any::<bool>()).prop_map(|(character, (ink, ground), is_plain)| {
        let colour = |index: u8| crate::console::screen_colours::PALETTE[usize::from(index)];
        let (ink, ground) = if is_plain { (7, 0) } else { (ink, ground) };
        let cell = Cell { character, foreground: colour(ink), background: colour(ground) };
        crate::console::live::glyph::Frame::of(&crate::screen_text::Screen {
            kind: crate::screen_text::ScreenKind::Text,
            grid: None,
            font: None,
            cells: vec![cell],
            unknown: 0,
            cursor: None,
            exact: true,
        })
        .rows[0][0]
    })
}

fn canvas() -> impl Strategy<Value = Canvas> {
    let rows = prop::collection::vec(prop::collection::vec(glyph(), 0..12), 0..7);
    (rows, prop::option::of((0..9_usize, 0..5_usize))).prop_map(|(rows, cursor)| Canvas { rows, cursor })
}

/// What the emulator must show of a colour: the default is no colour.
fn expected(index: u8, default: u8) -> Color {
    if index == default { Color::Default } else { Color::Idx(index) }
}

proptest! {
    #[test]
    fn each_drawing_leads_from_any_canvas_to_any_other(canvases in prop::collection::vec(canvas(), 1..6)) {
        let (mut painter, mut parser) = terminal(9, 5);
        for canvas in canvases {
            parser.process(painter.draw(&canvas).as_bytes());
            for (y, x) in (0..5_u16).flat_map(|y| (0..9_u16).map(move |x| (y, x))) {
                let wanted = canvas.rows.get(usize::from(y)).and_then(|row| row.get(usize::from(x))).copied();
                let wanted = wanted.unwrap_or(Glyph::BLANK);
                let cell = parser.screen().cell(y, x).unwrap();
                let contents = if cell.contents().is_empty() { " " } else { cell.contents() };
                prop_assert_eq!(contents, wanted.character.to_string(), "at {},{}", x, y);
                prop_assert_eq!(cell.bgcolor(), expected(wanted.style.background, 0));
                if wanted.character != ' ' {
                    prop_assert_eq!(cell.fgcolor(), expected(wanted.style.foreground, 7));
                }
            }
            prop_assert_eq!(parser.screen().hide_cursor(), canvas.cursor.is_none());
            if let Some((column, row)) = canvas.cursor {
                prop_assert_eq!(parser.screen().cursor_position(), (row as u16, column as u16));
            }
        }
    }
}

#[test]
fn what_was_there_before_is_in_the_scrollback() {
    let (_, mut parser) = terminal(20, 3);
    assert_eq!(scrollback(&mut parser), ["what was", "there before", ""]);
    assert_eq!(shown(&parser), ["", "", ""]);
}

#[test]
fn lines_scroll_off_in_order_whatever_is_shown() {
    let (mut painter, mut parser) = terminal(6, 3);
    parser.process(painter.draw(&Canvas { rows: vec![row("1"), row("2"), row("3")], cursor: None }).as_bytes());
    let lines: Vec<Row> = ["1", "2", "", "a long line", "x", "y"].map(row).into();
    parser.process(painter.scroll_off(&lines).as_bytes());
    parser.process(painter.draw(&Canvas { rows: vec![row("p"), row("q")], cursor: Some((1, 1)) }).as_bytes());
    let lines = scrollback(&mut parser);
    assert_eq!(lines[lines.len() - 7..], ["1", "2", "", "a long", " line", "x", "y"]);
    assert_eq!(shown(&parser), ["p", "q", ""]);
}

#[test]
fn wide_characters_are_whole_whatever_was_there() {
    let (mut painter, mut parser) = terminal(20, 1);
    for text in [" q 离开  d 按键", " r 重绘  x", " q leave", " 粘贴a粘", " a粘贴粘", ""] {
        parser.process(painter.draw(&Canvas { rows: vec![row(text)], cursor: None }).as_bytes());
        assert_eq!(shown(&parser), [text]);
    }
}

#[test]
fn only_what_changed_is_written() {
    let (mut painter, _) = terminal(80, 25);
    let mut rows: Vec<Row> = (0..25).map(|number| row(&format!("line {number}"))).collect();
    painter.draw(&Canvas { rows: rows.clone(), cursor: Some((0, 0)) });
    assert_eq!(painter.draw(&Canvas { rows: rows.clone(), cursor: Some((0, 0)) }), "");
    assert_eq!(painter.draw(&Canvas { rows: rows.clone(), cursor: Some((3, 0)) }), "\x1b[1;4H");
    rows[3] = row("line 4");
    let drawn = painter.draw(&Canvas { rows: rows.clone(), cursor: Some((6, 3)) });
    assert_eq!(drawn, "\x1b[?25l\x1b[4;6H\x1b[0m4\x1b[4;7H\x1b[?25h");
    // A scrolled terminal shows all lines but the last one already.
    painter.scroll_off(&rows[..1]);
    rows.remove(0);
    rows.push(row("next"));
    assert_eq!(painter.draw(&Canvas { rows, cursor: None }), "\x1b[?25l\x1b[25;1H\x1b[0mnext");
}

#[test]
fn a_change_of_size_draws_all_anew() {
    let (mut painter, mut parser) = terminal(10, 4);
    let canvas = Canvas { rows: vec![row("hello"), row("there")], cursor: Some((5, 1)) };
    parser.process(painter.draw(&canvas).as_bytes());
    painter.resize((7, 3));
    parser.screen_mut().set_size(3, 7);
    parser.process((painter.clear() + &painter.draw(&canvas)).as_bytes());
    assert_eq!(shown(&parser), ["hello", "there", ""]);
    assert_eq!(painter.size(), (7, 3));
    parser.process(painter.end(false).as_bytes());
    assert_eq!(parser.screen().cursor_position(), (2, 0));
    assert!(!parser.screen().hide_cursor());
}
