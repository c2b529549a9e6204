//! The list of the instances that match a pattern and a filter.

use crate::api::operations::{Filter, Instance, Page};
use crate::api::{ApiError, Client};
use crate::instances::{ListQuery, glob};
use crate::system::clock::Deadline;

pub(super) struct MatchingQuery {
    pattern: Option<String>,
    filter: Filter,
}

impl MatchingQuery {
    /// `filter` is what the API is asked for; it does not know `?`.
    pub(super) fn new(pattern: Option<String>, filter: Filter) -> Self {
        Self { pattern, filter }
    }
}

impl ListQuery for MatchingQuery {
    type Row = Instance;

    async fn load(
        &self,
        client: &Client,
        region: &str,
        token: Option<&str>,
        limit: Deadline,
    ) -> Result<(Vec<Instance>, Option<String>), ApiError> {
        let page: Page<Instance> = client.describe_instances(region, &self.filter, token, limit).await?;
        let matches = |instance: &Instance| {
            self.pattern
                .as_ref()
                .is_none_or(|pattern| *pattern == instance.instance_name || glob(pattern, &instance.instance_name))
        };
        let mut instances: Vec<Instance> = page.instances.into_iter().filter(matches).collect();
        for instance in &mut instances {
            region.clone_into(&mut instance.region_id);
        }
        Ok((instances, page.next))
    }
}
