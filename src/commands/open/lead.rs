//! A link that leads on to the vendor's page.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout_at;

use super::{GRACE, Opening, nobody};
use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::local_web::{IssueUrlFn, RedirectEvent};
use crate::programs::Browser;

impl Opening {
    /// The design's own way: the link first, the URL when the browser arrives.
    pub(super) async fn by_link(
        &self,
        browser: Option<Browser>,
        stay: bool,
        arrival: Duration,
    ) -> Result<ExitCode, CommandError> {
        let link = self.link().await?;
        let (url, port) = (link.url(), link.port());
        let (sender, visits) = mpsc::unbounded_channel();
        tokio::spawn(link.serve_redirects(self.mint_fn(), self.clock.clone(), sender));
        match browser {
            Some(browser) => {
                if let Err(why) = browser.start(&url).await {
                    // It may have come all the same: some openers fail when they have succeeded.
                    if visits.is_empty() {
                        return self.without_browser(&why).await;
                    }
                }
                self.output.detail(1, "the browser was started on a link on this machine");
            }
            None => self.print_link(&url, port, "the console's URL is minted when it arrives")?,
        }
        if stay {
            return self.serve_on(visits).await;
        }
        self.serve_once(visits, arrival).await
    }

    /// Serves until a browser has been led on, and for the time in which it may fetch again. A mint that is under way
    /// has its own limit, and is not cut off.
    async fn serve_once(
        &self,
        mut visits: mpsc::UnboundedReceiver<RedirectEvent>,
        arrival: Duration,
    ) -> Result<ExitCode, CommandError> {
        let (mut minting, mut handed_over) = (0, false);
        let mut ends = self.clock.instant() + arrival;
        loop {
            let visit = match minting {
                0 => timeout_at(ends, visits.recv()).await,
                _ => Ok(visits.recv().await),
            };
            match visit {
                Ok(Some(RedirectEvent::Arrived)) => minting += 1,
                Ok(Some(RedirectEvent::Left)) => minting -= 1,
                Ok(Some(RedirectEvent::Refused(stranger))) => self.refused(&stranger.to_string()),
                Ok(Some(RedirectEvent::Failed(failure))) => return Err(failure),
                Ok(Some(RedirectEvent::Redirected)) => {
                    minting -= 1;
                    ends = self.clock.instant() + GRACE;
                    if !handed_over {
                        self.output.note(&format!("the console of {} was handed to the browser", self.target.id));
                    }
                    handed_over = true;
                }
                Ok(None) | Err(_) if handed_over => return Ok(ExitCode::SUCCESS),
                Ok(None) | Err(_) => return Err(nobody(arrival)),
            }
        }
    }

    /// `--stay`.
    async fn serve_on(&self, mut visits: mpsc::UnboundedReceiver<RedirectEvent>) -> Result<ExitCode, CommandError> {
        self.output.note("serving until Ctrl-C; reloading the link reconnects");
        while let Some(visit) = visits.recv().await {
            match visit {
                RedirectEvent::Redirected => {
                    self.output.note(&format!("the console of {} was handed over", self.target.id))
                }
                RedirectEvent::Failed(failure) => self.output.failure(&failure),
                RedirectEvent::Refused(stranger) => self.refused(&stranger.to_string()),
                RedirectEvent::Arrived | RedirectEvent::Left => {}
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn mint_fn(&self) -> IssueUrlFn {
        let (mint, target, clock, usual) = (self.mint.clone(), self.target.clone(), self.clock.clone(), self.usual);
        Arc::new(move || {
            let (mint, target, limit) = (mint.clone(), target.clone(), clock.deadline(usual));
            Box::pin(async move {
                let console = mint.issue(&target, limit).await;
                console.map(|console| console.connect_url)
            })
        })
    }
}
