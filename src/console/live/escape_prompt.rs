//! The escape key, and the one-line prompt that it opens. Pure.

use std::time::Duration;

use tokio::time::Instant;

use super::key_mapping::character;
use super::view::StatusLine;
use crate::terminal::input::{KeyCode, KeyEvent, KeyModifiers};

/// The escape key pressed so often within this time leaves, whatever else happens.
const WAY_OUT_PRESSES: usize = 3;
const WAY_OUT_TIME: Duration = Duration::from_secs(1);

/// The longest file name that can be typed, in characters.
const MAX_NAME_LEN: usize = 1024;

/// Which key opens the prompt: Ctrl and this character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EscapeKey(char);

impl EscapeKey {
    /// Ctrl-], as in telnet, virsh and virtctl.
    pub(crate) const DEFAULT: Self = Self(']');

    /// Parses `ctrl-]`, `^]` or `C-]`: a letter or one of `\ ] ^ _`. `none` is no key.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("none") {
            return Ok(None);
        }
        let prefixes = ["ctrl-", "Ctrl-", "CTRL-", "ctrl+", "Ctrl+", "C-", "^"];
        let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or_default();
        let mut characters = rest.chars();
        match (characters.next().map(|c| c.to_ascii_lowercase()), characters.next()) {
            // Terminals send these for Tab, Enter and Backspace.
            (Some('h' | 'i' | 'j' | 'm'), None) => Err("terminals use this key for another one".to_owned()),
            (Some(key @ ('a'..='z' | '\\' | ']' | '^' | '_')), None) => Ok(Some(Self(key))),
            _ => Err("use ctrl- and a letter or one of \\ ] ^ _, or none".to_owned()),
        }
    }

    /// Whether a key event is this key.
    pub(super) fn matches(self, event: &KeyEvent) -> bool {
        event.modifiers == KeyModifiers::CONTROL && character(event).is_some_and(|c| c.eq_ignore_ascii_case(&self.0))
    }

    /// The key event that types it on the console.
    pub(super) fn event(self) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(self.0), KeyModifiers::CONTROL)
    }
}

impl std::fmt::Display for EscapeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ctrl-{}", self.0.to_ascii_uppercase())
    }
}

/// Recognises the escape key pressed three times within a second.
#[derive(Debug, Default)]
pub(super) struct WayOut(Vec<Instant>);

impl WayOut {
    /// The escape key was pressed.
    pub(super) fn press(&mut self, now: Instant) -> bool {
        self.0.retain(|press| now.saturating_duration_since(*press) <= WAY_OUT_TIME);
        self.0.push(now);
        self.0.len() >= WAY_OUT_PRESSES
    }

    /// Another key was pressed.
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }
}

/// What a file name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileUse {
    Paste,
    Picture,
    Log,
}

/// What the prompt is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PromptCommand {
    Leave,
    CtrlAltDelete,
    /// Ctrl, Alt and this function key, 1 to 12.
    FunctionKey(u8),
    /// The magic SysRq key and this one.
    SysRq(char),
    File(FileUse, String),
    /// Asks for a file name if there is no log yet.
    ToggleLog,
    StopTyping,
    Redraw,
    /// Types the escape key.
    TypeEscape,
}

/// What becomes of a key event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It goes to the console.
    No,
    /// The prompt has it, and its line may have changed.
    ByPrompt,
    Command(PromptCommand),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Closed,
    Menu,
    Help,
    CtrlAltDelete,
    FunctionKey(String),
    SysRq,
    File(FileUse, String),
}

/// The prompt, which is closed at first.
#[derive(Debug)]
pub(super) struct EscapePrompt {
    key: Option<EscapeKey>,
    state: State,
}

impl EscapePrompt {
    pub(super) fn new(key: Option<EscapeKey>) -> Self {
        Self { key, state: State::Closed }
    }

    /// Asks for the name of a file.
    pub(super) fn ask_file(&mut self, file_use: FileUse) {
        self.state = State::File(file_use, String::new());
    }

    /// Takes a key that was pressed.
    pub(super) fn take(&mut self, event: &KeyEvent) -> Taken {
        let is_escape = self.key.is_some_and(|key| key.matches(event));
        let command = |prompt: &mut Self, command| {
            prompt.state = State::Closed;
            Taken::Command(command)
        };
        if self.state != State::Closed && event.code == KeyCode::Esc {
            self.state = State::Closed;
            return Taken::ByPrompt;
        }
        let plain = character(event).filter(|_| !event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT));
        match (&mut self.state, event.code) {
            (State::Closed, _) if is_escape => self.state = State::Menu,
            (State::Closed, _) => return Taken::No,
            (State::Menu | State::Help, _) if is_escape => return command(self, PromptCommand::TypeEscape),
            (_, _) if is_escape => self.state = State::Menu,
            (State::Menu | State::Help, _) => match plain.map(|c| c.to_ascii_lowercase()) {
                Some('q' | '.') => return command(self, PromptCommand::Leave),
                Some('d') => self.state = State::CtrlAltDelete,
                Some('f') => self.state = State::FunctionKey(String::new()),
                Some('s') => self.state = State::SysRq,
                Some('p') => self.ask_file(FileUse::Paste),
                Some('c') => self.ask_file(FileUse::Picture),
                Some('l') => return command(self, PromptCommand::ToggleLog),
                Some('x') => return command(self, PromptCommand::StopTyping),
                Some('r') => return command(self, PromptCommand::Redraw),
                Some('?') => self.state = if self.state == State::Help { State::Menu } else { State::Help },
                _ => self.state = State::Closed,
            },
            (State::CtrlAltDelete, _) => match plain {
                Some('y' | 'Y') => return command(self, PromptCommand::CtrlAltDelete),
                _ => self.state = State::Closed,
            },
            (State::SysRq, _) => match plain.filter(char::is_ascii_alphanumeric) {
                Some(key) => return command(self, PromptCommand::SysRq(key.to_ascii_lowercase())),
                None => self.state = State::Closed,
            },
            (State::FunctionKey(digits), code) => {
                if let Some(digit) = plain.filter(char::is_ascii_digit) {
                    digits.push(digit);
                } else if code != KeyCode::Enter {
                    self.state = State::Closed;
                    return Taken::ByPrompt;
                }
                let is_whole = digits.len() == 2 || digits != "1" || code == KeyCode::Enter;
                match digits.parse() {
                    Ok(number @ 1..=12) if is_whole => return command(self, PromptCommand::FunctionKey(number)),
                    Ok(1) => {}
                    _ => self.state = State::Closed,
                }
            }
            (State::File(file_use, name), KeyCode::Enter) => {
                let file = PromptCommand::File(*file_use, name.trim().to_owned());
                // A picture has a name of its own.
                let is_named = !name.trim().is_empty() || *file_use == FileUse::Picture;
                self.state = State::Closed;
                return if is_named { Taken::Command(file) } else { Taken::ByPrompt };
            }
            (State::File(_, name), KeyCode::Backspace) => drop(name.pop()),
            (State::File(_, name), _) => name.extend(plain.filter(|_| name.chars().count() < MAX_NAME_LEN)),
        }
        Taken::ByPrompt
    }

    /// Takes a text that was pasted. `false` if it is for the console.
    pub(super) fn paste(&mut self, text: &str) -> bool {
        if let State::File(_, name) = &mut self.state {
            let room = MAX_NAME_LEN.saturating_sub(name.chars().count());
            name.extend(text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(room));
        }
        self.state != State::Closed
    }

    /// The line that is shown.
    pub(super) fn line(&self) -> Option<StatusLine> {
        let key = self.key.map(|key| key.to_string()).unwrap_or_default();
        let line = |text: &str| StatusLine::new(text, true);
        Some(match &self.state {
            State::Closed => return None,
            State::Menu => line("q leave  d Ctrl-Alt-Del  f Fn  s SysRq  p paste  c picture  l log  ? more"),
            State::Help => line(&format!("r redraw  x stop typing  {key} types {key}, three times leaves  Esc closes")),
            State::CtrlAltDelete => line("press Ctrl-Alt-Del, which may reboot the guest at once? y/N"),
            State::FunctionKey(digits) => line(&format!("Ctrl-Alt-F, 1 to 12: {digits}")),
            State::SysRq => line("SysRq and: h help, s sync, u read-only, b reboot at once, …"),
            State::File(FileUse::Paste, name) => StatusLine::question("type the text of file:", name),
            State::File(FileUse::Picture, name) => {
                StatusLine::question("save a picture as (Enter: INSTANCE-TIME.png):", name)
            }
            State::File(FileUse::Log, name) => StatusLine::question("add the text to the log file:", name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    fn escape() -> KeyEvent {
        EscapeKey::DEFAULT.event()
    }

    /// What becomes of the last of some keys; `]` is the escape key, `E` Esc, `N` Enter.
    fn last(keys: &str) -> (Taken, EscapePrompt) {
        let mut prompt = EscapePrompt::new(Some(EscapeKey::DEFAULT));
        let mut taken = Taken::No;
        for key in keys.chars() {
            taken = prompt.take(&match key {
                ']' => escape(),
                'E' => press(KeyCode::Esc),
                'N' => press(KeyCode::Enter),
                key => press(KeyCode::Char(key)),
            });
        }
        (taken, prompt)
    }

    #[test]
    fn the_escape_key_opens_the_prompt_and_other_keys_pass() {
        assert_eq!(last("a").0, Taken::No);
        assert_eq!(last("E").0, Taken::No);
        let (taken, prompt) = last("]");
        assert_eq!(taken, Taken::ByPrompt);
        assert!(prompt.line().unwrap().text.starts_with("q leave"));
        assert_eq!(last("]E").0, Taken::ByPrompt);
        assert_eq!(last("]Eq").0, Taken::No);
        assert_eq!(last("]wq").0, Taken::No, "an unknown key closes it");
        let mut without = EscapePrompt::new(None);
        assert_eq!(without.take(&escape()), Taken::No);
    }

    #[test]
    fn each_letter_does_what_the_line_says() {
        for (keys, command) in [
            ("]q", PromptCommand::Leave),
            ("]dy", PromptCommand::CtrlAltDelete),
            ("]f2", PromptCommand::FunctionKey(2)),
            ("]f12", PromptCommand::FunctionKey(12)),
            ("]f1N", PromptCommand::FunctionKey(1)),
            ("]sB", PromptCommand::SysRq('b')),
            ("]pa bN", PromptCommand::File(FileUse::Paste, "a b".to_owned())),
            ("]cN", PromptCommand::File(FileUse::Picture, String::new())),
            ("]l", PromptCommand::ToggleLog),
            ("]x", PromptCommand::StopTyping),
            ("]?r", PromptCommand::Redraw),
            ("]]", PromptCommand::TypeEscape),
        ] {
            let (taken, prompt) = last(keys);
            assert_eq!(taken, Taken::Command(command), "{keys}");
            assert_eq!(prompt.line(), None, "{keys} closes it");
        }
        for nothing in ["]dn", "]d]", "]f0", "]f13", "]sE", "]pN"] {
            assert_eq!(last(nothing).0, Taken::ByPrompt, "{nothing}");
        }
    }

    #[test]
    fn a_name_can_be_pasted_and_corrected() {
        let (_, mut prompt) = last("]px");
        prompt.take(&press(KeyCode::Backspace));
        assert!(prompt.paste("file\u{1b}.txt\nrest"));
        assert_eq!(prompt.line().unwrap().text, "type the text of file: file.txt");
        assert!(!last("").1.paste("x"));
    }

    #[test]
    fn escape_keys_are_ctrl_and_a_character() {
        for text in ["ctrl-]", "^]", "C-]", "Ctrl+]"] {
            assert_eq!(EscapeKey::parse(text), Ok(Some(EscapeKey::DEFAULT)), "{text}");
        }
        assert_eq!(EscapeKey::parse("ctrl-A").unwrap().unwrap().to_string(), "Ctrl-A");
        assert_eq!(EscapeKey::parse("none"), Ok(None));
        for wrong in ["", "]", "ctrl-", "ctrl-ab", "ctrl-[", "ctrl-i", "ctrl-é", "f1"] {
            assert!(EscapeKey::parse(wrong).is_err(), "{wrong}");
        }
        // A terminal without Kitty's protocol sends the same for Ctrl-5.
        assert!(EscapeKey::DEFAULT.matches(&KeyEvent::new(KeyCode::Char('5'), KeyModifiers::CONTROL)));
    }

    #[test]
    fn three_presses_within_a_second_are_the_way_out() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut way_out = WayOut::default();
        assert!(!way_out.press(at(0)) && !way_out.press(at(900)) && !way_out.press(at(1200)));
        assert!(way_out.press(at(1300)));
        let mut way_out = WayOut::default();
        assert!(!way_out.press(at(0)) && !way_out.press(at(1)));
        way_out.reset();
        assert!(!way_out.press(at(2)));
    }
}
