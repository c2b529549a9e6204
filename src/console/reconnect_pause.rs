//! The wait before a console that was lost is opened again.

use std::time::Duration;

use tokio::time::sleep;

use crate::console::gateway::ConsoleGateway;
use crate::relay::ReconnectBackoff;

/// The time from one update of the countdown to the next.
const COUNTDOWN_INTERVAL: Duration = Duration::from_millis(250);

/// Waits between the sessions of a command that serves viewers.
pub(crate) struct ReconnectPause<'a> {
    pub(crate) gateway: &'a ConsoleGateway,
    pub(crate) backoff: &'a mut ReconnectBackoff,
}

impl ReconnectPause<'_> {
    /// Waits for the back-off, and then until the instance is running, as far as the API tells its status. `lasted` is how long
    /// the session lasted. `is_stopped` is told any other status.
    pub(crate) async fn wait(&mut self, reason: &str, lasted: Duration, is_stopped: impl Fn(&str)) {
        let (id, output) = (&self.gateway.instance().id, self.gateway.output());
        let mut pause = self.backoff.delay_after(lasted);
        output.warning(&format!(
            "the console of {id} was lost: {reason}; reconnecting in {} s (Ctrl-C to stop)",
            pause.as_secs()
        ));
        loop {
            self.count_down(pause).await;
            match self.gateway.status().await.as_deref() {
                Some(status) if status != "Running" => {
                    output.detail(1, &format!("{id} is {status}"));
                    is_stopped(status);
                    pause = self.backoff.delay_after(Duration::ZERO);
                }
                _ => return,
            }
        }
    }

    async fn count_down(&self, pause: Duration) {
        let (id, output, clock) = (&self.gateway.instance().id, self.gateway.output(), self.gateway.clock());
        let end = clock.instant() + pause;
        loop {
            let left = end.saturating_duration_since(clock.instant());
            if left.as_millis() == 0 {
                return;
            }
            output.progress(&format!("{id}: reconnecting in {} s", left.as_millis().div_ceil(1000)));
            sleep(COUNTDOWN_INTERVAL.min(left)).await;
        }
    }
}
