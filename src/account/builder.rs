//! The parts of an account, put together step by step. `doctor` reports each step.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::account::metadata::metadata_unavailable;
use crate::account::regional_clients::Clients;
use crate::account::{Account, ServiceLocation};
use crate::api::signature::SignatureVersion;
use crate::api::{Client, ClientEnv, EventHandler, Network, Transport};
use crate::auth::providers::MetadataAccess;
use crate::auth::{CredentialsResolver, RefreshingCredentials, SelectedProvider};
use crate::command_error::CommandError;
use crate::credentials::CredentialsOrigin;
use crate::settings::aliases::Aliases;
use crate::system::clock::{Clock, Deadline};
use crate::system::environment::Environment;
use crate::system::private_cache::PrivateCache;
use crate::system::random;
use crate::terminal::output::Output;

/// What requests to an account need besides its credentials and its endpoint.
pub(crate) struct AccountBuilder {
    pub(crate) network: Arc<Network>,
    /// The clock, nonces and random numbers.
    pub(crate) sources: ClientEnv,
    /// Called for each request and each answer.
    listener: EventHandler,
    /// How the metadata service is reached.
    pub(crate) metadata: MetadataAccess<'static>,
    /// When the command's time limit ends.
    limit: Deadline,
}

impl AccountBuilder {
    /// `time_limit` counts from now.
    pub(crate) fn new(env: &Environment, time_limit: Duration, listener: EventHandler) -> Self {
        let clock = Clock::system();
        let limit = clock.deadline(time_limit);
        let sources = ClientEnv { clock, nonce: random::hex_128, chance: random::fraction };
        let metadata = MetadataAccess::from_environment(env);
        Self { network: Arc::new(Network::new(env)), sources, listener, metadata, limit }
    }

    /// Resolves the credentials of the selected provider: may run a program, or ask STS or the metadata service.
    pub(crate) async fn resolve_credentials(
        &self,
        selected: &SelectedProvider,
        use_cache: bool,
        output: Output,
    ) -> Result<RefreshingCredentials, CommandError> {
        let SelectedProvider { provider, origin, skipped } = selected;
        let resolver = CredentialsResolver {
            network: self.network.clone(),
            cache: if use_cache { PrivateCache::in_user_dir() } else { PrivateCache::disabled() },
            client_env: self.sources.clone(),
            event_handler: self.listener.clone(),
            deadline: self.limit,
            metadata: self.metadata,
            output,
        };
        RefreshingCredentials::resolve(provider.clone(), origin.clone(), resolver).await.map_err(|error| match origin {
            CredentialsOrigin::Metadata => metadata_unavailable(&error.error.root_cause().to_string(), skipped),
            _ => error,
        })
    }

    /// Makes the account. `transport` is that of the location's endpoint.
    pub(crate) fn build(
        self,
        signature_version: SignatureVersion,
        location: ServiceLocation,
        transport: Transport,
        console_url: String,
        credentials: RefreshingCredentials,
        aliases: Aliases,
    ) -> Account {
        let Self { network, sources, listener, limit, .. } = self;
        let provider = Arc::new(credentials.clone());
        let first = Client::new(transport, Some(provider), signature_version, sources, listener);
        let clients = Arc::new(Clients::new(first, location.first_region(), network, location.endpoint_type));
        let ServiceLocation { region, demo, .. } = location;
        let (region, is_pinned, is_run, warned) = (region.id, region.is_pinned, AtomicBool::default(), Arc::default());
        let (demo, limit) = (demo.map(Arc::new), Mutex::new(limit));
        Account { clients, region, is_pinned, limit, is_run, console_url, credentials, demo, aliases, warned }
    }
}
