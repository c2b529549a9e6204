//! Which profile a command uses: pure.
//!
//! A name is looked for in our file first, then in the official CLI's. Without a name our default is used, and where
//! there is none, the official CLI's current profile.

use std::path::{Path, PathBuf};

use crate::config::{Config, Profile, nearest};
use crate::demo;
use crate::exit_code::ExitCode;
use crate::failure::Failure;

/// The default profile's name where our file names none.
const DEFAULT: &str = "default";

/// A configuration, if there is one, and where it is or would be.
pub type Loaded = (Option<Config>, Option<PathBuf>);

/// A profile with its name and its file; the built-in one has none.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// What stands under it.
    pub profile: Profile,
    /// Where.
    pub file: Option<PathBuf>,
}

impl Named {
    /// Whether it is the simulated account's own.
    pub fn is_built_in(&self) -> bool {
        self.file.is_none()
    }
}

/// The profile in use: one that was named comes before the environment, a default one behind it.
#[derive(Debug)]
pub enum Choice {
    /// Named by the user.
    Named(Box<Named>),
    /// Named by nobody, if there is one.
    Default(Option<Box<Named>>),
}

impl Choice {
    /// The profile, if there is one.
    pub fn profile(&self) -> Option<&Named> {
        match self {
            Self::Named(named) => Some(named),
            Self::Default(named) => named.as_deref(),
        }
    }
}

/// Chooses. A named profile must exist; a default that does not is told to `warn`, since other settings may be enough.
/// `official` reads the official CLI's file, and is asked only when that may matter.
pub fn choose(
    wanted: Option<&str>,
    own: Loaded,
    official: impl FnOnce() -> Result<Loaded, Failure>,
    warn: impl Fn(&str),
) -> Result<Choice, Failure> {
    let (own, file) = (own.0.unwrap_or_default(), own.1);
    // As the default, too, the simulated account is all or nothing: no real key may be sent to it.
    if wanted.or(own.default_profile.as_deref()) == Some(demo::PROFILE) {
        let (name, profile) = (demo::PROFILE.to_owned(), demo::profile());
        return Ok(Choice::Named(Box::new(Named { name, profile, file: None })));
    }
    if let Some(name) = wanted {
        if let Some(found) = find(name, &own, file.as_deref()) {
            return Ok(Choice::Named(found));
        }
        let (theirs, their_file) = official()?;
        let theirs = theirs.unwrap_or_default();
        let found = find(name, &theirs, their_file.as_deref());
        return found.map(Choice::Named).ok_or_else(|| nowhere(name, [&own, &theirs], [file, their_file]));
    }
    if let Some(name) = &own.default_profile {
        let found = find(name, &own, file.as_deref());
        if found.is_none() {
            let file = place(file.as_deref());
            warn(&format!("the default profile {name} does not exist: mend default_profile in {file}"));
        }
        return Ok(Choice::Default(found));
    }
    if let Some(found) = find(DEFAULT, &own, file.as_deref()) {
        return Ok(Choice::Default(Some(found)));
    }
    // A fault in another tool's file is no reason to fail, as long as nobody has named what is in it.
    let (theirs, their_file) = official().unwrap_or_else(|failure| {
        warn(&format!("{:#}", failure.error));
        Loaded::default()
    });
    let theirs = theirs.unwrap_or_default();
    let current = theirs.default_profile.as_deref();
    Ok(Choice::Default(current.and_then(|name| find(name, &theirs, their_file.as_deref()))))
}

fn find(name: &str, config: &Config, file: Option<&Path>) -> Option<Box<Named>> {
    let profile = config.profile.get(name)?.clone();
    Some(Box::new(Named { name: name.to_owned(), profile, file: file.map(Path::to_owned) }))
}

fn nowhere(name: &str, configs: [&Config; 2], files: [Option<PathBuf>; 2]) -> Failure {
    let names = configs.into_iter().flat_map(|config| config.profile.keys().map(String::as_str));
    let known: Vec<&str> = names.chain([demo::PROFILE]).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("there are: {}", known.join(", ")),
    };
    let files = files.each_ref().map(|file| place(file.as_deref()));
    let message = format!("no profile {name} in {} or {}", files[0], files[1]);
    Failure::message(ExitCode::NotFound, message).hint(hint)
}

/// A file, in words.
pub fn place(file: Option<&Path>) -> String {
    file.map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string())
}
