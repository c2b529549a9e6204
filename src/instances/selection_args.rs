//! Arguments that select several instances: names, patterns, tags, states, all of them, and the lines of stdin.

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use super::done_file;
use super::filter_args::{FilterArgs, InstanceStatus};
use super::left_out::{Purpose, left_out};
use super::selection::{Part, Selection};
use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::settings::Context;
use crate::settings::flags::GlobalArgs;

/// The instances of a command that takes several.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub(crate) struct SelectionArgs {
    /// Instance IDs, names, aliases, patterns or IP addresses.
    ///
    /// A name with * or ? is a pattern for all instances that it matches: * is any characters, ? is one. - reads IDs, names
    /// and patterns from stdin, one per line. Without any, the instance that ECS_VNC_INSTANCE names, or on a terminal one that
    /// you pick from a list [env: ECS_VNC_INSTANCE].
    #[arg(value_name = "INSTANCE", value_parser = InstanceSelector::parse, conflicts_with = "instances")]
    positional: Vec<InstanceSelector>,
    /// An instance, given as a flag.
    ///
    /// Use it instead of the arguments, and repeat it for several instances.
    #[arg(short, long = "instance", id = "instances", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instance: Vec<InstanceSelector>,
    /// Select all instances of the region.
    ///
    /// Without a region, all instances of all regions. Patterns, --tag and --all take the instances that the command can work
    /// on: `start` those that are Stopped, `check` and `sheet` those in any state, the others Running ones; --wait of a command
    /// that opens consoles adds Pending and Starting ones. --status names other states. What is left out is counted at the end.
    #[arg(long, conflicts_with_all = ["positional", "instances"], help_heading = "Selection")]
    all: bool,
    /// Select from all regions.
    ///
    /// For patterns, --tag and --all. By default they select from the region of the profile or of --region. A pattern that
    /// matches nothing in the profile's region is looked for in all regions, but not by start, stop and reboot.
    #[arg(long, help_heading = "Selection")]
    all_regions: bool,
    #[command(flatten)]
    filter: FilterArgs,
    /// Leave out the instances in this file.
    ///
    /// The file is what this command has written with -o json: one object per line, with the InstanceId of an instance that is
    /// done. Add to it with >> and run the command again to continue after an interruption or a failure.
    #[arg(long, value_name = "FILE", value_parser = path_arg(), help_heading = "Selection")]
    skip_done: Option<PathBuf>,
}

/// The states of instances that have a console.
const WITH_CONSOLE: &[InstanceStatus] = &[InstanceStatus::Running];

/// The states of instances that have a console now or soon.
const WITH_CONSOLE_SOON: &[InstanceStatus] =
    &[InstanceStatus::Running, InstanceStatus::Starting, InstanceStatus::Pending];

impl SelectionArgs {
    /// Whether nothing is selected by name, by tag or with `--all`.
    pub(crate) fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.instance.is_empty() && !self.all && self.filter.tags.is_empty()
    }

    /// Returns the instances, for a command that needs running ones. `waits` is whether it waits until they run.
    pub(crate) fn running(self, waits: bool, purpose: Purpose, context: &Context) -> Result<Selection, CommandError> {
        self.selection(if waits { WITH_CONSOLE_SOON } else { WITH_CONSOLE }, purpose, context)
    }

    /// Returns the instances; see [`left_out`] if none are selected. Patterns, tags and `--all` take those in
    /// `default_statuses`, or in any state if there are none, where `--status` is not given. Reads the file of `--skip-done`.
    pub(crate) fn selection(
        self,
        default_statuses: &'static [InstanceStatus],
        purpose: Purpose,
        context: &Context,
    ) -> Result<Selection, CommandError> {
        let global = &context.flags;
        let (is_empty, is_narrowed) = (self.is_empty(), self.all_regions || !self.filter.is_empty());
        let named = if self.positional.is_empty() { self.instance } else { self.positional };
        let mut parts: Vec<Part> = named.into_iter().map(Part::of).collect();
        if parts.is_empty() && (self.all || !self.filter.tags.is_empty()) {
            parts.push(Part::All);
        }
        if is_empty && is_narrowed {
            let error =
                CommandError::message(ErrorKind::Usage, "--status and --all-regions select no instance by themselves");
            return Err(error.hint("add a pattern such as 'web-*', --tag or --all"));
        }
        if is_empty {
            parts.push(Part::One(left_out(purpose, context)?));
        }
        self.filter.check()?;
        check(&parts, &self.filter, self.all_regions, global)?;
        let done = match &self.skip_done {
            Some(file) => done_file::read(file, global.file_limit())?,
            None => HashSet::new(),
        };
        let (filter, is_in_all_regions) = (self.filter, self.all_regions);
        Ok(Selection { parts, filter, default_statuses, is_in_all_regions, done, is_for_changes: false })
    }
}

/// Checks what clap cannot: to clap, patterns are names, and a global flag before the verb and the same flag after it are two.
fn check(parts: &[Part], filter: &FilterArgs, all_regions: bool, global: &GlobalArgs) -> Result<(), CommandError> {
    let fault = |message: String, hint: &str| Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    if all_regions && global.region.is_some() {
        return fault("--all-regions cannot be used with --region".to_owned(), "leave one of them out");
    }
    if parts.iter().filter(|part| **part == Part::Stdin).count() > 1 {
        return fault("stdin can be read once: give - once".to_owned(), "write all names to stdin, one per line");
    }
    let is_filtered = !filter.is_empty();
    for part in parts {
        match part {
            Part::One(selector) if is_filtered => {
                let message = format!("--tag and --status select among instances, but {selector} is one instance");
                return fault(message, "use them with a pattern such as 'web-*', or with --all");
            }
            Part::Stdin if is_filtered => {
                let message = "--tag and --status cannot be used with -".to_owned();
                return fault(
                    message,
                    "give them to the command that writes the names: ecs-vnc list --ids-only --tag …",
                );
            }
            _ => {}
        }
    }
    if all_regions && !parts.iter().any(|part| !matches!(part, Part::One(_))) && !parts.is_empty() {
        let message = "--all-regions is for patterns, --tag and --all".to_owned();
        return fault(message, "leave it out: a name that the region does not have is looked for in all regions");
    }
    Ok(())
}
