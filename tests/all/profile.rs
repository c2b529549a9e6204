//! `profile list`, `show` and `add`, and the file they work on.

use std::fs;

use crate::sandbox::Sandbox;

const FILE: &str = "# my profiles\ndefault_profile = 'usual'\n\n[profile.usual]\nregion_id = 'cn-beijing' # home\n\
                    access_key_id = 'LTAI5tQnAbCdEfGhIjKlMnOp'\naccess_key_secret = 'hunter2hunter2'\n\
                    sts_token = 'tokentoken'\nvnc_password = 'abc123'\n";

const SECRETS: [&str; 4] = ["LTAI5tQnAbCdEfGhIjKlMnOp", "hunter2hunter2", "tokentoken", "abc123"];

fn home() -> Sandbox {
    let sandbox = Sandbox::new();
    let file = sandbox.config_file().display().to_string();
    sandbox.env("ECS_VNC_CONFIG", &file)
}

fn text(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.config_file()).unwrap()
}

#[test]
fn list_shows_all_and_marks_the_default() {
    let run = Sandbox::new().config(FILE).run(&["profile", "list"]).ends(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let titles: Vec<&str> = lines[0].split("  ").map(str::trim).filter(|title| !title.is_empty()).collect();
    assert_eq!(titles, ["NAME", "MODE", "REGION", "ACCESSKEY ID", "FILE"]);
    assert!(lines[1].starts_with("* usual") && lines[1].contains("cn-beijing") && lines[1].contains("LTAI****MnOp"));
    assert!(lines[2].starts_with("  demo ") && lines[2].ends_with("built in"));
    // Each title stands over its column.
    for (title, cell) in [("NAME", "usual"), ("REGION", "cn-beijing"), ("ACCESSKEY ID", "LTAI****MnOp")] {
        assert_eq!(lines[0].find(title), lines[1].find(cell), "{}", run.stdout);
    }
    let run = Sandbox::new().config(FILE).run(&["profile", "list", "-o", "json"]).ends(0);
    assert_eq!(run.json()[0]["Name"], "usual");
    assert_eq!((&run.json()[0]["IsDefault"], &run.json()[1]["IsDefault"]), (&true.into(), &false.into()));
}

#[test]
fn show_masks_secrets_and_says_where_the_key_came_from() {
    let sandbox = Sandbox::new().config(FILE);
    let place = format!("profile usual in {}", sandbox.config_file().display());
    for args in [&["profile", "show"][..], &["profile", "show", "usual"], &["profile", "show", "usual", "-o", "json"]] {
        let run = sandbox.run(args).ends(0);
        assert!(run.stdout.contains("LTAI****MnOp") && run.stdout.contains(&place), "{}", run.stdout);
        assert!(run.stdout.contains("https://ecs.cn-beijing.aliyuncs.com"), "{}", run.stdout);
        assert!(SECRETS.iter().all(|secret| !run.stdout.contains(secret)), "{}", run.stdout);
    }
    sandbox.run(&["profile", "show", "usaul"]).ends(4).says(&["no profile usaul", "did you mean usual?"]);
}

#[test]
fn add_from_stdin_writes_a_private_file() {
    let sandbox = home().stdin("LTAI5tQnAbCdEfGhIjKlMnOp\nhunter2hunter2\n");
    let run = sandbox.run(&["profile", "add", "prod", "--region", "cn-hangzhou", "--no-verify"]).ends(0);
    assert!(run.stdout.is_empty());
    run.says(&["added profile prod to", "as the default profile"]);
    let expected = "default_profile = \"prod\"\n\n[profile.prod]\nregion_id = \"cn-hangzhou\"\n\
                    access_key_id = \"LTAI5tQnAbCdEfGhIjKlMnOp\"\naccess_key_secret = \"hunter2hunter2\"\n";
    assert_eq!(text(&sandbox), expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&sandbox.config_file()), 0o600);
        assert_eq!(mode(sandbox.config_file().parent().unwrap()), 0o700);
        let beside = fs::read_dir(sandbox.config_file().parent().unwrap()).unwrap().count();
        assert_eq!(beside, 1, "no temporary file is left");
    }
    sandbox.run(&["vnc-url", "--endpoint", "http://127.0.0.1:1", "i-1"]).ends(10);
}

#[test]
fn add_from_the_environment_keeps_what_stands_there() {
    let sandbox = Sandbox::new()
        .config(FILE)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "STS.id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "env-secret")
        .env("ALIBABA_CLOUD_SECURITY_TOKEN", "env-token")
        .env("ALIBABA_CLOUD_REGION_ID", "ap-southeast-1");
    sandbox.run(&["profile", "add", "new", "--from-env", "--no-verify"]).ends(0);
    let written = text(&sandbox);
    assert!(written.starts_with(FILE), "{written}");
    assert!(written.ends_with("sts_token = \"env-token\"\n") && written.contains("\"ap-southeast-1\""), "{written}");
    let refused = sandbox.run(&["profile", "add", "usual", "--from-env", "--no-verify"]).ends(2);
    refused.says(&["profile usual already exists in", "--force"]);
    assert_eq!(text(&sandbox), written);
    sandbox.run(&["profile", "add", "usual", "--from-env", "--force", "--no-verify"]).ends(0);
    let replaced = text(&sandbox);
    assert!(!replaced.contains("hunter2") && replaced.contains("# my profiles") && replaced.contains("abc123"));
}

#[test]
fn add_refuses_what_cannot_work_and_writes_nothing() {
    let add = |stdin: &str, args: &[&str], exit: i32, word: &str| {
        let sandbox = home().stdin(stdin);
        let run = sandbox.run(&[&["profile", "add", "--no-verify"], args].concat()).ends(exit).says(&[word]);
        assert!(!run.stderr.contains("sec ret"), "{}", run.stderr);
        assert!(!sandbox.config_file().exists());
    };
    add("id\n", &["p"], 2, "AccessKeySecret");
    add("", &["p"], 2, "no AccessKeyId");
    add("id\nsec ret\n", &["p"], 2, "AccessKeySecret is empty, too long, or contains a space");
    add("id\nsecret\n", &["demo"], 2, "built-in");
    add("id\nsecret\n", &["a b"], 2, "a profile name has");
    add("id\nsecret\n", &["p", "--region", "CN"], 2, "CN");
    add("", &["p", "--from-env"], 3, "ALIBABA_CLOUD_ACCESS_KEY_ID");
}

#[test]
fn of_many_that_add_at_once_none_is_lost() {
    let sandbox = home().stdin("id\nsecret\n");
    std::thread::scope(|scope| {
        for number in 0..12 {
            let sandbox = &sandbox;
            scope.spawn(move || sandbox.run(&["profile", "add", "--no-verify", &format!("p{number}")]).ends(0));
        }
    });
    assert_eq!(text(&sandbox).matches("[profile.p").count(), 12);
}

#[test]
fn a_line_that_is_too_long_is_refused_and_not_taken_for_two() {
    let sandbox = home().stdin(&format!("id\n{}\n", "s".repeat(20_000)));
    sandbox.run(&["profile", "add", "p", "--no-verify"]).ends(2).says(&["longer than 16384 bytes"]);
    assert!(!sandbox.config_file().exists());
}

#[test]
fn the_name_of_the_simulated_account_is_taken() {
    let run = Sandbox::new().config("[profile.demo]\n").run(&["profile", "list"]).ends(2);
    run.says(&["the profile demo is built in", "another name"]);
}

#[test]
fn what_a_file_holds_does_not_reach_the_terminal_raw() {
    let sandbox = Sandbox::new().config("[profile.\"a\\u001b[2J\"]\nregion_id = \"b\\u001b[2J\"\n");
    let run = sandbox.run(&["profile", "list"]).ends(0);
    assert!(run.stdout.contains('\u{FFFD}') && !run.stdout.contains('\u{1b}'));
    let run = sandbox.run(&["profile", "show", "b\u{1b}[2J"]).ends(4);
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_stays_a_link() {
    let sandbox = home().stdin("id\nsecret\n");
    let target = sandbox.path("dotfiles.toml");
    fs::create_dir_all(sandbox.config_file().parent().unwrap()).unwrap();
    // Its target may be yet to be written.
    std::os::unix::fs::symlink("../dotfiles.toml", sandbox.config_file()).unwrap();
    for name in ["p", "q"] {
        sandbox.run(&["profile", "add", name, "--no-verify"]).ends(0);
        assert!(fs::symlink_metadata(sandbox.config_file()).unwrap().is_symlink());
        assert!(fs::read_to_string(&target).unwrap().contains(&format!("[profile.{name}]")));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_warned_about_with_the_mend() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new().config(FILE);
    let file = sandbox.config_file();
    for (mode, warned) in [(0o600, false), (0o400, false), (0o644, true), (0o640, true)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let run = sandbox.run(&["profile", "list"]).ends(0);
        let mend = format!("chmod 600 {}", file.display());
        assert_eq!(run.stderr.contains(&mend), warned, "{mode:o}: {}", run.stderr);
    }
    assert!(sandbox.run(&["profile", "list", "-q"]).ends(0).stderr.is_empty());
}

#[test]
fn a_faulty_file_is_named_with_its_line() {
    let run = |text: &str| Sandbox::new().config(text).run(&["vnc-url", "i-1"]);
    run("[profile.p]\nregoin_id = 'x'\n").ends(2).says(&[
        "config.toml, line 2",
        "`regoin_id`",
        "did you mean region_id?",
    ]);
    let failed = run("[profile.p]\naccess_key_secret = hunter2\n").ends(2).says(&["line 2"]);
    assert!(!failed.stderr.contains("hunter2"));
    let missing = ["profile", "list", "--config", "/nonexistent.toml"];
    Sandbox::new().run(&missing).ends(2).says(&["/nonexistent.toml", "--config"]);
    home().run(&["profile", "list"]).ends(2).says(&["ECS_VNC_CONFIG", "profile add"]);
}

#[test]
fn no_home_is_no_reason_to_fail() {
    let sandbox = Sandbox::new().env("HOME", "");
    sandbox.run(&["vnc-url", "--profile", "demo", "i-demo-linux"]).ends(0);
    sandbox.run(&["profile", "list"]).ends(0);
}

#[test]
fn add_removes_what_a_killed_one_left() {
    let sandbox = Sandbox::new().config(FILE).stdin("LTAI5tQnAbCdEfGhIjKlMnOp\nhunter2hunter2\n");
    let dir = sandbox.config_file().parent().unwrap().to_owned();
    for name in [".ecs-vnc-a1B2c3.tmp", ".ecs-vnc-notes", "other.tmp"] {
        fs::write(dir.join(name), "hunter2").unwrap();
    }
    sandbox.run(&["profile", "add", "prod", "--region", "cn-hangzhou", "--no-verify"]).ends(0);
    let mut left: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [".ecs-vnc-notes", "config.toml", "other.tmp"]);
}

/// Only root can give a file away.
#[cfg(unix)]
#[test]
fn a_configuration_of_another_user_draws_a_warning() {
    let sandbox = Sandbox::new().config(FILE);
    if std::os::unix::fs::chown(sandbox.config_file(), Some(65_534), None).is_err() {
        return;
    }
    sandbox.run(&["profile", "list"]).ends(0).says(&["config.toml belongs to another user", "--config"]);
    let doctor = sandbox.run(&["doctor", "--endpoint", "http://127.0.0.1:1", "--timeout", "1"]);
    assert!(doctor.stdout.contains("config.toml belongs to another user"), "{doctor:#?}");
    std::os::unix::fs::chown(sandbox.config_file(), Some(0), None).unwrap();
    let own = sandbox.run(&["profile", "list"]).ends(0);
    assert!(own.stderr.is_empty(), "{}", own.stderr);
}
