//! Types a text where it belongs: behind the prompt that asks for it.

use std::time::Duration;

use clap::Args;

use crate::command_error::CommandError;
use crate::console::prompt_wait::{WantedPrompt, wait_for_prompt};
use crate::console::reading::pattern::Pattern;
use crate::console::remote_screen::RemoteScreen;
use crate::console::typing::{TypableText, type_text};
use crate::terminal::output::Output;

/// What is looked at before a text is typed.
#[derive(Args, Clone, Debug)]
pub(crate) struct GuardArgs {
    /// Wait until the last row with text matches.
    ///
    /// Nothing is typed before. REGEX is a regular expression, as for `ecs-vnc wait --text`; the cursor must be behind the
    /// text. Messages of the kernel and of services after a prompt do not count. The exit code is 40 if the prompt does not
    /// come within --timeout (60s by default), and 41 if the screen is no text that can be read.
    #[arg(long, value_name = "REGEX")]
    after: Option<Pattern>,
    /// Type a secret without looking for a prompt.
    ///
    /// By default, the value of --env or --stdin is typed only at a prompt for a password, or at one that --after names.
    #[arg(long, conflicts_with = "after")]
    blind: bool,
}

/// A text, and what is looked at before it is typed.
#[derive(Debug)]
pub(crate) struct GuardedText {
    pub(crate) text: TypableText,
    prompt: Option<WantedPrompt>,
}

impl GuardedText {
    /// A secret waits for a prompt of its own, unless it is to be typed blindly.
    pub(crate) fn new(text: TypableText, guard: GuardArgs) -> Self {
        let GuardArgs { after, blind } = guard;
        let is_guarded = text.is_secret() && !blind;
        let prompt = after.map(WantedPrompt::Matches).or(is_guarded.then_some(WantedPrompt::Secret));
        Self { text, prompt }
    }

    /// Whether it looks at the screen, which may take time.
    pub(crate) fn waits(&self) -> bool {
        self.prompt.is_some()
    }

    /// Types the text. The prompt may take `limit` to come.
    pub(crate) async fn type_on(
        &self,
        screen: &mut RemoteScreen,
        limit: Duration,
        output: Output,
    ) -> Result<(), CommandError> {
        if let Some(prompt) = &self.prompt {
            let deadline = screen.clock().deadline(limit);
            wait_for_prompt(screen, prompt, deadline, output).await?;
        }
        type_text(screen, &self.text, output).await
    }
}
