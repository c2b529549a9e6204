//! Adds a profile to the configuration file, keeping what else stands there, comments and order included.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;
use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use super::Profile;
use crate::system::platform;

/// Why a profile was not added. The file is as it was.
#[derive(Debug, Error)]
pub(crate) enum WriteError {
    /// The name is taken.
    #[error("the profile {name} is in {} already", file.display())]
    Exists {
        /// The profile.
        name: String,
        /// The file.
        file: PathBuf,
    },
    /// The file's `profile` is no table.
    #[error("{} is not a configuration of ecs-vnc", file.display())]
    NotAConfig {
        /// The file.
        file: PathBuf,
    },
    /// The file system refused.
    #[error("could not write {}: {cause}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// Adds `[profile.NAME]`; the first profile becomes the default. Whether it became so is the result.
/// The file is replaced in one step, readable by its owner only; of several that add at once, none is lost.
pub(crate) fn add_profile(file: &Path, name: &str, profile: &Profile, replace: bool) -> Result<bool, WriteError> {
    let failed = |cause: io::Error| WriteError::Write { file: file.to_owned(), cause };
    let target = target_of(file);
    let dir = target.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    platform::create_private_dir(dir).map_err(failed)?;
    let _lock = platform::lock_dir(dir).map_err(failed)?;
    let text = match fs::read_to_string(&target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other.map_err(failed)?,
    };
    let (text, became_default) = with_profile(&text, file, name, profile, replace)?;

    let mut beside = NamedTempFile::new_in(dir).map_err(failed)?; // 0600 from the start
    beside.write_all(text.as_bytes()).and_then(|()| beside.as_file().sync_all()).map_err(failed)?;
    beside.persist(&target).map_err(|error| failed(error.error))?;
    Ok(became_default)
}

/// A link (a dotfiles repository) stays a link, even one whose target is yet to be: the target is replaced.
fn target_of(file: &Path) -> PathBuf {
    let beside = |target: PathBuf| file.parent().map(|dir| dir.join(&target)).unwrap_or(target);
    fs::canonicalize(file).or_else(|_| fs::read_link(file).map(beside)).unwrap_or_else(|_| file.to_owned())
}

/// The file's text with the profile in it.
fn with_profile(
    text: &str,
    file: &Path,
    name: &str,
    profile: &Profile,
    replace: bool,
) -> Result<(String, bool), WriteError> {
    let no_config = || WriteError::NotAConfig { file: file.to_owned() };
    // The library reads past these, and does not write them again.
    let (mark, body) = text.strip_prefix('\u{feff}').map_or(("", text), |body| ("\u{feff}", body));
    let is_windows = body.contains("\r\n");
    let mut document: DocumentMut = body.parse().map_err(|_| no_config())?;
    let is_first = document.get("profile").and_then(Item::as_table_like).is_none_or(|profiles| profiles.is_empty());
    let became_default = is_first && !document.contains_key("default_profile");
    if became_default {
        document.insert("default_profile", value(name));
    }
    let profiles = document.entry("profile").or_insert_with(implicit_table);
    let profiles = profiles.as_table_like_mut().ok_or_else(no_config)?;
    if profiles.contains_key(name) && !replace {
        return Err(WriteError::Exists { name: name.to_owned(), file: file.to_owned() });
    }
    let entry = profiles.entry(name).or_insert_with(toml_edit::table);
    fill(entry.as_table_like_mut().ok_or_else(no_config)?, profile);
    let body = document.to_string();
    let body = if is_windows { body.replace("\r\n", "\n").replace('\n', "\r\n") } else { body };
    Ok((format!("{mark}{body}"), became_default))
}

fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// What leads to other keys than the new pair: the old one's token, and every other way to come to keys.
const OTHER_KEYS: [&str; 14] = [
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

/// Sets what was given. What would lead to other keys goes, the rest stays.
fn fill(table: &mut dyn TableLike, profile: &Profile) {
    let keys = [
        ("region_id", profile.region_id.as_deref()),
        ("access_key_id", profile.access_key_id.as_ref().map(|id| id.expose())),
        ("access_key_secret", profile.access_key_secret.as_ref().map(|secret| secret.expose())),
        ("sts_token", profile.sts_token.as_ref().map(|token| token.expose())),
    ];
    for key in OTHER_KEYS {
        table.remove(key);
    }
    for (key, text) in keys {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;
    use crate::secret::{AccessKeyId, Secret};

    fn profile() -> Profile {
        Profile {
            region_id: Some("cn-beijing".into()),
            access_key_id: Some(AccessKeyId::new("id")),
            access_key_secret: Some(Secret::new("a\"b\\c")),
            ..Profile::default()
        }
    }

    fn add(text: &str, name: &str, replace: bool) -> Result<(String, bool), WriteError> {
        with_profile(text, Path::new("f"), name, &profile(), replace)
    }

    #[test]
    fn a_first_profile_becomes_the_default() {
        let (text, became_default) = add("", "prod", false).unwrap();
        let config = parse(&text, Path::new("f")).unwrap();
        assert!(became_default);
        assert_eq!(config.default_profile.as_deref(), Some("prod"));
        assert_eq!(config.profile["prod"].access_key_secret.as_ref().unwrap().expose(), "a\"b\\c");
    }

    #[test]
    fn what_stands_there_stays_letter_by_letter() {
        let old = "# mine\ndefault_profile = 'old' # keep\n\n[profile.old]\nregion_id   = \"cn-hangzhou\"\n";
        let (text, became_default) = add(old, "new.name", false).unwrap();
        assert!(!became_default && text.starts_with(old), "{text}");
        assert!(parse(&text, Path::new("f")).unwrap().profile.contains_key("new.name"));
    }

    #[test]
    fn only_the_first_profile_becomes_the_default() {
        let old = "[profile.default]\nregion_id = \"cn-hangzhou\"\n";
        let (text, became_default) = add(old, "new", false).unwrap();
        assert!(!became_default && !text.contains("default_profile"), "{text}");
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_stay() {
        let old = "\u{feff}# mine\r\n[profile.old]\r\nregion_id = \"x\"\r\n";
        let (text, _) = add(old, "new", false).unwrap();
        assert!(text.starts_with(old) && text.matches('\n').count() == text.matches("\r\n").count(), "{text:?}");
        assert!(parse(&text, Path::new("f")).unwrap().profile.contains_key("new"));
    }

    #[test]
    fn new_keys_without_a_region_keep_the_old_one() {
        let bare = Profile { region_id: None, ..profile() };
        let old = "[profile.prod]\nregion_id = \"kept\"\nsts_token = \"t\"\n";
        let (text, _) = with_profile(old, Path::new("f"), "prod", &bare, true).unwrap();
        let config = parse(&text, Path::new("f")).unwrap();
        assert_eq!(config.profile["prod"].region_id.as_deref(), Some("kept"));
        assert!(config.profile["prod"].sts_token.is_none());
    }

    #[test]
    fn new_keys_are_used_whatever_way_the_profile_had_before() {
        let ways = [
            "mode = 'External'",
            "process_command = 'x'",
            "credentials_uri = 'x'",
            "ram_role_name = 'x'",
            "ram_role_arn = 'x'",
            "ram_session_name = 'x'",
            "role_session_name = 'x'",
            "expired_seconds = 900",
            "external_id = 'x'",
            "policy = 'x'",
            "source_profile = 'x'",
            "oidc_provider_arn = 'x'",
            "oidc_token_file = 'x'",
        ];
        for way in ways {
            let (text, _) = add(&format!("[profile.prod]\n{way}\nsts_region = 'kept'\n"), "prod", true).unwrap();
            assert!(!text.contains(way.split(' ').next().unwrap()) && text.contains("kept"), "{text}");
        }
    }

    #[test]
    fn a_taken_name_is_kept_unless_told() {
        let old = "[profile.prod]\nregion_id = \"x\"\n";
        assert!(matches!(add(old, "prod", false), Err(WriteError::Exists { .. })));
        let (text, _) = add(&format!("{old}sts_token = \"t\"\ntimeout = 9\n"), "prod", true).unwrap();
        let config = parse(&text, Path::new("f")).unwrap();
        let prod = &config.profile["prod"];
        assert_eq!((prod.region_id.as_deref(), prod.timeout), (Some("cn-beijing"), Some(9.0)));
        assert!(prod.sts_token.is_none(), "an old token does not go with a new key");
    }

    #[test]
    fn what_is_no_configuration_is_left_alone() {
        assert!(matches!(add("profile = 1\n", "a", false), Err(WriteError::NotAConfig { .. })));
        assert!(matches!(add("not toml", "a", false), Err(WriteError::NotAConfig { .. })));
    }
}
