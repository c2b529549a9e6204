//! The keys, and the way to the account they belong to.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::first_answer::FirstAnswerRecorder;
use super::report::Report;
use crate::account::{Account, AccountBuilder, ServiceLocation, region_of_this_instance};
use crate::api::endpoint::{Endpoint, EndpointType};
use crate::api::{Client, Transport};
use crate::auth::{ProviderChain, RefreshingCredentials, SelectedProvider, SkippedProvider, sts_endpoint};
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::credentials::{CredentialsOrigin, ExpiringCredentials};
use crate::error_kind::ErrorKind;
use crate::settings::{DEFAULT_TIMEOUT, RegionSetting, SettingSources};
use crate::system::clock::iso_8601;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// An account that requests can be sent to.
pub(crate) struct Examined {
    pub(crate) session: Account,
    pub(crate) first_answer: FirstAnswerRecorder,
    /// The client for STS, where that is at another endpoint.
    pub(crate) sts: Option<Arc<Client>>,
}

/// Checks all that comes before the first request to the account; nothing where there can be none.
pub(crate) async fn check(
    sources: &SettingSources<'_>,
    env: &Environment,
    output: Output,
    hushed: Output,
    report: &mut Report,
) -> Option<Examined> {
    let (first_answer, listener) = FirstAnswerRecorder::new(hushed);
    let means = AccountBuilder::new(env, sources.timeout().unwrap_or(DEFAULT_TIMEOUT), listener);
    let (found, keys) = credentials(sources, env, &means, output, report).await;
    let place = place(sources, found.as_ref().filter(|_| keys.is_some()), report).await;
    let transport = place.as_ref().and_then(|place| way(&means, place, report));

    let (place, transport, found, keys) = (place?, transport?, found?, keys?);
    let sts = sts_of(sources, &place, &found).and_then(|sts| means.network.transport(sts).ok());
    let console_url = sources.console_url().unwrap_or_default();
    let session = means.build(sources.signature_version(), place, transport, console_url, keys);
    let sts = sts.map(|transport| Arc::new(session.clients.first().at(transport)));
    Some(Examined { session, first_answer, sts })
}

async fn credentials(
    sources: &SettingSources<'_>,
    env: &Environment,
    means: &AccountBuilder,
    output: Output,
    report: &mut Report,
) -> (Option<SelectedProvider>, Option<RefreshingCredentials>) {
    const CHECKS: [&str; 2] = ["credentials", "AccessKey"];
    let now = means.sources.clock.utc();
    let found = match ProviderChain::search(sources.credentials(), env, now).required() {
        Ok(found) => found,
        Err(failure) => {
            report.fail(CHECKS[0], &failure);
            report.skip(CHECKS[1], "fix credentials first");
            return (None, None);
        }
    };
    let SelectedProvider { provider, origin, skipped } = &found;
    let skipped: Vec<String> =
        skipped.iter().map(|SkippedProvider { name, reason }| format!("{name} ({reason})")).collect();
    let skipped = if skipped.is_empty() { String::new() } else { format!("; not used: {}", skipped.join(", ")) };
    let from = match origin {
        // The provider says that already.
        CredentialsOrigin::Metadata => String::new(),
        _ => format!(", from {origin}"),
    };
    report.ok(CHECKS[0], format!("{}{from}{skipped}", provider.describe()));

    // What is warned of on the way stands in no other place.
    match means.resolve_credentials(&found, sources.use_cache(), output).await {
        Ok(keys) => {
            report.ok(CHECKS[1], described(&keys.latest(), now));
            (Some(found), Some(keys))
        }
        Err(failure) => {
            report.fail(CHECKS[1], &failure);
            (Some(found), None)
        }
    }
}

fn described(keys: &ExpiringCredentials, now: DateTime<Utc>) -> String {
    let ExpiringCredentials { credentials, expires } = keys;
    let kind = match (&credentials.security_token, expires) {
        (_, Some(expires)) => {
            format!("temporary, valid until {} ({} min left)", iso_8601(*expires), (*expires - now).num_minutes())
        }
        (Some(_), None) => "temporary".to_owned(),
        (None, None) => "permanent".to_owned(),
    };
    format!("{}, {kind}", credentials.access_key_id)
}

async fn place(
    sources: &SettingSources<'_>,
    found: Option<&SelectedProvider>,
    report: &mut Report,
) -> Option<ServiceLocation> {
    const CHECKS: [&str; 2] = ["region", "endpoint"];
    let region = match (sources.region(), found) {
        (Ok(RegionSetting { id: None, is_pinned }), Some(selected)) => {
            region_of_this_instance(selected).await.map(|id| RegionSetting { id, is_pinned })
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
    let place = match sources.endpoint() {
        Ok(endpoint) => ServiceLocation::find(region, endpoint).await,
        Err(error) => Err(error),
    };
    let place = match place {
        Ok(place) => place,
        Err(failure) => {
            report.fail(CHECKS[1], &failure);
            return None;
        }
    };
    match (place.plaintext_warning(), &place.demo, place.endpoint_type) {
        (Some(warning), ..) => report.warn(CHECKS[1], warning, Some("use an https:// endpoint".to_owned())),
        (None, Some(_), _) => report.ok(CHECKS[1], "the simulated account, which runs inside this command"),
        (None, None, None) => report.ok(CHECKS[1], format!("{}, used for all regions", place.endpoint)),
        (None, None, Some(EndpointType::Vpc)) => {
            report.ok(CHECKS[1], format!("{}, reachable only from inside a VPC", place.endpoint))
        }
        (None, None, Some(EndpointType::Public)) => report.ok(CHECKS[1], place.endpoint.to_string()),
    }
    Some(place)
}

/// A proxy that is none, or a store of certificates that is none, is a fault of the way.
fn way(means: &AccountBuilder, place: &ServiceLocation, report: &mut Report) -> Option<Transport> {
    match means.network.transport(place.endpoint.clone()) {
        Ok(transport) => {
            match transport.proxy() {
                Some(proxy) => report.ok("proxy", format!("{proxy}, unless NO_PROXY lists the endpoint")),
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

/// Another service than the vendor's has STS at its own endpoint.
fn sts_of(sources: &SettingSources<'_>, place: &ServiceLocation, selected: &SelectedProvider) -> Option<Endpoint> {
    if place.endpoint_type.is_none() && !place.endpoint.authority().ends_with(".aliyuncs.com") {
        return None;
    }
    let none = Profile::default();
    let profile = sources.profile().map_or(&none, |named| &named.profile);
    sts_endpoint(profile, &sources.credentials().sts, &selected.origin).ok()
}
