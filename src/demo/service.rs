//! The operations of ECS: from parameters to an answer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::boot_log;
use super::displays::Displays;
use super::fault::Fault;
use super::filter::{Filter, invalid};
use super::fleet::{self, Instance};
use super::pages::{Page, Pages};
use super::regions::{self, NOT_OPENED};
use super::request_auth::AuthenticatedRequest;
use super::screenshots::{self, Screenshots};
use super::vnc_tokens::VncTokens;
use crate::secret::Secret;
use crate::system::clock::Timestamp;
use crate::vnc::password::VncPassword;

/// The instance that starts, and how long it does from when it is first heard of.
const STARTING: (&str, Duration) = ("i-demo-starting", Duration::from_secs(3));

/// The instance that refuses at first, how often, and what it asks to wait.
const FLAKY: (&str, u32, Duration) = ("i-demo-flaky", 2, Duration::from_millis(100));

/// What the operations remember.
#[derive(Debug, Default)]
pub(crate) struct Service {
    /// The VncUrls that are out.
    pub(crate) tickets: VncTokens,
    pages: Pages,
    screenshots: Screenshots,
    /// When it was first asked about a console's output.
    since: Option<DateTime<Utc>>,
    starting_since: Option<Instant>,
    refusals: u32,
}

impl Service {
    /// Runs an operation. `authority` is where VncUrls lead, and `displays` hold what instances show.
    pub(crate) fn run(
        &mut self,
        passed: &AuthenticatedRequest,
        authority: &str,
        displays: &Displays,
        now: Timestamp,
    ) -> Result<Value, Fault> {
        match passed.action.as_str() {
            "DescribeInstanceVncUrl" => self.describe_instance_vnc_url(passed, authority, now.instant),
            "DescribeInstances" => self.describe_instances(passed, now.instant),
            "GetInstanceConsoleOutput" => self.get_instance_console_output(passed, now),
            "GetInstanceScreenshot" => self.get_instance_screenshot(passed, displays, now),
            "ModifyInstanceVncPasswd" => modify_instance_vnc_passwd(passed),
            "DescribeRegions" => Ok(regions::describe(passed)),
            _ => Err(no_such_action()),
        }
    }

    fn describe_instance_vnc_url(
        &mut self,
        passed: &AuthenticatedRequest,
        authority: &str,
        now: Instant,
    ) -> Result<Value, Fault> {
        let instance = named(passed)?;
        match self.status(&instance, now) {
            "Running" => {}
            "Pending" | "Starting" => return Err(Fault::of("InstanceNotReady")),
            _ => return Err(Fault::of("IncorrectInstanceStatus")),
        }
        if instance.id == FLAKY.0 && self.refusals < FLAKY.1 {
            self.refusals += 1;
            return Err(Fault::of("Throttling.User").retry_after(FLAKY.2));
        }
        Ok(json!({ "VncUrl": self.tickets.issue(&instance.id, authority, now) }))
    }

    /// Source of its errors: the vendor's page on GetInstanceScreenshot. WakeUp changes nothing: these screens do not
    /// sleep.
    fn get_instance_screenshot(
        &mut self,
        passed: &AuthenticatedRequest,
        displays: &Displays,
        now: Timestamp,
    ) -> Result<Value, Fault> {
        let instance = named(passed)?;
        flag(passed, "WakeUp")?;
        if self.status(&instance, now.instant) != "Running" {
            return Err(Fault::of("IncorrectInstanceStatus").status(405));
        }
        self.screenshots.admit(&instance, now.instant)?;
        let screenshot =
            screenshots::encode(&displays.of(&instance, now.instant).frame(now.instant), instance.is_windows())?;
        Ok(json!({ "InstanceId": instance.id, "Screenshot": screenshot }))
    }

    /// Source of its errors: the vendor's page on GetInstanceConsoleOutput. Which of them a Windows draws, and one that
    /// has never started, it does not say: that is assumed.
    fn get_instance_console_output(&mut self, passed: &AuthenticatedRequest, now: Timestamp) -> Result<Value, Fault> {
        let instance = named(passed)?;
        let plain = flag(passed, "RemoveSymbols")?;
        let status = self.status(&instance, now.instant);
        match status {
            _ if instance.is_windows() => return Err(Fault::of("NotSupported")),
            "Pending" => return Err(Fault::of("IncorrectInstanceStatus").status(405)),
            _ => {}
        }
        let since = *self.since.get_or_insert(now.utc);
        Ok(boot_log::describe(&instance, status, plain, since))
    }

    fn describe_instances(&mut self, passed: &AuthenticatedRequest, now: Instant) -> Result<Value, Fault> {
        let filter = Filter::of(passed)?;
        if filter.region == NOT_OPENED {
            let why = format!(" The region {NOT_OPENED} is not opened for this account.");
            return Err(Fault::of("Forbidden").saying(&why));
        }
        let question = format!("{filter:?}");
        let page = self.pages.asked(passed, &question)?;
        if passed.get("DryRun").is_some_and(|dry| dry.eq_ignore_ascii_case("true")) {
            let message = "Request validation has been passed with DryRun flag set.";
            return Err(Fault::new(400, "DryRunOperation", message));
        }
        let all = fleet::of_region(filter.region, 0).map(|instance| (self.status(&instance, now), instance));
        let mut found: Vec<(&str, Instance)> = all.filter(|(status, one)| filter.admits(one, status)).collect();
        let total = found.len();
        let (number, size) = match page {
            Page::Numbered { number, size } => {
                found.drain(..size.saturating_mul(number - 1).min(total));
                (number, size)
            }
            Page::From { index, size } => {
                found.retain(|(_, instance)| instance.index >= index);
                (1, size)
            }
        };
        let next = found.get(size).map(|(_, instance)| instance.index);
        let token = next.filter(|_| matches!(page, Page::From { .. })).map(|next| self.pages.token(&question, next));
        let shown: Vec<Value> = found.iter().take(size).map(|(status, one)| one.describe(status)).collect();
        Ok(json!({
            "TotalCount": total, "PageNumber": number, "PageSize": size, "NextToken": token.unwrap_or_default(),
            "Instances": { "Instance": shown },
        }))
    }

    fn status(&mut self, instance: &Instance, now: Instant) -> &'static str {
        if instance.id != STARTING.0 {
            return instance.status;
        }
        let since = *self.starting_since.get_or_insert(now);
        if now.saturating_duration_since(since) < STARTING.1 { "Starting" } else { "Running" }
    }
}

fn modify_instance_vnc_passwd(passed: &AuthenticatedRequest) -> Result<Value, Fault> {
    find(regions::of(passed)?.id, passed.need("InstanceId")?)?;
    let password = Secret::new(passed.need("VncPassword")?);
    VncPassword::try_from(&password).map_err(|_| invalid("VncPassword"))?;
    Ok(json!({}))
}

/// The instance that a request names, or the error that its name is.
fn named(passed: &AuthenticatedRequest) -> Result<Instance, Fault> {
    let region = regions::of(passed)?.id;
    let id = passed.need("InstanceId")?;
    match id.strip_prefix("i-demo-error-").and_then(Fault::documented) {
        Some(fault) => Err(fault),
        None => find(region, id),
    }
}

/// A parameter that is true or false, and false where it is not there. Its error is that of the pages on these two.
fn flag(passed: &AuthenticatedRequest, name: &str) -> Result<bool, Fault> {
    match passed.get(name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(invalid(name).status(404)),
    }
}

fn find(region: &str, id: &str) -> Result<Instance, Fault> {
    fleet::find(region, id).ok_or_else(|| Fault::of("InvalidInstanceId.NotFound"))
}

/// An operation that the service of this Version does not have.
pub(crate) fn no_such_action() -> Fault {
    Fault::new(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
