//! `click`: clicks on a point of the screen.

use rmcp::schemars::JsonSchema;
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::definition::{Definition, schema_of};
use crate::command_error::CommandError;
use crate::console::args::DEFAULT_SCREEN_TIMEOUT;
use crate::console::pointer_sender::Button;
use crate::console::pointing::Pointing;
use crate::picture::Point;

pub(in super::super) const DEFINITION: Definition = Definition {
    name: "click",
    title: "Click",
    description: "Click on a point of the screen. X and Y are pixels of the screen from the left and the top; a picture that \
         read_screen returned may have been scaled down to 1280 pixels. Answers the screen after it stood still.",
    is_input: true,
    schema: schema_of::<Args>,
};

/// The buttons of a mouse.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars", inline)]
#[serde(rename_all = "lowercase")]
enum MouseButton {
    #[default]
    Left,
    Middle,
    Right,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Args {
    /// An instance ID, name or IP address.
    instance: String,
    /// Pixels from the left.
    x: u16,
    /// Pixels from the top.
    y: u16,
    /// The button, left by default.
    #[serde(default)]
    button: MouseButton,
    /// Press it twice.
    #[serde(default)]
    double: bool,
    /// Do it: the token that the call without it answered, which says what would be done. It is good once, for 5 minutes.
    confirm: Option<String>,
}

pub(in super::super) async fn run(args: Args, call: &Call) -> Result<Answer, CommandError> {
    let Args { x, y, double, .. } = args;
    let (account, instance) = call.find_running(&args.instance).await?;
    let (button, name) = match args.button {
        MouseButton::Left => (Button::Left, "left"),
        MouseButton::Middle => (Button::Middle, "middle"),
        MouseButton::Right => (Button::Right, "right"),
    };
    let times = if double { "twice" } else { "once" };
    if !call.begin_if_confirmed(args.confirm.as_deref(), &instance)? {
        return Ok(call.plan(&instance, &format!("clicks {times} with the {name} button at {x},{y}")));
    }
    let click = Pointing::click(Point { x, y }, button, if double { 2 } else { 1 });
    let mut console = call.machines.open_console(&account, instance).await?;
    let output = call.machines.context.output;
    let clicked = click.perform_on(&mut console.screen, DEFAULT_SCREEN_TIMEOUT, output).await.map(drop);
    call.finish(console, clicked, &format!("clicked {times} with the {name} button at {x},{y}")).await
}
