//! The instance of a command that names none: from a variable, or picked from a list.

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::settings::Context;

/// The variable that holds the instance to use where none is named.
const VARIABLE: &str = "ECS_VNC_INSTANCE";

/// What a command does with its instance. It decides whether the user is told, without `-v`, which one was taken from the
/// variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It reads, and disconnects no one.
    Look,
    /// It types, changes the power, or takes the console over.
    Act,
}

/// Returns the instance to use where none is named. If there is no variable and the user cannot be asked, the error says what
/// to do.
pub(crate) fn left_out(purpose: Purpose, context: &Context) -> Result<InstanceSelector, CommandError> {
    if let Some(selector) = from_variable(context)? {
        let text = format!("{VARIABLE} names the instance: {selector}");
        match purpose {
            Purpose::Act => context.output.note(&text),
            Purpose::Look => context.output.detail(1, &text),
        }
        return Ok(selector);
    }
    match context.output.may_pick() {
        true => Ok(InstanceSelector::Any),
        false => Err(CommandError::message(ErrorKind::Usage, "no instance is named").hint(format!(
            "give INSTANCE, an ID, a name or an IP address, or set {VARIABLE}; `ecs-vnc list` shows the instances, and on a \
             terminal you can pick one if you leave it out"
        ))),
    }
}

/// Whether an instance can be left out.
pub(super) fn may_be_left_out(context: &Context) -> bool {
    context.env.get(VARIABLE).is_some() || context.output.may_pick()
}

/// Returns the instance that the variable names. A pattern is an error: a command would work on what else matches it some day.
pub(super) fn from_variable(context: &Context) -> Result<Option<InstanceSelector>, CommandError> {
    let Some(text) = context.env.get(VARIABLE) else { return Ok(None) };
    let fault = |error: String| Err(CommandError::message(ErrorKind::Usage, format!("{VARIABLE}: {error}")));
    match InstanceSelector::parse(text) {
        Ok(InstanceSelector::Name(name)) if name == "-" || name.contains(['*', '?']) => {
            fault("it names one instance, and no pattern".to_owned())
        }
        Ok(selector) => Ok(Some(selector)),
        Err(error) => fault(error),
    }
}
