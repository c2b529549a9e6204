//! Logs in on a guest's text console.

use std::time::Duration;

use clap::Args;

use crate::args::word_arg;
use crate::command_error::CommandError;
use crate::console::login_errors::LoginErrors;
use crate::console::reading::login_prompt::LoginPrompt;
use crate::console::reading::login_watch::{LoginEvent, LoginName, LoginWatch, Prompt};
use crate::console::reading::new_rows::RowsBefore;
use crate::console::reading::pattern::Pattern;
use crate::console::reading::rows::TextRows;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_watch::Watch;
use crate::console::text_source::{read_stdin, read_variable};
use crate::console::typing::{TypableText, TypingArgs, type_text};
use crate::error_kind::ErrorKind;
use crate::screen_text::{Screen, ScreenKind};
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// Who logs in, and how.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct LoginSource {
    /// The user of the guest.
    #[arg(long, value_name = "NAME", value_parser = word_arg)]
    user: String,
    /// Take the password from this environment variable.
    #[arg(long, value_name = "VARIABLE", required_unless_present = "stdin", conflicts_with = "stdin")]
    env: Option<String>,
    /// Read the password from stdin.
    ///
    /// A trailing newline is dropped. On a terminal you are asked for it, and it is not shown.
    #[arg(long)]
    stdin: bool,
    /// Wait for this prompt for the user's name.
    ///
    /// A regular expression, which the last row with text must match. By default, that row ends with `login:`.
    #[arg(long, value_name = "REGEX")]
    prompt: Option<Pattern>,
    #[command(flatten)]
    typing: TypingArgs,
}

impl LoginSource {
    /// A password from a variable.
    pub(crate) fn with_variable(user: String, variable: String, typing: TypingArgs) -> Self {
        Self { user, env: Some(variable), stdin: false, prompt: None, typing }
    }

    pub(crate) fn is_stdin(&self) -> bool {
        self.stdin
    }

    /// The variable that the password is in.
    pub(crate) fn variable(&self) -> Option<&str> {
        self.env.as_deref()
    }

    /// The name of the user.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// Reads the password, and checks that it and the name can be typed.
    pub(crate) fn read(self, env: &Environment) -> Result<GuestLogin, CommandError> {
        let password = match &self.env {
            Some(name) => read_variable(name, env)?,
            None => read_stdin()?,
        };
        self.with_password(&password)
    }

    /// The login with this password. It and the name must be such that they can be typed.
    pub(crate) fn with_password(self, password: &Secret) -> Result<GuestLogin, CommandError> {
        if self.user.is_empty() {
            return Err(CommandError::message(ErrorKind::Usage, "the name of the user is empty"));
        }
        if password.expose().is_empty() || password.expose().contains(['\n', '\t']) {
            let message = "the password is empty, or has a tab or more than one line";
            return Err(CommandError::message(ErrorKind::Usage, message));
        }
        let typable = |text: &str, is_secret| {
            // With Enter.
            TypableText::new(Secret::new(format!("{text}\n")), is_secret, &self.typing)
        };
        let (name, password) = (typable(&self.user, false)?, typable(password.expose(), true)?);
        Ok(GuestLogin { user: self.user, name, password, prompt: self.prompt })
    }
}

/// A name and a password that can be typed.
#[derive(Debug)]
pub(crate) struct GuestLogin {
    pub(crate) user: String,
    name: TypableText,
    password: TypableText,
    prompt: Option<Pattern>,
}

/// How a login ended well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LoggedIn {
    Now,
    /// This shell's prompt stood there from the beginning: nothing was typed.
    Before(String),
}

impl LoggedIn {
    /// Says that there was no need to log in.
    pub(crate) fn note(&self, screen: &RemoteScreen, output: Output) {
        if let Self::Before(row) = self {
            let id = &screen.instance().id;
            output.note(&format!("somebody is logged in on {id} already, nothing was typed: {row}"));
        }
    }
}

/// What came, and the rows of the screen with it.
struct Step {
    event: LoginEvent,
    rows: RowsBefore,
}

/// What was seen while nothing came.
struct Seen {
    last: Option<Screen>,
    /// Whether there was text that can be read.
    was_text: bool,
}

impl GuestLogin {
    /// Logs in, within `limit`. Types nothing that the prompt on the screen does not ask for.
    pub(crate) async fn perform(
        &self,
        screen: &mut RemoteScreen,
        limit: Duration,
        output: Output,
    ) -> Result<LoggedIn, CommandError> {
        let deadline = screen.clock().deadline(limit);
        let errors = LoginErrors { user: &self.user, deadline, output };
        let (start, rows) = self.find_start(screen, &errors).await?;
        let before_password = match start.kind {
            LoginPrompt::Shell => return Ok(LoggedIn::Before(start.text)),
            LoginPrompt::Name => {
                type_text(screen, &self.name, output).await?;
                let step = self.next_step(screen, self.watch_after(&rows), deadline, output).await?;
                let step =
                    step.map_err(|seen| errors.nothing_came(screen, seen.last.as_ref(), "prompt for a password"))?;
                match step.event {
                    LoginEvent::Prompt(Prompt { kind: LoginPrompt::Password, .. }) => step.rows,
                    // This user needs no password.
                    LoginEvent::Prompt(Prompt { kind: LoginPrompt::Shell, .. }) => return Ok(LoggedIn::Now),
                    event => return Err(errors.failed(screen, &event)),
                }
            }
            LoginPrompt::Password | LoginPrompt::Maintenance if self.name().is_asked(&start) => rows,
            LoginPrompt::Password | LoginPrompt::Maintenance => return Err(errors.other_prompt(screen, &start)),
        };
        type_text(screen, &self.password, output).await?;
        let step = self.next_step(screen, self.watch_after(&before_password), deadline, output).await?;
        match step.map_err(|seen| errors.nothing_came(screen, seen.last.as_ref(), "prompt of a shell"))?.event {
            LoginEvent::Prompt(Prompt { kind: LoginPrompt::Shell, .. }) => Ok(LoggedIn::Now),
            event => Err(errors.failed(screen, &event)),
        }
    }

    /// Waits for the first prompt. Wakes a screen that is dark.
    async fn find_start(
        &self,
        screen: &mut RemoteScreen,
        errors: &LoginErrors<'_>,
    ) -> Result<(Prompt, RowsBefore), CommandError> {
        let LoginErrors { deadline, output, .. } = *errors;
        let (mut is_woken, answered) = (false, screen.answered.clone());
        loop {
            let watch = LoginWatch::at_start(self.name(), answered.as_ref(), is_woken);
            match self.next_step(screen, watch, deadline, output).await? {
                Ok(Step { event: LoginEvent::Prompt(prompt), rows }) => return Ok((prompt, rows)),
                Ok(Step { event: LoginEvent::Dark, .. }) => {
                    screen.wake(deadline).await?;
                    is_woken = true;
                }
                Ok(Step { event, .. }) => return Err(errors.failed(screen, &event)),
                Err(seen) => return Err(errors.no_start(screen, seen.last.as_ref(), seen.was_text)),
            }
        }
    }

    /// Waits for the next event; if none comes, returns what was seen last.
    async fn next_step(
        &self,
        screen: &mut RemoteScreen,
        mut login: LoginWatch<'_>,
        deadline: Deadline,
        output: Output,
    ) -> Result<Result<Step, Seen>, CommandError> {
        let progress = format!("logging in on {}", screen.instance().id);
        let (mut last, mut was_text) = (None, false);
        let watch = Watch { area: None, deadline, progress: &progress, output };
        let event = watch.until(screen, |screen, now| {
            let seen = screen.read_text();
            let verdict = login.observe(&seen, &screen.typed, now);
            was_text |= seen.kind == ScreenKind::Text;
            last = Some(seen);
            Ok(verdict)
        });
        Ok(match (event.await?, last) {
            (Some(event), Some(seen)) => Ok(Step { event, rows: RowsBefore::new(&TextRows::of_screen(&seen)) }),
            (_, last) => Err(Seen { last, was_text }),
        })
    }

    fn watch_after<'a>(&'a self, before: &'a RowsBefore) -> LoginWatch<'a> {
        LoginWatch::after(self.name(), before)
    }

    fn name(&self) -> LoginName<'_> {
        LoginName { user: &self.user, prompt: self.prompt.as_ref() }
    }
}
