//! DescribeInstances, page by page.

use std::collections::HashMap;
use std::net::IpAddr;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};

use super::ECS;
use crate::api::client::{Client, Reply};
use crate::api::error::ApiError;
use crate::api::signature::Operation;
use crate::system::clock::Deadline;

/// The most instances DescribeInstances takes or gives at once.
const MAX_RESULTS: usize = 100;

/// Which instances are asked for: those that fit all that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// InstanceIds, at most [`MAX_RESULTS`].
    pub(crate) ids: Vec<String>,
    /// InstanceName; `*` stands for anything.
    pub(crate) name: Option<String>,
    /// Status.
    pub(crate) status: Option<String>,
    /// Tags: a key and, where it matters, its value.
    pub(crate) tags: Vec<(String, Option<String>)>,
    /// An address, and which kind of it.
    pub(crate) address: Option<(AddressKind, IpAddr)>,
}

/// What an address is to an instance, as the parameter that looks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressKind {
    /// Inside its VPC.
    Private,
    /// Its own on the internet.
    Public,
    /// An elastic one bound to it.
    Elastic,
}

/// An instance, as far as this tool reads it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Instance {
    /// `i-…`
    #[serde(deserialize_with = "or_default")]
    pub(crate) instance_id: String,
    /// Its name, which need not be unique.
    #[serde(deserialize_with = "or_default")]
    pub(crate) instance_name: String,
    /// `windows` or `linux`.
    #[serde(rename = "OSType", deserialize_with = "or_default")]
    pub(crate) os_type: String,
    /// `Pending`, `Running`, `Starting`, `Stopping` or `Stopped`.
    #[serde(deserialize_with = "or_default")]
    pub(crate) status: String,
    /// Its region.
    #[serde(deserialize_with = "or_default")]
    pub(crate) region_id: String,
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

/// What is null is as what is absent: one odd instance is no reason to lose a page.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A page of DescribeInstances.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// The instances.
    pub(crate) instances: Vec<T>,
    /// NextToken, where there are more.
    pub(crate) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<T> {
    instances: List<T>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List<T> {
    instance: Vec<T>,
}

impl AddressKind {
    /// All of them.
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
    /// These ids.
    pub(crate) fn ids(ids: &[String]) -> Self {
        Self { ids: ids.to_vec(), ..Self::default() }
    }

    fn operation(&self, region: &str, token: Option<&str>) -> Operation {
        let json = |values: &[String]| serde_json::to_string(values).expect("strings are JSON");
        // Unset, MaxResults is 10.
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
    /// A page of DescribeInstances; `token` is the NextToken of the one before.
    pub(crate) async fn describe_instances<T: DeserializeOwned>(
        &self,
        region: &str,
        filter: &Filter,
        token: Option<&str>,
        limit: Deadline,
    ) -> Result<Page<T>, ApiError> {
        let reply: Reply<Answer<T>> = self.call(&filter.operation(region, token), limit).await?;
        let next = reply.value.next_token.filter(|token| !token.is_empty());
        Ok(Page { instances: reply.value.instances.instance, next })
    }

    /// DescribeInstances for these ids, by id. An unknown id is not in the answer.
    pub(crate) async fn instances_by_id(
        &self,
        region: &str,
        ids: &[String],
        limit: Deadline,
    ) -> Result<HashMap<String, Instance>, ApiError> {
        let mut found = HashMap::new();
        for ids in ids.chunks(MAX_RESULTS) {
            let page = self.describe_instances(region, &Filter::ids(ids), None, limit).await?;
            found.extend(page.instances.into_iter().map(|instance: Instance| (instance.instance_id.clone(), instance)));
        }
        Ok(found)
    }

    /// DescribeInstances with DryRun: whether it may be asked. It lists nothing.
    pub(crate) async fn dry_describe_instances(&self, region: &str, limit: Deadline) -> Result<(), ApiError> {
        let operation = Filter::default().operation(region, None).with("DryRun", "true");
        let reply: Result<Reply<IgnoredAny>, _> = self.call(&operation, limit).await;
        match reply {
            // Source: the vendor's page on DescribeInstances: the code of a dry run that has passed.
            Err(ApiError::Service(error)) if error.code == "DryRunOperation" => Ok(()),
            reply => reply.map(drop),
        }
    }
}

impl Instance {
    /// What the console page calls `isWindows`.
    pub(crate) fn is_windows(&self) -> bool {
        self.os_type.eq_ignore_ascii_case("windows")
    }

    /// Its addresses on the internet.
    pub(crate) fn public_addresses(&self) -> impl Iterator<Item = &str> {
        let elastic = [&self.eip_address.ip_address].into_iter().filter(|address| !address.is_empty());
        self.public_ip_address.ip_address.iter().chain(elastic).map(String::as_str)
    }

    /// Its addresses inside the cloud.
    pub(crate) fn private_addresses(&self) -> impl Iterator<Item = &str> {
        let vpc = &self.vpc_attributes.private_ip_address.ip_address;
        vpc.iter().chain(&self.inner_ip_address.ip_address).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_or_absent_is_empty() {
        let instance: Instance = serde_json::from_str(
            r#"{"InstanceId":"i-1","InstanceName":null,"VpcAttributes":null,"EipAddress":{"IpAddress":null},
                "PublicIpAddress":{"IpAddress":["203.0.113.1"]}}"#,
        )
        .unwrap();
        assert_eq!((instance.instance_id.as_str(), instance.instance_name.as_str()), ("i-1", ""));
        assert_eq!(instance.private_addresses().count(), 0);
        assert_eq!(instance.public_addresses().collect::<Vec<_>>(), ["203.0.113.1"]);
    }
}
