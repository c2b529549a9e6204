//! The operations of the ECS API that this tool uses, with the parts of their answers it reads.
//!
//! Source: the vendor's ECS API reference, version 2014-05-26.

use std::collections::HashMap;

use serde::Deserialize;

use super::client::{Client, Reply};
use super::error::ApiError;
use super::signature::Operation;
use crate::clock::Limit;
use crate::secret::Secret;
use crate::vnc_password::VncPassword;

const VERSION: &str = "2014-05-26";

/// The most instances DescribeInstances takes or gives at once.
pub const PAGE: usize = 100;

/// The answer to DescribeInstanceVncUrl.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VncUrlAnswer {
    /// Percent-encoded once, as a rule. It opens a console, so it is a secret for the 15 seconds it lives.
    pub vnc_url: Secret,
    /// What the vendor's support asks for.
    pub request_id: String,
}

/// An instance, as far as a console needs it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Instance {
    /// `i-…`
    pub instance_id: String,
    /// `windows` or `linux`.
    #[serde(default, rename = "OSType")]
    pub os_type: String,
    /// `Pending`, `Running`, `Starting`, `Stopping` or `Stopped`.
    #[serde(default)]
    pub status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstancesAnswer {
    instances: InstanceList,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceList {
    instance: Vec<Instance>,
}

impl Client {
    /// DescribeInstanceVncUrl: a URL that lives 15 seconds from the moment before it was asked for.
    pub async fn describe_instance_vnc_url(
        &self,
        region: &str,
        instance: &str,
        limit: Limit,
    ) -> Result<Reply<VncUrlAnswer>, ApiError> {
        let parameters = vec![("RegionId", region.to_owned()), ("InstanceId", instance.to_owned())];
        let operation =
            Operation { action: "DescribeInstanceVncUrl", version: VERSION, parameters, ..Operation::default() };
        self.call(&operation, limit).await
    }

    /// ModifyInstanceVncPasswd: sets the VNC password, and gives the RequestId.
    pub async fn modify_instance_vnc_passwd(
        &self,
        region: &str,
        instance: &str,
        password: &VncPassword,
        limit: Limit,
    ) -> Result<String, ApiError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Modified {
            request_id: String,
        }
        let operation = Operation {
            action: "ModifyInstanceVncPasswd",
            version: VERSION,
            parameters: vec![("RegionId", region.to_owned()), ("InstanceId", instance.to_owned())],
            secret_parameter: Some(("VncPassword", Secret::new(password.expose()))),
        };
        let reply: Reply<Modified> = self.call(&operation, limit).await?;
        Ok(reply.value.request_id)
    }

    /// DescribeInstances for these ids, by id. An unknown id is not in the answer.
    pub async fn describe_instances(
        &self,
        region: &str,
        instances: &[String],
        limit: Limit,
    ) -> Result<HashMap<String, Instance>, ApiError> {
        let mut found = HashMap::new();
        for ids in instances.chunks(PAGE) {
            let ids = serde_json::to_string(ids).expect("strings are JSON");
            let parameters = vec![
                ("RegionId", region.to_owned()),
                ("InstanceIds", ids),
                // Unset, this is 10.
                ("MaxResults", PAGE.to_string()),
            ];
            let operation =
                Operation { action: "DescribeInstances", version: VERSION, parameters, ..Operation::default() };
            let reply: Reply<InstancesAnswer> = self.call(&operation, limit).await?;
            let instances = reply.value.instances.instance.into_iter();
            found.extend(instances.map(|instance| (instance.instance_id.clone(), instance)));
        }
        Ok(found)
    }
}

impl Instance {
    /// What the console page calls `isWindows`.
    pub fn is_windows(&self) -> bool {
        self.os_type.eq_ignore_ascii_case("windows")
    }
}
