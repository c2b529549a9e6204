//! The settings of one command, resolved once.

use std::time::Duration;

use crate::api::signature::SignatureVersion;
use crate::command_error::CommandError;
use crate::settings::aliases::Aliases;
use crate::settings::credential_settings::CredentialSettings;
use crate::settings::sources::{
    ConsoleUrlSetting, EndpointSetting, RegionSetting, SettingSources, TimeoutSetting, VncPasswordSetting,
};
use crate::vnc::password::VncPassword;

/// The settings of one command, all checked but those that most commands do not use.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) region: RegionSetting,
    pub(crate) endpoint: EndpointSetting,
    pub(crate) signature_version: SignatureVersion,
    /// The language of region names, `zh` or `en`.
    pub(crate) language: Option<String>,
    pub(crate) console_url: ConsoleUrlSetting,
    /// From the environment or the profile. The one that `--password-stdin` reads takes precedence.
    vnc_password: Option<VncPasswordSetting>,
    pub(crate) timeout_flag: Option<Duration>,
    default_timeout: TimeoutSetting,
    pub(crate) use_cache: bool,
    /// The account is the simulated one, inside this process or at a fixed endpoint.
    pub(crate) is_demo: bool,
    pub(crate) credentials: CredentialSettings,
    pub(crate) aliases: Aliases,
}

impl Settings {
    /// Resolves every setting. The first faulty one that every command uses is the error.
    pub(crate) fn resolve(sources: &SettingSources<'_>) -> Result<Self, CommandError> {
        Ok(Self {
            timeout_flag: sources.timeout_flag(),
            default_timeout: sources.unchecked_default_timeout(),
            region: sources.region()?,
            endpoint: sources.endpoint()?,
            signature_version: sources.signature_version(),
            language: sources.language(),
            console_url: sources.unchecked_console_url(),
            vnc_password: sources.unchecked_vnc_password(),
            use_cache: sources.use_cache(),
            is_demo: sources.is_demo(),
            credentials: sources.credentials().clone(),
            aliases: sources.aliases().clone(),
        })
    }

    /// The VNC password, checked when a command uses it: most commands do not.
    pub(crate) fn vnc_password(&self) -> Result<Option<VncPassword>, CommandError> {
        self.vnc_password.as_ref().map(VncPasswordSetting::check).transpose()
    }

    /// The time limit of the command: `--timeout`, or else the default one, which is checked only then.
    pub(crate) fn timeout(&self) -> Result<Duration, CommandError> {
        self.timeout_flag.map_or_else(|| self.default_timeout(), Ok)
    }

    /// The time limit without `--timeout`.
    pub(crate) fn default_timeout(&self) -> Result<Duration, CommandError> {
        self.default_timeout.check()
    }
}
