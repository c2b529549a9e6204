//! Opens a link that redirects to the console page of Alibaba Cloud.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout_at;

use super::opener::{ConsoleOpener, ISSUING, LINK_GRACE, WAITING_FOR_BROWSER};
use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::local_web::{IssueUrlFn, RedirectEvent};
use crate::programs::{Browser, BrowserError};
use crate::terminal::progress::Progress;

/// What is shown on a terminal while the link still works after it was opened.
const SERVING_RELOADS: &str = "serving the link a little longer, because a browser may request it twice";

impl ConsoleOpener {
    /// Serves the link, and starts the browser with it, or prints it if `browser` is `None`. The console URL is requested
    /// when the link is opened.
    ///
    /// If no browser can be started, prints the link on a terminal, and the console URL elsewhere.
    pub(super) async fn open_redirect(
        &self,
        browser: Option<Result<Browser, BrowserError>>,
    ) -> Result<ExitCode, CommandError> {
        let link = self.bind_link().await?;
        let (url, port) = (link.url(), link.port());
        let is_link_wanted = browser.is_none();
        let (sender, events) = unbounded_channel();
        tokio::spawn(link.serve_redirects(self.issue_url_fn(), self.clock.clone(), sender));
        let fault = match browser {
            Some(Ok(browser)) => self.start_browser(&browser, &url).await.err(),
            Some(Err(error)) => Some(error),
            None => None,
        };
        let is_printed = fault.is_some() || is_link_wanted;
        if let Some(error) = fault {
            if !self.output.is_stdout_terminal() || self.output.is_json() {
                return self.print_url_instead(&error).await;
            }
            self.output.warning(&error.to_string());
        }
        if is_printed {
            self.print_link(&url, port, "the console URL is requested when you open it")?;
        }
        match self.stay {
            true => self.redirect_until_interrupted(events).await,
            false => self.redirect_once(events).await,
        }
    }

    /// Returns once a browser was redirected and the link's grace period is over. Requests for a console URL have a time
    /// limit of their own, so they may take longer than the browser's.
    async fn redirect_once(&self, mut events: UnboundedReceiver<RedirectEvent>) -> Result<ExitCode, CommandError> {
        let (mut pending_requests, mut is_redirected) = (0, false);
        let mut end = self.clock.instant() + self.browser_timeout;
        let mut progress = Progress::new(&self.clock, self.output);
        loop {
            let event = match (pending_requests, is_redirected) {
                (0, false) => progress.during(WAITING_FOR_BROWSER, timeout_at(end, events.recv())).await,
                (0, true) => progress.during(SERVING_RELOADS, timeout_at(end, events.recv())).await,
                _ => Ok(progress.during(ISSUING, events.recv()).await),
            };
            match event {
                Ok(Some(RedirectEvent::Arrived)) => pending_requests += 1,
                Ok(Some(RedirectEvent::Left)) => pending_requests -= 1,
                Ok(Some(RedirectEvent::Refused(peer))) => self.warn_of_refusal(&peer.to_string()),
                Ok(Some(RedirectEvent::Failed(error))) => return Err(error),
                Ok(Some(RedirectEvent::Redirected)) => {
                    pending_requests -= 1;
                    end = self.clock.instant() + LINK_GRACE;
                    if !is_redirected {
                        self.report_opened();
                    }
                    is_redirected = true;
                }
                Ok(None) | Err(_) if is_redirected => return Ok(ExitCode::SUCCESS),
                Ok(None) | Err(_) => return Err(self.not_opened()),
            }
        }
    }

    /// `--stay`: redirects browsers until Ctrl-C.
    async fn redirect_until_interrupted(
        &self,
        mut events: UnboundedReceiver<RedirectEvent>,
    ) -> Result<ExitCode, CommandError> {
        self.output.note("serving until Ctrl-C; reload the link to reconnect");
        while let Some(event) = events.recv().await {
            match event {
                RedirectEvent::Redirected => self.report_opened(),
                RedirectEvent::Failed(error) => self.output.failure(&error),
                RedirectEvent::Refused(peer) => self.warn_of_refusal(&peer.to_string()),
                RedirectEvent::Arrived | RedirectEvent::Left => {}
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn issue_url_fn(&self) -> IssueUrlFn {
        let (issuer, instance) = (self.issuer.clone(), self.instance.clone());
        let (clock, timeout) = (self.clock.clone(), self.timeout);
        Arc::new(move || {
            let (issuer, instance, deadline) = (issuer.clone(), instance.clone(), clock.deadline(timeout));
            Box::pin(async move { issuer.issue(&instance, deadline).await.map(|console| console.connect_url) })
        })
    }
}
