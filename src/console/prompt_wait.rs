//! Waits until a guest asks for input in the last line that holds text.

use std::time::Duration;

use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::console::reading::pattern::Pattern;
use crate::console::reading::prompt_line::{PromptLine, prompt_lines};
use crate::console::reading::secret_prompt::is_secret_prompt;
use crate::console::reading::steady::Steady;
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
    Matches(Pattern),
}

impl WantedPrompt {
    fn is_met_by(&self, line: &PromptLine) -> bool {
        match self {
            Self::Secret => is_secret_prompt(line),
            Self::Matches(pattern) => pattern.find(&line.text).is_some(),
        }
    }

    /// What helps besides.
    fn hint(&self) -> &'static str {
        match self {
            Self::Secret => "; --after REGEX names another prompt, and --blind types without looking",
            Self::Matches(_) => "",
        }
    }

    /// What is wrong with a screen that can be read.
    fn not_met(&self, id: &str) -> String {
        match self {
            Self::Secret => format!("{id}: nothing was typed: the last row with text is no prompt for a password"),
            Self::Matches(pattern) => {
                format!("{id}: nothing was typed: the last row with text is no prompt that matches {pattern}")
            }
        }
    }
}

/// Waits until the prompt stands there with the cursor behind it. The echo of words that this command has typed is no prompt.
/// The error is one of time, or that there is no text.
pub(crate) async fn wait_for_prompt(
    screen: &mut RemoteScreen,
    wanted: &WantedPrompt,
    deadline: Deadline,
    output: Output,
) -> Result<(), CommandError> {
    let mut last = None;
    let end = match look_for_prompt(screen, wanted, true, &mut last, deadline, output).await? {
        Some(End::Dark) => {
            // A console is dark after some minutes without a key.
            screen.wake(deadline).await?;
            look_for_prompt(screen, wanted, false, &mut last, deadline, output).await?
        }
        end => end,
    };
    match end {
        Some(End::Found) => Ok(()),
        _ => {
            let message = wanted.not_met(&screen.instance().id);
            let error = no_prompt(screen, last.as_ref(), &message, deadline, output);
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

/// Looks for a prompt. `last` is what was seen last.
async fn look_for_prompt(
    screen: &mut RemoteScreen,
    wanted: &WantedPrompt,
    ends_if_dark: bool,
    last: &mut Option<Screen>,
    deadline: Deadline,
    output: Output,
) -> Result<Option<End>, CommandError> {
    let (mut steady, mut unreadable_since) = (Steady::new(), None);
    let progress = format!("waiting for a prompt on the screen of {}", screen.instance().id);
    let watch = Watch { area: None, deadline, progress: &progress, output };
    let end = watch.until(screen, |screen, now| {
        let seen = screen.read_text();
        let is_dark = seen.kind == ScreenKind::Blank && seen.cursor.is_none();
        let mut lines = prompt_lines(&seen).into_iter();
        let found = lines.find(|line| wanted.is_met_by(line) && !screen.typed.is_echo(&line.text));
        let verdict = steady.observe(found.map(|line| ((line.text, line.above), line.cursor)), now);
        let limit = unreadable_limit(wanted, &seen, &mut unreadable_since, now);
        *last = Some(seen);
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
    if !is_unreadable || matches!(wanted, WantedPrompt::Matches(_)) {
        *since = None;
        return None;
    }
    Some(*since.get_or_insert(now) + UNREADABLE_TIMEOUT)
}
