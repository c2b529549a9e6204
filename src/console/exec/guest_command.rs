//! Types the script for a command, and leaves the guest at a prompt.

use std::time::Duration;

use tokio::time::timeout;

use crate::command_error::CommandError;
use crate::console::exec::dense_typing::Typist;
use crate::console::exec::errors;
use crate::console::exec::paging::{MIN_COLUMNS, Paging};
use crate::console::exec::request::Run;
use crate::console::exec::shell_prompt::{PromptWatch, ShellPrompt, find_shell};
use crate::console::input_guard::InputError;
use crate::console::key_sender::press_at_end;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::verdict::Verdict;
use crate::guest_shell::echo::LineStart;
use crate::guest_shell::outcome::{Outcome, sha1_of};
use crate::guest_shell::script::{Script, may_lack_terminal};
use crate::guest_shell::upload::upload_lines;
use crate::keyboard::{KeyAction, KeyEncoding, parse_key_action, text_to_keystrokes};
use crate::system::{interruption, random};

/// The length of the mark of a run, in letters.
const TOKEN_LEN: usize = 4;

/// How long the shell may take to start `sh`, and `sh` to run the script.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a prompt may take to come back at the end.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// How long Ctrl-C, and what is typed behind it, may take after the user's Ctrl-C.
const INTERRUPT_TIMEOUT: Duration = Duration::from_millis(700);

/// The time between two key events behind Ctrl-C. There are fewer than QEMU's server keeps.
const INTERRUPT_GAP: Duration = Duration::from_millis(3);

impl Run<'_> {
    /// Runs it, and returns what it wrote. The guest is at a prompt then, also after an error and after Ctrl-C where the screen is
    /// still text.
    pub(crate) async fn run(&self, screen: &mut RemoteScreen) -> Result<Outcome, CommandError> {
        let _delay = interruption::delay();
        let mut typed = None;
        let outcome = tokio::select! {
            biased;
            () = interruption::requested() => Err(CommandError::interrupted()),
            outcome = self.run_at_prompt(screen, &mut typed) => outcome,
        };
        let Err(error) = outcome else { return outcome };
        if let Some(ending) = typed {
            let is_interrupted = error.is_silent();
            self.interrupt(screen, &ending, is_interrupted).await;
        }
        Err(error)
    }

    /// Ends what runs in the guest, if the screen is a text console, with Ctrl-C and what is typed behind it.
    async fn interrupt(&self, screen: &mut RemoteScreen, ending: &str, is_ending: bool) {
        if !errors::is_text(&screen.read_text()) {
            let id = &screen.instance().id;
            self.output
                .warning(&format!("{id}: Ctrl-C was not pressed on a screen without text: the command may still run"));
            return;
        }
        let keyboard = self.command.keyboard;
        let encoding = screen.key_encoding(keyboard.keysyms).await.unwrap_or(KeyEncoding::Keysyms);
        let keystrokes = keyboard.layout().ok().and_then(|layout| text_to_keystrokes(ending, layout, encoding).ok());
        let pressing = async {
            if let Ok(KeyAction::Press(chord)) = parse_key_action("ctrl-c") {
                let keystrokes = keystrokes.unwrap_or_default();
                press_at_end(&mut screen.client, encoding, &chord, &keystrokes, INTERRUPT_GAP).await?;
            }
            Ok::<_, InputError>(())
        };
        if !matches!(timeout(INTERRUPT_TIMEOUT, pressing).await, Ok(Ok(()))) || is_ending {
            return;
        }
        if !matches!(self.await_prompt(screen).await, Ok(true)) {
            let id = &screen.instance().id;
            self.output.warning(&format!(
                "{id}: Ctrl-C was pressed, but no prompt has come back: what was begun may still run"
            ));
        }
    }

    /// `typed` says what ends the script after Ctrl-C, from when its first line is typed.
    async fn run_at_prompt(
        &self,
        screen: &mut RemoteScreen,
        typed: &mut Option<String>,
    ) -> Result<Outcome, CommandError> {
        let output = self.output;
        let mut prompt = find_shell(screen, self.command.prompt, output).await?;
        let mut typist = Typist::new(screen, self.command.keyboard, prompt.size, output).await?;
        if !prompt.is_last {
            // Something was written behind the prompt: an empty line gives another one.
            typist.enter(screen).await?;
            prompt = find_shell(screen, self.command.prompt, output).await?;
        }
        if prompt.size.columns < MIN_COLUMNS {
            return Err(errors::too_narrow(screen, prompt.size.columns, MIN_COLUMNS));
        }
        let outcome = self.type_script(screen, &mut typist, &prompt, typed).await;
        let released = typist.release(screen).await;
        // What has failed before says more.
        let outcome = outcome?;
        if let Err(error) = released {
            output.warning(&format!("the last keys were not released: {:#}", error.error));
        }
        Ok(outcome)
    }

    async fn type_script(
        &self,
        screen: &mut RemoteScreen,
        typist: &mut Typist,
        prompt: &ShellPrompt,
        typed: &mut Option<String>,
    ) -> Result<Outcome, CommandError> {
        let (name, sha1) = (token(), self.command.input.map(sha1_of));
        for parent in parents(&prompt.text) {
            let directory = format!("{parent}/{name}");
            let (size, command, is_merged, input) =
                (prompt.size, self.command.command, self.command.is_merged, sha1.as_deref());
            let is_watched = may_lack_terminal(&prompt.text);
            let script = Script { directory: &directory, size, command, is_merged, input, is_watched };
            let lines = script.lines();
            let count = lines.len() + 1;
            let progress = |number: usize| format!("typing the script: line {number} of {count}");
            *typed = Some(script.ending());
            typist.type_line(screen, LineStart::Behind(&prompt.text), &script.opening(), &progress(1)).await?;
            typist.enter(screen).await?;
            self.await_input_line(screen, script.sign()).await?;
            for (number, line) in (2..).zip(&lines) {
                typist.type_line(screen, LineStart::Column0, line, &progress(number)).await?;
                // The Enter behind the brace starts the script.
                if !is_watched || number < count {
                    typist.enter(screen).await?;
                }
            }
            if !self.end_input(screen, typist, &lines, script.end_of_input()).await? {
                // There is no such directory, or it cannot be written to.
                continue;
            }
            if let Some(bytes) = self.command.input {
                self.upload(screen, typist, bytes, script.end_of_input()).await?;
            }
            let paging = Paging { size: prompt.size, run: self };
            let outcome = paging.receive(screen, typist).await?;
            // Not Ctrl-C, which does nothing in a shell without a terminal of its own, such as that of an initramfs.
            typist.type_line(screen, LineStart::Column0, "exit", "leaving the script").await?;
            typist.enter(screen).await?;
            if !self.await_prompt(screen).await? {
                let id = &screen.instance().id;
                self.output.warning(&format!("{id}: no prompt has come back"));
            }
            return Ok(outcome);
        }
        let seen = screen.read_text();
        Err(errors::ended(screen, Some(&seen), self.output))
    }

    async fn upload(
        &self,
        screen: &mut RemoteScreen,
        typist: &mut Typist,
        bytes: &[u8],
        end: &str,
    ) -> Result<(), CommandError> {
        let lines = upload_lines(bytes, UPLOAD_ROWS * typist.size.columns - 1);
        let count = lines.len();
        for (number, line) in (1..).zip(&lines) {
            let progress = format!("uploading: line {number} of {count}");
            typist.type_line(screen, LineStart::Column0, line, &progress).await?;
            typist.enter(screen).await?;
        }
        match self.end_input(screen, typist, &lines, end).await? {
            true => Ok(()),
            false => {
                let seen = screen.read_text();
                Err(errors::ended(screen, Some(&seen), self.output))
            }
        }
    }

    /// Waits until the guest's `sh` reads: it has written `sign`, and nothing is at the cursor, which is in the first column.
    async fn await_input_line(&self, screen: &mut RemoteScreen, sign: &str) -> Result<(), CommandError> {
        let mut before: Option<(Vec<String>, _, bool)> = None;
        let mut last = None;
        let deadline = screen.clock().deadline(START_TIMEOUT);
        let watch = Watch { area: None, deadline, progress: "waiting for the guest's sh", output: self.output };
        let is_ready = watch.follow(screen, |screen, now| {
            let seen = screen.read_text();
            let rows = seen.lines();
            let end = rows.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1);
            let has_begun = rows.iter().any(|row| row.trim() == sign);
            let is_at_start = seen.cursor.is_some_and(|cursor| cursor.column == 0 && cursor.row >= end);
            let is_cursor_seen = seen.cursor.is_some();
            last = Some(seen);
            let (since, was_seen) = match before.take() {
                Some((same, since, was_seen)) if same == rows => (since, was_seen || is_cursor_seen),
                _ => (now, is_cursor_seen),
            };
            before = Some((rows, since, was_seen));
            Ok(match is_at_start {
                _ if !has_begun => Verdict::NotYet,
                true => Verdict::Done(true),
                false if now < since + SETTLE_TIME => Verdict::NotBefore(since + SETTLE_TIME),
                // A console may show no cursor at all.
                false => Verdict::Done(!was_seen),
            })
        });
        match is_ready.await? {
            Some(true) => Ok(()),
            _ => Err(errors::not_a_shell(screen, last.as_ref(), self.output)),
        }
    }

    /// Presses `end` behind the last line, until the screen is cleared. Returns whether it was; otherwise there is a prompt.
    async fn end_input(
        &self,
        screen: &mut RemoteScreen,
        typist: &mut Typist,
        lines: &[String],
        end: &str,
    ) -> Result<bool, CommandError> {
        let tail = |line: &str| -> String { line.chars().skip(line.chars().count().saturating_sub(8)).collect() };
        // The last line may be a brace, which other rows may end with too.
        let tail = lines.iter().map(|line| tail(line)).max_by_key(String::len).unwrap_or_default();
        for _ in 0..2 {
            typist.press(screen, end).await?;
            let mut prompt = PromptWatch::new(self.command.prompt);
            let deadline = screen.clock().deadline(START_TIMEOUT / 2);
            let watch = Watch { area: None, deadline, progress: "starting the command", output: self.output };
            let cleared = watch.follow(screen, |screen, now| {
                let seen = screen.read_text();
                if !seen.lines().iter().any(|row| row.ends_with(&tail)) {
                    return Ok(Verdict::Done(true));
                }
                Ok(match prompt.observe(&seen, now) {
                    Verdict::Done(_) => Verdict::Done(false),
                    Verdict::NotBefore(at) => Verdict::NotBefore(at),
                    Verdict::NotYet => Verdict::NotYet,
                })
            });
            if let Some(is_cleared) = cleared.await? {
                return Ok(is_cleared);
            }
        }
        let seen = screen.read_text();
        Err(errors::no_page(screen, Some(&seen), "the script that was typed does not start", self.output))
    }

    /// Waits until the prompt is back.
    async fn await_prompt(&self, screen: &mut RemoteScreen) -> Result<bool, CommandError> {
        let mut prompt = PromptWatch::new(self.command.prompt);
        let deadline = screen.clock().deadline(END_TIMEOUT);
        let watch = Watch { area: None, deadline, progress: "waiting for the prompt", output: self.output };
        let found = watch.follow(screen, |screen, now| Ok(prompt.observe(&screen.read_text(), now)));
        Ok(found.await?.is_some())
    }
}

/// How long rows stay as they are, after which nothing more is expected.
const SETTLE_TIME: Duration = Duration::from_millis(1200);

/// How many rows of the screen a line of an upload has. Each line waits once, and is typed again as a whole.
const UPLOAD_ROWS: usize = 3;

/// Directories for the output, the likeliest first. They are in memory, but the last one.
fn parents(prompt: &str) -> [&'static str; 3] {
    match prompt.ends_with('$') {
        true => ["/dev/shm", "/tmp", "/run"],
        false => ["/run", "/dev/shm", "/tmp"],
    }
}

/// [`TOKEN_LEN`] random letters from a to z.
fn token() -> String {
    let mut bytes = [0; TOKEN_LEN];
    random::fill(&mut bytes);
    bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect()
}
