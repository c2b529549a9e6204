//! A program that prints credentials. The official CLI's mode `External`. It is run without a shell.
//!
//! - Its stdin is empty, because the stdin of `ecs-vnc` is meant for `ecs-vnc`.
//! - It stays in the process group of `ecs-vnc`, so that it can prompt at `/dev/tty` as ssh and sudo do. The terminal
//!   would stop a program of another group.
//! - It is killed at the time limit. Its child processes are not: a program may start an agent that is meant to stay.

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
use crate::system::command_line;
use crate::system::exit_status::describe;
use crate::system::platform::System;
use crate::text::sanitize::sanitize;

/// The maximum number of bytes stored of stdout and of stderr, each.
const MAX_OUTPUT_LEN: usize = 64 << 10;

/// How long the output is read after the program has ended. All of its output is in the pipe by then, but the pipe
/// stays open as long as a child process holds it.
const OUTPUT_GRACE: Duration = Duration::from_millis(200);

/// Why a program gave no credentials. No error shows its arguments or its stdout, which may hold secrets.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// The command line is empty, or a quote in it is not closed.
    #[error("process_command is not a valid command line")]
    InvalidCommandLine,
    /// The program could not be started, or its status could not be read.
    #[error("could not start {program}: {cause}")]
    Start {
        /// The program's name for messages.
        program: String,
        /// The system's error.
        cause: io::Error,
    },
    /// The program ended with a status other than 0.
    #[error("{program} failed ({status}){}", stderr_suffix(stderr))]
    Failed {
        /// The program's name for messages.
        program: String,
        /// The exit status or the signal, as text.
        status: String,
        /// The start of its stderr, without control characters.
        stderr: String,
    },
    /// The program did not end within the time limit.
    #[error("{program} did not end within {:.1} s", time_limit.as_secs_f64())]
    Timeout {
        /// The program's name for messages.
        program: String,
        /// The time limit.
        time_limit: Duration,
    },
    /// Its stdout is not the expected JSON object, or longer than 64 KiB.
    #[error(
        "{program} did not print a JSON object with `mode` AK or StsToken and its credentials{}",
        stderr_suffix(stderr)
    )]
    NoCredentials {
        /// The program's name for messages.
        program: String,
        /// The start of its stderr, without control characters.
        stderr: String,
    },
    /// The program printed malformed or incomplete credentials.
    #[error("{program}: {cause}")]
    InvalidCredentials {
        /// The program's name for messages.
        program: String,
        /// What is wrong with the credentials.
        cause: CredentialsError,
    },
}

fn stderr_suffix(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": {stderr}") }
}

/// The JSON object that the program prints. Source: the official SDK's provider `external`.
#[derive(Deserialize)]
struct ProgramOutput {
    mode: String,
    access_key_id: AccessKeyId,
    access_key_secret: Secret,
    sts_token: Option<Secret>,
    #[serde(default, deserialize_with = "expiration")]
    expiration: Option<DateTime<Utc>>,
}

/// Runs `command` and parses the credentials that it prints. The program is killed after `time_limit`.
pub(crate) async fn from_process(command: &Secret, time_limit: Duration) -> Result<ExpiringCredentials, ProcessError> {
    let words = command_line::split(command.expose(), System::THIS)
        .filter(|words| !words.is_empty())
        .ok_or(ProcessError::InvalidCommandLine)?;
    let program = display_name(&words[0]);
    let spawned = Command::new(&words[0])
        .args(&words[1..])
        // It may need keys of the environment, but not the passwords of consoles.
        .env_remove("ECS_VNC_PASSWORD")
        .env_remove("ECS_VNC_SHARE_PASSWORD")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = spawned.map_err(|cause| ProcessError::Start { program: program.clone(), cause })?;
    let (mut stdout, mut stderr) = (OutputBuffer::new(), OutputBuffer::new());
    let ended = wait_for_end(&mut child, time_limit, &mut stdout, &mut stderr).await;
    let status = ended.map_err(|_| ProcessError::Timeout { program: program.clone(), time_limit })?;
    let stderr = sanitize(&String::from_utf8_lossy(&stderr.0), 300);
    match status {
        Ok(status) if status.success() => parse_output(&stdout.0, program, stderr),
        Ok(status) => Err(ProcessError::Failed { program, status: describe(status), stderr }),
        Err(cause) => Err(ProcessError::Start { program, cause }),
    }
}

/// The program's name for messages. A command line may start with `PASSWORD=…`, which is a name without a shell, so its
/// value is hidden.
fn display_name(program: &str) -> String {
    let name = program.split_once('=').map(|(variable, _)| format!("{variable}=…"));
    sanitize(name.as_deref().unwrap_or(program), 200)
}

/// Reads the output until the program ends. Returns its status, or [`Elapsed`] after `time_limit`.
async fn wait_for_end(
    child: &mut Child,
    time_limit: Duration,
    stdout: &mut OutputBuffer,
    stderr: &mut OutputBuffer,
) -> Result<io::Result<ExitStatus>, Elapsed> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let mut reading = pin!(async { tokio::join!(stdout.read(out), stderr.read(err)) });
    let ending = async {
        tokio::select! {
            status = child.wait() => (status, false),
            _ = &mut reading => (child.wait().await, true),
        }
    };
    let (status, is_all_read) = timeout(time_limit, ending).await?;
    if !is_all_read {
        // A child process that has inherited the pipe may keep it open for long.
        let _ = timeout(OUTPUT_GRACE, reading).await;
    }
    Ok(status)
}

/// The start of a stream. Allocated once: a growing vector leaves copies of the secrets in memory.
struct OutputBuffer(Zeroizing<Vec<u8>>);

impl OutputBuffer {
    fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(MAX_OUTPUT_LEN + 1)))
    }

    /// Reads to the end of the stream. Bytes beyond the maximum are read and dropped: a closed pipe would kill the
    /// program.
    async fn read(&mut self, stream: Option<impl AsyncRead + Unpin>) {
        let Some(mut stream) = stream else {
            return;
        };
        let mut dropped = [0; 4096];
        loop {
            let count = match self.is_full() {
                false => stream.read_buf(&mut *self.0).await,
                true => stream.read(&mut dropped).await,
            };
            // A read error counts as the end of the stream.
            if !matches!(count, Ok(1..)) {
                return;
            }
        }
    }

    fn is_full(&self) -> bool {
        self.0.len() > MAX_OUTPUT_LEN
    }
}

/// Parses credentials that `program` printed. `program` and `stderr` are for error messages and must be sanitized.
pub fn parse_output(stdout: &[u8], program: String, stderr: String) -> Result<ExpiringCredentials, ProcessError> {
    let output = serde_json::from_slice::<ProgramOutput>(stdout).ok().filter(|_| stdout.len() <= MAX_OUTPUT_LEN);
    let Some(output) = output else {
        return Err(ProcessError::NoCredentials { program, stderr });
    };
    let token = output.sts_token.filter(|token| !token.expose().is_empty());
    let token_fits_mode = match output.mode.as_str() {
        "AK" => token.is_none(),
        "StsToken" => token.is_some(),
        _ => false,
    };
    if !token_fits_mode {
        return Err(ProcessError::NoCredentials { program, stderr });
    }
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    match checked(Some(output.access_key_id), Some(output.access_key_secret), token, names) {
        Ok(Some(credentials)) => Ok(ExpiringCredentials { credentials, expires: output.expiration }),
        Ok(None) => Err(ProcessError::NoCredentials { program, stderr }),
        Err(cause) => Err(ProcessError::InvalidCredentials { program, cause }),
    }
}

#[cfg(test)]
#[cfg(unix)]
#[path = "process_tests.rs"]
mod tests;
