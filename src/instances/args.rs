//! Arguments that name instances: a positional argument, or `-i/--instance`, which says the same.

use clap::Args;

use super::left_out::{Purpose, from_variable, left_out, may_be_left_out};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::secret::Secret;
use crate::settings::Context;

/// The instance of a command that takes exactly one.
#[derive(Args, Clone, Debug)]
#[group(id = "which", multiple = false)]
pub(crate) struct InstanceArg {
    /// An instance ID, name, alias or IP address.
    ///
    /// Without it, the one that ECS_VNC_INSTANCE names, or on a terminal one that you pick from a list
    /// [env: ECS_VNC_INSTANCE].
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    positional: Option<InstanceSelector>,
    /// The instance, given as a flag.
    #[arg(short, long, long_help = "The instance, as a flag instead of an argument", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Option<InstanceSelector>,
}

impl InstanceArg {
    /// Returns the instance, in whichever way it was given; see [`left_out`] if it was not.
    pub(crate) fn selector(self, purpose: Purpose, context: &Context) -> Result<InstanceSelector, CommandError> {
        self.positional.or(self.instance).map_or_else(|| left_out(purpose, context), Ok)
    }
}

/// The instance of a command that can do without one.
#[derive(Args, Clone, Debug)]
#[group(id = "which", multiple = false)]
pub(crate) struct OptionalInstanceArg {
    /// An instance ID, name, alias or IP address.
    ///
    /// Without it, the one of ECS_VNC_INSTANCE, if it is set [env: ECS_VNC_INSTANCE].
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    positional: Option<InstanceSelector>,
    /// The instance, given as a flag.
    #[arg(short, long, long_help = "The instance, as a flag instead of an argument", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Option<InstanceSelector>,
}

impl OptionalInstanceArg {
    /// Returns the instance, if one was given or the variable names one.
    pub(crate) fn selector(self, context: &Context) -> Result<Option<InstanceSelector>, CommandError> {
        self.positional.or(self.instance).map_or_else(|| from_variable(context), |given| Ok(Some(given)))
    }
}

/// The instance of a command whose own arguments follow it: `key INSTANCE CHORD…` or `key -i INSTANCE CHORD…`.
#[derive(Args, Clone, Debug)]
pub(crate) struct LeadingInstanceArg {
    // It is a Secret because with `-i` it may be a text to type.
    /// An instance ID, name, alias or IP address; leave it out with -i.
    ///
    /// Without it, the one that ECS_VNC_INSTANCE names, or on a terminal one that you pick from a list
    /// [env: ECS_VNC_INSTANCE].
    #[arg(value_name = "INSTANCE", id = "leading")]
    leading: Option<Secret>,
    /// The instance, given as a flag.
    #[arg(short, long, long_help = "The instance, as a flag instead of an argument", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Option<InstanceSelector>,
}

impl LeadingInstanceArg {
    /// Returns the first argument, for a command that needs no instance.
    pub(crate) fn into_leading(self) -> Option<Secret> {
        self.leading
    }

    /// The first argument, which is the instance or one of the command's own.
    pub(crate) fn leading(&self) -> Option<&str> {
        self.leading.as_ref().map(Secret::expose)
    }

    /// Returns the instance, and the first of the command's own arguments where `-i` made room for it. `is_complete` is whether
    /// the command has all it needs without the first argument: otherwise that is its own, if the instance may be left out.
    pub(crate) fn split(
        self,
        is_complete: bool,
        context: &Context,
    ) -> Result<(InstanceSelector, Option<Secret>), CommandError> {
        let act = || left_out(Purpose::Act, context);
        match (self.instance, self.leading) {
            (Some(instance), first) => Ok((instance, first)),
            (None, None) => Ok((act()?, None)),
            (None, first) if !is_complete && may_be_left_out(context) => Ok((act()?, first)),
            (None, Some(leading)) => {
                let selector = InstanceSelector::parse(leading.expose());
                let selector = selector.map_err(|error| CommandError::message(ErrorKind::Usage, error))?;
                Ok((selector, None))
            }
        }
    }
}
