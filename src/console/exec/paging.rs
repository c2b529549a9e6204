//! Waits for the pages of a command's output, and asks for each in turn.

use std::time::Duration;

use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::console::exec::dense_typing::Typist;
use crate::console::exec::errors;
use crate::console::exec::request::Run;
use crate::console::exec::shell_prompt::PromptWatch;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::guest_shell::echo::LineStart;
use crate::guest_shell::outcome::{Outcome, OutcomeError};
use crate::guest_shell::page::{Division, Footer, Sight, find_page};
use crate::guest_shell::script::{Packing, ScreenSize, pack_again, show_pages};
use crate::guest_shell::transfer::{Request, Transfer};

/// The longest output, in bytes, stdout and stderr together.
pub(crate) const MAX_OUTPUT_LEN: usize = 64 << 20;

/// How much output that does not compress can be read on every screen, in bytes.
pub(crate) const MAX_PACKED_OUTPUT: usize = 8 << 20;

/// The most rows: what [`MAX_PACKED_OUTPUT`] needs in base64 on a screen of [`MIN_COLUMNS`], and some for gzip's own bytes.
const MAX_ROWS: usize = MAX_PACKED_OUTPUT.div_ceil(3) * 4 / (MIN_COLUMNS - 1) + 500;

/// The fewest columns of a screen: the checksum of a page must fit in a row.
pub(crate) const MIN_COLUMNS: usize = 64;

/// How many pages come in a second. Measured with QEMU.
const PAGE_RATE: usize = 6;

/// Reading that takes longer is announced, in seconds.
const LONG_READING: usize = 30;

/// Without a limit of the user's, a command may take a year.
const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

/// How long a page may stay torn, and how long one may not come, before it is asked for again.
const TORN_TIME: Duration = Duration::from_millis(250);
const PAGE_TIMEOUT: Duration = Duration::from_secs(3);

/// How long packing the output once more may take.
const PACK_TIMEOUT: Duration = Duration::from_secs(60);

/// A screen that shows no text for this long is one that a command has changed for good.
const UNREADABLE_TIME: Duration = Duration::from_secs(10);

/// How often in a row a page may come torn, or not at all.
const MAX_FAILURES: usize = 20;

/// The pages of one run.
pub(crate) struct Paging<'a> {
    pub(crate) size: ScreenSize,
    pub(crate) run: &'a Run<'a>,
}

/// What the screen shows.
enum Event {
    Page(Footer, Vec<String>),
    /// The page that was asked for stays torn.
    Torn(Footer),
    /// It does not come.
    Missing,
    Prompt,
    Unreadable,
    /// The script needs a program that the guest does not have.
    NoProgram(&'static str),
}

/// What is waited for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// The first row of the page.
    first: usize,
    /// Whether it is the whole output at once.
    is_all: bool,
    time: Duration,
    progress: &'a str,
}

impl Paging<'_> {
    /// Receives all pages. The command runs up to the first one. Returns the output, after which the guest waits for a line.
    pub(crate) async fn receive(
        &self,
        screen: &mut RemoteScreen,
        typist: &mut Typist,
    ) -> Result<Outcome, CommandError> {
        let mut packing = Packing::Gzip;
        let mut time = self.run.limit.unwrap_or(NO_LIMIT);
        let page_rows = self.size.page_rows();
        let mut is_again = false;
        let total = loop {
            let wanted = Wanted { first: 1, is_all: true, time, progress: "the command runs" };
            let transfer = Transfer::new(Division { page_rows, total: 0 });
            let total = match self.next_event(screen, wanted, &transfer).await? {
                Event::Page(Footer { total: Some(total @ 1..), .. }, rows) => match parse(&rows.concat()) {
                    Err(error) if error.may_be_misread() => {
                        self.run.output.detail(1, &format!("{error}: reading all pages once more"));
                        is_again = true;
                        total
                    }
                    outcome => return outcome.map_err(bad_answer),
                },
                Event::Page(footer, _) | Event::Torn(footer) => footer.total.unwrap_or_default(),
                Event::Missing => return Err(errors::timed_out(screen, time.as_secs_f64())),
                event => return Err(self.failed(screen, &event)),
            };
            if total > 0 {
                break total;
            }
            // A program was missing, and nothing was packed.
            let Some(next) = packing.next() else { return Err(self.failed(screen, &Event::Missing)) };
            packing = next;
            time = PACK_TIMEOUT;
            let line = pack_again(packing, self.size);
            typist.type_line(screen, LineStart::Column0, &line, "packing the output").await?;
            typist.enter(screen).await?;
        };
        if total > MAX_ROWS {
            return Err(too_long(screen, total));
        }
        let division = Division { page_rows, total };
        self.announce(division);
        typist.type_line(screen, LineStart::Column0, &show_pages(self.size), "asking for the output").await?;
        loop {
            let text = self.receive_pages(screen, typist, division).await?;
            match (parse(&text), is_again) {
                (Err(error), false) if error.may_be_misread() => {
                    self.run.output.detail(1, &format!("{error}: reading all pages once more"));
                    is_again = true;
                    typist.type_line(screen, LineStart::Column0, "i=1", "asking for all pages again").await?;
                }
                (outcome, _) => return outcome.map_err(bad_answer),
            }
        }
    }

    /// Says how long the pages take, if it is long.
    fn announce(&self, Division { page_rows, total }: Division) {
        let seconds = total.div_ceil(page_rows) / PAGE_RATE;
        if seconds >= LONG_READING {
            let time = if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) };
            self.run.output.note(&format!("reading {total} rows of output takes about {time}"));
        }
    }

    async fn receive_pages(
        &self,
        screen: &mut RemoteScreen,
        typist: &mut Typist,
        division: Division,
    ) -> Result<String, CommandError> {
        let (mut transfer, mut failures, mut wanted) = (Transfer::new(division), 0, 1);
        let start = screen.clock().instant();
        loop {
            typist.enter(screen).await?;
            let progress = transfer.progress();
            let page = Wanted { first: wanted, is_all: false, time: PAGE_TIMEOUT, progress: &progress };
            let request = match self.next_event(screen, page, &transfer).await? {
                Event::Page(footer, rows) => {
                    failures = 0;
                    transfer.add(footer.first, rows);
                    transfer.next(footer.first)
                }
                event @ (Event::Torn(_) | Event::Missing) => {
                    failures += 1;
                    self.run.output.detail(2, &format!("the page from row {wanted} on is torn or missing"));
                    if failures > MAX_FAILURES {
                        return Err(self.failed(screen, &event));
                    }
                    Request::Page(wanted)
                }
                event => return Err(self.failed(screen, &event)),
            };
            match request {
                Request::Done => break,
                Request::Next => wanted += division.page_rows,
                Request::Page(first) => {
                    wanted = first;
                    let line = format!("i={first}");
                    typist.type_line(screen, LineStart::Column0, &line, "asking for a page again").await?;
                }
            }
        }
        let seconds = screen.clock().instant().duration_since(start).as_secs_f64();
        self.run.output.detail(1, &format!("{} rows of output in {seconds:.1} s", division.total));
        Ok(transfer.text())
    }

    async fn next_event(
        &self,
        screen: &mut RemoteScreen,
        wanted: Wanted<'_>,
        transfer: &Transfer,
    ) -> Result<Event, CommandError> {
        let end = screen.clock().instant() + wanted.time;
        let deadline = screen.clock().deadline(wanted.time + PAGE_TIMEOUT);
        let mut prompt = PromptWatch::new(self.run.command.prompt);
        let (mut torn_since, mut unreadable_since): (Option<Instant>, Option<Instant>) = (None, None);
        let watch = Watch { area: None, deadline, progress: wanted.progress, output: self.run.output };
        let event = watch.follow(screen, |screen, now| {
            let seen = screen.read_text();
            let at_prompt = prompt.observe(&seen, now);
            let is_text = errors::is_text(&seen);
            unreadable_since = unreadable_since.or(Some(now)).filter(|_| !is_text);
            let rows = seen.lines();
            let torn = match find_page(&rows, transfer.division()) {
                Some(Sight::Whole(footer, rows)) if self.is_new(&footer, wanted, transfer) => {
                    return Ok(Verdict::Done(Event::Page(footer, rows)));
                }
                Some(Sight::Torn(footer))
                    if footer.first == wanted.first && footer.total.is_some() == wanted.is_all =>
                {
                    Some(footer)
                }
                Some(_) => None,
                None => {
                    if let Some(name) = errors::program_not_found(&rows) {
                        return Ok(Verdict::Done(Event::NoProgram(name)));
                    }
                    None
                }
            };
            torn_since = torn_since.or(Some(now)).filter(|_| torn.is_some());
            let limits = [
                torn_since.map(|since| since + TORN_TIME),
                unreadable_since.map(|since| since + UNREADABLE_TIME),
                Some(end),
            ];
            let is_over = limits.map(|limit| limit.is_some_and(|limit| limit <= now));
            let next = limits.into_iter().flatten().min().unwrap_or(end);
            Ok(match (at_prompt, torn, is_over) {
                (_, Some(footer), [true, ..]) => Verdict::Done(Event::Torn(footer)),
                (Verdict::Done(_), ..) => Verdict::Done(Event::Prompt),
                (_, _, [_, true, _]) => Verdict::Done(Event::Unreadable),
                (_, _, [_, _, true]) => Verdict::Done(Event::Missing),
                (Verdict::NotBefore(at), ..) => Verdict::NotBefore(at.min(next)),
                (Verdict::NotYet, ..) => Verdict::NotBefore(next),
            })
        });
        Ok(event.await?.unwrap_or(Event::Missing))
    }

    fn is_new(&self, footer: &Footer, wanted: Wanted<'_>, transfer: &Transfer) -> bool {
        footer.total.is_some() == wanted.is_all && transfer.lacks(footer.first)
    }

    fn failed(&self, screen: &mut RemoteScreen, event: &Event) -> CommandError {
        let (seen, output) = (screen.read_text(), self.run.output);
        match event {
            Event::Prompt => errors::ended(screen, Some(&seen), output),
            Event::Unreadable => errors::no_text(screen, &seen),
            Event::NoProgram(name) => errors::missing_program(screen, name),
            Event::Page(..) | Event::Torn(_) | Event::Missing => {
                errors::no_page(screen, Some(&seen), "the output of the command does not come whole", output)
            }
        }
    }
}

fn parse(text: &str) -> Result<Outcome, OutcomeError> {
    Outcome::parse(text, MAX_OUTPUT_LEN)
}

fn bad_answer(error: OutcomeError) -> CommandError {
    CommandError::new(ErrorKind::BadAnswer, error)
}

fn too_long(screen: &RemoteScreen, rows: usize) -> CommandError {
    let id = &screen.instance().id;
    let message = format!("{id}: the output is too long: {rows} rows of base64, of which {MAX_ROWS} can be read");
    let hint = "let the command write less, for example with `| tail -n 1000`; 8 MiB that do not compress can be read";
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id)
}
