//! Flags, profiles, environment and defaults, made into one set of settings: pure.
//!
//! First match wins, setting by setting: a flag; the profile named with `--profile` (or `ALIBABA_CLOUD_PROFILE`);
//! environment variables; the default profile. A key pair is always taken whole from one of them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::api::endpoint::{Endpoint, EndpointType, check_region};
use crate::api::signature::SignatureVersion;
use crate::cli::{Global, time_limit};
use crate::config::{Config, Profile, nearest};
use crate::connect_url::{VENDOR_PAGE, check_page};
use crate::credentials::{self, Credentials, CredentialsError};
use crate::demo;
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::vnc_password::VncPassword;

const TIMEOUT: Duration = Duration::from_secs(30);

/// The default profile's name where the file names none.
const DEFAULT: &str = "default";

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

/// A profile with its name.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// What stands under it.
    pub profile: Profile,
}

/// Everything the user has said, in its order.
#[derive(Debug)]
pub struct Layers<'a> {
    flags: &'a Global,
    named: Option<Named>,
    env: &'a Environment,
    default: Option<Named>,
    file: Option<PathBuf>,
}

/// The configuration in use, and where it is.
pub type Loaded = (Option<Config>, Option<PathBuf>);

impl<'a> Layers<'a> {
    /// Finds the profiles. A named one must exist; a default that does not is told to `warn`, since other settings
    /// may be enough.
    pub fn new(
        flags: &'a Global,
        env: &'a Environment,
        (config, file): Loaded,
        warn: impl Fn(&str),
    ) -> Result<Self, Failure> {
        let mut config = config.unwrap_or_default();
        let wanted = flags.profile.as_deref().or(env.vendor("PROFILE").map(|(_, name)| name)).map(str::to_owned);
        let default = config.default_profile.take();
        // As the default, too, the simulated account is all or nothing: no real key may be sent to it.
        if wanted.as_deref().or(default.as_deref()) == Some(demo::PROFILE) {
            let named = Some(Named { name: demo::PROFILE.to_owned(), profile: demo::profile() });
            return Ok(Self { flags, named, env, default: None, file });
        }
        if let Some(name) = wanted {
            let profile = config.profile.remove(&name).ok_or_else(|| no_profile(&name, &config, file.as_deref()))?;
            return Ok(Self { flags, named: Some(Named { name, profile }), env, default: None, file });
        }
        let name = default.unwrap_or_else(|| DEFAULT.to_owned());
        let profile = config.profile.remove(&name);
        if profile.is_none() && name != DEFAULT {
            warn(&format!(
                "the default profile {name} does not exist: mend default_profile in {}",
                path(file.as_deref())
            ));
        }
        let default = profile.map(|profile| Named { name, profile });
        Ok(Self { flags, named: None, env, default, file })
    }

    /// The profile in use, if any.
    pub fn profile(&self) -> Option<&Named> {
        self.named.as_ref().or(self.default.as_ref())
    }

    /// Whether the account is the simulated one inside the process.
    pub fn is_demo(&self) -> bool {
        self.profile().is_some_and(|named| named.name == demo::PROFILE)
    }

    /// The value of one setting.
    fn pick<T>(
        &self,
        flag: Option<T>,
        env: impl Fn(&Environment) -> Option<T>,
        profile: impl Fn(&Profile) -> Option<T>,
    ) -> Option<T> {
        let of = |named: &Option<Named>| named.as_ref().and_then(|named| profile(&named.profile));
        flag.or_else(|| of(&self.named)).or_else(|| env(self.env)).or_else(|| of(&self.default))
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
        let parsed = |text: &crate::secret::Secret, place: &str| {
            VncPassword::try_from(text).map_err(|error| Failure::message(ExitCode::Usage, format!("{place}: {error}")))
        };
        let of_env = |env: &Environment| env.get(VARIABLE).map(|text| parsed(&text.into(), VARIABLE));
        let of_profile = |profile: &Profile| {
            profile.vnc_password.as_ref().map(|text| parsed(text, &format!("vnc_password in {}", path(self.file()))))
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
            let message = format!("timeout = {seconds} in {}: it must be above 0 and at most 86400", path(self.file()));
            Failure::message(ExitCode::Usage, message)
        })
    }

    /// The key pair and where it came from.
    pub fn credentials(&self) -> Result<Option<(Credentials, Origin)>, Failure> {
        if let Some(found) = self.of_profile(self.named.as_ref())? {
            return Ok(Some(found));
        }
        let of_env = credentials::from_environment(self.env).map_err(|error| incomplete(&error, None))?;
        if let Some((credentials, variable)) = of_env {
            return Ok(Some((credentials, Origin::Environment { variable })));
        }
        self.of_profile(self.default.as_ref())
    }

    /// The key pair, which must be there.
    pub fn required_credentials(&self) -> Result<(Credentials, Origin), Failure> {
        self.credentials()?.ok_or_else(|| {
            let looked = match self.profile() {
                Some(named) => format!("the profile {} in {} holds none", named.name, path(self.file())),
                None => format!("{} holds no default profile", path(self.file())),
            };
            Failure::message(ExitCode::Credentials, "no AccessKey was found").hint(format!(
                "{looked}, and ALIBABA_CLOUD_ACCESS_KEY_ID is not set; `ecs-vnc profile add NAME` sets a profile up, \
                 and `--profile demo` tries everything without an account"
            ))
        })
    }

    fn of_profile(&self, named: Option<&Named>) -> Result<Option<(Credentials, Origin)>, Failure> {
        let Some(Named { name, profile }) = named else {
            return Ok(None);
        };
        let (id, secret) = (profile.access_key_id.clone(), profile.access_key_secret.clone());
        let names = ["access_key_id", "access_key_secret", "sts_token"];
        let origin = match name.as_str() {
            demo::PROFILE => Origin::Demo,
            _ => Origin::Profile { name: name.clone(), file: self.file.clone().unwrap_or_default() },
        };
        let found = credentials::checked(id, secret, profile.sts_token.clone(), names);
        let found = found.map_err(|error| incomplete(&error, Some(&origin)))?;
        Ok(found.map(|credentials| (credentials, origin)))
    }

    fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }
}

fn incomplete(error: &CredentialsError, origin: Option<&Origin>) -> Failure {
    let place = origin.map(|origin| format!("{origin}: ")).unwrap_or_default();
    Failure::message(ExitCode::Credentials, format!("{place}{error}"))
}

fn no_profile(name: &str, config: &Config, file: Option<&Path>) -> Failure {
    let known: Vec<&str> = config.profile.keys().map(String::as_str).chain([demo::PROFILE]).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("there are: {}", known.join(", ")),
    };
    Failure::message(ExitCode::NotFound, format!("no profile {name} in {}", path(file))).hint(hint)
}

fn path(file: Option<&Path>) -> String {
    file.map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string())
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
