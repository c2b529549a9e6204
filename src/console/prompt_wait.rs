//! Waits until a guest asks for input in the last line that holds text.

use std::time::Duration;

use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::console::reading::pattern::Pattern;
use crate::console::reading::prompt_line::{CursorPlace, PromptLine, prompt_lines};
use crate::console::reading::rows::TextRows;
use crate::console::reading::secret_prompt::is_secret_prompt;
use crate::console::reading::steady::{Demand, Steady};
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_report::no_prompt;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;

/// A secret waits for so long for a screen that shows no text: a text console may be about to come.
const UNREADABLE_TIMEOUT: Duration = Duration::from_secs(2);

/// Which prompt is waited for.
#[derive(Clone, Debug)]
pub(crate) enum WantedPrompt {
    /// Any that asks for a password.
    Secret,
    /// One that matches.
    Matches { pattern: Pattern, is_for_secret: bool },
}

impl WantedPrompt {
    fn is_met_by(&self, line: &PromptLine) -> bool {
        match self {
            Self::Secret => is_secret_prompt(line),
            Self::Matches { pattern, is_for_secret } => {
                pattern.find(&line.text).is_some() && !(*is_for_secret && line.may_be_answered)
            }
        }
    }

    fn is_for_secret(&self) -> bool {
        matches!(self, Self::Secret | Self::Matches { is_for_secret: true, .. })
    }

    /// What helps besides.
    fn hint(&self) -> &'static str {
        match self {
            Self::Secret => "; --after REGEX names another prompt, and --blind types without looking",
            Self::Matches { .. } => "",
        }
    }

    /// What is wrong with a screen that can be read.
    fn not_met(&self, id: &str, fault: Option<Fault>) -> String {
        let which = match self {
            Self::Secret => "prompt for a password".to_owned(),
            Self::Matches { pattern, .. } => format!("prompt that matches \"{pattern}\""),
        };
        let why = match fault {
            None => format!("the last row with text is no {which}"),
            Some(Fault::NoCursor) => format!("no text cursor is seen behind the {which}"),
            Some(Fault::MayBeAnswered) => format!("messages follow the {which}, which may have been answered"),
            Some(Fault::Answered) => format!("a secret was typed at the {which} already"),
        };
        format!("{id}: nothing was typed: {why}")
    }
}

/// Why a secret is not typed at a prompt that stands there.
#[derive(Clone, Copy)]
enum Fault {
    NoCursor,
    /// Messages in rows of their own follow.
    MayBeAnswered,
    /// It stood there when the last secret was typed.
    Answered,
}

/// What was seen while a prompt was waited for.
#[derive(Default)]
struct Seen {
    last: Option<Screen>,
    fault: Option<Fault>,
    /// Whether there was text that can be read.
    was_text: bool,
}

/// Waits until the prompt stands there with the cursor behind it. The echo of words that this command has typed is no prompt,
/// and one at which a secret was typed is none for the next secret. The error is one of time, or that there is no text.
pub(crate) async fn wait_for_prompt(
    screen: &mut RemoteScreen,
    wanted: &WantedPrompt,
    deadline: Deadline,
    output: Output,
) -> Result<(), CommandError> {
    let mut seen = Seen::default();
    let end = match look_for_prompt(screen, wanted, true, &mut seen, deadline, output).await? {
        Some(End::Dark) => {
            // A console is dark after some minutes without a key.
            screen.wake(deadline).await?;
            look_for_prompt(screen, wanted, false, &mut seen, deadline, output).await?
        }
        end => end,
    };
    match end {
        Some(End::Found) => Ok(()),
        _ => {
            let (message, last) = (wanted.not_met(&screen.instance().id, seen.fault), seen.last.as_ref());
            let has_no_text = end.is_some() || !seen.was_text;
            let error = no_prompt(screen, last, &message, has_no_text, deadline, output);
            let hint = error.hint.clone().unwrap_or_default() + wanted.hint();
            Err(error.hint(hint))
        }
    }
}

/// How a look for a prompt ended.
#[derive(Clone, Copy)]
enum End {
    Found,
    /// The screen has shown no text for too long.
    Unreadable,
    /// There is nothing on the screen, not even a cursor.
    Dark,
}

/// Looks for a prompt. `seen` is what was seen so far.
async fn look_for_prompt(
    screen: &mut RemoteScreen,
    wanted: &WantedPrompt,
    ends_if_dark: bool,
    seen: &mut Seen,
    deadline: Deadline,
    output: Output,
) -> Result<Option<End>, CommandError> {
    let (mut steady, mut unreadable_since) = (Steady::new(), None);
    let answered = screen.answered.clone().filter(|_| wanted.is_for_secret());
    let progress = format!("waiting for a prompt on the screen of {}", screen.instance().id);
    let watch = Watch { area: None, deadline, progress: &progress, output };
    let end = watch.until(screen, |screen, now| {
        let now_seen = screen.read_text();
        let is_dark = now_seen.kind == ScreenKind::Blank && now_seen.cursor.is_none();
        let lines = prompt_lines(&now_seen);
        let is_met_by = |line: &&PromptLine| wanted.is_met_by(line) && !screen.typed.is_echo(&line.text);
        let (found, or_answered) = (lines.iter().find(is_met_by).cloned(), lines.last().map(PromptLine::unanswered));
        let first_new = answered.as_ref().map_or(0, |rows| rows.first_new(&TextRows::of_screen(&now_seen)));
        seen.fault = found.as_ref().and_then(|line| match line.cursor {
            _ if line.row < first_new => Some(Fault::Answered),
            CursorPlace::Unseen if wanted.is_for_secret() => Some(Fault::NoCursor),
            _ => None,
        });
        if found.is_none() && or_answered.as_ref().is_some_and(|line| is_met_by(&line)) {
            seen.fault = Some(Fault::MayBeAnswered);
        }
        let found = found.filter(|line| line.row >= first_new);
        let shown = found.map(|line| ((line.text, line.above), line.cursor));
        let verdict = match wanted.is_for_secret() {
            true => steady.observe_with(shown, Demand { cursor: true, ..Demand::default() }, now),
            false => steady.observe(shown, now),
        };
        let limit = unreadable_limit(wanted, &now_seen, &mut unreadable_since, now);
        seen.was_text |= now_seen.kind == ScreenKind::Text;
        seen.last = Some(now_seen);
        Ok(match (verdict, limit) {
            _ if is_dark && ends_if_dark => Verdict::Done(End::Dark),
            (Verdict::Done(_), _) => Verdict::Done(End::Found),
            (_, Some(at)) if at <= now => Verdict::Done(End::Unreadable),
            (_, Some(at)) => Verdict::NotBefore(at),
            (Verdict::NotBefore(at), None) => Verdict::NotBefore(at),
            (Verdict::NotYet, None) => Verdict::NotYet,
        })
    });
    end.await
}

/// When the screen has shown no text for too long.
fn unreadable_limit(
    wanted: &WantedPrompt,
    seen: &Screen,
    since: &mut Option<Instant>,
    now: Instant,
) -> Option<Instant> {
    let is_unreadable = matches!(seen.kind, ScreenKind::NotText | ScreenKind::UnknownFont);
    if !is_unreadable || matches!(wanted, WantedPrompt::Matches { .. }) {
        *since = None;
        return None;
    }
    Some(*since.get_or_insert(now) + UNREADABLE_TIMEOUT)
}
