//! Which profile a command uses. Pure.
//!
//! A named profile is looked for in our file, then in the official CLI's, then in the SDKs'. Without a name, the default
//! profile of our file is used, or else the official CLI's current profile, or else the SDKs' default profile.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::command_error::CommandError;
use crate::config::{Config, Profile};
use crate::credentials::CredentialsOrigin;
use crate::demo;
use crate::error_kind::ErrorKind;
use crate::text::quoted::Shown as _;
use crate::text::suggest::suggest;

/// The default profile's name if our file has no `default_profile`.
const DEFAULT_NAME: &str = "default";

/// The profile of a file that is used if none is named.
pub(crate) fn default_name(config: &Config) -> &str {
    config.default_profile.as_deref().unwrap_or(DEFAULT_NAME)
}

/// A configuration file that was looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoadedConfig {
    /// `None` if the file does not exist.
    pub(crate) config: Option<Config>,
    /// `None` if there is no place for such a file, or if it is disabled.
    pub(crate) path: Option<PathBuf>,
    /// Whether its profiles are still to be written to the file.
    pub(crate) is_unsaved: bool,
}

impl LoadedConfig {
    fn default_profile(&self) -> Option<&str> {
        self.config.as_ref()?.default_profile.as_deref()
    }

    /// The same without the simulated account as the default profile.
    pub(crate) fn without_demo(mut self) -> Self {
        if let Some(config) = &mut self.config {
            config.default_profile.take_if(|name| name == demo::PROFILE);
        }
        self
    }

    fn is_empty(&self) -> bool {
        self.config.as_ref().is_none_or(|config| config.profile.is_empty())
    }

    fn find(&self, name: &str) -> Option<Box<SelectedProfile>> {
        let profiles = &self.config.as_ref()?.profile;
        let profile = profiles.get(name)?.clone();
        let siblings = Arc::new(profiles.clone());
        let (name, file) = (name.to_owned(), self.path.clone());
        Some(Box::new(SelectedProfile { name, profile, file, is_unsaved: self.is_unsaved, siblings }))
    }
}

/// A profile with its name and its file.
#[derive(Clone, Debug)]
pub(crate) struct SelectedProfile {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    /// `None` for the built-in profile.
    pub(crate) file: Option<PathBuf>,
    /// Whether it is still to be written to the file.
    pub(crate) is_unsaved: bool,
    /// All profiles of the same file, which `source_profile` may refer to.
    pub(crate) siblings: Arc<BTreeMap<String, Profile>>,
}

impl SelectedProfile {
    /// The origin of credentials from the profile `name` in the same file.
    pub(crate) fn origin(&self, name: &str) -> CredentialsOrigin {
        match &self.file {
            None => CredentialsOrigin::BuiltIn { profile: demo::PROFILE },
            Some(_) if self.is_unsaved => CredentialsOrigin::Given { profile: name.to_owned() },
            Some(file) => CredentialsOrigin::Profile { name: name.to_owned(), file: file.clone() },
        }
    }

    /// True for the profile of the simulated account.
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
    /// The profile, unless there is none or it is faulty.
    pub(crate) fn profile(&self) -> Option<&SelectedProfile> {
        match self {
            Self::Named(profile) => Some(profile),
            Self::Default(profile) => profile.as_deref(),
            Self::FaultyDefault { .. } => None,
        }
    }
}

/// Reads the configuration file of another program.
pub(crate) type ConfigReader<'a> = dyn Fn() -> Result<LoadedConfig, CommandError> + 'a;

/// Selects the profile named `name`, or the default one. A profile that the user named must exist. If the default
/// profile of our file does not, `warn` gets the reason: the other settings may be enough. `others` read the files of
/// other programs, in order of precedence; each is called only if no file before it has the profile.
pub(crate) fn select_profile(
    name: Option<&str>,
    own: LoadedConfig,
    others: &[&ConfigReader<'_>],
    warn: impl Fn(&str),
) -> Result<ProfileSelection, CommandError> {
    // The simulated account is never mixed with variables, even as the default: no real AccessKey may be sent to it.
    if name.or(own.default_profile()) == Some(demo::PROFILE) {
        return Ok(ProfileSelection::Named(Box::new(SelectedProfile {
            name: demo::PROFILE.to_owned(),
            profile: demo::profile(),
            file: None,
            is_unsaved: false,
            siblings: Arc::default(),
        })));
    }
    match name {
        Some(name) => find_named(name, own, others).map(ProfileSelection::Named),
        None => Ok(find_default(&own, others, warn)),
    }
}

fn find_named(
    name: &str,
    own: LoadedConfig,
    others: &[&ConfigReader<'_>],
) -> Result<Box<SelectedProfile>, CommandError> {
    if let Some(selected) = own.find(name) {
        return Ok(selected);
    }
    let mut searched = vec![own];
    for read in others {
        let loaded = read()?;
        if let Some(selected) = loaded.find(name) {
            return Ok(selected);
        }
        searched.push(loaded);
    }
    Err(not_found(name, &searched))
}

fn find_default(own: &LoadedConfig, others: &[&ConfigReader<'_>], warn: impl Fn(&str)) -> ProfileSelection {
    if let Some(name) = own.default_profile() {
        let selected = own.find(name);
        if selected.is_none() {
            warn(&missing_default(name, own, "default_profile"));
        }
        return ProfileSelection::Default(selected);
    }
    if let Some(selected) = own.find(DEFAULT_NAME) {
        return ProfileSelection::Default(Some(selected));
    }
    for read in others {
        let loaded = match read() {
            Ok(loaded) => loaded,
            Err(error) => return ProfileSelection::FaultyDefault { reason: format!("{:#}", error.error) },
        };
        let Some(name) = loaded.default_profile() else {
            continue;
        };
        match loaded.find(name) {
            Some(selected) => return ProfileSelection::Default(Some(selected)),
            // The official CLI writes `current` even to a file without profiles.
            None if name != DEFAULT_NAME && !loaded.is_empty() => {
                return ProfileSelection::FaultyDefault { reason: missing_default(name, &loaded, "current") };
            }
            None => {}
        }
    }
    ProfileSelection::Default(None)
}

fn missing_default(name: &str, loaded: &LoadedConfig, key: &str) -> String {
    let file = describe_path(loaded.path.as_deref());
    match name {
        "" => format!("{key} in {file} is empty"),
        name => format!("the default profile {name} does not exist; fix {key} in {file}"),
    }
}

fn not_found(name: &str, searched: &[LoadedConfig]) -> CommandError {
    let configs = searched.iter().filter_map(|loaded| loaded.config.as_ref());
    let names = configs.flat_map(|config| config.profile.keys());
    let known: Vec<&str> = names.map(String::as_str).chain([demo::PROFILE]).collect();
    let hint = match suggest(name, known.iter().copied()) {
        Some(suggest) => format!("did you mean {suggest}?"),
        None => format!("the profiles are: {}", known.join(", ")),
    };
    let files: Vec<String> = searched.iter().map(|loaded| describe_path(loaded.path.as_deref())).collect();
    let message = format!("no profile {name} in {}", files.join(" or "));
    CommandError::message(ErrorKind::NotFound, message).hint(hint)
}

/// A configuration file's path for messages.
pub(crate) fn describe_path(file: Option<&Path>) -> String {
    file.map_or_else(|| "the configuration".to_owned(), |file| file.shown())
}
