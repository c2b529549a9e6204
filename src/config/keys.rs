//! The keys a configuration may hold, and what each must be. Anything else is most likely a slip, so it is an error,
//! which never quotes the value: it may be a secret.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::suggest::suggest;

/// What a value must be.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    OneOf(&'static [&'static str]),
    Number,
    WholeNumber,
    Table,
}

type Key = (&'static str, Kind);

const TOP: [Key; 2] = [("default_profile", Kind::Text), ("profile", Kind::Table)];

/// The official CLI's file has the session's name under both.
const SESSION_NAME: [&str; 2] = ["ram_session_name", "role_session_name"];

/// How a profile may come to its keys. CloudSSO and OAuth are the official CLI's own: only its login makes their keys.
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

const PROFILE: [Key; 26] = [
    ("mode", Kind::OneOf(&MODES)),
    ("region_id", Kind::Text),
    ("access_key_id", Kind::Text),
    ("access_key_secret", Kind::Text),
    ("sts_token", Kind::Text),
    ("process_command", Kind::Text),
    ("credentials_uri", Kind::Text),
    ("ram_role_name", Kind::Text),
    ("ram_role_arn", Kind::Text),
    (SESSION_NAME[0], Kind::Text),
    (SESSION_NAME[1], Kind::Text),
    ("expired_seconds", Kind::WholeNumber),
    ("external_id", Kind::Text),
    ("policy", Kind::Text),
    ("sts_region", Kind::Text),
    ("sts_endpoint", Kind::Text),
    ("source_profile", Kind::Text),
    ("oidc_provider_arn", Kind::Text),
    ("oidc_token_file", Kind::Text),
    ("language", Kind::OneOf(&["zh", "en"])),
    ("endpoint", Kind::Text),
    ("endpoint_type", Kind::OneOf(&["public", "vpc"])),
    ("signature_version", Kind::OneOf(&["1.0", "acs3"])),
    ("console_url", Kind::Text),
    ("vnc_password", Kind::Text),
    ("timeout", Kind::Number),
];

/// What is wrong at a place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where it stands, in bytes.
    pub(crate) span: Range<usize>,
    /// In words.
    pub(crate) what: String,
    /// What may have been meant.
    pub(crate) suggest: Option<&'static str>,
}

/// The first fault, in the order of the tables.
pub(crate) fn check(root: &DeTable<'_>) -> Result<(), Fault> {
    check_table(root, "", &TOP)?;
    let Some(DeValue::Table(profiles)) = root.get("profile").map(Spanned::get_ref) else {
        return Ok(());
    };
    for (name, value) in profiles {
        let table = format!("profile.{}", name.get_ref());
        match value.get_ref() {
            DeValue::Table(profile) => {
                check_table(profile, &table, &PROFILE)?;
                check_one_name(profile, &table)?;
            }
            _ => return Err(Fault { span: value.span(), what: format!("{table} must be a table"), suggest: None }),
        }
    }
    Ok(())
}

/// Of two names of one key, which would count?
fn check_one_name(profile: &DeTable<'_>, table: &str) -> Result<(), Fault> {
    let [usual, other] = SESSION_NAME;
    match profile.get_key_value(other) {
        Some((key, _)) if profile.contains_key(usual) => {
            let what = format!("`{usual}` and `{other}` in [{table}] are one key, and both are given");
            Err(Fault { span: key.span(), what, suggest: None })
        }
        _ => Ok(()),
    }
}

fn check_table(table: &DeTable<'_>, name: &str, known: &[Key]) -> Result<(), Fault> {
    let place = if name.is_empty() { String::new() } else { format!(" in [{name}]") };
    for (key, value) in table {
        let word = key.get_ref().as_ref();
        let Some((_, kind)) = known.iter().find(|(known, _)| *known == word) else {
            let suggest = suggest(word, known.iter().map(|(known, _)| *known));
            return Err(Fault { span: key.span(), what: format!("unknown key `{word}`{place}"), suggest });
        };
        if !kind.admits(value.get_ref()) {
            let what = format!("`{word}`{place} must be {}", kind.describe());
            return Err(Fault { span: value.span(), what, suggest: None });
        }
    }
    Ok(())
}

impl Kind {
    fn admits(self, value: &DeValue<'_>) -> bool {
        match (self, value) {
            (Self::OneOf(words), DeValue::String(text)) => words.contains(&text.as_ref()),
            (Self::Text, DeValue::String(_)) | (Self::Table, DeValue::Table(_)) => true,
            (Self::Number, DeValue::Integer(_) | DeValue::Float(_)) => true,
            (Self::WholeNumber, DeValue::Integer(number)) => !number.as_str().starts_with('-'),
            _ => false,
        }
    }

    fn describe(self) -> String {
        match self {
            Self::Text => "a text in quotes".to_owned(),
            Self::OneOf(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or "),
            Self::Number => "a number, without quotes".to_owned(),
            Self::WholeNumber => "a whole number, without quotes".to_owned(),
            Self::Table => "a table: [profile.NAME]".to_owned(),
        }
    }
}
