//! The operation DescribeInstances: its request, its answer and its limits.

use std::collections::HashMap;
use std::net::IpAddr;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::power::DRY_RUN_SUCCEEDED;
use super::{ECS, or_default};
use crate::api::client::{Client, Response};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The most instances that DescribeInstances accepts or returns at once.
const MAX_RESULTS: usize = 100;

/// Formats of StartTime: that of the vendor's description and of the answers in its own tools, and one with seconds. Source:
/// the page on DescribeInstances (`2017-12-10T04:04Z`); github.com/aliyun/alibabacloud-ecs-tool-troubleshooter,
/// DescribeInstances.ts (`2024-04-14T22:32Z`). The SDKs take it as a text.
const TIME_FORMATS: [&str; 2] = ["%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"];

/// Selects the instances that match all of the fields that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// InstanceIds, at most [`MAX_RESULTS`].
    pub(crate) ids: Vec<String>,
    /// InstanceName, in which `*` matches any text.
    pub(crate) name: Option<String>,
    pub(crate) status: Option<String>,
    /// Tags: a key, and a value if only this value matches.
    pub(crate) tags: Vec<(String, Option<String>)>,
    pub(crate) address: Option<(AddressKind, IpAddr)>,
}

/// The kinds of IP address of an instance. Each has a parameter of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressKind {
    /// Private address in the VPC.
    Private,
    /// Public address of the instance.
    Public,
    /// Elastic IP address.
    Elastic,
}

/// The attributes of an instance that ecs-vnc uses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Instance {
    /// The InstanceId, such as `i-bp1hzoinajzkh91h`.
    #[serde(deserialize_with = "or_default")]
    pub(crate) instance_id: String,
    /// Need not be unique.
    #[serde(deserialize_with = "or_default")]
    pub(crate) instance_name: String,
    /// `windows` or `linux`.
    #[serde(rename = "OSType", deserialize_with = "or_default")]
    pub(crate) os_type: String,
    /// `Pending`, `Running`, `Starting`, `Stopping` or `Stopped`.
    #[serde(deserialize_with = "or_default")]
    pub(crate) status: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) region_id: String,
    /// StartTime, when it last started, to the minute; `None` if the time is missing or invalid.
    #[serde(deserialize_with = "utc_time")]
    pub(crate) start_time: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "or_default")]
    vpc_attributes: VpcAttributes,
    #[serde(deserialize_with = "or_default")]
    inner_ip_address: Addresses,
    #[serde(deserialize_with = "or_default")]
    public_ip_address: Addresses,
    #[serde(deserialize_with = "or_default")]
    eip_address: EipAddress,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Addresses {
    #[serde(deserialize_with = "or_default")]
    ip_address: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct VpcAttributes {
    #[serde(deserialize_with = "or_default")]
    private_ip_address: Addresses,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct EipAddress {
    #[serde(deserialize_with = "or_default")]
    ip_address: String,
}

/// Parses a time in UTC; an invalid time is `None`. Source: the vendor's page on DescribeInstances.
fn utc_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text: String = or_default(deserializer)?;
    let time = TIME_FORMATS.iter().find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok());
    Ok(time.map(|time| time.and_utc()))
}

/// A page of DescribeInstances.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) instances: Vec<T>,
    /// NextToken, if there are more pages.
    pub(crate) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound = "T: DeserializeOwned")]
struct ResponseBody<T> {
    /// Must be there, but may be null.
    #[serde(deserialize_with = "or_default")]
    instances: List<T>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default, bound = "T: DeserializeOwned")]
struct List<T> {
    #[serde(deserialize_with = "or_default")]
    instance: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { instance: Vec::new() }
    }
}

impl AddressKind {
    pub(crate) const ALL: [Self; 3] = [Self::Private, Self::Public, Self::Elastic];

    fn parameter(self) -> &'static str {
        match self {
            Self::Private => "PrivateIpAddresses",
            Self::Public => "PublicIpAddresses",
            Self::Elastic => "EipAddresses",
        }
    }
}

impl Filter {
    pub(crate) fn ids(ids: &[String]) -> Self {
        Self { ids: ids.to_vec(), ..Self::default() }
    }

    fn operation(&self, region: &str, token: Option<&str>) -> Operation {
        let json = |values: &[String]| serde_json::to_string(values).expect("strings are JSON");
        // The default of MaxResults is 10.
        let mut operation = Operation::new("DescribeInstances", ECS)
            .with("RegionId", region)
            .with("MaxResults", MAX_RESULTS.to_string());
        if !self.ids.is_empty() {
            operation = operation.with("InstanceIds", json(&self.ids));
        }
        if let Some((kind, address)) = self.address {
            operation = operation.with(kind.parameter(), json(&[address.to_string()]));
        }
        for (name, value) in [("InstanceName", &self.name), ("Status", &self.status)] {
            if let Some(value) = value {
                operation = operation.with(name, value);
            }
        }
        for (number, (key, value)) in (1..).zip(&self.tags) {
            operation = operation.with(format!("Tag.{number}.Key"), key);
            if let Some(value) = value {
                operation = operation.with(format!("Tag.{number}.Value"), value);
            }
        }
        match token {
            Some(token) => operation.with("NextToken", token),
            None => operation,
        }
    }
}

impl Client {
    /// DescribeInstances: returns one page. `token` is the NextToken of the previous page.
    pub(crate) async fn describe_instances<T: DeserializeOwned>(
        &self,
        region: &str,
        filter: &Filter,
        token: Option<&str>,
        deadline: Deadline,
    ) -> Result<Page<T>, ApiError> {
        let response: Response<ResponseBody<T>> = self.call(&filter.operation(region, token), deadline).await?;
        let next = response.value.next_token.filter(|token| !token.is_empty());
        Ok(Page { instances: response.value.instances.instance, next })
    }

    /// DescribeInstances for `ids`: returns the instances by id. Unknown ids are missing.
    pub(crate) async fn instances_by_id(
        &self,
        region: &str,
        ids: &[String],
        deadline: Deadline,
    ) -> Result<HashMap<String, Instance>, ApiError> {
        let mut instances = HashMap::new();
        for ids in ids.chunks(MAX_RESULTS) {
            let page = self.describe_instances(region, &Filter::ids(ids), None, deadline).await?;
            instances
                .extend(page.instances.into_iter().map(|instance: Instance| (instance.instance_id.clone(), instance)));
        }
        Ok(instances)
    }

    /// DescribeInstances with DryRun: checks the permission and returns no instances.
    pub(crate) async fn describe_instances_dry_run(&self, region: &str, deadline: Deadline) -> Result<(), ApiError> {
        let operation = Filter::default().operation(region, None).with("DryRun", "true");
        match self.check_permission(&operation, deadline).await {
            Err(ApiError::Service(error)) if error.code == DRY_RUN_SUCCEEDED => Ok(()),
            result => result,
        }
    }
}

impl Instance {
    pub(crate) fn is_windows(&self) -> bool {
        self.os_type.eq_ignore_ascii_case("windows")
    }

    /// Public addresses, including the Elastic IP address.
    pub(crate) fn public_addresses(&self) -> impl Iterator<Item = &str> {
        let elastic = [&self.eip_address.ip_address].into_iter().filter(|address| !address.is_empty());
        self.public_ip_address.ip_address.iter().chain(elastic).map(String::as_str)
    }

    /// Private addresses in the VPC or the classic network.
    pub(crate) fn private_addresses(&self) -> impl Iterator<Item = &str> {
        let vpc = &self.vpc_attributes.private_ip_address.ip_address;
        vpc.iter().chain(&self.inner_ip_address.ip_address).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_absent_fields_are_empty() {
        let instance: Instance = serde_json::from_str(
            r#"{"InstanceId":"i-1","InstanceName":null,"VpcAttributes":null,"EipAddress":{"IpAddress":null},
                "PublicIpAddress":{"IpAddress":["203.0.113.1"]}}"#,
        )
        .unwrap();
        assert_eq!((instance.instance_id.as_str(), instance.instance_name.as_str()), ("i-1", ""));
        assert_eq!(instance.private_addresses().count(), 0);
        assert_eq!(instance.public_addresses().collect::<Vec<_>>(), ["203.0.113.1"]);
    }

    #[test]
    fn a_start_time_is_in_utc_and_an_invalid_one_is_none() {
        let time = |text: &str| {
            let instance: Instance = serde_json::from_str(&format!(r#"{{"StartTime":{text}}}"#)).unwrap();
            instance.start_time.map(|time| time.to_rfc3339())
        };
        // That of the vendor's example of DescribeInstances.
        assert_eq!(time(r#""2017-12-10T04:04Z""#).as_deref(), Some("2017-12-10T04:04:00+00:00"));
        // That of an answer in the vendor's dashboard for tests.
        assert_eq!(time(r#""2024-04-14T22:32Z""#).as_deref(), Some("2024-04-14T22:32:00+00:00"));
        assert_eq!(time(r#""2017-12-10T04:04:09Z""#).as_deref(), Some("2017-12-10T04:04:09+00:00"));
        assert_eq!((time("null"), time(r#""""#), time(r#""soon""#)), (None, None, None));
    }
}
