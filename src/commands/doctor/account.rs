//! Checks what must work before the first request to the account: AccessKey, region, endpoint and proxy.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::first_answer::FirstAnswerRecorder;
use super::report::Report;
use crate::account::{Account, AccountBuilder, ServiceLocation, region_of_this_instance};
use crate::api::endpoint::{Endpoint, EndpointType};
use crate::api::{Client, Transport};
use crate::auth::providers::MetadataAccess;
use crate::auth::{ProviderChain, RefreshingCredentials, SelectedProvider, SkippedProvider, sts_endpoint};
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::credentials::{CredentialsOrigin, ExpiringCredentials};
use crate::error_kind::ErrorKind;
use crate::settings::{DEFAULT_TIMEOUT, RegionSetting, SettingSources};
use crate::system::clock::iso_8601;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// An account that passed these checks, so that requests can be sent to it.
pub(crate) struct CheckedAccount {
    pub(crate) account: Account,
    pub(crate) first_answer: FirstAnswerRecorder,
    /// The client for STS; `None` if the ECS endpoint answers STS requests too.
    pub(crate) sts_client: Option<Arc<Client>>,
}

/// Runs the checks. Returns `None` if one of them failed.
///
/// Warnings about the credentials go to `output`, because no check reports them. The request log goes to `quiet_output`.
pub(crate) async fn check(
    sources: &SettingSources<'_>,
    env: &Environment,
    output: Output,
    quiet_output: Output,
    report: &mut Report,
) -> Option<CheckedAccount> {
    let (first_answer, listener) = FirstAnswerRecorder::new(quiet_output);
    // The settings check has reported a faulty timeout.
    let builder = AccountBuilder::new(env, sources.timeout().unwrap_or(DEFAULT_TIMEOUT), listener);
    let (selected, credentials) = check_credentials(sources, env, &builder, output, report).await;
    let provider = selected.as_ref().filter(|_| credentials.is_some());
    let location = check_location(sources, provider, builder.metadata, report).await;
    let transport = location.as_ref().and_then(|location| check_proxy(&builder, location, report));

    let (location, transport, selected, credentials) = (location?, transport?, selected?, credentials?);
    let sts_transport = separate_sts_endpoint(sources, &location, &selected)
        .and_then(|endpoint| builder.network.transport(endpoint).ok());
    // The settings check has reported a faulty URL.
    let console_url = sources.unchecked_console_url().unchecked().to_owned();
    let account = builder.build(
        sources.signature_version(),
        location,
        transport,
        console_url,
        credentials,
        sources.aliases().clone(),
    );
    let sts_client = sts_transport.map(|transport| Arc::new(account.clients.first().at(transport)));
    Some(CheckedAccount { account, first_answer, sts_client })
}

/// Selects the credentials provider and obtains the credentials. Each is `None` if that failed.
async fn check_credentials(
    sources: &SettingSources<'_>,
    env: &Environment,
    builder: &AccountBuilder,
    output: Output,
    report: &mut Report,
) -> (Option<SelectedProvider>, Option<RefreshingCredentials>) {
    const CHECKS: [&str; 2] = ["credentials", "AccessKey"];
    let now = builder.sources.clock.utc();
    let selected = match ProviderChain::search(sources.credentials(), env, now).required() {
        Ok(selected) => selected,
        Err(failure) => {
            report.fail(CHECKS[0], &failure);
            report.skip(CHECKS[1], "fix credentials first");
            return (None, None);
        }
    };
    let SelectedProvider { provider, origin, skipped } = &selected;
    let skipped: Vec<String> =
        skipped.iter().map(|SkippedProvider { name, reason, .. }| format!("{name} ({reason})")).collect();
    let skipped = if skipped.is_empty() { String::new() } else { format!("; not used: {}", skipped.join(", ")) };
    let from = match origin {
        // The provider's description already names the metadata service.
        CredentialsOrigin::Metadata => String::new(),
        _ => format!(", from {origin}"),
    };
    let source = format!("{}{from}{skipped}", provider.describe());
    match builder.resolve_credentials(&selected, sources.use_cache(), output).await {
        Ok(credentials) => {
            report.ok(CHECKS[0], source);
            report.ok(CHECKS[1], describe_access_key(&credentials.latest(), now));
            (Some(selected), Some(credentials))
        }
        Err(failure) => {
            let error = failure.error.context(format!("{source}; it gave none"));
            report.fail(CHECKS[0], &CommandError { error, ..failure });
            report.skip(CHECKS[1], "fix credentials first");
            (Some(selected), None)
        }
    }
}

fn describe_access_key(credentials: &ExpiringCredentials, now: DateTime<Utc>) -> String {
    let ExpiringCredentials { credentials, expires } = credentials;
    let id = &credentials.access_key_id;
    match (&credentials.security_token, expires) {
        (_, Some(expires)) => {
            let minutes = (*expires - now).num_minutes();
            format!("{id}, temporary, valid until {} ({minutes} min left)", iso_8601(*expires))
        }
        (Some(_), None) => format!("{id}, a temporary key"),
        (None, None) => format!("{id}, a permanent key"),
    }
}

/// Checks region and endpoint. With `provider`, the region may come from the metadata service. Starts the simulated account
/// if the profile is `demo`.
async fn check_location(
    sources: &SettingSources<'_>,
    provider: Option<&SelectedProvider>,
    metadata: MetadataAccess<'_>,
    report: &mut Report,
) -> Option<ServiceLocation> {
    const CHECKS: [&str; 2] = ["region", "endpoint"];
    let region = match (sources.region(), provider) {
        (Ok(RegionSetting { id: None, is_pinned }), Some(provider)) => {
            region_of_this_instance(metadata, provider).await.map(|id| RegionSetting { id, is_pinned })
        }
        (region, _) => region,
    };
    let region = match region {
        Ok(region) => region,
        Err(failure) => {
            report.fail(CHECKS[0], &failure);
            report.skip(CHECKS[1], "fix region first");
            return None;
        }
    };
    match (&region.id, region.is_pinned) {
        (Some(region), true) => report.ok(CHECKS[0], format!("only {region} (set by --region)")),
        (Some(region), false) => report.ok(CHECKS[0], format!("{region} first, then all other regions")),
        (None, _) => report.ok(CHECKS[0], "none set; instances are searched for in all regions"),
    }
    let location = match sources.endpoint() {
        Ok(endpoint) => ServiceLocation::find(region, endpoint).await,
        Err(error) => Err(error),
    };
    let location = match location {
        Ok(location) => location,
        Err(failure) => {
            report.fail(CHECKS[1], &failure);
            return None;
        }
    };
    match (location.plaintext_warning(), &location.demo, location.endpoint_type) {
        (Some(warning), ..) => report.warn(CHECKS[1], warning, Some("use an https:// endpoint".to_owned())),
        (None, Some(_), _) => report.ok(CHECKS[1], "the simulated account, which runs inside this command"),
        (None, None, None) => report.ok(CHECKS[1], format!("{}, used for all regions", location.endpoint)),
        (None, None, Some(EndpointType::Vpc)) => {
            report.ok(CHECKS[1], format!("{}, reachable only from inside a VPC", location.endpoint))
        }
        (None, None, Some(EndpointType::Public)) => report.ok(CHECKS[1], location.endpoint.to_string()),
    }
    Some(location)
}

/// Prepares the connection to the endpoint. Fails if the proxy setting or the certificate store cannot be used.
fn check_proxy(builder: &AccountBuilder, location: &ServiceLocation, report: &mut Report) -> Option<Transport> {
    match builder.network.transport(location.endpoint.clone()) {
        Ok(transport) => {
            match transport.proxy() {
                Some(proxy) => report.ok("proxy", proxy),
                None => report.ok("proxy", "none set"),
            }
            Some(transport)
        }
        Err(error) => {
            report.fail("proxy", &CommandError::new(ErrorKind::Usage, error));
            None
        }
    }
}

/// Returns the endpoint of STS, or `None` if the ECS endpoint answers STS requests too, as one that is not the
/// vendor's does.
fn separate_sts_endpoint(
    sources: &SettingSources<'_>,
    location: &ServiceLocation,
    selected: &SelectedProvider,
) -> Option<Endpoint> {
    if location.endpoint_type.is_none() && !location.endpoint.authority().ends_with(".aliyuncs.com") {
        return None;
    }
    let no_profile = Profile::default();
    let profile = sources.profile().map_or(&no_profile, |selected| &selected.profile);
    sts_endpoint(profile, &sources.credentials().sts, &selected.origin).ok()
}
