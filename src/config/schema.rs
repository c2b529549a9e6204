//! The keys that the configuration file may contain, and the type of each value.
//!
//! Unknown keys are errors, since they are most likely typing mistakes. No error quotes a value: it may be a secret.

use std::net::IpAddr;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::suggest::suggest;

#[derive(Clone, Copy, Debug)]
enum ValueType {
    Text,
    OneOf(&'static [&'static str]),
    Number,
    WholeNumber,
    /// A table with this heading.
    Table(&'static str),
}

type Key = (&'static str, ValueType);

const TOP_LEVEL_KEYS: [Key; 4] = [
    ("default_profile", ValueType::Text),
    ("language", ValueType::OneOf(&["zh", "en"])),
    ("profile", ValueType::Table("[profile.NAME]")),
    ("alias", ValueType::Table("[alias]")),
];

/// The longest name of an alias, in characters.
const MAX_ALIAS_LEN: usize = 64;

/// Two spellings of one key, both of which occur in the official CLI's file.
const SESSION_NAME_KEYS: [&str; 2] = ["ram_session_name", "role_session_name"];

/// The modes that the configuration file may name. CloudSSO and OAuth are missing: only a login with the official CLI
/// creates their credentials, so they work in its file alone.
const MODES: [&str; 10] = [
    "AK",
    "StsToken",
    "RamRoleArn",
    "EcsRamRole",
    "RamRoleArnWithEcs",
    "RamRoleArnWithRoleName",
    "ChainableRamRoleArn",
    "External",
    "CredentialsURI",
    "OIDC",
];

const PROFILE_KEYS: [Key; 26] = [
    ("mode", ValueType::OneOf(&MODES)),
    ("region_id", ValueType::Text),
    ("access_key_id", ValueType::Text),
    ("access_key_secret", ValueType::Text),
    ("sts_token", ValueType::Text),
    ("process_command", ValueType::Text),
    ("credentials_uri", ValueType::Text),
    ("ram_role_name", ValueType::Text),
    ("ram_role_arn", ValueType::Text),
    (SESSION_NAME_KEYS[0], ValueType::Text),
    (SESSION_NAME_KEYS[1], ValueType::Text),
    ("expired_seconds", ValueType::WholeNumber),
    ("external_id", ValueType::Text),
    ("policy", ValueType::Text),
    ("sts_region", ValueType::Text),
    ("sts_endpoint", ValueType::Text),
    ("source_profile", ValueType::Text),
    ("oidc_provider_arn", ValueType::Text),
    ("oidc_token_file", ValueType::Text),
    ("language", ValueType::OneOf(&["zh", "en"])),
    ("endpoint", ValueType::Text),
    ("endpoint_type", ValueType::OneOf(&["public", "vpc"])),
    ("signature_version", ValueType::OneOf(&["1.0", "acs3"])),
    ("console_url", ValueType::Text),
    ("vnc_password", ValueType::Text),
    ("timeout", ValueType::Number),
];

/// A key or value that the schema does not allow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SchemaError {
    /// Byte range in the file's text.
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    /// A known key with a similar name.
    pub(crate) suggestion: Option<&'static str>,
}

impl SchemaError {
    fn new(span: Range<usize>, message: String) -> Self {
        Self { span, message, suggestion: None }
    }
}

/// Returns the first error, in the order of the tables.
pub(crate) fn check(root: &DeTable<'_>) -> Result<(), SchemaError> {
    check_table(root, "", &TOP_LEVEL_KEYS)?;
    if let Some(DeValue::Table(aliases)) = root.get("alias").map(Spanned::get_ref) {
        check_aliases(aliases)?;
    }
    let Some(DeValue::Table(profiles)) = root.get("profile").map(Spanned::get_ref) else {
        return Ok(());
    };
    for (name, value) in profiles {
        let table_name = format!("profile.{}", name.get_ref());
        if name.get_ref().trim() != name.get_ref() {
            let message = format!("the profile name \"{}\" begins or ends with white space", name.get_ref());
            return Err(SchemaError::new(name.span(), message));
        }
        match value.get_ref() {
            DeValue::Table(profile) => {
                check_table(profile, &table_name, &PROFILE_KEYS)?;
                check_session_name(profile, &table_name)?;
            }
            _ => return Err(SchemaError::new(value.span(), format!("{table_name} must be a table"))),
        }
    }
    Ok(())
}

/// Checks the names of aliases, which must not be taken for ids, addresses, patterns or flags, and that they stand for texts.
fn check_aliases(aliases: &DeTable<'_>) -> Result<(), SchemaError> {
    for (key, value) in aliases {
        let name = key.get_ref().as_ref();
        let is_allowed = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let is_short = !name.is_empty() && name.chars().count() <= MAX_ALIAS_LEN;
        if !is_short || !name.chars().all(is_allowed) {
            let message = format!("the alias \"{name}\" must have 1 to {MAX_ALIAS_LEN} letters, digits, - _ and .");
            return Err(SchemaError::new(key.span(), message));
        }
        if name.starts_with("i-") || name.starts_with('-') || name.parse::<IpAddr>().is_ok() {
            let message =
                format!("the alias \"{name}\" looks like an id, an IP address or a flag; choose another name");
            return Err(SchemaError::new(key.span(), message));
        }
        let is_named = matches!(value.get_ref(), DeValue::String(text) if !text.is_empty());
        if !is_named {
            let message = format!("`{name}` in [alias] must be an instance in quotes, such as \"i-bp1hzoinajzkh91h\"");
            return Err(SchemaError::new(value.span(), message));
        }
    }
    Ok(())
}

/// Refuses a profile that gives the session name under both keys: which one should count is unclear.
fn check_session_name(profile: &DeTable<'_>, table_name: &str) -> Result<(), SchemaError> {
    let [usual, alias] = SESSION_NAME_KEYS;
    match profile.get_key_value(alias) {
        Some((key, _)) if profile.contains_key(usual) => {
            let message = format!("`{usual}` and `{alias}` in [{table_name}] mean the same; keep one of them");
            Err(SchemaError::new(key.span(), message))
        }
        _ => Ok(()),
    }
}

fn check_table(table: &DeTable<'_>, table_name: &str, known_keys: &[Key]) -> Result<(), SchemaError> {
    // The sentences are whole, as each has a translation.
    let is_top = table_name.is_empty();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let Some((_, value_type)) = known_keys.iter().find(|(known, _)| *known == name) else {
            let suggestion = suggest(name, known_keys.iter().map(|(known, _)| *known));
            let message = match is_top {
                true => format!("unknown key `{name}`"),
                false => format!("unknown key `{name}` in [{table_name}]"),
            };
            return Err(SchemaError { span: key.span(), message, suggestion });
        };
        if !value_type.accepts(value.get_ref()) {
            let wanted = value_type.describe();
            let message = match is_top {
                true => format!("`{name}` must be {wanted}"),
                false => format!("`{name}` in [{table_name}] must be {wanted}"),
            };
            return Err(SchemaError::new(value.span(), message));
        }
    }
    Ok(())
}

impl ValueType {
    fn accepts(self, value: &DeValue<'_>) -> bool {
        match (self, value) {
            (Self::OneOf(words), DeValue::String(text)) => words.contains(&text.as_ref()),
            (Self::Text, DeValue::String(_)) | (Self::Table(_), DeValue::Table(_)) => true,
            (Self::Number, DeValue::Integer(_) | DeValue::Float(_)) => true,
            (Self::WholeNumber, DeValue::Integer(number)) => !number.as_str().starts_with('-'),
            _ => false,
        }
    }

    fn describe(self) -> String {
        match self {
            Self::Text => "a string in quotes".to_owned(),
            Self::OneOf(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or "),
            Self::Number => "a number without quotes".to_owned(),
            Self::WholeNumber => "a whole number without quotes".to_owned(),
            Self::Table(heading) => format!("a table: {heading}"),
        }
    }
}
