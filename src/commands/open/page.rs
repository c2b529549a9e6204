//! `--page local`: opens a link that shows the console on the built-in page.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, sleep_until};

use super::opener::{ConsoleOpener, LINK_GRACE, WAITING_FOR_BROWSER};
use crate::command_error::CommandError;
use crate::console::args::{KeepaliveArgs, SharingArg};
use crate::console::gateway::{self, ConsoleGateway, SessionEnd};
use crate::console::learned_cache::LearnedCache;
use crate::console::screen_reader::ScreenReader;
use crate::console::sharing::viewer_gateway::ViewerGateway;
use crate::error_kind::ExitCode;
use crate::local_web::{ConnectConsoleFn, PageEvent, PageInfo, PageSessionEnd, ReadTextFn};
use crate::programs::{Browser, BrowserError};
use crate::relay::DropReason;
use crate::terminal::progress::Progress;

/// What is shown on a terminal after the page was closed or is being reloaded.
const WAITING_FOR_RELOAD: &str = "the page was closed; waiting a little in case it is being reloaded";

/// An error of the page's console, which may end the command.
enum ConsoleFault {
    /// Another client has the console.
    TakenOver(CommandError),
    /// The console could not be connected.
    NotConnected {
        error: CommandError,
        /// Whether an earlier connection showed a desktop.
        was_connected: bool,
    },
}

impl ConsoleOpener {
    /// Serves the page until it is closed or another client takes the console over; with `--stay` until Ctrl-C. Without a
    /// browser, prints the link.
    pub(super) async fn open_page(
        &self,
        browser: Option<Result<Browser, BrowserError>>,
        keepalive: &KeepaliveArgs,
        sharing: SharingArg,
        learned: LearnedCache,
    ) -> Result<ExitCode, CommandError> {
        let gateway = ConsoleGateway::new(
            self.issuer.clone(),
            Arc::default(),
            self.instance.clone(),
            self.timeout,
            keepalive.keepalive(),
            self.output,
        );
        let gateway = ViewerGateway::new(Arc::new(gateway), sharing, self.issuer.password(), "open");
        gateway.note_takeover().await;
        let link = self.bind_link().await?;
        let (url, port) = (link.url(), link.port());
        let started = match browser {
            Some(Ok(browser)) => Some(self.start_browser(&browser, &url).await),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        };
        if let Some(Err(error)) = &started {
            self.output.warning(&error.to_string());
        }
        if !matches!(started, Some(Ok(()))) {
            self.print_link(&url, port, "each connection gets a fresh console URL")?;
        }
        // The link is bound, so a browser that connects before it is served waits.
        let mut progress = Progress::new(&self.clock, self.output);
        let looking_up = self.issuer.info().info(&self.instance);
        let info = progress.during(&format!("looking up {}", self.instance.id), looking_up).await;
        let page_info = PageInfo {
            instance_id: self.instance.id.clone(),
            instance_name: info.map(|info| info.instance_name).unwrap_or_default(),
            region_id: self.instance.region.clone(),
            vnc_password: self.issuer.password().cloned(),
        };
        let ((event_sender, events), (fault_sender, faults)) = (unbounded_channel(), unbounded_channel());
        let connect = connect_console_fn(Arc::new(gateway), fault_sender);
        tokio::spawn(link.serve_console_page(page_info, connect, read_text_fn(learned), event_sender));
        if self.stay {
            self.output.note("serving until Ctrl-C");
        }
        self.watch_page(events, faults, progress).await
    }

    async fn watch_page(
        &self,
        mut events: UnboundedReceiver<PageEvent>,
        mut faults: UnboundedReceiver<ConsoleFault>,
        mut progress: Progress,
    ) -> Result<ExitCode, CommandError> {
        let id = &self.instance.id;
        let (mut was_open, mut is_open) = (false, false);
        let mut end = self.clock.instant() + self.browser_timeout;
        loop {
            tokio::select! {
                biased;
                Some(fault) = faults.recv() => match fault {
                    ConsoleFault::NotConnected { error, was_connected } if was_connected || self.stay => {
                        self.output.failure(&error);
                    }
                    ConsoleFault::NotConnected { error, .. } | ConsoleFault::TakenOver(error) => {
                        // Leave the page time to show the error.
                        sleep(LINK_GRACE).await;
                        return Err(error);
                    }
                },
                Some(event) = events.recv() => match event {
                    PageEvent::Opened => {
                        if !was_open {
                            self.report_opened();
                            if !self.stay {
                                self.output.note("close the page or press Ctrl-C to end this command");
                            }
                        }
                        (was_open, is_open) = (true, true);
                    }
                    PageEvent::Refused(peer) => self.warn_of_refusal(&peer),
                    PageEvent::Closed => (is_open, end) = (false, self.clock.instant() + LINK_GRACE),
                    PageEvent::Connecting => self.output.detail(1, &format!("{id}: the page is connecting")),
                    PageEvent::Disconnected(PageSessionEnd { reason, .. }) => {
                        self.output.detail(1, &format!("{id}: {reason}"));
                    }
                },
                () = progress.tick(if was_open { WAITING_FOR_RELOAD } else { WAITING_FOR_BROWSER }), if !is_open && !self.stay => {}
                () = sleep_until(end), if !is_open && !self.stay => {
                    return if was_open { Ok(ExitCode::SUCCESS) } else { Err(self.not_opened()) };
                }
            }
        }
    }
}

/// Connects the page to the console.
fn connect_console_fn(gateway: Arc<ViewerGateway>, faults: UnboundedSender<ConsoleFault>) -> ConnectConsoleFn {
    let was_connected = Arc::new(AtomicBool::new(false));
    Arc::new(move |stream| {
        let (gateway, faults, was_connected) = (gateway.clone(), faults.clone(), was_connected.clone());
        Box::pin(async move {
            let result = gateway.serve(stream).await;
            if let Ok(end) = &result {
                was_connected.fetch_or(has_shown_desktop(end), Ordering::Relaxed);
            }
            let (page_end, fault) = match result {
                Ok(SessionEnd::Left { .. }) => (page_session_end("", true), None),
                // If it reconnected, two tabs would take the console from each other for ever.
                Ok(SessionEnd::Superseded { .. }) => {
                    (page_session_end("another tab took over the console", false), None)
                }
                Ok(SessionEnd::Dropped(reason)) => (page_session_end(&reason.to_string(), true), None),
                Ok(SessionEnd::TakenOver(reason)) => {
                    let error = gateway::taken_over(&gateway.console().instance().id, &reason);
                    (page_session_end(&reason.to_string(), false), Some(ConsoleFault::TakenOver(error)))
                }
                Err(error) => {
                    let hint = error.hint.as_deref().map(|hint| format!(". {hint}")).unwrap_or_default();
                    let end = page_session_end(&format!("{:#}{hint}", error.error), error.kind.is_transient());
                    let was_connected = was_connected.load(Ordering::Relaxed) || gateway.has_begun();
                    (end, Some(ConsoleFault::NotConnected { error, was_connected }))
                }
            };
            if let Some(fault) = fault {
                // Fails only if the command is about to end.
                let _ = faults.send(fault);
            }
            page_end
        })
    })
}

/// Reads the text of pictures, with the fonts that are built in and what the user taught. They are prepared at the first
/// picture.
fn read_text_fn(learned: LearnedCache) -> ReadTextFn {
    let reader = OnceLock::new();
    Arc::new(move |picture| reader.get_or_init(|| ScreenReader::new(Some(&learned))).read(picture))
}

fn has_shown_desktop(end: &SessionEnd) -> bool {
    !matches!(
        end,
        SessionEnd::Left { has_begun: false }
            | SessionEnd::Superseded { has_begun: false }
            | SessionEnd::Dropped(DropReason::BeforeDesktop(_))
    )
}

/// Makes a reason a sentence, as the page shows it.
fn page_session_end(reason: &str, may_reconnect: bool) -> PageSessionEnd {
    let mut chars = reason.chars();
    let first: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let period = if reason.is_empty() || reason.ends_with('.') { "" } else { "." };
    PageSessionEnd { reason: format!("{first}{}{period}", chars.as_str()), may_reconnect }
}
