//! Finds English that is left in the Chinese pages.

use super::chinese_tests::CHINESE;
use super::pages_in;

/// That many English words in a row, without a comma or a bracket, are a sentence if one of them has no capital. Others are
/// names.
const WORDS_OF_A_SENTENCE: usize = 4;

/// The lines of a page that are for people: all but its first, its synopsis and its command lines.
fn lines_of_text(page: &str) -> Vec<&str> {
    let (mut found, mut is_synopsis, mut is_command, mut last) = (Vec::new(), false, false, "");
    for line in page.lines().skip(1) {
        if let Some(title) = line.strip_prefix(".SH ") {
            is_synopsis = title.trim_matches('"') == CHINESE.synopsis;
        }
        match line {
            ".nf" => is_command = last == ".RS 4",
            ".fi" => is_command = false,
            _ if is_synopsis || is_command => {}
            _ => found.push(line),
        }
        last = line;
    }
    found
}

/// The English sentences of a line. What is bold or italic is a command or a name.
fn english(line: &str) -> Vec<String> {
    let (mut found, mut words) = (Vec::new(), Vec::new());
    let is_english = |word: &str| {
        let word = word.trim_end_matches(['.', ':']);
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'')
    };
    let line = format!("\\fR{}", line.replace("\\(aq", "'"));
    let texts = line.split("\\f").filter_map(|piece| piece.strip_prefix('R'));
    // A mark ends each text.
    for word in texts.flat_map(|text| text.split(' ').chain(["。"])) {
        if is_english(word) {
            words.push(word);
            continue;
        }
        if words.len() >= WORDS_OF_A_SENTENCE && words.iter().any(|word| word.starts_with(char::is_lowercase)) {
            found.push(words.join(" "));
        }
        words.clear();
    }
    found
}

#[test]
fn the_chinese_pages_have_no_english_sentence() {
    let mut left = Vec::new();
    for (name, page) in pages_in(&CHINESE) {
        let sentences = lines_of_text(&page).into_iter().flat_map(english);
        left.extend(sentences.map(|sentence| format!("{name}: {sentence}")));
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn english_is_found_between_chinese_but_not_in_commands() {
    let page = ".TH \"A b c d e\"\n.SH \"概要\"\na b c d\n.SH \"描述\"\nThe guest\\(aqs shell is idle.\n.RS 4\n.nf\nls a b c d\n.fi\n";
    assert_eq!(lines_of_text(page), [".SH \"描述\"", "The guest\\(aqs shell is idle.", ".RS 4"]);
    assert_eq!(english("The guest\\(aqs shell is idle."), ["The guest's shell is idle."]);
    assert_eq!(english("屏幕 shows no text any more 时"), ["shows no text any more"]);
    assert_eq!(english("支持 QEMU Extended Key Event 时，super (win, windows, cmd, command)"), [""; 0]);
    assert_eq!(english("Both are printed here"), ["Both are printed here"]);
    assert_eq!(english("\\fBecs\\-vnc open a b c d\\fR 与 us: United States"), [""; 0]);
}
