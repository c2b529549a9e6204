//! All questions to the account, asked at once, and what their answers mean for the RAM actions.
//!
//! None changes anything: DescribeInstances is a dry run; requesting a VncUrl is harmless while no client connects to it; a
//! password is set for an instance only that cannot exist. A key that may ask is told that there is no such instance,
//! one that may not is forbidden. A policy that allows single instances only cannot be judged by such an id, which is
//! why a named one is asked for where that is harmless.

use futures_util::future::join5;

use super::account::Examined;
use crate::account::Account;
use crate::account::regional_clients::ANY_REGION;
use crate::api::ApiError;
use crate::api::operations::Identity;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{self, InstanceSelector, ResolvedInstance};
use crate::secret::Secret;
use crate::terminal::output::Output;
use crate::vnc::password::VncPassword;

/// Of the form that ids have, so that it is not refused for that; no instance has it.
const NO_SUCH_INSTANCE: &str = "i-00000000000000000000";

/// The RAM actions, in the order in which they are missed.
pub(crate) const ACTIONS: [&str; 4] =
    ["DescribeInstanceVncUrl", "DescribeInstances", "DescribeRegions", "ModifyInstanceVncPasswd"];

/// What an answer means for the right to ask.
#[derive(Debug)]
pub(crate) enum Judged {
    /// It is there; the operation itself may have failed.
    Allowed(Option<CommandError>),
    /// It is missing.
    Missing(CommandError),
    /// The key itself was refused.
    Refused(CommandError),
    /// There was no answer that would tell.
    Silent(CommandError),
}

/// The answers to all requests.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) vnc_url: Judged,
    /// Whether that was asked for the named instance.
    pub(crate) is_of_instance: bool,
    pub(crate) instances: Judged,
    pub(crate) regions: Judged,
    pub(crate) password: Judged,
    /// The region that is set, where the account has none of that name.
    pub(crate) no_region: Option<String>,
    /// Whose key it is.
    pub(crate) caller: Result<Identity, ApiError>,
    /// The named instance.
    pub(crate) found: Option<Result<ResolvedInstance, CommandError>>,
}

impl Answers {
    /// Each RAM action, and what was found of it.
    pub(crate) fn actions(&self) -> [(&'static str, &Judged); 4] {
        let [vnc_url, instances, regions, password] = ACTIONS;
        [(vnc_url, &self.vnc_url), (instances, &self.instances), (regions, &self.regions), (password, &self.password)]
    }
}

/// Sends all requests at the same time.
pub(crate) async fn ask(account: &Examined, query: Option<&InstanceSelector>, output: Output) -> Answers {
    let session = &account.session;
    let (client, limit) = (session.clients.first(), session.search_limit());
    let region = session.region.as_deref().unwrap_or(ANY_REGION);
    let sts = account.sts.as_ref().unwrap_or(client);
    let password = VncPassword::try_from(&Secret::new("000000")).expect("six digits are a password");

    let ((found, target, vnc_url), instances, regions, password, caller) = join5(
        console(session, region, query, output),
        client.describe_instances_dry_run(region, limit),
        client.describe_regions(None, limit),
        client.modify_instance_vnc_passwd(region, NO_SUCH_INSTANCE, &password, limit),
        sts.get_caller_identity(limit),
    )
    .await;
    let is_listed = |region: &String| match &regions {
        Ok(regions) => regions.iter().any(|listed| listed.region_id == *region),
        Err(_) => true,
    };
    let no_region = session.region.clone().filter(|region| !is_listed(region));
    let [of_console, of_instances, of_regions, of_password] = ACTIONS;
    let judge = |outcome, action| judged(outcome, action, session, region, NO_SUCH_INSTANCE);
    Answers {
        vnc_url: judged(vnc_url, of_console, session, &target.region, &target.id),
        is_of_instance: target.id != NO_SUCH_INSTANCE,
        instances: judge(instances, of_instances),
        regions: judge(regions.map(drop), of_regions),
        password: judge(password.map(drop), of_password),
        no_region,
        caller,
        found,
    }
}

/// Resolves the instance and requests its console. Where it is missing or not ready, requests [`NO_SUCH_INSTANCE`]'s.
async fn console(
    session: &Account,
    region: &str,
    query: Option<&InstanceSelector>,
    output: Output,
) -> (Option<Result<ResolvedInstance, CommandError>>, ResolvedInstance, Result<(), ApiError>) {
    let found = match query {
        Some(query) => Some(instances::resolve(session, query, true, output).await),
        None => None,
    };
    let at = |instance: &str, region: &str| ResolvedInstance {
        id: instance.to_owned(),
        region: region.to_owned(),
        info: None,
    };
    let target = match (&found, query, &session.region) {
        // One that starts would be waited for.
        (Some(Ok(target)), ..) if !matches!(status(target), "Starting" | "Pending") => at(&target.id, &target.region),
        // A key that may not look may open.
        (Some(Err(failure)), Some(InstanceSelector::Id(id)), Some(region)) if failure.is_forbidden() => at(id, region),
        _ => at(NO_SUCH_INSTANCE, region),
    };
    let client = session.clients.of(&target.region).unwrap_or_else(|_| session.clients.first().clone());
    let limit = session.search_limit();
    let minted = client.describe_instance_vnc_url(&target.region, &target.id, limit).await;
    (found, target, minted.map(drop))
}

/// What looking for it has told of its state.
pub(crate) fn status(target: &ResolvedInstance) -> &str {
    target.info.as_ref().map_or("", |known| known.status.as_str())
}

fn judged(outcome: Result<(), ApiError>, action: &str, session: &Account, region: &str, instance: &str) -> Judged {
    let Err(error) = outcome else {
        return Judged::Allowed(None);
    };
    let failure = session.explain(error, action, region, instance, None);
    let code = failure.service.as_ref().map(|service| service.code.as_str());
    match (code, failure.kind) {
        (None, _) | (_, ErrorKind::Unavailable) => Judged::Silent(failure),
        // Refused before anybody looked at the policy.
        (Some("InvalidTimeStamp.Expired" | "IllegalTimestamp" | "MissingParameter"), _) => Judged::Silent(failure),
        (Some(_), _) if failure.is_forbidden() => Judged::Missing(failure),
        (Some(_), ErrorKind::Credentials) => Judged::Refused(failure),
        (Some(_), _) => Judged::Allowed(Some(failure)),
    }
}
