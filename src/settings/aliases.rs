//! Names that the configuration file gives to instances.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::settings::profile_selection::{LoadedConfig, describe_path};

/// The aliases of `[alias]`, as they were written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aliases {
    targets: Arc<BTreeMap<String, String>>,
    file: Option<PathBuf>,
    /// The aliases that the command used, by the id for which they stand.
    used: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Aliases {
    pub(super) fn of(own: &LoadedConfig) -> Self {
        let targets = own.config.as_ref().map(|config| config.alias.clone()).unwrap_or_default();
        Self { targets: Arc::new(targets), file: own.path.clone(), used: Arc::default() }
    }

    /// What the name stands for: an INSTANCE of the command line, or REGION/INSTANCE.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.targets.get(name).map(String::as_str)
    }

    /// The names with what they stand for.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.targets.iter().map(|(name, target)| (name.as_str(), target.as_str()))
    }

    /// Notes that the user named the instance `id` by an alias, for errors about it.
    pub(crate) fn set_used(&self, name: &str, id: &str) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), name.to_owned());
    }

    /// The alias by which the user named the instance `id`.
    pub(crate) fn used_for(&self, id: &str) -> Option<String> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// The configuration file, for messages.
    pub(crate) fn place(&self) -> String {
        describe_path(self.file.as_deref())
    }
}
