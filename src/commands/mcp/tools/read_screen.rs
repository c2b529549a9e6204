//! `read_screen`: what a screen shows.

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::definition::{Definition, schema_of};
use super::super::machines::{CallAccount, Machines};
use super::super::seen::Seen;
use super::action::{leave, seen_over_vnc};
use crate::command_error::CommandError;
use crate::console::screen_reader::ScreenReader;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::picture::Rectangle;
use crate::system::clock::{Deadline, iso_8601};

pub(in super::super) const DEFINITION: Definition = Definition {
    name: "read_screen",
    title: "Read a screen",
    description: "Read what the screen of an instance shows: the text of a text console, or a picture where it is none. It \
         disturbs nobody. The service takes a picture of an instance every 10 seconds at most, so a call that follows another \
         waits.",
    is_input: false,
    schema: schema_of::<Args>,
};

/// Where a picture comes from.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(crate = "rmcp::schemars", inline)]
#[serde(rename_all = "lowercase")]
pub(super) enum Source {
    #[default]
    Api,
    Vnc,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Args {
    /// An instance ID, name or IP address.
    instance: String,
    /// "api" (the default) needs no session. "vnc" is exact, but disconnects anyone on the console, and needs --allow-input.
    #[serde(default)]
    via: Source,
    /// Only this part of the text: X,Y,W,H in character cells from the left and the top.
    area: Option<String>,
    /// Add a picture even if the screen is text.
    #[serde(default)]
    picture: bool,
}

pub(in super::super) async fn run(args: Args, call: &Call) -> Result<Answer, CommandError> {
    let area = args.area.as_deref().map(area).transpose()?;
    if args.via == Source::Vnc {
        call.machines.guard.require_input("via: \"vnc\"")?;
    }
    let (account, instance) = call.find_running(&args.instance).await?;
    let data = json!({ "instance": instance.id });
    let head = instance.id.clone();
    if args.via == Source::Vnc {
        call.begin()?;
        let mut console = call.machines.open_console(&account, instance).await?;
        let deadline = console.screen.answer_deadline();
        let seen = match console.screen.refresh(deadline).await {
            Ok(()) => seen_over_vnc(&mut console.screen),
            Err(error) => Err(error),
        };
        return leave(console, seen).await?.answer(&head, data, area, args.picture, None, &call.machines);
    }
    let deadline = account.account.limit_from_now();
    let reader = ScreenReader::with_files(&[], &call.machines.context)?;
    let seen = seen_by_api(&call.machines, &account, &instance, &reader, deadline).await?;
    seen.answer(&head, data, area, args.picture, None, &call.machines)
}

/// Takes a picture with the API and reads it.
pub(super) async fn seen_by_api(
    machines: &Machines,
    account: &CallAccount,
    instance: &ResolvedInstance,
    reader: &ScreenReader,
    deadline: Deadline,
) -> Result<Seen, CommandError> {
    let shot = machines.picture(account, instance, deadline).await?;
    let screen = reader.read_with_system_fonts(&shot.picture, machines.context.output);
    Ok(Seen { screen, picture: shot.picture, via: shot.via, time: iso_8601(shot.time.utc) })
}

fn area(text: &str) -> Result<Rectangle, CommandError> {
    text.parse::<Rectangle>().map_err(|error| CommandError::new(ErrorKind::Usage, error))
}
