//! The binary as the official CLI runs its plugin: under the name of the plugin, with the command of the CLI in front.

use std::os::unix::fs::symlink;

use assert_cmd::cargo::cargo_bin;
use ecs_vnc::demo;

use crate::fake::{Fake, http};
use crate::sandbox::{Run, Sandbox, with_account};

/// An answer with a console.
const VNC_URL: &str = r#"{"RequestId":"R-1","VncUrl":"ws%3A%2F%2F127.0.0.1%3A1%2Fwebsockify%2F%3Fs%3Dto%252Fken"}"#;

/// Runs `aliyun ecs-vnc ARGS` as the CLI does.
fn run(sandbox: &Sandbox, args: &[&str]) -> Run {
    let binary = sandbox.path("aliyun-cli-ecs-vnc");
    if !binary.exists() {
        symlink(cargo_bin("ecs-vnc"), &binary).unwrap();
    }
    let child = sandbox.spawn_program(&binary, &[&["ecs-vnc"], args].concat());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn the_keys_of_the_official_cli_are_used_whatever_profile_is_the_default() {
    for (config, variable) in [
        ("default_profile = \"demo\"", "demo"),
        ("default_profile = \"own\"\n[profile.own]\naccess_key_id = \"own\"\naccess_key_secret = \"x\"", "own"),
        ("[profile.default]\naccess_key_id = \"own\"\naccess_key_secret = \"x\"", "no-such"),
    ] {
        // Those of the host are the only ones that this account knows.
        let account = with_account().config(config).env("ALIBABA_CLOUD_PROFILE", variable);
        for flags in [&[][..], &["--profile", "prod"], &["--region", demo::REGION]] {
            let url = run(&account, &[&["vnc-url", "web-01"], flags].concat()).ends(0);
            assert!(url.line().contains("vncUrl=ws"), "{url:?}");
        }
    }
    let account = Fake::start(|_, _| http("200 OK", "", VNC_URL));
    let sandbox = Sandbox::with_account(&account.endpoint)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI-of-host")
        .env("ALIBABA_CLOUD_SECURITY_TOKEN", "token-of-host")
        .config("default_profile = \"demo\"");
    run(&sandbox, &["vnc-url", "i-1", "--region", "cn-hangzhou"]).ends(0);
    let request = account.requests_for("DescribeInstanceVncUrl").remove(0);
    assert!(request.contains("AccessKeyId=LTAI-of-host") && request.contains("token-of-host"), "{request}");
}

#[test]
fn help_and_errors_name_the_program_as_it_was_called() {
    let sandbox = with_account();
    let help = run(&sandbox, &["open", "--help"]).ends(0).stdout;
    assert!(help.contains("Usage: aliyun ecs-vnc open"), "{help}");
    assert!(help.contains("aliyun ecs-vnc open web-01") && !help.contains("\necs-vnc open"), "{help}");
    let root = run(&sandbox, &["--help"]).ends(0).stdout;
    assert!(
        root.contains("Usage: aliyun ecs-vnc [OPTIONS] <COMMAND>") && root.contains("; ecs-vnc gets you"),
        "{root}"
    );
    run(&sandbox, &["open", "--no-such-flag"]).ends(2).says(&["Usage: aliyun ecs-vnc open"]);
    run(&sandbox, &["vnc-url", "db-01"]).ends(5).says(&["start it first: aliyun ecs-vnc start i-demo-stopped "]);
    let error = run(&sandbox, &["vnc-url", "db-01", "-o", "json"]).ends(5).json_error();
    assert!(error["Hint"].as_str().unwrap().contains("aliyun ecs-vnc start"), "{error}");
    // The report of `doctor`, and the command lines on a sheet.
    let report = run(&sandbox, &["doctor", "db-01"]);
    let names_plugin =
        report.stdout.contains("aliyun ecs-vnc start") && report.stdout.contains("Not ready: aliyun ecs-vnc open");
    assert!(names_plugin && !report.stdout.contains(": ecs-vnc start"), "{report:?}");
    let sheet = sandbox.path("sheet.html");
    run(&sandbox, &["sheet", "web-01", "-f", sheet.to_str().unwrap()]).ends(0);
    assert!(std::fs::read_to_string(sheet).unwrap().contains("aliyun ecs-vnc open i-demo-linux"));
    assert!(run(&sandbox, &["--version"]).ends(0).stdout.starts_with("ecs-vnc "));
    // By its own name, nothing of that.
    sandbox.run(&["vnc-url", "db-01"]).ends(5).says(&["; start it first: ecs-vnc start"]);
}

#[test]
fn the_confirmation_of_the_safety_policy_is_no_argument() {
    let sandbox = with_account();
    run(&sandbox, &["vnc-url", "web-01", "--yes"]).ends(0);
    run(&sandbox, &["key", "web-01", "shift", "--yes"]).ends(0);
    run(&sandbox, &["profile", "remove", "nosuch", "--yes"]).ends(4);
    sandbox.run(&["vnc-url", "web-01", "--yes"]).ends(2);
    // A command that has it gets it.
    run(&sandbox, &["stop", "web-01", "web-02", "--dry-run", "--yes"]).ends(0);
}
