//! A picture of an instance, and what else is known of it at the time.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{PictureSource, Shot};
use crate::command_error::CommandError;
use crate::console::args::WaitArg;
use crate::console::liveness::Probe;
use crate::console::readiness::{require_running, wait_if_requested};
use crate::instances::{ResolvedInstance, call};
use crate::system::clock::Deadline;

const OUTPUT_ACTION: &str = "GetInstanceConsoleOutput";

/// What is wanted beside a picture.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beside {
    /// The answer of DescribeInstances. An instance that does not run is then no failure, and has no picture.
    pub(crate) has_status: bool,
    /// The console output. It is for Linux only.
    pub(crate) has_boot_log: bool,
    /// Whether the guest reacts. The picture then comes over VNC.
    pub(crate) has_probe: bool,
}

/// What is known of an instance.
pub(crate) struct Look {
    /// The instance, in the region where it is.
    pub(crate) instance: ResolvedInstance,
    /// `None` if it does not run.
    pub(crate) shot: Option<Shot>,
    /// `None` if it was not wanted, or is not for this instance. A failure does not make the picture worthless.
    pub(crate) boot_log: Option<Result<BootLog, CommandError>>,
    /// `None` if it was not wanted.
    pub(crate) probe: Option<Probe>,
}

/// What an instance wrote to its serial console when it last started or stopped.
pub(crate) struct BootLog {
    pub(crate) bytes: Vec<u8>,
    /// When it was last written, if the API says so.
    pub(crate) updated: Option<DateTime<Utc>>,
}

impl PictureSource {
    /// Takes a picture, and at the same time what is wanted beside it. Returns the picture's deadline too.
    pub(super) async fn look(
        &self,
        instance: ResolvedInstance,
        beside: Beside,
        wait: WaitArg,
        default: Duration,
    ) -> Result<(Look, Deadline), CommandError> {
        let instance = match beside.has_status {
            true => wait_if_requested(&self.account, instance, wait, self.output).await?,
            false => require_running(&self.account, instance, wait, self.output).await?,
        };
        let deadline = wait.console_deadline(&self.account, default);
        Ok((self.look_at(instance, beside, deadline).await?, deadline))
    }

    /// Looks at an instance with the account's own time limit.
    pub(crate) async fn look_by_api(&self, instance: ResolvedInstance, beside: Beside) -> Result<Look, CommandError> {
        self.look_at(instance, beside, self.account.limit_from_now()).await
    }

    async fn look_at(
        &self,
        instance: ResolvedInstance,
        beside: Beside,
        deadline: Deadline,
    ) -> Result<Look, CommandError> {
        if beside.has_status && !matches!(instance.status(), "Running" | "") {
            return Ok(Look { instance, shot: None, boot_log: None, probe: None });
        }
        let is_windows = instance.info.as_ref().is_some_and(|info| info.is_windows());
        // On the heap: the futures of sessions are large, and each instance that is worked on has these.
        let taking = Box::pin(async {
            match beside.has_probe {
                true => self.by_probing(&instance, deadline).await.map(|(shot, probe)| (shot, Some(probe))),
                false => self.take(&instance, deadline).await.map(|shot| (shot, None)),
            }
        });
        let (taken, boot_log) = match beside.has_boot_log && !is_windows {
            true => {
                let (taken, boot_log) = tokio::join!(taking, self.boot_log(&instance, deadline));
                (taken, Some(boot_log))
            }
            false => (taking.await, None),
        };
        let (shot, probe) = taken?;
        Ok(Look { instance, shot: Some(shot), boot_log, probe })
    }

    async fn boot_log(&self, instance: &ResolvedInstance, deadline: Deadline) -> Result<BootLog, CommandError> {
        let operation = |instance: ResolvedInstance| async move {
            let client = self.account.clients.of(&instance.region)?;
            Ok(client.get_instance_console_output(&instance.region, &instance.id, deadline).await?)
        };
        let answer = call(&self.account, instance, self.output, operation).await;
        let (_, answer) = answer.map_err(|error| error.explain(&self.account, OUTPUT_ACTION))?;
        Ok(BootLog { bytes: answer.value.console_output.0, updated: answer.value.last_update_time })
    }
}
