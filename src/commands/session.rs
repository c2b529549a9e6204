//! From the command line to a client of the API that is ready to be asked.

use std::path::Path;
use std::time::Duration;

use crate::api::endpoint::Endpoint;
use crate::api::{ApiError, Client, Sources, Transport};
use crate::cli::Global;
use crate::clock::{Clock, Limit};
use crate::commands::choice::Loaded;
use crate::commands::explain::{About, explain};
use crate::commands::narrate;
use crate::commands::settings::{Layers, Origin, Source};
use crate::config::{self, Config};
use crate::credentials::Credentials;
use crate::demo::{self, Demo};
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::Output;
use crate::platform;
use crate::random;
use crate::secret::{AccessKeyId, Secret};
use crate::sources::{self, FetchError, ProcessError, Temporary};
use crate::vnc_password::VncPassword;

/// An account and a region, ready to be asked.
#[derive(Debug)]
pub struct Session {
    /// Asks.
    pub client: Client,
    /// Where.
    pub region: String,
    /// For how long at most.
    pub timeout: Duration,
    /// The console page's base.
    pub console_url: String,
    /// Handed to the page.
    pub vnc_password: Option<VncPassword>,
    /// Where the key came from.
    pub origin: Origin,
    /// The key, for errors.
    pub access_key_id: AccessKeyId,
    /// Whether a token goes with it.
    pub has_token: bool,
    /// The simulated account, where this is one inside the process.
    pub demo: Option<Demo>,
}

impl Session {
    /// The failure that an error of the API is, with all that is known about it. `status` is the instance's.
    pub fn explain(&self, error: ApiError, action: &str, instance: &str, status: Option<&str>) -> Failure {
        let Self { region, origin, access_key_id, has_token, .. } = self;
        explain(error, &About { action, region, instance, status, origin, access_key_id, has_token: *has_token })
    }

    /// The end of the time a command has, from now.
    pub fn limit(&self) -> Limit {
        self.client.clock().limit(self.timeout)
    }
}

/// Reads the configuration the user has, or the one that a flag names.
pub fn load(global: &Global, env: &Environment, output: Output) -> Result<Loaded, Failure> {
    let Some(file) = config::locate(global.config.as_deref(), env) else {
        return Ok((None, None));
    };
    let config = load_file(&file, output)?;
    let by = if global.config.is_some() { "--config" } else { "ECS_VNC_CONFIG" };
    if config.is_none() && (global.config.is_some() || env.get("ECS_VNC_CONFIG").is_some()) {
        let message = format!("there is no file {}, which {by} names", file.display());
        return Err(Failure::message(ExitCode::Usage, message).hint("`ecs-vnc profile add NAME` creates it"));
    }
    Ok((config, Some(file)))
}

/// Reads the official CLI's configuration.
pub fn load_official(output: Output) -> Result<Loaded, Failure> {
    let Some(file) = config::locate_official() else {
        return Ok((None, None));
    };
    let config = config::read_official(&file).map_err(|error| Failure::new(ExitCode::Usage, error))?;
    if config.is_some() {
        warn_of_readers(&file, output);
    }
    Ok((config, Some(file)))
}

/// Reads a configuration of our own, if it is there, and warns where others can read it too.
pub fn load_file(file: &Path, output: Output) -> Result<Option<Config>, Failure> {
    let config = config::read(file).map_err(|error| match &error {
        config::ConfigError::Content { nearest: Some(nearest), .. } => {
            let hint = format!("did you mean {nearest}?");
            Failure::new(ExitCode::Usage, error).hint(hint)
        }
        _ => Failure::new(ExitCode::Usage, error),
    })?;
    if config.as_ref().is_some_and(|config| config.profile.contains_key(demo::PROFILE)) {
        let message = format!("{}: the profile {} is built in, and cannot be another", file.display(), demo::PROFILE);
        return Err(Failure::message(ExitCode::Usage, message).hint("give [profile.demo] another name"));
    }
    if config.is_some() {
        warn_of_readers(file, output);
    }
    Ok(config)
}

fn warn_of_readers(file: &Path, output: Output) {
    if let Some(mode) = platform::others_can_read(file) {
        let file = file.display();
        output.warning(&format!("{file} holds secrets, and its mode {mode} lets others at it: chmod 600 '{file}'"));
    }
}

/// The settings, from all files and variables.
pub fn layers<'a>(global: &'a Global, env: &'a Environment, output: Output) -> Result<Layers<'a>, Failure> {
    let own = load(global, env, output)?;
    Layers::new(global, env, own, || load_official(output), |text| output.warning(text))
}

/// Everything that can fail before a request leaves, done.
pub async fn begin(
    global: &Global,
    env: &Environment,
    output: Output,
    given_password: Option<VncPassword>,
) -> Result<Session, Failure> {
    let (clock, layers) = (Clock::system(), layers(global, env, output)?);
    let region = layers.required_region()?;
    let vnc_password = layers.vnc_password(given_password)?;
    let timeout = layers.timeout()?;
    let (source, origin) = layers.required_credentials(clock.utc())?;
    let mut console_url = layers.console_url()?;

    let set_endpoint = layers.set_endpoint()?;
    let demo = match (layers.is_demo(), &set_endpoint) {
        (true, None) => Some(demo_inside().await?),
        _ => None,
    };
    let endpoint = match (&demo, set_endpoint) {
        (Some(demo), _) => Endpoint::parse(&demo.endpoint()),
        (None, Some(endpoint)) => Ok(endpoint),
        (None, None) => Endpoint::of_region(&region, layers.endpoint_type()?),
    };
    let endpoint = endpoint.map_err(|error| Failure::new(ExitCode::Usage, error))?;
    if layers.is_demo() {
        console_url = endpoint.url(demo::CONSOLE_PATH);
    }
    if endpoint.is_plaintext() && !endpoint.is_loopback() {
        let text = format!("{endpoint} is not encrypted: whoever listens on the way can take over the console");
        output.warning(&text);
    }

    output.detail(2, &format!("endpoint {endpoint}, region {region}, page {console_url}"));
    let transport = Transport::new(endpoint, env).map_err(|error| Failure::new(ExitCode::Usage, error))?;
    let credentials = obtain(source, &origin, env, timeout).await?;
    output.detail(2, &format!("AccessKey {} from {origin}", credentials.access_key_id));

    let access_key_id = credentials.access_key_id.clone();
    let has_token = credentials.security_token.is_some();
    let sources = Sources { clock, nonce: random::hex_128, chance: random::fraction };
    let client = Client::new(transport, credentials, layers.signature(), sources, narrate::listener(output));
    Ok(Session { client, region, timeout, console_url, vnc_password, origin, access_key_id, has_token, demo })
}

/// Asks for the keys, where they are not there already.
async fn obtain(source: Source, origin: &Origin, env: &Environment, limit: Duration) -> Result<Credentials, Failure> {
    let found: Result<Temporary, anyhow::Error> = match source {
        Source::Keys(credentials) => return Ok(credentials),
        Source::Process(command) => sources::from_process(&Secret::new(command), limit).await.map_err(Into::into),
        Source::Uri(uri) => sources::from_uri(&Secret::new(uri), env, limit).await.map_err(Into::into),
        Source::Metadata(role) => sources::from_metadata(sources::METADATA, role.as_deref()).await.map_err(Into::into),
    };
    found.map(|found| found.credentials).map_err(|error| {
        let exit = match (error.downcast_ref(), error.downcast_ref()) {
            (Some(ProcessError::TooSlow { .. }), _) | (_, Some(FetchError::TooSlow { .. })) => ExitCode::TimeLimit,
            (_, Some(FetchError::SetUp(_))) => ExitCode::Usage,
            _ => ExitCode::Credentials,
        };
        Failure::new(exit, error.context("no keys")).hint(format!("this is how {origin} comes to its keys"))
    })
}

async fn demo_inside() -> Result<Demo, Failure> {
    let started = Demo::start(0, demo::Options::new(Clock::system())).await;
    started.map_err(|error| {
        Failure::new(ExitCode::ActionFailed, anyhow::Error::new(error).context("the simulated account did not start"))
    })
}
