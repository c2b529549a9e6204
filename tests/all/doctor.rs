//! `doctor`: what it reports as ok, as a warning and as failed, and what it must never do.

use std::fs;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use ecs_vnc::demo::{self, Options};
use ecs_vnc::system::clock::Clock;
use serde_json::Value;

use crate::fake::{Fake, good, http, refusal};
use crate::sandbox::{Run, Sandbox, account};

const ACTIONS: [&str; 9] = [
    "ecs:DescribeInstanceVncUrl",
    "ecs:DescribeInstances",
    "ecs:DescribeRegions",
    "ecs:GetInstanceScreenshot",
    "ecs:GetInstanceConsoleOutput",
    "ecs:ModifyInstanceVncPasswd",
    "ecs:StartInstance",
    "ecs:StopInstance",
    "ecs:RebootInstance",
];

/// With a browser that is installed.
fn with_browser(sandbox: Sandbox) -> Sandbox {
    sandbox.env("BROWSER", "sh")
}

fn with_account() -> Sandbox {
    with_browser(crate::sandbox::with_account())
}

fn with_keys(id: &str, secret: &str) -> Sandbox {
    with_account().env("ALIBABA_CLOUD_ACCESS_KEY_ID", id).env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret)
}

/// The report as JSON. It must be one object and agree with the exit code.
struct Report(Value);

impl Report {
    #[track_caller]
    fn of(sandbox: &Sandbox, args: &[&str], code: i32) -> Self {
        let run = sandbox.run(&[&["doctor", "-o", "json"], args].concat());
        assert_eq!(run.code, code, "{run:#?}");
        let report: Value = serde_json::from_str(run.line()).unwrap();
        assert_eq!((&report["ExitCode"], &report["Ready"]), (&code.into(), &(code == 0).into()));
        Self(report)
    }

    fn checks(&self) -> &[Value] {
        self.0["Checks"].as_array().unwrap()
    }

    #[track_caller]
    fn find(&self, check: &str) -> &Value {
        let found = self.checks().iter().find(|one| one["Check"] == check);
        found.unwrap_or_else(|| panic!("{check} is not in {:#}", self.0))
    }

    /// Asserts the result of a check, and that its detail or its hint contains each of `words`.
    #[track_caller]
    fn says(&self, check: &str, result: &str, words: &[&str]) -> &Self {
        let found = self.find(check);
        let text = format!("{} {}", found["Detail"].as_str().unwrap(), found["Hint"].as_str().unwrap_or_default());
        assert!(found["Result"] == result && words.iter().all(|word| text.contains(word)), "{words:?}: {found:#}");
        self
    }

    /// Asserts that every check is ok, except those in `except`.
    #[track_caller]
    fn ok_except(&self, except: &[&str]) -> &Self {
        let bad =
            self.checks().iter().find(|one| one["Result"] != "ok" && !except.contains(&one["Check"].as_str().unwrap()));
        assert!(bad.is_none(), "{bad:#?}");
        self
    }
}

#[test]
fn every_check_is_ok_with_the_simulated_account() {
    let sandbox = with_browser(Sandbox::new());
    for instance in [None, Some("web-01"), Some("i-demo-windows"), Some("10.0.0.23")] {
        let args: Vec<&str> = ["--profile", "demo"].into_iter().chain(instance).collect();
        let report = Report::of(&sandbox, &args, 0);
        report.ok_except(&[]);
        assert_eq!(report.checks().iter().any(|one| one["Check"] == "instance"), instance.is_some());
    }
    let report = Report::of(&sandbox, &["--profile", "demo", "-i", "web-01"], 0);
    report.says("instance", "ok", &["i-demo-linux (web-01) in cn-hangzhou: Running, linux"]);
    report.says("caller", "ok", &["acs:ram::1234567890123456:user/demo"]);
    report.says("profile", "ok", &["demo, selected by --profile"]);

    let run = sandbox.run(&["doctor", "--profile", "demo"]).ends(0);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let (last, checks) = lines.split_last().unwrap();
    assert_eq!(*last, "All set: ecs-vnc open should work.");
    assert!(checks.len() == 23 && checks.iter().all(|line| line.starts_with("ok    ")), "{}", run.stdout);
}

#[test]
fn a_failed_check_has_its_label_and_a_hint_below() {
    let run = with_account().run(&["doctor", "i-demo-stopped"]);
    assert_eq!((run.code, run.stderr.as_str()), (5, ""), "the report is the result");
    let lines: Vec<&str> = run.stdout.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("FAIL  instance ")).unwrap();
    assert!(lines[at].contains("i-demo-stopped (db-01) in cn-hangzhou: Stopped"), "{}", lines[at]);
    assert!(lines[at + 1].starts_with("      hint: ") && lines[at + 1].contains("start it first"));
    assert!(lines.iter().filter(|line| line.starts_with("FAIL")).count() == 1, "{}", run.stdout);
    assert!(lines.contains(&"Not ready: ecs-vnc open would fail (exit code 5). To fix:"), "{}", run.stdout);

    let colored = with_account().run(&["doctor", "i-demo-stopped", "--color", "always"]).stdout;
    assert!(colored.contains("\u{1b}[32mok\u{1b}[0m    configuration"), "{colored:?}");
    assert!(colored.contains("\u{1b}[31mFAIL\u{1b}[0m  instance"), "{colored:?}");
}

#[test]
fn an_instance_that_is_stopped_or_missing_or_ambiguous_fails() {
    let sandbox = with_account();
    let of = |instance, code| Report::of(&sandbox, &[instance], code);
    of("i-demo-starting", 5).says("instance", "fail", &["Starting", "--wait"]).ok_except(&["instance"]);
    of("db-01", 5).says("instance", "fail", &["Stopped", "--start"]).ok_except(&["instance"]);
    of("no-such", 4).says("instance", "fail", &["no instance named no-such"]).ok_except(&["instance"]);
    of("i-nosuch", 4).says("instance", "fail", &["i-nosuch"]).ok_except(&["instance"]);
    of("twin-01", 4).says("instance", "fail", &["2 instances", "in cn-hangzhou"]).ok_except(&["instance"]);
    let pinned = Report::of(&sandbox, &["web-01", "--region", "cn-beijing"], 4);
    pinned.says("region", "ok", &["only cn-beijing (set by --region)"]);
    sandbox.run(&["doctor", "::1"]).ends(2);
}

#[test]
fn a_missing_action_is_named_and_fails_only_if_it_is_needed() {
    let narrow = with_keys("demo-narrow-key-id", "demo-narrow-secret");
    for args in [&[][..], &["i-demo-linux"]] {
        let report = Report::of(&narrow, args, 0);
        report.ok_except(&ACTIONS[1..]).says(ACTIONS[0], "ok", &["allowed"]);
        for action in &ACTIONS[1..] {
            report.says(action, "warn", &["missing", "Forbidden.RAM", action, "policy"]);
        }
    }
    Report::of(&narrow, &["i-demo-linux"], 0).says("instance", "ok", &["has a console"]);
    Report::of(&narrow, &["i-demo-stopped"], 5).says("instance", "fail", &["IncorrectInstanceStatus"]);
    Report::of(&narrow, &["web-01"], 3).says(ACTIONS[1], "fail", &["ecs:DescribeInstances"]);

    let server = Fake::start(|_, request| match request.contains("Action=DescribeInstanceVncUrl&") {
        true => refusal("Forbidden.RAM"),
        false => good(request),
    });
    let none = with_browser(Sandbox::with_account(&server.endpoint));
    Report::of(&none, &[], 3).says(ACTIONS[0], "fail", &["ecs:DescribeInstanceVncUrl", "ecs-vnc doctor INSTANCE"]);
}

#[test]
fn a_refused_access_key_is_reported_once() {
    let refused = |sandbox: Sandbox, words: &[&str]| {
        let report = Report::of(&sandbox, &["i-demo-linux"], 3);
        report.says("service", "ok", &["ms"]).says("caller", "fail", words).says("instance", "skip", &["AccessKey"]);
        for action in ACTIONS {
            report.says(action, "skip", &["refuses the AccessKey"]);
        }
    };
    refused(with_keys("demo-disabled-key-id", "demo-disabled-secret"), &["InvalidAccessKeyId.Inactive", "enable it"]);
    refused(with_keys(demo::ACCESS_KEY_ID, "wrong"), &["signed the same text"]);
}

#[test]
fn a_service_that_does_not_answer_is_reported_once() {
    let sandbox = Sandbox::with_account("http://127.0.0.1:1");
    let report = Report::of(&sandbox, &["i-demo-linux"], 10);
    report.says("service", "fail", &["could not connect to 127.0.0.1:1", "network"]);
    for check in ["clock", "caller", "instance"].iter().chain(&ACTIONS) {
        report.says(check, "skip", &[]);
    }
    // The checks that do not need the service are done.
    report.says("browser", "warn", &["--print"]);

    let portal = Fake::start(|_, _| http("200 OK", "", "<h1>Log in</h1>"));
    let report = Report::of(&Sandbox::with_account(&portal.endpoint), &[], 20);
    report.says("service", "fail", &["not from the Alibaba Cloud API", "login"]);
}

#[test]
fn a_broken_configuration_stops_no_other_check() {
    let sandbox = with_account().config("[profile.p]\nregoin_id = 'x'\n");
    let report = Report::of(&sandbox, &["web-01"], 2);
    report.says("configuration", "fail", &["config.toml, line 2", "did you mean region_id?"]);
    report.ok_except(&["configuration"]).says("instance", "ok", &["Running"]);
    let report = Report::of(&sandbox, &["--profile", "q"], 2);
    report.says("profile", "fail", &["no profile q in", "config.toml"]);
    let report = Report::of(&Sandbox::new(), &["--config", "/nonexistent.toml", "--profile", "demo"], 2);
    report.says("configuration", "fail", &["/nonexistent.toml", "profile add"]);
}

#[test]
fn a_broken_file_of_another_program_fails_only_if_its_profile_is_selected() {
    let sandbox = with_account();
    let file = sandbox.path(".aliyun/config.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "{").unwrap();
    let report = Report::of(&sandbox, &[], 0);
    report.says("official CLI", "warn", &["config.json, line 1"]).ok_except(&["official CLI"]);
    let report = Report::of(&sandbox, &["--profile", "theirs"], 2);
    report.says("profile", "fail", &["config.json"]).says("browser", "ok", &[]).says(
        ACTIONS[0],
        "skip",
        &["fix profile first"],
    );
}

#[test]
fn the_profile_is_reported_with_the_reason_of_its_selection() {
    let config = "default_profile = 'a'\n[profile.a]\nregion_id = 'cn-beijing'\n[profile.b]\n";
    let sandbox = || with_account().config(config);
    Report::of(&sandbox(), &[], 0).says("profile", "ok", &["a, default_profile in", "config.toml"]);
    Report::of(&sandbox(), &["--profile", "b"], 0).says("profile", "ok", &["b, selected by --profile"]);
    let of_env = sandbox().env("ALIBABA_CLOUD_PROFILE", "b");
    Report::of(&of_env, &[], 0).says("profile", "ok", &["b, selected by ALIBABA_CLOUD_PROFILE"]);
    Report::of(&sandbox(), &["--profile", "c"], 4).says("profile", "fail", &["no profile c"]);
    let dangling = with_account().config("default_profile = 'gone'\n");
    Report::of(&dangling, &[], 0).says("profile", "warn", &["gone does not exist", "default_profile"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_a_warning_with_a_command_to_fix_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = with_account().config("[profile.p]\n");
    Report::of(&sandbox, &[], 0).says("configuration", "ok", &["one profile, permissions ok"]);
    fs::set_permissions(sandbox.config_file(), fs::Permissions::from_mode(0o644)).unwrap();
    let command = format!("chmod 600 {}", sandbox.config_file().display());
    Report::of(&sandbox, &[], 0).says("configuration", "warn", &["0644", &command]).ok_except(&["configuration"]);
    assert!(sandbox.run(&["doctor"]).ends(0).stderr.is_empty(), "a warning repeats what the report says");
}

#[test]
fn a_clock_that_is_off_is_reported() {
    let off_by = |minutes: i64| {
        let clock = Clock::of(move || Utc::now() + TimeDelta::minutes(minutes));
        with_browser(Sandbox::with_account(&account(Options::new(clock))))
    };
    Report::of(&off_by(2), &[], 0).says("clock", "warn", &["behind the service's", "NTP"]).ok_except(&["clock"]);
    Report::of(&off_by(-5), &[], 0).says("clock", "warn", &["ahead of the service's"]);
    // If the clock is further off, the service refuses requests, and they are repeated with the service's time.
    for (minutes, word) in [(60, "min"), (-60, "ahead of")] {
        let report = Report::of(&off_by(minutes), &["web-01"], 0);
        report.says("clock", "warn", &[word, "15 min", "NTP"]).ok_except(&["clock"]);
    }
    let silent = Fake::start(|_, request| good(request));
    let report = Report::of(&with_browser(Sandbox::with_account(&silent.endpoint)), &[], 0);
    report.says("clock", "skip", &["did not send its time"]);
}

#[test]
fn a_region_that_the_account_does_not_have_fails() {
    let sandbox = with_browser(Sandbox::with_account(&account(Options::new(Clock::system()))));
    let run = sandbox.env("ALIBABA_CLOUD_REGION_ID", "cn-nosuch").run(&["doctor"]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(run.stdout.contains("the account has no region cn-nosuch") && run.stdout.contains("open would fail"));
}

#[test]
fn without_keys_the_rest_is_checked() {
    let sandbox = with_browser(Sandbox::new().env("ALIBABA_CLOUD_REGION_ID", "cn-beijing"));
    let report = Report::of(&sandbox, &["i-1"], 3);
    report.says("credentials", "fail", &["no AccessKey was found", "profile add"]).says(
        "AccessKey",
        "skip",
        &["fix credentials first"],
    );
    report.says("region", "ok", &["cn-beijing"]).says("endpoint", "ok", &["https://ecs.cn-beijing.aliyuncs.com"]);
    for check in ["service", "clock", "caller", "instance"].iter().chain(&ACTIONS) {
        report.says(check, "skip", &["skipped: fix credentials first"]);
    }
}

#[test]
fn a_faulty_setting_fails_the_check_it_belongs_to() {
    let bad = |name: &str, value: &str, check: &str, word: &str| {
        let report = Report::of(&with_account().env(name, value), &[], 2);
        report.says(check, "fail", &[word]).says("browser", "ok", &[]);
    };
    bad("ALIBABA_CLOUD_REGION_ID", "Hangzhou!", "region", "Hangzhou!");
    bad("ALIBABA_CLOUD_ENDPOINT", "ftp://x", "endpoint", "is not an endpoint");
    bad("ECS_VNC_PASSWORD", "short!!", "settings", "ECS_VNC_PASSWORD");
    let proxy =
        with_account().env("ALIBABA_CLOUD_ENDPOINT", "https://192.0.2.1").env("HTTPS_PROXY", "ftp://u:hunter2@x");
    let report = Report::of(&proxy, &[], 2);
    report.says("proxy", "fail", &["HTTPS_PROXY is not a valid proxy"]);
    assert!(!report.0.to_string().contains("hunter2"));
}

#[test]
fn no_browser_is_a_warning_and_one_that_is_not_installed_fails() {
    let sandbox = crate::sandbox::with_account();
    Report::of(&sandbox, &[], 0).says("browser", "warn", &["display", "prints the console URL"]);
    let report = Report::of(&sandbox.env("BROWSER", "/no/such --x=hunter2 %s"), &[], 30);
    report.says("browser", "fail", &["none of the commands in $BROWSER", "--print"]);
    assert!(!report.0.to_string().contains("hunter2"));
}

#[test]
fn temporary_keys_say_until_when_they_work() {
    let endpoint = account(Options::new(Clock::system()));
    let config = format!(
        "default_profile = 'r'\n[profile.r]\nmode = 'RamRoleArn'\naccess_key_id = '{}'\naccess_key_secret = '{}'\n\
         ram_role_arn = '{}'\nsts_endpoint = '{endpoint}'\nendpoint = '{endpoint}'\nregion_id = 'cn-hangzhou'\n",
        demo::ACCESS_KEY_ID,
        demo::ACCESS_KEY_SECRET,
        demo::ROLE
    );
    let report = Report::of(&with_browser(Sandbox::new().config(&config)), &["web-01", "--no-cache"], 0);
    report.says("credentials", "ok", &["role acs:ram::", "profile r in", "not used: environment"]);
    report.says("AccessKey", "ok", &["STS.****", "temporary, valid until 20", "min left)"]);
    report.says("caller", "ok", &["assumed-role/demo-console"]).ok_except(&[]);
}

#[test]
fn the_json_has_its_shape() {
    let report = Report::of(&with_account(), &["i-demo-stopped"], 5).0;
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["Checks", "ExitCode", "Ready"]);
    for check in report["Checks"].as_array().unwrap() {
        assert_eq!(keys(check), ["Check", "Detail", "Hint", "Result"]);
        assert!(["ok", "warn", "fail", "skip"].contains(&check["Result"].as_str().unwrap()));
        assert!(check["Detail"].is_string() && (check["Hint"].is_string() || check["Hint"].is_null()));
    }
}

#[test]
fn no_probe_changes_anything() {
    let instances = r#"{"Instances":{"Instance":[{"InstanceId":"i-real","InstanceName":"web","Status":"Running"}]}}"#;
    let server = Fake::start(move |_, request| match request.contains("Action=DescribeInstances&") {
        true => http("200 OK", "", instances),
        false => good(request),
    });
    let sandbox = with_browser(Sandbox::with_account(&server.endpoint));
    Report::of(&sandbox, &["web"], 0);
    let modified = server.requests_for("ModifyInstanceVncPasswd");
    assert!(modified.len() == 1 && modified[0].contains("InstanceId=i-00000000000000000000&"), "{modified:?}");
    assert!(server.requests_for("DescribeInstanceVncUrl")[0].contains("InstanceId=i-real&"));
    assert_eq!(server.requests_for("DescribeInstances").iter().filter(|it| it.contains("DryRun=true")).count(), 1);
    let screenshots = server.requests_for("GetInstanceScreenshot");
    assert!(screenshots.len() == 1 && !screenshots[0].contains("WakeUp"), "{screenshots:?}");
    let known = ACTIONS.map(|action| action.strip_prefix("ecs:").unwrap());
    let all: usize = known.iter().chain(&["GetCallerIdentity"]).map(|action| server.requests_for(action).len()).sum();
    assert_eq!(all, server.requests().len(), "nothing else is requested");
}

#[test]
fn an_instance_that_starts_is_not_waited_for() {
    let instances = r#"{"Instances":{"Instance":[{"InstanceId":"i-1","Status":"Pending"}]}}"#;
    let server = Fake::start(move |_, request| match request.contains("Action=DescribeInstances&") {
        true => http("200 OK", "", instances),
        false if request.contains("InstanceId=i-1&") => refusal("InstanceNotReady"),
        false => good(request),
    });
    let sandbox = with_browser(Sandbox::with_account(&server.endpoint));
    Report::of(&sandbox, &["i-1"], 5).says("instance", "fail", &["Pending"]);
    assert_eq!(server.requests_for("DescribeInstanceVncUrl").len(), 1);
}

#[test]
fn all_probes_are_sent_at_once() {
    let delay = Duration::from_secs(1);
    let sandbox = with_browser(Sandbox::with_account(&account(Options::new(Clock::system()).delay(delay))));
    let started = Instant::now();
    Report::of(&sandbox, &["web-01"], 0);
    assert!(started.elapsed() < delay * 4, "two round trips, not six: {:?}", started.elapsed());
}

#[test]
fn no_secret_is_printed() {
    const SECRETS: [&str; 5] =
        ["LTAI5tQnAbCdEfGhIjKlMnOp", "secret/of+this=account", "token/of+this=session", "pass99", "to%252Fken"];
    let check = |endpoint: &str| {
        for form in ["-vv", "--output=json"] {
            let sandbox = Sandbox::new()
                .env("ALIBABA_CLOUD_ACCESS_KEY_ID", SECRETS[0])
                .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRETS[1])
                .env("ALIBABA_CLOUD_SECURITY_TOKEN", SECRETS[2])
                .env("ECS_VNC_PASSWORD", SECRETS[3])
                .env("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:1")
                .env("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou")
                .env("ALIBABA_CLOUD_ENDPOINT", endpoint);
            let Run { stdout, stderr, .. } = sandbox.run(&["doctor", form, "--timeout", "2", "i-1"]);
            for secret in SECRETS.iter().chain(&["hunter2"]) {
                let once = ecs_vnc::text::percent::encode(secret);
                for secret in [ecs_vnc::text::percent::encode(&once), once, (*secret).to_owned()] {
                    assert!(!stdout.contains(&secret) && !stderr.contains(&secret), "{secret}: {stdout}{stderr}");
                }
            }
            assert!(stdout.contains("LTAI****MnOp"), "{stdout}");
        }
    };
    check(&Fake::start(|_, request| good(request)).endpoint);
    check("https://192.0.2.1");
    let echo = |_, request: &str| {
        let line = request.lines().next().unwrap().replace('"', "");
        http("400 Bad Request", "", &format!(r#"{{"Code":"Odd","Message":"{line} {} "}}"#, SECRETS[1]))
    };
    check(&Fake::start(echo).endpoint);
}
