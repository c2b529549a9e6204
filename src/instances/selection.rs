//! Which instances a command works on, as the user said it: pure.

use crate::instances::InstanceSelector;

/// The instances of a command that takes several.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// What was named, in the order in which it was given.
    pub(super) selectors: Vec<InstanceSelector>,
}

impl Selection {
    pub(crate) fn of(selectors: Vec<InstanceSelector>) -> Self {
        Self { selectors }
    }

    /// Whether nothing is selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.selectors.is_empty()
    }

    /// Whether it may select several instances.
    pub(crate) fn is_several(&self) -> bool {
        self.selectors.len() > 1
    }

    /// The number of instances, if it is known before the API was asked.
    pub(crate) fn count(&self) -> Option<usize> {
        Some(self.selectors.len())
    }

    /// What to call the one instance: as the user named it.
    pub(crate) fn one(&self) -> String {
        self.selectors.first().map(ToString::to_string).unwrap_or_default()
    }

    /// What to call the instances, such as `2 instances`, if there may be several.
    pub(crate) fn several(&self) -> Option<String> {
        self.is_several().then(|| format!("{} instances", self.selectors.len()))
    }

    /// The ids among what was named, in their order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.selectors.iter().filter_map(|selector| match selector {
            InstanceSelector::Id(id) => Some(id.as_str()),
            InstanceSelector::Address(_) | InstanceSelector::Name(_) => None,
        })
    }
}
