//! Tests reach no file of the person who runs them, and inherit nothing: what [`Sandbox`] sets is enough.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::sandbox::{Run, Sandbox};

/// Where any system or library may look for a user's directories.
const HOME_VARIABLES: [&str; 4] = ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"];

/// Files with which every command that reads one of them fails.
const POISON: [&str; 6] = [
    ".aliyun/config.json",
    ".alibabacloud/credentials.ini",
    ".config/ecs-vnc/config.toml",
    "Library/Application Support/ecs-vnc/config.toml",
    "ecs-vnc/config.toml",
    "AppData/Roaming/ecs-vnc/config.toml",
];

/// A home directory of a person whose files must not be read.
struct Poisoned(tempfile::TempDir);

impl Poisoned {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for name in POISON {
            let file = home.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "{ this is no configuration").unwrap();
        }
        Self(home)
    }

    /// Every file and directory, with the content.
    fn content(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(self.0.path(), &mut found);
        found
    }

    /// The environment of a test, on the machine of this user.
    fn around(&self, sandbox: Sandbox) -> Sandbox {
        let home = self.0.path().to_str().unwrap();
        HOME_VARIABLES.iter().fold(sandbox, |sandbox, name| sandbox.env(name, home))
    }
}

fn collect(dir: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let is_dir = entry.file_type().unwrap().is_dir();
        found.insert(entry.path(), if is_dir { Vec::new() } else { fs::read(entry.path()).unwrap() });
        if is_dir {
            collect(&entry.path(), found);
        }
    }
}

/// Commands that look for configurations, keep credentials, learn glyphs, write profiles, and look for sessions.
fn run_each(sandbox: &Sandbox) -> Vec<Run> {
    [
        &["list", "--profile", "demo", "--region", "cn-hangzhou", "--name", "web-01"][..],
        &["vnc-url", "i-1"],
        &["text", "--profile", "demo", "--learn", "i-demo-linux"],
        &["key", "--profile", "demo", "i-demo-linux", "enter"],
        &["sessions"],
        &["profile", "list"],
    ]
    .into_iter()
    .map(|args| sandbox.run(args))
    .collect()
}

#[test]
fn the_files_of_the_person_who_runs_the_tests_are_neither_read_nor_written() {
    let poisoned = Poisoned::new();
    let before = poisoned.content();
    let runs = run_each(&poisoned.around(Sandbox::new()));
    let expected = run_each(&Sandbox::new());
    assert_eq!(runs.len(), expected.len());
    for (run, expected) in runs.iter().zip(&expected) {
        assert_eq!((run.code, &run.stdout), (expected.code, &expected.stdout), "{run:#?}");
    }
    assert_eq!(poisoned.content(), before);
    // Without the variable of the sandbox, they would have been found.
    if cfg!(unix) {
        let run = poisoned.around(Sandbox::new()).without("ECS_VNC_HOME").run(&["profile", "list"]);
        assert_ne!(run.code, 0, "{run:#?}");
    }
}

/// The same variable moves everything, so the directories that systems name otherwise need a test of their own.
#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn without_the_variable_the_directories_are_those_of_the_system() {
    let sandbox = Sandbox::new().without("ECS_VNC_HOME");
    let file = sandbox.path(".config/ecs-vnc/config.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "[profile.here]\nregion_id = \"cn-beijing\"\n").unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert!(sandbox.run(&["profile", "list"]).ends(0).stdout.contains("here"));
    let other = sandbox.path("other").display().to_string();
    let run = sandbox.env("XDG_CONFIG_HOME", &other).run(&["profile", "list"]);
    assert!(!run.stdout.contains("here"), "{run:#?}");
}

/// A program that nohup has started goes on when its terminal is closed.
#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_stays_ignored() {
    let sandbox = Sandbox::new();
    let script = "trap '' HUP; \"$0\" \"$@\" >out 2>err & pid=$!; until grep -q serving err; do sleep 0.05; done; \
                  kill -HUP $pid; kill -0 $pid && kill -INT $pid; wait $pid; echo $?";
    let mut command = sandbox.in_shell(script, &["demo"]);
    let output = command.current_dir(sandbox.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0\n", "{output:?}");
}
