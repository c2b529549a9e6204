//! `ecs-vnc demo`: serves the simulated account on a port until Ctrl-C.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::args::time_limit_arg;
use crate::command_error::CommandError;
use crate::demo::{
    self, ACCESS_KEY_ID, ACCESS_KEY_SECRET, Demo, EXTERNAL_ID, FLEET, INSTANCES, OIDC_PROVIDER, OIDC_TOKEN, REGION,
    REGION_NOT_OPENED, ROLE, ROLE_CHAINED, ROLE_EXTERNAL, ROLE_OIDC, VncTarget,
};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::system::clock::Clock;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// Serve a simulated account on loopback until Ctrl-C.
///
/// It checks what the service checks (signature, time, nonce, parameters), answers with the documented errors, and
/// mints VncUrls that live 15 seconds and work once. The vendor's SDKs can use it. Its keys open nothing real.
///
/// An instance's console takes one session: a second one drops the first. An idle session is cut, and more than 30 a
/// minute are refused. What happens is told on stderr.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// The port to listen on; 0 lets the system choose.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Cut a console whose viewer has said nothing for this long; WebSocket pings say nothing [default: 300].
    #[arg(long, value_name = "SECONDS", value_parser = time_limit_arg)]
    idle_limit: Option<Duration>,
    /// Lead the consoles of running instances to a real VNC server, in place of simulated screens: HOST:PORT for plain RFB,
    /// ws://HOST:PORT[/PATH] for RFB in a WebSocket.
    #[arg(long, value_name = "TARGET")]
    vnc_target: Option<VncTarget>,
}

/// What scripts need, as one line of JSON.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    endpoint: &'a str,
    region_id: &'a str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
    instance_ids: Vec<&'a str>,
    role_arns: [&'a str; 4],
}

/// Runs the verb.
pub(crate) async fn run(args: DemoArgs, output: Output) -> Result<ExitCode, CommandError> {
    let mut options = demo::Options::new(Clock::system()).listener(move |event| output.note(&tell(event)));
    if let Some(limit) = args.idle_limit {
        options = options.idle_limit(limit);
    }
    if let Some(target) = args.vnc_target {
        output.note(&format!("the consoles of running instances lead to {}", target.authority()));
        options = options.vnc_target(target);
    }
    let demo = Demo::start(args.port, options).await.map_err(|error| {
        let context = format!("could not listen on 127.0.0.1:{}", args.port);
        let failure = CommandError::new(ErrorKind::ActionFailed, anyhow::Error::new(error).context(context));
        failure.hint("another port: --port N; without --port the system chooses a free one")
    })?;
    let endpoint = demo.endpoint();
    if output.is_json() {
        output.json(&Line {
            endpoint: &endpoint,
            region_id: REGION,
            access_key_id: ACCESS_KEY_ID,
            access_key_secret: ACCESS_KEY_SECRET,
            instance_ids: INSTANCES.iter().map(|instance| instance.id).collect(),
            role_arns: [ROLE, ROLE_CHAINED, ROLE_EXTERNAL, ROLE_OIDC],
        })?;
    } else {
        output.line(&text(&endpoint))?;
    }
    output.note("serving until Ctrl-C");
    std::future::pending().await
}

fn text(endpoint: &str) -> String {
    let instances: String =
        INSTANCES.iter().map(|instance| format!("#   {:<16} {}\n", instance.id, instance.shows)).collect();
    format!(
        "# A simulated account: nothing here is real. Paste into another terminal:\n\
         export ALIBABA_CLOUD_ENDPOINT={endpoint}\n\
         export ALIBABA_CLOUD_REGION_ID={REGION}\n\
         export ALIBABA_CLOUD_ACCESS_KEY_ID={ACCESS_KEY_ID}\n\
         export ALIBABA_CLOUD_ACCESS_KEY_SECRET={ACCESS_KEY_SECRET}\n\
         \n\
         # That is for scripts and SDKs: the URLs of `ecs-vnc vnc-url` then lead to the vendor's page, which does not\n\
         # know this account. Named as a profile, it leads to its own console page:\n\
         ecs-vnc open --profile demo --endpoint {endpoint} i-demo-linux\n\
         \n\
         # Instances in {REGION}:\n\
         {instances}#   i-demo-0006 …    and so on: {FLEET} in 26 regions, 400 of them here; {REGION_NOT_OPENED} refuses to list\n\
         #   i-demo-error-CODE any documented error, such as i-demo-error-Throttling\n\
         \n\
         # Roles; STS answers at the same endpoint:\n\
         #   {ROLE}   with the key above\n\
         #   {ROLE_CHAINED}     with a key of demo-console\n\
         #   {ROLE_EXTERNAL}  with the key above and ExternalId {EXTERNAL_ID}\n\
         #   {ROLE_OIDC}      with OIDC: {OIDC_PROVIDER}, token {OIDC_TOKEN}"
    )
}

fn tell(event: &demo::Event<'_>) -> String {
    match event {
        demo::Event::Answered { action, instance, code } => {
            let instance = instance.map(|id| format!(" {}", sanitize(id, 64))).unwrap_or_default();
            format!("{}{instance}: {}", sanitize(action, 64), code.unwrap_or("OK"))
        }
        demo::Event::Opened { instance, after } => {
            format!("console of {instance} opened, {} ms after its VncUrl was minted", after.as_millis())
        }
        demo::Event::Refused { why } => format!("console refused: {why}"),
        demo::Event::Left { instance, how } => format!("console of {instance} closed: {how}"),
    }
}
