//! `--wait`: asks for an instance's status until it runs.

use std::time::Duration;

use tokio::time::sleep;

use crate::account::Account;
use crate::api::operations::Instance;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::settings::flags::GlobalArgs;
use crate::system::backoff::Backoff;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// How long `--wait` waits where no flag says so.
pub(crate) const WAIT: Duration = Duration::from_secs(600);

/// The flags for all verbs, with the time limit that `--wait` has.
pub(crate) fn limited(global: &GlobalArgs, wait: bool) -> GlobalArgs {
    let timeout = if wait { global.timeout.or(Some(WAIT)) } else { global.timeout };
    GlobalArgs { timeout, ..global.clone() }
}

/// The waits between two requests for the status. Starting an instance takes about 20 s.
const POLL_BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));

/// The instance, running. `target` was looked for, so that its status is known.
pub(crate) async fn until_running(
    session: &Account,
    mut target: ResolvedInstance,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let (mut backoff, mut told) = (POLL_BACKOFF, String::new());
    loop {
        let status = target.known.as_ref().map(|known| sanitize(&known.status, 20)).unwrap_or_default();
        if status == "Running" {
            return Ok(target);
        }
        if status != told {
            let left = session.limit.at.saturating_duration_since(session.clock().instant());
            output.note(&format!(
                "{} is {status}; waiting until it runs, {} s at most",
                target.instance,
                left.as_secs()
            ));
            told.clone_from(&status);
        }
        let pause = backoff.next_delay();
        if pause >= session.limit.at.saturating_duration_since(session.clock().instant()) {
            let total = session.limit.total.as_secs_f64();
            let message = format!("{} is still {status} after {total} s", target.instance);
            let hint = "is somebody starting it? --timeout SECONDS waits longer";
            return Err(CommandError::message(ErrorKind::TimeLimit, message).hint(hint));
        }
        sleep(pause).await;
        target.known = Some(ask(session, &target).await?);
    }
}

async fn ask(session: &Account, target: &ResolvedInstance) -> Result<Instance, CommandError> {
    let ResolvedInstance { instance, region, .. } = target;
    let asked =
        session.clients.of(region)?.instances_by_id(region, std::slice::from_ref(instance), session.limit).await;
    let mut found = asked.map_err(|error| session.explain(error, "DescribeInstances", region, instance, None))?;
    found.remove(instance).ok_or_else(|| {
        let message = format!("{instance} is not in {region} any more");
        CommandError::message(ErrorKind::NotFound, message).hint("was it released?")
    })
}
