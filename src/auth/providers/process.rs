//! A program that prints keys: the official CLI's mode `External`. It is run without a shell.
//!
//! What it reads is nothing: what is piped into this process is not its own. It stays in this process's group, so that
//! it can ask at `/dev/tty` as ssh and sudo do; the terminal would stop it in any other. When its time is over it is
//! killed, but what it has started may outlive it: an agent that a program starts is meant to.

use std::io;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::credentials::{CredentialsError, ExpiringCredentials, checked, expiration};
use crate::secret::{AccessKeyId, Secret};
use crate::system::platform;
use crate::text::sanitize::sanitize;

/// The most that is kept of what it prints, in bytes.
const LIMIT: usize = 64 << 10;

/// How long what it printed may take to arrive once it has ended. It is in the pipe by then, whose end may be far: it
/// comes with that of the last process that has it.
const GRACE: Duration = Duration::from_millis(200);

/// Why a program gave no keys.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// Nothing to run.
    #[error("process_command is no command line")]
    NoCommand,
    /// It could not be started.
    #[error("could not start {program}: {cause}")]
    Start {
        /// The program's name, for messages.
        program: String,
        /// The system's error.
        cause: io::Error,
    },
    /// The program ended with a status other than 0.
    #[error("{program} failed ({status}){}", said(stderr))]
    Failed {
        /// The program's name, for messages.
        program: String,
        /// How it ended.
        status: String,
        /// What it said.
        stderr: String,
    },
    /// It did not end.
    #[error("{program} did not end within {:.1} s", limit.as_secs_f64())]
    TooSlow {
        /// The program's name, for messages.
        program: String,
        /// How long was waited.
        limit: Duration,
    },
    /// It printed something else.
    #[error("{program} did not print a JSON object with `mode` AK or StsToken and its keys{}", said(stderr))]
    NoKeys {
        /// The program's name, for messages.
        program: String,
        /// What it said.
        stderr: String,
    },
    /// It printed keys that are none.
    #[error("{program}: {cause}")]
    ProvideCredentials {
        /// The program's name, for messages.
        program: String,
        /// What is wrong with the credentials it printed.
        cause: CredentialsError,
    },
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": {stderr}") }
}

/// Source: the official SDK's provider `external`.
#[derive(Deserialize)]
struct Printed {
    mode: String,
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    sts_token: Option<Secret>,
    #[serde(default, deserialize_with = "expiration")]
    expiration: Option<DateTime<Utc>>,
}

/// Runs `command` and reads the keys it prints. It is ended when `limit` passes. Its arguments may hold a password, so
/// errors name the program only.
pub(crate) async fn from_process(command: &Secret, limit: Duration) -> Result<ExpiringCredentials, ProcessError> {
    let words = platform::split_command_line(command.expose())
        .filter(|words| !words.is_empty())
        .ok_or(ProcessError::NoCommand)?;
    let program = shown(&words[0]);
    let start = Command::new(&words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = start.map_err(|cause| ProcessError::Start { program: program.clone(), cause })?;
    let (mut stdout, mut stderr) = (Kept::new(), Kept::new());
    let ended = end(&mut child, limit, &mut stdout, &mut stderr).await;
    let status = ended.map_err(|_| ProcessError::TooSlow { program: program.clone(), limit })?;
    let stderr = sanitize(&String::from_utf8_lossy(&stderr.0), 300);
    match status {
        Ok(status) if status.success() => keys(&stdout.0, program, stderr),
        Ok(status) => Err(ProcessError::Failed { program, status: status.to_string(), stderr }),
        Err(cause) => Err(ProcessError::Start { program, cause }),
    }
}

/// A program's name. Without a shell, `PASSWORD=… program` is one as well.
fn shown(program: &str) -> String {
    let name = program.split_once('=').map(|(variable, _)| format!("{variable}=…"));
    sanitize(name.as_deref().unwrap_or(program), 200)
}

/// Waits for the program's end, and for that of what it prints, as far as it is the program's own.
async fn end(
    child: &mut Child,
    limit: Duration,
    stdout: &mut Kept,
    stderr: &mut Kept,
) -> Result<io::Result<ExitStatus>, Elapsed> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let mut reading = pin!(async { tokio::join!(stdout.read(out), stderr.read(err)) });
    let ending = async {
        tokio::select! {
            status = child.wait() => (status, false),
            _ = &mut reading => (child.wait().await, true),
        }
    };
    let (status, all_is_read) = timeout(limit, ending).await?;
    if !all_is_read {
        // A process that has inherited the pipe may keep it open: its end is not awaited.
        let _ = timeout(GRACE, reading).await;
    }
    Ok(status)
}

/// What is kept of a stream. There is room for all of it from the start: a vector that grows leaves copies behind.
struct Kept(Zeroizing<Vec<u8>>);

impl Kept {
    fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(LIMIT + 1)))
    }

    /// Reads to the end. What is too much is read and dropped: a closed pipe would end the program.
    async fn read(&mut self, stream: Option<impl AsyncRead + Unpin>) {
        let Some(mut stream) = stream else {
            return;
        };
        let mut dropped = [0; 4096];
        loop {
            let count = match self.is_too_much() {
                false => stream.read_buf(&mut *self.0).await,
                true => stream.read(&mut dropped).await,
            };
            // What cannot be read is not there.
            if !matches!(count, Ok(1..)) {
                return;
            }
        }
    }

    fn is_too_much(&self) -> bool {
        self.0.len() > LIMIT
    }
}

/// Reads keys that `program` printed. For errors: `stderr` is what it said besides, fit to be shown.
pub fn keys(stdout: &[u8], program: String, stderr: String) -> Result<ExpiringCredentials, ProcessError> {
    let printed = serde_json::from_slice::<Printed>(stdout).ok().filter(|_| stdout.len() <= LIMIT);
    let Some(printed) = printed else {
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
        Ok(Some(credentials)) => Ok(ExpiringCredentials { credentials, expires: printed.expiration }),
        Ok(None) => Err(ProcessError::NoKeys { program, stderr }),
        Err(cause) => Err(ProcessError::ProvideCredentials { program, cause }),
    }
}

#[cfg(test)]
#[cfg(unix)]
#[path = "process_tests.rs"]
mod tests;
