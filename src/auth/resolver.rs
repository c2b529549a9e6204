//! Resolves a provider to credentials: reads temporary ones from the cache, or fetches new ones and caches them.

use std::sync::Arc;

use anyhow::anyhow;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::CredentialsProvider;
use crate::api::endpoint::Endpoint;
use crate::api::operations::Role;
use crate::api::signature::SignatureVersion;
use crate::api::{Client, ClientEnv, EventHandler, Network};
use crate::api_hints::explain_sts;
use crate::auth::cached;
use crate::auth::providers::{self, FetchError, MetadataAccess, ProcessError, RoleError};
use crate::command_error::CommandError;
use crate::credentials::{Credentials, CredentialsOrigin, ExpiringCredentials, ProvideCredentials};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::system::private_cache::{self, PrivateCache};
use crate::terminal::output::Output;

/// What [`CredentialsResolver::resolve`] returns.
#[derive(Debug)]
pub(crate) struct ResolvedCredentials {
    pub(crate) expiring: ExpiringCredentials,
    /// Whether they come from the cache. The service may have revoked them since they were cached.
    pub(crate) is_from_cache: bool,
}

/// Whether credentials may come from the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheUse {
    /// Cached credentials are used if there are any.
    Read,
    /// The service refused the cached credentials, so new ones are fetched and replace them.
    Refresh,
}

/// What fetching credentials needs besides the provider.
#[derive(Clone)]
pub(crate) struct CredentialsResolver {
    /// Connects to STS and to credentials URIs.
    pub(crate) network: Arc<Network>,
    /// Temporary credentials from STS are cached here.
    pub(crate) cache: PrivateCache,
    /// The clock, nonces and random numbers of requests to STS.
    pub(crate) client_env: ClientEnv,
    /// Called for each request to STS and each response.
    pub(crate) event_handler: EventHandler,
    /// When fetching must end.
    pub(crate) deadline: Deadline,
    /// How the metadata service is reached.
    pub(crate) metadata: MetadataAccess<'static>,
    /// For warnings and, with `-v`, for what the cache did.
    pub(crate) output: Output,
}

impl CredentialsResolver {
    /// Returns the credentials of `provider`. `origin` is for messages. With [`CacheUse::Refresh`] the cache is
    /// written, but not read.
    pub(crate) fn resolve<'a>(
        &'a self,
        provider: &'a CredentialsProvider,
        origin: &'a CredentialsOrigin,
        cache_use: CacheUse,
    ) -> BoxFuture<'a, Result<ResolvedCredentials, CommandError>> {
        async move {
            let token = oidc_token(provider, origin)?;
            let name = cache_name(provider, token.as_ref());
            if let (Some(name), CacheUse::Read) = (&name, cache_use)
                && let Some(expiring) = cached::load(&self.cache, name, self.client_env.clock.utc())
            {
                self.output.detail(2, &format!("temporary credentials from the cache, {name}"));
                return Ok(ResolvedCredentials { expiring, is_from_cache: true });
            }
            let expiring = self.fetch(provider, token.as_ref(), origin).await?;
            if let Some(name) = &name
                && let Err(error) = cached::store(&self.cache, name, &expiring)
            {
                self.output.detail(1, &format!("temporary credentials could not be cached: {error}"));
            }
            Ok(ResolvedCredentials { expiring, is_from_cache: false })
        }
        .boxed()
    }

    /// Fetches credentials without the cache. `token` is the provider's OIDC token, if it has one.
    async fn fetch(
        &self,
        provider: &CredentialsProvider,
        token: Option<&Secret>,
        origin: &CredentialsOrigin,
    ) -> Result<ExpiringCredentials, CommandError> {
        let time_left = self.deadline.at.saturating_duration_since(self.client_env.clock.instant());
        match (provider, token) {
            (CredentialsProvider::Static(credentials), _) => {
                Ok(ExpiringCredentials { credentials: credentials.clone(), expires: None })
            }
            (CredentialsProvider::Process(command), _) => {
                providers::from_process(command, time_left).await.map_err(|error| fetch_failed(error, origin))
            }
            (CredentialsProvider::Uri(uri), _) => {
                if providers::is_unencrypted_and_remote(uri) {
                    self.output.warning(&format!("the credentials URI of {origin} is not encrypted: http://"));
                }
                let fetched = providers::from_uri(uri, &self.network, time_left).await;
                fetched.map_err(|error| fetch_failed(error, origin))
            }
            (CredentialsProvider::Metadata(role), _) => {
                let fetched = providers::from_metadata(self.metadata, role.as_deref()).await;
                fetched.map_err(|error| fetch_failed(error, origin))
            }
            (CredentialsProvider::Role { base, role, sts }, _) => self.assume_role(base, role, sts, origin).await,
            (CredentialsProvider::Oidc { role, provider_arn, sts, .. }, token) => {
                let token = token.ok_or_else(|| fetch_failed(anyhow!("the OIDC token was not read"), origin))?;
                let client = self.sts_client(sts, None)?;
                let assumed = providers::from_oidc(&client, role, provider_arn, token, self.deadline).await;
                assumed.map_err(|error| role_failed(error, "AssumeRoleWithOIDC", role, origin))
            }
        }
    }

    /// Fetches the credentials of `role` with those of `base`. If STS does not know cached credentials of `base`, they
    /// may have been revoked. Then they are refreshed, and the request is sent once more.
    async fn assume_role(
        &self,
        base: &CredentialsProvider,
        role: &Role,
        sts: &Endpoint,
        origin: &CredentialsOrigin,
    ) -> Result<ExpiringCredentials, CommandError> {
        let ResolvedCredentials { expiring, is_from_cache } = self.resolve(base, origin, CacheUse::Read).await?;
        let client = self.sts_client(sts, Some(expiring.credentials))?;
        let mut assumed = providers::from_role(&client, role, self.deadline).await;
        if is_from_cache && matches!(&assumed, Err(RoleError::Api(error)) if error.is_unknown_access_key()) {
            let refreshed = self.resolve(base, origin, CacheUse::Refresh).await?.expiring;
            let client = self.sts_client(sts, Some(refreshed.credentials))?;
            assumed = providers::from_role(&client, role, self.deadline).await;
        }
        assumed.map_err(|error| role_failed(error, "AssumeRole", role, origin))
    }

    /// A client of STS. Without credentials its requests are not signed.
    fn sts_client(&self, sts: &Endpoint, credentials: Option<Credentials>) -> Result<Client, CommandError> {
        if sts.is_plaintext() && !sts.is_loopback() {
            self.output
                .warning(&format!("{sts} is not encrypted: anyone on the network path can read the credentials"));
        }
        let transport =
            self.network.transport(sts.clone()).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let (client_env, event_handler) = (self.client_env.clone(), self.event_handler.clone());
        let credentials = credentials.map(|credentials| Arc::new(credentials) as Arc<dyn ProvideCredentials>);
        Ok(Client::new(transport, credentials, SignatureVersion::RpcV1, client_env, event_handler))
    }
}

/// Reads the OIDC token of `provider`; `None` if the provider uses none.
fn oidc_token(provider: &CredentialsProvider, origin: &CredentialsOrigin) -> Result<Option<Secret>, CommandError> {
    match provider {
        CredentialsProvider::Oidc { token_file, .. } => {
            providers::read_token(token_file).map(Some).map_err(|error| fetch_failed(error, origin))
        }
        _ => Ok(None),
    }
}

/// The command's error if STS gave no credentials. `action` is the operation, for the hint.
fn role_failed(error: RoleError, action: &str, role: &Role, origin: &CredentialsOrigin) -> CommandError {
    match error {
        RoleError::Api(error) => explain_sts(error, action, &role.arn, origin),
        error => fetch_failed(error, origin),
    }
}

/// The command's error if a provider gave no credentials.
fn fetch_failed(error: impl Into<anyhow::Error>, origin: &CredentialsOrigin) -> CommandError {
    let error = error.into();
    let kind = match (error.downcast_ref(), error.downcast_ref()) {
        (Some(ProcessError::Timeout { .. }), _) | (_, Some(FetchError::Timeout { .. })) => ErrorKind::TimeLimit,
        (_, Some(FetchError::Setup(_))) => ErrorKind::Usage,
        _ => ErrorKind::Credentials,
    };
    let hint = match error.downcast_ref() {
        Some(FetchError::Connection { server, proxy, tls: Some(tls), .. }) => {
            let authority = server.split_once("://").map_or(server.as_str(), |(_, authority)| authority);
            tls.next_step(authority, proxy.as_deref())
        }
        _ => format!("check {origin}, which configures this provider of credentials"),
    };
    CommandError::new(kind, error.context("no credentials")).hint(hint)
}

/// The file name under which the credentials of `provider` are cached: a hash of all that they depend on.
///
/// `None` if they are not cached. Only credentials from STS are cached, and only if the identity is fixed: a program, a
/// URI or a metadata service may return those of another identity tomorrow.
fn cache_name(provider: &CredentialsProvider, token: Option<&Secret>) -> Option<String> {
    let is_from_sts = matches!(provider, CredentialsProvider::Role { .. } | CredentialsProvider::Oidc { .. });
    (is_from_sts && provider.has_fixed_identity()).then(|| format!("keys-{}.json", fingerprint(provider, token)))
}

/// A hash that differs between providers and does not reveal their secrets. `token` is that of an OIDC provider.
pub(crate) fn fingerprint(provider: &CredentialsProvider, token: Option<&Secret>) -> String {
    let mut parts = Vec::new();
    push_parts(provider, token, &mut parts);
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.expose().as_bytes()).collect();
    private_cache::hashed_name(&parts)
}

/// Appends the values that decide which credentials `provider` gives.
fn push_parts(provider: &CredentialsProvider, token: Option<&Secret>, parts: &mut Vec<Secret>) {
    let mut add = |values: &[&str]| parts.extend(values.iter().map(|value| Secret::from(*value)));
    match provider {
        CredentialsProvider::Static(credentials) => {
            let token = credentials.security_token.as_ref().map_or("", Secret::expose);
            let (id, secret) = (credentials.access_key_id.expose(), credentials.access_key_secret.expose());
            add(&["keys", id, secret, token]);
        }
        CredentialsProvider::Process(command) => add(&["process", command.expose()]),
        CredentialsProvider::Uri(uri) => add(&["uri", uri.expose()]),
        CredentialsProvider::Metadata(role) => add(&["metadata", role.as_deref().unwrap_or_default()]),
        CredentialsProvider::Role { base, role, sts } => {
            let seconds = role.seconds.unwrap_or_default().to_string();
            let external_id = role.external_id.as_ref().map_or("", Secret::expose);
            let policy = role.policy.as_deref().unwrap_or_default();
            add(&["role", &role.arn, &role.session_name, &seconds, external_id, policy, &sts.to_string()]);
            push_parts(base, None, parts);
        }
        CredentialsProvider::Oidc { role, provider_arn, sts, .. } => {
            let seconds = role.seconds.unwrap_or_default().to_string();
            let policy = role.policy.as_deref().unwrap_or_default();
            let token = token.map_or("", Secret::expose);
            add(&["oidc", &role.arn, &role.session_name, &seconds, policy, provider_arn, token, &sts.to_string()]);
        }
    }
}
