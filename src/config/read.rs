//! Reads `config.toml`. No error quotes a value: it may be a secret.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize as _;
use thiserror::Error;
use toml::Deserializer;
use toml::de::{DeTable, DeValue};

use super::{Config, schema};
use crate::system::blocking;
use crate::text::quoted::Shown as _;
use crate::text::sanitize::sanitize;

/// The largest configuration file that is read, in bytes.
pub(super) const MAX_FILE_LEN: usize = 1 << 20;

/// A configuration file that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file exists but cannot be read.
    #[error("cannot read the configuration {}: {cause}", file.shown())]
    Read {
        /// Path of the file.
        file: PathBuf,
        /// The error of the operating system, or of a check before parsing.
        cause: String,
    },
    /// The file is a pipe or a device that did not give its content within the time limit.
    #[error("cannot read the configuration {}: {cause}", file.shown())]
    NotReady {
        /// Path of the file.
        file: PathBuf,
        /// Names the time limit.
        cause: io::Error,
    },
    /// The file has invalid content.
    #[error("the configuration {}, line {line}: {message}", file.shown())]
    Content {
        /// Path of the file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong in that line.
        message: String,
        /// A known key with a similar name.
        suggest: Option<&'static str>,
    },
}

/// Reads the configuration in `file`; `None` if the file does not exist. A pipe may take `limit`.
pub(crate) fn read(file: &Path, limit: Duration) -> Result<Option<Config>, ConfigError> {
    read_text(file, limit)?.map(|text| parse(&text, file)).transpose()
}

/// Reads `file`, at most [`MAX_FILE_LEN`] bytes; `None` if the file does not exist.
pub(super) fn read_text(file: &Path, limit: Duration) -> Result<Option<String>, ConfigError> {
    let refused = |cause: String| ConfigError::Read { file: file.to_owned(), cause };
    let bytes = match blocking::read_file(file, MAX_FILE_LEN, limit) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) if cause.kind() == io::ErrorKind::TimedOut => {
            return Err(ConfigError::NotReady { file: file.to_owned(), cause });
        }
        Err(error) => return Err(refused(error.to_string())),
    };
    if bytes.len() > MAX_FILE_LEN {
        return Err(refused(format!("larger than {MAX_FILE_LEN} bytes")));
    }
    let text = str::from_utf8(&bytes).map_err(|_| refused("not UTF-8 text".to_owned()))?;
    Ok(Some(text.to_owned()))
}

/// Parses the configuration in `text`. Errors name `file`.
pub fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let invalid = |start: Option<usize>, message: String, suggest| ConfigError::Content {
        file: file.to_owned(),
        line: text.as_bytes()[..start.unwrap_or(0).min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1,
        message,
        suggest,
    };
    let start = |error: &toml::de::Error| error.span().map(|span| span.start);
    let mut table =
        DeTable::parse(text).map_err(|error| invalid(start(&error), sanitize(error.message(), 200), None))?;
    trim(table.get_mut());
    schema::check(table.get_ref())
        .map_err(|error| invalid(Some(error.span.start), sanitize(&error.message, 200), error.suggestion))?;
    // Only a number out of range can still be wrong here. The error of the `toml` crate would quote it.
    Config::deserialize(Deserializer::from(table))
        .map_err(|error| invalid(start(&error), "a value is out of range".to_owned(), None))
}

/// Drops white space around all texts, at any depth.
fn trim(table: &mut DeTable<'_>) {
    for (_, value) in table.iter_mut() {
        match value.get_mut() {
            DeValue::String(text) if text.trim().len() < text.len() => *text = text.trim().to_owned().into(),
            DeValue::Table(table) => trim(table),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
