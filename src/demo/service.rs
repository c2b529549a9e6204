//! The operations of ECS, from parameters to an answer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::account::FLAKY_ID;
use super::boot_log;
use super::displays::Displays;
use super::fault::Fault;
use super::filter::{Filter, invalid_parameter};
use super::fleet::{Fleet, Instance};
use super::pages::{Page, Pages};
use super::power::{PowerChange, PowerStates, STARTING_TIME};
use super::regions::{self, NOT_OPENED};
use super::request_auth::AuthenticatedRequest;
use super::screenshots::{self, Screenshots};
use super::vnc_tokens::VncTokens;
use crate::secret::Secret;
use crate::system::clock::Timestamp;
use crate::vnc::password::VncPassword;

/// The instance that is Starting for [`STARTING_TIME`] after the first request that concerns it, as one that is started.
const STARTING_ID: &str = "i-demo-starting";

/// How often a VncUrl of [`FLAKY_ID`] is refused.
const FLAKY_REFUSALS: u32 = 2;
const FLAKY_RETRY_AFTER: Duration = Duration::from_millis(100);

/// The state of the operations.
#[derive(Debug, Default)]
pub(crate) struct Service {
    fleet: Fleet,
    pub(crate) vnc_tokens: VncTokens,
    pages: Pages,
    screenshots: Screenshots,
    pub(crate) power: PowerStates,
    /// When a console's output was first requested.
    first_output_request: Option<DateTime<Utc>>,
    /// When `i-demo-starting` was first requested.
    starting_since: Option<Instant>,
    /// How often `i-demo-flaky` was throttled.
    refusals: u32,
}

impl Service {
    pub(crate) fn new(fleet: Fleet) -> Self {
        Self { fleet, ..Self::default() }
    }

    /// Runs an operation. `authority` (HOST:PORT) is where VncUrls lead to.
    pub(crate) fn run(
        &mut self,
        request: &AuthenticatedRequest,
        authority: &str,
        displays: &Displays,
        now: Timestamp,
    ) -> Result<Value, Fault> {
        match request.action.as_str() {
            "DescribeInstanceVncUrl" => self.describe_instance_vnc_url(request, authority, now.instant),
            "DescribeInstances" => self.describe_instances(request, now),
            "GetInstanceConsoleOutput" => self.get_instance_console_output(request, now),
            "GetInstanceScreenshot" => self.get_instance_screenshot(request, displays, now),
            "StartInstance" | "StopInstance" | "RebootInstance" => self.change_power(request, displays, now),
            "ModifyInstanceVncPasswd" => modify_instance_vnc_passwd(self.fleet, request),
            "DescribeRegions" => Ok(regions::describe(request)),
            _ => Err(no_such_action()),
        }
    }

    fn describe_instance_vnc_url(
        &mut self,
        request: &AuthenticatedRequest,
        authority: &str,
        now: Instant,
    ) -> Result<Value, Fault> {
        let instance = requested_instance(self.fleet, request)?;
        match self.status(&instance, now) {
            "Running" => {}
            "Pending" | "Starting" => return Err(Fault::of("InstanceNotReady")),
            _ => return Err(Fault::of("IncorrectInstanceStatus")),
        }
        if instance.id == FLAKY_ID && self.refusals < FLAKY_REFUSALS {
            self.refusals += 1;
            return Err(Fault::of("Throttling.User").with_retry_after(FLAKY_RETRY_AFTER));
        }
        Ok(json!({ "VncUrl": self.vnc_tokens.issue(&instance.id, authority, now) }))
    }

    /// Source of the errors: the vendor's page on GetInstanceScreenshot. WakeUp changes nothing, since these displays do
    /// not sleep.
    fn get_instance_screenshot(
        &mut self,
        request: &AuthenticatedRequest,
        displays: &Displays,
        now: Timestamp,
    ) -> Result<Value, Fault> {
        let instance = requested_instance(self.fleet, request)?;
        boolean(request, "WakeUp")?;
        if self.status(&instance, now.instant) != "Running" {
            return Err(Fault::of("IncorrectInstanceStatus").with_status(405));
        }
        self.screenshots.record(&instance, now.instant)?;
        let frame = displays.of(&instance, now.instant).frame(now.instant);
        let screenshot = screenshots::picture(&instance, &frame)?;
        Ok(json!({ "InstanceId": instance.id, "Screenshot": screenshot }))
    }

    /// Source of the errors: the vendor's page on GetInstanceConsoleOutput, which does not say which of them Windows and
    /// an instance that has never started give. Those are assumed.
    fn get_instance_console_output(&mut self, request: &AuthenticatedRequest, now: Timestamp) -> Result<Value, Fault> {
        let instance = requested_instance(self.fleet, request)?;
        let removes_symbols = boolean(request, "RemoveSymbols")?;
        let status = self.status(&instance, now.instant);
        match status {
            _ if instance.is_windows() => return Err(Fault::of("NotSupported")),
            "Pending" => return Err(Fault::of("IncorrectInstanceStatus").with_status(405)),
            _ => {}
        }
        let since = *self.first_output_request.get_or_insert(now.utc);
        let changed_at = self.power.changed_at(&instance.id);
        Ok(boot_log::describe(&instance, status, removes_symbols, boot_log::Times { since, changed_at, now: now.utc }))
    }

    /// Source of the errors: the vendor's pages on the three operations. RegionId is no parameter of theirs: InstanceIds are
    /// unique, and the endpoint is that of the region.
    fn change_power(
        &mut self,
        request: &AuthenticatedRequest,
        displays: &Displays,
        now: Timestamp,
    ) -> Result<Value, Fault> {
        let instance = match request.get("RegionId") {
            Some(_) => requested_instance(self.fleet, request)?,
            None => instance_anywhere(self.fleet, request)?,
        };
        let (is_forced, is_dry_run) = (boolean(request, "ForceStop")?, boolean(request, "DryRun")?);
        let change = PowerChange::of(&request.action, is_forced).ok_or_else(no_such_action)?;
        if self.status(&instance, now.instant) != change.required_status() {
            return Err(Fault::of("IncorrectInstanceStatus"));
        }
        if is_dry_run {
            return Err(dry_run_succeeded());
        }
        self.power.record(&instance.id, change, now);
        displays.change_power(&instance, change, now.instant);
        Ok(json!({}))
    }

    fn describe_instances(&mut self, request: &AuthenticatedRequest, now: Timestamp) -> Result<Value, Fault> {
        let filter = Filter::from_request(request)?;
        if filter.region == NOT_OPENED {
            let why = format!(" The region {NOT_OPENED} is not opened for this account.");
            return Err(Fault::of("Forbidden").with_detail(&why));
        }
        let conditions = format!("{filter:?}");
        let page = self.pages.requested(request, &conditions)?;
        if request.get("DryRun").is_some_and(|dry| dry.eq_ignore_ascii_case("true")) {
            return Err(dry_run_succeeded());
        }
        let all =
            self.fleet.of_region(filter.region, 0).map(|instance| (self.status(&instance, now.instant), instance));
        let mut found: Vec<(&str, Instance)> = all.filter(|(status, one)| filter.matches(one, status)).collect();
        let total = found.len();
        let (number, size) = match page {
            Page::Numbered { number, size } => {
                found.drain(..size.saturating_mul(number - 1).min(total));
                (number, size)
            }
            Page::FromIndex { index, size } => {
                found.retain(|(_, instance)| instance.index >= index);
                (1, size)
            }
        };
        let next = found.get(size).map(|(_, instance)| instance.index);
        let token = next
            .filter(|_| matches!(page, Page::FromIndex { .. }))
            .map(|next| self.pages.issue_token(&conditions, next));
        // Not later than the time of the boot log.
        let since = self.first_output_request.unwrap_or(now.utc);
        let started =
            |one: &Instance| self.power.changed_at(&one.id).unwrap_or_else(|| boot_log::first_start(one, since));
        let shown: Vec<Value> =
            found.iter().take(size).map(|(status, one)| one.describe(status, started(one))).collect();
        Ok(json!({
            "TotalCount": total, "PageNumber": number, "PageSize": size, "NextToken": token.unwrap_or_default(),
            "Instances": { "Instance": shown },
        }))
    }

    fn status(&mut self, instance: &Instance, now: Instant) -> &'static str {
        if let Some(status) = self.power.status(&instance.id, now) {
            return status;
        }
        if instance.id != STARTING_ID {
            return instance.status;
        }
        let since = *self.starting_since.get_or_insert(now);
        if now.saturating_duration_since(since) < STARTING_TIME { "Starting" } else { "Running" }
    }
}

fn modify_instance_vnc_passwd(fleet: Fleet, request: &AuthenticatedRequest) -> Result<Value, Fault> {
    find(fleet, regions::requested(request)?.id, request.require("InstanceId")?)?;
    let password = Secret::new(request.require("VncPassword")?);
    VncPassword::try_from(&password).map_err(|_| invalid_parameter("VncPassword"))?;
    Ok(json!({}))
}

/// The instance of a request's InstanceId, or the error that its id asks for.
fn requested_instance(fleet: Fleet, request: &AuthenticatedRequest) -> Result<Instance, Fault> {
    let region = regions::requested(request)?.id;
    let id = request.require("InstanceId")?;
    match id.strip_prefix("i-demo-error-").and_then(Fault::documented) {
        Some(fault) => Err(fault),
        None => find(fleet, region, id),
    }
}

/// The instance of a request's InstanceId in any region, or the error that its id asks for.
fn instance_anywhere(fleet: Fleet, request: &AuthenticatedRequest) -> Result<Instance, Fault> {
    let id = request.require("InstanceId")?;
    match id.strip_prefix("i-demo-error-").and_then(Fault::documented) {
        Some(fault) => Err(fault),
        None => fleet.by_id(id).ok_or_else(|| Fault::of("InvalidInstanceId.NotFound")),
    }
}

/// The answer to a request with DryRun that would have succeeded.
fn dry_run_succeeded() -> Fault {
    Fault::new(400, "DryRunOperation", "Request validation has been request with DryRun flag set.")
}

/// A parameter that is true or false, false by default. Source of the error: the pages on GetInstanceScreenshot and
/// GetInstanceConsoleOutput.
fn boolean(request: &AuthenticatedRequest, name: &str) -> Result<bool, Fault> {
    match request.get(name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(invalid_parameter(name).with_status(404)),
    }
}

fn find(fleet: Fleet, region: &str, id: &str) -> Result<Instance, Fault> {
    fleet.find(region, id).ok_or_else(|| Fault::of("InvalidInstanceId.NotFound"))
}

/// The error for an action that the service of this Version does not have.
pub(crate) fn no_such_action() -> Fault {
    Fault::new(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
