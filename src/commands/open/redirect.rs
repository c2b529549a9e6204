//! Opens a link that redirects to the console page of Alibaba Cloud.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout_at;

use super::opener::{ConsoleOpener, LINK_GRACE};
use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::local_web::{IssueUrlFn, RedirectEvent};
use crate::programs::Browser;

impl ConsoleOpener {
    /// Serves the link, and starts the browser with it, or prints it if `browser` is `None`. The console URL is requested
    /// when the link is opened.
    pub(super) async fn open_redirect(&self, browser: Option<Browser>) -> Result<ExitCode, CommandError> {
        let link = self.bind_link().await?;
        let (url, port) = (link.url(), link.port());
        let (sender, events) = unbounded_channel();
        tokio::spawn(link.serve_redirects(self.issue_url_fn(), self.clock.clone(), sender));
        match browser {
            Some(browser) => {
                if let Err(error) = browser.start(&url).await {
                    // Some programs that open links report a failure although the browser has opened the link.
                    if events.is_empty() {
                        return self.print_url_instead(&error).await;
                    }
                }
                self.output.detail(1, "started the browser with a link on this machine");
            }
            None => self.print_link(&url, port, "the console URL is requested when you open it")?,
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
        loop {
            let event = match pending_requests {
                0 => timeout_at(end, events.recv()).await,
                _ => Ok(events.recv().await),
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
