//! What is kept of a page of DescribeInstances.

use serde::Deserialize as _;
use serde_json::Value;

use super::query::{ListFormat, Row, TableQuery};
use crate::api::operations::{Instance, Page};
use crate::api::{ApiError, Client};
use crate::instances::ListQuery;
use crate::system::clock::Deadline;
use crate::terminal::output::json;

impl ListQuery for TableQuery {
    type Row = Row;

    async fn load(
        &self,
        client: &Client,
        region: &str,
        token: Option<&str>,
        limit: Deadline,
    ) -> Result<(Vec<Row>, Option<String>), ApiError> {
        let filter = self.api_filter();
        match self.format {
            ListFormat::Json => {
                let page: Page<Value> = client.describe_instances(region, &filter, token, limit).await?;
                // What has not the fields of an instance has none that match.
                let matches = |value: &&Value| {
                    !self.is_filtered() || self.matches(&Instance::deserialize(*value).unwrap_or_default())
                };
                Ok((page.instances.iter().filter(matches).map(|instance| vec![json(instance)]).collect(), page.next))
            }
            ListFormat::Table | ListFormat::Ids => {
                let page: Page<Instance> = client.describe_instances(region, &filter, token, limit).await?;
                let matches = |instance: &&Instance| self.matches(instance);
                Ok((
                    page.instances.iter().filter(matches).map(|instance| self.row(instance, region)).collect(),
                    page.next,
                ))
            }
        }
    }
}
