use std::fs::File;
use std::thread;

use super::*;

fn cache() -> (tempfile::TempDir, PathBuf, PrivateCache) {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("above/ecs-vnc");
    let cache = PrivateCache::at(&dir);
    (home, dir, cache)
}

/// A name that the cache accepts.
fn named(kind: &str) -> String {
    format!("{kind}-{}.json", hashed_name(&[]))
}

fn text(cache: &PrivateCache, name: &str) -> Option<String> {
    cache.read(name).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
}

#[test]
fn a_written_file_is_read_back() {
    let (_home, dir, cache) = cache();
    assert!(cache.read(&named("a")).is_none());
    for value in ["one", "two", ""] {
        cache.write(&named("a"), value.as_bytes()).unwrap();
        assert_eq!(text(&cache, &named("a")).as_deref(), Some(value));
    }
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no temporary file is left");
    let none = PrivateCache::disabled();
    none.write(&named("a"), b"x").unwrap();
    assert!(none.read(&named("a")).is_none());
}

#[test]
fn a_file_that_is_too_long_counts_as_missing() {
    let (_home, dir, cache) = cache();
    cache.write(&named("a"), &vec![b'x'; MAX_FILE_LEN]).unwrap();
    assert_eq!(cache.read(&named("a")).unwrap().len(), MAX_FILE_LEN);
    assert!(cache.write(&named("a"), &vec![b'x'; MAX_FILE_LEN + 1]).is_err(), "it could not be read back");
    fs::write(dir.join(named("a")), vec![b'x'; MAX_FILE_LEN + 1]).unwrap();
    assert!(cache.read(&named("a")).is_none());
}

#[test]
fn a_name_cannot_lead_out_of_the_directory() {
    let (_home, dir, cache) = cache();
    cache.write(&named("a"), b"x").unwrap();
    fs::write(dir.join("../outside"), "x").unwrap();
    let good = named("a");
    let long = named(&"a".repeat(17));
    let bad = [
        "",
        ".",
        "..",
        "../outside",
        ".hidden",
        "a.json",
        "a-b.json",
        &long,
        &named(".."),
        &named("A"),
        &named(""),
        "Learned.keys",
        ".keys",
        "../a.keys",
        "a-b.keys",
    ];
    for bad in bad.map(str::to_owned).into_iter().chain(["a/", "C:", "a\0"].map(|kind| good.replace("a-", kind))) {
        let bad = bad.as_str();
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
    assert!(PrivateCache::at(file.join("below")).write(&named("a"), b"x").is_err());
    assert!(PrivateCache::at(file.join("below")).read(&named("a")).is_none());
}

#[cfg(unix)]
#[test]
fn files_are_private_and_files_that_are_not_are_ignored() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (_home, dir, cache) = cache();
    cache.write(&named("a"), b"hunter2").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode(&dir), mode(&dir.join(named("a")))), (0o700, 0o600));
    symlink(dir.join(named("a")), dir.join(named("link"))).unwrap();
    fs::create_dir(dir.join(named("dir"))).unwrap();
    for kind in ["link", "dir"] {
        assert!(cache.read(&named(kind)).is_none(), "{kind}");
    }
    // Only root can test this.
    if std::os::unix::fs::chown(dir.join(named("a")), Some(65_534), None).is_ok() {
        assert!(cache.read(&named("a")).is_none(), "a file of another user");
    }
    for open in [0o640, 0o604, 0o620] {
        fs::set_permissions(dir.join(named("a")), fs::Permissions::from_mode(open)).unwrap();
        assert!(cache.read(&named("a")).is_none(), "{open:o}");
    }
    // The next write makes it private again.
    cache.write(&named("a"), b"x").unwrap();
    assert_eq!(text(&cache, &named("a")).as_deref(), Some("x"));
}

/// Makes a file `age` older than the newest one.
fn set_age(dir: &Path, name: &str, age: Duration) {
    let now = fs::metadata(dir.join(named("used"))).unwrap().modified().unwrap();
    File::options().append(true).open(dir.join(name)).unwrap().set_modified(now - age).unwrap();
}

const OLD: Duration = Duration::from_secs(8 * 24 * 60 * 60);

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_next_write_removes_old_files_of_the_cache_and_no_others() {
    let (_home, dir, cache) = cache();
    let mut others = [".tmpLeft", "thesis.tex", "keys-1.json", ".ecs-vnc-notes"].map(str::to_owned).to_vec();
    for name in [&named("old"), &named("young"), &named("used")] {
        cache.write(name, b"x").unwrap();
    }
    for name in others.iter().map(String::as_str).chain([".ecs-vnc-a1b2c3.tmp"]) {
        fs::write(dir.join(name), "x").unwrap();
        set_age(&dir, name, OLD);
    }
    cache.write("learned.keys", b"x").unwrap();
    set_age(&dir, "learned.keys", OLD);
    set_age(&dir, &named("old"), OLD);
    set_age(&dir, &named("young"), OLD - Duration::from_secs(2 * 24 * 60 * 60));
    set_age(&dir, &named("used"), OLD);
    cache.write(&named("used"), b"y").unwrap();
    // What a person taught is not old after a week.
    others.extend([named("used"), named("young"), "learned.keys".to_owned()]);
    others.sort();
    assert_eq!(names(&dir), others);
}

#[cfg(unix)]
#[test]
fn a_link_and_a_directory_or_file_of_another_user_are_left_alone() {
    use std::os::unix::fs::{chown, symlink};
    let (home, dir, cache) = cache();
    cache.write(&named("used"), b"x").unwrap();
    cache.write(&named("foreign"), b"x").unwrap();
    set_age(&dir, &named("foreign"), OLD);
    symlink("nowhere", dir.join(named("link"))).unwrap();
    // Only root can give a file away.
    let is_root = chown(dir.join(named("foreign")), Some(65_534), None).is_ok();
    cache.write(&named("used"), b"y").unwrap();
    assert!(dir.join(named("link")).is_symlink());
    assert_eq!(dir.join(named("foreign")).exists(), is_root);

    let linked = home.path().join("linked");
    symlink(&dir, &linked).unwrap();
    let through_link = PrivateCache::at(&linked);
    assert!(through_link.read(&named("used")).is_none());
    let error = through_link.write(&named("new"), b"x").unwrap_err().to_string();
    assert!(error.contains("is a link") && !dir.join(named("new")).exists(), "{error}");
    if is_root {
        chown(&dir, Some(65_534), None).unwrap();
        assert!(cache.read(&named("used")).is_none());
        let error = cache.write(&named("new"), b"x").unwrap_err().to_string();
        assert!(error.contains("belongs to another user") && !dir.join(named("new")).exists(), "{error}");
    }
}

#[test]
fn concurrent_readers_never_see_a_partial_file() {
    let (_home, _, cache) = cache();
    cache.write(&named("a"), &[b'0'; 9000]).unwrap();
    thread::scope(|scope| {
        for digit in b'0'..b'4' {
            let cache = cache.clone();
            scope.spawn(move || {
                for _ in 0..200 {
                    let written = cache.write(&named("a"), &[digit; 9000]);
                    // Windows refuses to replace a file that is being read.
                    assert!(written.is_ok() || cfg!(windows), "{written:?}");
                    if let Some(bytes) = cache.read(&named("a")) {
                        assert!(bytes.len() == 9000 && bytes.iter().all(|byte| *byte == bytes[0]));
                    }
                }
            });
        }
    });
    assert!(cache.read(&named("a")).is_some());
}

/// Expected value by `printf '\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c' | sha256sum`.
#[test]
fn the_hash_keeps_parts_apart() {
    assert_eq!(hashed_name(&[b"ab", b"c"]), "601d5476e2ccfe2c87a2bba7a322659734a05749d5b5aa781f513e4912db0d5f");
    assert_ne!(hashed_name(&[b"a", b"bc"]), hashed_name(&[b"ab", b"c"]));
    assert_ne!(hashed_name(&[b"", b"a"]), hashed_name(&[b"a", b""]));
}
