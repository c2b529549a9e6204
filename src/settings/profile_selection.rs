//! Which profile a command uses: pure.
//!
//! A name is looked for in our file first, then in the official CLI's, then in the SDKs'. Without a name our default is
//! used; where there is none, the official CLI's current profile; where there is none either, the SDKs' default.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::command_error::CommandError;
use crate::config::{Config, Profile};
use crate::credentials::CredentialsOrigin;
use crate::demo;
use crate::error_kind::ErrorKind;
use crate::text::suggest::suggest;

/// The default profile's name where our file names none.
const DEFAULT: &str = "default";

/// A configuration, if there is one, and where it is or would be.
pub(crate) type LoadedConfig = (Option<Config>, Option<PathBuf>);

/// A profile with its name and its file; the built-in one has none.
#[derive(Clone, Debug)]
pub(crate) struct SelectedProfile {
    /// The name.
    pub(crate) name: String,
    /// What stands under it.
    pub(crate) profile: Profile,
    /// Where.
    pub(crate) file: Option<PathBuf>,
    /// All profiles of that file: some take their keys from another.
    pub(crate) siblings: Arc<BTreeMap<String, Profile>>,
}

impl SelectedProfile {
    /// As the place of keys.
    pub(crate) fn origin(&self, name: &str) -> CredentialsOrigin {
        match &self.file {
            None => CredentialsOrigin::BuiltIn { profile: demo::PROFILE },
            Some(file) => CredentialsOrigin::Profile { name: name.to_owned(), file: file.clone() },
        }
    }

    /// Whether it is the simulated account's own.
    pub(crate) fn is_built_in(&self) -> bool {
        self.file.is_none()
    }
}

/// The profile in use.
#[derive(Clone, Debug)]
pub(crate) enum ProfileSelection {
    /// The user named it with a flag or a variable: its settings override the environment.
    Named(Box<SelectedProfile>),
    /// The user named none. The settings of the default profile, if there is one, yield to the environment.
    Default(Option<Box<SelectedProfile>>),
    /// The default profile is in another program's file, and that cannot be used. This is an error only if credentials
    /// are needed from it: going on to the next provider could lead to another account.
    FaultyDefault { reason: String },
}

impl ProfileSelection {
    /// The profile, if there is one.
    pub(crate) fn profile(&self) -> Option<&SelectedProfile> {
        match self {
            Self::Named(profile) => Some(profile),
            Self::Default(profile) => profile.as_deref(),
            Self::FaultyDefault { .. } => None,
        }
    }
}

/// Reads another program's file, when it is asked.
pub(crate) type Reader<'a> = dyn Fn() -> Result<LoadedConfig, CommandError> + 'a;

/// Chooses. A named profile must exist; a default of ours that does not is told to `warn`: other settings may be enough.
/// `others` read the other programs' files, in their order, and are asked only when that may matter.
pub(crate) fn choose(
    wanted: Option<&str>,
    own: LoadedConfig,
    others: &[&Reader<'_>],
    warn: impl Fn(&str),
) -> Result<ProfileSelection, CommandError> {
    let default = own.0.as_ref().and_then(|config| config.default_profile.as_deref());
    // As the default, too, the simulated account is all or nothing: no real key may be sent to it.
    if wanted.or(default) == Some(demo::PROFILE) {
        let (name, profile) = (demo::PROFILE.to_owned(), demo::profile());
        return Ok(ProfileSelection::Named(Box::new(SelectedProfile {
            name,
            profile,
            file: None,
            siblings: Arc::default(),
        })));
    }
    match wanted {
        Some(name) => named(name, own, others).map(ProfileSelection::Named),
        None => Ok(default_of(own, others, warn)),
    }
}

fn named(name: &str, own: LoadedConfig, others: &[&Reader<'_>]) -> Result<Box<SelectedProfile>, CommandError> {
    let mut searched = vec![own];
    if let Some(found) = find(name, &searched[0]) {
        return Ok(found);
    }
    for read in others {
        let theirs = read()?;
        if let Some(found) = find(name, &theirs) {
            return Ok(found);
        }
        searched.push(theirs);
    }
    Err(nowhere(name, &searched))
}

fn default_of(own: LoadedConfig, others: &[&Reader<'_>], warn: impl Fn(&str)) -> ProfileSelection {
    if let Some(name) = own.0.as_ref().and_then(|config| config.default_profile.as_deref()) {
        let found = find(name, &own);
        if found.is_none() {
            warn(&missing(name, own.1.as_deref(), "default_profile"));
        }
        return ProfileSelection::Default(found);
    }
    if let Some(found) = find(DEFAULT, &own) {
        return ProfileSelection::Default(Some(found));
    }
    for read in others {
        let theirs = match read() {
            Ok(theirs) => theirs,
            Err(error) => return ProfileSelection::FaultyDefault { reason: format!("{:#}", error.error) },
        };
        let Some(name) = theirs.0.as_ref().and_then(|config| config.default_profile.as_deref()) else {
            continue;
        };
        let is_empty = theirs.0.as_ref().is_none_or(|config| config.profile.is_empty());
        match find(name, &theirs) {
            Some(found) => return ProfileSelection::Default(Some(found)),
            // An empty file means nothing by its words.
            None if name != DEFAULT && !is_empty => {
                let reason = missing(name, theirs.1.as_deref(), "current");
                return ProfileSelection::FaultyDefault { reason };
            }
            None => {}
        }
    }
    ProfileSelection::Default(None)
}

fn missing(name: &str, file: Option<&Path>, key: &str) -> String {
    format!("the default profile {name} does not exist; fix {key} in {}", place(file))
}

fn find(name: &str, (config, file): &LoadedConfig) -> Option<Box<SelectedProfile>> {
    let profiles = &config.as_ref()?.profile;
    let profile = profiles.get(name)?.clone();
    Some(Box::new(SelectedProfile {
        name: name.to_owned(),
        profile,
        file: file.clone(),
        siblings: Arc::new(profiles.clone()),
    }))
}

fn nowhere(name: &str, searched: &[LoadedConfig]) -> CommandError {
    let names = searched.iter().filter_map(|(config, _)| config.as_ref()).flat_map(|config| config.profile.keys());
    let known: Vec<&str> = names.map(String::as_str).chain([demo::PROFILE]).collect();
    let hint = match suggest(name, known.iter().copied()) {
        Some(suggest) => format!("did you mean {suggest}?"),
        None => format!("there are: {}", known.join(", ")),
    };
    let files: Vec<String> = searched.iter().map(|(_, file)| place(file.as_deref())).collect();
    let message = format!("no profile {name} in {}", files.join(" or "));
    CommandError::message(ErrorKind::NotFound, message).hint(hint)
}

/// A file, in words.
pub(crate) fn place(file: Option<&Path>) -> String {
    file.map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string())
}
