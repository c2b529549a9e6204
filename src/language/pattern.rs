//! Sentences with fields: `cannot read {name}: {error}`.

use super::shield;
use super::translation::Translation;

/// A sentence in which fields stand for what differs from one use to the next.
#[derive(Debug)]
pub(super) struct Pattern<'a> {
    pieces: Vec<Piece<'a>>,
    /// The number of letters outside the fields. The pattern with the most describes a text best.
    pub(super) letters: usize,
    /// The number of characters outside the fields, without spaces.
    pub(super) characters: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Literal(&'a str),
    Field(&'a str),
}

/// A field's name in the pattern and what stands there in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    pub(super) text: &'t str,
    /// Whether it stands in quotes. Then it is kept as it is: a command, a name or a path.
    pub(super) is_quoted: bool,
}

impl<'a> Pattern<'a> {
    /// Reads a pattern. A brace without its partner is a part of the text.
    pub(super) fn parse(text: &'a str) -> Self {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((before, name, after)) = split_field(rest) {
            if !before.is_empty() {
                pieces.push(Piece::Literal(before));
            }
            pieces.push(Piece::Field(name));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest));
        }
        let literals = || {
            pieces.iter().map(|piece| match piece {
                Piece::Literal(text) => *text,
                Piece::Field(_) => "",
            })
        };
        let letters = literals().map(letters).sum();
        let characters = literals().flat_map(str::chars).filter(|c| !c.is_whitespace()).count();
        Self { pieces, letters, characters }
    }

    /// Whether the pattern has no field: only one text matches it.
    pub(super) fn is_constant(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }

    pub(super) fn begins_with_field(&self) -> bool {
        matches!(self.pieces.first(), Some(Piece::Field(_)))
    }

    /// The names of the fields, in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(name) => Some(*name),
            Piece::Literal(_) => None,
        })
    }

    /// Returns what stands in `text` for each field, or `None` if the text is another sentence. A field ends where the
    /// literal after it first occurs outside quotes and parentheses; the last one takes the rest. It may be empty, as parts
    /// of a sentence may be left out. `cut` tells where the first of several fields ends that have no text between them.
    pub(super) fn fields<'t>(&self, text: &'t str, cut: impl Fn(&str) -> usize) -> Option<Vec<Field<'t>>> {
        let mut fields = Vec::new();
        let (mut rest, mut before) = (text, "");
        let mut pieces = self.pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            if let Piece::Literal(literal) = piece {
                rest = rest.strip_prefix(literal)?;
                before = literal;
                continue;
            }
            let mut others = 0;
            while pieces.next_if(|piece| matches!(piece, Piece::Field(_))).is_some() {
                others += 1;
            }
            let after = match pieces.peek() {
                Some(Piece::Literal(literal)) => *literal,
                _ => "",
            };
            let is_quoted = before.ends_with(is_quote) && after.starts_with(is_quote);
            let end = match pieces.len() <= 1 {
                true => rest.strip_suffix(after)?.len(),
                false if is_quoted => rest.find(after)?,
                false => shield::find(rest, after)?,
            };
            let mut field = &rest[..end];
            if !is_quoted && shield::is_closed_too_early(field) {
                return None;
            }
            for _ in 0..others {
                let (first, behind) = field.split_at(cut(field));
                fields.push(Field { text: first, is_quoted });
                field = behind;
            }
            fields.push(Field { text: field, is_quoted });
            rest = &rest[end..];
            before = "";
        }
        rest.is_empty().then_some(fields)
    }

    /// Writes the pattern with these translations for its fields, which are asked for by name and by position.
    pub(super) fn fill<'f>(&self, field: impl Fn(&str, usize) -> Option<&'f Translation>) -> String {
        let (mut text, mut position, mut is_behind_translated) = (String::new(), 0, false);
        for piece in &self.pieces {
            let (next, is_translated) = match piece {
                Piece::Literal(literal) => (*literal, false),
                Piece::Field(name) => {
                    position += 1;
                    field(name, position - 1).map_or(("", false), |found| (found.text.as_str(), found.letters > 0))
                }
            };
            if is_translated || is_behind_translated {
                join(&mut text, next)
            } else {
                text.push_str(next)
            }
            is_behind_translated = is_translated;
        }
        text
    }
}

/// Adds a text. Between Chinese words stands no space: patterns have it for names.
fn join(text: &mut String, next: &str) {
    let (end, start) = (text.trim_end_matches(' '), next.trim_start_matches(' '));
    if end.ends_with(is_chinese) && start.starts_with(is_chinese) {
        text.truncate(end.len());
        text.push_str(start);
    } else {
        text.push_str(next);
    }
}

/// Whether a character is Chinese or a mark of its punctuation. Source: Unicode, blocks CJK Symbols and Punctuation, CJK
/// Unified Ideographs, and Halfwidth and Fullwidth Forms.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}')
}

/// The number of letters in a text.
pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn is_quote(c: char) -> bool {
    matches!(c, '`' | '"' | '\'')
}

/// The text before the first field, the field's name, and the text after it.
fn split_field(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find('{')?;
    let len = text[start + 1..].find('}')?;
    Some((&text[..start], &text[start + 1..start + 1 + len], &text[start + len + 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Before the first space, or at the end.
    fn cut(text: &str) -> usize {
        text.find(' ').unwrap_or(text.len())
    }

    fn texts(pattern: &str, text: &str) -> Option<Vec<String>> {
        Some(Pattern::parse(pattern).fields(text, cut)?.iter().map(|field| field.text.to_owned()).collect())
    }

    #[test]
    fn fields_are_what_stands_between_the_literals() {
        let fields = texts("cannot read {name}: {error}", "cannot read a.png: it is: empty");
        assert_eq!(fields.unwrap(), ["a.png", "it is: empty"]);
        assert_eq!(texts("{n} of {all} are ready", "3 of 10 are ready").unwrap(), ["3", "10"]);
        assert_eq!(texts("no fields", "no fields").unwrap(), Vec::<String>::new());
        assert_eq!(texts("{n} lines{more} were lost", "3 lines were lost").unwrap(), ["3", ""]);
        assert_eq!(texts("{a}{b} there", "one two there").unwrap(), ["one", " two"]);
        assert_eq!(texts("at {a}{b}", "at one two three").unwrap(), ["one", " two three"]);
        assert_eq!(texts("at {a}{b}{c}", "at one").unwrap(), ["one", "", ""]);
    }

    #[test]
    fn what_stands_in_quotes_or_parentheses_belongs_to_its_field() {
        assert_eq!(texts("{a} in {b}", "'x in y' in z").unwrap(), ["'x in y'", "z"]);
        assert_eq!(texts("{a} in {b}", "x (in y) in z").unwrap(), ["x (in y)", "z"]);
        assert_eq!(texts("{a} ({b})", "x (y (z))").unwrap(), ["x", "y (z)"]);
        assert_eq!(texts("all ({a})", "all (x) (y)"), None);
    }

    #[test]
    fn another_sentence_does_not_match() {
        for (pattern, text) in [
            ("cannot read {name}", "cannot write a.png"),
            ("{name} is gone", "a is gone now"),
            ("no fields", "no fields here"),
            ("{a} of {b}", "three"),
        ] {
            assert_eq!(texts(pattern, text), None, "{pattern}");
        }
    }

    #[test]
    fn a_field_in_quotes_is_known_as_such() {
        let quoted = |pattern, text| Pattern::parse(pattern).fields(text, cut).unwrap()[0].is_quoted;
        assert!(quoted("run `{command}`", "run `x y`"));
        assert!(!quoted("run {command}", "run `x y`"));
    }

    #[test]
    fn a_lone_brace_is_text() {
        assert_eq!(texts("a { b", "a { b").unwrap(), Vec::<String>::new());
    }
}
