use proptest::prelude::*;

use super::*;
use crate::console::live::glyph::tests::frame;
use crate::console::live::glyph::{Style, text_of};

const COLUMNS: usize = 24;
const ROWS: usize = 14;

/// A text console that scrolls, as a guest has it.
#[derive(Clone, Default)]
struct Guest {
    lines: Vec<String>,
    open: String,
}

impl Guest {
    fn print(&mut self, line: &str) {
        self.lines.push(std::mem::take(&mut self.open) + line);
    }

    fn frame(&self) -> Frame {
        let all: Vec<&str> = self.lines.iter().map(String::as_str).chain([self.open.as_str()]).collect();
        let start = all.len().saturating_sub(ROWS);
        let mut rows = all[start..].to_vec();
        let cursor = (self.open.len(), rows.len() - 1);
        rows.resize(ROWS, "");
        frame(COLUMNS, &rows, Some(cursor))
    }

    fn off_screen(&self) -> Vec<String> {
        self.lines[..(self.lines.len() + 1).saturating_sub(ROWS)].to_vec()
    }
}

/// What is kept: the text of lines, and `None` where some were lost.
fn kept(steps: &[Step]) -> Vec<Option<String>> {
    let lines = |step: &Step| {
        let lost = matches!(step.motion, Motion::Replaced { is_lost: true }).then_some(None);
        step.gone.iter().map(|row| Some(text_of(row))).chain(lost).collect::<Vec<_>>()
    };
    steps.iter().flat_map(lines).collect()
}

fn lines(texts: &[String]) -> Vec<Option<String>> {
    texts.iter().cloned().map(Some).collect()
}

#[test]
fn lines_that_scroll_off_are_kept_once_and_in_order() {
    let (mut guest, mut scrollback, mut seen) = (Guest::default(), Scrollback::default(), Vec::new());
    guest.open = "login: ".to_owned();
    for number in 0..60 {
        seen.extend(scrollback.see(&guest.frame(), false));
        guest.print(&format!("line {number}"));
        if number % 3 == 0 {
            guest.print("");
        }
        guest.open = if number % 2 == 0 { "# ".to_owned() } else { String::new() };
    }
    seen.extend(scrollback.see(&guest.frame(), true));
    assert_eq!(kept(&seen), lines(&guest.off_screen()));
}

#[test]
fn a_screen_of_new_lines_says_that_some_were_lost() {
    let (mut guest, mut scrollback) = (Guest::default(), Scrollback::default());
    guest.print("a shell");
    guest.open = "# seq".to_owned();
    scrollback.see(&guest.frame(), true);
    guest.open.clear();
    (1000..1100).for_each(|number| guest.print(&number.to_string()));
    assert_eq!(scrollback.see(&guest.frame(), false)[0].motion, Motion::Unknown);
    let seen = scrollback.see(&guest.frame(), true);
    assert_eq!(kept(&seen), [Some("a shell".to_owned()), Some("# seq".to_owned()), None]);
}

#[test]
fn output_without_a_pause_is_followed_again_after_a_loss() {
    let (mut guest, mut scrollback) = (Guest::default(), Scrollback::default());
    (0..10).for_each(|number| guest.print(&format!("first {number}")));
    let mut seen = scrollback.see(&guest.frame(), true);
    (0..100).for_each(|number| guest.print(&format!("second {number}")));
    for number in 100..110 {
        seen.extend(scrollback.see(&guest.frame(), false));
        guest.print(&format!("second {number}"));
    }
    let kept = kept(&seen);
    // The first frame of the second part has 87 to 99, the second one, which confirms it but for its first row, 88 to 100, and
    // the last one 96 to 108.
    let expected: Vec<Option<String>> = (0..10)
        .map(|number| Some(format!("first {number}")))
        .chain([None])
        .chain((88..96).map(|number| Some(format!("second {number}"))))
        .collect();
    assert_eq!(kept, expected);
}

proptest! {
    /// A torn frame has the first rows of one moment and the others of another.
    #[test]
    fn torn_frames_neither_repeat_nor_drop_lines(moments in prop::collection::vec((0..4_usize, 0..ROWS + 1), 1..60)) {
        let (mut guest, mut scrollback, mut seen) = (Guest::default(), Scrollback::default(), Vec::new());
        (0..ROWS).for_each(|number| guest.print(&format!("start {number}")));
        seen.extend(scrollback.see(&guest.frame(), true));
        let mut old = guest.frame();
        for (index, (count, torn_at)) in moments.into_iter().enumerate() {
            (0..count).for_each(|number| guest.print(&format!("line {index} {number}")));
            let new = guest.frame();
            let mut torn = new.clone();
            torn.rows[torn_at..].clone_from_slice(&old.rows[torn_at..]);
            seen.extend(scrollback.see(&torn, false));
            // The whole frame follows, as the guest has drawn it.
            seen.extend(scrollback.see(&new, false));
            old = new;
        }
        seen.extend(scrollback.see(&guest.frame(), true));
        // One had left before the first frame.
        prop_assert_eq!(kept(&seen), lines(&guest.off_screen()[1..]));
    }
}

/// The first cells of one frame, and the others of another one.
fn torn_at(cell: usize, upper: &Frame, lower: &Frame) -> Frame {
    let (row, column) = (cell / COLUMNS, cell % COLUMNS);
    let mut torn = upper.clone();
    torn.rows[row][column..].clone_from_slice(&lower.rows[row][column..]);
    torn.rows[row + 1..].clone_from_slice(&lower.rows[row + 1..]);
    torn.cursor = lower.cursor;
    torn
}

/// Of a guest that draws slowly: only the row that is written changes from one torn frame to the next.
#[test]
fn a_tear_that_stays_is_no_line() {
    let mut wrong = Vec::new();
    let cells = (0..ROWS).flat_map(|row| (0..4).map(move |column| row * COLUMNS + column));
    for ((cell, is_upper_new), first) in cells.flat_map(|cell| [(cell, true), (cell, false)]).zip((86..110).cycle()) {
        let (mut guest, mut scrollback, mut seen) = (Guest::default(), Scrollback::default(), Vec::new());
        seen.extend(scrollback.see(&guest.frame(), true));
        for number in first..first + 30 {
            guest.open = number.to_string();
            let written = guest.frame();
            guest.print("");
            let new = guest.frame();
            if guest.lines.len() >= ROWS {
                let (upper, lower) = if is_upper_new { (&new, &written) } else { (&written, &new) };
                let torn = torn_at(cell, upper, lower);
                let mut next = torn.clone();
                // The line feed has emptied it, or the next line is there already.
                let open = if is_upper_new { "" } else { "next" };
                next.rows[ROWS - 1].clone_from(&frame(COLUMNS, &[open], None).rows[0]);
                seen.extend([torn, next].iter().flat_map(|torn| scrollback.see(torn, false)));
            }
            seen.extend(scrollback.see(&new, false));
        }
        seen.extend(scrollback.see(&guest.frame(), true));
        if kept(&seen) != lines(&guest.off_screen()) {
            wrong.push((cell / COLUMNS, cell % COLUMNS, is_upper_new, kept(&seen)));
        }
    }
    assert_eq!(
        wrong,
        [],
        "row and column of the tear, whether the rows above it are the newer ones, and what was kept"
    );
}

proptest! {
    /// Whatever the pace.
    #[test]
    fn no_line_comes_twice_and_each_gap_is_told(
        moments in prop::collection::vec((0..2 * ROWS, 0..ROWS + 1, any::<bool>()), 1..60),
    ) {
        let (mut guest, mut scrollback, mut seen) = (Guest::default(), Scrollback::default(), Vec::new());
        let mut old = guest.frame();
        seen.extend(scrollback.see(&old, true));
        let mut number = 0;
        for (count, torn_at, is_still) in moments {
            (0..count).for_each(|_| {
                guest.print(&number.to_string());
                number += 1;
            });
            let new = guest.frame();
            let mut torn = new.clone();
            torn.rows[torn_at..].clone_from_slice(&old.rows[torn_at..]);
            seen.extend(scrollback.see(&torn, false));
            seen.extend(scrollback.see(&new, is_still));
            old = new;
        }
        seen.extend(scrollback.see(&guest.frame(), true));
        let mut next = 0;
        let mut is_lost = false;
        for line in kept(&seen) {
            let Some(line) = line.filter(|line| !line.is_empty()) else {
                is_lost = true;
                continue;
            };
            let number: usize = line.parse().unwrap();
            prop_assert!(number == next || is_lost && number > next, "{} in place of {}: {:?}", number, next, kept(&seen));
            (next, is_lost) = (number + 1, false);
        }
    }
}

#[test]
fn programs_that_draw_all_over_the_screen_leave_nothing() {
    let mut scrollback = Scrollback::default();
    let top = |load: &str, one: &str, two: &str| {
        let rows = [&format!("Mem: 5K used Load {load}"), "PID USER  COMMAND", one, two, "3   root  sshd", "", "", ""];
        frame(COLUMNS, &rows, Some((0, 1)))
    };
    scrollback.see(&top("0.10", "1   root  init", "2   root  sh"), true);
    for frame in [top("0.20", "1   root  init", "2   root  sh"), top("0.21", "2   root  sh", "1   root  init")] {
        scrollback.see(&frame, false);
        let seen = scrollback.see(&frame, true);
        assert_eq!(seen, [Step { motion: Motion::InPlace, gone: Vec::new() }]);
    }
    let editor = frame(COLUMNS, &["another", "text", "~", "~", "~", "~", "~", "- file 1/9"], Some((0, 0)));
    let seen = scrollback.see(&editor, true);
    assert_eq!(seen, [Step { motion: Motion::Replaced { is_lost: false }, gone: Vec::new() }]);
}

#[test]
fn a_cleared_screen_keeps_what_was_on_it_and_a_pager_goes_back() {
    let mut scrollback = Scrollback::default();
    let shell = frame(COLUMNS, &["# ls", "a  b  c", "# clear", "", "", "", "", ""], Some((7, 2)));
    scrollback.see(&shell, true);
    let seen = scrollback.see(&frame(COLUMNS, &["# ", "", "", "", "", "", "", ""], Some((2, 0))), true);
    assert_eq!(kept(&seen), ["# ls", "a  b  c", "# clear"].map(|line| Some(line.to_owned())));
    let page = |first: usize| {
        let mut rows: Vec<String> = (first..first + ROWS - 1).map(|number| format!("text {number}")).collect();
        rows.push(":".to_owned());
        frame(COLUMNS, &rows.iter().map(String::as_str).collect::<Vec<_>>(), Some((1, ROWS - 1)))
    };
    scrollback.see(&page(10), true);
    assert_eq!(scrollback.see(&page(9), false), [Step { motion: Motion::Back, gone: Vec::new() }]);
    scrollback.see(&page(9), true);
    assert_eq!(kept(&scrollback.see(&page(11), false)), ["text 9", "text 10"].map(|line| Some(line.to_owned())));
}

#[test]
fn lines_that_follow_a_cleared_screen_are_kept_without_a_pause() {
    let (mut guest, mut scrollback) = (Guest::default(), Scrollback::default());
    guest.print("# clear");
    guest.open = "# count".to_owned();
    let mut seen = scrollback.see(&guest.frame(), true);
    let mut guest = Guest::default();
    for number in 1..=40 {
        seen.extend(scrollback.see(&guest.frame(), false));
        guest.print(&number.to_string());
    }
    seen.extend(scrollback.see(&guest.frame(), true));
    let before = ["# clear", "# count"].map(|line| Some(line.to_owned()));
    assert_eq!(kept(&seen), [&before[..], &lines(&guest.off_screen())].concat());
}

#[test]
fn lines_that_have_left_keep_their_colours() {
    let colour = |number: usize| {
        let mut style = Style::DEFAULT;
        (style.foreground, style.background) = ((1 + number % 15) as u8, (number % 3) as u8);
        style
    };
    let page = |first: usize| {
        let rows: Vec<String> = (first..first + ROWS - 1).map(|number| format!("line {number}")).collect();
        let mut page =
            frame(COLUMNS, &rows.iter().map(String::as_str).chain([""]).collect::<Vec<_>>(), Some((0, ROWS - 1)));
        for (row, number) in page.rows.iter_mut().zip(first..first + ROWS - 1) {
            row.iter_mut().for_each(|glyph| glyph.style = colour(number));
        }
        page
    };
    let mut scrollback = Scrollback::default();
    scrollback.see(&page(0), true);
    let seen: Vec<Row> = (1..5)
        .flat_map(|page_number| scrollback.see(&page(4 * page_number), false))
        .flat_map(|step| step.gone)
        .collect();
    assert_eq!(seen.len(), 16);
    for (number, row) in seen.iter().enumerate() {
        assert_eq!(text_of(row), format!("line {number}"));
        assert!(row.iter().all(|glyph| glyph.style == colour(number)), "line {number}");
    }
}

#[test]
fn another_size_is_another_screen() {
    let mut scrollback = Scrollback::default();
    scrollback.see(&frame(COLUMNS, &["a", ""], Some((1, 0))), true);
    let seen = scrollback.see(&frame(30, &["b", "", ""], Some((1, 0))), false);
    assert_eq!(kept(&seen), [Some("a".to_owned())]);
}

/// As GRUB leaves it before it changes the mode: two blank rows above the cursor.
#[test]
fn a_cursor_may_be_far_below_the_text() {
    let welcome = frame(COLUMNS, &["Welcome to GRUB!", "", "", ""], Some((0, 3)));
    for next in [frame(COLUMNS * 2, &["menu", "", ""], None), frame(COLUMNS, &["a", "b", "c", "d"], Some((1, 3)))] {
        let mut scrollback = Scrollback::default();
        scrollback.see(&welcome, true);
        scrollback.see_pause(&welcome);
        scrollback.see(&next, true);
        scrollback.see_pause(&next);
    }
}
