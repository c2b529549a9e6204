//! The RAM actions: which the key has.

use super::questions::{Answers, Judged};
use super::report::Report;
use crate::account::Account;
use crate::command_error::CommandError;
use crate::instances::InstanceSelector;

/// The hint for a denied action: [`NO_SUCH_INSTANCE`](super::questions::NO_SUCH_INSTANCE) cannot test such a policy.
const SINGLE: &str = "if the policy is limited to certain instances, check one of them: ecs-vnc doctor INSTANCE";

/// Tells of each. Without the first nothing opens; the others are missed by some.
pub(crate) fn check(answers: &Answers, session: &Account, query: Option<&InstanceSelector>, report: &mut Report) {
    let is_silent = answers.silence().is_some();
    let is_refused = answers.refusal().is_some();
    let must_look = query.is_some() && !(matches!(query, Some(InstanceSelector::Id(_))) && session.region.is_some());
    for (action, judged) in answers.actions() {
        let check = format!("ecs:{action}");
        let (purpose, effect) = match action {
            "DescribeInstanceVncUrl" => ("open consoles", None),
            "DescribeInstances" if must_look => ("look up the instance", None),
            "DescribeInstances" => {
                ("look up by name, detect Windows", Some("no lookup by name and no Windows detection"))
            }
            "DescribeRegions" => (
                "discover regions that this version does not know yet",
                Some("regions that this version does not know yet are not searched"),
            ),
            _ => ("set VNC passwords", Some("`ecs-vnc password set` fails")),
        };
        match judged {
            Judged::Allowed(_) => report.ok(&check, format!("allowed: {purpose}")),
            _ if is_silent => report.skip(&check, "the service does not answer"),
            _ if is_refused => report.skip(&check, "the service refuses the AccessKey"),
            Judged::Missing(failure) => match effect {
                Some(effect) => {
                    let detail = format!("missing; without it, {effect} ({:#})", failure.error);
                    report.warn(&check, detail, failure.hint.clone());
                }
                None => {
                    let is_single = action == "DescribeInstanceVncUrl" && query.is_none();
                    report.fail(&check, &with_more(failure, is_single.then_some(SINGLE)));
                }
            },
            Judged::Refused(failure) | Judged::Silent(failure) if effect.is_none() => report.fail(&check, failure),
            Judged::Refused(failure) | Judged::Silent(failure) => {
                report.warn(&check, format!("could not be checked: {:#}", failure.error), failure.hint.clone());
            }
        }
    }
}

/// The same failure, its hint made longer.
fn with_more(failure: &CommandError, more: Option<&str>) -> CommandError {
    let hint: Vec<&str> = failure.hint.as_deref().into_iter().chain(more).collect();
    CommandError::message(failure.kind, format!("{:#}", failure.error)).hint(hint.join("; "))
}
