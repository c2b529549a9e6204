//! What an error of StartInstance, StopInstance or RebootInstance means to the user. Pure.

const START: &str = "StartInstance";
const STOP: &str = "StopInstance";
const REBOOT: &str = "RebootInstance";

/// What to do if the action may have been carried out; `None` for other operations.
pub(super) fn unknown_outcome(action: &str, instance: &str) -> Option<String> {
    let unknown = match action {
        START => format!("it is not known whether {instance} is being started"),
        STOP => format!("it is not known whether {instance} is being stopped"),
        REBOOT => format!("it is not known whether {instance} is being rebooted"),
        _ => return None,
    };
    Some(format!("{unknown}; look at its status with `ecs-vnc list` before you run the command again"))
}

/// Why the status does not allow the action; `None` for other operations. `status` is the instance's, if it is known.
pub(super) fn wrong_status_hint(action: &str, instance: &str, status: Option<&str>) -> Option<String> {
    let hint = match (action, status) {
        (START, Some("Running")) => {
            format!("{instance} is Running already; to start it anew: ecs-vnc reboot {instance}")
        }
        (START, Some("Starting")) => format!("{instance} is Starting already"),
        (START, Some("Stopping")) => {
            format!("{instance} is still Stopping; run the command again when it is Stopped")
        }
        (START, _) => format!("{instance} can only be started when it is Stopped; `ecs-vnc list` shows its status"),
        (STOP, Some("Stopped")) => format!("{instance} is Stopped already"),
        (STOP, Some("Stopping")) => {
            format!("{instance} is Stopping already; its screen may say what it waits for: ecs-vnc view {instance}")
        }
        (REBOOT, Some("Stopped")) => format!("{instance} is Stopped; start it: ecs-vnc start {instance}"),
        (STOP | REBOOT, Some(status @ ("Starting" | "Pending"))) => {
            format!("{instance} is {status}; run the command again when it is Running")
        }
        (STOP, _) => format!("{instance} can only be stopped when it is Running; `ecs-vnc list` shows its status"),
        (REBOOT, _) => format!("{instance} can only be rebooted when it is Running; `ecs-vnc list` shows its status"),
        _ => return None,
    };
    Some(hint)
}

/// Why the service refuses to change the power of an instance; `None` for other codes.
///
/// Source: the vendor's pages on StartInstance, StopInstance and RebootInstance.
pub(super) fn refusal_hint(code: &str, instance: &str) -> Option<String> {
    let hint = match code {
        "InstanceLockedForSecurity" => {
            format!("{instance} is locked for security reasons; the ECS console says why, under Events")
        }
        "InstanceExpired" | "InstanceExpiredOrInArrears" | "InsufficientBalance" => {
            format!("renew {instance}, or pay the bills of the account")
        }
        "DiskError" => {
            format!("a disk of {instance} is in a state that does not allow this; look at it in the ECS console")
        }
        "LackResource" | "OperationDenied.NoStock" | "InvalidDedicatedHost.NotEnoughResource" => format!(
            "the service has no resources for {instance} now, which can happen after economical mode; try again later, or \
             change its instance type"
        ),
        _ => return None,
    };
    Some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_fits_no_action_has_its_own_words() {
        for (action, status, words) in [
            (START, Some("Running"), "is Running already"),
            (START, Some("Stopping"), "still Stopping"),
            (START, None, "when it is Stopped"),
            (STOP, Some("Stopped"), "is Stopped already"),
            (STOP, Some("Pending"), "is Pending"),
            (REBOOT, Some("Stopped"), "ecs-vnc start i-1"),
            (REBOOT, Some("Starting"), "is Starting"),
            (REBOOT, None, "when it is Running"),
        ] {
            let hint = wrong_status_hint(action, "i-1", status).unwrap();
            assert!(hint.contains(words), "{action} {status:?}: {hint}");
        }
        assert_eq!(wrong_status_hint("DescribeInstanceVncUrl", "i-1", Some("Stopped")), None);
    }
}
