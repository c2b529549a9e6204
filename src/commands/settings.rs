//! Flags, profiles, environment and defaults, made into one set of settings: pure.
//!
//! First match wins, setting by setting: a flag; the profile named with `--profile` (or `ALIBABA_CLOUD_PROFILE`);
//! environment variables; the default profile. Keys are always taken whole from one of them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::api::endpoint::{Endpoint, EndpointType, check_region};
use crate::api::signature::SignatureVersion;
use crate::cli::{Global, time_limit};
use crate::commands::choice::{Choice, Loaded, Named, choose, place};
use crate::config::Profile;
use crate::connect_url::{VENDOR_PAGE, check_page};
use crate::credentials::{self, Credentials, CredentialsError};
use crate::demo;
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::printable::printable;
use crate::secret::Secret;
use crate::vnc_password::VncPassword;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a key pair came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `[profile.NAME]` in a file.
    Profile {
        /// The name.
        name: String,
        /// The file.
        file: PathBuf,
    },
    /// An environment variable and its siblings.
    Environment {
        /// The variable with the AccessKeyId.
        variable: String,
    },
    /// The simulated account.
    Demo,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile { name, file } => write!(f, "profile {name} in {}", file.display()),
            Self::Environment { variable } => write!(f, "the environment variable {variable}"),
            Self::Demo => write!(f, "the built-in profile {}", demo::PROFILE),
        }
    }
}

/// How a profile or the environment comes to keys.
#[derive(Debug)]
pub enum Source {
    /// By having them.
    Keys(Credentials),
    /// By a command that prints them.
    Process(String),
    /// By a URI that answers with them.
    Uri(String),
    /// By the metadata service of the instance this runs on, for this role or whatever it has.
    Metadata(Option<String>),
}

/// Everything the user has said, in its order.
#[derive(Debug)]
pub struct Layers<'a> {
    flags: &'a Global,
    env: &'a Environment,
    choice: Choice,
    file: Option<PathBuf>,
}

impl<'a> Layers<'a> {
    /// Chooses the profile. `official` reads the official CLI's file, `warn` tells what should be mended.
    pub fn new(
        flags: &'a Global,
        env: &'a Environment,
        own: Loaded,
        official: impl FnOnce() -> Result<Loaded, Failure>,
        warn: impl Fn(&str),
    ) -> Result<Self, Failure> {
        let wanted = flags.profile.as_deref().or(env.vendor("PROFILE").map(|(_, name)| name));
        let file = own.1.clone();
        let choice = choose(wanted, own, official, warn)?;
        Ok(Self { flags, env, choice, file })
    }

    /// The profile in use, if any.
    pub fn profile(&self) -> Option<&Named> {
        self.choice.profile()
    }

    fn named(&self) -> Option<&Named> {
        match &self.choice {
            Choice::Named(named) => Some(named),
            Choice::Default(_) => None,
        }
    }

    fn default(&self) -> Option<&Named> {
        match &self.choice {
            Choice::Named(_) => None,
            Choice::Default(named) => named.as_deref(),
        }
    }

    /// Whether the account is the simulated one: the built-in profile, and no file's of the same name.
    pub fn is_demo(&self) -> bool {
        self.profile().is_some_and(Named::is_built_in)
    }

    /// The value of one setting.
    fn pick<T>(
        &self,
        flag: Option<T>,
        env: impl Fn(&Environment) -> Option<T>,
        profile: impl Fn(&Profile) -> Option<T>,
    ) -> Option<T> {
        let of = |named: Option<&Named>| named.and_then(|named| profile(&named.profile));
        flag.or_else(|| of(self.named())).or_else(|| env(self.env)).or_else(|| of(self.default()))
    }

    /// The region, if one is set.
    pub fn region(&self) -> Result<Option<String>, Failure> {
        let vendor = |env: &Environment| env.vendor("REGION_ID").map(|(_, region)| region.to_owned());
        let region = self.pick(self.flags.region.clone(), vendor, |profile| profile.region_id.clone());
        if let Some(region) = &region {
            check_region(region).map_err(|error| Failure::new(ExitCode::Usage, error))?;
        }
        Ok(region)
    }

    /// The region, which must be set.
    pub fn required_region(&self) -> Result<String, Failure> {
        self.region()?.ok_or_else(|| {
            Failure::message(ExitCode::Usage, "no region is set").hint(
                "name it with --region, with region_id in the profile, or with ALIBABA_CLOUD_REGION_ID; \
                 the console shows it beside the instance",
            )
        })
    }

    /// The endpoint that is set in place of the region's own, if any. A variable that is meant for the real service
    /// does not lead the simulated account there.
    pub fn set_endpoint(&self) -> Result<Option<Endpoint>, Failure> {
        let vendor = |env: &Environment| match self.is_demo() {
            true => None,
            false => env.vendor("ENDPOINT").map(|(_, endpoint)| endpoint.to_owned()),
        };
        let text = self.pick(self.flags.endpoint.clone(), vendor, |profile| profile.endpoint.clone());
        text.map(|text| Endpoint::parse(&text)).transpose().map_err(|error| Failure::new(ExitCode::Usage, error))
    }

    /// From which side the API is reached.
    pub fn endpoint_type(&self) -> Result<EndpointType, Failure> {
        let Some((variable, text)) = self.env.vendor("ENDPOINT_TYPE") else {
            return Ok(self.pick(None, |_| None, |profile| profile.endpoint_type).unwrap_or_default());
        };
        let of_env = match text {
            "vpc" => EndpointType::Vpc,
            "public" => EndpointType::Public,
            _ => return Err(Failure::message(ExitCode::Usage, format!("{variable} must be `public` or `vpc`"))),
        };
        Ok(self.pick(None, |_| Some(of_env), |profile| profile.endpoint_type).unwrap_or_default())
    }

    /// How requests are signed.
    pub fn signature(&self) -> SignatureVersion {
        self.pick(None, |_| None, |profile| profile.signature_version).unwrap_or_default()
    }

    /// The console page's base.
    pub fn console_url(&self) -> Result<String, Failure> {
        let base = self.pick(None, |_| None, |profile| profile.console_url.clone());
        let base = base.unwrap_or_else(|| VENDOR_PAGE.to_owned());
        check_page(&base).map_err(|error| Failure::new(ExitCode::Usage, error))?;
        Ok(base)
    }

    /// The VNC password; `given` is the one on stdin.
    pub fn vnc_password(&self, given: Option<VncPassword>) -> Result<Option<VncPassword>, Failure> {
        const VARIABLE: &str = "ECS_VNC_PASSWORD";
        let parsed = |text: &Secret, place: &str| {
            VncPassword::try_from(text).map_err(|error| Failure::message(ExitCode::Usage, format!("{place}: {error}")))
        };
        let of_env = |env: &Environment| env.get(VARIABLE).map(|text| parsed(&text.into(), VARIABLE));
        let of_profile = |profile: &Profile| {
            profile.vnc_password.as_ref().map(|text| parsed(text, &format!("vnc_password in {}", place(self.file()))))
        };
        self.pick(given.map(Ok), of_env, of_profile).transpose()
    }

    /// The time limit of a command.
    pub fn timeout(&self) -> Result<Duration, Failure> {
        if let Some(limit) = self.flags.timeout {
            return Ok(limit);
        }
        let Some(seconds) = self.pick(None, |_| None, |profile| profile.timeout) else {
            return Ok(TIMEOUT);
        };
        time_limit(seconds).ok_or_else(|| {
            let message =
                format!("timeout = {seconds} in {}: it must be above 0 and at most 86400", place(self.file()));
            Failure::message(ExitCode::Usage, message)
        })
    }

    /// How to come to keys, and where that was found. `now` tells whether cached keys still work.
    pub fn credentials(&self, now: DateTime<Utc>) -> Result<Option<(Source, Origin)>, Failure> {
        if let Some(found) = self.of_profile(self.named(), now)? {
            return Ok(Some(found));
        }
        let of_env = credentials::from_environment(self.env).map_err(|error| incomplete(&error, None))?;
        if let Some((credentials, variable)) = of_env {
            return Ok(Some((Source::Keys(credentials), Origin::Environment { variable })));
        }
        self.of_profile(self.default(), now)
    }

    /// The same, which must be there.
    pub fn required_credentials(&self, now: DateTime<Utc>) -> Result<(Source, Origin), Failure> {
        self.credentials(now)?.ok_or_else(|| {
            let looked = match self.profile() {
                Some(named) => format!("the profile {} in {} holds none", named.name, place(self.file())),
                None => format!("{} holds no default profile, nor has the official CLI one", place(self.file())),
            };
            Failure::message(ExitCode::Credentials, "no AccessKey was found").hint(format!(
                "{looked}, and ALIBABA_CLOUD_ACCESS_KEY_ID is not set; `ecs-vnc profile add NAME` sets a profile up, \
                 and `--profile demo` tries everything without an account"
            ))
        })
    }

    fn of_profile(&self, named: Option<&Named>, now: DateTime<Utc>) -> Result<Option<(Source, Origin)>, Failure> {
        let Some(Named { name, profile, file }) = named else {
            return Ok(None);
        };
        let origin = match file {
            None => Origin::Demo,
            Some(file) => Origin::Profile { name: name.clone(), file: file.clone() },
        };
        let source = match profile.mode.as_deref() {
            None => keys(profile, profile.sts_token.clone(), &origin)?.map(Source::Keys),
            // The official CLI leaves an old token in place there, and does not use it.
            Some("AK") => keys(profile, None, &origin)?.map(Source::Keys),
            Some("StsToken") => keys_with_token(profile, &origin)?.map(Source::Keys),
            Some(mode @ ("CloudSSO" | "OAuth")) => {
                let until = profile.sts_expiration.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
                let cached = keys_with_token(profile, &origin)?.filter(|_| until.is_some_and(|until| now < until));
                Some(Source::Keys(cached.ok_or_else(|| log_in_again(name, mode, &origin))?))
            }
            Some("External") => Some(Source::Process(needed(&profile.process_command, "process_command", &origin)?)),
            Some("CredentialsURI") => Some(Source::Uri(needed(&profile.credentials_uri, "credentials_uri", &origin)?)),
            Some("EcsRamRole") => Some(Source::Metadata(profile.ram_role_name.clone())),
            Some(mode) => return Err(unknown_mode(mode, &origin)),
        };
        Ok(source.map(|source| (source, origin)))
    }

    fn file(&self) -> Option<&Path> {
        self.profile().and_then(|named| named.file.as_deref()).or(self.file.as_deref())
    }
}

/// The keys that stand in a profile, with this token.
fn keys(profile: &Profile, token: Option<Secret>, origin: &Origin) -> Result<Option<Credentials>, Failure> {
    let (id, secret) = (profile.access_key_id.clone(), profile.access_key_secret.clone());
    let names = ["access_key_id", "access_key_secret", "sts_token"];
    credentials::checked(id, secret, token, names).map_err(|error| incomplete(&error, Some(origin)))
}

/// The temporary keys that stand in a profile: without their token they are none.
fn keys_with_token(profile: &Profile, origin: &Origin) -> Result<Option<Credentials>, Failure> {
    let keys = keys(profile, profile.sts_token.clone(), origin)?;
    match keys {
        Some(keys) if keys.security_token.is_none() => {
            let half = CredentialsError::Half { present: "access_key_id".into(), missing: "sts_token".into() };
            Err(incomplete(&half, Some(origin)))
        }
        keys => Ok(keys),
    }
}

/// A key that goes with the profile's mode.
fn needed(value: &Option<Secret>, key: &str, origin: &Origin) -> Result<String, Failure> {
    let missing = || CredentialsError::Half { present: "mode".to_owned(), missing: key.to_owned() };
    value.as_ref().map(|value| value.expose().to_owned()).ok_or_else(|| incomplete(&missing(), Some(origin)))
}

fn log_in_again(name: &str, mode: &str, origin: &Origin) -> Failure {
    let message = format!("{origin}: the keys that a login of mode {mode} left have expired");
    Failure::message(ExitCode::Credentials, message)
        .hint(format!("log in again: aliyun configure --profile {name} --mode {mode}"))
}

fn unknown_mode(mode: &str, origin: &Origin) -> Failure {
    let message = format!("{origin}: its mode {} is not one that ecs-vnc can use", printable(mode, 40));
    Failure::message(ExitCode::Credentials, message).hint(
        "AK, StsToken, External, CredentialsURI and EcsRamRole are, and the cached keys of CloudSSO and OAuth; a program \
         that prints keys can stand for any other (mode External, process_command), or keys in the environment",
    )
}

fn incomplete(error: &CredentialsError, origin: Option<&Origin>) -> Failure {
    let place = origin.map(|origin| format!("{origin}: ")).unwrap_or_default();
    Failure::message(ExitCode::Credentials, format!("{place}{error}"))
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
