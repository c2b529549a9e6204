//! Flags, profiles, environment and defaults: each setting can be asked for on its own. Pure, except for `load`.
//!
//! The first match wins, setting by setting: a flag; the profile named with `--profile` (or `ALIBABA_CLOUD_PROFILE`);
//! environment variables; the default profile; the built-in default. As a plugin of the official CLI, its variables come before
//! every profile.
//!
//! Commands use [`Settings`](super::Settings), which is resolved once. `doctor` and `profile show` ask here, because
//! they report a faulty setting and go on.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::api::endpoint::{Endpoint, EndpointType, check_region};
use crate::api::signature::SignatureVersion;
use crate::api_hints::similar_region;
use crate::args::time_limit;
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::settings::aliases::Aliases;
use crate::settings::credential_settings::{CredentialSettings, StsSettings};
use crate::settings::files;
use crate::settings::flags::{DEFAULT_TIMEOUT, GlobalArgs};
use crate::settings::profile_selection::{
    ConfigReader, LoadedConfig, ProfileSelection, SelectedProfile, describe_path, select_profile,
};
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::vnc::page_url::{VENDOR_PAGE, check_page_url};
use crate::vnc::password::VncPassword;

/// The variable that holds the VNC password.
const PASSWORD_VARIABLE: &str = "ECS_VNC_PASSWORD";

/// A VNC password as it was written. Only the commands that use it fail if it is malformed.
#[derive(Clone, Debug)]
pub(crate) struct VncPasswordSetting {
    text: Secret,
    /// The variable or the file, for errors.
    place: String,
}

impl VncPasswordSetting {
    /// Returns the password. A malformed one is a usage error that names the place.
    pub(crate) fn check(&self) -> Result<VncPassword, CommandError> {
        let usage = |error| CommandError::message(ErrorKind::Usage, format!("{}: {error}", self.place));
        VncPassword::try_from(&self.text).map_err(usage)
    }
}

/// The URL of the console page as it was written. Only the commands that open the page fail if it is malformed.
#[derive(Clone, Debug)]
pub(crate) struct ConsoleUrlSetting(String);

impl ConsoleUrlSetting {
    /// Returns the URL as it was written.
    pub(crate) fn unchecked(&self) -> &str {
        &self.0
    }

    /// Returns the URL. A malformed one is a usage error.
    pub(crate) fn check(&self) -> Result<&str, CommandError> {
        check_page_url(&self.0).map_err(|error| CommandError::new(ErrorKind::Usage, error))
    }
}

/// The time limit of the profile, or the built-in one. Only the commands that use it fail if it is out of range.
#[derive(Clone, Debug)]
pub(crate) struct TimeoutSetting {
    /// `None` if the profile sets none.
    seconds: Option<f64>,
    /// The file, for errors.
    place: String,
}

impl TimeoutSetting {
    /// Returns the time limit. One out of range is a usage error that names the place.
    pub(crate) fn check(&self) -> Result<Duration, CommandError> {
        let Some(seconds) = self.seconds else {
            return Ok(DEFAULT_TIMEOUT);
        };
        time_limit(seconds).ok_or_else(|| {
            let message = format!("timeout = {seconds} in {}: it must be above 0 and at most 86400", self.place);
            CommandError::message(ErrorKind::Usage, message)
        })
    }
}

/// The region that commands use first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RegionSetting {
    pub(crate) id: Option<String>,
    /// A flag has set it, so no other region is searched.
    pub(crate) is_pinned: bool,
}

/// Where the API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EndpointSetting {
    /// One endpoint for all regions.
    Fixed(Endpoint),
    /// The vendor's endpoint of each region.
    OfRegion(EndpointType),
    /// The simulated account inside this process.
    InProcess,
}

/// Everything that settings are resolved from.
#[derive(Debug)]
pub(crate) struct SettingSources<'a> {
    flags: &'a GlobalArgs,
    env: &'a Environment,
    /// The path of our own configuration file, even if the file does not exist.
    own_file: Option<PathBuf>,
    aliases: Aliases,
    credentials: CredentialSettings,
}

impl<'a> SettingSources<'a> {
    /// Reads the configuration files and selects the profile.
    pub(crate) fn load(flags: &'a GlobalArgs, env: &'a Environment, output: Output) -> Result<Self, CommandError> {
        let own = files::read_own(flags, env, output)?;
        let others: [&ConfigReader<'_>; 2] = [&|| files::read_official(env, output), &|| files::read_sdk(env, output)];
        Self::new(flags, env, own, &others, |text| output.warning(text))
    }

    /// Selects the profile. `others` read the files of other programs; they are called only if our file does not have
    /// the profile. `warn` gets the text about a default profile that does not exist.
    pub(crate) fn new(
        flags: &'a GlobalArgs,
        env: &'a Environment,
        own: LoadedConfig,
        others: &[&ConfigReader<'_>],
        warn: impl Fn(&str),
    ) -> Result<Self, CommandError> {
        let name = flags.profile.as_deref().or(env.vendor("PROFILE").map(|(_, name)| name));
        // As its plugin, the official CLI has taken the flag and the variable for a profile of its own, and gives that one's keys.
        let (name, own) = match env.has_keys_of_host() {
            true => (None, own.without_demo()),
            false => (name, own),
        };
        let (own_file, aliases) = (own.path.clone(), Aliases::of(&own));
        let no_default_reason =
            format!("none in {}, the official CLI's file or the SDKs'", describe_path(own_file.as_deref()));
        let own_profiles = own.config.iter().flat_map(|config| config.profile.keys().cloned()).collect();
        let profile = select_profile(name, own, others, warn)?;
        let credentials =
            CredentialSettings { profile, no_default_reason, own_profiles, sts: StsSettings::from_environment(env) };
        Ok(Self { flags, env, own_file, aliases, credentials })
    }

    /// What `auth` selects a credentials provider by.
    pub(crate) fn credentials(&self) -> &CredentialSettings {
        &self.credentials
    }

    /// The names that our file gives to instances.
    pub(crate) fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// The profile in use, if any.
    pub(crate) fn profile(&self) -> Option<&SelectedProfile> {
        self.credentials.profile.profile()
    }

    /// True if the account is the simulated one. A profile named `demo` in a file is an ordinary profile.
    pub(crate) fn is_demo(&self) -> bool {
        self.profile().is_some_and(SelectedProfile::is_built_in)
    }

    /// The region, checked to be a region id.
    pub(crate) fn region(&self) -> Result<RegionSetting, CommandError> {
        let from_env = |env: &Environment| env.vendor("REGION_ID").map(|(_, region)| region.to_owned());
        let id = self.first_of(self.flags.region.clone(), from_env, |profile| profile.region_id.clone());
        if let Some(region) = &id {
            check_region(region).map_err(|error| {
                let hint = similar_region(region).map(|similar| format!("did you mean {similar}?"));
                let flag = self.flags.region.as_ref().map(|_| "--region");
                let place = self.place(flag, "REGION_ID", |profile| profile.region_id.is_some());
                let error = anyhow::Error::new(error).context(place);
                CommandError { hint, ..CommandError::new(ErrorKind::Usage, error) }
            })?;
        }
        Ok(RegionSetting { id, is_pinned: self.flags.region.is_some() })
    }

    /// Where the API is. The variables are meant for the real service, so they do not redirect the simulated account.
    pub(crate) fn endpoint(&self) -> Result<EndpointSetting, CommandError> {
        let from_env = |env: &Environment| match self.is_demo() {
            true => None,
            false => env.vendor("ENDPOINT").map(|(_, endpoint)| endpoint.to_owned()),
        };
        match self.first_of(self.flags.endpoint.clone(), from_env, |profile| profile.endpoint.clone()) {
            Some(text) => {
                let endpoint = Endpoint::parse(&text).map_err(|error| {
                    let flag = self.flags.endpoint.as_ref().map(|_| "--endpoint");
                    let place = self.place(flag, "ENDPOINT", |profile| profile.endpoint.is_some());
                    CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context(place))
                })?;
                Ok(EndpointSetting::Fixed(endpoint))
            }
            None if self.is_demo() => Ok(EndpointSetting::InProcess),
            None => self.endpoint_type().map(EndpointSetting::OfRegion),
        }
    }

    fn endpoint_type(&self) -> Result<EndpointType, CommandError> {
        let from_env = match self.env.vendor("ENDPOINT_TYPE") {
            None => None,
            Some((_, "vpc")) => Some(EndpointType::Vpc),
            Some((_, "public")) => Some(EndpointType::Public),
            Some((variable, _)) => {
                let message = format!("{variable} must be `public` or `vpc`");
                return Err(CommandError::message(ErrorKind::Usage, message));
            }
        };
        Ok(self.first_of(None, |_| from_env, |profile| profile.endpoint_type).unwrap_or_default())
    }

    /// How requests are signed.
    pub(crate) fn signature_version(&self) -> SignatureVersion {
        self.first_of(None, |_| None, |profile| profile.signature_version).unwrap_or_default()
    }

    /// The language of region names, `zh` or `en`, if the profile sets it, or the official CLI for its plugin.
    pub(crate) fn language(&self) -> Option<String> {
        let from_env = |env: &Environment| env.of_host_only("LANGUAGE").map(str::to_owned);
        self.first_of(None, from_env, |profile| profile.language.clone())
    }

    /// The URL of the console page, checked.
    pub(crate) fn console_url(&self) -> Result<String, CommandError> {
        self.unchecked_console_url().check().map(str::to_owned)
    }

    /// The URL of the console page; the vendor's unless the profile sets another.
    pub(crate) fn unchecked_console_url(&self) -> ConsoleUrlSetting {
        let url = self.first_of(None, |_| None, |profile| profile.console_url.clone());
        ConsoleUrlSetting(url.unwrap_or_else(|| VENDOR_PAGE.to_owned()))
    }

    /// The VNC password that the environment or the profile sets, checked.
    pub(crate) fn vnc_password(&self) -> Result<Option<VncPassword>, CommandError> {
        self.unchecked_vnc_password().map(|setting| setting.check()).transpose()
    }

    /// The VNC password that the environment or the profile sets.
    pub(crate) fn unchecked_vnc_password(&self) -> Option<VncPasswordSetting> {
        let from_env = |env: &Environment| {
            let text = Secret::from(env.get(PASSWORD_VARIABLE)?);
            Some(VncPasswordSetting { text, place: PASSWORD_VARIABLE.to_owned() })
        };
        let from_profile = |profile: &Profile| {
            let place = format!("vnc_password in {}", describe_path(self.file()));
            Some(VncPasswordSetting { text: profile.vnc_password.clone()?, place })
        };
        self.first_of(None, from_env, from_profile)
    }

    /// The time limit that `--timeout` sets.
    pub(crate) fn timeout_flag(&self) -> Option<Duration> {
        self.flags.timeout
    }

    /// The time limit without `--timeout`: the profile's, or [`DEFAULT_TIMEOUT`].
    pub(crate) fn unchecked_default_timeout(&self) -> TimeoutSetting {
        let seconds = self.first_of(None, |_| None, |profile| profile.timeout);
        TimeoutSetting { seconds, place: describe_path(self.file()) }
    }

    /// The time limit of a command, checked.
    pub(crate) fn timeout(&self) -> Result<Duration, CommandError> {
        self.timeout_flag().map_or_else(|| self.unchecked_default_timeout().check(), Ok)
    }

    /// True if temporary credentials and completions may be read from the cache and written to it.
    pub(crate) fn use_cache(&self) -> bool {
        !self.flags.no_cache
    }

    /// The value from the first place that sets it.
    fn first_of<T>(
        &self,
        flag: Option<T>,
        env: impl Fn(&Environment) -> Option<T>,
        profile: impl Fn(&Profile) -> Option<T>,
    ) -> Option<T> {
        let (named, default) = match &self.credentials.profile {
            ProfileSelection::Named(named) => (Some(named), None),
            ProfileSelection::Default(default) => (None, default.as_ref()),
            ProfileSelection::FaultyDefault { .. } => (None, None),
        };
        flag.or_else(|| named.and_then(|selected| profile(&selected.profile)))
            .or_else(|| env(self.env))
            .or_else(|| default.and_then(|selected| profile(&selected.profile)))
    }

    /// Where a value comes from, for messages about it: the flag that was given, the variable or the profile.
    fn place(&self, flag: Option<&str>, variable: &str, is_in: impl Fn(&Profile) -> bool) -> String {
        let origin = || Some(self.profile().map(|selected| selected.origin(&selected.name))?.to_string());
        let place = self.first_of(
            flag.map(str::to_owned),
            |env| env.vendor(variable).map(|(name, _)| name),
            |profile| is_in(profile).then(origin).flatten(),
        );
        place.unwrap_or_default()
    }

    fn file(&self) -> Option<&Path> {
        self.profile().and_then(|selected| selected.file.as_deref()).or(self.own_file.as_deref())
    }
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
