//! Arguments that select instances by their tags and states: pure.

use clap::{Args, ValueEnum};

use crate::api::operations::Filter;
use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;

/// The most tags that a request takes. Source: the vendor's page on DescribeInstances.
const MAX_TAGS: usize = 20;

/// A tag's key and, unless any value matches, its value.
pub(crate) type Tag = (String, Option<String>);

/// `--tag` and `--status`.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
pub(crate) struct FilterArgs {
    /// Select only instances with this tag.
    ///
    /// With a value, the tag must have it. Up to 20 tags can be given; an instance must have them all.
    #[arg(long = "tag", id = "tags", value_name = "KEY[=VALUE]", value_parser = tag, help_heading = "Selection")]
    pub(crate) tags: Vec<Tag>,
    /// Select only instances in this state.
    ///
    /// Several states are separated by commas.
    #[arg(
        long = "status",
        id = "statuses",
        value_parser = trimmed_enum::<InstanceStatus>(),
        ignore_case = true,
        value_name = "STATE",
        value_delimiter = ',',
        help_heading = "Selection"
    )]
    pub(crate) statuses: Vec<InstanceStatus>,
}

/// The states that the API knows, as it writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "verbatim")]
pub(crate) enum InstanceStatus {
    Pending,
    Running,
    Starting,
    Stopping,
    Stopped,
}

impl InstanceStatus {
    /// The status as the API writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Starting => "Starting",
            Self::Stopping => "Stopping",
            Self::Stopped => "Stopped",
        }
    }
}

impl FilterArgs {
    /// Whether it selects all instances.
    pub(crate) fn is_empty(&self) -> bool {
        self.tags.is_empty() && self.statuses.is_empty()
    }

    /// Checks the number of tags.
    pub(crate) fn check(&self) -> Result<(), CommandError> {
        match self.tags.len() {
            count if count > MAX_TAGS => {
                let fault = format!("at most {MAX_TAGS} tags can be given, not {count}");
                Err(CommandError::message(ErrorKind::Usage, fault))
            }
            _ => Ok(()),
        }
    }

    /// What the API is asked for. It takes one status, so several are not asked for; see [`is_in`].
    pub(crate) fn api_filter(&self) -> Filter {
        let status = match &self.statuses[..] {
            [status] => Some(status.name().to_owned()),
            _ => None,
        };
        Filter { status, tags: self.tags.clone(), ..Filter::default() }
    }
}

/// Whether a status of the API is one of `statuses`; every status is, if there are none.
pub(crate) fn is_in(status: &str, statuses: &[InstanceStatus]) -> bool {
    statuses.is_empty() || statuses.iter().any(|one| one.name() == status)
}

/// Names states, such as `Running or Starting`.
pub(crate) fn name_statuses(statuses: &[InstanceStatus]) -> String {
    statuses.iter().map(|status| status.name()).collect::<Vec<_>>().join(" or ")
}

fn tag(text: &str) -> Result<Tag, String> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (text, None),
    };
    if key.is_empty() { Err("a tag is KEY or KEY=VALUE".to_owned()) } else { Ok((key.to_owned(), value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_a_key_and_may_have_a_value() {
        assert_eq!(tag("k"), Ok(("k".into(), None)));
        assert_eq!(tag("k="), Ok(("k".into(), Some(String::new()))));
        assert_eq!(tag("环境=a=b"), Ok(("环境".into(), Some("a=b".into()))));
        assert!(tag("").is_err() && tag("=v").is_err());
    }

    #[test]
    fn the_api_is_asked_for_one_status_only() {
        let filter = |statuses: &[InstanceStatus]| FilterArgs { tags: Vec::new(), statuses: statuses.to_vec() };
        let two = [InstanceStatus::Stopped, InstanceStatus::Stopping];
        assert_eq!(filter(&two[..1]).api_filter().status.as_deref(), Some("Stopped"));
        assert_eq!(filter(&two).api_filter(), Filter::default());
        assert!(is_in("Stopping", &two) && !is_in("Running", &two) && is_in("Anything", &[]));
        assert_eq!(name_statuses(&two), "Stopped or Stopping");
    }
}
