//! A call with its arguments, which were checked.

use std::time::Duration;

use rmcp::model::JsonObject;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::definition::Definition;
use super::tools::{
    boot_log, check, click, list_instances, power, press_keys, read_screen, run_command, type_text, wait_for,
};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::text::sanitize::sanitize;

/// All tools, those that only read first.
pub(super) const DEFINITIONS: [&Definition; 10] = [
    &list_instances::DEFINITION,
    &read_screen::DEFINITION,
    &wait_for::DEFINITION,
    &boot_log::DEFINITION,
    &check::DEFINITION,
    &type_text::DEFINITION,
    &press_keys::DEFINITION,
    &click::DEFINITION,
    &run_command::DEFINITION,
    &power::DEFINITION,
];

/// The time limit of a call that waits for nothing: the requests, and the opening of a console.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// What a tool is to do.
#[derive(Debug)]
pub(super) enum Request {
    ListInstances(list_instances::Args),
    ReadScreen(read_screen::Args),
    WaitFor(wait_for::Args),
    BootLog(boot_log::Args),
    Check(check::Args),
    TypeText(type_text::Args),
    PressKeys(press_keys::Args),
    Click(click::Args),
    RunCommand(run_command::Args),
    Power(power::Args),
}

impl Request {
    /// Reads the arguments of one of [`DEFINITIONS`].
    pub(super) fn new(definition: &Definition, arguments: JsonObject) -> Result<Self, CommandError> {
        Ok(match definition.name {
            "list_instances" => Self::ListInstances(read(arguments)?),
            "read_screen" => Self::ReadScreen(read(arguments)?),
            "wait_for" => Self::WaitFor(read(arguments)?),
            "boot_log" => Self::BootLog(read(arguments)?),
            "check" => Self::Check(read(arguments)?),
            "type_text" => Self::TypeText(read(arguments)?),
            "press_keys" => Self::PressKeys(read(arguments)?),
            "click" => Self::Click(read(arguments)?),
            "run_command" => Self::RunCommand(read(arguments)?),
            "power" => Self::Power(read(arguments)?),
            name => return Err(CommandError::message(ErrorKind::Other, format!("no tool {name}"))),
        })
    }

    /// Whether it may send keys or pointer events.
    pub(super) fn is_input(&self) -> bool {
        match self {
            Self::ListInstances(_) | Self::ReadScreen(_) | Self::WaitFor(_) | Self::BootLog(_) | Self::Check(_) => {
                false
            }
            Self::TypeText(_) | Self::PressKeys(_) | Self::Click(_) | Self::RunCommand(_) | Self::Power(_) => true,
        }
    }

    /// After this time the call is ended.
    pub(super) fn time_limit(&self) -> Duration {
        TIME_LIMIT
            + match self {
                Self::WaitFor(args) => args.time(),
                Self::RunCommand(args) => args.time(),
                Self::Check(args) => args.time(),
                Self::Power(args) => args.time(),
                Self::TypeText(args) => args.typing_time(),
                Self::PressKeys(args) => args.pressing_time(),
                Self::ListInstances(_) | Self::ReadScreen(_) | Self::BootLog(_) | Self::Click(_) => Duration::ZERO,
            }
    }

    /// Does it, or says what it would do. The futures are large, and are passed on: each has memory of its own.
    pub(super) async fn run(self, call: &Call) -> Result<Answer, CommandError> {
        match self {
            Self::ListInstances(args) => Box::pin(list_instances::run(args, call)).await,
            Self::ReadScreen(args) => Box::pin(read_screen::run(args, call)).await,
            Self::WaitFor(args) => Box::pin(wait_for::run(args, call)).await,
            Self::BootLog(args) => Box::pin(boot_log::run(args, call)).await,
            Self::Check(args) => Box::pin(check::run(args, call)).await,
            Self::TypeText(args) => Box::pin(type_text::run(args, call)).await,
            Self::PressKeys(args) => Box::pin(press_keys::run(args, call)).await,
            Self::Click(args) => Box::pin(click::run(args, call)).await,
            Self::RunCommand(args) => Box::pin(run_command::run(args, call)).await,
            Self::Power(args) => Box::pin(power::run(args, call)).await,
        }
    }
}

fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, CommandError> {
    if arguments.get("confirm").is_some_and(Value::is_boolean) {
        let message = "confirm is no boolean: it is the token of a plan";
        let hint = "call the tool without confirm: its answer has the token";
        return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    }
    serde_json::from_value(Value::Object(arguments)).map_err(|error| {
        let message = format!("the arguments are wrong: {}", sanitize(&error.to_string(), 300));
        CommandError::message(ErrorKind::Usage, message).hint("tools/list has the schema of each tool")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_tool_has_its_request_and_the_kind_that_it_says() {
        let all = json!({
            "instance": "web-01", "text": "a", "chords": ["a"], "x": 1, "y": 2, "command": "id", "timeout": 1,
            "instances": ["web-01"], "action": "stop"
        });
        for definition in DEFINITIONS {
            let schema = (definition.schema)();
            let known = schema["properties"].as_object().unwrap();
            let arguments = all.as_object().unwrap().iter().filter(|(name, _)| known.contains_key(*name));
            let arguments = arguments.map(|(name, value)| (name.clone(), value.clone())).collect();
            let request = Request::new(definition, arguments).unwrap();
            assert_eq!(request.is_input(), definition.is_input, "{}", definition.name);
            let unknown = json!({ "no_such": 1 }).as_object().unwrap().clone();
            assert!(Request::new(definition, unknown).is_err(), "{}", definition.name);
        }
    }
}
