//! Arguments that name instances: a positional argument, or `-i/--instance`, which says the same.

use clap::Args;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::secret::Secret;

/// The instance of a command that takes exactly one.
#[derive(Args, Clone, Debug)]
#[group(id = "which", required = true, multiple = false)]
pub(crate) struct InstanceArg {
    /// An instance ID, name or IP address.
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    positional: Option<InstanceSelector>,
    /// The instance, given as a flag.
    #[arg(short, long, long_help = "The instance, as a flag instead of an argument", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Option<InstanceSelector>,
}

impl InstanceArg {
    /// Returns the instance, in whichever way it was given.
    pub(crate) fn selector(self) -> InstanceSelector {
        self.positional.or(self.instance).expect("clap requires one of the two")
    }
}

/// The instance of a command that can do without one.
#[derive(Args, Clone, Debug)]
#[group(id = "which", multiple = false)]
pub(crate) struct OptionalInstanceArg {
    /// An instance ID, name or IP address.
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    positional: Option<InstanceSelector>,
    /// The instance, given as a flag.
    #[arg(short, long, long_help = "The instance, as a flag instead of an argument", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Option<InstanceSelector>,
}

impl OptionalInstanceArg {
    /// Returns the instance, if one was given.
    pub(crate) fn selector(self) -> Option<InstanceSelector> {
        self.positional.or(self.instance)
    }
}

/// The instance of a command whose own arguments follow it: `key INSTANCE CHORD…` or `key -i INSTANCE CHORD…`.
#[derive(Args, Clone, Debug)]
pub(crate) struct LeadingInstanceArg {
    // It is a Secret because with `-i` it may be a text to type.
    /// An instance ID, name or IP address; leave it out with -i.
    #[arg(value_name = "INSTANCE", id = "leading", required_unless_present = "instance")]
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

    /// Returns the instance, and the first of the command's own arguments where `-i` made room for it.
    pub(crate) fn split(self) -> Result<(InstanceSelector, Option<Secret>), CommandError> {
        match (self.instance, self.leading) {
            (Some(instance), first) => Ok((instance, first)),
            (None, leading) => {
                let leading = leading.expect("clap requires one of the two");
                let selector = InstanceSelector::parse(leading.expose());
                let selector = selector.map_err(|error| CommandError::message(ErrorKind::Usage, error))?;
                Ok((selector, None))
            }
        }
    }
}
