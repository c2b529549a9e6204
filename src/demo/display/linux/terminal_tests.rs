use super::*;

fn shown(text: &str) -> Terminal {
    let mut terminal = Terminal::new();
    terminal.write(text);
    terminal
}

/// The attributes of the first cells.
fn attributes(text: &str, count: usize) -> Vec<u8> {
    shown(text).cells()[..count].iter().map(|cell| cell.attribute).collect()
}

#[test]
fn lines_begin_at_the_left_and_wrap_at_the_right() {
    assert_eq!(shown("one\ntwo\r\nthree\rT").rows(), ["one", "two", "Three"]);
    let full = shown(&"x".repeat(80));
    assert_eq!(full.cursor(), Position { column: 79, row: 0 }, "the cursor waits in the last column");
    assert_eq!(shown(&format!("{}y", "x".repeat(80))).rows(), ["x".repeat(80), "y".to_owned()]);
    assert_eq!(shown(&format!("{}\ny", "x".repeat(80))).rows(), ["x".repeat(80), "y".to_owned()], "no blank row");
}

#[test]
fn the_screen_scrolls_by_whole_rows() {
    let lines: Vec<String> = (0..30).map(|line| format!("line {line}")).collect();
    let terminal = shown(&lines.join("\n"));
    assert_eq!(terminal.rows(), lines[5..]);
    assert_eq!(terminal.cursor(), Position { column: 7, row: 24 });
    assert_eq!(shown(&"\n".repeat(10_000)).rows(), [""; 0]);
}

#[test]
fn a_character_is_taken_back_across_the_end_of_a_row() {
    let mut terminal = shown(&"x".repeat(81));
    terminal.erase();
    assert_eq!((terminal.rows(), terminal.cursor()), (vec!["x".repeat(80)], Position { column: 0, row: 1 }));
    terminal.erase();
    assert_eq!((terminal.rows(), terminal.cursor()), (vec!["x".repeat(79)], Position { column: 79, row: 0 }));
    let mut full = shown(&"x".repeat(80));
    full.erase();
    full.write("y");
    assert_eq!(full.rows(), [format!("{}y", "x".repeat(79))]);
    let mut blank = Terminal::new();
    blank.erase();
    assert_eq!(blank.cursor(), Position::default());
}

#[test]
fn the_colours_of_a_boot_log_are_linuxs() {
    // systemd's: green, red and bright, yellow and bright, and plain again.
    assert_eq!(attributes("\x1b[0;32mo\x1b[0mk", 2), [0x02, 0x07]);
    assert_eq!(attributes("\x1b[0;1;31mo\x1b[0;1;33mk\x1b[0;1;39mx", 3), [0x0c, 0x0e, 0x0f]);
    assert_eq!(attributes("\x1b[1m\x1b[mo", 1), [0x07], "no parameter is 0");
    // What is not known has no effect and shows nothing.
    let odd = shown("\x1b[?25l\x1b[2;7mo\x07\x1b]0;k\x1b[");
    assert_eq!((odd.rows(), odd.cells()[0].attribute), (vec!["o0;k".to_owned()], 0x07));
}

#[test]
fn a_line_can_be_written_anew() {
    assert_eq!(shown("a start job is running\r\x1b[Kdone").rows(), ["done"]);
    assert_eq!(shown("数据\u{7f}库é").rows(), ["????"]);
}
