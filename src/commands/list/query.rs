//! Which instances are listed, and as what: pure.

use crate::api::operations::{Filter, Instance};
use crate::instances::{InstanceSelector, glob};
use crate::text::sanitize::sanitize;

/// The columns of the table.
pub(crate) const TITLES: [&str; 7] = ["ID", "NAME", "STATUS", "OS", "REGION", "PRIVATE", "PUBLIC"];

/// A row as wide as most rows are. With all regions, the first rows are printed before the widths of the later ones are
/// known, so the columns start with these widths.
pub(crate) const TYPICAL_ROW: [&str; 7] =
    ["", "a-name-of-some-length", "Stopping", "windows", "ap-southeast-1", "192.168.100.100", ""];

/// The cells of a line; only a table has more than one.
pub(crate) type Row = Vec<String>;

/// What is printed for an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListFormat {
    /// The cells under [`TITLES`].
    Table,
    /// The id only, one a line.
    Ids,
    /// The JSON object as the API returned it.
    Json,
}

/// Which instances are listed, and as what.
#[derive(Debug)]
pub(crate) struct TableQuery {
    pub(crate) format: ListFormat,
    name: Option<String>,
    pub(crate) filter: Filter,
}

impl TableQuery {
    /// Selects the instances that match `filter` and `name`, in which `*` and `?` are wildcards.
    pub(crate) fn new(format: ListFormat, name: Option<String>, filter: Filter) -> Self {
        let filter = Filter { name: name.as_deref().map(InstanceSelector::name_pattern), ..filter };
        Self { format, name, filter }
    }

    /// Whether the query leaves out any instances.
    pub(crate) fn is_filtered(&self) -> bool {
        self.filter != Filter::default()
    }

    /// Whether an instance's name matches. The API does not know `?`, so it may return more than was asked for.
    pub(crate) fn matches(&self, name: &str) -> bool {
        self.name.as_deref().is_none_or(|pattern| pattern == name || glob(pattern, name))
    }

    /// Returns the cells of an instance, for formats other than JSON.
    pub(crate) fn row(&self, instance: &Instance, region: &str) -> Row {
        let Instance { instance_id, instance_name, status, os_type, .. } = instance;
        if self.format == ListFormat::Ids {
            return vec![sanitize(instance_id, usize::MAX)];
        }
        let (private, public) = (instance.private_addresses().next(), instance.public_addresses().next());
        let cells =
            [instance_id, instance_name, status, os_type, region].into_iter().map(Some).chain([private, public]);
        cells.map(|cell| cell.filter(|cell| !cell.is_empty()).unwrap_or("-").to_owned()).collect()
    }
}
