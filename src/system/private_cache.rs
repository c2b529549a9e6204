//! Small files in the user's cache directory. They hold secrets, so only the user can read them.
//!
//! A file may disappear at any time, and a file that cannot be read counts as missing. Files are replaced atomically, so
//! that concurrent processes never read a partial one.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::system::platform;

/// The maximum length of a file, in bytes.
const MAX_FILE_LEN: usize = 256 << 10;

/// Files that were last written before this time are removed.
const STALE_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A directory of such files. Without a directory nothing is stored.
#[derive(Clone, Debug)]
pub(crate) struct PrivateCache(Option<PathBuf>);

impl PrivateCache {
    /// `ecs-vnc` in the user's cache directory; disabled if the user has none.
    pub(crate) fn in_user_dir() -> Self {
        dirs::cache_dir().map_or_else(Self::disabled, |dir| Self::at(dir.join("ecs-vnc")))
    }

    /// Stores nothing and finds nothing.
    pub(crate) fn disabled() -> Self {
        Self(None)
    }

    /// Uses `dir`, in which all old files are removed.
    pub(crate) fn at(dir: impl Into<PathBuf>) -> Self {
        Self(Some(dir.into()))
    }

    /// The content of the file `name`. A file that other users can access is ignored, because they may have written it.
    pub(crate) fn read(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        let file = self.0.as_ref()?.join(check_name(name).ok()?);
        // Checked before it is opened: opening a pipe would block, and a link may point anywhere.
        if !fs::symlink_metadata(&file).ok()?.is_file() {
            return None;
        }
        let open = File::open(file).ok()?;
        let metadata = open.metadata().ok()?;
        if !metadata.is_file() || !platform::is_private(&metadata) {
            return None;
        }
        // Allocated once: a growing vector leaves copies of the secret in memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE_LEN + 1));
        open.take(MAX_FILE_LEN as u64 + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() <= MAX_FILE_LEN).then_some(bytes)
    }

    /// Stores `bytes` as the file `name`, and removes old files. Fails if `bytes` is longer than 256 KiB.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let name = check_name(name)?;
        let Some(dir) = &self.0 else {
            return Ok(());
        };
        if bytes.len() > MAX_FILE_LEN {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        platform::create_private_dir(dir)?;
        let mut temporary = NamedTempFile::new_in(dir)?; // 0600 from the start
        temporary.write_all(bytes)?;
        let written = temporary.as_file().metadata()?.modified()?;
        temporary.persist(dir.join(name)).map_err(|error| error.error)?;
        remove_stale(dir, written);
        Ok(())
    }
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

/// Refuses names that lead out of the directory or that some file system does not accept.
fn check_name(name: &str) -> io::Result<&str> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.chars().all(fits) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(name)
}

/// Removes old files: credentials of deleted profiles, and temporary files of a crash. `written` is when the newest file
/// was written, by the file system's clock.
fn remove_stale(dir: &Path, written: SystemTime) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|file| file.modified()).ok();
        if age.and_then(|modified| written.duration_since(modified).ok()).is_some_and(|age| age > STALE_AGE) {
            // Another process may have removed it already.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn cache() -> (tempfile::TempDir, PathBuf, PrivateCache) {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("above/ecs-vnc");
        let cache = PrivateCache::at(&dir);
        (home, dir, cache)
    }

    fn text(cache: &PrivateCache, name: &str) -> Option<String> {
        cache.read(name).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn a_written_file_is_read_back() {
        let (_home, dir, cache) = cache();
        assert!(cache.read("a.json").is_none());
        for value in ["one", "two", ""] {
            cache.write("a.json", value.as_bytes()).unwrap();
            assert_eq!(text(&cache, "a.json").as_deref(), Some(value));
        }
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no temporary file is left");
        let none = PrivateCache::disabled();
        none.write("a.json", b"x").unwrap();
        assert!(none.read("a.json").is_none());
    }

    #[test]
    fn a_file_that_is_too_long_counts_as_missing() {
        let (_home, dir, cache) = cache();
        cache.write("a", &vec![b'x'; MAX_FILE_LEN]).unwrap();
        assert_eq!(cache.read("a").unwrap().len(), MAX_FILE_LEN);
        assert!(cache.write("a", &vec![b'x'; MAX_FILE_LEN + 1]).is_err(), "it could not be read back");
        fs::write(dir.join("a"), vec![b'x'; MAX_FILE_LEN + 1]).unwrap();
        assert!(cache.read("a").is_none());
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_directory() {
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
    fn a_failed_write_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(PrivateCache::at(file.join("below")).write("a", b"x").is_err());
        assert!(PrivateCache::at(file.join("below")).read("a").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn files_are_private_and_files_that_are_not_are_ignored() {
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
        // The next write makes it private again.
        cache.write("a", b"x").unwrap();
        assert_eq!(text(&cache, "a").as_deref(), Some("x"));
    }

    #[test]
    fn the_next_write_removes_old_files() {
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
        age("old", STALE_AGE + minute);
        age(".tmpLeft", STALE_AGE + minute);
        age("used", STALE_AGE + minute);
        age("young", STALE_AGE - minute);
        cache.write("used", b"y").unwrap();
        let mut left: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["used", "young"]);
    }

    #[test]
    fn concurrent_readers_never_see_a_partial_file() {
        let (_home, _, cache) = cache();
        cache.write("a", &[b'0'; 9000]).unwrap();
        thread::scope(|scope| {
            for digit in b'0'..b'4' {
                let cache = cache.clone();
                scope.spawn(move || {
                    for _ in 0..200 {
                        let written = cache.write("a", &[digit; 9000]);
                        // Windows refuses to replace a file that is being read.
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

    /// Expected value by `printf '\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c' | sha256sum`.
    #[test]
    fn the_hash_keeps_parts_apart() {
        assert_eq!(hashed_name(&[b"ab", b"c"]), "601d5476e2ccfe2c87a2bba7a322659734a05749d5b5aa781f513e4912db0d5f");
        assert_ne!(hashed_name(&[b"a", b"bc"]), hashed_name(&[b"ab", b"c"]));
        assert_ne!(hashed_name(&[b"", b"a"]), hashed_name(&[b"a", b""]));
        check_name(&format!("keys-{}.json", hashed_name(&[]))).unwrap();
    }
}
