//! `ecs-vnc policy`: prints the RAM policy for a task, to paste into the RAM console.

use clap::Args;
use serde::{Serialize, Serializer};

use crate::account::Account;
use crate::api::endpoint::check_region;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::{self, InstanceSelector, find_alias_in};
use crate::settings::Context;

const EXAMPLES: &[Example] = &[
    ("Print the policy for everything that ecs-vnc does", "ecs-vnc policy"),
    ("Print the policy for opening consoles of instances that are named by ID", "ecs-vnc policy --drive"),
    (
        "Print the policy for reading and driving one instance",
        "ecs-vnc policy --read --drive --instance i-bp1hzoinajzkh91h",
    ),
];

/// RAM actions on an instance that its screen and its boot log are read with.
const READ_INSTANCE: [&str; 2] = ["ecs:GetInstanceScreenshot", "ecs:GetInstanceConsoleOutput"];

/// The RAM action on all instances of a region. A policy that limits it to some instances refuses to list them, so that none is
/// found by its name.
const LIST_INSTANCES: &str = "ecs:DescribeInstances";

/// The RAM action that no resource can be named for.
const LIST_REGIONS: &str = "ecs:DescribeRegions";

/// RAM actions on an instance that open its console and set its VNC password.
const DRIVE: [&str; 2] = ["ecs:DescribeInstanceVncUrl", "ecs:ModifyInstanceVncPasswd"];

/// RAM actions on an instance that change its power.
const POWER: [&str; 3] = ["ecs:StartInstance", "ecs:StopInstance", "ecs:RebootInstance"];

/// Print the RAM policy that a task needs.
///
/// Paste it into the RAM console as the script of a custom policy, and grant that to a user or a role. --read, --drive and
/// --power can be combined; without any of them, the policy allows all three. No request is sent, unless --instance is a name.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct PolicyArgs {
    /// Allow reading: names, screenshots, boot logs.
    ///
    /// It also finds instances by name or IP address, which the other tasks do not allow.
    #[arg(long)]
    read: bool,
    /// Allow opening consoles: keys, mouse, VNC passwords.
    #[arg(long)]
    drive: bool,
    /// Allow starting, stopping and rebooting.
    #[arg(long)]
    power: bool,
    /// Limit the policy to this instance.
    ///
    /// An ID, or an alias of one; a name or an IP address is looked up. Repeat it for several instances. With an ID, --region
    /// limits the policy to a region. Instances can still be listed: otherwise none is found by its name. ECS_VNC_INSTANCE does
    /// not limit the policy.
    #[arg(short, long = "instance", value_name = "INSTANCE", value_parser = InstanceSelector::parse)]
    instances: Vec<InstanceSelector>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: &'static str,
    #[serde(serialize_with = "one_or_list")]
    action: Vec<String>,
    #[serde(serialize_with = "one_or_list")]
    resource: Vec<String>,
}

impl Statement {
    fn allow(actions: &[&str], resources: Vec<String>) -> Self {
        Self {
            effect: "Allow",
            action: actions.iter().map(|action| (*action).to_owned()).collect(),
            resource: resources,
        }
    }
}

/// One value as a string, several as a list: RAM takes both.
fn one_or_list<S: Serializer>(values: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match values {
        [one] => one.serialize(serializer),
        many => many.serialize(serializer),
    }
}

/// Puts each list of strings on one line.
fn with_short_lists(pretty: &str) -> String {
    let (mut text, mut is_in_list) = (String::new(), false);
    let mut lines = pretty.lines().peekable();
    while let Some(line) = lines.next() {
        let item = line.trim_start();
        match is_in_list {
            true => text.push_str(item),
            false => text.push_str(line),
        }
        if is_in_list && item.starts_with(']') {
            is_in_list = false;
        } else if line.ends_with('[') && lines.peek().is_some_and(|next| next.trim_start().starts_with('"')) {
            is_in_list = true;
        }
        match is_in_list {
            true if line.ends_with(',') => text.push(' '),
            true => {}
            false => text.push('\n'),
        }
    }
    text.trim_end().to_owned()
}

/// Runs the verb.
pub(crate) async fn run(args: PolicyArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let resources = resources(&args.instances, context).await?;
    let is_all = !(args.read || args.drive || args.power);
    let mut statement = Vec::new();
    if args.read || is_all {
        statement.push(Statement::allow(&[LIST_INSTANCES], vec![resource("*", "*")]));
        statement.push(Statement::allow(&[LIST_REGIONS], vec!["*".to_owned()]));
    }
    for (is_wanted, actions) in [(args.read, &READ_INSTANCE[..]), (args.drive, &DRIVE), (args.power, &POWER)] {
        if is_wanted || is_all {
            statement.push(Statement::allow(actions, resources.clone()));
        }
    }
    let policy = Policy { version: "1", statement };
    if output.is_json() {
        output.json(&policy)?;
    } else {
        output.line(&with_short_lists(&serde_json::to_string_pretty(&policy).expect("our own types are JSON")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The resources of the instances; all instances if none is named.
async fn resources(selectors: &[InstanceSelector], context: &Context) -> Result<Vec<String>, CommandError> {
    if selectors.is_empty() {
        return Ok(vec![resource("*", "*")]);
    }
    let region = context.flags.region.as_deref();
    region.map(check_region).transpose().map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
    let (mut settings, mut account, mut named) = (None, None, Vec::new());
    for selector in selectors {
        if let InstanceSelector::Id(id) = selector {
            named.push(resource(region.unwrap_or("*"), id));
            continue;
        }
        let settings = match &settings {
            Some(settings) => settings,
            None => settings.insert(context.settings()?),
        };
        let alias = find_alias_in(&settings.aliases, selector, region, context.output)?;
        if let Some(alias) = &alias
            && let InstanceSelector::Id(id) = &alias.target
        {
            named.push(resource(alias.region.as_deref().or(region).unwrap_or("*"), id));
            continue;
        }
        if account.is_none() {
            account = Some(Account::open(settings, settings.timeout()?, context).await?);
        }
        if let Some(account) = &account {
            let found = instances::resolve(account, selector, false, context.output).await?;
            named.push(resource(&found.region, &found.id));
        }
    }
    Ok(named)
}

/// The name of an instance in a policy, of whichever account it belongs to.
fn resource(region: &str, instance: &str) -> String {
    format!("acs:ecs:{region}:*:instance/{instance}")
}
