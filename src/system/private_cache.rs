//! Small files that outlive a run, in the user's cache directory. They hold secrets, so only the user can read them.
//!
//! Any of them may be gone at any time, and what cannot be read is as none. A file is replaced in one step, so of
//! several processes at once each reads a whole one.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::system::platform;

/// The most a file may hold, in bytes.
const LIMIT: usize = 256 << 10;

/// What has not been written for so long is of no use to anybody.
const STALE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A directory for such files, or none: then nothing is kept.
#[derive(Clone, Debug)]
pub(crate) struct Cache(Option<PathBuf>);

impl Cache {
    /// In the user's cache directory, where there is one.
    pub(crate) fn of_user() -> Self {
        dirs::cache_dir().map_or_else(Self::none, |dir| Self::at(dir.join("ecs-vnc")))
    }

    /// Keeps nothing.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// In `dir`, which holds nothing else: what is old in it is removed.
    pub(crate) fn at(dir: impl Into<PathBuf>) -> Self {
        Self(Some(dir.into()))
    }

    /// What was kept as `name`. A file that others can read is not taken, for they may have written it as well.
    pub(crate) fn read(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        let file = self.0.as_ref()?.join(plain(name).ok()?);
        // Before it is opened: a pipe would be waited for, and a link leads elsewhere.
        if !fs::symlink_metadata(&file).ok()?.is_file() {
            return None;
        }
        let open = File::open(file).ok()?;
        let metadata = open.metadata().ok()?;
        if !metadata.is_file() || !platform::is_private(&metadata) {
            return None;
        }
        // Room for all of it at once: a vector that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
        open.take(LIMIT as u64 + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() <= LIMIT).then_some(bytes)
    }

    /// Keeps `bytes` as `name`, and removes what is stale.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let name = plain(name)?;
        let Some(dir) = &self.0 else {
            return Ok(());
        };
        if bytes.len() > LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        platform::create_private_dir(dir)?;
        let mut beside = NamedTempFile::new_in(dir)?; // 0600 from the start
        beside.write_all(bytes)?;
        let written = beside.as_file().metadata()?.modified()?;
        beside.persist(dir.join(name)).map_err(|error| error.error)?;
        sweep(dir, written);
        Ok(())
    }
}

/// Part of a name, for something that is known by all of `parts` and may hold secrets.
pub(crate) fn key(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // With its length before it, no part can pass for two.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name that leads nowhere else, and that every file system takes.
fn plain(name: &str) -> io::Result<&str> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.chars().all(fits) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(name)
}

/// Removes the keys of profiles that are gone, and what a crash left half-written. Ages are taken against the file that
/// was just written, so no clock is asked, and the file system's own counts.
fn sweep(dir: &Path, written: SystemTime) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|file| file.modified()).ok();
        if age.and_then(|modified| written.duration_since(modified).ok()).is_some_and(|age| age > STALE) {
            // Another process may have been faster.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn cache() -> (tempfile::TempDir, PathBuf, Cache) {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("above/ecs-vnc");
        let cache = Cache::at(&dir);
        (home, dir, cache)
    }

    fn text(cache: &Cache, name: &str) -> Option<String> {
        cache.read(name).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn what_is_written_is_read() {
        let (_home, dir, cache) = cache();
        assert!(cache.read("a.json").is_none());
        for value in ["one", "two", ""] {
            cache.write("a.json", value.as_bytes()).unwrap();
            assert_eq!(text(&cache, "a.json").as_deref(), Some(value));
        }
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "nothing is left beside it");
        let none = Cache::none();
        none.write("a.json", b"x").unwrap();
        assert!(none.read("a.json").is_none());
    }

    #[test]
    fn what_is_too_long_is_as_none() {
        let (_home, dir, cache) = cache();
        cache.write("a", &vec![b'x'; LIMIT]).unwrap();
        assert_eq!(cache.read("a").unwrap().len(), LIMIT);
        assert!(cache.write("a", &vec![b'x'; LIMIT + 1]).is_err(), "it would be written for nobody");
        fs::write(dir.join("a"), vec![b'x'; LIMIT + 1]).unwrap();
        assert!(cache.read("a").is_none());
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let (_home, dir, cache) = cache();
        cache.write("a", b"x").unwrap();
        fs::write(dir.join("../outside"), "x").unwrap();
        for bad in ["", ".", "..", "../outside", ".hidden", "a/b", "a\\b", "C:x", "A", "a\0", &"a".repeat(101)] {
            assert!(cache.read(bad).is_none(), "{bad}");
            assert_eq!(cache.write(bad, b"x").unwrap_err().kind(), io::ErrorKind::InvalidInput, "{bad}");
        }
        assert!(dir.join("../outside").exists());
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Cache::at(file.join("below")).write("a", b"x").is_err());
        assert!(Cache::at(file.join("below")).read("a").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_can_read_it_or_it_is_not_taken() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (_home, dir, cache) = cache();
        cache.write("a", b"hunter2").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(&dir), mode(&dir.join("a"))), (0o700, 0o600));
        symlink(dir.join("a"), dir.join("link")).unwrap();
        fs::create_dir(dir.join("dir")).unwrap();
        for name in ["link", "dir"] {
            assert!(cache.read(name).is_none(), "{name}");
        }
        for open in [0o640, 0o604, 0o620] {
            fs::set_permissions(dir.join("a"), fs::Permissions::from_mode(open)).unwrap();
            assert!(cache.read("a").is_none(), "{open:o}");
        }
        // Written anew, it is closed again.
        cache.write("a", b"x").unwrap();
        assert_eq!(text(&cache, "a").as_deref(), Some("x"));
    }

    #[test]
    fn what_is_stale_goes_with_the_next_write() {
        let (_home, dir, cache) = cache();
        for name in ["old", "young", "used"] {
            cache.write(name, b"x").unwrap();
        }
        fs::write(dir.join(".tmpLeft"), "x").unwrap();
        let now = fs::metadata(dir.join("used")).unwrap().modified().unwrap();
        let age = |name: &str, age: Duration| {
            File::options().append(true).open(dir.join(name)).unwrap().set_modified(now - age).unwrap();
        };
        let minute = Duration::from_secs(60);
        age("old", STALE + minute);
        age(".tmpLeft", STALE + minute);
        age("used", STALE + minute);
        age("young", STALE - minute);
        cache.write("used", b"y").unwrap();
        let mut left: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["used", "young"]);
    }

    #[test]
    fn of_many_at_once_each_reads_a_whole_value() {
        let (_home, _, cache) = cache();
        cache.write("a", &[b'0'; 9000]).unwrap();
        thread::scope(|scope| {
            for digit in b'0'..b'4' {
                let cache = cache.clone();
                scope.spawn(move || {
                    for _ in 0..200 {
                        let written = cache.write("a", &[digit; 9000]);
                        // Windows refuses to replace what is just being read.
                        assert!(written.is_ok() || cfg!(windows), "{written:?}");
                        if let Some(bytes) = cache.read("a") {
                            assert!(bytes.len() == 9000 && bytes.iter().all(|byte| *byte == bytes[0]));
                        }
                    }
                });
            }
        });
        assert!(cache.read("a").is_some());
    }

    /// By `printf '\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c' | sha256sum`.
    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_eq!(key(&[b"ab", b"c"]), "601d5476e2ccfe2c87a2bba7a322659734a05749d5b5aa781f513e4912db0d5f");
        assert_ne!(key(&[b"a", b"bc"]), key(&[b"ab", b"c"]));
        assert_ne!(key(&[b"", b"a"]), key(&[b"a", b""]));
        plain(&format!("keys-{}.json", key(&[]))).unwrap();
    }
}
