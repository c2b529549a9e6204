//! A program that prints keys: the official CLI's mode `External`. It is run without a shell.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::time::timeout;

use crate::credentials::{Credentials, CredentialsError, checked};
use crate::platform;
use crate::printable::printable;
use crate::secret::{AccessKeyId, Secret};

/// The most that is read of what it prints, in bytes.
const LIMIT: u64 = 64 << 10;

/// Why a program gave no keys.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// Nothing to run.
    #[error("process_command is no command line")]
    NoCommand,
    /// It could not be started.
    #[error("could not start {program}: {cause}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        cause: std::io::Error,
    },
    /// It failed.
    #[error("{program} failed ({status}){}", said(stderr))]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// What it said.
        stderr: String,
    },
    /// It did not end.
    #[error("{program} did not end within {} s", limit.as_secs_f64())]
    TooSlow {
        /// The program.
        program: String,
        /// How long was waited.
        limit: Duration,
    },
    /// It printed something else.
    #[error("{program} did not print a JSON object with `mode` AK or StsToken and its keys{}", said(stderr))]
    NoKeys {
        /// The program.
        program: String,
        /// What it said.
        stderr: String,
    },
    /// It printed keys that are none.
    #[error("{program}: {cause}")]
    Keys {
        /// The program.
        program: String,
        /// Why.
        cause: CredentialsError,
    },
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": {stderr}") }
}

#[derive(Deserialize)]
struct Printed {
    mode: String,
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    sts_token: Option<Secret>,
}

/// Runs `command` and reads the keys it prints. It is ended when `limit` passes.
pub async fn from_process(command: &str, limit: Duration) -> Result<Credentials, ProcessError> {
    let words = platform::words(command).filter(|words| !words.is_empty()).ok_or(ProcessError::NoCommand)?;
    let program = words[0].clone();
    let start = Command::new(&program)
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = start.map_err(|cause| ProcessError::Start { program: program.clone(), cause })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ending = async { tokio::join!(read(stdout), read(stderr), child.wait()) };
    let ended = timeout(limit, ending).await;
    let (stdout, stderr, status) = ended.map_err(|_| ProcessError::TooSlow { program: program.clone(), limit })?;
    let stderr = printable(&String::from_utf8_lossy(&stderr), 300);
    match status {
        Ok(status) if status.success() => keys(&stdout, program, stderr),
        Ok(status) => Err(ProcessError::Failed { program, status: status.to_string(), stderr }),
        Err(cause) => Err(ProcessError::Start { program, cause }),
    }
}

async fn read(stream: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // What cannot be read is not there; what is too long ends in the middle, and is no JSON.
        let _ = stream.take(LIMIT).read_to_end(&mut bytes).await;
    }
    bytes
}

fn keys(stdout: &[u8], program: String, stderr: String) -> Result<Credentials, ProcessError> {
    let Ok(printed) = serde_json::from_slice::<Printed>(stdout) else {
        return Err(ProcessError::NoKeys { program, stderr });
    };
    let token = printed.sts_token.filter(|token| !token.expose().is_empty());
    let fits = match printed.mode.as_str() {
        "AK" => token.is_none(),
        "StsToken" => token.is_some(),
        _ => false,
    };
    if !fits {
        return Err(ProcessError::NoKeys { program, stderr });
    }
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    match checked(Some(printed.access_key_id), Some(printed.access_key_secret), token, names) {
        Ok(Some(credentials)) => Ok(credentials),
        Ok(None) => Err(ProcessError::NoKeys { program, stderr }),
        Err(cause) => Err(ProcessError::Keys { program, cause }),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    async fn run(script: &str) -> Result<(String, bool), String> {
        let quoted = shlex::try_quote(script).unwrap();
        let keys = from_process(&format!("sh -c {quoted}"), Duration::from_secs(5)).await;
        keys.map(|keys| (keys.access_key_id.expose().to_owned(), keys.security_token.is_some()))
            .map_err(|e| e.to_string())
    }

    #[tokio::test]
    async fn both_modes_give_keys() {
        let ak = r#"echo '{"mode":"AK","access_key_id":"a","access_key_secret":"b","sts_token":""}'"#;
        assert_eq!(run(ak).await, Ok(("a".into(), false)));
        let sts = r#"echo '{"mode":"StsToken","access_key_id":"a","access_key_secret":"b","sts_token":"c"}'"#;
        assert_eq!(run(sts).await, Ok(("a".into(), true)));
    }

    #[tokio::test]
    async fn what_went_wrong_is_said_without_what_it_printed() {
        let error = |outcome: Result<(String, bool), String>| outcome.unwrap_err();
        let failed = error(run("echo hunter2; echo 'log in first' >&2; exit 3").await);
        assert!(failed.starts_with("sh failed (exit status: 3): log in first"), "{failed}");
        for printed in [
            "hunter2",
            r#"{"mode":"RamRoleArn","access_key_id":"hunter2","access_key_secret":"b"}"#,
            r#"{"mode":"StsToken","access_key_id":"hunter2","access_key_secret":"b"}"#,
            r#"{"mode":"AK","access_key_id":"hunter2","access_key_secret":"b c"}"#,
            "",
        ] {
            let said = error(run(&format!("echo '{printed}'; echo why >&2")).await);
            assert!(said.starts_with("sh") && !said.contains("hunter2"), "{said}");
        }
        let endless = error(run("yes hunter2").await);
        assert!(endless.starts_with("sh failed") && !endless.contains("hunter2"), "{endless}");
        let slow = from_process("sleep 30", Duration::from_millis(100)).await.unwrap_err();
        assert_eq!(slow.to_string(), "sleep did not end within 0.1 s");
        let missing = from_process("/nonexistent/program x", Duration::from_secs(5)).await.unwrap_err();
        assert!(missing.to_string().starts_with("could not start /nonexistent/program: "), "{missing}");
        assert!(matches!(from_process("  ", Duration::from_secs(5)).await, Err(ProcessError::NoCommand)));
    }
}
