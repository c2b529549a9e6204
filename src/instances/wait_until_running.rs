//! `--wait`: polls an instance's status until it is Running, or another one that is waited for.

use std::time::Duration;

use tokio::time::sleep;

use crate::account::Account;
use crate::api::operations::Instance;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::system::backoff::Backoff;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::duration;
use crate::text::sanitize::sanitize;

/// The time limit of `--wait` where `--timeout` is not given.
pub(crate) const DEFAULT_WAIT_TIMEOUT: Duration = Duration::from_secs(600);

/// The pauses between two requests for the status. An instance starts in about 20 s.
const POLL_BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));

/// The time that is left for the last request, or a fifth of the whole time if that is less.
const LAST_REQUEST_TIME: Duration = Duration::from_secs(1);

/// Returns the instance once it is Running. It must have been looked up, so that its status is known.
pub(crate) async fn wait_until_running(
    account: &Account,
    instance: ResolvedInstance,
    deadline: Deadline,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    wait_until_status(account, instance, "Running", deadline, output).await
}

/// Returns the instance once it has the status `target`. Its status must be known.
pub(crate) async fn wait_until_status(
    account: &Account,
    mut instance: ResolvedInstance,
    target: &str,
    deadline: Deadline,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let (mut backoff, mut reported) = (POLL_BACKOFF, String::new());
    loop {
        let status = sanitize(instance.status(), 20);
        if status == target {
            return Ok(instance);
        }
        let left = deadline.at.saturating_duration_since(account.clock().instant());
        if status != reported {
            let limit = duration::format(deadline.total);
            output.note(&format!("{} is {status}; waiting up to {limit} until it is {target}", instance.id));
            reported.clone_from(&status);
        }
        // Some time is left for the last request.
        let pause = backoff.next_delay().min(left.saturating_sub(LAST_REQUEST_TIME.min(deadline.total / 5)));
        if pause.is_zero() {
            let waited = deadline.total.saturating_sub(left).as_secs_f64();
            let message = format!("{} is still {status} after {waited:.1} s", instance.id);
            let hint = match target {
                "Running" => "check whether it is being started; wait longer with --timeout 20m".to_owned(),
                _ => format!(
                    "its system may not shut down; look at its screen: ecs-vnc view {0}; turn its power off: ecs-vnc stop \
                     {0} --force",
                    instance.id
                ),
            };
            return Err(CommandError::message(ErrorKind::TimeLimit, message).hint(hint).of_instance(&instance.id));
        }
        sleep(pause).await;
        let described = describe(account, &instance, deadline).await;
        instance.info = Some(described.map_err(|error| error.of_instance(&instance.id))?);
    }
}

/// Requests the instance anew.
pub(super) async fn describe(
    account: &Account,
    instance: &ResolvedInstance,
    deadline: Deadline,
) -> Result<Instance, CommandError> {
    let ResolvedInstance { id, region, .. } = instance;
    let answer = account.clients.of(region)?.instances_by_id(region, std::slice::from_ref(id), deadline).await;
    let mut instances = answer.map_err(|error| account.explain(error, "DescribeInstances", region, id, None))?;
    instances.remove(id).ok_or_else(|| {
        let message = format!("{id} is no longer in {region}");
        CommandError::message(ErrorKind::NotFound, message).hint("check whether it was released")
    })
}
