//! What the process must undo before it ends.
//!
//! ```text
//! main: Ctrl-C → request → settled (or 1 s) → run_cleanups → exit
//! work: register(clean-up) → guard; dropping the guard removes the clean-up
//!       delay() → guard, until requested() → release keys → drop the guard
//! ```

use std::io;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;

/// How long [`Shutdown::run_cleanups`] waits for a [`Shutdown::create`] of another thread.
const CREATE_TIMEOUT: Duration = Duration::from_secs(1);
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(10);

static PROCESS: Shutdown = Shutdown::new();

/// The request to end, and the clean-ups to run then.
#[derive(Debug)]
pub struct Shutdown {
    is_requested: AtomicBool,
    requested: Notify,
    delays: AtomicUsize,
    settled: Notify,
    registry: Mutex<Registry>,
}

struct Registry {
    next_id: u64,
    cleanups: Vec<(u64, Cleanup)>,
    /// The clean-ups have run, so no more are accepted.
    is_closed: bool,
}

type Cleanup = Box<dyn FnOnce() + Send>;

/// Removes its clean-up when it is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct CleanupGuard {
    shutdown: &'static Shutdown,
    id: u64,
}

/// Delays the end of the process while it exists, for at most 1 s.
#[derive(Debug)]
#[must_use]
pub(crate) struct DelayGuard(&'static Shutdown);

impl Shutdown {
    const fn new() -> Self {
        Self {
            is_requested: AtomicBool::new(false),
            requested: Notify::const_new(),
            delays: AtomicUsize::new(0),
            settled: Notify::const_new(),
            registry: Mutex::new(Registry { next_id: 0, cleanups: Vec::new(), is_closed: false }),
        }
    }

    /// The shutdown of this process.
    pub fn of_process() -> &'static Self {
        &PROCESS
    }

    /// Asks all work to come to an end.
    pub(crate) fn request(&self) {
        self.is_requested.store(true, Ordering::SeqCst);
        self.requested.notify_waiters();
    }

    /// Waits for [`Shutdown::request`].
    pub(crate) async fn requested(&self) {
        let mut notified = std::pin::pin!(self.requested.notified());
        // A request after this line is not missed.
        notified.as_mut().enable();
        if !self.is_requested.load(Ordering::SeqCst) {
            notified.await;
        }
    }

    /// Delays the end for work that must finish first, such as releasing keys.
    pub(crate) fn delay(&'static self) -> DelayGuard {
        self.delays.fetch_add(1, Ordering::SeqCst);
        DelayGuard(self)
    }

    /// Waits until there is no [`DelayGuard`].
    pub(crate) async fn settled(&self) {
        loop {
            let notified = self.settled.notified();
            if self.delays.load(Ordering::SeqCst) == 0 {
                return;
            }
            notified.await;
        }
    }

    /// Registers a clean-up. It must not block. `None` if the process is ending.
    pub(crate) fn register(&'static self, cleanup: impl FnOnce() + Send + 'static) -> Option<CleanupGuard> {
        self.create(|| Ok(((), cleanup))).ok().map(|((), guard)| guard)
    }

    /// Creates something together with its clean-up, so that the process cannot end between the two. Fails with
    /// `Interrupted` if the process is ending.
    pub(crate) fn create<T, C: FnOnce() + Send + 'static>(
        &'static self,
        create: impl FnOnce() -> io::Result<(T, C)>,
    ) -> io::Result<(T, CleanupGuard)> {
        let mut registry = self.registry();
        if registry.is_closed {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let (created, cleanup) = create()?;
        let id = registry.next_id;
        registry.next_id += 1;
        registry.cleanups.push((id, Box::new(cleanup)));
        Ok((created, CleanupGuard { shutdown: self, id }))
    }

    /// Runs all clean-ups, the last registered one first, and accepts no more.
    pub fn run_cleanups(&self) {
        let Some(mut registry) = self.try_registry() else {
            return;
        };
        registry.is_closed = true;
        let cleanups = mem::take(&mut registry.cleanups);
        drop(registry);
        cleanups.into_iter().rev().for_each(|(_, cleanup)| cleanup());
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The registry, or `None` if it stays locked: the process must end even if starting a program hangs.
    fn try_registry(&self) -> Option<MutexGuard<'_, Registry>> {
        for _ in 0..CREATE_TIMEOUT.as_millis() / LOCK_POLL_INTERVAL.as_millis() {
            match self.registry.try_lock() {
                Ok(registry) => return Some(registry),
                Err(TryLockError::Poisoned(error)) => return Some(error.into_inner()),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_POLL_INTERVAL),
            }
        }
        None
    }
}

impl CleanupGuard {
    /// Runs the clean-up now, unless it has run already.
    pub(crate) fn run(&self) {
        if let Some(cleanup) = self.take() {
            cleanup();
        }
    }

    fn take(&self) -> Option<Cleanup> {
        let cleanups = &mut self.shutdown.registry().cleanups;
        let index = cleanups.iter().position(|(id, _)| *id == self.id)?;
        Some(cleanups.remove(index).1)
    }
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        self.take();
    }
}

impl Drop for DelayGuard {
    fn drop(&mut self) {
        if self.0.delays.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.settled.notify_one();
        }
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("cleanups", &self.cleanups.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "shutdown_tests.rs"]
pub(crate) mod tests;
