//! A picture in the terminal.

use clap::ValueEnum;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::picture::Picture;
use crate::picture::terminal::{Choice, Protocol, Space, choose, draw};
use crate::system::environment::Environment;
use crate::system::platform;
use crate::terminal::output::Output;

/// The VT100's, where nobody tells another.
const USUAL: Space = Space { columns: 80, rows: 24, cell: None };

/// How a picture is drawn in the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// The best protocol that the terminal supports
    Auto,
    /// The graphics protocol of kitty and Ghostty
    Kitty,
    /// Inline images of iTerm2, WezTerm and mintty
    Iterm2,
    /// Sixel graphics
    Sixel,
    /// Half-block characters, two pixels per cell
    Blocks,
}

/// Draws pictures for one terminal.
pub(crate) struct Shows {
    choice: Choice,
    space: Space,
}

impl Shows {
    /// Decides how.
    pub(crate) fn new(show: Show, env: &Environment, output: Output) -> Result<Self, CommandError> {
        let usage = |message: String, hint: &str| CommandError::message(ErrorKind::Usage, message).hint(hint);
        if output.is_json() {
            let hint = "leave one of them out; -f FILE writes the picture, and JSON tells where it is";
            return Err(usage("both --show and -o json want stdout".to_owned(), hint));
        }
        let asked = match show {
            Show::Auto if !output.rows_watched() => {
                let hint = "give -f FILE, or say how it is to be drawn, as in --show=blocks";
                return Err(usage("--show draws in a terminal, and stdout is none".to_owned(), hint));
            }
            Show::Auto => None,
            Show::Kitty => Some(Protocol::Kitty),
            Show::Iterm2 => Some(Protocol::Iterm2),
            Show::Sixel => Some(Protocol::Sixel),
            Show::Blocks => Some(Protocol::Blocks),
        };
        let choice = choose(asked, |name| env.get(name))
            .map_err(|error| usage(error.to_string(), "give -f FILE, or say how, as in --show=blocks"))?;
        output.detail(1, &format!("drawing as {:?}: {}", choice.protocol, choice.why));
        let size = platform::terminal_size().filter(|size| size.columns > 0 && size.rows > 0);
        let space = size.map_or(USUAL, |size| Space { columns: size.columns, rows: size.rows, cell: size.cell });
        // The prompt comes below it.
        Ok(Self { choice, space: Space { rows: space.rows.saturating_sub(1).max(1), ..space } })
    }

    /// What is written to the terminal.
    pub(crate) fn draw(&self, picture: &Picture) -> Result<String, CommandError> {
        let Choice { protocol, truecolor, .. } = self.choice;
        draw(picture, protocol, self.space, truecolor).map_err(|error| CommandError::new(ErrorKind::Other, error))
    }
}
