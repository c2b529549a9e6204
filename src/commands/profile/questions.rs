//! What `profile add` asks on the terminal, and the profile that the answers make.

use crate::api::endpoint::check_region;
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::credentials::{Credentials, checked};
use crate::error_kind::ErrorKind;
use crate::secret::{AccessKeyId, Secret};
use crate::terminal::prompt::{ask_line, ask_secretly};

/// The longest input line, in bytes. An STS token may have a few thousand bytes.
pub(super) const MAX_LINE_LEN: usize = 16 << 10;

/// How often a question is asked whose answer cannot be right.
const ATTEMPTS: usize = 3;

/// What the user need not be asked.
#[derive(Clone, Debug)]
pub(super) struct KnownAnswers {
    pub(super) region: Option<String>,
    /// The profile whose region turned out to be wrong.
    pub(super) keys: Option<Profile>,
}

/// Asks for the profile's values. `default` is the region that an empty answer chooses.
pub(super) fn ask(known: KnownAnswers, default: Option<String>) -> Result<Profile, CommandError> {
    let line = |question: &str| ask_line(question, MAX_LINE_LEN).map(|answer| Secret::new(answer.expose().trim()));
    let region = match known.region {
        Some(region) => Some(region),
        None => ask_region(default, line)?,
    };
    if let Some(keys) = known.keys {
        return Ok(Profile { region_id: region, ..keys });
    }
    let id = ask_until("AccessKeyId: ", line, |id| needed(id, "an AccessKeyId is needed"))?;
    let secret = ask_until("AccessKeySecret (not shown): ", ask_secretly, |secret| {
        needed(secret, "an AccessKeySecret is needed")
    })?;
    // The AccessKeyIds of temporary credentials begin with `STS.`. Source: the vendor's STS page.
    let token = match id.expose().starts_with("STS.") {
        true => ask_until("STS token (not shown): ", ask_secretly, |token| needed(token, "an STS token is needed"))?,
        false => Secret::new(""),
    };
    profile(region, id, secret, token)
}

/// Asks for the region; an empty answer is `default`.
fn ask_region(
    default: Option<String>,
    ask: impl Fn(&str) -> Result<Secret, CommandError>,
) -> Result<Option<String>, CommandError> {
    let question = match &default {
        Some(default) => format!("Region (Enter for {default}): "),
        None => "Region (such as cn-hangzhou): ".to_owned(),
    };
    ask_until(&question, ask, |answer| {
        let region = Some(answer.expose()).filter(|region| !region.is_empty()).or(default.as_deref());
        check_region_id(region).map(|()| region.map(str::to_owned))
    })
}

fn needed(answer: &Secret, message: &str) -> Result<Secret, CommandError> {
    match answer.expose().trim().is_empty() {
        true => Err(CommandError::message(ErrorKind::Usage, message)),
        false => Ok(answer.clone()),
    }
}

/// Asks a question again until its answer can be right.
fn ask_until<T>(
    question: &str,
    ask: impl Fn(&str) -> Result<Secret, CommandError>,
    check: impl Fn(&Secret) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let (mut text, mut attempts_left) = (question.to_owned(), ATTEMPTS);
    loop {
        attempts_left -= 1;
        match check(&ask(&text)?) {
            Ok(checked) => return Ok(checked),
            Err(error) if attempts_left == 0 => return Err(error),
            Err(error) => text = format!("{}; try again\n{question}", error.error),
        }
    }
}

/// Checks the region that the user gave, if any.
pub(super) fn check_region_id(region: Option<&str>) -> Result<(), CommandError> {
    region.map(check_region).transpose().map(drop).map_err(|error| CommandError::new(ErrorKind::Usage, error))
}

/// Makes a profile of what the user entered. An empty `id` or `secret` is an error; an empty `token` is left out.
pub(super) fn profile(
    region: Option<String>,
    id: Secret,
    secret: Secret,
    token: Secret,
) -> Result<Profile, CommandError> {
    let non_empty = |text: &Secret| Some(text.expose().trim()).filter(|text| !text.is_empty()).map(Secret::new);
    let id = non_empty(&id).map(|id| AccessKeyId::new(id.expose()));
    let credentials =
        checked(id, non_empty(&secret), non_empty(&token), ["AccessKeyId", "AccessKeySecret", "the STS token"]);
    let credentials = credentials.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let credentials =
        credentials.ok_or_else(|| CommandError::message(ErrorKind::Usage, "no AccessKeyId given; no profile added"))?;
    Ok(profile_with(region, credentials))
}

/// The profile that has these credentials.
pub(super) fn profile_with(region: Option<String>, credentials: Credentials) -> Profile {
    Profile {
        region_id: region,
        access_key_id: Some(credentials.access_key_id),
        access_key_secret: Some(credentials.access_key_secret),
        sts_token: credentials.security_token,
        ..Profile::default()
    }
}
