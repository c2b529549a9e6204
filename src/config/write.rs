//! Changes the configuration file: adds and removes profiles, and chooses the default one. Everything else in it is kept,
//! including comments and order.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use super::Profile;
use super::read::MAX_FILE_LEN;
use crate::system::{blocking, platform, temporary};
use crate::text::quoted::Shown as _;

/// Why the file was not changed.
#[derive(Debug, Error)]
pub(crate) enum WriteError {
    #[error("profile {name} already exists in {}", file.shown())]
    Exists { name: String, file: PathBuf },
    #[error("no profile {name} in {}", file.shown())]
    Missing { name: String, file: PathBuf },
    /// The file is not TOML, or its `profile` is not a table.
    #[error("{} is not a configuration file of ecs-vnc", file.shown())]
    NotAConfig { file: PathBuf },
    #[error("cannot write {}: {cause}", file.shown())]
    Write { file: PathBuf, cause: io::Error },
}

/// What to do with an existing profile of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfExists {
    Fail,
    ReplaceCredentials,
}

/// Whether the added profile was made the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultProfile {
    Set,
    Unchanged,
}

/// Adds `[profile.NAME]`. The first profile in a file becomes the default.
pub(crate) fn add_profile(
    file: &Path,
    name: &str,
    profile: &Profile,
    if_exists: IfExists,
) -> Result<DefaultProfile, WriteError> {
    change(file, |text| with_profile(text, file, name, profile, if_exists))
}

/// Sets `default_profile`. The profile need not be in the file.
pub(crate) fn set_default_profile(file: &Path, name: &str) -> Result<(), WriteError> {
    change(file, |text| with_default_profile(text, file, name).map(|text| (text, ())))
}

/// Removes `[profile.NAME]` with its comments, and `default_profile` if it names it.
pub(crate) fn remove_profile(file: &Path, name: &str) -> Result<(), WriteError> {
    change(file, |text| without_profile(text, file, name).map(|text| (text, ())))
}

/// Creates the file with `text` if it does not exist.
pub(crate) fn create_if_missing(file: &Path, text: &str) -> Result<(), WriteError> {
    change(file, |existing| Ok((if existing.is_empty() { text.to_owned() } else { existing.to_owned() }, ())))
}

/// Replaces the text of the file by what `edit` makes of it; that of a missing file is empty.
///
/// The file is replaced atomically and is readable by its owner only. A lock on the directory keeps concurrent calls
/// from overwriting each other's changes.
fn change<T>(file: &Path, edit: impl FnOnce(&str) -> Result<(String, T), WriteError>) -> Result<T, WriteError> {
    let failed = |cause: io::Error| WriteError::Write { file: file.to_owned(), cause };
    let target = link_target(file);
    let dir = target.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    platform::create_private_dir(dir).map_err(failed)?;
    let _lock = platform::lock_dir(dir).map_err(failed)?;
    remove_leftovers(dir);
    let old = read_regular(&target).map_err(failed)?;
    let (text, result) = edit(&old)?;
    if text == old && target.exists() {
        return Ok(result);
    }
    let mut temporary = temporary::create_in(dir).map_err(failed)?; // private from the start
    temporary.write_all(text.as_bytes()).and_then(|()| temporary.as_file().sync_all()).map_err(failed)?;
    temporary::persist(temporary, &target).map_err(failed)?;
    Ok(result)
}

/// Returns the text of a file; that of a missing one is empty. A pipe or a device is an error: it would be replaced by a file.
fn read_regular(file: &Path) -> io::Result<String> {
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Ok(metadata) if !metadata.is_file() => return Err(io::Error::other("it is no regular file")),
        metadata => metadata?,
    };
    let bytes = blocking::read_whole_file(file, MAX_FILE_LEN)?;
    str::from_utf8(&bytes).map(str::to_owned).map_err(|_| io::Error::other("it is not UTF-8 text"))
}

/// Removes what killed processes left in a directory that is locked, so that no other process is about to rename it.
fn remove_leftovers(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten().filter(temporary::is_temporary) {
        // It stays if it cannot be removed. The profile is added all the same.
        let _ = fs::remove_file(entry.path());
    }
}

/// Follows a symbolic link, so that the link stays (as in a dotfiles repository) and its target is replaced. The target
/// need not exist.
fn link_target(file: &Path) -> PathBuf {
    let beside = |target: PathBuf| file.parent().map(|dir| dir.join(&target)).unwrap_or(target);
    fs::canonicalize(file).or_else(|_| fs::read_link(file).map(beside)).unwrap_or_else(|_| file.to_owned())
}

/// Returns `text` with what `edit` changes in its document.
fn edited<T>(
    text: &str,
    file: &Path,
    edit: impl FnOnce(&mut DocumentMut) -> Result<T, WriteError>,
) -> Result<(String, T), WriteError> {
    // `toml_edit` drops the byte order mark and the Windows line endings.
    let (byte_order_mark, body) = text.strip_prefix('\u{feff}').map_or(("", text), |body| ("\u{feff}", body));
    let has_windows_endings = body.contains("\r\n");
    let mut document: DocumentMut = body.parse().map_err(|_| WriteError::NotAConfig { file: file.to_owned() })?;
    let result = edit(&mut document)?;
    let body = document.to_string();
    let body = if has_windows_endings { body.replace("\r\n", "\n").replace('\n', "\r\n") } else { body };
    Ok((format!("{byte_order_mark}{body}"), result))
}

/// Returns `text` with the profile added.
fn with_profile(
    text: &str,
    file: &Path,
    name: &str,
    profile: &Profile,
    if_exists: IfExists,
) -> Result<(String, DefaultProfile), WriteError> {
    let not_a_config = || WriteError::NotAConfig { file: file.to_owned() };
    edited(text, file, |document| {
        let is_first = document.get("profile").and_then(Item::as_table_like).is_none_or(|profiles| profiles.is_empty());
        let default = match is_first && !document.contains_key("default_profile") {
            true => DefaultProfile::Set,
            false => DefaultProfile::Unchanged,
        };
        if default == DefaultProfile::Set {
            insert_default_profile(document, name.into());
        }
        let end = document.trailing().as_str().filter(|end| end.contains('#')).map(str::to_owned);
        let profiles = document.entry("profile").or_insert_with(implicit_table);
        let profiles = profiles.as_table_like_mut().ok_or_else(not_a_config)?;
        if profiles.contains_key(name) && if_exists == IfExists::Fail {
            return Err(WriteError::Exists { name: name.to_owned(), file: file.to_owned() });
        }
        let is_new = !profiles.contains_key(name);
        let entry = profiles.entry(name).or_insert_with(toml_edit::table);
        set_credentials(entry.as_table_like_mut().ok_or_else(not_a_config)?, profile);
        if let (true, Some(end), Some(table)) = (is_new && has_profiles_at_its_end(text), end, entry.as_table_mut()) {
            // The comments at the end of the file stay before what is added there.
            table.decor_mut().set_prefix(format!("{end}\n"));
            document.set_trailing("");
        }
        Ok(default)
    })
}

/// Returns `text` with another default profile. The comment beside the old one stays.
fn with_default_profile(text: &str, file: &Path, name: &str) -> Result<String, WriteError> {
    let (text, ()) = edited(text, file, |document| {
        let mut new = toml_edit::Value::from(name);
        match document.get_mut("default_profile") {
            Some(item) => {
                if let Some(old) = item.as_value() {
                    *new.decor_mut() = old.decor().clone();
                }
                *item = Item::Value(new);
            }
            None => insert_default_profile(document, new),
        }
        Ok(())
    })?;
    Ok(text)
}

/// Adds `default_profile` behind the other keys, and behind the comments of a file that has nothing else.
fn insert_default_profile(document: &mut DocumentMut, name: toml_edit::Value) {
    let is_last = document.iter().all(|(_, item)| item.is_value());
    let comments = document.trailing().as_str().map(str::to_owned).unwrap_or_default();
    document.insert("default_profile", Item::Value(name));
    if let (true, Some(mut key)) = (is_last, document.key_mut("default_profile")) {
        key.leaf_decor_mut().set_prefix(comments);
        document.set_trailing("");
    }
}

/// Whether a new profile is written at the end of the text: no table of another kind is there.
fn has_profiles_at_its_end(text: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .rfind(|line| line.starts_with('['))
        .is_none_or(|line| line.starts_with("[profile"))
}

/// Returns `text` without the profile.
fn without_profile(text: &str, file: &Path, name: &str) -> Result<String, WriteError> {
    let missing = || WriteError::Missing { name: name.to_owned(), file: file.to_owned() };
    let (text, comment) = edited(text, file, |document| {
        let profiles = document.get_mut("profile").and_then(Item::as_table_like_mut).ok_or_else(missing)?;
        profiles.remove(name).ok_or_else(missing)?;
        if document.get("default_profile").and_then(Item::as_str).map(str::trim) == Some(name) {
            let key = document.remove_entry("default_profile").map(|(key, _)| key);
            let comment = key.and_then(|key| key.leaf_decor().prefix()?.as_str().map(str::to_owned));
            return Ok(comment.filter(|comment| comment.contains('#')).unwrap_or_default());
        }
        Ok(String::new())
    })?;
    // What stood above the default profile, most likely at the top of the file, is about more than that.
    let (byte_order_mark, body) = text.strip_prefix('\u{feff}').map_or(("", &*text), |body| ("\u{feff}", body));
    Ok(format!("{byte_order_mark}{comment}{body}"))
}

fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Keys that would make the profile use other credentials than the new AccessKey: the old STS token and those of every
/// other mode.
const OTHER_CREDENTIALS_KEYS: [&str; 14] = [
    "sts_token",
    "mode",
    "process_command",
    "credentials_uri",
    "ram_role_name",
    "ram_role_arn",
    "ram_session_name",
    "role_session_name",
    "expired_seconds",
    "external_id",
    "policy",
    "source_profile",
    "oidc_provider_arn",
    "oidc_token_file",
];

/// Sets the credentials and the region, and removes [`OTHER_CREDENTIALS_KEYS`].
fn set_credentials(table: &mut dyn TableLike, profile: &Profile) {
    let values = [
        ("region_id", profile.region_id.as_deref()),
        ("endpoint", profile.endpoint.as_deref()),
        ("access_key_id", profile.access_key_id.as_ref().map(|id| id.expose())),
        ("access_key_secret", profile.access_key_secret.as_ref().map(|secret| secret.expose())),
        ("sts_token", profile.sts_token.as_ref().map(|token| token.expose())),
    ];
    for key in OTHER_CREDENTIALS_KEYS {
        table.remove(key);
    }
    for (key, text) in values {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
