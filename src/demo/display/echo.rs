//! The lines that were typed on the test card. Pure.

use super::keyboard::Effect;

/// The last `rows` lines, each of at most `columns` characters.
#[derive(Clone, Debug)]
pub(crate) struct Echo {
    columns: usize,
    rows: usize,
    lines: Vec<String>,
}

/// Begins the first line, and each after Enter.
const PROMPT: &str = "> ";

impl Echo {
    pub(crate) fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, lines: vec![PROMPT.to_owned()] }
    }

    /// Shows what a key does.
    pub(crate) fn show(&mut self, effect: Effect) {
        match effect {
            Effect::Type(character) => self.put(character),
            Effect::Control(character) => ['^', character].into_iter().for_each(|part| self.put(part)),
            Effect::Enter => self.lines.push(PROMPT.to_owned()),
            Effect::Backspace => self.erase(),
            Effect::Tab => self.put(' '),
            Effect::CtrlAltDelete | Effect::SysRq(_) => {}
        }
        let beyond = self.lines.len().saturating_sub(self.rows);
        self.lines.drain(..beyond);
    }

    /// The lines, with a cursor after the last.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let last = self.lines.len() - 1;
        let cursor = move |index| if index == last { "_" } else { "" };
        self.lines.iter().enumerate().map(move |(index, line)| format!("{line}{}", cursor(index)))
    }

    fn put(&mut self, character: char) {
        // The last column is left for the cursor.
        if self.lines.last().is_none_or(|line| line.len() + 1 >= self.columns) {
            self.lines.push(String::new());
        }
        if let Some(line) = self.lines.last_mut() {
            line.push(character);
        }
    }

    /// Removes the last character, unless Enter has followed it.
    fn erase(&mut self) {
        let Some(line) = self.lines.last_mut() else { return };
        if line != PROMPT {
            line.pop();
        }
        if line.is_empty() && self.lines.len() > 1 {
            self.lines.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(effects: &[Effect]) -> Vec<String> {
        let mut echo = Echo::new(8, 3);
        effects.iter().for_each(|effect| echo.show(*effect));
        echo.lines().collect()
    }

    fn text(text: &str) -> Vec<Effect> {
        text.chars().map(|c| if c == '\n' { Effect::Enter } else { Effect::Type(c) }).collect()
    }

    #[test]
    fn lines_wrap_and_scroll() {
        assert_eq!(shown(&[]), ["> _"]);
        assert_eq!(shown(&text("abcde")), ["> abcde_"]);
        assert_eq!(shown(&text("abcdefg")), ["> abcde", "fg_"]);
        assert_eq!(shown(&text("a\nb\n\nc")), ["> b", "> ", "> c_"]);
        assert!(shown(&text(&"x".repeat(10_000))).iter().all(|line| line.len() <= 8));
        assert_eq!(shown(&[Effect::Control('C')]), ["> ^C_"]);
    }

    #[test]
    fn what_was_entered_stays() {
        let erasing = |before: &str, times| shown(&[text(before), vec![Effect::Backspace; times]].concat());
        assert_eq!(erasing("ab", 1), ["> a_"]);
        assert_eq!(erasing("ab", 9), ["> _"]);
        assert_eq!(erasing("abcdefg", 3), ["> abcd_"]);
        assert_eq!(erasing("ab\ncd", 9), ["> ab", "> _"]);
    }
}
