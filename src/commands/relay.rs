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
use crate::commands::help::{Example, examples};
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

const EXAMPLES: &[Example] = &[
    ("Serve the console of web-01 on a free port", "ecs-vnc relay web-01"),
    ("Serve two consoles, on the ports 5951 and 5952", "ecs-vnc relay web-01 office-01 --port 5951"),
    ("Serve on a Unix socket that only you can use", "ecs-vnc relay web-01 --unix ~/web-01.sock"),
];

/// Serve the console to VNC viewers on a local port.
///
/// Print the address to connect to, such as 127.0.0.1::41235, one line for each instance, and serve until Ctrl-C. A fresh
/// console URL is requested for each connection, so a viewer can disconnect and reconnect at any time.
///
/// A console has one session at a time: connecting disconnects anyone already on it.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc relay [OPTIONS] <INSTANCE>...")]
pub(crate) struct RelayArgs {
    #[command(flatten)]
    which: InstanceArgs,
    /// Local address.
    ///
    /// Listen on this address. An address that other machines can reach also needs --allow-remote.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), conflicts_with = "unix")]
    listen: IpAddr,
    /// Local port; 0 picks one.
    ///
    /// Listen on this port, or on a free one if it is 0. With several instances, the first gets this port and the others get the ports that follow.
    #[arg(long, value_name = "PORT", default_value_t = 0, conflicts_with = "unix")]
    port: u16,
    /// Listen on a Unix socket instead of a port.
    ///
    /// Only you can use it: it gets mode 0600. Its directory must have mode 0700, and is created if missing.
    #[arg(long, value_name = "PATH")]
    unix: Option<PathBuf>,
    /// Allow other machines to connect.
    ///
    /// The connection is not encrypted, and anyone who can reach the address gets the console. An SSH tunnel (ssh -L) is
    /// safer.
    #[arg(long)]
    allow_remote: bool,
    #[command(flatten)]
    keepalive: KeepaliveArgs,
    /// Wait until the instances are running.
    ///
    /// Wait for up to --timeout, which is 10m by default with this flag.
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
