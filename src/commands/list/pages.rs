//! What is kept of a page of DescribeInstances.

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
        Ok(match self.format {
            ListFormat::Json => {
                let page: Page<Value> = client.describe_instances(region, &self.filter, token, limit).await?;
                let matches = |instance: &&Value| self.matches(instance["InstanceName"].as_str().unwrap_or_default());
                (page.instances.iter().filter(matches).map(|instance| vec![json(instance)]).collect(), page.next)
            }
            ListFormat::Table | ListFormat::Ids => {
                let page: Page<Instance> = client.describe_instances(region, &self.filter, token, limit).await?;
                let matches = |instance: &&Instance| self.matches(&instance.instance_name);
                (page.instances.iter().filter(matches).map(|instance| self.row(instance, region)).collect(), page.next)
            }
        })
    }
}
