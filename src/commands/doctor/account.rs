//! The keys, and the way to the account they belong to.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::report::Report;
use super::service::{Hearing, hearing};
use crate::account::{Account, AccountBuilder, ServiceLocation, region_here};
use crate::api::endpoint::{Endpoint, EndpointType};
use crate::api::{Client, Transport};
use crate::auth::{ProviderChain, RefreshingCredentials, SelectedProvider, SkippedProvider, sts_endpoint};
use crate::command_error::CommandError;
use crate::config::Profile;
use crate::credentials::ExpiringCredentials;
use crate::error_kind::ErrorKind;
use crate::settings::layers::{Layers, TIMEOUT};
use crate::system::clock::iso_8601;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// An account that can be asked.
pub(crate) struct Examined {
    /// Asks.
    pub(crate) session: Account,
    /// Hears the answers.
    pub(crate) hearing: Hearing,
    /// Where STS is, where another endpoint than the first has it.
    pub(crate) sts: Option<Arc<Client>>,
}

/// Checks all that comes before the first request to the account; nothing where there can be none.
pub(crate) async fn check(
    layers: &Layers<'_>,
    env: &Environment,
    output: Output,
    hushed: Output,
    report: &mut Report,
) -> Option<Examined> {
    let (hearing, listener) = hearing(hushed);
    let means = AccountBuilder::new(env, layers.timeout().unwrap_or(TIMEOUT), listener);
    let (found, keys) = credentials(layers, env, &means, output, report).await;
    let place = place(layers, found.as_ref().filter(|_| keys.is_some()), report).await;
    let transport = place.as_ref().and_then(|place| way(&means, place, report));

    let (place, transport, found, keys) = (place?, transport?, found?, keys?);
    let sts = sts_of(layers, &place, &found).and_then(|sts| means.network.transport(sts).ok());
    let console_url = layers.console_url().unwrap_or_default();
    let session = means.session(layers.signature(), place, transport, console_url, keys);
    let sts = sts.map(|transport| Arc::new(session.clients.first().at(transport)));
    Some(Examined { session, hearing, sts })
}

async fn credentials(
    layers: &Layers<'_>,
    env: &Environment,
    means: &AccountBuilder,
    output: Output,
    report: &mut Report,
) -> (Option<SelectedProvider>, Option<RefreshingCredentials>) {
    const CHECKS: [&str; 2] = ["credentials", "AccessKey"];
    let now = means.sources.clock.utc();
    let found = match ProviderChain::search(layers.credentials(), env, now).required() {
        Ok(found) => found,
        Err(failure) => {
            report.fail(CHECKS[0], &failure);
            report.skip(CHECKS[1], "there is no way to one");
            return (None, None);
        }
    };
    let SelectedProvider { provider, origin, skipped } = &found;
    let skipped: Vec<String> =
        skipped.iter().map(|SkippedProvider { name, reason }| format!("{name} ({reason})")).collect();
    let skipped = if skipped.is_empty() { String::new() } else { format!("; not used: {}", skipped.join(", ")) };
    report.ok(CHECKS[0], format!("{}, from {origin}{skipped}", provider.describe()));

    // What is warned of on the way stands in no other place.
    match means.keys(layers, &found, output).await {
        Ok(keys) => {
            report.ok(CHECKS[1], described(&keys.keys(), now));
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
            format!("temporary, until {} ({} min)", iso_8601(*expires), (*expires - now).num_minutes())
        }
        (Some(_), None) => "temporary".to_owned(),
        (None, None) => "permanent".to_owned(),
    };
    format!("{}, {kind}", credentials.access_key_id)
}

async fn place(layers: &Layers<'_>, found: Option<&SelectedProvider>, report: &mut Report) -> Option<ServiceLocation> {
    const CHECKS: [&str; 2] = ["region", "endpoint"];
    let region = match (layers.region(), found) {
        (Ok((None, _)), Some(found)) => region_here(found).await.map(|region| (region, false)),
        (region, _) => region,
    };
    let region = match region {
        Ok(region) => region,
        Err(failure) => {
            report.fail(CHECKS[0], &failure);
            report.skip(CHECKS[1], "the region is not known");
            return None;
        }
    };
    match &region {
        (Some(region), true) => report.ok(CHECKS[0], format!("{region}, and no other (--region)")),
        (Some(region), false) => report.ok(CHECKS[0], format!("{region} first, then all others")),
        (None, _) => report.ok(CHECKS[0], "none is set: instances are looked for in all"),
    }
    let place = match ServiceLocation::of(layers, region).await {
        Ok(place) => place,
        Err(failure) => {
            report.fail(CHECKS[1], &failure);
            return None;
        }
    };
    match (place.listeners(), &place.demo, place.kind) {
        (Some(warning), ..) => report.warn(CHECKS[1], warning, Some("name it with https://".to_owned())),
        (None, Some(_), _) => report.ok(CHECKS[1], "the simulated account, inside this command"),
        (None, None, None) => report.ok(CHECKS[1], format!("{}, for all regions", place.endpoint)),
        (None, None, Some(EndpointType::Vpc)) => report.ok(CHECKS[1], format!("{}, from inside a VPC", place.endpoint)),
        (None, None, Some(EndpointType::Public)) => report.ok(CHECKS[1], place.endpoint.to_string()),
    }
    Some(place)
}

/// A proxy that is none, or a store of certificates that is none, is a fault of the way.
fn way(means: &AccountBuilder, place: &ServiceLocation, report: &mut Report) -> Option<Transport> {
    match means.network.transport(place.endpoint.clone()) {
        Ok(transport) => {
            match transport.proxy() {
                Some(proxy) => report.ok("proxy", format!("{proxy}, unless NO_PROXY excepts the endpoint")),
                None => report.ok("proxy", "none"),
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
fn sts_of(layers: &Layers<'_>, place: &ServiceLocation, selected: &SelectedProvider) -> Option<Endpoint> {
    if place.kind.is_none() && !place.endpoint.authority().ends_with(".aliyuncs.com") {
        return None;
    }
    let none = Profile::default();
    let profile = layers.profile().map_or(&none, |named| &named.profile);
    sts_endpoint(profile, &layers.credentials().sts, &selected.origin).ok()
}
