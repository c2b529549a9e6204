//! The named instance: where it is, and whether it has a console now.

use super::questions::{Answers, Judged, status};
use super::report::Report;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{InstanceSelector, ResolvedInstance};
use crate::text::sanitize::sanitize;

const CHECK: &str = "instance";

/// Tells of it.
pub(crate) fn check(answers: &Answers, query: &InstanceSelector, report: &mut Report) {
    let Some(found) = &answers.found else { return };
    if answers.silence().is_some() {
        return report.skip(CHECK, "the service does not answer");
    }
    if answers.refusal().is_some() {
        return report.skip(CHECK, "the service refuses the AccessKey");
    }
    match (found, &answers.vnc_url) {
        (Ok(target), _) if status(target) != "Running" => report.fail(CHECK, &off(target)),
        (Err(failure), _) if !answers.is_of_instance => report.fail(CHECK, failure),
        // It would not open, whatever else is known of it.
        (_, Judged::Allowed(Some(failure)) | Judged::Silent(failure)) => report.fail(CHECK, failure),
        (Ok(target), _) => report.ok(CHECK, described(target)),
        (Err(failure), Judged::Allowed(None)) if failure.is_forbidden() => {
            report.ok(
                CHECK,
                format!("{query} has a console; its name, state and OS are unknown without ecs:DescribeInstances"),
            );
        }
        (Err(_), _) => report.skip(CHECK, &format!("the AccessKey may neither look up nor open {query}")),
    }
}

fn described(target: &ResolvedInstance) -> String {
    let ResolvedInstance { id: instance, region, info: known } = target;
    let known = known.as_ref();
    let text = |text: Option<&String>| sanitize(text.map_or("", |text| text), 128);
    let (name, status) = (text(known.map(|known| &known.instance_name)), text(known.map(|known| &known.status)));
    format!("{instance} ({name}) in {region}: {status}, {}", text(known.map(|known| &known.os_type)))
}

fn off(target: &ResolvedInstance) -> CommandError {
    let hint = match status(target) {
        "Stopped" | "Stopping" => {
            format!(
                "start it first: aliyun ecs StartInstance --InstanceId {}; `ecs-vnc open --wait` waits until it is running",
                target.id
            )
        }
        _ => "its console is only available while it runs; `ecs-vnc open --wait` waits until it is running".to_owned(),
    };
    CommandError::message(ErrorKind::WrongState, described(target)).hint(hint)
}
