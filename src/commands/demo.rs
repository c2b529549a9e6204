//! `ecs-vnc demo`: serves the simulated account on a port of 127.0.0.1 until Ctrl-C.

use std::time::Duration;

use clap::{Args, value_parser};
use serde::Serialize;

use crate::args::time_limit_arg;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::serving;
use crate::commands::variable_syntax::VariableSyntax;
use crate::demo::{
    self, ACCESS_KEY_ID, ACCESS_KEY_SECRET, Demo, EXTERNAL_ID, INSTANCE_COUNT, INSTANCES, MAX_INSTANCE_COUNT,
    OIDC_PROVIDER, OIDC_TOKEN, REGION, REGION_NOT_OPENED, ROLE, ROLE_CHAINED, ROLE_EXTERNAL, ROLE_OIDC, VncTarget,
};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::system::clock::Clock;
use crate::system::environment::Environment;
use crate::system::platform::System;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// The fewest instances: those with an id of their own, and some more.
const MIN_INSTANCE_COUNT: i64 = 10;

const EXAMPLES: &[Example] = &[
    ("Serve the account on a free port", "ecs-vnc demo"),
    ("Serve the account on port 8080, as JSON", "ecs-vnc demo --port 8080 -o json"),
    ("Throttle more than 20 requests in a second", "ecs-vnc demo --rate-limit 20"),
    ("Use a real VNC server as the console of each instance", "ecs-vnc demo --vnc-target 127.0.0.1:5900"),
];

/// Serve a simulated account on this machine until Ctrl-C.
///
/// The account checks signatures, times, nonces and parameters as the real service does, answers with the documented
/// errors, and issues console URLs that are valid for 15 seconds and work once. The SDKs of Alibaba Cloud can use it. Its
/// credentials open nothing real.
///
/// The console of an instance has one session: a new one disconnects the old one. An idle session is disconnected, and more
/// than 30 connections a minute are refused. What happens is reported on stderr.
///
/// Commands with --profile demo do not need this: they bring the account with them. Ctrl-C ends this one with exit code 0.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct DemoArgs {
    /// Local port; 0 picks one.
    #[arg(
        long,
        long_help = "Listen on this port of 127.0.0.1; 0 picks a free one",
        value_name = "PORT",
        default_value_t = 0
    )]
    port: u16,
    /// Disconnect silent viewers [default: 300s].
    ///
    /// Disconnect a viewer that has sent nothing for this long. WebSocket pings do not count.
    #[arg(long, value_name = "DURATION", value_parser = time_limit_arg)]
    idle_limit: Option<Duration>,
    /// Throttle more requests than this in a second.
    ///
    /// They get Throttling.User or Throttling.Api. By default there is no limit. That of the real service differs between
    /// operations and accounts.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    rate_limit: Option<u32>,
    /// So many instances [default: 1000].
    ///
    /// From 10 to 10000. Those from the thousandth on are in cn-hangzhou.
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(MIN_INSTANCE_COUNT..=MAX_INSTANCE_COUNT as i64))]
    instances: Option<u16>,
    /// Let each instance show a state of `check`.
    ///
    /// Its name has the state, as in state-panic-700. Those with an id of their own, such as i-demo-linux, stay as they are.
    #[arg(long)]
    every_state: bool,
    /// Connect consoles to this VNC server.
    ///
    /// Running instances then show its screen instead of a simulated one. HOST:PORT is a plain VNC server, and
    /// ws://HOST:PORT[/PATH] is one behind a WebSocket.
    #[arg(long, value_name = "ADDRESS")]
    vnc_target: Option<VncTarget>,
    /// Use this syntax.
    ///
    /// On Windows the default is powershell, or sh where SHELL is set, as in Git Bash; elsewhere it is sh.
    #[arg(long, value_name = "SHELL")]
    shell: Option<VariableSyntax>,
}

/// `-o json`: what a script needs to use the account.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DemoOutput<'a> {
    endpoint: &'a str,
    region_id: &'a str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
    instance_ids: Vec<&'a str>,
    role_arns: [&'a str; 4],
}

/// Runs the verb.
pub(crate) async fn run(args: DemoArgs, env: &Environment, output: Output) -> Result<ExitCode, CommandError> {
    let mut options = demo::Options::new(Clock::system()).listener(move |event| output.note(&describe(event)));
    if let Some(limit) = args.idle_limit {
        options = options.idle_limit(limit);
    }
    if let Some(requests) = args.rate_limit {
        options = options.rate_limit(requests);
    }
    if let Some(count) = args.instances {
        options = options.instance_count(count.into());
    }
    if args.every_state {
        options = options.every_state();
    }
    if let Some(target) = args.vnc_target {
        output.note(&format!("the consoles of running instances show the screen of {}", target.authority()));
        options = options.vnc_target(target);
    }
    let demo = Demo::start(args.port, options).await.map_err(|error| {
        let context = format!("could not listen on 127.0.0.1:{}", args.port);
        CommandError::new(ErrorKind::ActionFailed, anyhow::Error::new(error).context(context))
            .hint("use another --port, or leave --port out for a free one")
    })?;
    let endpoint = demo.endpoint();
    serving::begin();
    if output.is_json() {
        output.json(&DemoOutput {
            endpoint: &endpoint,
            region_id: REGION,
            access_key_id: ACCESS_KEY_ID,
            access_key_secret: ACCESS_KEY_SECRET,
            instance_ids: INSTANCES.iter().map(|instance| instance.id).collect(),
            role_arns: [ROLE, ROLE_CHAINED, ROLE_EXTERNAL, ROLE_OIDC],
        })?;
    } else {
        let shell = args.shell.unwrap_or_else(|| VariableSyntax::usual(System::THIS, env));
        output.line(&assignments(&endpoint, shell))?;
        contents(&endpoint).iter().for_each(|line| output.note(line));
    }
    output.note("serving until Ctrl-C");
    std::future::pending().await
}

/// Returns the variables as lines to paste into a shell.
fn assignments(endpoint: &str, shell: VariableSyntax) -> String {
    let variables = [
        ("ENDPOINT", endpoint),
        ("REGION_ID", REGION),
        ("ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("ACCESS_KEY_SECRET", ACCESS_KEY_SECRET),
    ];
    variables.map(|(name, value)| shell.assignment(&format!("ALIBABA_CLOUD_{name}"), value)).join("\n")
}

/// Returns what the account has, one line of text each.
fn contents(endpoint: &str) -> Vec<String> {
    let instances = INSTANCES.iter().map(|instance| format!("  {:<16} {}", instance.id, instance.shows));
    let mut lines = vec![
        "a simulated account: nothing here is real. For scripts and SDKs, paste the lines above into another terminal"
            .to_owned(),
        format!(
            "to open a console there: ecs-vnc open --profile demo --endpoint {endpoint} i-demo-linux (its page knows this \
             account, that of Alibaba Cloud does not)"
        ),
        format!("instances in {REGION}:"),
    ];
    lines.extend(instances);
    lines.extend([
        format!(
            "  i-demo-0006 …    and more: {INSTANCE_COUNT} in 26 regions, 400 of them here; {REGION_NOT_OPENED} cannot be \
             listed"
        ),
        "  i-demo-0300 …    to i-demo-0399: machines in the states that `check` tells".to_owned(),
        "  i-demo-error-CODE any documented error, such as i-demo-error-Throttling".to_owned(),
        "roles (STS is at the same endpoint):".to_owned(),
        format!("  {ROLE}   with the key above"),
        format!("  {ROLE_CHAINED}     with a key of demo-console"),
        format!("  {ROLE_EXTERNAL}  with the key above and ExternalId {EXTERNAL_ID}"),
        format!("  {ROLE_OIDC}      with OIDC: {OIDC_PROVIDER}, token {OIDC_TOKEN}"),
    ]);
    lines
}

fn describe(event: &demo::Event<'_>) -> String {
    match event {
        demo::Event::Answered { action, instance, code } => {
            let instance = instance.map(|id| format!(" {}", sanitize(id, 64))).unwrap_or_default();
            format!("{}{instance}: {}", sanitize(action, 64), code.unwrap_or("OK"))
        }
        demo::Event::Opened { instance, after } => {
            format!("console of {instance} opened, {} ms after its VncUrl was issued", after.as_millis())
        }
        demo::Event::Refused { why } => format!("console refused: {why}"),
        demo::Event::Left { instance, how } => format!("console of {instance} closed: {how}"),
    }
}
