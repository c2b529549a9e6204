//! Checks the instance that the user named: where it is, and whether its console can be opened now.

use super::probes::{Permission, ProbeResults, status};
use super::report::Report;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{InstanceSelector, ResolvedInstance};
use crate::text::sanitize::sanitize;

const CHECK: &str = "instance";

/// The maximum length of a name or a status from the API, in characters.
const MAX_FIELD_LEN: usize = 128;

/// Adds the check `instance`. `selector` is how the user named the instance.
pub(crate) fn check(results: &ProbeResults, selector: &InstanceSelector, report: &mut Report) {
    let Some(lookup) = &results.instance else { return };
    if results.service_failure().is_some() {
        return report.skip(CHECK, "the service does not answer");
    }
    if results.access_key_failure().is_some() {
        return report.skip(CHECK, "the service refuses the AccessKey");
    }
    match (lookup, &results.vnc_url) {
        (Ok(instance), _) if status(instance) != "Running" => report.fail(CHECK, &not_running(instance)),
        (Err(failure), _) if !results.is_instance_probed => report.fail(CHECK, failure),
        // The VncUrl was requested for this instance and failed, so `open` would fail too.
        (_, Permission::Allowed(Some(failure)) | Permission::Unknown(failure)) => report.fail(CHECK, failure),
        (Ok(instance), _) => report.ok(CHECK, describe(instance)),
        (Err(failure), Permission::Allowed(None)) if failure.is_forbidden() => {
            let detail = "has a console; its name, state and OS are unknown without ecs:DescribeInstances";
            report.ok(CHECK, format!("{selector} {detail}"));
        }
        (Err(_), _) => report.skip(CHECK, &format!("the AccessKey may neither look up nor open {selector}")),
    }
}

fn describe(instance: &ResolvedInstance) -> String {
    let ResolvedInstance { id, region, info } = instance;
    let info = info.as_ref();
    let text = |text: Option<&String>| sanitize(text.map_or("", |text| text), MAX_FIELD_LEN);
    let (name, status) = (text(info.map(|info| &info.instance_name)), text(info.map(|info| &info.status)));
    format!("{id} ({name}) in {region}: {status}, {}", text(info.map(|info| &info.os_type)))
}

fn not_running(instance: &ResolvedInstance) -> CommandError {
    let hint = match status(instance) {
        "Stopped" | "Stopping" => format!(
            "start it first: ecs-vnc start {} --region {}; `ecs-vnc open --start` starts it and opens its console",
            instance.id, instance.region
        ),
        _ => "its console is only available while it runs; `ecs-vnc open --wait` waits until it is running".to_owned(),
    };
    CommandError::message(ErrorKind::WrongState, describe(instance)).hint(hint)
}
