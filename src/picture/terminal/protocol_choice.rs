//! Chooses the graphics protocol from the environment. The terminal is not queried, because a late answer would be taken for
//! typed text.

use thiserror::Error;

use super::GraphicsProtocol;

/// The terminal has neither colours nor cursor movement.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("cannot draw a picture: TERM is dumb")]
pub(crate) struct DumbTerminal;

/// A graphics protocol, and why it was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProtocolChoice {
    pub(crate) protocol: GraphicsProtocol,
    /// Whether half blocks have 24 bits a colour; otherwise they have 256 colours.
    pub(crate) has_true_colour: bool,
    /// Why it was chosen, for `--verbose`.
    pub(crate) reason: &'static str,
}

/// Takes the protocol that the user requests, or chooses one from environment variables.
///
/// A terminal inherits the variables of the terminal that it was started from. Variables that every terminal sets (TERM,
/// TERM_PROGRAM) therefore take precedence over those that only some set.
pub(crate) fn choose_protocol<'a>(
    requested: Option<GraphicsProtocol>,
    variable: impl Fn(&str) -> Option<&'a str>,
) -> Result<ProtocolChoice, DumbTerminal> {
    let value = |name: &str| variable(name).unwrap_or_default();
    let term = value("TERM");
    // GNU screen 4 has no 24-bit colours, and its COLORTERM is inherited from the terminal around it.
    let has_true_colour = variable("STY").is_none()
        && (matches!(value("COLORTERM"), "truecolor" | "24bit")
            || term.ends_with("-direct")
            || variable("WT_SESSION").is_some());
    let choice = |protocol, reason| Ok(ProtocolChoice { protocol, has_true_colour, reason });
    if let Some(protocol) = requested {
        return choice(protocol, "requested");
    }
    if term == "dumb" {
        return Err(DumbTerminal);
    }
    // These draw the screen themselves, and pass pictures on only if configured to.
    if ["TMUX", "STY", "ZELLIJ"].iter().any(|name| variable(name).is_some())
        || ["tmux", "screen"].iter().any(|name| term.starts_with(name))
    {
        return choice(
            GraphicsProtocol::HalfBlocks,
            "inside tmux, screen or Zellij, which do not pass pictures on by default",
        );
    }
    match (term, value("TERM_PROGRAM")) {
        ("xterm-kitty", _) => return choice(GraphicsProtocol::Kitty, "TERM is kitty's"),
        ("xterm-ghostty", _) | (_, "ghostty") => return choice(GraphicsProtocol::Kitty, "Ghostty"),
        (_, "iTerm.app") => return choice(GraphicsProtocol::Iterm2, "iTerm2"),
        (_, "WezTerm") => return choice(GraphicsProtocol::Iterm2, "WezTerm"),
        (_, "mintty") => return choice(GraphicsProtocol::Iterm2, "mintty"),
        ("linux", _) => return choice(GraphicsProtocol::HalfBlocks, "Linux's own console"),
        (_, "Apple_Terminal") => return choice(GraphicsProtocol::HalfBlocks, "macOS's Terminal"),
        _ => {}
    }
    if ["foot", "mlterm", "contour"].iter().any(|name| term.starts_with(name)) {
        return choice(GraphicsProtocol::Sixel, "TERM names a terminal with sixel graphics");
    }
    if value("LC_TERMINAL") == "iTerm2" {
        // iTerm2 sets it because SSH passes LC_* on.
        return choice(GraphicsProtocol::Iterm2, "iTerm2, through LC_TERMINAL");
    }
    // Konsole has sixel graphics since 22.04, which the variable writes as 220400.
    if value("KONSOLE_VERSION").parse().is_ok_and(|version: u32| version >= 220_400) {
        return choice(GraphicsProtocol::Sixel, "Konsole");
    }
    if variable("KITTY_WINDOW_ID").is_some() {
        return choice(GraphicsProtocol::Kitty, "KITTY_WINDOW_ID is set");
    }
    choice(GraphicsProtocol::HalfBlocks, "no known terminal with pictures in the environment")
}
