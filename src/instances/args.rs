//! Which instances a verb is for: the positional, or `-i/--instance`, which says the same.

use clap::Args;

use crate::instances::InstanceSelector;

/// One instance.
#[derive(Args, Clone, Debug)]
#[group(id = "which", required = true, multiple = false)]
pub(crate) struct InstanceArg {
    /// The instance: its id, name or IP address.
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    positional: Option<InstanceSelector>,
    /// The same as the positional, for scripts that name everything.
    #[arg(short, long, value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Option<InstanceSelector>,
}

impl InstanceArg {
    /// It.
    pub(crate) fn query(self) -> InstanceSelector {
        self.positional.or(self.instance).expect("clap requires one of the two")
    }
}

/// Several instances, at least one.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstanceArgs {
    /// The instances: their ids, names or IP addresses.
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse, required_unless_present = "instances", conflicts_with = "instances")]
    positional: Vec<InstanceSelector>,
    /// The same as the positional, for scripts that name everything.
    #[arg(short, long = "instance", id = "instances", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Vec<InstanceSelector>,
}

impl InstanceArgs {
    /// They, in the order in which they were given: clap takes them in one way or the other.
    pub(crate) fn queries(self) -> Vec<InstanceSelector> {
        if self.positional.is_empty() { self.instance } else { self.positional }
    }
}
