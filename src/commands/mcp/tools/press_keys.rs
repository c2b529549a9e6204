//! `press_keys`: presses keys.

use std::time::Duration;

use rmcp::schemars::JsonSchema;
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::definition::{Definition, schema_of};
use crate::command_error::CommandError;
use crate::console::chords::parse_chords;
use crate::error_kind::ErrorKind;
use crate::keyboard::KeyAction;

pub(in super::super) const DEFINITION: Definition = Definition {
    name: "press_keys",
    title: "Press keys",
    description: "Press keys on the console, one chord after another, such as enter, ctrl-c, ctrl-alt-delete, alt-f2 or \
         alt-sysrq-b. hold:ctrl-c:2s holds a chord down, and wait:500ms waits. Answers the screen after it stood still.",
    is_input: true,
    schema: schema_of::<Args>,
};

/// The most chords of a call.
const MAX_CHORDS: usize = 200;

/// How long a chord takes, with the pause behind it.
const CHORD_TIME: Duration = Duration::from_millis(500);

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Args {
    /// An instance ID, name or IP address.
    instance: String,
    /// The chords, one after another. Letters are those of the keys: shift-a for a capital A.
    chords: Vec<String>,
    /// Do it: the token that the call without it answered, which says what would be done. It is good once, for 5 minutes.
    confirm: Option<String>,
}

impl Args {
    /// How long pressing them takes at most. Chords that are wrong take no time.
    pub(in super::super) fn pressing_time(&self) -> Duration {
        let actions = parse_chords(&self.chords).unwrap_or_default();
        let time = |action: &KeyAction| match action {
            KeyAction::Press(_) => CHORD_TIME,
            KeyAction::Hold { time, .. } | KeyAction::Wait(time) => CHORD_TIME + *time,
        };
        actions.iter().take(MAX_CHORDS).map(time).sum()
    }
}

pub(in super::super) async fn run(args: Args, call: &Call) -> Result<Answer, CommandError> {
    if args.chords.is_empty() || args.chords.len() > MAX_CHORDS {
        let message = format!("press_keys takes 1 to {MAX_CHORDS} chords, not {}", args.chords.len());
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    let actions = parse_chords(&args.chords)?;
    let (account, instance) = call.find_running(&args.instance).await?;
    if !call.begin_if_confirmed(args.confirm.as_deref(), &instance)? {
        return Ok(call.plan(&instance, &format!("presses {}", args.chords.join(" "))));
    }
    let mut console = call.machines.open_console(&account, instance).await?;
    let pressed = console.screen.press_keys(&actions, false).await;
    call.finish(console, pressed, &format!("{} chords were pressed", actions.len())).await
}
