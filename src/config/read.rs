//! Reads the configuration file. No error quotes a value: it may be a secret.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml::de::DeTable;

use super::{Config, keys};
use crate::text::sanitize::sanitize;

/// The most a configuration file may hold, in bytes.
const LIMIT: u64 = 1 << 20;

/// Why the configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It is there, but cannot be read.
    #[error("could not read the configuration {}: {cause}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },
    /// It can be read, but not understood.
    #[error("the configuration {}, line {line}: {what}", file.display())]
    Content {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: String,
        /// The key that may have been meant.
        suggest: Option<&'static str>,
    },
}

/// The configuration in `file`; nothing where there is no such file.
pub(crate) fn read(file: &Path) -> Result<Option<Config>, ConfigError> {
    read_text(file)?.map(|text| parse(&text, file)).transpose()
}

/// The text in `file`, up to a limit; nothing where there is no such file.
pub(super) fn read_text(file: &Path) -> Result<Option<String>, ConfigError> {
    let refused = |cause: String| ConfigError::Read { file: file.to_owned(), cause };
    let mut text = String::new();
    let read = File::open(file).and_then(|open| open.take(LIMIT + 1).read_to_string(&mut text));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(refused("it is not UTF-8 text".to_owned())),
        Err(error) => Err(refused(error.to_string())),
        Ok(_) if text.len() as u64 > LIMIT => Err(refused(format!("it is longer than {LIMIT} bytes"))),
        Ok(_) => Ok(Some(text)),
    }
}

/// The configuration in `text`; `file` is named in errors.
pub fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let fault = |start: Option<usize>, what: String, suggest| ConfigError::Content {
        file: file.to_owned(),
        line: text.as_bytes()[..start.unwrap_or(0).min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1,
        what,
        suggest,
    };
    let start = |error: &toml::de::Error| error.span().map(|span| span.start);
    let table = DeTable::parse(text).map_err(|error| fault(start(&error), sanitize(error.message(), 200), None))?;
    keys::check(table.get_ref())
        .map_err(|found| fault(Some(found.span.start), sanitize(&found.what, 200), found.suggest))?;
    // All that can still be wrong is a number out of its range; the library would quote it.
    toml::from_str(text).map_err(|error| fault(start(&error), "a value that cannot be used".to_owned(), None))
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
