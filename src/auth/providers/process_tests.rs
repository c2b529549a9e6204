//! Runs shell scripts that print credentials, fail, hang, or start other processes.

use std::process::Command as Plain;

use super::*;

const AK: &str = r#"{"mode":"AK","access_key_id":"a","access_key_secret":"b"}"#;

/// A time limit that programs which end never reach.
const TIME_LIMIT: Duration = Duration::from_secs(5);

async fn run(script: &str) -> Result<ExpiringCredentials, String> {
    run_for(script, TIME_LIMIT).await
}

async fn run_for(script: &str, time_limit: Duration) -> Result<ExpiringCredentials, String> {
    let quoted = shlex::try_quote(script).unwrap();
    let command = Secret::new(format!("sh -c {quoted}"));
    let run = timeout(time_limit + TIME_LIMIT, from_process(&command, time_limit));
    run.await.expect("it keeps its time limit").map_err(|error| error.to_string())
}

/// A background process that holds the script's pipes open. It is killed when this is dropped. The file has its id.
struct BackgroundProcess(tempfile::NamedTempFile);

impl BackgroundProcess {
    fn new() -> Self {
        Self(tempfile::NamedTempFile::new().unwrap())
    }

    /// The script's command that starts the process, with the script's own stdout and stderr.
    fn start_command(&self) -> String {
        format!("sleep 60 & echo $! > {}", self.0.path().display())
    }

    fn id(&self) -> String {
        std::fs::read_to_string(self.0.path()).unwrap().trim().to_owned()
    }
}

impl Drop for BackgroundProcess {
    fn drop(&mut self) {
        let _ = Plain::new("kill").arg(self.id()).status();
    }
}

fn is_alive(id: &str) -> bool {
    Plain::new("kill").args(["-0", id]).stderr(Stdio::null()).status().unwrap().success()
}

#[tokio::test]
async fn modes_ak_and_sts_token_give_credentials() {
    let id_and_has_token = |ExpiringCredentials { credentials, .. }: ExpiringCredentials| {
        (credentials.access_key_id.expose().to_owned(), credentials.security_token.is_some())
    };
    let ak = r#"echo '{"mode":"AK","access_key_id":"a","access_key_secret":"b","sts_token":""}'"#;
    assert_eq!(run(ak).await.map(id_and_has_token), Ok(("a".into(), false)));
    let sts = r#"echo '{"mode":"StsToken","access_key_id":"a","access_key_secret":"b","sts_token":"c"}'"#;
    assert_eq!(run(sts).await.map(id_and_has_token), Ok(("a".into(), true)));
}

/// Source: the official SDK's `external.py`.
#[tokio::test]
async fn expiration_is_optional() {
    let expires = async |rest: &str| {
        let printed = AK.replace('}', &format!("{rest}}}"));
        run(&format!("echo '{printed}'")).await.unwrap().expires.map(|time| time.timestamp())
    };
    assert_eq!(expires(r#","expiration":"2096-10-02T07:06:40Z""#).await, Some(4_000_000_000));
    for missing in ["", r#","expiration":"""#, r#","expiration":null"#, r#","expiration":1"#] {
        assert_eq!(expires(missing).await, None, "{missing}");
    }
}

#[tokio::test]
async fn errors_show_stderr_but_not_stdout() {
    let failed = run("echo hunter2; echo 'log in first' >&2; exit 3").await.unwrap_err();
    assert!(failed.starts_with("sh failed (exit status 3): log in first"), "{failed}");
    for printed in [
        "hunter2",
        r#"{"mode":"RamRoleArn","access_key_id":"hunter2","access_key_secret":"b"}"#,
        r#"{"mode":"StsToken","access_key_id":"hunter2","access_key_secret":"b"}"#,
        r#"{"mode":"AK","access_key_id":"hunter2","access_key_secret":"b c"}"#,
        "",
    ] {
        let error = run(&format!("echo '{printed}'; echo why >&2")).await.unwrap_err();
        assert!(error.starts_with("sh") && !error.contains("hunter2"), "{error}");
    }
    let missing = from_process(&Secret::new("/nonexistent/program x"), TIME_LIMIT).await.unwrap_err();
    assert!(missing.to_string().starts_with("could not start /nonexistent/program: "), "{missing}");
    assert!(matches!(from_process(&Secret::new("  "), TIME_LIMIT).await, Err(ProcessError::InvalidCommandLine)));
}

#[tokio::test]
async fn errors_show_no_argument() {
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
    let assigned = from_process(&Secret::new("PASSWORD=hunter2 program"), TIME_LIMIT).await.unwrap_err();
    assert!(assigned.to_string().starts_with("could not start PASSWORD=…: "), "{assigned}");
}

#[tokio::test]
async fn a_program_is_killed_at_the_time_limit() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = format!("echo $$ > {}; exec sleep 60", file.path().display());
    let error = run_for(&script, Duration::from_millis(500)).await.unwrap_err();
    assert_eq!(error, "sh did not end within 0.5 s");
    let id = std::fs::read_to_string(file.path()).unwrap().trim().to_owned();
    // A killed process has its id until the runtime has waited for it.
    let killed = async {
        while is_alive(&id) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(!id.is_empty() && timeout(TIME_LIMIT, killed).await.is_ok());
}

#[tokio::test]
async fn a_background_process_does_not_delay_the_credentials() {
    let background = BackgroundProcess::new();
    run(&format!("{}; echo '{AK}'", background.start_command())).await.unwrap();
    assert!(is_alive(&background.id()), "a background process must not be killed");
    let background = BackgroundProcess::new();
    let failed = run(&format!("{}; echo why >&2; exit 3", background.start_command())).await.unwrap_err();
    assert_eq!(failed, "sh failed (exit status 3): why");
}

#[tokio::test]
async fn long_output_is_read_to_its_end() {
    // `echo` and `printf` are built into the shell, so a closed pipe would kill the script itself.
    let long_output = |text: &str| format!("i=0; while [ $i -lt 2000 ]; do echo {}; i=$((i+1)); done", text.repeat(16));
    run(&format!("({}) >&2 || exit 9; echo '{AK}'", long_output("hunter2"))).await.unwrap();
    run(&format!("{} >&2; echo '{AK}'", long_output("hunter2"))).await.unwrap();
    let error = run(&format!("{}; echo why >&2", long_output("hunter2"))).await.unwrap_err();
    assert!(error.starts_with("sh did not print a JSON object") && error.ends_with(": why"), "{error}");
    let error = run(&format!("echo '{AK}'; printf '%70000s' ''; echo why >&2")).await.unwrap_err();
    assert!(error.starts_with("sh did not print a JSON object") && error.ends_with(": why"), "{error}");
    let endless = run_for("yes hunter2", Duration::from_millis(300)).await.unwrap_err();
    assert_eq!(endless, "sh did not end within 0.3 s");
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let credentials = run(&format!("echo '{}'", AK.replace("\"b\"", "\"hunter2\""))).await.unwrap();
    assert!(!format!("{credentials:?}").contains("hunter2"));
}
