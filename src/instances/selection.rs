//! Which instances a command works on, as the user said it: pure.

use std::collections::HashSet;

use super::filter_args::{FilterArgs, InstanceStatus, Tag, is_in, name_statuses};
use crate::api::operations::{Filter, Instance};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::text::quoted::quoted;

/// A part of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// One instance: an id, an address, or a name without `*` and `?`.
    One(InstanceSelector),
    /// All instances whose names match the pattern.
    Matching(String),
    /// All instances of the region, or of all regions.
    All,
    /// What the lines of stdin name.
    Stdin,
}

impl Part {
    pub(super) fn of(selector: InstanceSelector) -> Self {
        match selector {
            InstanceSelector::Name(name) if name == "-" => Self::Stdin,
            InstanceSelector::Name(name) if name.contains(['*', '?']) => Self::Matching(name),
            one => Self::One(one),
        }
    }
}

/// The instances of a command that takes several.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// In the order in which they were given.
    pub(super) parts: Vec<Part>,
    /// For the parts that may match several instances.
    pub(super) filter: FilterArgs,
    /// The states of the instances that are taken where the filter names none.
    pub(super) default_statuses: &'static [InstanceStatus],
    /// Whether all regions are searched, in place of the account's.
    pub(super) is_in_all_regions: bool,
    /// The ids that are left out.
    pub(super) done: HashSet<String>,
    /// Whether the instances are changed: then a pattern that matches nothing in the region is not looked for in others, and
    /// no instance comes twice.
    pub(super) is_for_changes: bool,
}

impl Selection {
    /// The same for a command that changes the instances.
    pub(crate) fn for_changes(self) -> Self {
        Self { is_for_changes: true, ..self }
    }

    /// Whether it may select several instances.
    pub(crate) fn may_be_several(&self) -> bool {
        self.parts.len() > 1 || self.has_unknown_count()
    }

    /// Whether it is not known how many instances it selects.
    pub(crate) fn has_unknown_count(&self) -> bool {
        self.parts.iter().any(|part| !matches!(part, Part::One(_)))
    }

    /// Whether stdin names instances. It can be read once.
    pub(crate) fn reads_stdin(&self) -> bool {
        self.parts.contains(&Part::Stdin)
    }

    /// Checks that stdin is read for one thing only. `has_password` is whether the VNC password is read from it.
    pub(crate) fn check_stdin(&self, has_password: bool) -> Result<(), CommandError> {
        if !has_password || !self.reads_stdin() {
            return Ok(());
        }
        let error = CommandError::message(ErrorKind::Usage, "stdin cannot be both the instances and the password");
        Err(error.hint("give the password in an environment variable, such as ECS_VNC_PASSWORD"))
    }

    /// The number of instances, if it is known before the API was asked.
    pub(crate) fn count(&self) -> Option<usize> {
        (!self.has_unknown_count()).then_some(self.parts.len())
    }

    /// The instance, if one was named.
    pub(crate) fn single(&self) -> Option<&InstanceSelector> {
        match &self.parts[..] {
            [Part::One(selector)] => Some(selector),
            _ => None,
        }
    }

    /// Whether the file of `--skip-done` has this id.
    pub(crate) fn is_done(&self, id: &str) -> bool {
        self.done.contains(id)
    }

    /// What to call the one instance: as the user named it.
    pub(crate) fn name_of_one(&self) -> String {
        match self.parts.first() {
            Some(Part::One(selector)) => selector.to_string(),
            _ => String::new(),
        }
    }

    /// What to call the instances, such as `2 instances`, if there may be several.
    pub(crate) fn describe_several(&self) -> Option<String> {
        let text = match self.count() {
            Some(count) => format!("{count} instances"),
            None => "instances that are not known yet".to_owned(),
        };
        self.may_be_several().then_some(text)
    }

    /// The ids among what was named, in their order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::One(InstanceSelector::Id(id)) => Some(id.as_str()),
            _ => None,
        })
    }

    /// The names of single instances among what was named, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::One(InstanceSelector::Name(name)) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The states of the instances that are taken; all of them if there are none.
    pub(super) fn statuses(&self) -> &[InstanceStatus] {
        if self.filter.statuses.is_empty() { self.default_statuses } else { &self.filter.statuses }
    }

    /// Names the states of the instances that are taken where the filter names none, such as `running or starting`.
    pub(super) fn usable_states(&self) -> String {
        name_statuses(self.default_statuses).to_lowercase()
    }

    /// What the API is asked for. The default states are not asked for, so that it is known how many are left out.
    pub(super) fn api_filter(&self, pattern: Option<&str>) -> Filter {
        Filter { name: pattern.map(InstanceSelector::name_pattern), ..self.filter.api_filter() }
    }

    /// What becomes of an instance that the API listed.
    pub(super) fn verdict(&self, instance: &Instance) -> Verdict {
        match is_in(&instance.status, self.statuses()) {
            true if self.is_done(&instance.instance_id) => Verdict::Done,
            true => Verdict::Taken,
            // It was not asked for.
            false if !self.filter.statuses.is_empty() => Verdict::Unwanted,
            false => Verdict::WrongState,
        }
    }

    /// The filter in words, such as `; wanted tag env=prod; wanted status Stopped`, or nothing.
    fn describe_filter(&self) -> String {
        let tag = |(key, value): &Tag| match value {
            Some(value) => quoted(&format!("{key}={value}")).into_owned(),
            None => quoted(key).into_owned(),
        };
        let tags: Vec<String> = self.filter.tags.iter().map(tag).collect();
        let mut words = String::new();
        if !tags.is_empty() {
            words.push_str(&format!("; wanted tag {}", tags.join(" and ")));
        }
        if !self.filter.statuses.is_empty() {
            words.push_str(&format!("; wanted status {}", name_statuses(&self.filter.statuses)));
        }
        words
    }

    /// The flag that selects, where no pattern does.
    pub(super) fn flag(&self) -> &'static str {
        match &self.filter {
            filter if !filter.tags.is_empty() => "--tag",
            filter if !filter.statuses.is_empty() => "--status",
            _ => "--all",
        }
    }

    /// Says that no instance is selected in a place, such as `any region`.
    pub(super) fn nothing_selected(&self, pattern: Option<&str>, place: &str) -> String {
        let nothing = match pattern {
            Some(pattern) => format!("no instance named {} in {place}", quoted(pattern)),
            None => format!("no instance in {place}"),
        };
        nothing + &self.describe_filter()
    }

    /// The error if instances match but none is in a state in which it is taken.
    pub(super) fn wrong_state(&self, pattern: Option<&str>, count: usize) -> CommandError {
        let wanted = name_statuses(self.default_statuses);
        let others = if count == 1 { "one is not".to_owned() } else { format!("{count} are not") };
        let message = match pattern.filter(|_| self.filter.is_empty()) {
            Some(pattern) => format!("no instance named {} is {wanted}; {others}", quoted(pattern)),
            None => format!("no selected instance is {wanted}; {others}"),
        };
        CommandError::message(ErrorKind::WrongState, message)
            .hint("ecs-vnc list shows their states; --status selects others, such as --status Stopped,Starting")
    }
}

/// What becomes of an instance that the API listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken,
    /// It was done by an earlier command.
    Done,
    /// It is not in a state that `--status` names.
    Unwanted,
    /// It is not in a state that the command can use.
    WrongState,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(parts: &[&str]) -> Selection {
        let parts = parts.iter().map(|text| Part::of(InstanceSelector::parse(text).unwrap())).collect();
        let default_statuses = &[InstanceStatus::Running];
        Selection {
            parts,
            filter: FilterArgs::default(),
            default_statuses,
            is_in_all_regions: false,
            done: HashSet::new(),
            is_for_changes: false,
        }
    }

    #[test]
    fn only_names_with_wildcards_are_patterns() {
        let parts = selection(&["web-01", "web-*", "i-1", "10.0.0.1", "-", "web-0?"]).parts;
        let is_one = |part: &Part| matches!(part, Part::One(_));
        assert_eq!(parts.iter().map(is_one).collect::<Vec<_>>(), [true, false, true, true, false, false]);
        assert_eq!((&parts[1], &parts[4]), (&Part::Matching("web-*".to_owned()), &Part::Stdin));
    }

    #[test]
    fn one_pattern_may_be_several_instances() {
        let several = |parts: &[&str]| (selection(parts).may_be_several(), selection(parts).count());
        assert_eq!(several(&["web-01"]), (false, Some(1)));
        assert_eq!(several(&["web-01", "i-1"]), (true, Some(2)));
        assert_eq!([several(&["web-*"]), several(&["-"]), several(&["i-1", "*"])], [(true, None); 3]);
    }

    #[test]
    fn states_that_were_not_named_are_told_from_those_that_the_command_cannot_use() {
        let mut selection = selection(&["*"]);
        selection.done.insert("i-2".to_owned());
        let instance = |id: &str, status: &str| {
            let mut instance = Instance::default();
            (instance.instance_id, instance.status) = (id.to_owned(), status.to_owned());
            instance
        };
        let verdicts = |selection: &Selection| {
            let all = [("i-1", "Running"), ("i-2", "Running"), ("i-3", "Stopped")];
            all.map(|(id, status)| selection.verdict(&instance(id, status)))
        };
        assert_eq!(verdicts(&selection), [Verdict::Taken, Verdict::Done, Verdict::WrongState]);
        selection.filter.statuses = vec![InstanceStatus::Stopped];
        assert_eq!(verdicts(&selection), [Verdict::Unwanted, Verdict::Unwanted, Verdict::Taken]);
    }

    #[test]
    fn the_filter_is_named_where_nothing_is_selected() {
        let mut selection = selection(&["*"]);
        assert_eq!(selection.nothing_selected(Some("web-*"), "any region"), "no instance named web-* in any region");
        selection.filter.tags = vec![("env".to_owned(), Some("prod".to_owned())), ("backup".to_owned(), None)];
        selection.filter.statuses = vec![InstanceStatus::Stopped, InstanceStatus::Starting];
        let expected = "no instance in any region; wanted tag env=prod and backup; wanted status Stopped or Starting";
        assert_eq!(selection.nothing_selected(None, "any region"), expected);
    }
}
