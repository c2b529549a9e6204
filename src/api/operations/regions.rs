//! DescribeRegions.

use serde::{Deserialize, Serialize};

use super::ECS;
use crate::api::client::{Client, Reply};
use crate::api::endpoint::check_region;
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The regions on the vendor's page "Regions and zones" when this was written: they can be asked in the same moment as
/// DescribeRegions, whose answer counts.
pub(crate) const KNOWN_REGIONS: [&str; 29] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-beijing",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-heyuan",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-nanjing",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shenzhen",
    "cn-wuhan-lr",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "na-south-1",
    "us-east-1",
    "us-west-1",
];

/// The most regions that are believed in.
const MOST: usize = 200;

/// A region.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Region {
    /// For example `cn-hangzhou`.
    pub(crate) region_id: String,
    /// Its name, in the language asked for.
    #[serde(default)]
    pub(crate) local_name: String,
    /// The host of its API.
    #[serde(default)]
    pub(crate) region_endpoint: String,
    /// `available` or `soldOut`.
    #[serde(default)]
    pub(crate) status: String,
}

impl Client {
    /// DescribeRegions: all regions of the account. It answers from any endpoint. `language` is `zh-CN`, which is the
    /// service's default, or `en-US`.
    pub(crate) async fn describe_regions(
        &self,
        language: Option<&str>,
        limit: Deadline,
    ) -> Result<Vec<Region>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            regions: List,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct List {
            region: Vec<Region>,
        }
        let operation = Operation::new("DescribeRegions", ECS);
        let operation = match language {
            Some(language) => operation.with("AcceptLanguage", language),
            None => operation,
        };
        let reply: Reply<Answer> = self.call(&operation, limit).await?;
        // Each is asked in its turn, at a host that is made of its id.
        let regions = reply.value.regions.region.into_iter();
        Ok(regions.filter(|region| check_region(&region.region_id).is_ok()).take(MOST).collect())
    }
}
