//! Every documented error: its exit code, its hint, and nothing else.

use crate::fake::{Fake, http};
use crate::sandbox::{Sandbox, with_account};

/// Code, exit code, and what the hint must say. Source of the codes: the vendor's pages on DescribeInstanceVncUrl and
/// on common errors; of the exit codes: README.md.
const CODES: [(&str, i32, &str); 26] = [
    ("InvalidRegionInstance", 4, "is not in cn-hangzhou"),
    ("MissingParameter", 1, "a proxy may have removed one"),
    ("IncorrectInstanceStatus", 5, "start it first"),
    ("InstanceNotReady", 5, "in a minute"),
    ("InvalidRegionId.NotFound", 4, "no region cn-hangzhou"),
    ("InvalidInstanceId.NotFound", 4, "has no instance"),
    ("InternalError", 6, "RequestId"),
    ("ServiceUnavailable", 6, "RequestId"),
    ("UnknownError", 6, "RequestId"),
    ("Throttling", 6, "wait a minute"),
    ("Throttling.User", 6, "wait a minute"),
    ("Throttling.Api", 6, "wait a minute"),
    ("InvalidTimeStamp.Expired", 1, "clock"),
    ("IllegalTimestamp", 1, "clock"),
    ("SignatureNonceUsed", 6, "proxy"),
    ("SignatureDoesNotMatch", 3, "AccessKeySecret"),
    ("IncompleteSignature", 3, "AccessKeySecret"),
    ("InvalidAccessKeyId.NotFound", 3, "does not exist"),
    ("InvalidAccessKeyId.Inactive", 3, "disabled"),
    ("InvalidSecurityToken.Expired", 3, "STS"),
    ("InvalidSecurityToken.Malformed", 3, "STS"),
    ("MissingSecurityToken", 3, "sts_token"),
    ("Forbidden.RAM", 3, "ecs:DescribeInstanceVncUrl"),
    ("NoPermission", 3, "ecs:DescribeInstanceVncUrl"),
    ("Forbidden", 3, "ecs:DescribeInstanceVncUrl"),
    ("NotSupported", 5, "retired instance types"),
];

#[test]
fn each_code_has_its_exit_code_and_hint() {
    let sandbox = with_account();
    for (code, exit, hint) in CODES {
        let instance = format!("i-demo-error-{code}");
        let args = ["vnc-url", "--no-windows", "--timeout", "0.8", &instance];
        let run = sandbox.run(&args).ends(exit).says(&[&format!("error: {code}: "), "(RequestId ", "hint: ", hint]);
        assert!(!run.stderr.contains("demo-access-key-id"), "the AccessKeyId in full: {}", run.stderr);

        let run = sandbox.run(&[&args[..], &["-o", "json"]].concat()).ends(exit);
        let error = run.json_error();
        assert_eq!(error["Code"], code);
        assert_eq!(error["ExitCode"], exit);
        assert!(error["Hint"].as_str().unwrap().contains(hint), "{error}");
        assert!(
            error["HttpStatus"].is_u64() && error["RequestId"].is_string() && error["Message"].is_string(),
            "{error}"
        );
    }
}

#[test]
fn the_state_of_the_instance_is_named() {
    let sandbox = with_account();
    for flag in ["-q", "--no-windows"] {
        sandbox.run(&["vnc-url", flag, "i-demo-stopped"]).ends(5).says(&["hint: i-demo-stopped is Stopped"]);
    }
    let run = sandbox.run(&["vnc-url", "i-demo-starting", "--timeout", "0.5"]).ends(5);
    run.says(&["InstanceNotReady", "hint: i-demo-starting is Starting"]);
}

#[test]
fn a_wrong_secret_is_told_from_a_wrong_signer() {
    let sandbox = with_account().env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong");
    let run = sandbox.run(&["vnc-url", "--no-windows", "i-demo-linux"]).ends(3);
    run.says(&["SignatureDoesNotMatch", "signed the same text", "ALIBABA_CLOUD_ACCESS_KEY_ID is wrong"]);

    let server = Fake::start(|_, _| {
        let message = "Specified signature is not matched with our calculation. server string to sign is:\
                       GET&%2F&AccessKeyId%3Ddemo-access-key-id%26Action%3DOther";
        http("400 Bad Request", "", &format!(r#"{{"Code":"SignatureDoesNotMatch","Message":"{message}"}}"#))
    });
    let run = Sandbox::with_account(&server.endpoint).run(&["vnc-url", "--no-windows", "i-1"]).ends(3);
    let run = run.says(&["the AccessKeySecret is not at fault", "Action", "Timestamp"]);
    assert!(!run.stderr.contains("demo-access-key-id"), "{}", run.stderr);
}

#[test]
fn acs3_works_and_fails_as_the_other_does() {
    let sandbox = with_account().config("[profile.default]\nsignature_version = 'acs3'\n");
    sandbox.run(&["vnc-url", "i-demo-windows"]).ends(0);
    let wrong = sandbox.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong");
    wrong.run(&["vnc-url", "--no-windows", "i-demo-linux"]).ends(3).says(&["signed the same text"]);
}

#[test]
fn temporary_keys_go_with_their_token() {
    let sts = || {
        with_account()
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "STS.demo-access-key-id")
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-sts-secret")
    };
    let token = |text| sts().env("ALIBABA_CLOUD_SECURITY_TOKEN", text);
    let args = ["vnc-url", "--no-windows", "i-demo-linux"];
    token("demo/security+token==").run(&args).ends(0);
    token("other").run(&args).ends(3).says(&["InvalidSecurityToken.Malformed"]);
    sts().run(&args).ends(3).says(&["MissingSecurityToken", "ALIBABA_CLOUD_SECURITY_TOKEN"]);
    let acs3 = token("demo/security+token==").config("[profile.default]\nsignature_version = 'acs3'\n");
    acs3.run(&args).ends(0);
}

#[test]
fn usage_errors_are_json_too_when_asked() {
    let error = Sandbox::new().run(&["vnc-url", "-o", "json", "i-1", "--region", "cn-hangzhou"]).ends(3).json_error();
    assert_eq!((&error["Code"], &error["ExitCode"]), (&serde_json::Value::Null, &3.into()));
    for args in [&["vnc-url", "--output=json"][..], &["-ojson", "vnc-url", "::1"], &["vnc-url", "-o", "json", "--nope"]]
    {
        let error = Sandbox::new().run(args).ends(2).json_error();
        assert_eq!(error["ExitCode"], 2, "{args:?}");
        assert!(!error["Message"].as_str().unwrap().contains('\n'), "{error}");
    }
}

#[test]
fn an_error_in_json_names_the_instance_that_it_is_about() {
    let sandbox = with_account().env("ECS_VNC_PASSWORD", "wrong1");
    let file = sandbox.path("a.png").display().to_string();
    for args in [
        &["vnc-url", "--no-windows", "db-01"][..],
        &["vnc-url", "--no-windows", "i-demo-stopped"],
        &["open", "--print", "db-01"],
        &["relay", "db-01"],
        &["view", "db-01"],
        &["screenshot", "db-01", "-f", &file],
        &["key", "db-01", "a"],
        &["type", "db-01", "a"],
        &["wait", "db-01", "--change"],
    ] {
        let error = sandbox.run(&[args, &["-o", "json"]].concat()).ends(5).json_error();
        assert_eq!(error["InstanceId"], "i-demo-stopped", "{args:?}: {error}");
        let text = sandbox.run(args).ends(5);
        assert!(!text.stderr.contains("error: i-demo-stopped:"), "{}", text.stderr);
    }
    let change = ["wait", "web-01", "--change", "--timeout", "200ms", "-o", "json", "--area", "0,0,99,9"];
    assert_eq!(sandbox.run(&change).ends(40).json_error()["InstanceId"], "i-demo-linux");
    // With several, the text says which, as it was typed.
    let run = sandbox.run(&["vnc-url", "-q", "--no-windows", "db-01", "i-1"]);
    assert!(run.stderr.contains("error: db-01: "), "{}", run.stderr);
}
