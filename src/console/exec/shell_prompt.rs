//! Waits for a shell's prompt.

use std::time::Duration;

use tokio::time::Instant;

use crate::command_error::CommandError;
use crate::console::exec::errors;
use crate::console::reading::login_prompt::{LoginPrompt, login_prompt};
use crate::console::reading::pattern::Pattern;
use crate::console::reading::prompt_line::{CursorPlace, prompt_lines};
use crate::console::reading::steady::Steady;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::guest_shell::script::ScreenSize;
use crate::screen_text::{Screen, ScreenKind};
use crate::terminal::output::Output;

/// How long a prompt may take to come. A guest that is still busy is not waited for.
const PROMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// A shell's prompt on the screen.
#[derive(Clone, Debug)]
pub(crate) struct ShellPrompt {
    /// Without spaces at its end.
    pub(crate) text: String,
    pub(crate) size: ScreenSize,
    /// Whether it is the last row with text: nothing was written behind it.
    pub(crate) is_last: bool,
}

/// Recognises a shell's prompt that lasts.
pub(crate) struct PromptWatch<'a> {
    pattern: Option<&'a Pattern>,
    steady: Steady<String>,
}

impl<'a> PromptWatch<'a> {
    pub(crate) fn new(pattern: Option<&'a Pattern>) -> Self {
        Self { pattern, steady: Steady::new() }
    }

    /// Takes the next read.
    pub(crate) fn observe(&mut self, seen: &Screen, now: Instant) -> Verdict<ShellPrompt> {
        let size = seen.grid.map(|grid| ScreenSize { columns: grid.columns, rows: grid.rows });
        let lines = prompt_lines(seen);
        let found = lines.into_iter().find(|line| match self.pattern {
            Some(pattern) => pattern.find(&line.text).is_some(),
            None => login_prompt(line, None) == Some(LoginPrompt::Shell),
        });
        let is_unbroken = found.as_ref().is_some_and(|line| line.cursor != CursorPlace::Elsewhere);
        let shown = found.filter(|_| is_unbroken).map(|line| (line.text, line.cursor));
        let last = seen.lines().into_iter().rfind(|row| !row.is_empty()).unwrap_or_default();
        match (self.steady.observe(shown, now), size) {
            (Verdict::Done(text), Some(size)) => {
                let is_last = last == text;
                Verdict::Done(ShellPrompt { text, size, is_last })
            }
            (Verdict::NotBefore(at), _) => Verdict::NotBefore(at),
            _ => Verdict::NotYet,
        }
    }
}

/// Waits until a shell asks for a command. Wakes a screen that is dark.
pub(crate) async fn find_shell(
    screen: &mut RemoteScreen,
    pattern: Option<&Pattern>,
    output: Output,
) -> Result<ShellPrompt, CommandError> {
    let progress = format!("waiting for a shell's prompt on the screen of {}", screen.instance().id);
    let deadline = screen.clock().deadline(PROMPT_TIMEOUT);
    let mut is_woken = false;
    loop {
        let (mut prompt, mut last) = (PromptWatch::new(pattern), None);
        let watch = Watch { area: None, deadline, progress: &progress, output };
        let found = watch.until(screen, |screen, now| {
            let seen = screen.read_text();
            let is_dark = seen.kind == ScreenKind::Blank && seen.cursor.is_none();
            let verdict = prompt.observe(&seen, now);
            last = Some(seen);
            Ok(match verdict {
                Verdict::Done(found) => Verdict::Done(Some(found)),
                _ if is_dark && !is_woken => Verdict::Done(None),
                Verdict::NotBefore(at) => Verdict::NotBefore(at),
                Verdict::NotYet => Verdict::NotYet,
            })
        });
        match found.await? {
            Some(Some(found)) => return Ok(found),
            Some(None) => {
                screen.wake(deadline).await?;
                is_woken = true;
            }
            None => return Err(errors::no_shell(screen, last.as_ref(), deadline, output)),
        }
    }
}
