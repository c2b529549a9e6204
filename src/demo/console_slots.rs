//! Each console has one session: a new one takes the place of the old one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The sessions by InstanceId. Dropping the sender wakes the session, which is then taken over.
type Holders = HashMap<Arc<str>, oneshot::Sender<()>>;

/// The consoles that have a session; the others take no memory.
#[derive(Debug, Default)]
pub(crate) struct ConsoleSlots(Arc<Mutex<Holders>>);

/// A session's place at a console, which becomes free when this is dropped.
#[derive(Debug)]
pub(crate) struct ConsoleSlot {
    holders: Arc<Mutex<Holders>>,
    instance: Arc<str>,
    taken_over: oneshot::Receiver<()>,
}

impl ConsoleSlots {
    /// Takes the slot of an instance. As at the service, a session that has it is disconnected.
    pub(crate) fn take_slot(&self, instance: &Arc<str>) -> ConsoleSlot {
        let (sender, taken_over) = oneshot::channel();
        lock(&self.0).insert(instance.clone(), sender);
        ConsoleSlot { holders: self.0.clone(), instance: instance.clone(), taken_over }
    }
}

impl ConsoleSlot {
    /// Waits until another session has taken the slot.
    pub(crate) async fn taken_over(&mut self) {
        // The sender is only dropped, never used.
        _ = (&mut self.taken_over).await;
    }
}

impl Drop for ConsoleSlot {
    fn drop(&mut self) {
        self.taken_over.close();
        let mut holders = lock(&self.holders);
        // Closing the receiver closes this session's sender, not that of a later session.
        if holders.get(&self.instance).is_some_and(oneshot::Sender::is_closed) {
            holders.remove(&self.instance);
        }
    }
}

fn lock(holders: &Mutex<Holders>) -> MutexGuard<'_, Holders> {
    holders.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn is_over(slot: &mut ConsoleSlot) -> bool {
        slot.taken_over().now_or_never().is_some()
    }

    #[test]
    fn the_latest_session_has_the_slot() {
        let (slots, one, other) = (ConsoleSlots::default(), Arc::from("i-1"), Arc::from("i-2"));
        let (mut first, mut elsewhere) = (slots.take_slot(&one), slots.take_slot(&other));
        assert!(!is_over(&mut first));
        let mut second = slots.take_slot(&one);
        assert!(is_over(&mut first) && !is_over(&mut second) && !is_over(&mut elsewhere));
        // A session that ends late does not free the slot of the next one.
        drop(first);
        assert!(!is_over(&mut second));
        let mut third = slots.take_slot(&one);
        assert!(is_over(&mut second) && !is_over(&mut third) && !is_over(&mut elsewhere));
    }

    #[test]
    fn nothing_is_left_of_10_000_sessions() {
        let (slots, instance) = (ConsoleSlots::default(), Arc::from("i-1"));
        let mut before = None;
        for number in 0..10_000 {
            let slot = slots.take_slot(&instance);
            // Every third session ends before the next one begins.
            before = (number % 3 != 0).then_some(slot);
            assert!(lock(&slots.0).len() <= 1);
        }
        drop(before);
        assert!(lock(&slots.0).is_empty());
        assert_eq!((Arc::strong_count(&slots.0), Arc::strong_count(&instance)), (1, 1));
    }
}
