//! One call: its time limit, its cancellation and its progress.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{CallToolResult, ProgressNotificationParam};
use rmcp::service::RequestContext;
use tokio::sync::watch;
use tokio::time::{interval, sleep};

use super::answer::failure;
use super::call::Call;
use super::request::Request;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::interruption::Interruption;

/// The time between two progress notifications.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(3);

/// How a call ended.
pub(super) struct Ended {
    pub(super) result: CallToolResult,
    /// For the audit file.
    pub(super) outcome: &'static str,
    pub(super) error: Option<ErrorKind>,
}

/// Why a call was ended from outside.
enum Stop {
    Cancelled,
    TimeLimit(Duration),
    /// The client is gone.
    Gone,
}

/// Runs a call to its end. It ends early if the client cancels it, if it takes too long, and, where it sends input, if the client
/// is gone. Keys are released then.
pub(super) async fn perform(
    request: Request,
    call: &Call,
    context: &RequestContext<RoleServer>,
    mut is_closed: watch::Receiver<bool>,
) -> Ended {
    let interruption = Interruption::new();
    let (limit, is_input) = (request.time_limit(), request.is_input());
    let is_power = matches!(request, Request::Power(_));
    let stop = async {
        tokio::select! {
            () = context.ct.cancelled() => Stop::Cancelled,
            () = sleep(limit) => Stop::TimeLimit(limit),
            _ = is_closed.wait_for(|is_closed| *is_closed), if is_input => Stop::Gone,
        }
    };
    // Large, and polled by reference.
    let mut work = Box::pin(interruption.bound(request.run(call)));
    let (mut stop, mut progress) = (Box::pin(stop), Box::pin(tell_progress(context, limit)));
    let mut stopped = None;
    let done = loop {
        tokio::select! {
            biased;
            done = &mut work => break done,
            why = &mut stop, if stopped.is_none() => {
                stopped = Some(why);
                interruption.request();
            }
            () = &mut progress, if stopped.is_none() => {}
        }
    };
    let (machines, instance) = (&call.machines, call.instance.get().map(String::as_str));
    let failed = |error: &CommandError, outcome| {
        let result = failure(error, call.tool, machines, instance);
        Ended { result, outcome, error: Some(error.kind) }
    };
    match (done, stopped) {
        (Some(Ok(answer)), _) => {
            let outcome = if answer.is_plan { "plan" } else { "ok" };
            match answer.into_result(machines) {
                Ok(result) => Ended { result, outcome, error: None },
                Err(error) => failed(&error, "error"),
            }
        }
        (_, Some(stop)) => {
            let effect = match (call.has_begun.load(Ordering::Relaxed), is_power) {
                (false, _) => Effect::None,
                (true, true) => Effect::MayBeSent,
                (true, false) => Effect::Released,
            };
            match stop {
                Stop::TimeLimit(limit) => failed(&too_long(limit, effect), "time-limit"),
                Stop::Cancelled | Stop::Gone => failed(&cancelled(effect), "cancelled"),
            }
        }
        (Some(Err(error)), None) => failed(&error, "error"),
        (None, None) => failed(&CommandError::interrupted(), "cancelled"),
    }
}

/// What a call that was ended had done.
#[derive(Clone, Copy, Debug)]
enum Effect {
    None,
    /// Keys were pressed, and released at the end.
    Released,
    /// A request to change the power.
    MayBeSent,
}

impl Effect {
    /// What is told of it, and what to do next.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::None => ("", "call it again"),
            Self::Released => ("; all keys were released", "read the screen to see how far it came"),
            Self::MayBeSent => (
                "; the request may have been sent and be carried out",
                "list_instances tells the status of the instance",
            ),
        }
    }
}

fn too_long(limit: Duration, effect: Effect) -> CommandError {
    let (what, next) = effect.told();
    let message = format!("the call took longer than {} s and was ended{what}", limit.as_secs());
    CommandError::message(ErrorKind::TimeLimit, message).hint(next)
}

fn cancelled(effect: Effect) -> CommandError {
    let (what, next) = effect.told();
    CommandError::message(ErrorKind::Interrupted, format!("the call was cancelled{what}")).hint(next)
}

/// Notifies the client, if it asked for that, how much of the time has passed. Never ends.
async fn tell_progress(context: &RequestContext<RoleServer>, limit: Duration) {
    if let Some(token) = context.meta.get_progress_token() {
        let mut ticks = interval(PROGRESS_INTERVAL);
        for tick in 0u32.. {
            ticks.tick().await;
            let mut progress = ProgressNotificationParam::new(token.clone(), (PROGRESS_INTERVAL * tick).as_secs_f64());
            progress.total = Some(limit.as_secs_f64());
            progress.message = Some("seconds of the time limit".to_owned());
            if context.peer.notify_progress(progress).await.is_err() {
                break;
            }
        }
    }
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_was_ended_tells_what_it_may_have_done() {
        let said = |effect| {
            let limit = Duration::from_secs(9);
            [too_long(limit, effect), cancelled(effect)].map(|error| error.error.to_string())
        };
        for said in said(Effect::MayBeSent) {
            assert!(said.contains("the request may have been sent") && !said.contains("keys"), "{said}");
        }
        assert!(said(Effect::Released).iter().all(|said| said.contains("keys were released")));
        assert!(said(Effect::None).iter().all(|said| !said.contains("keys") && !said.contains("sent")));
    }
}
