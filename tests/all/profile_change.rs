//! `profile add` with its request, `profile use`, `edit` and `remove`.

use std::fs;

use crate::fake::{Fake, Reply, http};
#[cfg(unix)]
use crate::pty::OnTerminal;
use crate::sandbox::{Sandbox, with_account};

const FILE: &str = "# mine\ndefault_profile = 'usual' # keep\n\n[profile.usual]\nregion_id = 'cn-beijing' # home\n\n\
                    [profile.other]\nmode = 'ChainableRamRoleArn'\nsource_profile = 'usual'\n";

pub(crate) fn text(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.config_file()).unwrap_or_default()
}

/// A home without a configuration file.
fn home() -> Sandbox {
    let sandbox = Sandbox::new();
    let file = sandbox.config_file().display().to_string();
    sandbox.env("ECS_VNC_CONFIG", &file)
}

/// The simulated account, whose keys are on stdin and not in the environment.
pub(crate) fn with_keys(secret: &str) -> Sandbox {
    let sandbox = with_account()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")
        .env("ALIBABA_CLOUD_REGION_ID", "");
    let file = sandbox.config_file().display().to_string();
    sandbox.env("ECS_VNC_CONFIG", &file).stdin(&format!("{}\n{secret}\n", ecs_vnc::demo::ACCESS_KEY_ID))
}

#[test]
fn add_tries_the_keys_and_the_region_and_says_what_is_next() {
    let add = ["profile", "add", "prod", "--region", "cn-hangzhou"];
    let sandbox = with_keys(ecs_vnc::demo::ACCESS_KEY_SECRET);
    sandbox.run(&add).ends(0).says(&["added profile prod", "as the default profile", "next: `ecs-vnc list`"]);
    assert!(text(&sandbox).contains("[profile.prod]"));
    sandbox.run(&["profile", "add", "more", "--region", "cn-hangzhou"]).ends(0).says(&["ecs-vnc profile use more"]);

    let wrong = with_keys("wrong-secret");
    let run = wrong.run(&add).ends(3);
    assert!(!run.stderr.contains("config.toml"), "the profile is in no file: {run:?}");
    run.says(&[
        "the profile was not added: ",
        "SignatureDoesNotMatch",
        "from what was given for the profile prod",
        "--no-verify adds it",
    ]);
    assert!(text(&wrong).is_empty());
    wrong.run(&[&add[..], &["--no-verify"]].concat()).ends(0);

    let nowhere = with_keys(ecs_vnc::demo::ACCESS_KEY_SECRET);
    let refused = nowhere.run(&["profile", "add", "prod", "--region", "cn-hangzou"]).ends(4);
    refused.says(&["the account has no region cn-hangzou", "did you mean cn-hangzhou?"]);
    assert!(text(&nowhere).is_empty());
    let unreachable = with_keys("any").env("ALIBABA_CLOUD_ENDPOINT", "http://127.0.0.1:1");
    unreachable.run(&add).ends(10).says(&["the profile was not added", "--no-verify"]);
    assert!(text(&unreachable).is_empty());
}

#[test]
fn one_request_is_sent_and_a_key_that_may_not_list_regions_is_good_enough() {
    let body = r#"{"RequestId":"R","Code":"Forbidden.RAM","Message":"m"}"#;
    let server = Fake::start(move |_, _| http("403 No", "", body));
    let sandbox = with_keys("any").env("ALIBABA_CLOUD_ENDPOINT", &server.endpoint);
    let run = sandbox.run(&["profile", "add", "prod", "--region", "cn-hangzhou"]).ends(0);
    run.says(&["may not list regions: the region was not checked", "added profile prod"]);
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].contains("Action=DescribeRegions&"), "{requests:?}");
}

#[test]
fn use_changes_the_default_and_nothing_else() {
    let sandbox = Sandbox::new().config(FILE);
    sandbox.run(&["profile", "use", "other"]).ends(0).says(&["other is the default profile now"]);
    assert_eq!(text(&sandbox), FILE.replace("'usual' # keep", "\"other\" # keep"));
    sandbox.run(&["profile", "use", "demo"]).ends(0);
    assert_eq!(sandbox.run(&["profile", "show", "-o", "json"]).ends(0).json()[0]["Profile"], "demo");
    sandbox.run(&["profile", "use", "uther"]).ends(4).says(&["no profile uther", "did you mean other?"]);
    let named = Sandbox::new().config(FILE).env("ALIBABA_CLOUD_PROFILE", "usual");
    named
        .run(&["profile", "use", "other"])
        .ends(0)
        .says(&["warning: ALIBABA_CLOUD_PROFILE still names usual; unset it"]);
    let fresh = home();
    fs::create_dir(fresh.path(".aliyun")).unwrap();
    let official = r#"{"current":"theirs","profiles":[{"name":"theirs","mode":"AK","access_key_id":"a","access_key_secret":"b"}]}"#;
    fs::write(fresh.path(".aliyun/config.json"), official).unwrap();
    let run = fresh.run(&["profile", "use", "theirs"]).ends(4);
    run.says(&["config.json, which ecs-vnc only reads", "aliyun configure switch --profile theirs"]);
    fresh.run(&["profile", "remove", "theirs", "--yes"]).ends(4).says(&["aliyun configure delete --profile theirs"]);
    fresh.run(&["profile", "use", "demo"]).ends(0);
    assert_eq!(text(&fresh), "default_profile = \"demo\"\n");
    // What the official CLI has switched to comes after our own default.
    fresh.run(&["profile", "use", "theirs"]).ends(4).says(&["ecs-vnc --profile theirs"]);
}

#[test]
fn an_endpoint_that_was_tried_is_saved_or_the_user_is_told() {
    let keys = || with_keys(ecs_vnc::demo::ACCESS_KEY_SECRET);
    let add = ["profile", "add", "prod", "--region", "cn-hangzhou"];
    let run = keys().run(&add).ends(0);
    run.says(&["the endpoint of ALIBABA_CLOUD_ENDPOINT is not saved", "--endpoint saves one"]);

    let body = r#"{"RequestId":"R","Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#;
    let server = Fake::start(move |_, _| http("200 OK", "", body));
    let sandbox = keys().env("ALIBABA_CLOUD_ENDPOINT", "");
    let run = sandbox.run(&[&add[..], &["--endpoint", &server.endpoint]].concat()).ends(0);
    assert!(!run.stderr.contains("not saved"), "{}", run.stderr);
    assert!(text(&sandbox).contains(&format!("endpoint = \"{}\"", server.endpoint)), "{}", text(&sandbox));
    let replaced = sandbox.run(&[&add[..], &["--force", "--no-verify"]].concat()).ends(0);
    replaced.says(&["replaced the credentials of profile prod in"]);
    assert!(text(&sandbox).contains("endpoint = "), "{}", text(&sandbox));

    let faulty = keys();
    faulty.run(&[&add[..], &["--endpoint", "ftp://x", "--no-verify"]].concat()).ends(2).says(&["ftp://x"]);
    assert!(text(&faulty).is_empty());
}

#[test]
fn remove_needs_a_yes_and_keeps_the_rest() {
    let sandbox = Sandbox::new().config(FILE);
    sandbox.run(&["profile", "remove", "usual"]).ends(2).says(&["asks before it acts", "--yes"]);
    assert_eq!(text(&sandbox), FILE);
    let run = sandbox.run(&["profile", "remove", "usual", "--yes"]).ends(0);
    run.says(&["removed profile usual", "there is no default profile now", "other names it as source_profile"]);
    let official = Sandbox::new().config("[profile.default]\nregion_id = 'cn-test'\n");
    fs::create_dir(official.path(".aliyun")).unwrap();
    let config = r#"{"current":"work","profiles":[{"name":"work","mode":"AK"}]}"#;
    fs::write(official.path(".aliyun/config.json"), config).unwrap();
    let run = official.run(&["profile", "remove", "default", "--yes"]).ends(0);
    run.says(&["the default is profile work in ", "config.json now; choose another with `ecs-vnc profile use NAME`"]);
    let left = text(&sandbox);
    assert!(left.starts_with("# mine\n"), "{left}");
    assert!(left.contains("[profile.other]\nmode = 'ChainableRamRoleArn'") && !left.contains("usual]"), "{left}");
    assert!(!left.contains("default_profile"), "{left}");
    sandbox.run(&["profile", "remove", "usual", "--yes"]).ends(4).says(&["no profile usual"]);
    let run = sandbox.run(&["profile", "remove", "demo", "--yes"]).ends(2);
    run.says(&["the profile demo is built in and cannot be removed"]);
    for verb in ["use", "remove"] {
        sandbox.run(&["profile", verb, ""]).ends(2).says(&["a name is not empty"]);
    }
}

#[cfg(unix)]
#[test]
fn remove_asks_on_a_terminal() {
    for (answer, code, is_left) in [("n\n", 1, true), ("y\n", 0, false)] {
        let sandbox = Sandbox::new().config(FILE);
        let mut run = OnTerminal::start(&sandbox, &["profile", "remove", "other"]);
        run.shows("remove the profile other from ");
        run.types(answer);
        assert_eq!(run.ends(), Some(code), "{}", run.text());
        assert_eq!(text(&sandbox).contains("[profile.other]"), is_left);
        run.shows(if is_left { "not confirmed; the profile other was not removed" } else { "removed profile other" });
    }
}

#[cfg(unix)]
#[test]
fn edit_starts_the_editor_and_names_the_line_of_a_fault() {
    let sandbox = home();
    let editor = sandbox.script(
        "editor",
        "printf '[profile.p]\\nregoin_id = 1\\n' > \"$2\"; env > \"$HOME/env\"; echo $1 >> \"$HOME/env\"",
    );
    let sandbox =
        sandbox.env("EDITOR", &format!("'{editor}' --flag")).env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hunter2");
    let run = sandbox.run(&["profile", "edit"]).ends(2);
    run.says(&["config.toml, line 2", "`regoin_id`", "did you mean region_id?"]);
    let seen = fs::read_to_string(sandbox.path("env")).unwrap();
    assert!(seen.ends_with("--flag\n") && !seen.contains("hunter2"), "{seen}");
    // It makes the file, which only its owner can read.
    let fresh = home().env("VISUAL", "true").env("EDITOR", "false");
    fresh.run(&["profile", "edit"]).ends(0).says(&["no faults found in "]);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(fresh.config_file()).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let failing = home().env("EDITOR", "false");
    failing.run(&["profile", "edit"]).ends(30).says(&["the editor false (EDITOR) ended with exit status 1"]);
    let missing = home().env("EDITOR", "/nonexistent/editor");
    missing.run(&["profile", "edit"]).ends(30).says(&["could not be started"]);
    home().env("EDITOR", "'open").run(&["profile", "edit"]).ends(2).says(&["a quote is not closed"]);
    Sandbox::new()
        .env("EDITOR", "true")
        .run(&["profile", "edit", "--no-input"])
        .ends(2)
        .says(&["--no-input forbids it"]);
}

#[cfg(unix)]
#[test]
fn edit_says_that_the_file_is_gone() {
    let removed = home().env("EDITOR", "rm");
    let run = removed.run(&["profile", "edit"]).ends(30);
    run.says(&["config.toml is gone after the editor rm (EDITOR)"]);
}

#[cfg(unix)]
#[test]
fn without_a_terminal_edit_starts_only_an_editor_that_was_named() {
    let run = home().run(&["profile", "edit"]).ends(2);
    run.says(&["profile edit would start vi, and there is no terminal", "VISUAL or EDITOR"]);
    let sandbox = home();
    sandbox.run(&["profile", "edit"]).ends(2);
    assert!(!sandbox.config_file().exists(), "nothing is created in vain");
}

#[cfg(unix)]
#[test]
fn the_header_of_a_new_file_stays_above_what_is_added() {
    let sandbox = with_keys(ecs_vnc::demo::ACCESS_KEY_SECRET).env("EDITOR", "true");
    sandbox.run(&["profile", "edit"]).ends(0);
    let header = text(&sandbox);
    assert!(header.starts_with("# "), "{header}");
    sandbox.run(&["profile", "use", "demo"]).ends(0);
    assert_eq!(text(&sandbox), format!("{header}default_profile = \"demo\"\n"));
    sandbox.run(&["profile", "add", "prod", "--region", "cn-hangzhou"]).ends(0);
    assert!(text(&sandbox).starts_with(&format!("{header}default_profile = \"demo\"\n")), "{}", text(&sandbox));
    let other = with_keys(ecs_vnc::demo::ACCESS_KEY_SECRET).env("EDITOR", "true");
    other.run(&["profile", "edit"]).ends(0);
    other.run(&["profile", "add", "prod", "--region", "cn-hangzhou"]).ends(0);
    assert!(text(&other).starts_with(&format!("{header}default_profile = \"prod\"\n")), "{}", text(&other));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_fault_can_be_edited_again() {
    let sandbox = home();
    // The second time it is mended.
    let script = "if grep -q regoin \"$1\"; then sed -i s/regoin/region/ \"$1\"; else printf '[profile.p]\\nregoin_id = \"x\"\\n' > \"$1\"; fi";
    let editor = sandbox.script("editor", script);
    let sandbox = sandbox.env("EDITOR", &editor);
    let mut run = OnTerminal::start(&sandbox, &["profile", "edit"]);
    run.shows("edit it again?");
    assert!(run.text().contains("line 2"), "{}", run.text());
    run.types("y\n");
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("no faults found in ");
}

#[test]
fn a_reply_that_is_none_is_not_taken_for_verified() {
    let server = Fake::start(|_, _| Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()));
    let sandbox = with_keys("any").env("ALIBABA_CLOUD_ENDPOINT", &server.endpoint);
    sandbox.run(&["profile", "add", "prod", "--region", "cn-hangzhou"]).ends(20);
    assert!(text(&sandbox).is_empty());
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_no_configuration_to_change() {
    let sandbox = Sandbox::new().env("EDITOR", "true");
    for file in ["/dev/null", "/dev/zero"] {
        let run = sandbox.run(&["profile", "edit", "--config", file]).ends(30);
        run.says(&["cannot write /dev/", "it is no regular file"]);
    }
}
