//! Which instances are listed, and as what: pure.

use crate::api::operations::{Filter, Instance};
use crate::instances::InstanceSelector;
use crate::instances::filter_args::{FilterArgs, is_in};

/// The columns of the table.
pub(crate) const TITLES: [&str; 7] = ["ID", "NAME", "STATUS", "OS", "REGION", "PRIVATE", "PUBLIC"];

/// A row as wide as most rows are. With all regions, the first rows are printed before the widths of the later ones are
/// known, so the columns start with these widths.
pub(crate) const TYPICAL_ROW: [&str; 7] =
    ["", "a-name-of-some-length", "Stopping", "windows", "ap-southeast-1", "192.168.100.100", ""];

/// The title of the column of `--check`, and a state as long as most.
pub(crate) const STATE_TITLE: &str = "SCREEN";
pub(crate) const TYPICAL_STATE: &str = "no-boot-device";

/// The cells of an instance, or its JSON as the only one.
pub(crate) type Row = Vec<String>;

/// An instance of a page.
pub(crate) struct ListedInstance {
    pub(crate) row: Row,
    /// Only with `--check`.
    pub(crate) instance: Option<Instance>,
}

/// What is printed for an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListFormat {
    /// The cells under [`TITLES`].
    Table,
    /// The ids only, one a line.
    Ids,
    /// The JSON object as the API returned it.
    Json,
}

/// Which instances are listed, and as what.
#[derive(Debug)]
pub(crate) struct TableQuery {
    pub(crate) format: ListFormat,
    selector: Option<InstanceSelector>,
    filter: FilterArgs,
    /// Whether instances are needed after their rows are made.
    pub(crate) keeps_instances: bool,
}

impl TableQuery {
    pub(crate) fn new(
        format: ListFormat,
        selector: Option<InstanceSelector>,
        filter: FilterArgs,
        keeps_instances: bool,
    ) -> Self {
        Self { format, selector, filter, keeps_instances }
    }

    /// Whether the query leaves out any instances.
    pub(crate) fn is_filtered(&self) -> bool {
        self.selector.is_some() || !self.filter.is_empty()
    }

    /// What the API is asked for. It may return more than matches: it does not know `?`, takes one status, and has three
    /// filters for addresses, of which it takes one.
    pub(crate) fn api_filter(&self) -> Filter {
        let filter = self.filter.api_filter();
        match &self.selector {
            Some(InstanceSelector::Name(name)) => Filter { name: Some(InstanceSelector::name_pattern(name)), ..filter },
            Some(InstanceSelector::Id(id)) => Filter { ids: vec![id.clone()], ..filter },
            Some(InstanceSelector::Address(_) | InstanceSelector::Any) | None => filter,
        }
    }

    pub(crate) fn matches(&self, instance: &Instance) -> bool {
        self.selector.as_ref().is_none_or(|selector| selector.matches(instance))
            && is_in(&instance.status, &self.filter.statuses)
    }

    /// Returns the cells of an instance under [`TITLES`], for formats other than JSON.
    pub(crate) fn row(&self, instance: &Instance, region: &str) -> Row {
        let Instance { instance_id, instance_name, status, os_type, .. } = instance;
        let (private, public) = (instance.private_addresses().next(), instance.public_addresses().next());
        let cells =
            [instance_id, instance_name, status, os_type, region].into_iter().map(Some).chain([private, public]);
        cells.map(|cell| cell.filter(|cell| !cell.is_empty()).unwrap_or("-").to_owned()).collect()
    }
}
