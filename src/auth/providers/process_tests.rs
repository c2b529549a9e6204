//! Programs as people write them: scripts that print, fail, hang, and start others.

use std::process::Command as Plain;

use super::*;

const AK: &str = r#"{"mode":"AK","access_key_id":"a","access_key_secret":"b"}"#;

/// Ample for what ends, and short for what does not.
const TIME: Duration = Duration::from_secs(5);

async fn run(script: &str) -> Result<ExpiringCredentials, String> {
    run_for(script, TIME).await
}

async fn run_for(script: &str, limit: Duration) -> Result<ExpiringCredentials, String> {
    let quoted = shlex::try_quote(script).unwrap();
    let command = Secret::new(format!("sh -c {quoted}"));
    let found = timeout(limit + TIME, from_process(&command, limit)).await.expect("it holds its own limit");
    found.map_err(|error| error.to_string())
}

/// What runs for long, and is ended with this.
struct Holder(tempfile::NamedTempFile);

impl Holder {
    fn new() -> Self {
        Self(tempfile::NamedTempFile::new().unwrap())
    }

    /// For a script: starts it, with the script's own streams.
    fn start(&self) -> String {
        format!("sleep 60 & echo $! > {}", self.0.path().display())
    }

    fn process(&self) -> String {
        std::fs::read_to_string(self.0.path()).unwrap().trim().to_owned()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = Plain::new("kill").arg(self.process()).status();
    }
}

fn is_alive(process: &str) -> bool {
    Plain::new("kill").args(["-0", process]).stderr(Stdio::null()).status().unwrap().success()
}

#[tokio::test]
async fn both_modes_give_keys() {
    let id_and_token = |keys: ExpiringCredentials| {
        let ExpiringCredentials { credentials, .. } = keys;
        (credentials.access_key_id.expose().to_owned(), credentials.security_token.is_some())
    };
    let ak = r#"echo '{"mode":"AK","access_key_id":"a","access_key_secret":"b","sts_token":""}'"#;
    assert_eq!(run(ak).await.map(id_and_token), Ok(("a".into(), false)));
    let sts = r#"echo '{"mode":"StsToken","access_key_id":"a","access_key_secret":"b","sts_token":"c"}'"#;
    assert_eq!(run(sts).await.map(id_and_token), Ok(("a".into(), true)));
}

/// The form is that of the official SDK's `external.py`.
#[tokio::test]
async fn the_end_of_keys_is_read_where_it_is_there() {
    let expires = async |rest: &str| {
        let printed = AK.replace('}', &format!("{rest}}}"));
        run(&format!("echo '{printed}'")).await.unwrap().expires.map(|time| time.timestamp())
    };
    assert_eq!(expires(r#","expiration":"2096-10-02T07:06:40Z""#).await, Some(4_000_000_000));
    for none in ["", r#","expiration":"""#, r#","expiration":null"#, r#","expiration":1"#] {
        assert_eq!(expires(none).await, None, "{none}");
    }
}

#[tokio::test]
async fn what_went_wrong_is_said_without_what_it_printed() {
    let failed = run("echo hunter2; echo 'log in first' >&2; exit 3").await.unwrap_err();
    assert!(failed.starts_with("sh failed (exit status: 3): log in first"), "{failed}");
    for printed in [
        "hunter2",
        r#"{"mode":"RamRoleArn","access_key_id":"hunter2","access_key_secret":"b"}"#,
        r#"{"mode":"StsToken","access_key_id":"hunter2","access_key_secret":"b"}"#,
        r#"{"mode":"AK","access_key_id":"hunter2","access_key_secret":"b c"}"#,
        "",
    ] {
        let said = run(&format!("echo '{printed}'; echo why >&2")).await.unwrap_err();
        assert!(said.starts_with("sh") && !said.contains("hunter2"), "{said}");
    }
    let missing = from_process(&Secret::new("/nonexistent/program x"), TIME).await.unwrap_err();
    assert!(missing.to_string().starts_with("could not start /nonexistent/program: "), "{missing}");
    assert!(matches!(from_process(&Secret::new("  "), TIME).await, Err(ProcessError::NoCommand)));
}

#[tokio::test]
async fn no_error_shows_an_argument() {
    for command in [
        "false --password hunter2",
        "true --password hunter2",
        "sh -c 'exec sleep 60' hunter2",
        "/nonexistent/program hunter2",
        "PASSWORD=hunter2 program",
        "program 'hunter2",
        "program hunter2\0",
    ] {
        let error = from_process(&Secret::new(command), Duration::from_millis(300)).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    let assigned = from_process(&Secret::new("PASSWORD=hunter2 program"), TIME).await.unwrap_err();
    assert!(assigned.to_string().starts_with("could not start PASSWORD=…: "), "{assigned}");
}

#[tokio::test]
async fn it_is_killed_when_its_time_is_over() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = format!("echo $$ > {}; exec sleep 60", file.path().display());
    let slow = run_for(&script, Duration::from_millis(500)).await.unwrap_err();
    assert_eq!(slow, "sh did not end within 0.5 s");
    let process = std::fs::read_to_string(file.path()).unwrap().trim().to_owned();
    // It is gone once the runtime has seen it end.
    let gone = async {
        while is_alive(&process) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(!process.is_empty() && timeout(TIME, gone).await.is_ok());
}

#[tokio::test]
async fn who_still_holds_its_pipe_is_not_waited_for() {
    let holder = Holder::new();
    run(&format!("{}; echo '{AK}'", holder.start())).await.unwrap();
    assert!(is_alive(&holder.process()), "it is an agent, which lives on");
    let holder = Holder::new();
    let failed = run(&format!("{}; echo why >&2; exit 3", holder.start())).await.unwrap_err();
    assert_eq!(failed, "sh failed (exit status: 3): why");
}

#[tokio::test]
async fn a_program_that_talks_much_is_heard_to_its_end() {
    // `echo` and `printf` are the shell's own, so a closed pipe would end the script.
    let much = |text: &str| format!("i=0; while [ $i -lt 2000 ]; do echo {}; i=$((i+1)); done", text.repeat(16));
    run(&format!("({}) >&2 || exit 9; echo '{AK}'", much("hunter2"))).await.unwrap();
    run(&format!("{} >&2; echo '{AK}'", much("hunter2"))).await.unwrap();
    let said = run(&format!("{}; echo why >&2", much("hunter2"))).await.unwrap_err();
    assert!(said.starts_with("sh did not print a JSON object") && said.ends_with(": why"), "{said}");
    let said = run(&format!("echo '{AK}'; printf '%70000s' ''; echo why >&2")).await.unwrap_err();
    assert!(said.starts_with("sh did not print a JSON object") && said.ends_with(": why"), "{said}");
    let endless = run_for("yes hunter2", Duration::from_millis(300)).await.unwrap_err();
    assert_eq!(endless, "sh did not end within 0.3 s");
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let keys = run(&format!("echo '{}'", AK.replace("\"b\"", "\"hunter2\""))).await.unwrap();
    assert!(!format!("{keys:?}").contains("hunter2"));
}
