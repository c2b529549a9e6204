//! Temporary keys are kept from one run to the next, for whom they are, while they work.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ecs_vnc::demo::{self, Options};
use ecs_vnc::system::clock::Clock;

use crate::sandbox::{Run, Sandbox, account};

/// An account that counts how often a role was assumed.
struct Place {
    endpoint: String,
    assumed: Arc<AtomicUsize>,
}

impl Place {
    fn new() -> Self {
        let assumed = Arc::new(AtomicUsize::new(0));
        let counter = assumed.clone();
        let endpoint = account(Options::new(Clock::system()).listener(move |event| {
            if let demo::Event::Answered { action: "AssumeRole", .. } = event {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }));
        Self { endpoint, assumed }
    }

    fn home(&self) -> Sandbox {
        let cache = Sandbox::new();
        let dir = cache.path("cache").display().to_string();
        // What `dirs` knows as the user's cache directory: Linux, macOS.
        let cache = cache.env("XDG_CACHE_HOME", &dir);
        cache.config(&self.text(demo::ACCESS_KEY_SECRET, "alice"))
    }

    fn text(&self, secret: &str, session: &str) -> String {
        let (endpoint, id, role) = (&self.endpoint, demo::ACCESS_KEY_ID, demo::ROLE);
        format!(
            "[profile.default]\nmode = 'RamRoleArn'\nregion_id = '{}'\naccess_key_id = '{id}'\n\
             access_key_secret = '{secret}'\nram_role_arn = '{role}'\nram_session_name = '{session}'\n\
             sts_endpoint = '{endpoint}'\nendpoint = '{endpoint}'\n",
            demo::REGION
        )
    }

    /// The same, and a profile `inner` whose role is assumed with the default's keys.
    fn with_inner(&self) -> String {
        let (endpoint, role) = (&self.endpoint, demo::ROLE_CHAINED);
        let inner = format!(
            "[profile.inner]\nmode = 'ChainableRamRoleArn'\nsource_profile = 'default'\nram_role_arn = '{role}'\n\
             sts_endpoint = '{endpoint}'\nendpoint = '{endpoint}'\nregion_id = '{}'\n",
            demo::REGION
        );
        self.text(demo::ACCESS_KEY_SECRET, "alice") + &inner
    }

    fn assumed(&self) -> usize {
        self.assumed.load(Ordering::Relaxed)
    }
}

fn ask(home: &Sandbox, more: &[&str]) -> Run {
    home.run(&[&["vnc-url", "--no-windows", "i-demo-linux"], more].concat())
}

/// Makes the kept keys ones that the account does not know any more.
fn take_back(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    fs::write(file, text.replace(kept["access_key_id"].as_str().unwrap(), "STS.taken-back")).unwrap();
}

/// The files that were kept.
fn kept(home: &Sandbox) -> Vec<PathBuf> {
    let dirs = [home.path("cache/ecs-vnc"), home.path("Library/Caches/ecs-vnc")];
    let mut files: Vec<PathBuf> =
        dirs.iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn they_are_asked_for_once() {
    let place = Place::new();
    let home = place.home();
    for _ in 0..3 {
        ask(&home, &[]).ends(0);
    }
    assert_eq!((place.assumed(), kept(&home).len()), (1, 1));
    let name = kept(&home)[0].file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with("keys-") && !name.contains("demo"), "{name}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&kept(&home)[0]), mode(kept(&home)[0].parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn whoever_is_not_the_same_does_not_get_them() {
    let place = Place::new();
    let home = place.home();
    ask(&home, &[]).ends(0);
    fs::write(home.config_file(), place.text(demo::ACCESS_KEY_SECRET, "bob")).unwrap();
    ask(&home, &[]).ends(0);
    assert_eq!((place.assumed(), kept(&home).len()), (2, 2));
    // Nor does one who has the wrong secret.
    fs::write(home.config_file(), place.text("wrong-secret", "alice")).unwrap();
    ask(&home, &[]).ends(3).says(&["SignatureDoesNotMatch"]);
    assert_eq!(kept(&home).len(), 2);
}

#[test]
fn a_flag_passes_by() {
    let place = Place::new();
    let home = place.home();
    ask(&home, &["--no-cache"]).ends(0);
    assert_eq!((place.assumed(), kept(&home).len()), (1, 0));
    ask(&home, &[]).ends(0);
    ask(&home, &["--no-cache"]).ends(0);
    assert_eq!(place.assumed(), 3);
}

#[test]
fn what_is_damaged_or_nearly_over_is_renewed() {
    let place = Place::new();
    let home = place.home();
    ask(&home, &[]).ends(0);
    let file = kept(&home).remove(0);
    let text = fs::read_to_string(&file).unwrap();
    let until: i64 = serde_json::from_str::<serde_json::Value>(&text).unwrap()["sts_expiration"].as_i64().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    assert!((3500..=3600).contains(&(until - now)), "an hour, as the service gives them: {}", until - now);
    let four_minutes = text.replace(&until.to_string(), &(now + 240).to_string());
    let six_minutes = text.replace(&until.to_string(), &(now + 360).to_string());
    for (kept, assumed) in [(six_minutes.as_str(), 1), (&four_minutes, 2), (&text[..40], 3), ("", 4)] {
        fs::write(&file, kept).unwrap();
        ask(&home, &[]).ends(0);
        assert_eq!(place.assumed(), assumed, "{kept}");
    }
}

#[test]
fn keys_that_were_taken_back_are_replaced() {
    let place = Place::new();
    let home = place.home();
    ask(&home, &[]).ends(0);
    let file = kept(&home).remove(0);
    take_back(&file);
    ask(&home, &[]).ends(0);
    assert_eq!(place.assumed(), 2);
    ask(&home, &[]).ends(0);
    assert_eq!(place.assumed(), 2, "the new ones are kept");

    // Behind another role they are asked for anew at once.
    fs::write(home.config_file(), place.with_inner()).unwrap();
    take_back(&file);
    ask(&home, &["--profile", "inner"]).ends(0);
    assert_eq!(kept(&home).len(), 2);
}

#[test]
fn several_at_once_do_no_harm() {
    let place = Place::new();
    let home = place.home();
    let children = Mutex::new(Vec::new());
    for _ in 0..8 {
        children.lock().unwrap().push(home.spawn(&["vnc-url", "--no-windows", "i-demo-linux"]));
    }
    for child in children.into_inner().unwrap() {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(kept(&home).len(), 1);
    let before = place.assumed();
    ask(&home, &[]).ends(0);
    assert_eq!(place.assumed(), before);
}

#[test]
fn a_home_that_keeps_nothing_is_no_reason_to_fail() {
    let place = Place::new();
    // A file where the directory should be.
    let home = place.home();
    fs::write(home.path("cache"), "").unwrap();
    ask(&home, &[]).ends(0);
    ask(&home, &["-v"]).ends(0).says(&["temporary credentials could not be cached"]);
    assert_eq!(place.assumed(), 2);
}

#[cfg(unix)]
#[test]
fn keys_of_a_program_are_asked_for_each_time() {
    // It may give another's tomorrow: nothing here says whose they are.
    let place = Place::new();
    let home = place.home();
    let [one, other] = [demo::ACCESS_KEY_ID, "nobody-nobody"].map(|id| {
        format!(
            r#"{{"mode":"AK","access_key_id":"{id}","access_key_secret":"{}","expiration":"2099-01-01T00:00:00Z"}}"#,
            demo::ACCESS_KEY_SECRET
        )
    });
    let program = home.script("keys", &format!("[ -e \"$HOME/other\" ] && echo '{other}' || echo '{one}'"));
    let text = format!(
        "[profile.default]\nmode = 'External'\nprocess_command = '{program}'\nregion_id = '{}'\nendpoint = '{}'\n",
        demo::REGION,
        place.endpoint
    );
    fs::write(home.config_file(), text).unwrap();
    ask(&home, &[]).ends(0);
    fs::write(home.path("other"), "").unwrap();
    ask(&home, &[]).ends(3).says(&["InvalidAccessKeyId.NotFound"]);
    assert!(kept(&home).is_empty());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_forgotten_is_tried_once() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let home = place.home();
    ask(&home, &[]).ends(0);
    let file = kept(&home).remove(0);
    take_back(&file);
    fs::write(home.config_file(), place.with_inner()).unwrap();
    let dir = file.parent().unwrap();
    fs::set_permissions(dir, fs::Permissions::from_mode(0o500)).unwrap();
    ask(&home, &["--profile", "inner"]).ends(0);
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(place.assumed(), 4, "one at first, then with the old keys, for new ones, and with these");
}

#[cfg(unix)]
#[test]
fn a_directory_behind_a_link_is_not_touched() {
    let place = Place::new();
    let home = place.home();
    let documents = home.path("documents");
    fs::create_dir_all(&documents).unwrap();
    fs::create_dir_all(home.path("cache")).unwrap();
    let old = documents.join("thesis.tex");
    fs::write(&old, "x").unwrap();
    fs::File::options().append(true).open(&old).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    std::os::unix::fs::symlink(&documents, home.path("cache/ecs-vnc")).unwrap();
    ask(&home, &["-v"]).ends(0).says(&["temporary credentials could not be cached", "is a link"]);
    let left: Vec<_> = fs::read_dir(&documents).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [old]);
}
