//! Asks for keys, or takes temporary ones that were kept.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::CredentialsProvider;
use crate::api::endpoint::Endpoint;
use crate::api::operations::Role;
use crate::api::signature::SignatureVersion;
use crate::api::{Client, ClientEnv, EventHandler, Network};
use crate::api_hints::explain_sts;
use crate::auth::cached;
use crate::auth::providers::{self, FetchError, ProcessError, RoleError};
use crate::command_error::CommandError;
use crate::credentials::{Credentials, CredentialsOrigin, ExpiringCredentials, ProvideCredentials};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::system::private_cache::{self, PrivateCache};
use crate::terminal::output::Output;

/// Keys, and where they were before.
#[derive(Debug)]
pub(crate) struct Obtained {
    pub(crate) keys: ExpiringCredentials,
    /// Whether an earlier run has kept them.
    pub(crate) were_kept: bool,
}

/// Whether credentials may come from the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheUse {
    Read,
    /// The cached credentials were refused, so new ones replace them.
    Refresh,
}

/// Asks, within a limit.
#[derive(Clone)]
pub(crate) struct CredentialsResolver {
    /// Connects to STS and to credentials URIs.
    pub(crate) network: Arc<Network>,
    /// Where temporary keys are kept.
    pub(crate) cache: PrivateCache,
    /// Time, nonces and chance for requests to STS.
    pub(crate) sources: ClientEnv,
    /// Hears of these requests.
    pub(crate) listener: EventHandler,
    /// The end of the time there is.
    pub(crate) limit: Deadline,
    /// Where the metadata service is.
    pub(crate) metadata: &'static str,
    /// Hears what was kept.
    pub(crate) output: Output,
}

impl CredentialsResolver {
    /// Returns credentials of `source`. With [`CacheUse::Refresh`] the cache is written, but not read.
    pub(crate) fn obtain<'a>(
        &'a self,
        source: &'a CredentialsProvider,
        origin: &'a CredentialsOrigin,
        cache_use: CacheUse,
    ) -> BoxFuture<'a, Result<Obtained, CommandError>> {
        async move {
            let token = self.token(source, origin)?;
            let name = cache_name(source, token.as_ref());
            if let (Some(name), CacheUse::Read) = (&name, cache_use)
                && let Some(keys) = cached::get(&self.cache, name, self.sources.clock.utc())
            {
                self.output.detail(2, &format!("temporary keys from the cache, {name}"));
                return Ok(Obtained { keys, were_kept: true });
            }
            let keys = self.fresh(source, token.as_ref(), origin).await?;
            if let Some(name) = &name
                && let Err(error) = cached::keep(&self.cache, name, &keys)
            {
                self.output.detail(1, &format!("temporary keys could not be kept: {error}"));
            }
            Ok(Obtained { keys, were_kept: false })
        }
        .boxed()
    }

    /// The token that goes with a source, if one does.
    fn token(&self, source: &CredentialsProvider, origin: &CredentialsOrigin) -> Result<Option<Secret>, CommandError> {
        match source {
            CredentialsProvider::Oidc { token_file, .. } => {
                providers::read_token(token_file).map(Some).map_err(|error| self.failure(error.into(), origin))
            }
            _ => Ok(None),
        }
    }

    async fn fresh(
        &self,
        source: &CredentialsProvider,
        token: Option<&Secret>,
        origin: &CredentialsOrigin,
    ) -> Result<ExpiringCredentials, CommandError> {
        let left = self.limit.at.saturating_duration_since(self.sources.clock.instant());
        let found = match (source, token) {
            (CredentialsProvider::Static(keys), _) => {
                Ok(ExpiringCredentials { credentials: keys.clone(), expires: None })
            }
            (CredentialsProvider::Process(command), _) => {
                providers::from_process(command, left).await.map_err(Into::into)
            }
            (CredentialsProvider::Uri(uri), _) => {
                if providers::is_unencrypted_and_remote(uri) {
                    self.output.warning(&format!("the credentials URI of {origin} is not encrypted: http://"));
                }
                providers::from_uri(uri, &self.network, left).await.map_err(Into::into)
            }
            (CredentialsProvider::Metadata(role), _) => {
                providers::from_metadata(self.metadata, role.as_deref()).await.map_err(Into::into)
            }
            (CredentialsProvider::Role { base, role, sts }, _) => {
                let Obtained { keys, were_kept } = self.obtain(base, origin, CacheUse::Read).await?;
                let mut found = self.assume(keys, role, sts).await?;
                // Kept keys may have been taken back; then new ones are asked for, once.
                if were_kept && matches!(&found, Err(RoleError::Api(error)) if error.is_unknown_access_key()) {
                    let renewed = self.obtain(base, origin, CacheUse::Refresh).await?;
                    found = self.assume(renewed.keys, role, sts).await?;
                }
                match found {
                    Err(RoleError::Api(error)) => return Err(explain_sts(error, "AssumeRole", &role.arn, origin)),
                    found => found.map_err(Into::into),
                }
            }
            (CredentialsProvider::Oidc { role, provider_arn, sts, .. }, Some(token)) => {
                let client = self.client(sts, None)?;
                match providers::from_oidc(&client, role, provider_arn, token, self.limit).await {
                    Err(RoleError::Api(error)) => {
                        return Err(explain_sts(error, "AssumeRoleWithOIDC", &role.arn, origin));
                    }
                    found => found.map_err(Into::into),
                }
            }
            (CredentialsProvider::Oidc { .. }, None) => unreachable!("its token was read before"),
        };
        found.map_err(|error| self.failure(error, origin))
    }

    async fn assume(
        &self,
        keys: ExpiringCredentials,
        role: &Role,
        sts: &Endpoint,
    ) -> Result<Result<ExpiringCredentials, RoleError>, CommandError> {
        let client = self.client(sts, Some(keys.credentials))?;
        Ok(providers::from_role(&client, role, self.limit).await)
    }

    fn client(&self, sts: &Endpoint, keys: Option<Credentials>) -> Result<Client, CommandError> {
        if sts.is_plaintext() && !sts.is_loopback() {
            self.output
                .warning(&format!("{sts} is not encrypted: anyone on the network path can read the credentials"));
        }
        let transport =
            self.network.transport(sts.clone()).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let (sources, listener) = (self.sources.clone(), self.listener.clone());
        let keys = keys.map(|keys| Arc::new(keys) as Arc<dyn ProvideCredentials>);
        Ok(Client::new(transport, keys, SignatureVersion::RpcV1, sources, listener))
    }

    fn failure(&self, error: anyhow::Error, origin: &CredentialsOrigin) -> CommandError {
        let exit = match (error.downcast_ref(), error.downcast_ref()) {
            (Some(ProcessError::Timeout { .. }), _) | (_, Some(FetchError::Timeout { .. })) => ErrorKind::TimeLimit,
            (_, Some(FetchError::Setup(_))) => ErrorKind::Usage,
            _ => ErrorKind::Credentials,
        };
        CommandError::new(exit, error.context("no keys")).hint(format!("this is how {origin} comes to its keys"))
    }
}

/// The name under which the keys of a source are kept: made of all that they depend on. Where that is not known, none
/// are kept: a program, a URI and a machine's metadata service may give another's keys tomorrow.
pub(crate) fn cache_name(source: &CredentialsProvider, token: Option<&Secret>) -> Option<String> {
    let is_asked_of_sts = matches!(source, CredentialsProvider::Role { .. } | CredentialsProvider::Oidc { .. });
    (is_asked_of_sts && source.has_fixed_identity()).then(|| format!("keys-{}.json", fingerprint(source, token)))
}

/// Tells sources apart, and does not give away what they hold. `token` is an OIDC source's.
pub(crate) fn fingerprint(source: &CredentialsProvider, token: Option<&Secret>) -> String {
    let mut parts = Vec::new();
    push(source, token, &mut parts);
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.expose().as_bytes()).collect();
    private_cache::hashed_name(&parts)
}

fn push(source: &CredentialsProvider, token: Option<&Secret>, parts: &mut Vec<Secret>) {
    let mut add = |values: &[&str]| parts.extend(values.iter().map(|value| Secret::from(*value)));
    match source {
        CredentialsProvider::Static(keys) => {
            let token = keys.security_token.as_ref().map_or("", Secret::expose);
            add(&["keys", keys.access_key_id.expose(), keys.access_key_secret.expose(), token]);
        }
        CredentialsProvider::Process(command) => add(&["process", command.expose()]),
        CredentialsProvider::Uri(uri) => add(&["uri", uri.expose()]),
        CredentialsProvider::Metadata(role) => add(&["metadata", role.as_deref().unwrap_or_default()]),
        CredentialsProvider::Role { base, role, sts } => {
            let seconds = role.seconds.unwrap_or_default().to_string();
            let external_id = role.external_id.as_ref().map_or("", Secret::expose);
            let policy = role.policy.as_deref().unwrap_or_default();
            add(&["role", &role.arn, &role.session_name, &seconds, external_id, policy, &sts.to_string()]);
            push(base, None, parts);
        }
        CredentialsProvider::Oidc { role, provider_arn, sts, .. } => {
            let seconds = role.seconds.unwrap_or_default().to_string();
            let policy = role.policy.as_deref().unwrap_or_default();
            let token = token.map_or("", Secret::expose);
            add(&["oidc", &role.arn, &role.session_name, &seconds, policy, provider_arn, token, &sts.to_string()]);
        }
    }
}
