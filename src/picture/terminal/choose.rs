//! What the terminal can show, as its environment tells. It is not asked: an answer that comes late would be taken for
//! what was typed.

use thiserror::Error;

use super::Protocol;

/// The terminal has no colours and moves no cursor.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a picture cannot be drawn here: TERM is dumb")]
pub(crate) struct Dumb;

/// How to draw, and why so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// How.
    pub(crate) protocol: Protocol,
    /// Whether half blocks may have 24 bits a colour; otherwise they have 256 colours.
    pub(crate) truecolor: bool,
    /// For `--verbose`.
    pub(crate) why: &'static str,
}

/// Chooses from what the user asks for, else from the environment, by a look at its variables.
///
/// Variables are inherited by what is started from a terminal, so those that a terminal sets for itself (TERM,
/// TERM_PROGRAM) count before those that only some set.
pub(crate) fn choose<'a>(asked: Option<Protocol>, variable: impl Fn(&str) -> Option<&'a str>) -> Result<Choice, Dumb> {
    let value = |name: &str| variable(name).unwrap_or_default();
    let term = value("TERM");
    // GNU screen 4 does not know 24-bit colours, and COLORTERM is that of the terminal around it.
    let truecolor = variable("STY").is_none()
        && (matches!(value("COLORTERM"), "truecolor" | "24bit")
            || term.ends_with("-direct")
            || variable("WT_SESSION").is_some());
    let choice = |protocol, why| Ok(Choice { protocol, truecolor, why });
    if let Some(protocol) = asked {
        return choice(protocol, "asked for");
    }
    if term == "dumb" {
        return Err(Dumb);
    }
    // They draw the screen themselves, and hand pictures through only where they have been told to.
    if ["TMUX", "STY", "ZELLIJ"].iter().any(|name| variable(name).is_some())
        || ["tmux", "screen"].iter().any(|name| term.starts_with(name))
    {
        return choice(Protocol::Blocks, "inside tmux, screen or Zellij, which pass no pictures on by default");
    }
    match (term, value("TERM_PROGRAM")) {
        ("xterm-kitty", _) => return choice(Protocol::Kitty, "TERM is kitty's"),
        ("xterm-ghostty", _) | (_, "ghostty") => return choice(Protocol::Kitty, "Ghostty"),
        (_, "iTerm.app") => return choice(Protocol::Iterm2, "iTerm2"),
        (_, "WezTerm") => return choice(Protocol::Iterm2, "WezTerm"),
        (_, "mintty") => return choice(Protocol::Iterm2, "mintty"),
        ("linux", _) => return choice(Protocol::Blocks, "Linux's own console"),
        (_, "Apple_Terminal") => return choice(Protocol::Blocks, "macOS's Terminal"),
        _ => {}
    }
    if ["foot", "mlterm", "contour"].iter().any(|name| term.starts_with(name)) {
        return choice(Protocol::Sixel, "TERM is that of a terminal with sixel");
    }
    if value("LC_TERMINAL") == "iTerm2" {
        // Set so that it outlives SSH, which hands LC_* on.
        return choice(Protocol::Iterm2, "iTerm2, through LC_TERMINAL");
    }
    // Konsole 22.04 brought sixel; the variable has its version as 220400.
    if value("KONSOLE_VERSION").parse().is_ok_and(|version: u32| version >= 220_400) {
        return choice(Protocol::Sixel, "Konsole");
    }
    if variable("KITTY_WINDOW_ID").is_some() {
        return choice(Protocol::Kitty, "KITTY_WINDOW_ID is set");
    }
    choice(Protocol::Blocks, "the environment names no terminal that shows pictures")
}
