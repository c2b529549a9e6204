//! Types a text where it belongs, behind the prompt that asks for it, and makes sure that it arrived.

use std::time::Duration;

use clap::Args;

use crate::command_error::CommandError;
use crate::console::prompt_wait::{WantedPrompt, wait_for_prompt};
use crate::console::reading::pattern::Pattern;
use crate::console::remote_screen::RemoteScreen;
use crate::console::typing::{TypableText, type_text};
use crate::console::verified_typing::type_verified;
use crate::error_kind::ErrorKind;
use crate::terminal::output::Output;

/// What is looked at before a text is typed.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GuardArgs {
    /// Wait until the last row with text matches.
    ///
    /// Nothing is typed before. REGEX is a regular expression, as for `ecs-vnc wait --text`; the cursor must be behind the
    /// text. Messages of the kernel and of services after a prompt do not count. The exit code is 40 if the prompt does not
    /// come within --timeout (60s by default), and 41 if the screen never was text that can be read.
    #[arg(long, value_name = "REGEX")]
    after: Option<Pattern>,
    /// Type a secret without looking for a prompt.
    ///
    /// By default, the value of --env or --stdin is typed only at a prompt for a password, or at one that --after names.
    #[arg(long, conflicts_with = "after")]
    blind: bool,
    /// Read back what was typed.
    ///
    /// Each line is compared with the screen before Enter is pressed, from the cursor's place on. If characters are missing or
    /// wrong, the exit code is 30 and the error says what the screen shows. Only for a TEXT or --file at a place that shows
    /// what is typed.
    #[arg(long)]
    verify: bool,
}

/// A text, and what is looked at before it is typed.
#[derive(Debug)]
pub(crate) struct GuardedText {
    pub(crate) text: TypableText,
    prompt: Option<WantedPrompt>,
    is_verified: bool,
}

impl GuardArgs {
    /// Waits for this prompt before anything is typed.
    pub(crate) fn after(pattern: Pattern) -> Self {
        Self { after: Some(pattern), ..Self::default() }
    }
}

impl GuardedText {
    /// A secret waits for a prompt of its own, unless it is to be typed blindly.
    pub(crate) fn new(text: TypableText, guard: GuardArgs) -> Result<Self, CommandError> {
        let GuardArgs { after, blind, verify: is_verified } = guard;
        if is_verified && text.is_secret() {
            let message = "--verify cannot read back a secret: a prompt for a password shows nothing of it";
            let hint = "use --verify with TEXT or --file, or type --env and --stdin without it";
            return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
        }
        if is_verified && text.expose().contains('\t') {
            let message = "--verify cannot read back a tab: what it shows depends on the guest";
            return Err(CommandError::message(ErrorKind::Usage, message).hint("write spaces in its place"));
        }
        let is_guarded = text.is_secret() && !blind;
        let is_for_secret = text.is_secret();
        let after = after.map(|pattern| WantedPrompt::Matches { pattern, is_for_secret });
        let prompt = after.or(is_guarded.then_some(WantedPrompt::Secret));
        Ok(Self { text, prompt, is_verified })
    }

    /// Whether it looks at the screen, which may take time.
    pub(crate) fn waits(&self) -> bool {
        self.prompt.is_some() || self.is_verified
    }

    /// Types the text. The prompt and the cursor may take `limit` to come.
    pub(crate) async fn type_on(
        &self,
        screen: &mut RemoteScreen,
        limit: Duration,
        output: Output,
    ) -> Result<(), CommandError> {
        let deadline = screen.clock().deadline(limit);
        if let Some(prompt) = &self.prompt {
            wait_for_prompt(screen, prompt, deadline, output).await?;
        }
        match self.is_verified {
            true => type_verified(screen, &self.text, deadline, output).await,
            false => type_text(screen, &self.text, output).await,
        }
    }
}
