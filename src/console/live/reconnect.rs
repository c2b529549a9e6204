//! Connects a lost console again, and listens to the terminal meanwhile.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::sleep;

use super::display::Display;
use super::escape_prompt::{EscapePrompt, PromptCommand, Taken};
use super::inputs::{Input, Inputs};
use super::session::{LiveConsole, Stop};
use super::view::StatusLine;
use crate::rfb::ClientError;
use crate::terminal::input::KeyEventKind;

/// The time from one update of the countdown to the next.
const COUNTDOWN_INTERVAL: Duration = Duration::from_secs(1);

impl LiveConsole {
    /// Connects again after the back-off, until that succeeds. Fails if another client has the console, and if another
    /// try cannot help.
    pub(super) async fn reconnect(&mut self, error: ClientError, mut lasted: Duration) -> Result<(), Stop> {
        self.queue.reset();
        let mut reason = self.screen.reason_to_reconnect(error).await?;
        loop {
            let pause = self.backoff.delay_after(lasted);
            self.output.warning(&format!("the console was lost: {reason}; reconnecting in {} s", pause.as_secs()));
            self.count_down(&reason, pause).await?;
            self.tell_until_changed(format!("connecting again ({reason})"));
            let deadline = self.screen.answer_deadline();
            let Self { screen, inputs, prompt, display, message, .. } = self;
            let status = message.as_ref().map(|(text, _)| text.clone()).unwrap_or_default();
            let reopened = unless_left(inputs, prompt, display, &status, screen.reopen(deadline)).await?;
            match reopened {
                Ok(None) => {
                    self.tell("connected again".to_owned());
                    return Ok(());
                }
                Ok(Some(error)) => return Err(error.into()),
                Err(error) if error.kind.is_transient() => reason = format!("{:#}", error.error),
                Err(error) => return Err(error.into()),
            }
            lasted = Duration::ZERO;
        }
    }

    async fn count_down(&mut self, reason: &str, pause: Duration) -> Result<(), Stop> {
        let end = self.clock.instant() + pause;
        loop {
            let left = end.saturating_duration_since(self.clock.instant());
            if left.is_zero() {
                return Ok(());
            }
            let text = format!("lost: {reason}; reconnecting in {} s", left.as_millis().div_ceil(1000));
            self.message = Some((text.clone(), None));
            if self.display.is_drawn() {
                self.show_status();
            }
            let Self { inputs, prompt, display, .. } = self;
            unless_left(inputs, prompt, display, &text, sleep(COUNTDOWN_INTERVAL.min(left))).await?;
        }
    }
}

/// Does the work, unless the user leaves meanwhile. Other keys are dropped: there is no console.
async fn unless_left<T>(
    inputs: &mut Inputs,
    prompt: &mut EscapePrompt,
    display: &Display,
    message: &str,
    work: impl Future<Output = T>,
) -> Result<T, Stop> {
    let mut work = pin!(work);
    loop {
        let input = tokio::select! {
            biased;
            input = inputs.next() => input,
            done = &mut work => return Ok(done),
            error = display.failure() => return Err(error.into()),
        };
        match input {
            Input::Closed => return Err(Stop::Left),
            Input::Resize => display.resize(),
            Input::Key(event) if event.kind != KeyEventKind::Release => {
                match prompt.take(&event) {
                    Taken::Command(PromptCommand::Leave) => return Err(Stop::Left),
                    Taken::Command(PromptCommand::Redraw) => display.redraw(),
                    Taken::Command(_) | Taken::ByPrompt | Taken::No => {}
                }
                let message = StatusLine::new(message, false);
                display.set_status(prompt.line().or(Some(message)));
            }
            Input::Key(_) | Input::Paste(_) | Input::FocusLost => {}
        }
    }
}
