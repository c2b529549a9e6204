//! Each instance's console has one seat: whoever comes takes it, and whoever had it must go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// By instance, what wakes whoever is at its console: the sender's end.
type Taken = HashMap<Arc<str>, oneshot::Sender<()>>;

/// The seats that are taken; a free one takes no memory.
#[derive(Debug, Default)]
pub(crate) struct ConsoleSlots(Arc<Mutex<Taken>>);

/// A place at an instance's console, given back when dropped.
#[derive(Debug)]
pub(crate) struct ConsoleSlot {
    seats: Arc<Mutex<Taken>>,
    instance: Arc<str>,
    taken_over: oneshot::Receiver<()>,
}

impl ConsoleSlots {
    /// Takes the seat of `instance`, from whomever has it: the service, too, drops the first session for the second.
    pub(crate) fn take(&self, instance: &Arc<str>) -> ConsoleSlot {
        let (sender, taken_over) = oneshot::channel();
        lock(&self.0).insert(instance.clone(), sender);
        ConsoleSlot { seats: self.0.clone(), instance: instance.clone(), taken_over }
    }
}

impl ConsoleSlot {
    /// Waits until somebody else has taken the seat.
    pub(crate) async fn taken_over(&mut self) {
        // Nobody sends: the sender's end is the message.
        _ = (&mut self.taken_over).await;
    }
}

impl Drop for ConsoleSlot {
    fn drop(&mut self) {
        self.taken_over.close();
        let mut taken = lock(&self.seats);
        // Only one's own sender is closed by that; a successor's stays.
        if taken.get(&self.instance).is_some_and(oneshot::Sender::is_closed) {
            taken.remove(&self.instance);
        }
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn is_over(seat: &mut ConsoleSlot) -> bool {
        seat.taken_over().now_or_never().is_some()
    }

    #[test]
    fn the_last_to_come_has_the_seat() {
        let (seats, one, other) = (ConsoleSlots::default(), Arc::from("i-1"), Arc::from("i-2"));
        let (mut first, mut elsewhere) = (seats.take(&one), seats.take(&other));
        assert!(!is_over(&mut first));
        let mut second = seats.take(&one);
        assert!(is_over(&mut first) && !is_over(&mut second) && !is_over(&mut elsewhere));
        // Leaving late takes nothing from the successor.
        drop(first);
        assert!(!is_over(&mut second));
        let mut third = seats.take(&one);
        assert!(is_over(&mut second) && !is_over(&mut third) && !is_over(&mut elsewhere));
    }

    #[test]
    fn nothing_is_left_of_10_000_sessions() {
        let (seats, instance) = (ConsoleSlots::default(), Arc::from("i-1"));
        let mut before = None;
        for number in 0..10_000 {
            let seat = seats.take(&instance);
            // Every third leaves before the next one comes.
            before = (number % 3 != 0).then_some(seat);
            assert!(lock(&seats.0).len() <= 1);
        }
        drop(before);
        assert!(lock(&seats.0).is_empty());
        assert_eq!((Arc::strong_count(&seats.0), Arc::strong_count(&instance)), (1, 1));
    }
}
