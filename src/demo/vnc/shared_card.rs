//! A console's picture as all see it: whoever sits at the console, and the API that takes a screenshot of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::test_card::TestCard;

/// A test card with an owner more than one.
#[derive(Clone, Debug)]
pub(crate) struct SharedCard(Arc<Mutex<TestCard>>);

impl SharedCard {
    /// Shares a card.
    pub(crate) fn new(card: TestCard) -> Self {
        Self(Arc::new(Mutex::new(card)))
    }

    /// The card, to be changed, for a moment.
    pub(crate) fn lock(&self) -> MutexGuard<'_, TestCard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As it is, at this time.
    pub(crate) fn at(&self, time: DateTime<Utc>) -> TestCard {
        self.lock().clone().at(time)
    }
}
