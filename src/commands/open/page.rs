//! A link that shows the console on a page of our own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, sleep_until};

use super::{GRACE, Opening, nobody};
use crate::command_error::CommandError;
use crate::console::args::KeepaliveArgs;
use crate::console::gateway::{self, ConsoleGateway, SessionEnd};
use crate::error_kind::ExitCode;
use crate::local_web::{ConnectConsoleFn, PageEvent, PageInfo, PageSessionEnd};
use crate::programs::{Browser, BrowserError};
use crate::relay::DropReason;

/// What the page's console may end the command with.
enum Over {
    /// Somebody else is on it.
    Taken(CommandError),
    /// It could not be had. Whether it had been before.
    NoConsole(CommandError, bool),
}

impl Opening {
    /// Serves the page while somebody has it open, or until Ctrl-C; and until somebody else takes the console. Without a
    /// browser here the link is printed: it can be opened from afar.
    pub(super) async fn by_page(
        &self,
        browser: Option<Result<Browser, BrowserError>>,
        keepalive: &KeepaliveArgs,
        stay: bool,
        arrival: Duration,
    ) -> Result<ExitCode, CommandError> {
        let link = self.link().await?;
        let (url, port) = (link.url(), link.port());
        let started = match browser {
            Some(Ok(browser)) => Some(browser.start(&url).await),
            Some(Err(why)) => Some(Err(why)),
            None => None,
        };
        if let Some(Err(why)) = &started {
            self.output.warning(&why.to_string());
        }
        if !matches!(started, Some(Ok(()))) {
            self.print_link(&url, port, "each connection has a VncUrl of its own")?;
        }
        // Whoever has come meanwhile is waiting at the port.
        let known = self.mint.info().info(&self.target).await;
        let about = PageInfo {
            instance_id: self.target.id.clone(),
            instance_name: known.map(|known| known.instance_name).unwrap_or_default(),
            region_id: self.target.region.clone(),
            vnc_password: self.mint.password().cloned(),
        };
        let way = ConsoleGateway::new(
            self.mint.clone(),
            Arc::default(),
            self.target.clone(),
            self.usual,
            keepalive.keepalive(),
            self.output,
        );
        let ((tell, visits), (end, over)) = (unbounded_channel(), unbounded_channel());
        tokio::spawn(link.serve_console_page(about, console(Arc::new(way), end), tell));
        if stay {
            self.output.note("serving until Ctrl-C");
        }
        self.attend(visits, over, stay, arrival).await
    }

    async fn attend(
        &self,
        mut visits: UnboundedReceiver<PageEvent>,
        mut over: UnboundedReceiver<Over>,
        stay: bool,
        arrival: Duration,
    ) -> Result<ExitCode, CommandError> {
        let instance = &self.target.id;
        let (mut has_come, mut is_there) = (false, false);
        let mut ends = self.clock.instant() + arrival;
        loop {
            tokio::select! {
                biased;
                Some(over) = over.recv() => match over {
                    Over::NoConsole(failure, had_been) if had_been || stay => self.output.failure(&failure),
                    Over::NoConsole(failure, _) | Over::Taken(failure) => {
                        // The page is still to be told.
                        sleep(GRACE).await;
                        return Err(failure);
                    }
                },
                Some(visit) = visits.recv() => match visit {
                    PageEvent::Opened => {
                        if !has_come {
                            self.output.note(&format!("the console of {instance} is in the browser, until its page is closed"));
                        }
                        (has_come, is_there) = (true, true);
                    }
                    PageEvent::Refused(why) => self.refused(&why),
                    PageEvent::Closed => (is_there, ends) = (false, self.clock.instant() + GRACE),
                    PageEvent::Connecting => self.output.detail(1, &format!("{instance}: the page connects")),
                    PageEvent::Disconnected(PageSessionEnd { reason, .. }) => self.output.detail(1, &format!("{instance}: {reason}")),
                },
                () = sleep_until(ends), if !is_there && !stay => {
                    return if has_come { Ok(ExitCode::SUCCESS) } else { Err(nobody(arrival)) };
                }
            }
        }
    }
}

/// The page's console: each connection goes the way anew.
fn console(way: Arc<ConsoleGateway>, end: UnboundedSender<Over>) -> ConnectConsoleFn {
    let had_been = Arc::new(AtomicBool::new(false));
    Arc::new(move |stream| {
        let (way, end, had_been) = (way.clone(), end.clone(), had_been.clone());
        Box::pin(async move {
            let served = way.serve(stream).await;
            let (ended, over) = match served {
                Ok(served) => {
                    let has_begun = !matches!(
                        served,
                        SessionEnd::Left { has_begun: false } | SessionEnd::Dropped(DropReason::BeforeDesktop(_))
                    );
                    had_been.fetch_or(has_begun, Ordering::Relaxed);
                    match served {
                        SessionEnd::Left { .. } => (ended("", true), None),
                        SessionEnd::Dropped(why) => (ended(&why.to_string(), true), None),
                        SessionEnd::TakenOver(why) => {
                            let failure = gateway::taken_over(&way.instance().id, &why);
                            (ended(&why.to_string(), false), Some(Over::Taken(failure)))
                        }
                    }
                }
                Err(failure) => {
                    let hint = failure.hint.as_deref().map(|hint| format!(". {hint}")).unwrap_or_default();
                    let told = ended(&format!("{:#}{hint}", failure.error), failure.kind.is_transient());
                    (told, Some(Over::NoConsole(failure, had_been.load(Ordering::Relaxed))))
                }
            };
            if let Some(over) = over {
                // Nobody listens when the command is about to end.
                let _ = end.send(over);
            }
            ended
        })
    })
}

fn ended(reason: &str, may_reconnect: bool) -> PageSessionEnd {
    let mut chars = reason.chars();
    let head: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if reason.is_empty() || reason.ends_with('.') { "" } else { "." };
    PageSessionEnd { reason: format!("{head}{}{end}", chars.as_str()), may_reconnect }
}
