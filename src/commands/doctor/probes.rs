//! Probes of the account, all sent at the same time, and what their answers say about the RAM permissions.
//!
//! No probe changes anything. DescribeInstances is a dry run, and so are the requests to start, stop and reboot. A VncUrl has no effect while no client connects to it. A VNC
//! password is only set for an instance that cannot exist: the answer is "not found" if the permission is there, and
//! "forbidden" if it is missing. A policy that is limited to certain instances cannot be checked with such an ID, so the
//! VncUrl, the screenshot and the console output are requested for the instance that the user named, if that is harmless.

use futures_util::future::{join3, join4, join5};

use super::account::CheckedAccount;
use crate::account::Account;
use crate::account::regional_clients::ANY_REGION;
use crate::api::ApiError;
use crate::api::operations::{Identity, PowerAction, console_output_operation, screenshot_operation};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{self, InstanceSelector, ResolvedInstance};
use crate::secret::Secret;
use crate::terminal::output::Output;
use crate::vnc::password::VncPassword;

/// An ID that no instance has. It is well-formed, so the service does not reject it as malformed.
const NO_SUCH_INSTANCE: &str = "i-00000000000000000000";

/// The RAM actions that are probed, the most important one first.
pub(crate) const ACTIONS: [&str; 9] = [
    "DescribeInstanceVncUrl",
    "DescribeInstances",
    "DescribeRegions",
    "GetInstanceScreenshot",
    "GetInstanceConsoleOutput",
    "ModifyInstanceVncPasswd",
    "StartInstance",
    "StopInstance",
    "RebootInstance",
];

/// The actions of [`ACTIONS`] that change the power.
const POWER_ACTIONS: [PowerAction; 3] =
    [PowerAction::Start, PowerAction::Stop { is_forced: false }, PowerAction::Reboot { is_forced: false }];

/// What a probe says about the permission for its RAM action.
#[derive(Debug)]
pub(crate) enum Permission {
    /// The action is allowed. The error is the operation's, if it failed for another reason.
    Allowed(Option<CommandError>),
    /// The policy does not allow the action.
    Missing(CommandError),
    /// The service refused the AccessKey before it checked the policy.
    AccessKeyRefused(CommandError),
    /// The service did not answer, or failed before it checked the policy.
    Unknown(CommandError),
}

/// The results of all probes.
#[derive(Debug)]
pub(crate) struct ProbeResults {
    pub(crate) vnc_url: Permission,
    /// Whether all but the password and the lists were requested for the instance that the user named, rather than for [`NO_SUCH_INSTANCE`].
    pub(crate) is_instance_probed: bool,
    pub(crate) instances: Permission,
    pub(crate) regions: Permission,
    pub(crate) screenshot: Permission,
    pub(crate) console_output: Permission,
    pub(crate) password: Permission,
    /// Those of [`POWER_ACTIONS`].
    pub(crate) power: [Permission; 3],
    /// The region of the settings, if the account has no region with that ID.
    pub(crate) unknown_region: Option<String>,
    /// The owner of the AccessKey.
    pub(crate) caller: Result<Identity, ApiError>,
    /// The instance that the user named; `None` if the user named none.
    pub(crate) instance: Option<Result<ResolvedInstance, CommandError>>,
}

impl ProbeResults {
    /// Returns each of the [`ACTIONS`] with its permission.
    pub(crate) fn permissions(&self) -> [(&'static str, &Permission); 9] {
        let [vnc_url, instances, regions, screenshot, console_output, password, start, stop, reboot] = ACTIONS;
        let [can_start, can_stop, can_reboot] = &self.power;
        [
            (vnc_url, &self.vnc_url),
            (instances, &self.instances),
            (regions, &self.regions),
            (screenshot, &self.screenshot),
            (console_output, &self.console_output),
            (password, &self.password),
            (start, can_start),
            (stop, can_stop),
            (reboot, can_reboot),
        ]
    }
}

/// Sends all probes at the same time and waits for their answers. `output` gets the warnings of the instance lookup.
pub(crate) async fn run(checked: &CheckedAccount, selector: Option<&InstanceSelector>, output: Output) -> ProbeResults {
    let account = &checked.account;
    let (client, limit) = (account.clients.first(), account.search_limit());
    let region = account.region.as_deref().unwrap_or(ANY_REGION);
    let sts_client = checked.sts_client.as_ref().unwrap_or(client);
    let password = VncPassword::try_from(&Secret::new("000000")).expect("six digits are a valid VNC password");

    let (console, instances, regions, password, caller) = join5(
        probe_instance(account, region, selector, output),
        client.describe_instances_dry_run(region, limit),
        client.describe_regions(None, limit),
        client.modify_instance_vnc_passwd(region, NO_SUCH_INSTANCE, &password, limit),
        sts_client.get_caller_identity(limit),
    )
    .await;
    let is_listed = |region: &String| match &regions {
        Ok(regions) => regions.iter().any(|listed| listed.region_id == *region),
        Err(_) => true,
    };
    let unknown_region = account.region.clone().filter(|region| !is_listed(region));
    let [vnc_url_action, instances_action, regions_action, screenshot_action, output_action, password_action, ..] =
        ACTIONS;
    let permission = |outcome, action| permission_from(outcome, action, account, region, NO_SUCH_INSTANCE);
    let InstanceProbes { instance, target, vnc_url, screenshot, console_output, power } = console;
    let of_target = |outcome, action| permission_from(outcome, action, account, &target.region, &target.id);
    ProbeResults {
        vnc_url: of_target(vnc_url, vnc_url_action),
        screenshot: of_target(screenshot, screenshot_action),
        console_output: of_target(console_output, output_action),
        is_instance_probed: target.id != NO_SUCH_INSTANCE,
        instances: permission(instances, instances_action),
        regions: permission(regions.map(drop), regions_action),
        password: permission(password.map(drop), password_action),
        power: power.map(|(action, outcome)| of_target(outcome, action.operation_name())),
        unknown_region,
        caller,
        instance,
    }
}

/// The instance that the user named, the target of the requests, and their outcomes.
struct InstanceProbes {
    instance: Option<Result<ResolvedInstance, CommandError>>,
    target: ResolvedInstance,
    vnc_url: Result<(), ApiError>,
    screenshot: Result<(), ApiError>,
    console_output: Result<(), ApiError>,
    power: [(PowerAction, Result<(), ApiError>); 3],
}

/// Resolves the instance and requests its VncUrl, screenshot and console output, or those of [`NO_SUCH_INSTANCE`] if the
/// instance was not found or is starting.
async fn probe_instance(
    account: &Account,
    region: &str,
    selector: Option<&InstanceSelector>,
    output: Output,
) -> InstanceProbes {
    let instance = match selector {
        Some(selector) => Some(instances::resolve(account, selector, true, output).await),
        None => None,
    };
    let target = |instance: &str, region: &str| ResolvedInstance {
        id: instance.to_owned(),
        region: region.to_owned(),
        info: None,
    };
    let target = match (&instance, selector, &account.region) {
        // The client would repeat the request until an instance that is starting is ready.
        (Some(Ok(found)), ..) if !matches!(status(found), "Starting" | "Pending") => target(&found.id, &found.region),
        // The AccessKey may be allowed to open an instance that it is not allowed to look up.
        (Some(Err(failure)), Some(InstanceSelector::Id(id)), Some(region)) if failure.is_forbidden() => {
            target(id, region)
        }
        _ => target(NO_SUCH_INSTANCE, region),
    };
    let client = account.clients.of(&target.region).unwrap_or_else(|_| account.clients.first().clone());
    let limit = account.search_limit();
    // These two operations have no DryRun, so the service takes the screenshot of an instance that runs.
    let screenshot = screenshot_operation(&target.region, &target.id);
    let console_output = console_output_operation(&target.region, &target.id);
    let [start, stop, reboot] = POWER_ACTIONS.map(|action| {
        let (client, target) = (&client, &target);
        async move { (action, client.check_power(action, &target.region, &target.id, limit).await.map(drop)) }
    });
    let (vnc_url, screenshot, console_output, power) = join4(
        client.describe_instance_vnc_url(&target.region, &target.id, limit),
        client.check_permission(&screenshot, limit),
        client.check_permission(&console_output, limit),
        join3(start, stop, reboot),
    )
    .await;
    let power = power.into();
    InstanceProbes { instance, target, vnc_url: vnc_url.map(drop), screenshot, console_output, power }
}

/// Returns the status from the lookup, such as `Running`; empty if the instance was not looked up.
pub(crate) fn status(instance: &ResolvedInstance) -> &str {
    instance.info.as_ref().map_or("", |info| info.status.as_str())
}

/// Derives the permission for `action` from the outcome of its request to `region` for `instance`.
fn permission_from(
    outcome: Result<(), ApiError>,
    action: &str,
    account: &Account,
    region: &str,
    instance: &str,
) -> Permission {
    let Err(error) = outcome else {
        return Permission::Allowed(None);
    };
    let failure = account.explain(error, action, region, instance, None);
    let code = failure.service.as_ref().map(|service| service.code.as_str());
    match (code, failure.kind) {
        (None, _) | (_, ErrorKind::Unavailable) => Permission::Unknown(failure),
        // The service rejects these requests before it checks the policy.
        (Some("InvalidTimeStamp.Expired" | "IllegalTimestamp" | "MissingParameter"), _) => Permission::Unknown(failure),
        (Some(_), _) if failure.is_forbidden() => Permission::Missing(failure),
        (Some(_), ErrorKind::Credentials) => Permission::AccessKeyRefused(failure),
        (Some(_), _) => Permission::Allowed(Some(failure)),
    }
}
