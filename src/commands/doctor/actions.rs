//! The RAM actions: which the key has.

use super::questions::{Answers, Judged};
use super::report::Report;
use crate::account::Account;
use crate::command_error::CommandError;
use crate::instances::InstanceSelector;

/// The hint for a denied action: [`NO_SUCH_INSTANCE`](super::questions::NO_SUCH_INSTANCE) cannot test such a policy.
const SINGLE: &str = "a policy that allows single instances only is judged by one of them: ecs-vnc doctor INSTANCE";

/// Tells of each. Without the first nothing opens; the others are missed by some.
pub(crate) fn check(answers: &Answers, session: &Account, query: Option<&InstanceSelector>, report: &mut Report) {
    let is_silent = answers.silence().is_some();
    let is_refused = answers.refusal().is_some();
    let must_look = query.is_some() && !(matches!(query, Some(InstanceSelector::Id(_))) && session.region.is_some());
    for (action, judged) in answers.actions() {
        let check = format!("ecs:{action}");
        let (use_, is_needed) = match action {
            "DescribeInstanceVncUrl" => ("opens consoles", true),
            "DescribeInstances" if must_look => ("finds the instance", true),
            "DescribeInstances" => ("finds instances by name, and tells the page their system", false),
            "DescribeRegions" => ("finds regions newer than this version", false),
            _ => ("sets VNC passwords", false),
        };
        match judged {
            Judged::Allowed(_) => report.ok(&check, format!("allowed: {use_}")),
            _ if is_silent => report.skip(&check, "the service gives no answer"),
            _ if is_refused => report.skip(&check, "the service refuses the AccessKey"),
            Judged::Missing(failure) if is_needed => {
                let is_single = action == "DescribeInstanceVncUrl" && query.is_none();
                report.fail(&check, &with_more(failure, is_single.then_some(SINGLE)));
            }
            Judged::Missing(failure) => {
                report.warn(&check, format!("missing: {use_} ({:#})", failure.error), failure.hint.clone());
            }
            Judged::Refused(failure) | Judged::Silent(failure) if is_needed => report.fail(&check, failure),
            Judged::Refused(failure) | Judged::Silent(failure) => {
                report.warn(&check, format!("not known: {:#}", failure.error), failure.hint.clone());
            }
        }
    }
}

/// The same failure, its hint made longer.
fn with_more(failure: &CommandError, more: Option<&str>) -> CommandError {
    let hint: Vec<&str> = failure.hint.as_deref().into_iter().chain(more).collect();
    CommandError::message(failure.kind, format!("{:#}", failure.error)).hint(hint.join("; "))
}
