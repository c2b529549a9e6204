//! The operation DescribeRegions: its request, its answer and its limits.

use serde::{Deserialize, Serialize};

use super::{ECS, or_default};
use crate::api::client::{Client, Response};
use crate::api::endpoint::check_region;
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The regions known to this version, so that they can be queried without waiting for DescribeRegions.
///
/// Source: the vendor's page "Regions and zones".
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

/// The most regions that are used from a response.
const MAX_REGIONS: usize = 200;

/// A region of the account.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Region {
    /// For example `cn-hangzhou`.
    pub(crate) region_id: String,
    /// Name in the requested language.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) local_name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) region_endpoint: String,
    /// `available` or `soldOut`.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) status: String,
}

impl Client {
    /// DescribeRegions: returns all regions of the account, from any endpoint. `language` is `zh-CN` (the service's default)
    /// or `en-US`.
    pub(crate) async fn describe_regions(
        &self,
        language: Option<&str>,
        deadline: Deadline,
    ) -> Result<Vec<Region>, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct ResponseBody {
            /// Must be there, but may be null.
            #[serde(deserialize_with = "or_default")]
            regions: RegionList,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct RegionList {
            #[serde(deserialize_with = "or_default")]
            region: Vec<Region>,
        }
        let operation = Operation::new("DescribeRegions", ECS);
        let operation = match language {
            Some(language) => operation.with("AcceptLanguage", language),
            None => operation,
        };
        let response: Response<ResponseBody> = self.call(&operation, deadline).await?;
        // The id becomes part of the host name of further requests.
        let regions = response.value.regions.region.into_iter();
        Ok(regions.filter(|region| check_region(&region.region_id).is_ok()).take(MAX_REGIONS).collect())
    }
}
