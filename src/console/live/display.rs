//! The thread that writes to the terminal. A slow terminal keeps nothing else waiting: it gets newer frames instead of all, but
//! each line that scrolls off.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::cast::CastWriter;
use super::glyph::{Frame, Row, Style, styled};
use super::painter::Painter;
use super::transcript::LOST;
use super::view::{StatusLine, View};
use crate::command_error::CommandError;
use crate::picture::Picture;
use crate::picture::terminal::{DrawingArea, GraphicsProtocol, ProtocolChoice, draw};
use crate::system::platform;
use crate::terminal::output::Output;

/// The most lines that wait for a slow terminal, and the most bytes of text.
const MAX_WAITING_LINES: usize = 10_000;
const MAX_WAITING_TEXT: usize = 16 << 20;

/// A synchronized update, which terminals show at once.
/// Source: <https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036>.
const UPDATE_BEGIN: &str = "\x1b[?2026h";
const UPDATE_END: &str = "\x1b[?2026l";

/// Deletes all pictures of kitty's protocol, which would stay below those that follow.
const KITTY_DELETE: &str = "\x1b_Ga=d,d=A,q=2\x1b\\";

/// How long the terminal may take for the last frame.
const FINISH_TIMEOUT: Duration = Duration::from_millis(400);

/// The size of a terminal that does not report one: that of a VT100.
pub(crate) const DEFAULT_SIZE: (u16, u16) = (80, 24);

/// What is on the console's screen.
#[derive(Clone)]
pub(super) enum Content {
    Text(Arc<Frame>),
    Picture(Arc<Picture>),
}

/// How the console is shown.
pub(crate) enum DisplayMode {
    /// As a screen. The choice is for screens that are no text; without one, the terminal cannot show pictures.
    Drawn { pictures: Option<ProtocolChoice>, recorder: Option<CastWriter> },
    /// Complete lines only; the cursor is never moved.
    Plain,
}

/// What is to be written.
#[derive(Default)]
struct Wanted {
    content: Option<Content>,
    /// Lines that have scrolled off.
    lines: Vec<Row>,
    text: String,
    status: Option<StatusLine>,
    has_new_size: bool,
    has_to_redraw: bool,
    is_changed: bool,
    is_finished: bool,
}

#[derive(Default)]
struct Shared {
    wanted: Mutex<Wanted>,
    changed: Condvar,
    failure: Mutex<Option<CommandError>>,
    failed: Notify,
}

impl Shared {
    fn wanted(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The terminal as it is to be.
pub(crate) struct Display {
    shared: Arc<Shared>,
    ended: Option<oneshot::Receiver<()>>,
    is_drawn: bool,
}

impl Display {
    /// Starts the thread.
    pub(crate) fn start(mode: DisplayMode, output: Output) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (sender, ended) = oneshot::channel();
        let (of_thread, is_drawn) = (shared.clone(), matches!(mode, DisplayMode::Drawn { .. }));
        let work = move || {
            let written = match mode {
                DisplayMode::Drawn { pictures, recorder } => Screen::new(pictures, recorder, output).run(&of_thread),
                DisplayMode::Plain => write_text(&of_thread, output),
            };
            if let Err(error) = written {
                *of_thread.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                of_thread.failed.notify_one();
            }
            let _ = sender.send(());
        };
        thread::Builder::new().spawn(work)?;
        Ok(Self { shared, ended: Some(ended), is_drawn })
    }

    /// Whether the screen is drawn.
    pub(super) fn is_drawn(&self) -> bool {
        self.is_drawn
    }

    pub(super) fn show(&self, content: Content) {
        self.change(|wanted| wanted.content = Some(content));
    }

    /// Moves lines into the scrollback.
    pub(super) fn scroll_off(&self, lines: Vec<Row>) {
        self.change(|wanted| {
            wanted.lines.extend(lines);
            if let Some(excess @ 1..) = wanted.lines.len().checked_sub(MAX_WAITING_LINES) {
                wanted.lines.splice(..=excess, [styled(LOST, Style::DIM)]);
            }
        });
    }

    /// Appends text; what waits is dropped if the terminal takes too little.
    pub(super) fn append(&self, text: &str) {
        self.change(|wanted| {
            if wanted.text.len() + text.len() > MAX_WAITING_TEXT {
                wanted.text = format!("\n{LOST}\n");
            }
            wanted.text.push_str(text);
        });
    }

    pub(super) fn set_status(&self, status: Option<StatusLine>) {
        self.change(|wanted| wanted.status = status);
    }

    /// The terminal has another size.
    pub(super) fn resize(&self) {
        self.change(|wanted| wanted.has_new_size = true);
    }

    /// Draws everything anew.
    pub(super) fn redraw(&self) {
        self.change(|wanted| wanted.has_to_redraw = true);
    }

    /// Waits until writing has failed.
    pub(super) async fn failure(&self) -> CommandError {
        loop {
            if let Some(error) = self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return error;
            }
            self.shared.failed.notified().await;
        }
    }

    /// Writes what waits, puts the cursor below it, and ends. Returns whether that was done in time.
    pub(crate) async fn finish(&mut self) -> bool {
        self.change(|wanted| wanted.is_finished = true);
        match self.ended.take() {
            Some(ended) => matches!(timeout(FINISH_TIMEOUT, ended).await, Ok(Ok(()))),
            None => true,
        }
    }

    fn change(&self, change: impl FnOnce(&mut Wanted)) {
        let mut wanted = self.shared.wanted();
        change(&mut wanted);
        wanted.is_changed = true;
        self.shared.changed.notify_one();
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.change(|wanted| wanted.is_finished = true);
    }
}

/// Waits for a change, and takes what is wanted.
fn next_wanted(shared: &Shared) -> Wanted {
    let mut wanted = shared.wanted();
    while !wanted.is_changed {
        wanted = shared.changed.wait(wanted).unwrap_or_else(PoisonError::into_inner);
    }
    let taken = Wanted {
        content: wanted.content.clone(),
        lines: mem::take(&mut wanted.lines),
        text: mem::take(&mut wanted.text),
        status: wanted.status.clone(),
        ..*wanted
    };
    (wanted.has_new_size, wanted.has_to_redraw, wanted.is_changed) = (false, false, false);
    taken
}

/// Appends text until the end.
fn write_text(shared: &Shared, output: Output) -> Result<(), CommandError> {
    loop {
        let wanted = next_wanted(shared);
        if !wanted.text.is_empty() {
            output.bytes(wanted.text.as_bytes())?;
        }
        if wanted.is_finished {
            return Ok(());
        }
    }
}

/// The terminal's screen.
struct Screen {
    painter: Painter,
    view: View,
    pictures: Option<ProtocolChoice>,
    /// The picture that is shown, and what drew it.
    picture: Option<(Arc<Picture>, String)>,
    recorder: Option<CastWriter>,
    output: Output,
}

impl Screen {
    fn new(pictures: Option<ProtocolChoice>, recorder: Option<CastWriter>, output: Output) -> Self {
        let painter = Painter::new(size(), output.is_stdout_colored());
        Self { painter, view: View::default(), pictures, picture: None, recorder, output }
    }

    fn run(mut self, shared: &Shared) -> Result<(), CommandError> {
        let begin = self.painter.begin();
        self.write(&begin)?;
        loop {
            let wanted = next_wanted(shared);
            let drawn = self.draw(&wanted)?;
            if !drawn.is_empty() {
                self.write(&format!("{UPDATE_BEGIN}{drawn}{UPDATE_END}"))?;
            }
            if wanted.is_finished {
                return Ok(());
            }
        }
    }

    /// What has to be written to the terminal.
    fn draw(&mut self, wanted: &Wanted) -> Result<String, CommandError> {
        let mut drawn = String::new();
        if wanted.has_new_size {
            self.resize();
        }
        if wanted.has_new_size || wanted.has_to_redraw {
            self.remove_picture(&mut drawn);
            drawn.push_str(&self.painter.clear());
        }
        if !wanted.lines.is_empty() {
            // What is over the lines would be moved into the scrollback with them.
            self.remove_picture(&mut drawn);
            drawn.push_str(&self.painter.scroll_off(&wanted.lines));
        }
        match &wanted.content {
            Some(Content::Picture(picture)) if self.pictures.is_some() => {
                self.draw_picture(picture, wanted.status.as_ref(), &mut drawn)?;
            }
            content => {
                let empty = Arc::default();
                let frame = if let Some(Content::Text(frame)) = content { frame } else { &empty };
                self.draw_text(frame, wanted.status.as_ref(), &mut drawn);
            }
        }
        if wanted.is_finished {
            drawn.push_str(&self.painter.end(self.picture.is_some()));
        }
        Ok(drawn)
    }

    /// Erases the terminal if it shows a picture.
    fn remove_picture(&mut self, drawn: &mut String) {
        if self.picture.take().is_some() {
            if self.pictures.is_some_and(|choice| choice.protocol == GraphicsProtocol::Kitty) {
                drawn.push_str(KITTY_DELETE);
            }
            drawn.push_str(&self.painter.clear());
        }
    }

    fn draw_text(&mut self, frame: &Frame, status: Option<&StatusLine>, drawn: &mut String) {
        self.remove_picture(drawn);
        self.view.follow(frame, self.painter.size());
        let canvas = self.view.canvas(frame, self.painter.size(), status);
        drawn.push_str(&self.painter.draw(&canvas));
    }

    /// Draws a picture, and the status line over it.
    fn draw_picture(
        &mut self,
        picture: &Arc<Picture>,
        status: Option<&StatusLine>,
        drawn: &mut String,
    ) -> Result<(), CommandError> {
        let Some(ProtocolChoice { protocol, has_true_colour, .. }) = self.pictures else { return Ok(()) };
        let is_shown = self.picture.as_ref().is_some_and(|(shown, _)| Arc::ptr_eq(shown, picture));
        if !is_shown {
            let terminal = platform::terminal_size();
            let (columns, rows) = size();
            // A row for the status line; and a picture that ends in the last row would scroll.
            let rows = rows.saturating_sub(1).max(1);
            let area = DrawingArea { columns, rows, cell_size: terminal.and_then(|size| size.cell) };
            let text = draw(picture, protocol, area, has_true_colour)
                .map_err(|error| CommandError::new(crate::error_kind::ErrorKind::Other, error))?;
            if self.picture.as_ref().is_none_or(|(_, shown)| *shown != text) {
                if self.picture.is_none() {
                    drawn.push_str(&self.painter.clear());
                }
                if protocol == GraphicsProtocol::Kitty {
                    drawn.push_str(KITTY_DELETE);
                }
                // In raw mode a line feed does not lead to the start of the next line.
                drawn.push_str(&format!("\x1b[H{}", text.replace('\n', "\r\n")));
            }
            self.picture = Some((picture.clone(), text));
        }
        let (columns, rows) = self.painter.size();
        let empty = Frame::default();
        let canvas = View::default().canvas(&empty, (columns, rows), status);
        drawn.push_str(&self.painter.draw(&canvas));
        Ok(())
    }

    fn resize(&mut self) {
        self.painter.resize(size());
        self.record(|recorder| recorder.resize(size()));
    }

    fn write(&mut self, text: &str) -> Result<(), CommandError> {
        self.output.bytes(text.as_bytes())?;
        self.record(|recorder| recorder.output(text));
        Ok(())
    }

    fn record(&mut self, record: impl FnOnce(&mut CastWriter) -> std::io::Result<()>) {
        if let Some(recorder) = &mut self.recorder
            && let Err(error) = record(recorder)
        {
            self.output.warning(&format!("the recording has ended: {error}"));
            self.recorder = None;
        }
    }
}

/// The columns and rows of the terminal.
pub(crate) fn size() -> (u16, u16) {
    let size = platform::terminal_size().filter(|size| size.columns > 0 && size.rows > 0);
    size.map_or(DEFAULT_SIZE, |size| (size.columns, size.rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::environment::Environment;
    use crate::terminal::output::{Color, Format};

    #[test]
    fn no_part_of_a_picture_gets_into_the_scrollback() {
        let output = Output::new(Format::Text, Color::Always, false, 0, &Environment::default());
        let choice = ProtocolChoice { protocol: GraphicsProtocol::HalfBlocks, has_true_colour: true, reason: "" };
        let mut screen = Screen::new(Some(choice), None, output);
        let picture = Arc::new(Picture::new(2, 2, vec![200; 12]).unwrap());
        let wanted = Wanted { content: Some(Content::Picture(picture)), ..Wanted::default() };
        assert!(screen.draw(&wanted).unwrap().contains("200;200;200"), "it is drawn");
        let erased = |drawn: &str| drawn.find("\x1b[H\x1b[J");
        let lines = vec![styled("a line", Style::DIM)];
        let drawn = screen.draw(&Wanted { lines, ..Wanted::default() }).unwrap();
        assert!(erased(&drawn).is_some_and(|at| at < drawn.find("a line").unwrap()), "{drawn:?}");
        assert_eq!(erased(&screen.draw(&Wanted::default()).unwrap()), None, "once");
    }
}
