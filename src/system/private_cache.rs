//! Small files in the user's cache directory. They hold secrets, so only the user can read them.
//!
//! A file may disappear at any time, and a file that cannot be read counts as missing. Files are replaced atomically, so
//! that concurrent processes never read a partial one. Links and the files of other users are neither read nor removed.

use std::fs::{self, DirEntry};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::system::environment::Environment;
use crate::system::{directories, platform, temporary};

/// The maximum length of a file, in bytes.
const MAX_FILE_LEN: usize = 256 << 10;

/// Files that were last written before this time are removed.
const STALE_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The length of a [`hashed_name`].
const HASH_LEN: usize = 64;

/// A directory of such files. Without a directory nothing is stored.
#[derive(Clone, Debug)]
pub(crate) struct PrivateCache(Option<PathBuf>);

impl PrivateCache {
    /// `ecs-vnc` in the user's cache directory; disabled if the user has none.
    pub(crate) fn in_user_dir() -> Self {
        directories::cache(&Environment::from_process())
            .map_or_else(Self::disabled, |dir| Self::at(dir.join("ecs-vnc")))
    }

    /// Stores nothing and finds nothing.
    pub(crate) fn disabled() -> Self {
        Self(None)
    }

    /// Uses `dir`, in which old files of the cache are removed.
    pub(crate) fn at(dir: impl Into<PathBuf>) -> Self {
        Self(Some(dir.into()))
    }

    /// The content of the file `name`. A link, a file of another user and a file that other users can access are ignored,
    /// because others may have written them.
    pub(crate) fn read(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        let dir = self.0.as_ref()?;
        check_name(name).and_then(|()| check_dir(dir)).ok()?;
        let open = platform::open_own_file(&dir.join(name)).ok()?;
        if !platform::is_private(&open.metadata().ok()?) {
            return None;
        }
        // Allocated once: a growing vector leaves copies of the secret in memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE_LEN + 1));
        open.take(MAX_FILE_LEN as u64 + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() <= MAX_FILE_LEN).then_some(bytes)
    }

    /// Stores `bytes` as the file `name`, and removes old files of the cache. Fails if `bytes` is longer than 256 KiB, or
    /// if the directory is a link or belongs to another user.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        check_name(name)?;
        let Some(dir) = &self.0 else {
            return Ok(());
        };
        if bytes.len() > MAX_FILE_LEN {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        platform::create_private_dir(dir)?;
        check_dir(dir)?;
        let mut temporary = temporary::create_in(dir)?; // private from the start
        temporary.write_all(bytes)?;
        let written = temporary.as_file().metadata()?.modified()?;
        temporary::persist(temporary, &dir.join(name))?;
        remove_stale(dir, written);
        Ok(())
    }

    /// The names of the files KIND-HASH.json.
    pub(crate) fn names(&self, kind: &str) -> Vec<String> {
        let Some(dir) = self.0.as_ref().filter(|dir| check_dir(dir).is_ok()) else { return Vec::new() };
        let entries = fs::read_dir(dir).into_iter().flatten().flatten().filter(is_made_here);
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.split_once('-').is_some_and(|(found, _)| found == kind)).collect()
    }

    /// Removes the file `name`, if it is there.
    pub(crate) fn remove(&self, name: &str) {
        if let Some(dir) = self.0.as_ref().filter(|dir| check_name(name).and_then(|()| check_dir(dir)).is_ok()) {
            // Another process may have removed it already.
            let _ = fs::remove_file(dir.join(name));
        }
    }
}

/// Refuses a link, which may lead to any other directory, and a directory of another user.
fn check_dir(dir: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(dir)?;
    let fault = match () {
        () if !metadata.is_dir() => "is a link or no directory",
        () if !platform::is_own(&metadata) => "belongs to another user",
        () => return Ok(()),
    };
    Err(io::Error::other(format!("{} {fault}", dir.display())))
}

/// A hash of `parts` in 64 hexadecimal digits, for the name of a file. The parts may be secret.
pub(crate) fn hashed_name(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps ["ab", "c"] and ["a", "bc"] apart.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Accepts KIND-HASH.json, with a kind of lower-case letters and a [`hashed_name`], and KIND.keys. Only such files are made.
fn check_name(name: &str) -> io::Result<()> {
    match has_expiring_name(name) || name.strip_suffix(".keys").is_some_and(is_kind) {
        true => Ok(()),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}

fn is_kind(text: &str) -> bool {
    !text.is_empty() && text.len() <= 16 && text.bytes().all(|c| c.is_ascii_lowercase())
}

/// Whether a file has the name KIND-HASH.json. Only such files are removed when they are old: the others are not loaded from
/// elsewhere again.
fn has_expiring_name(name: &str) -> bool {
    let is_hash = |text: &str| text.len() == HASH_LEN && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    let parts = name.strip_suffix(".json").and_then(|name| name.split_once('-'));
    parts.is_some_and(|(kind, hash)| is_kind(kind) && is_hash(hash))
}

/// The kind of files that stay until they are removed by name: the process that has written one may run for months.
const LASTING_KIND: &str = "session-";

/// Removes old files of the cache: credentials of deleted profiles, and temporary files of a crash. `written` is when the
/// newest file was written, by the file system's clock.
fn remove_stale(dir: &Path, written: SystemTime) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten().filter(is_made_here) {
        if entry.file_name().to_string_lossy().starts_with(LASTING_KIND) {
            continue;
        }
        let age = entry.metadata().and_then(|file| file.modified()).ok();
        if age.and_then(|modified| written.duration_since(modified).ok()).is_some_and(|age| age > STALE_AGE) {
            // Another process may have removed it already.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether the cache made an entry of its directory that it may remove: by its name, its owner, and that it is a file. Follows
/// no link.
fn is_made_here(entry: &DirEntry) -> bool {
    let has_cache_name = has_expiring_name(&entry.file_name().to_string_lossy());
    let is_own_file = || entry.metadata().is_ok_and(|file| file.is_file() && platform::is_own(&file));
    temporary::is_temporary(entry) || (has_cache_name && is_own_file())
}

#[cfg(test)]
#[path = "private_cache_tests.rs"]
mod tests;
