//! What is on each instance's screen, from the first look at it on.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::fleet::Instance;
use super::vnc::{Kind, SharedCard, TestCard};

/// The screens that somebody has looked at: there are no more of them than instances.
#[derive(Debug, Default)]
pub(crate) struct TestCards(Mutex<HashMap<String, SharedCard>>);

impl TestCards {
    /// The screen of an instance.
    pub(crate) fn of(&self, instance: &Instance) -> SharedCard {
        let mut cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let kind = if instance.is_windows() { Kind::Windows } else { Kind::Linux };
            let (_, _, system) = instance.system;
            SharedCard::new(TestCard::new(kind, &instance.id, &format!("{}, {system}", instance.name)))
        };
        cards.entry(instance.id.clone()).or_insert_with(new).clone()
    }
}
