//! From settings to clients of the API that are ready to be asked.

pub(crate) mod regional_clients;
pub(crate) mod request_log;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::account::regional_clients::{ANY_REGION, Clients};
use crate::api::endpoint::{Endpoint, EndpointType};
use crate::api::signature::SignatureVersion;
use crate::api::{ApiError, Client, ClientEnv, EventHandler, Network, Transport};
use crate::api_hints::{About, explain};
use crate::auth::{
    CredentialsResolver, ProviderChain, RefreshingCredentials, SelectedProvider, SkippedProvider, no_credentials,
    providers,
};
use crate::command_error::CommandError;
use crate::credentials::CredentialsOrigin;
use crate::demo::{self, Demo};
use crate::error_kind::ErrorKind;
use crate::settings::layers::Layers;
use crate::system::clock::{Clock, Deadline};
use crate::system::environment::Environment;
use crate::system::private_cache::PrivateCache;
use crate::system::random;
use crate::terminal::output::Output;

/// An account, ready to be asked.
#[derive(Debug)]
pub(crate) struct Account {
    /// Ask, each in its region.
    pub(crate) clients: Clients,
    /// Where instances are looked for first, if that is set.
    pub(crate) region: Option<String>,
    /// Whether that was said on the command line, so that nothing is looked for elsewhere.
    pub(crate) is_pinned: bool,
    /// The end of the time this command has.
    pub(crate) limit: Deadline,
    /// The console page's base.
    pub(crate) console_url: String,
    /// The keys it is asked with, and where they come from.
    pub(crate) keyring: RefreshingCredentials,
    /// The simulated account, where this is one inside the process.
    pub(crate) demo: Option<Demo>,
    /// What the user was warned of.
    warned: Mutex<BTreeSet<String>>,
}

/// The longest that the search for an instance waits for a region: one that is out of reach holds up the others.
const SEARCH: Duration = Duration::from_secs(10);

impl Account {
    /// The failure that an error of the API is, with all that is known about it. `status` is the instance's.
    pub(crate) fn explain(
        &self,
        error: ApiError,
        action: &str,
        region: &str,
        instance: &str,
        status: Option<&str>,
    ) -> CommandError {
        let (origin, keys) = (self.keyring.origin(), self.keyring.keys().credentials);
        let (access_key_id, has_token) = (&keys.access_key_id, keys.security_token.is_some());
        explain(error, &About { action, region, instance, status, origin, access_key_id, has_token })
    }

    /// Warns of what is the same for several instances.
    pub(crate) fn warn_once(&self, text: &str, output: Output) {
        // A refusal has a RequestId of its own each time.
        let kind = text.split(" (RequestId").next().unwrap_or(text).to_owned();
        if self.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(kind) {
            output.warning(text);
        }
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &Clock {
        self.clients.first().clock()
    }

    /// As long as the whole command has, from now: for what may begin long after it.
    pub(crate) fn limit_from_now(&self) -> Deadline {
        self.clock().deadline(self.limit.total)
    }

    /// The end of the time that a search in one region has.
    pub(crate) fn search_limit(&self) -> Deadline {
        let own = self.clock().deadline(SEARCH);
        if own.at < self.limit.at { own } else { self.limit }
    }
}

/// What it takes to ask.
pub(crate) struct AccountBuilder {
    /// The way out of this machine.
    pub(crate) network: Arc<Network>,
    /// Time, nonces and chance.
    pub(crate) sources: ClientEnv,
    /// Hears of the requests.
    pub(crate) listener: EventHandler,
    /// The end of the time there is.
    pub(crate) limit: Deadline,
}

/// Where the account's API answers.
#[derive(Debug)]
pub(crate) struct ServiceLocation {
    /// The region, if one is set, and whether a flag has set it.
    pub(crate) region: (Option<String>, bool),
    /// The first endpoint to be asked.
    pub(crate) endpoint: Endpoint,
    /// From which side the regions are reached; nothing where one endpoint serves them all.
    pub(crate) kind: Option<EndpointType>,
    /// The simulated account, where this is one inside the process.
    pub(crate) demo: Option<Demo>,
}

/// Everything that can fail before a request leaves, done.
pub(crate) async fn begin(
    layers: &Layers<'_>,
    time_limit: Duration,
    env: &Environment,
    output: Output,
) -> Result<Account, CommandError> {
    let means = AccountBuilder::new(env, time_limit, request_log::listener(output));
    let (mut region, is_pinned) = layers.region()?;
    let found = ProviderChain::search(layers.credentials(), env, means.sources.clock.utc()).required()?;
    if region.is_none() {
        region = region_here(&found).await?;
    }
    let console_url = layers.console_url()?;
    let place = ServiceLocation::of(layers, (region, is_pinned)).await?;
    let console_url = if layers.is_demo() { place.endpoint.url(demo::CONSOLE_PATH) } else { console_url };
    if let Some(text) = place.listeners() {
        output.warning(&text);
    }

    output.detail(2, &format!("endpoint {}, region {}, page {console_url}", place.endpoint, place.first_region()));
    let transport =
        means.network.transport(place.endpoint.clone()).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let keyring = means.keys(layers, &found, output).await?;
    output.detail(2, &format!("AccessKey {} from {}", keyring.keys().credentials.access_key_id, keyring.origin()));
    Ok(means.session(layers.signature(), place, transport, console_url, keyring))
}

impl AccountBuilder {
    /// The means that this environment gives, for so long from now.
    pub(crate) fn new(env: &Environment, time: Duration, listener: EventHandler) -> Self {
        let clock = Clock::system();
        let limit = clock.deadline(time);
        let sources = ClientEnv { clock, nonce: random::hex_128, chance: random::fraction };
        Self { network: Arc::new(Network::new(env)), sources, listener, limit }
    }

    /// Comes to the keys.
    pub(crate) async fn keys(
        &self,
        layers: &Layers<'_>,
        selected: &SelectedProvider,
        output: Output,
    ) -> Result<RefreshingCredentials, CommandError> {
        let SelectedProvider { provider, origin, skipped } = selected;
        let cache = if layers.keeps_keys() { PrivateCache::in_user_dir() } else { PrivateCache::disabled() };
        let asker = CredentialsResolver {
            network: self.network.clone(),
            cache,
            sources: self.sources.clone(),
            listener: self.listener.clone(),
            limit: self.limit,
            metadata: providers::METADATA,
            output,
        };
        RefreshingCredentials::new(provider.clone(), origin.clone(), asker).await.map_err(|error| match origin {
            CredentialsOrigin::Metadata => no_metadata(&error.error.root_cause().to_string(), skipped),
            _ => error,
        })
    }

    /// All put together.
    pub(crate) fn session(
        self,
        signature: SignatureVersion,
        place: ServiceLocation,
        transport: Transport,
        console_url: String,
        keyring: RefreshingCredentials,
    ) -> Account {
        let Self { network, sources, listener, limit } = self;
        let keys = Arc::new(keyring.clone());
        let first = Client::new(transport, Some(keys), signature, sources, listener);
        let clients = Clients::new(first, place.first_region(), network, place.kind);
        let (ServiceLocation { region: (region, is_pinned), demo, .. }, warned) = (place, Mutex::default());
        Account { clients, region, is_pinned, limit, console_url, keyring, demo, warned }
    }
}

impl ServiceLocation {
    /// Where it is by the settings; the simulated account is started where it is not elsewhere.
    pub(crate) async fn of(layers: &Layers<'_>, region: (Option<String>, bool)) -> Result<Self, CommandError> {
        let set_endpoint = layers.set_endpoint()?;
        let demo = match (layers.is_demo(), &set_endpoint) {
            (true, None) => Some(demo_inside().await?),
            _ => None,
        };
        let kind = if demo.is_none() && set_endpoint.is_none() { Some(layers.endpoint_type()?) } else { None };
        let endpoint = match (&demo, set_endpoint) {
            (Some(demo), _) => Endpoint::parse(&demo.endpoint()),
            (None, Some(endpoint)) => Ok(endpoint),
            (None, None) => Endpoint::of_region(region.0.as_deref().unwrap_or(ANY_REGION), kind.unwrap_or_default()),
        };
        let endpoint = endpoint.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        Ok(Self { region, endpoint, kind, demo })
    }

    /// The region that is asked first.
    pub(crate) fn first_region(&self) -> &str {
        self.region.0.as_deref().unwrap_or(ANY_REGION)
    }

    /// What is to be said about who may listen on the way, if anybody may.
    pub(crate) fn listeners(&self) -> Option<String> {
        let endpoint = &self.endpoint;
        (endpoint.is_plaintext() && !endpoint.is_loopback())
            .then(|| format!("{endpoint} is not encrypted: whoever listens on the way can take over the console"))
    }
}

/// The region this runs in, where keys come from there as well.
pub(crate) async fn region_here(selected: &SelectedProvider) -> Result<Option<String>, CommandError> {
    let SelectedProvider { provider, origin, skipped } = selected;
    if !provider.asks_metadata() {
        return Ok(None);
    }
    match providers::region_from_metadata(providers::METADATA).await {
        // It need not be asked for keys as well.
        Err(error) if *origin == CredentialsOrigin::Metadata => Err(no_metadata(&error.to_string(), skipped)),
        region => Ok(region.ok()),
    }
}

/// The metadata service was only tried as the last provider, so its error is one reason of several.
fn no_metadata(reason: &str, skipped: &[SkippedProvider]) -> CommandError {
    let mut skipped = skipped.to_vec();
    skipped.push(SkippedProvider { name: "metadata service".to_owned(), reason: reason.to_owned() });
    no_credentials(&skipped)
}

async fn demo_inside() -> Result<Demo, CommandError> {
    let started = Demo::start(0, demo::Options::new(Clock::system())).await;
    started.map_err(|error| {
        CommandError::new(
            ErrorKind::ActionFailed,
            anyhow::Error::new(error).context("the simulated account did not start"),
        )
    })
}
