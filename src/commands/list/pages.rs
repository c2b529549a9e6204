//! What is kept of a page of DescribeInstances.

use serde::Deserialize as _;
use serde_json::Value;

use super::query::{ListFormat, ListedInstance, TableQuery};
use crate::api::operations::{Instance, Page};
use crate::api::{ApiError, Client};
use crate::instances::ListQuery;
use crate::system::clock::Deadline;
use crate::terminal::output::json;

impl ListQuery for TableQuery {
    type Row = ListedInstance;

    async fn load(
        &self,
        client: &Client,
        region: &str,
        token: Option<&str>,
        limit: Deadline,
    ) -> Result<(Vec<ListedInstance>, Option<String>), ApiError> {
        let filter = self.api_filter();
        match self.format {
            ListFormat::Json => {
                let page: Page<Value> = client.describe_instances(region, &filter, token, limit).await?;
                // What has not the fields of an instance has none that match.
                let matches = |value: &&Value| {
                    !self.is_filtered() || self.matches(&Instance::deserialize(*value).unwrap_or_default())
                };
                let listed = |instance: &Value| ListedInstance { row: vec![json(instance)], instance: None };
                Ok((page.instances.iter().filter(matches).map(listed).collect(), page.next))
            }
            ListFormat::Table | ListFormat::Ids => {
                let page: Page<Instance> = client.describe_instances(region, &filter, token, limit).await?;
                let matching = page.instances.into_iter().filter(|instance| self.matches(instance));
                let listed = |mut instance: Instance| {
                    // The region that was asked: the answer may name none.
                    region.clone_into(&mut instance.region_id);
                    let row = self.row(&instance, region);
                    ListedInstance { row, instance: self.keeps_instances.then_some(instance) }
                };
                Ok((matching.map(listed).collect(), page.next))
            }
        }
    }
}
