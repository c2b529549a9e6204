//! From settings to clients of the API that are ready to be asked.

use std::time::Duration;

use crate::api::endpoint::Endpoint;
use crate::api::{ApiError, Client, Network, Sources};
use crate::cache::Cache;
use crate::clock::{Clock, Limit};
use crate::commands::clients::{ANY_REGION, Clients};
use crate::commands::explain::{About, explain};
use crate::commands::keys::{Asker, Origin, Passed};
use crate::commands::narrate;
use crate::commands::settings::{Layers, no_keys};
use crate::demo::{self, Demo};
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::Output;
use crate::random;
use crate::secret::AccessKeyId;
use crate::sources;

/// An account, ready to be asked.
#[derive(Debug)]
pub struct Session {
    /// Ask, each in its region.
    pub clients: Clients,
    /// Where instances are looked for first, if that is set.
    pub region: Option<String>,
    /// Whether that was said on the command line, so that nothing is looked for elsewhere.
    pub is_pinned: bool,
    /// The end of the time this command has.
    pub limit: Limit,
    /// The console page's base.
    pub console_url: String,
    /// Where the key came from.
    pub origin: Origin,
    /// The key, for errors.
    pub access_key_id: AccessKeyId,
    /// Whether a token goes with it.
    pub has_token: bool,
    /// The simulated account, where this is one inside the process.
    pub demo: Option<Demo>,
}

/// The longest that the search for an instance waits for a region: one that is out of reach holds up the others.
const SEARCH: Duration = Duration::from_secs(10);

impl Session {
    /// The failure that an error of the API is, with all that is known about it. `status` is the instance's.
    pub fn explain(
        &self,
        error: ApiError,
        action: &str,
        region: &str,
        instance: &str,
        status: Option<&str>,
    ) -> Failure {
        let Self { origin, access_key_id, has_token, .. } = self;
        explain(error, &About { action, region, instance, status, origin, access_key_id, has_token: *has_token })
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        self.clients.first().clock()
    }

    /// As long as the whole command has, from now: for what may begin long after it.
    pub fn limit_from_now(&self) -> Limit {
        self.clock().limit(self.limit.total)
    }

    /// The end of the time that a search in one region has.
    pub fn search_limit(&self) -> Limit {
        let own = self.clock().limit(SEARCH);
        if own.ends < self.limit.ends { own } else { self.limit }
    }
}

/// Everything that can fail before a request leaves, done.
pub async fn begin(layers: &Layers<'_>, env: &Environment, output: Output) -> Result<Session, Failure> {
    let clock = Clock::system();
    let limit = clock.limit(layers.timeout()?);
    let (mut region, is_pinned) = layers.region()?;
    let (source, origin, passed) = layers.required_keys(clock.utc())?;
    let network = Network::new(env);
    if region.is_none() && source.asks_metadata() {
        region = match sources::region_from_metadata(sources::METADATA).await {
            // It need not be asked for keys as well.
            Err(error) if origin == Origin::Metadata => return Err(nobody_home(&error.to_string(), passed)),
            region => region.ok(),
        };
    }
    let mut console_url = layers.console_url()?;

    let set_endpoint = layers.set_endpoint()?;
    let demo = match (layers.is_demo(), &set_endpoint) {
        (true, None) => Some(demo_inside().await?),
        _ => None,
    };
    let first_region = region.as_deref().unwrap_or(ANY_REGION);
    let kind = if demo.is_none() && set_endpoint.is_none() { Some(layers.endpoint_type()?) } else { None };
    let endpoint = match (&demo, set_endpoint) {
        (Some(demo), _) => Endpoint::parse(&demo.endpoint()),
        (None, Some(endpoint)) => Ok(endpoint),
        (None, None) => Endpoint::of_region(first_region, kind.unwrap_or_default()),
    };
    let endpoint = endpoint.map_err(|error| Failure::new(ExitCode::Usage, error))?;
    if layers.is_demo() {
        console_url = endpoint.url(demo::CONSOLE_PATH);
    }
    if endpoint.is_plaintext() && !endpoint.is_loopback() {
        let text = format!("{endpoint} is not encrypted: whoever listens on the way can take over the console");
        output.warning(&text);
    }

    output.detail(2, &format!("endpoint {endpoint}, region {first_region}, page {console_url}"));
    let transport = network.transport(endpoint).map_err(|error| Failure::new(ExitCode::Usage, error))?;
    let cache = if layers.keeps_keys() { Cache::of_user() } else { Cache::none() };
    let sources = Sources { clock, nonce: random::hex_128, chance: random::fraction };
    let listener = narrate::listener(output);
    let asker = Asker {
        network: &network,
        cache: &cache,
        sources: sources.clone(),
        listener: listener.clone(),
        limit,
        metadata: sources::METADATA,
        output,
    };
    let credentials = asker
        .ask(&source, &origin)
        .await
        .map_err(|failure| match origin {
            Origin::Metadata => nobody_home(&format!("{:#}", failure.error), passed),
            _ => failure,
        })?
        .credentials;
    output.detail(2, &format!("AccessKey {} from {origin}", credentials.access_key_id));

    let access_key_id = credentials.access_key_id.clone();
    let has_token = credentials.security_token.is_some();
    let first = Client::new(transport, Some(credentials), layers.signature(), sources, listener);
    let clients = Clients::new(first, first_region, network, kind);
    Ok(Session { clients, region, is_pinned, limit, console_url, origin, access_key_id, has_token, demo })
}

/// Nobody has asked for the metadata service: that it is not there is one reason of several.
fn nobody_home(why: &str, mut passed: Vec<Passed>) -> Failure {
    passed.push(Passed { place: "metadata service".to_owned(), why: why.to_owned() });
    no_keys(&passed)
}

async fn demo_inside() -> Result<Demo, Failure> {
    let started = Demo::start(0, demo::Options::new(Clock::system())).await;
    started.map_err(|error| {
        Failure::new(ExitCode::ActionFailed, anyhow::Error::new(error).context("the simulated account did not start"))
    })
}
