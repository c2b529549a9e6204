//! Who is there: what `open` needs to know when to end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use super::console_page::PageVisit;

/// Counts what shows that a page is open, and tells when there is a first and when the last has gone.
#[derive(Debug)]
pub(crate) struct Presence {
    count: Mutex<usize>,
    visits: UnboundedSender<PageVisit>,
}

/// Somebody who is there, until it is dropped.
#[derive(Debug)]
pub(crate) struct Present(Arc<Presence>);

impl Presence {
    /// Nobody is there yet.
    pub(crate) fn new(visits: UnboundedSender<PageVisit>) -> Arc<Self> {
        Arc::new(Self { count: Mutex::default(), visits })
    }

    /// Somebody comes.
    pub(crate) fn enter(self: &Arc<Self>) -> Present {
        let mut count = self.count();
        *count += 1;
        if *count == 1 {
            self.tell(PageVisit::Arrived);
        }
        Present(self.clone())
    }

    /// That nobody listens any more is so only when the command is about to end.
    pub(crate) fn tell(&self, visit: PageVisit) {
        let _ = self.visits.send(visit);
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut count = self.0.count();
        *count -= 1;
        if *count == 0 {
            self.0.tell(PageVisit::Left);
        }
    }
}
