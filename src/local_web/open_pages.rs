//! Counts the open tabs of the console page, so that `open` can end when the last one is closed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use super::page_event::PageEvent;

/// Counts the requests and WebSockets that show that a page is open. Sends `Opened` for the first and `Closed` after the
/// last.
#[derive(Debug)]
pub(crate) struct OpenPages {
    count: Mutex<usize>,
    events: UnboundedSender<PageEvent>,
}

/// Counts as an open page until it is dropped.
#[derive(Debug)]
pub(crate) struct OpenPage(Arc<OpenPages>);

impl OpenPages {
    pub(crate) fn new(events: UnboundedSender<PageEvent>) -> Arc<Self> {
        Arc::new(Self { count: Mutex::default(), events })
    }

    pub(crate) fn add(self: &Arc<Self>) -> OpenPage {
        let mut count = self.count();
        *count += 1;
        if *count == 1 {
            self.send(PageEvent::Opened);
        }
        OpenPage(self.clone())
    }

    /// Ignores a closed channel: the command is about to end then.
    pub(crate) fn send(&self, event: PageEvent) {
        let _ = self.events.send(event);
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut count = self.0.count();
        *count -= 1;
        if *count == 0 {
            self.0.send(PageEvent::Closed);
        }
    }
}
