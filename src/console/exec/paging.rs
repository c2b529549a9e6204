//! Waits for the pages of a command's output, and asks for each in turn.

use std::time::Duration;

use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::console::exec::dense_typing::Typist;
use crate::console::exec::errors;
use crate::console::exec::guest_command::GuestCommand;
use crate::console::exec::shell_prompt::PromptWatch;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::guest_shell::echo::LineStart;
use crate::guest_shell::outcome::Outcome;
use crate::guest_shell::page::{Footer, Sight, find_page};
use crate::guest_shell::transfer::{Request, Transfer};
use crate::screen_text::Screen;

/// The longest output, in bytes, stdout and stderr together.
pub(crate) const MAX_OUTPUT_LEN: usize = 64 << 20;

/// The most rows of base64: 8 MiB and more of what does not compress, which takes a quarter of an hour.
const MAX_ROWS: usize = 150_000;

/// Without a limit of the user's, a command may take a year.
const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

/// How long a page may stay torn, and how long one may not come, before it is asked for again.
const TORN_TIME: Duration = Duration::from_millis(250);
const PAGE_TIMEOUT: Duration = Duration::from_secs(3);

/// A screen that shows no text for this long is one that a command has changed for good.
const UNREADABLE_TIME: Duration = Duration::from_secs(10);

/// How often in a row a page may come torn, or not at all.
const MAX_FAILURES: usize = 20;

/// The pages of one run.
pub(crate) struct Paging<'a> {
    pub(crate) token: &'a str,
    pub(crate) page_rows: usize,
    pub(crate) command: &'a GuestCommand<'a>,
}

/// What the screen shows.
enum Event {
    Page(Footer, Vec<String>),
    /// The page that was asked for stays torn, or does not come.
    Failed,
    Prompt,
    Unreadable,
}

impl Paging<'_> {
    /// Receives all pages. The command runs up to the first one.
    pub(crate) async fn receive(
        &self,
        screen: &mut RemoteScreen,
        typist: &mut Typist,
    ) -> Result<Outcome, CommandError> {
        let (mut transfer, mut failures, mut wanted) = (Transfer::default(), 0, 1);
        let limit = self.command.limit.unwrap_or(NO_LIMIT);
        let start = screen.clock().instant();
        loop {
            let is_first = transfer.received() == 0;
            let time = if is_first { limit } else { PAGE_TIMEOUT };
            let mut last = None;
            let event = self.next_event(screen, wanted, is_first, time, &transfer, &mut last).await?;
            let shown = match event {
                Some(Event::Page(footer, rows)) => {
                    if is_first && footer.total > MAX_ROWS {
                        return Err(too_long(screen, footer.total));
                    }
                    failures = 0;
                    transfer.add(footer.first, footer.total, rows);
                    footer
                }
                Some(Event::Failed) => {
                    failures += 1;
                    self.command.output.detail(2, &format!("the page of row {wanted} is torn or missing"));
                    if failures > MAX_FAILURES {
                        let what = "a page of the output does not come whole";
                        return Err(errors::no_page(screen, last.as_ref(), what, self.command.output));
                    }
                    typist.type_line(screen, LineStart::Column0, &format!("i={wanted}"), "asking again").await?;
                    typist.enter(screen).await?;
                    continue;
                }
                Some(Event::Prompt) => return Err(errors::ended(screen, last.as_ref(), self.command.output)),
                Some(Event::Unreadable) => {
                    let seen = screen.read_text();
                    return Err(errors::no_text(screen, &seen));
                }
                None => return Err(errors::timed_out(screen, limit.as_secs_f64())),
            };
            let request = transfer.next(&shown, self.page_rows);
            match &request {
                Request::Done => {
                    let outcome = Outcome::parse(&transfer.text(), MAX_OUTPUT_LEN);
                    let outcome = outcome.map_err(|error| CommandError::new(ErrorKind::BadAnswer, error))?;
                    let seconds = screen.clock().instant().duration_since(start).as_secs_f64();
                    let rows = transfer.received();
                    self.command.output.detail(1, &format!("{rows} rows of output in {seconds:.1} s"));
                    typist.enter(screen).await?;
                    return Ok(outcome);
                }
                Request::Next => wanted = shown.first + self.page_rows,
                Request::Page(first) => {
                    wanted = *first;
                    typist.type_line(screen, LineStart::Column0, &request.words(), "asking for a page").await?;
                }
            }
            typist.enter(screen).await?;
        }
    }

    async fn next_event(
        &self,
        screen: &mut RemoteScreen,
        wanted: usize,
        is_first: bool,
        time: Duration,
        transfer: &Transfer,
        last: &mut Option<Screen>,
    ) -> Result<Option<Event>, CommandError> {
        let output = self.command.output;
        let progress = match is_first {
            true => "the command runs".to_owned(),
            false => transfer.progress(),
        };
        let deadline = screen.clock().deadline(time.max(PAGE_TIMEOUT) + PAGE_TIMEOUT);
        let end = screen.clock().instant() + time;
        let mut prompt = PromptWatch::new(self.command.prompt);
        let (mut torn_since, mut unreadable_since): (Option<Instant>, Option<Instant>) = (None, None);
        let watch = Watch { area: None, deadline, progress: &progress, output };
        let event = watch.follow(screen, |screen, now| {
            let seen = screen.read_text();
            let sight = find_page(&seen.lines(), self.token, self.page_rows);
            let is_text = errors::is_text(&seen);
            let at_prompt = prompt.observe(&seen, now);
            *last = Some(seen);
            let unreadable = (!is_text).then(|| *unreadable_since.get_or_insert(now) + UNREADABLE_TIME);
            if is_text {
                unreadable_since = None;
            }
            let torn = match sight {
                Some(Sight::Whole { footer, rows }) if transfer.lacks(footer.first, self.page_rows) => {
                    return Ok(Verdict::Done(Event::Page(footer, rows)));
                }
                Some(Sight::Torn(footer)) if footer.first == wanted => Some(*torn_since.get_or_insert(now) + TORN_TIME),
                _ => {
                    torn_since = None;
                    None
                }
            };
            if let Some(at) = torn {
                return Ok(if at <= now { Verdict::Done(Event::Failed) } else { Verdict::NotBefore(at) });
            }
            Ok(match (at_prompt, unreadable) {
                (Verdict::Done(_), _) => Verdict::Done(Event::Prompt),
                (_, Some(at)) if at <= now => Verdict::Done(Event::Unreadable),
                _ if now >= end && !is_first => Verdict::Done(Event::Failed),
                (_, Some(at)) => Verdict::NotBefore(at),
                (Verdict::NotBefore(at), None) => Verdict::NotBefore(at),
                (Verdict::NotYet, None) if !is_first => Verdict::NotBefore(end),
                (Verdict::NotYet, None) => Verdict::NotYet,
            })
        });
        event.await
    }
}

fn too_long(screen: &RemoteScreen, rows: usize) -> CommandError {
    let id = &screen.instance().id;
    let message = format!("{id}: the output is too long: {rows} rows of base64, of which {MAX_ROWS} can be read");
    let hint = "let the command write less, for example with `| tail -n 1000`";
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id)
}
