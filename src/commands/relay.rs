//! `ecs-vnc relay`: a local port for native viewers.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap_complete::ArgValueCompleter;
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::cli::Global;
use crate::commands::find::{self, Query, Target};
use crate::commands::mint::{Mint, PageSettings};
use crate::commands::wait::WAIT;
use crate::commands::way::{self, KeepaliveArgs, Served, Way};
use crate::commands::{complete, load, running, session};
use crate::environment::Environment;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::listen::{self, Listener};
use crate::output::Output;

/// Serve an instance's console to native VNC viewers, on a port of this machine.
///
/// The VncUrl is minted when a viewer connects, for each anew, so the viewer can leave and come back as often as it
/// likes. Once it listens, it prints what a viewer is told, such as 127.0.0.1::41235, a line an instance; it serves until
/// Ctrl-C. A console has room for one: who connects drops whoever is there.
#[derive(Args, Debug)]
pub struct RelayArgs {
    /// The instances: their ids, names or IP addresses. Each gets a port of its own.
    #[arg(value_name = "INSTANCE", value_parser = Query::parse, add = ArgValueCompleter::new(complete::instances), required_unless_present = "instances", conflicts_with = "instances")]
    positional: Vec<Query>,
    /// The same as the positional, for scripts that name everything.
    #[arg(short, long = "instance", id = "instances", value_name = "INSTANCE", value_parser = Query::parse, add = ArgValueCompleter::new(complete::instances))]
    instance: Vec<Query>,
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

/// `-o json`: where an instance's console is served.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    host: Option<String>,
    port: Option<u16>,
    socket: Option<String>,
}

/// Runs the verb.
pub async fn run(args: RelayArgs, global: &Global, env: &Environment, output: Output) -> Result<ExitCode, Failure> {
    let queries: Vec<Query> = args.positional.iter().chain(&args.instance).cloned().collect();
    let places = places(&args, queries.len())?;
    let global = match (args.wait, global.timeout) {
        (true, None) => &Global { timeout: Some(WAIT), ..global.clone() },
        _ => global,
    };
    let layers = load::layers(global, env, output)?;
    let usual = layers.usual_timeout()?;
    let session = Arc::new(session::begin(&layers, env, output).await?);
    let found = find::targets(&session, &queries, args.wait, output).await;
    let ready = found.into_iter().map(async |found| running(&session, found?, args.wait, output).await);
    let targets = all(join_all(ready).await, &queries, output)?;
    let mut listeners = Vec::new();
    for place in &places {
        listeners.push(bind(place).await?);
    }

    // Nobody asks what system runs there: it is the page that wants to know.
    let page = PageSettings { is_windows: Some(false), password: None };
    let mint = Arc::new(Mint::new(session, &targets, page, output));
    let mut served = Vec::new();
    for (listener, target) in listeners.into_iter().zip(targets) {
        tell(&listener, &target, output)?;
        let way = Arc::new(Way::new(mint.clone(), target, usual, &args.keepalive, output));
        served.push(Port { listener, way, output });
    }
    for warning in warnings(&args) {
        output.warning(&warning);
    }
    output
        .note("serving until Ctrl-C; each viewer that connects gets a console of its own, and drops whoever is there");
    let mut ends: FuturesUnordered<_> = served.into_iter().map(Port::serve).collect();
    let mut first = None;
    while let Some(Err(failure)) = ends.next().await {
        output.failure(&failure);
        first.get_or_insert(failure.exit);
    }
    Ok(first.unwrap_or(ExitCode::Done))
}

/// All of them, or the first failure, the others told.
fn all(found: Vec<Result<Target, Failure>>, queries: &[Query], output: Output) -> Result<Vec<Target>, Failure> {
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

/// Where to listen.
enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

fn places(args: &RelayArgs, count: usize) -> Result<Vec<Place>, Failure> {
    if let Some(path) = &args.unix {
        return match count {
            1 => Ok(vec![Place::Unix(path.clone())]),
            _ => Err(Failure::message(ExitCode::Usage, "--unix serves one instance; start one relay for each")),
        };
    }
    if !args.listen.is_loopback() && !args.allow_remote {
        let message = format!("{} can be reached from other machines", args.listen);
        let hint = "--allow-remote lets them; safer is an SSH tunnel to the relay's port (ssh -L)";
        return Err(Failure::message(ExitCode::Usage, message).hint(hint));
    }
    let port_of = |index: usize| match args.port {
        0 => Some(0),
        first => u16::try_from(index).ok().and_then(|index| first.checked_add(index)),
    };
    let ports: Option<Vec<u16>> = (0..count).map(port_of).collect();
    let ports = ports.ok_or_else(|| {
        Failure::message(ExitCode::Usage, format!("there are no {count} ports from --port {} on", args.port))
    })?;
    Ok(ports.into_iter().map(|port| Place::Tcp(SocketAddr::new(args.listen, port))).collect())
}

async fn bind(place: &Place) -> Result<Listener, Failure> {
    let (listener, at, hint) = match place {
        Place::Tcp(address) => (Listener::tcp(*address).await, address.to_string(), "try another --port"),
        Place::Unix(path) => (Listener::unix(path).await, path.display().to_string(), "try another --unix PATH"),
    };
    listener.map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("could not listen on {at}"));
        Failure::new(ExitCode::ActionFailed, error).hint(hint)
    })
}

/// Says where it listens, at once: a script waits for the line.
fn tell(listener: &Listener, target: &Target, output: Output) -> Result<(), Failure> {
    let socket = listener.path().map(|path| path.display().to_string());
    let address = listener.address();
    if output.is_json() {
        let (instance_id, region_id) = (target.instance.as_str(), target.region.as_str());
        let (host, port) = (address.map(|address| address.ip().to_string()), address.map(|address| address.port()));
        return output.json(&Line { instance_id, region_id, host, port, socket });
    }
    output.line(&for_viewers(listener))?;
    if let Some(address) = address {
        let instance = &target.instance;
        output.note(&format!(
            "{instance}: give {} to TigerVNC, RealVNC or TightVNC, and vnc://{address} to others",
            for_viewers(listener)
        ));
    }
    Ok(())
}

/// What TigerVNC, RealVNC and TightVNC are told: two colons part a port, one would part a display's number.
pub fn for_viewers(listener: &Listener) -> String {
    match (listener.address(), listener.path()) {
        (Some(SocketAddr::V6(address)), _) => format!("[{}]::{}", address.ip(), address.port()),
        (Some(address), _) => format!("{}::{}", address.ip(), address.port()),
        (None, path) => path.unwrap_or(std::path::Path::new("")).display().to_string(),
    }
}

fn warnings(args: &RelayArgs) -> Vec<String> {
    let mut warnings = Vec::new();
    if args.unix.is_some() {
        return warnings;
    }
    if !args.listen.is_loopback() {
        warnings.push(format!("whoever reaches {} has the console, and what passes is not encrypted", args.listen));
    } else if !listen::peer_check_is_possible() {
        let other = if cfg!(unix) { "; --unix is for you alone" } else { "" };
        warnings.push(format!(
            "on this system it cannot be seen whose viewer connects: any user of this machine can{other}"
        ));
    }
    warnings
}

/// An instance that is served.
struct Port {
    listener: Listener,
    way: Arc<Way>,
    output: Output,
}

impl Port {
    /// Serves viewers until somebody else is on the console.
    async fn serve(self) -> Result<Infallible, Failure> {
        let Self { listener, way, output } = self;
        let (sender, mut taken) = mpsc::channel(1);
        loop {
            let accepted = tokio::select! {
                biased;
                why = taken.recv() => {
                    let why = why.expect("this room has a sender");
                    return Err(way::taken(&way.target().instance, &why));
                }
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok(Ok((viewer, who))) => {
                    let (way, sender) = (way.clone(), sender.clone());
                    tokio::spawn(async move {
                        output.detail(2, &format!("{}: a viewer has connected from {who}", way.target().instance));
                        match way.serve(viewer).await {
                            Ok(Served::Left) => {}
                            Ok(Served::Dropped(why)) => {
                                output.warning(&format!("{}: the console was lost: {why}", way.target().instance));
                            }
                            // Once is enough.
                            Ok(Served::Taken(why)) => drop(sender.try_send(why)),
                            Err(failure) => output.failure(&failure.about(&way.target().instance)),
                        }
                    });
                }
                Ok(Err(stranger)) => {
                    output.warning(&format!("{}: a viewer was refused: {stranger}", way.target().instance));
                }
                // Out of file descriptors, most likely: let some go.
                Err(error) => {
                    output.warning(&format!("{}: could not take a viewer: {error}", way.target().instance));
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                }
            }
        }
    }
}
