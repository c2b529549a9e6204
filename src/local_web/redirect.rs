//! The link that leads on: each visit gets a freshly minted URL of the console.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use hyper::Request;
use hyper::body::Incoming;
use tokio::sync::mpsc;

use super::error_page::{self, Refusal};
use super::response;
use super::server::{Answer, Link, admit, serve};
use crate::command_error::CommandError;
use crate::listen::{RefusedPeer, Stream};
use crate::secret::Secret;
use crate::system::clock::Clock;
use crate::vnc::rate_limit::RateLimit;

/// Mints a console URL.
pub(crate) type MintFn = Arc<dyn Fn() -> BoxFuture<'static, Result<Secret, CommandError>> + Send + Sync>;

/// What happens at the link. Each arrival is followed by one of the others, when its answer has been written.
#[derive(Debug)]
pub(crate) enum Visit {
    /// A browser has come; its URL is being minted.
    Arrived,
    /// It has the console's URL.
    HandedOver,
    /// There was no URL to be had; it shows why.
    Failed(CommandError),
    /// It did not wait.
    Left,
    /// Somebody else's program has come, and was sent away; an arrival did not go before.
    Refused(RefusedPeer),
}

impl Link {
    /// Serves until it is dropped. Only a browser's own visit has `mint` called, at most 30 times a minute.
    pub(crate) async fn serve(self, mint: MintFn, clock: Clock, visits: mpsc::UnboundedSender<Visit>) {
        let door = Arc::new(Door { path: self.path(), mint, clock, budget: Mutex::default() });
        let receive = |stream| drop(tokio::spawn(door.clone().receive(stream, visits.clone())));
        self.accept(receive, |stranger| drop(visits.send(Visit::Refused(stranger)))).await;
    }
}

struct Door {
    path: Secret,
    mint: MintFn,
    clock: Clock,
    budget: Mutex<RateLimit>,
}

impl Door {
    /// Serves one request on one connection, and tells how it ended when the answer is out. That nobody listens any
    /// more is so only when the command is about to end.
    async fn receive(self: Arc<Self>, stream: Stream, visits: mpsc::UnboundedSender<Visit>) {
        let ended: Mutex<Option<Visit>> = Mutex::default();
        serve(stream, false, |request| self.answer(request, &ended, &visits)).await;
        if let Some(visit) = ended.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let _ = visits.send(visit);
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        ended: &Mutex<Option<Visit>>,
        visits: &mpsc::UnboundedSender<Visit>,
    ) -> Answer {
        if let Err(refusal) = self.admit(&request) {
            return response::refuse(refusal);
        }
        let end = |visit| *ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(visit);
        // Until it is known better: a browser that leaves in the middle drops all that follows.
        end(Visit::Left);
        let _ = visits.send(Visit::Arrived);
        match (self.mint)().await {
            Ok(url) => {
                end(Visit::HandedOver);
                response::redirect(&url)
            }
            Err(failure) => {
                let (status, html) = error_page::of_failure(&failure);
                end(Visit::Failed(failure));
                response::page(status, html)
            }
        }
    }

    fn admit(&self, request: &Request<Incoming>) -> Result<(), Refusal> {
        if !admit(request, &self.path)?.is_empty() {
            return Err(Refusal::WrongPath);
        }
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget.take(self.clock.instant()).map_err(|wait| Refusal::TooMany { wait })
    }
}
