//! Reports which RAM actions the AccessKey is allowed.

use super::probes::{Permission, ProbeResults};
use super::report::Report;
use crate::account::Account;
use crate::command_error::CommandError;
use crate::instances::InstanceSelector;

/// The second hint for an action that is missing for an instance: [`NO_SUCH_INSTANCE`](super::probes::NO_SUCH_INSTANCE) is not among
/// the instances of such a policy.
const LIMITED_POLICY_HINT: &str =
    "if the policy is limited to certain instances, check one of them: ecs-vnc doctor INSTANCE";

/// Reports each action. A missing one fails if `open` needs it, and is a warning otherwise.
pub(crate) fn check(
    results: &ProbeResults,
    account: &Account,
    selector: Option<&InstanceSelector>,
    report: &mut Report,
) {
    let is_service_failing = results.service_failure().is_some();
    let is_access_key_refused = results.access_key_failure().is_some();
    let needs_lookup = match selector {
        Some(InstanceSelector::Id(_)) => account.region.is_none(),
        Some(_) => true,
        None => false,
    };
    for (action, permission) in results.permissions() {
        let check = format!("ecs:{action}");
        // What the action is for, and what does not work without it; `None` if `open` does not.
        let (purpose, effect) = match action {
            "DescribeInstanceVncUrl" => ("open consoles", None),
            "DescribeInstances" if needs_lookup => ("look up the instance", None),
            "DescribeInstances" => {
                ("find instances by name and detect Windows", Some("no lookup by name and no Windows detection"))
            }
            "DescribeRegions" => (
                "discover regions that this version does not know yet",
                Some("regions that this version does not know yet are not searched"),
            ),
            "GetInstanceScreenshot" => {
                ("take screenshots without a VNC session", Some("`ecs-vnc screenshot` works only with --via vnc"))
            }
            "GetInstanceConsoleOutput" => ("print the console output", Some("`ecs-vnc bootlog` fails")),
            "StartInstance" => ("start instances", Some("`ecs-vnc start` and `ecs-vnc open --start` fail")),
            "StopInstance" => ("stop instances", Some("`ecs-vnc stop` fails")),
            "RebootInstance" => ("reboot instances", Some("`ecs-vnc reboot` fails")),
            _ => ("set VNC passwords", Some("`ecs-vnc password set` fails")),
        };
        match permission {
            Permission::Allowed(_) => report.ok(&check, format!("allowed: {purpose}")),
            _ if is_service_failing => report.skip(&check, "the service does not answer"),
            _ if is_access_key_refused => report.skip(&check, "the service refuses the AccessKey"),
            Permission::Missing(failure) => match effect {
                Some(effect) => {
                    let detail = format!("missing; without it, {effect} ({:#})", failure.error);
                    let is_of_instance = !action.starts_with("Describe") && action != "ModifyInstanceVncPasswd";
                    let may_be_limited = is_of_instance && !results.is_instance_probed;
                    let limited_hint = may_be_limited.then_some(LIMITED_POLICY_HINT);
                    report.warn(&check, detail, with_second_hint(failure, limited_hint).hint);
                }
                None => {
                    let may_be_limited = action == "DescribeInstanceVncUrl" && selector.is_none();
                    report.fail(&check, &with_second_hint(failure, may_be_limited.then_some(LIMITED_POLICY_HINT)));
                }
            },
            Permission::AccessKeyRefused(failure) | Permission::Unknown(failure) if effect.is_none() => {
                report.fail(&check, failure)
            }
            Permission::AccessKeyRefused(failure) | Permission::Unknown(failure) => {
                report.warn(&check, format!("could not be checked: {:#}", failure.error), failure.hint.clone());
            }
        }
    }
}

/// Returns the same error with `hint` after its own hint.
fn with_second_hint(failure: &CommandError, hint: Option<&str>) -> CommandError {
    let hints: Vec<&str> = failure.hint.as_deref().into_iter().chain(hint).collect();
    CommandError::message(failure.kind, format!("{:#}", failure.error)).hint(hints.join("; "))
}
