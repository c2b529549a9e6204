//! The keys a configuration may hold; any other is most likely a slip, so it is an error.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

const TOP: [&str; 2] = ["default_profile", "profile"];
const PROFILE: [&str; 10] = [
    "region_id",
    "access_key_id",
    "access_key_secret",
    "sts_token",
    "endpoint",
    "endpoint_type",
    "signature_version",
    "console_url",
    "vnc_password",
    "timeout",
];

/// A key that means nothing here.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key.
    pub key: String,
    /// The table it stands in; empty for the top.
    pub table: String,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// What may have been meant.
    pub nearest: Option<&'static str>,
}

/// The first unknown key, in the order of the tables.
pub fn find_unknown(root: &DeTable<'_>) -> Option<UnknownKey> {
    if let Some(unknown) = unknown_in(root, "", &TOP) {
        return Some(unknown);
    }
    let DeValue::Table(profiles) = root.get("profile")?.get_ref() else {
        return None;
    };
    profiles.iter().find_map(|(name, value)| match value.get_ref() {
        DeValue::Table(profile) => unknown_in(profile, &format!("profile.{}", name.get_ref()), &PROFILE),
        _ => None,
    })
}

fn unknown_in(table: &DeTable<'_>, name: &str, known: &[&'static str]) -> Option<UnknownKey> {
    let (key, _) = table.iter().find(|(key, _)| !known.contains(&key.get_ref().as_ref()))?;
    Some(UnknownKey {
        key: key.get_ref().to_string(),
        table: name.to_owned(),
        span: key.span(),
        nearest: nearest(key.get_ref(), known.iter().copied()),
    })
}

/// The candidate most like `word`, if any is like it: the measure and bound of clap's own suggestions.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro(word, candidate), candidate));
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| candidate)
}
