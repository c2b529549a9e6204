//! Flags, profiles, environment and defaults, made into one set of settings: pure.
//!
//! First match wins, setting by setting: a flag; the profile named with `--profile` (or `ALIBABA_CLOUD_PROFILE`);
//! environment variables; the default profile. Keys are always taken whole from one of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::api::endpoint::{Endpoint, EndpointType, check_region};
use crate::api::signature::SignatureVersion;
use crate::args::time_limit;
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::settings::credential_settings::{CredentialSettings, StsSettings};
use crate::settings::flags::GlobalArgs;
use crate::settings::profile_selection::{LoadedConfig, ProfileSelection, Reader, SelectedProfile, choose, place};
use crate::system::environment::Environment;
use crate::vnc::page_url::{VENDOR_PAGE, check_page_url};
use crate::vnc::password::VncPassword;

/// The time limit of a command where none is set.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// Everything the user has said, in its order.
#[derive(Debug)]
pub(crate) struct Layers<'a> {
    flags: &'a GlobalArgs,
    env: &'a Environment,
    file: Option<PathBuf>,
    credentials: CredentialSettings,
}

impl<'a> Layers<'a> {
    /// Chooses the profile. `others` read the files of other programs, `warn` tells what should be mended.
    pub(crate) fn new(
        flags: &'a GlobalArgs,
        env: &'a Environment,
        own: LoadedConfig,
        others: &[&Reader<'_>],
        warn: impl Fn(&str),
    ) -> Result<Self, CommandError> {
        let wanted = flags.profile.as_deref().or(env.vendor("PROFILE").map(|(_, name)| name));
        let file = own.1.clone();
        let no_default_reason = format!("none in {}, the official CLI's file or the SDKs'", place(file.as_deref()));
        let profile = choose(wanted, own, others, warn)?;
        let credentials = CredentialSettings { profile, no_default_reason, sts: StsSettings::from_environment(env) };
        Ok(Self { flags, env, file, credentials })
    }

    /// What `auth` selects a credentials provider by.
    pub(crate) fn credentials(&self) -> &CredentialSettings {
        &self.credentials
    }

    /// The profile in use, if any.
    pub(crate) fn profile(&self) -> Option<&SelectedProfile> {
        self.credentials.profile.profile()
    }

    fn named(&self) -> Option<&SelectedProfile> {
        match &self.credentials.profile {
            ProfileSelection::Named(profile) => Some(profile),
            ProfileSelection::Default(_) | ProfileSelection::FaultyDefault { .. } => None,
        }
    }

    fn default(&self) -> Option<&SelectedProfile> {
        match &self.credentials.profile {
            ProfileSelection::Named(_) | ProfileSelection::FaultyDefault { .. } => None,
            ProfileSelection::Default(named) => named.as_deref(),
        }
    }

    /// Whether the account is the simulated one: the built-in profile, and no file's of the same name.
    pub(crate) fn is_demo(&self) -> bool {
        self.profile().is_some_and(SelectedProfile::is_built_in)
    }

    /// The value of one setting.
    fn pick<T>(
        &self,
        flag: Option<T>,
        env: impl Fn(&Environment) -> Option<T>,
        profile: impl Fn(&Profile) -> Option<T>,
    ) -> Option<T> {
        let of = |named: Option<&SelectedProfile>| named.and_then(|named| profile(&named.profile));
        flag.or_else(|| of(self.named())).or_else(|| env(self.env)).or_else(|| of(self.default()))
    }

    /// The region, if one is set, and whether a flag has set it.
    pub(crate) fn region(&self) -> Result<(Option<String>, bool), CommandError> {
        let vendor = |env: &Environment| env.vendor("REGION_ID").map(|(_, region)| region.to_owned());
        let region = self.pick(self.flags.region.clone(), vendor, |profile| profile.region_id.clone());
        if let Some(region) = &region {
            check_region(region).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        }
        Ok((region, self.flags.region.is_some()))
    }

    /// The endpoint that is set in place of the region's own, if any. A variable that is meant for the real service
    /// does not lead the simulated account there.
    pub(crate) fn set_endpoint(&self) -> Result<Option<Endpoint>, CommandError> {
        let vendor = |env: &Environment| match self.is_demo() {
            true => None,
            false => env.vendor("ENDPOINT").map(|(_, endpoint)| endpoint.to_owned()),
        };
        let text = self.pick(self.flags.endpoint.clone(), vendor, |profile| profile.endpoint.clone());
        text.map(|text| Endpoint::parse(&text)).transpose().map_err(|error| CommandError::new(ErrorKind::Usage, error))
    }

    /// From which side the API is reached.
    pub(crate) fn endpoint_type(&self) -> Result<EndpointType, CommandError> {
        let Some((variable, text)) = self.env.vendor("ENDPOINT_TYPE") else {
            return Ok(self.pick(None, |_| None, |profile| profile.endpoint_type).unwrap_or_default());
        };
        let of_env = match text {
            "vpc" => EndpointType::Vpc,
            "public" => EndpointType::Public,
            _ => return Err(CommandError::message(ErrorKind::Usage, format!("{variable} must be `public` or `vpc`"))),
        };
        Ok(self.pick(None, |_| Some(of_env), |profile| profile.endpoint_type).unwrap_or_default())
    }

    /// How requests are signed.
    pub(crate) fn signature(&self) -> SignatureVersion {
        self.pick(None, |_| None, |profile| profile.signature_version).unwrap_or_default()
    }

    /// The language of the regions' names, `zh` or `en`, where the profile sets it.
    pub(crate) fn language(&self) -> Option<String> {
        self.pick(None, |_| None, |profile| profile.language.clone())
    }

    /// The console page's base.
    pub(crate) fn console_url(&self) -> Result<String, CommandError> {
        let base = self.pick(None, |_| None, |profile| profile.console_url.clone());
        let base = base.unwrap_or_else(|| VENDOR_PAGE.to_owned());
        check_page_url(&base).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        Ok(base)
    }

    /// The VNC password; `given` is the one on stdin.
    pub(crate) fn vnc_password(&self, given: Option<VncPassword>) -> Result<Option<VncPassword>, CommandError> {
        const VARIABLE: &str = "ECS_VNC_PASSWORD";
        let parsed = |text: &Secret, place: &str| {
            VncPassword::try_from(text)
                .map_err(|error| CommandError::message(ErrorKind::Usage, format!("{place}: {error}")))
        };
        let of_env = |env: &Environment| env.get(VARIABLE).map(|text| parsed(&text.into(), VARIABLE));
        let of_profile = |profile: &Profile| {
            profile.vnc_password.as_ref().map(|text| parsed(text, &format!("vnc_password in {}", place(self.file()))))
        };
        self.pick(given.map(Ok), of_env, of_profile).transpose()
    }

    /// Whether temporary keys may be kept, and taken from where they are kept.
    pub(crate) fn keeps_keys(&self) -> bool {
        !self.flags.no_cache
    }

    /// What `--timeout` says.
    pub(crate) fn timeout_flag(&self) -> Option<Duration> {
        self.flags.timeout
    }

    /// The time limit of a command.
    pub(crate) fn timeout(&self) -> Result<Duration, CommandError> {
        self.flags.timeout.map_or_else(|| self.usual_timeout(), Ok)
    }

    /// The same without the flag, which some commands wait for something else with.
    pub(crate) fn usual_timeout(&self) -> Result<Duration, CommandError> {
        let Some(seconds) = self.pick(None, |_| None, |profile| profile.timeout) else {
            return Ok(TIMEOUT);
        };
        time_limit(seconds).ok_or_else(|| {
            let message =
                format!("timeout = {seconds} in {}: it must be above 0 and at most 86400", place(self.file()));
            CommandError::message(ErrorKind::Usage, message)
        })
    }

    /// Finds what is wrong with the settings that every request needs, for commands that ask for something first.
    pub(crate) fn check(&self) -> Result<(), CommandError> {
        self.timeout()?;
        self.region()?;
        self.set_endpoint()?;
        self.endpoint_type().map(drop)
    }

    fn file(&self) -> Option<&Path> {
        self.profile().and_then(|named| named.file.as_deref()).or(self.file.as_deref())
    }
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
