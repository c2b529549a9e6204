//! What the tools that send input have in common: they open the console, act, and answer the screen as it is then.

use std::time::Duration;

use serde_json::json;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::machines::{CallAccount, OpenConsole};
use super::super::seen::Seen;
use crate::command_error::CommandError;
use crate::console::args::WaitArg;
use crate::console::picture_condition::{Goal, PictureCondition};
use crate::console::picture_wait::wait_for_picture;
use crate::console::readiness::require_running;
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::system::clock::iso_8601;
use crate::terminal::output::Output;

/// The screen has answered input when nothing has changed for this time.
const STILL_TIME: Duration = Duration::from_millis(500);

/// It is read after this time even if it does not stand still.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(5);

impl Call {
    /// Opens the account and finds the machine that the client names.
    pub(in super::super) async fn find(&self, asked: &str) -> Result<(CallAccount, ResolvedInstance), CommandError> {
        let account = self.machines.account().await?;
        let instance = self.machines.find(&account, asked).await?;
        let _ = self.instance.set(instance.id.clone());
        Ok((account, instance))
    }

    /// The same for one that has a screen.
    pub(in super::super) async fn find_running(
        &self,
        asked: &str,
    ) -> Result<(CallAccount, ResolvedInstance), CommandError> {
        let (account, instance) = self.find(asked).await?;
        let output = self.machines.context.output;
        let instance = require_running(&account.account, instance, WaitArg::default(), output).await?;
        Ok((account, instance))
    }

    /// Leaves the console after `acted`, and answers what was done and the screen after it stood still. `what` says what was done.
    pub(in super::super) async fn finish(
        &self,
        mut console: OpenConsole,
        acted: Result<(), CommandError>,
        what: &str,
    ) -> Result<Answer, CommandError> {
        let seen = match acted {
            Ok(()) => read_when_still(&mut console.screen, self.machines.context.output).await,
            Err(error) => Err(error),
        };
        let instance = console.screen.instance().clone();
        let answer = seen.and_then(|seen| {
            let data = json!({ "done": true, "instance": instance.id });
            let head = format!("{what} on {}", instance.id);
            seen.answer(&head, data, None, false, Some(&console.screen.typed), &self.machines)
        });
        leave(console, answer).await
    }
}

/// Leaves a console, which still has to read the last keys. After an error, which says more than another one, its session is
/// closed.
pub(super) async fn leave<T>(console: OpenConsole, done: Result<T, CommandError>) -> Result<T, CommandError> {
    match done {
        Ok(done) => console.release().await.map(|()| done),
        Err(error) => {
            _ = console.screen.close().await;
            Err(error)
        }
    }
}

/// Reads the screen once it stands still, or after 5 s.
async fn read_when_still(screen: &mut RemoteScreen, output: Output) -> Result<Seen, CommandError> {
    let still = PictureCondition { goal: Goal::Still(STILL_TIME), area: None, tolerance: 0 };
    let deadline = screen.clock().deadline(SETTLE_TIMEOUT);
    match wait_for_picture(screen, &still, None, deadline, output).await {
        Ok(_) => {}
        Err(error) if error.kind == ErrorKind::TimeLimit => {}
        Err(error) => return Err(error),
    }
    seen_over_vnc(screen)
}

/// What the client of a console has received.
pub(super) fn seen_over_vnc(screen: &mut RemoteScreen) -> Result<Seen, CommandError> {
    let (picture, time) = (screen.received_picture()?, iso_8601(screen.clock().utc()));
    Ok(Seen { screen: screen.read_text(), picture, via: "vnc", time })
}
