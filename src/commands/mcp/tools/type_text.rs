//! `type_text`: types a text, or the value of an environment variable.

use std::time::Duration;

use rmcp::schemars::JsonSchema;
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::definition::{Definition, schema_of};
use crate::command_error::CommandError;
use crate::console::guarded_typing::{GuardArgs, GuardedText};
use crate::console::reading::pattern::Pattern;
use crate::console::typing::{KeyboardArgs, TypableText};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::text::sanitize::sanitize;

pub(in super::super) const DEFINITION: Definition = Definition {
    name: "type_text",
    title: "Type a text",
    description: "Type a text on the console, or the value of an environment variable, which is a secret: it is typed only at a \
         prompt for a password. All of the text is checked against the keyboard layout of the guest first. Answers the screen \
         after it stood still. To run a command in a shell and get its output, use run_command.",
    is_input: true,
    schema: schema_of::<Args>,
};

/// The layout without `layout`.
pub(super) const DEFAULT_LAYOUT: &str = "us";

/// How long the prompt for a secret, or the one that `after` names, may take to come.
const PROMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a character takes.
const CHARACTER_TIME: Duration = Duration::from_millis(100);

/// The longest text in a plan, in characters.
const MAX_QUOTED: usize = 200;

#[derive(Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Args {
    /// An instance ID, name or IP address.
    instance: String,
    /// The text. A line feed is typed as Enter.
    text: Option<String>,
    /// In place of text: the name of an environment variable of the server, which the user allowed with --secret.
    env: Option<String>,
    /// Press Enter after it.
    #[serde(default)]
    enter: bool,
    /// The keyboard layout that the guest has set, such as us, de or fr; us by default.
    layout: Option<String>,
    /// Type only if the last row of text matches this regular expression within 30 seconds, such as "login: *$".
    after: Option<String>,
    /// Do it: the token that the call without it answered, which says what would be done. It is good once, for 5 minutes.
    confirm: Option<String>,
}

/// Not derived: the text may be confidential.
impl std::fmt::Debug for Args {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Args").field("instance", &self.instance).field("env", &self.env).finish_non_exhaustive()
    }
}

impl Args {
    /// How long typing takes at most.
    pub(in super::super) fn typing_time(&self) -> Duration {
        let count = self.text.as_ref().map_or(0, |text| text.chars().count());
        PROMPT_TIMEOUT + CHARACTER_TIME * u32::try_from(count).unwrap_or(u32::MAX).min(1 << 20)
    }
}

pub(in super::super) async fn run(args: Args, call: &Call) -> Result<Answer, CommandError> {
    let is_secret = args.env.is_some();
    let (text, what) = match (&args.text, &args.env) {
        (Some(text), None) => {
            (Secret::new(text.as_str()), format!("types \"{}\" ({} characters)", quoted(text), text.chars().count()))
        }
        (None, Some(name)) => (
            call.machines.guard.secret(name, &call.machines.context.env)?,
            format!("types the secret in {} at a prompt for a password", sanitize(name, 80)),
        ),
        _ => return Err(CommandError::message(ErrorKind::Usage, "give either text or env")),
    };
    let text = if args.enter { Secret::new(format!("{}\n", text.expose())) } else { text };
    let layout = args.layout.as_deref().unwrap_or(DEFAULT_LAYOUT);
    let typing = KeyboardArgs::with_layout(layout.to_owned()).at_usual_speed();
    let guard = args.after.as_deref().map(str::parse::<Pattern>).transpose();
    let guard = guard.map_err(|why| CommandError::message(ErrorKind::Usage, format!("after: {why}")))?;
    let guard = guard.map_or_else(GuardArgs::default, GuardArgs::after);
    let text = GuardedText::new(TypableText::new(text, is_secret, &typing)?, guard)?;
    let (account, instance) = call.find_running(&args.instance).await?;
    if !call.begin_if_confirmed(args.confirm.as_deref(), &instance)? {
        let enter = if args.enter { " and presses Enter" } else { "" };
        return Ok(call.plan(&instance, &format!("{what}{enter}")));
    }
    let mut console = call.machines.open_console(&account, instance).await?;
    let typed = text.type_on(&mut console.screen, PROMPT_TIMEOUT, call.machines.context.output).await;
    let done = match is_secret {
        true => "the secret was typed".to_owned(),
        false => format!("{} characters were typed", text.text.characters()),
    };
    call.finish(console, typed, &done).await
}

fn quoted(text: &str) -> String {
    sanitize(text, MAX_QUOTED)
}
