//! `password set`.

use crate::fake::{Fake, http};
use crate::sandbox::{Sandbox, with_account};

#[test]
fn it_is_set_from_stdin() {
    let run = with_account().stdin("abc123\r\n").run(&["password", "set", "i-demo-linux"]).ends(0);
    assert!(run.stdout.is_empty());
    run.says(&["the VNC password of i-demo-linux was set"]);
    let run =
        with_account().stdin("ABC123").run(&["password", "set", "--stdin", "-q", "-o", "json", "i-demo-linux"]).ends(0);
    assert!(run.stderr.is_empty() && run.json()[0]["RequestId"].is_string());
    let server = Fake::start(|_, _| http("200 OK", "", r#"{"RequestId":"R-1"}"#));
    Sandbox::with_account(&server.endpoint).stdin("abc123").run(&["password", "set", "i-1"]).ends(0);
    let request = &server.requests()[0];
    assert!(
        request.contains("Action=ModifyInstanceVncPasswd&") && request.contains("&VncPassword=abc123&"),
        "{request}"
    );
}

#[test]
fn what_cannot_be_one_is_refused_before_anything_is_asked() {
    let server = Fake::start(|_, _| http("200 OK", "", r#"{"RequestId":"R-1"}"#));
    for bad in ["", "abc12", "abc1234", "abc 12", "abc12!"] {
        let run = Sandbox::with_account(&server.endpoint).stdin(bad).run(&["password", "set", "i-1"]).ends(2);
        run.says(&["six letters"]);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn refusals_name_the_instance_and_the_action_and_not_the_password() {
    let run = with_account().stdin("abc123").run(&["password", "set", "i-nope"]).ends(4).says(&["no instance i-nope"]);
    assert!(!run.stderr.contains("abc123"));
    let narrow = with_account()
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "demo-narrow-key-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "demo-narrow-secret");
    narrow.stdin("abc123").run(&["password", "set", "i-demo-linux"]).ends(3).says(&["ecs:ModifyInstanceVncPasswd"]);
    let server = Fake::start(|_, request| {
        let line = request.lines().next().unwrap();
        http("400 Bad Request", "", &format!(r#"{{"Code":"InvalidVncPassword","Message":"{line}"}}"#))
    });
    let echoed =
        Sandbox::with_account(&server.endpoint).stdin("abc123").run(&["password", "set", "-vv", "i-1"]).ends(1);
    assert!(!echoed.stderr.contains("abc123"), "{}", echoed.stderr);
}
