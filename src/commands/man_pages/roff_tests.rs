//! Writes man(7) pages: escapes text, and puts paragraphs, lists and examples into macros.

use std::fmt::Write as _;

/// Chinese marks behind which a line may end before a name, too.
const MARKS: [char; 5] = ['、', '，', '。', '；', '：'];

/// Escapes text for any place in a line.
pub(super) fn escaped(text: &str) -> String {
    let (mut line, mut last) = (String::new(), None);
    for c in text.chars() {
        if c.is_ascii() && last.is_some_and(|last| MARKS.contains(&last)) {
            line.push_str("\\:");
        }
        last = Some(c);
        match c {
            '\\' => line.push_str("\\e"),
            '-' => line.push_str("\\-"),
            '\'' => line.push_str("\\(aq"),
            '`' => line.push_str("\\(ga"),
            '^' => line.push_str("\\(ha"),
            '~' => line.push_str("\\(ti"),
            _ => line.push(c),
        }
    }
    line
}

/// Escapes a line of text, in which `code` between backquotes becomes bold. At the start of a line, a period would be a
/// macro.
fn text_line(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // A backquote without another is one.
    let line = if pieces.len().is_multiple_of(2) {
        escaped(text)
    } else {
        let piece = |(index, piece): (usize, &&str)| match index % 2 {
            0 => escaped(piece),
            _ => format!("\\fB{}\\fR", escaped(piece)),
        };
        pieces.iter().enumerate().map(piece).collect()
    };
    if line.starts_with('.') { format!("\\&{line}") } else { line }
}

/// Writes a word of a usage line: what is typed is bold, what is replaced is italic.
pub(super) fn usage_word(word: &str) -> String {
    let (word, dots) = word.strip_suffix("...").map_or((word, ""), |word| (word, "..."));
    let part = |part: &str| {
        let is_typed = part.chars().next().is_some_and(|c| c == '-' || c.is_lowercase());
        format!("\\f{}{}\\fR", if is_typed { 'B' } else { 'I' }, escaped(part))
    };
    let between = |open, close| word.strip_prefix(open).and_then(|word: &str| word.strip_suffix(close));
    let text = match (between('<', '>'), between('[', ']')) {
        (Some(inner), _) if inner.contains('|') => {
            format!("{{{}}}", inner.split('|').map(part).collect::<Vec<_>>().join("|"))
        }
        (Some(inner), _) => part(inner),
        (_, Some(inner)) => format!("[{}]", usage_word(inner)),
        _ => part(word),
    };
    text + dots
}

/// A page that is being written.
pub(super) struct Page(String);

impl Page {
    /// Begins a page of section 1. `macros` are lines that the language needs.
    pub(super) fn new(name: &str, source: &str, manual: &str, macros: &str) -> Self {
        let title = [name, source, manual].map(escaped);
        // Words are not hyphenated, and lines end where they end: names of options stay whole.
        let mut page = Self(format!(".TH \"{}\" 1 \"\" \"{}\" \"{}\"\n.nh\n.ad l\n", title[0], title[1], title[2]));
        macros.lines().for_each(|line| page.line(line));
        page
    }

    /// Returns the page.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}");
    }

    /// Begins a section.
    pub(super) fn section(&mut self, title: &str) {
        self.line(&format!(".SH \"{}\"", escaped(title)));
    }

    /// Begins a part of a section.
    pub(super) fn subsection(&mut self, title: &str) {
        self.line(&format!(".SS \"{}\"", escaped(title)));
    }

    /// Writes a line that is roff already.
    pub(super) fn roff(&mut self, line: &str) {
        self.line(line);
    }

    /// Writes lines that are roff already, each on a line of its own.
    pub(super) fn roff_lines(&mut self, lines: impl Iterator<Item = String>) {
        for (index, line) in lines.enumerate() {
            if index > 0 {
                self.line(".br");
            }
            self.line(&line);
        }
    }

    /// Begins a paragraph of a section. The first one is there already.
    pub(super) fn paragraph(&mut self) {
        let last = self.0.lines().next_back().unwrap_or_default();
        if !last.starts_with(".S") {
            self.line(".PP");
        }
    }

    /// Writes paragraphs of a section.
    pub(super) fn text(&mut self, text: &str) {
        self.paragraph();
        self.paragraphs(text, ".PP");
    }

    /// Writes a term, which is roff already, and its explanation.
    pub(super) fn term(&mut self, term: &str, text: &str) {
        self.line(".TP");
        self.line(term);
        self.paragraphs(text, ".IP");
    }

    /// Writes the lines of a text as paragraphs, and those that begin with `- ` as a list.
    fn paragraphs(&mut self, text: &str, separator: &str) {
        let (mut is_first, mut is_list) = (true, false);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let item = line.strip_prefix("- ");
            if item.is_some() != is_list {
                self.line(if is_list { ".RE" } else { ".RS" });
                is_list = !is_list;
            }
            match item {
                Some(_) => self.line(".IP \\(bu 2"),
                None if !is_first => self.line(separator),
                None => {}
            }
            self.sentences(item.unwrap_or(line));
            is_first = false;
        }
        if is_list {
            self.line(".RE");
        }
    }

    /// Writes each sentence on a line of its own, as roff sets the space between them.
    fn sentences(&mut self, text: &str) {
        let mut start = 0;
        for (end, _) in text.match_indices(". ") {
            let next = end + ". ".len();
            if text[next..].starts_with(|c: char| c.is_uppercase())
                && text[start..next].matches('`').count().is_multiple_of(2)
            {
                self.line(&text_line(&text[start..=end]));
                start = next;
            }
        }
        self.line(&text_line(text[start..].trim()));
    }

    /// Writes lines as they are.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.line(".nf");
        for line in text.lines() {
            let line = escaped(line);
            self.line(&if line.starts_with('.') { format!("\\&{line}") } else { line });
        }
        self.line(".fi");
    }

    /// Writes an example: what it does, and the command line below it.
    pub(super) fn example(&mut self, comment: &str, command: &str) {
        self.paragraph();
        self.line(&text_line(comment));
        self.line(".PP");
        self.line(".RS 4");
        self.verbatim(command);
        self.line(".RE");
    }
}

#[test]
fn what_roff_would_take_for_its_own_is_escaped() {
    assert_eq!(escaped(r"a\n --x 'y' ^ ~"), r"a\en \-\-x \(aqy\(aq \(ha \(ti");
    assert_eq!(escaped("用 a、--b，再用。"), r"用 a、\:\-\-b，再用。");
    assert_eq!(text_line(".profile is read"), r"\&.profile is read");
    assert_eq!(text_line("'quoted'"), r"\(aqquoted\(aq");
    assert_eq!(text_line("`ls -l` lists"), r"\fBls \-l\fR lists");
    assert_eq!(text_line("press `"), r"press \(ga");
}

#[test]
fn words_of_a_usage_line_show_what_is_typed() {
    let line: Vec<String> = ["open", "[OPTIONS]", "<CHORD>...", "[INSTANCE]...", "<ID|--all>"].map(usage_word).to_vec();
    assert_eq!(
        line,
        [r"\fBopen\fR", r"[\fIOPTIONS\fR]", r"\fICHORD\fR...", r"[\fIINSTANCE\fR]...", r"{\fIID\fR|\fB\-\-all\fR}"]
    );
}

#[test]
fn paragraphs_and_lists_become_macros() {
    let mut page = Page(String::new());
    page.term("x", "One. Two.\n\nValues:\n- a: b\n- c");
    page.text("Last.");
    assert_eq!(
        page.finish(),
        ".TP\nx\nOne.\nTwo.\n.IP\nValues:\n.RS\n.IP \\(bu 2\na: b\n.IP \\(bu 2\nc\n.RE\n.PP\nLast.\n"
    );
}
