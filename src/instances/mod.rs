//! From what a person calls an instance to its id and its region.
//!
//! ```text
//! id, region known → no request        name, address → the home region → all regions at once
//! ```
//!
//! - [`left_out`]: the instance where none is named; [`alias`]: names of the configuration; [`choose`]: a list to pick from
//! - [`selector`]: what INSTANCE on the command line may be: pure
//! - [`resolve`]: a selector to an id and a region
//! - [`region_search`], [`all_regions`]: the matching instances of one region, and of all
//! - [`region_failures`]: what is said of regions that could not be searched: pure
//! - [`similar_name`]: the name that may have been meant where none matches
//! - [`selection`]: which instances a command works on: pure; [`selection_args`], [`filter_args`]: the arguments for it
//! - [`target`], [`targets`], [`finder`]: a selection to its instances, one after another
//! - [`done_file`]: the instances that an earlier command has done
//! - [`for_each`]: work on several instances: results in order, the first failure decides the exit code;
//!   [`run_progress`]: the progress line and the summary of it: pure
//! - [`listing`], [`region_pages`]: the instances of a region or of all, page by page
//! - [`call`]: an operation on an instance, in the region where it is
//! - [`power`]: starting, stopping and rebooting
//! - [`wait_until_running`]: polling the status

mod alias;
mod all_regions;
pub(crate) mod args;
mod call;
mod choose;
mod done_file;
pub(crate) mod filter_args;
mod find_by_ids;
mod finder;
mod for_each;
mod left_out;
mod listing;
mod matching_query;
pub(crate) mod power;
mod region_failures;
mod region_pages;
mod region_search;
mod resolve;
mod run_progress;
mod selection;
pub(crate) mod selection_args;
mod selector;
mod similar_name;
mod target;
mod targets;
pub(crate) mod wait_until_running;

pub(crate) use alias::{find_alias, find_alias_in};
pub(crate) use all_regions::MAX_CONCURRENT_REGIONS;
pub(crate) use call::{CallError, OperationError, Refusal, call};
pub(crate) use for_each::{Outcome, RunReport, work_on};
pub(crate) use left_out::{Purpose, left_out};
pub(crate) use listing::Listing;
pub(crate) use region_pages::ListQuery;
pub(crate) use resolve::resolve;
pub(crate) use selection::Selection;
pub(crate) use selector::{InstanceSelector, glob};
pub(crate) use targets::find_targets;

use crate::api::operations::Instance;

/// An instance whose id and region are known.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedInstance {
    pub(crate) id: String,
    /// The region it is in; for an id that was not looked up, the region it is believed to be in.
    pub(crate) region: String,
    /// The answer of DescribeInstances, where the instance was looked up.
    pub(crate) info: Option<Instance>,
}

impl ResolvedInstance {
    /// The status at the time of the look-up, such as `Running`; empty where it was not looked up.
    pub(crate) fn status(&self) -> &str {
        self.info.as_ref().map_or("", |info| info.status.as_str())
    }
}
