//! The operations: from parameters to an answer.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::account::{DemoInstance, INSTANCES, REGION, REGIONS};
use super::fault::Fault;
use super::gateway::{Passed, missing};
use super::tickets::Tickets;
use crate::secret::Secret;
use crate::vnc_password::VncPassword;

/// How long i-demo-starting starts, from when it is first heard of.
const STARTING: Duration = Duration::from_secs(3);

/// How often i-demo-flaky refuses first, and what it asks to wait.
const FLAKY: (u32, Duration) = (2, Duration::from_millis(100));

/// What the operations remember.
#[derive(Debug, Default)]
pub struct Service {
    /// The VncUrls that are out.
    pub tickets: Tickets,
    starting_since: Option<Instant>,
    refusals: HashMap<&'static str, u32>,
}

impl Service {
    /// Runs an operation. `authority` is where VncUrls lead.
    pub fn run(&mut self, passed: &Passed, authority: &str, now: Instant) -> Result<Value, Fault> {
        match passed.action.as_str() {
            "DescribeInstanceVncUrl" => self.describe_instance_vnc_url(passed, authority, now),
            "DescribeInstances" => self.describe_instances(passed, now),
            "ModifyInstanceVncPasswd" => modify_instance_vnc_passwd(passed),
            "DescribeRegions" => Ok(describe_regions(passed)),
            _ => Err(Fault::new(
                404,
                "InvalidAction.NotFound",
                "Specified api is not found, please check your url and method.",
            )),
        }
    }

    fn describe_instance_vnc_url(&mut self, passed: &Passed, authority: &str, now: Instant) -> Result<Value, Fault> {
        let region = region(passed)?;
        let id = parameter(passed, "InstanceId")?;
        if let Some(code) = id.strip_prefix("i-demo-error-")
            && let Some(fault) = Fault::documented(code)
        {
            return Err(fault);
        }
        let instance = find(id).filter(|_| region == REGION).ok_or_else(|| Fault::of("InvalidInstanceId.NotFound"))?;
        match self.status(instance, now) {
            "Running" => {}
            "Starting" => return Err(Fault::of("InstanceNotReady")),
            _ => return Err(Fault::of("IncorrectInstanceStatus")),
        }
        if instance.id == "i-demo-flaky" {
            let refusals = self.refusals.entry(instance.id).or_default();
            *refusals += 1;
            if *refusals <= FLAKY.0 {
                return Err(Fault::of("Throttling.User").retry_after(FLAKY.1));
            }
        }
        Ok(json!({ "VncUrl": self.tickets.issue(instance.id, authority, now) }))
    }

    fn describe_instances(&mut self, passed: &Passed, now: Instant) -> Result<Value, Fault> {
        let region = region(passed)?;
        let ids: Option<Vec<String>> = match passed.parameters.get("InstanceIds") {
            None => None,
            Some(text) => Some(serde_json::from_str(text).map_err(|_| {
                Fault::new(400, "InvalidParameter", "The specified parameter \"InstanceIds\" is not valid.")
            })?),
        };
        let wanted = |instance: &&DemoInstance| {
            region == REGION && ids.as_ref().is_none_or(|ids| ids.iter().any(|id| id == instance.id))
        };
        let found: Vec<Value> = INSTANCES.iter().filter(wanted).map(|instance| self.describe(instance, now)).collect();
        Ok(json!({
            "TotalCount": found.len(), "PageNumber": 1, "PageSize": 10, "NextToken": "",
            "Instances": { "Instance": found },
        }))
    }

    fn describe(&mut self, instance: &DemoInstance, now: Instant) -> Value {
        json!({
            "InstanceId": instance.id, "InstanceName": instance.name, "Status": self.status(instance, now),
            "OSType": instance.os_type, "OSName": instance.os_name, "OSNameEn": instance.os_name,
            "RegionId": REGION, "ZoneId": format!("{REGION}-i"),
            "PublicIpAddress": { "IpAddress": [] }, "EipAddress": { "IpAddress": "" },
            "InnerIpAddress": { "IpAddress": [] }, "Tags": { "Tag": [] },
            "VpcAttributes": { "PrivateIpAddress": { "IpAddress": [] } },
        })
    }

    fn status(&mut self, instance: &DemoInstance, now: Instant) -> &'static str {
        if instance.status != "Starting" {
            return instance.status;
        }
        let since = *self.starting_since.get_or_insert(now);
        if now.saturating_duration_since(since) < STARTING { "Starting" } else { "Running" }
    }
}

fn modify_instance_vnc_passwd(passed: &Passed) -> Result<Value, Fault> {
    let (region, id) = (region(passed)?, parameter(passed, "InstanceId")?);
    find(id).filter(|_| region == REGION).ok_or_else(|| Fault::of("InvalidInstanceId.NotFound"))?;
    let password = Secret::new(parameter(passed, "VncPassword")?);
    VncPassword::try_from(&password)
        .map_err(|_| Fault::new(400, "InvalidParameter", "The specified parameter \"VncPassword\" is not valid."))?;
    Ok(json!({}))
}

fn describe_regions(passed: &Passed) -> Value {
    let english = passed.parameters.get("AcceptLanguage").is_some_and(|language| language.starts_with("en"));
    let regions = REGIONS.iter().map(|(id, name)| {
        json!({
            "RegionId": id, "LocalName": if english { id } else { name },
            "RegionEndpoint": format!("ecs.{id}.aliyuncs.com"), "Status": "available",
        })
    });
    json!({ "Regions": { "Region": regions.collect::<Vec<_>>() } })
}

fn find(id: &str) -> Option<&'static DemoInstance> {
    INSTANCES.iter().find(|instance| instance.id == id)
}

fn parameter<'a>(passed: &'a Passed, name: &str) -> Result<&'a str, Fault> {
    let value = passed.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty());
    value.ok_or_else(|| missing(name))
}

fn region(passed: &Passed) -> Result<&str, Fault> {
    let region = parameter(passed, "RegionId")?;
    let known = REGIONS.iter().any(|(id, _)| *id == region);
    if known { Ok(region) } else { Err(Fault::of("InvalidRegionId.NotFound")) }
}
