//! The link that redirects to Alibaba Cloud's console page, each time with a fresh URL.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use tokio::sync::mpsc::UnboundedSender;

use super::error_page::{self, RefusedRequest};
use super::response;
use super::server::{LocalServer, check_request};
use crate::command_error::CommandError;
use crate::http_server::{HttpResponse, serve_connection};
use crate::listen::{RefusedPeer, Stream};
use crate::secret::Secret;
use crate::system::clock::Clock;
use crate::vnc::rate_limit::RateLimit;

/// Issues a connect URL.
pub(crate) type IssueUrlFn = Arc<dyn Fn() -> BoxFuture<'static, Result<Secret, CommandError>> + Send + Sync>;

/// Each `Arrived` is followed by `Redirected`, `Failed` or `Left`, after the response has been written.
#[derive(Debug)]
pub(crate) enum RedirectEvent {
    /// A browser opened the link, and a URL is being issued.
    Arrived,
    /// The browser was redirected to the console.
    Redirected,
    /// No URL could be issued. The browser shows the error.
    Failed(CommandError),
    /// The browser disconnected before the response.
    Left,
    /// A connection was refused before any request.
    Refused(RefusedPeer),
}

impl LocalServer {
    /// Serves the link until it is dropped. A URL is issued only for a browser's own visit, at most 30 times a minute.
    pub(crate) async fn serve_redirects(self, issue: IssueUrlFn, clock: Clock, events: UnboundedSender<RedirectEvent>) {
        let secret_path = self.secret_path();
        let service = Arc::new(RedirectService { secret_path, issue, clock, rate_limit: Mutex::default(), events });
        let serve = |stream| drop(tokio::spawn(service.clone().serve(stream)));
        self.accept(serve, |peer| service.send(RedirectEvent::Refused(peer))).await;
    }
}

struct RedirectService {
    secret_path: Secret,
    issue: IssueUrlFn,
    clock: Clock,
    rate_limit: Mutex<RateLimit>,
    events: UnboundedSender<RedirectEvent>,
}

impl RedirectService {
    /// Serves one request on one connection, and sends the event after the response has been written.
    async fn serve(self: Arc<Self>, stream: Stream) {
        let outcome: Mutex<Option<RedirectEvent>> = Mutex::default();
        serve_connection(stream, false, |request| self.answer(request, &outcome)).await;
        if let Some(event) = outcome.into_inner().unwrap_or_else(PoisonError::into_inner) {
            self.send(event);
        }
    }

    async fn answer(&self, request: Request<Incoming>, outcome: &Mutex<Option<RedirectEvent>>) -> HttpResponse {
        if let Err(refused) = self.check(&request) {
            return response::refuse(refused);
        }
        let set = |event| *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(event);
        // If the browser disconnects while the URL is issued, the code below does not run.
        set(RedirectEvent::Left);
        self.send(RedirectEvent::Arrived);
        match (self.issue)().await {
            Ok(url) => {
                set(RedirectEvent::Redirected);
                response::redirect(&url)
            }
            Err(error) => {
                let (status, html) = error_page::for_error(&error);
                set(RedirectEvent::Failed(error));
                response::static_page(status, html)
            }
        }
    }

    fn check(&self, request: &Request<Incoming>) -> Result<(), RefusedRequest> {
        if !check_request(request, &self.secret_path)?.is_empty() {
            return Err(RefusedRequest::WrongPath);
        }
        let mut rate_limit = self.rate_limit.lock().unwrap_or_else(PoisonError::into_inner);
        rate_limit.try_acquire(self.clock.instant()).map_err(|wait| RefusedRequest::RateLimited { wait })
    }

    /// Ignores a closed channel: the command is about to end then.
    fn send(&self, event: RedirectEvent) {
        let _ = self.events.send(event);
    }
}
