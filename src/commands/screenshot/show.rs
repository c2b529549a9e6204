//! `--show`: draws a picture in the terminal, or prints its text where that is more readable.

use clap::ValueEnum;

use crate::command_error::CommandError;
use crate::console::learned_cache::LearnedCache;
use crate::console::screen_colours::Colours;
use crate::console::screen_reader::ScreenReader;
use crate::console::screen_rows::{joined, plain};
use crate::error_kind::ErrorKind;
use crate::picture::Picture;
use crate::picture::terminal::{DrawingArea, GraphicsProtocol, ProtocolChoice, choose_protocol, draw};
use crate::screen_text::{Screen, ScreenKind};
use crate::settings::Context;
use crate::system::platform;
use crate::terminal::output::Output;

/// The size of a terminal that does not report one: that of a VT100.
const DEFAULT_SPACE: DrawingArea = DrawingArea { columns: 80, rows: 24, cell_size: None };

/// How a picture is drawn in the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// The best protocol that the terminal supports
    Auto,
    /// The graphics protocol of kitty and Ghostty
    Kitty,
    /// Inline images of iTerm2, WezTerm and mintty
    Iterm2,
    /// Sixel graphics of xterm, foot and others
    Sixel,
    /// Half-block characters, two pixels per cell
    Blocks,
}

/// Draws pictures for the terminal that stdout is.
pub(crate) struct TerminalRenderer {
    choice: ProtocolChoice,
    space: DrawingArea,
    /// For terminals without graphics: half blocks of a text can hardly be read.
    text_reader: Option<ScreenReader>,
    output: Output,
}

impl TerminalRenderer {
    /// Chooses the protocol and the size. Fails if stdout cannot show pictures.
    pub(crate) fn new(show: Show, context: &Context) -> Result<Self, CommandError> {
        let Context { env, output, .. } = context;
        let usage = |message: String, hint: &str| CommandError::message(ErrorKind::Usage, message).hint(hint);
        if output.is_json() {
            let hint = "use one of them; with -f FILE, the JSON output names the file";
            return Err(usage("--show and -o json cannot both write to stdout".to_owned(), hint));
        }
        let protocol = match show {
            Show::Auto if !output.is_stdout_terminal() => {
                let hint = "use -f FILE, or choose a protocol, e.g. --show=blocks";
                return Err(usage("--show needs a terminal; stdout is not one".to_owned(), hint));
            }
            Show::Auto => None,
            Show::Kitty => Some(GraphicsProtocol::Kitty),
            Show::Iterm2 => Some(GraphicsProtocol::Iterm2),
            Show::Sixel => Some(GraphicsProtocol::Sixel),
            Show::Blocks => Some(GraphicsProtocol::HalfBlocks),
        };
        let choice = choose_protocol(protocol, |name| env.get(name))
            .map_err(|error| usage(error.to_string(), "use -f FILE, or choose a protocol, e.g. --show=blocks"))?;
        output.detail(1, &format!("drawing as {:?}: {}", choice.protocol, choice.reason));
        let size = platform::terminal_size().filter(|size| size.columns > 0 && size.rows > 0);
        let space = size.map_or(DEFAULT_SPACE, |size| DrawingArea {
            columns: size.columns,
            rows: size.rows,
            cell_size: size.cell,
        });
        // Leave a row for the prompt.
        let space = DrawingArea { rows: space.rows.saturating_sub(1).max(1), ..space };
        let prefers_text = show == Show::Auto && choice.protocol == GraphicsProtocol::HalfBlocks;
        let text_reader = prefers_text.then(|| ScreenReader::new(Some(&LearnedCache::of_user(context))));
        Ok(Self { choice, space, text_reader, output: *output })
    }

    /// Returns the text that draws a picture, or the text that the picture shows.
    pub(crate) fn draw(&self, picture: &Picture) -> Result<String, CommandError> {
        let screen = self.text_reader.as_ref().map(|reader| reader.read(picture));
        if let Some(screen) = screen.filter(|screen| screen.kind == ScreenKind::Text) {
            self.output.detail(1, "printing the text of the screen; --show=blocks draws it");
            return Ok(self.text(&screen));
        }
        let ProtocolChoice { protocol, has_true_colour, .. } = self.choice;
        draw(picture, protocol, self.space, has_true_colour).map_err(|error| CommandError::new(ErrorKind::Other, error))
    }

    fn text(&self, screen: &Screen) -> String {
        if !screen.exact {
            self.output.note("the picture was compressed; characters may be wrong");
        }
        let colours = self.output.is_stdout_colored().then(|| Colours::of(&screen.cells));
        let line = |row| colours.as_ref().map_or_else(|| plain(row), |colours| colours.line(row));
        joined(screen.rows().map(line).collect())
    }
}
