//! `ecs-vnc relay`: a local port for native viewers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;

use crate::account;
use crate::command_error::CommandError;
use crate::console::gateway::{ConsoleGateway, KeepaliveArgs};
use crate::console::issuer::ConsoleIssuer;
use crate::console::local_endpoint::{self, ListenAddress};
use crate::console::readiness::running;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::InstanceArgs;
use crate::instances::{self, InstanceSelector, ResolvedInstance, wait_until_running};
use crate::settings::flags::GlobalArgs;
use crate::settings::load;
use crate::system::environment::Environment;
use crate::terminal::output::Output;

/// Serve an instance's console to native VNC viewers, on a port of this machine.
///
/// The VncUrl is minted when a viewer connects, for each anew, so the viewer can leave and come back as often as it
/// likes. Each instance has a port of its own. Once it listens, it prints what a viewer is told, such as
/// 127.0.0.1::41235, a line an instance; it serves until
/// Ctrl-C. A console has room for one: who connects drops whoever is there.
#[derive(Args, Debug)]
pub(crate) struct RelayArgs {
    #[command(flatten)]
    which: InstanceArgs,
    /// The address to listen on.
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), conflicts_with = "unix")]
    listen: IpAddr,
    /// The port to listen on; of several instances that of the first, the next has the next. 0 is any free one.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "unix")]
    port: u16,
    /// Listen on a Unix socket in place of a port, which only you can reach: mode 0600, in a directory of mode 0700,
    /// which is made where there is none.
    #[arg(long, value_name = "PATH")]
    unix: Option<PathBuf>,
    /// Let other machines connect, where --listen names an address that they reach. Nothing is encrypted, and whoever
    /// connects has the console.
    #[arg(long)]
    allow_remote: bool,
    #[command(flatten)]
    keepalive: KeepaliveArgs,
    /// Wait until the instances run, for as long as --timeout says [default: 600 s].
    #[arg(long)]
    wait: bool,
}

/// Runs the verb.
pub(crate) async fn run(
    args: RelayArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let queries = args.which.clone().selectors();
    let places = places(&args, queries.len())?;
    let global = &wait_until_running::limited(global, args.wait);
    let layers = load::layers(global, env, output)?;
    let usual = layers.usual_timeout()?;
    let session = Arc::new(account::begin(&layers, env, output).await?);
    let found = instances::targets(&session, &queries, args.wait, output).await;
    let ready = found.into_iter().map(async |found| running(&session, found?, args.wait, output).await);
    let targets = all(join_all(ready).await, &queries, output)?;
    let mut listeners = Vec::new();
    for place in &places {
        listeners.push(local_endpoint::bind(place).await?);
    }

    let mint = Arc::new(ConsoleIssuer::without_page(session, &targets, output));
    let mut served = Vec::new();
    for (listener, target) in listeners.into_iter().zip(targets) {
        local_endpoint::tell(&ListenAddress::of(&listener), &target, output)?;
        served.push((
            listener,
            Arc::new(ConsoleGateway::new(mint.clone(), target, usual, args.keepalive.keepalive(), output)),
        ));
    }
    // Of several places it is the same.
    if let Some(warning) = places.first().and_then(local_endpoint::warning) {
        output.warning(&warning);
    }
    output
        .note("serving until Ctrl-C; each viewer that connects gets a console of its own, and drops whoever is there");
    let mut ends: FuturesUnordered<_> =
        served.into_iter().map(|(listener, way)| local_endpoint::serve(listener, way, output)).collect();
    let mut first = None;
    while let Some(failure) = ends.next().await {
        output.failure(&failure);
        first.get_or_insert(failure.kind.exit_code());
    }
    Ok(first.unwrap_or(ExitCode::SUCCESS))
}

/// All of them, or the first failure, the others told.
fn all(
    found: Vec<Result<ResolvedInstance, CommandError>>,
    queries: &[InstanceSelector],
    output: Output,
) -> Result<Vec<ResolvedInstance>, CommandError> {
    let (mut targets, mut first) = (Vec::new(), None);
    for (found, query) in found.into_iter().zip(queries) {
        match found {
            Ok(target) => targets.push(target),
            Err(failure) => {
                let failure = if queries.len() > 1 { failure.about(&query.to_string()) } else { failure };
                match first {
                    None => first = Some(failure),
                    Some(_) => output.failure(&failure),
                }
            }
        }
    }
    first.map_or(Ok(targets), Err)
}

/// Where to listen, an instance each.
fn places(args: &RelayArgs, count: usize) -> Result<Vec<ListenAddress>, CommandError> {
    if let Some(path) = &args.unix {
        return match count {
            1 => Ok(vec![ListenAddress::Unix(path.clone())]),
            _ => Err(CommandError::message(ErrorKind::Usage, "--unix serves one instance; start one relay for each")),
        };
    }
    if !args.listen.to_canonical().is_loopback() && !args.allow_remote {
        let message = format!("{} can be reached from other machines", args.listen);
        let hint = "--allow-remote lets them; safer is an SSH tunnel to the relay's port (ssh -L)";
        return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    }
    let port_of = |index: usize| match args.port {
        0 => Some(0),
        first => u16::try_from(index).ok().and_then(|index| first.checked_add(index)),
    };
    let ports: Option<Vec<u16>> = (0..count).map(port_of).collect();
    let ports = ports.ok_or_else(|| {
        CommandError::message(ErrorKind::Usage, format!("there are no {count} ports from --port {} on", args.port))
    })?;
    Ok(ports.into_iter().map(|port| ListenAddress::Tcp(SocketAddr::new(args.listen, port))).collect())
}
