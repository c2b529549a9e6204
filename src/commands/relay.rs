//! `ecs-vnc relay`: a local port for native viewers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::account::Account;
use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::commands::serving;
use crate::console::args::{KeepaliveArgs, WaitArg};
use crate::console::gateway::ConsoleGateway;
use crate::console::instance_info::InstanceInfoCache;
use crate::console::issuer::ConsoleIssuer;
use crate::console::local_endpoint::{self, ListenAddress};
use crate::console::readiness::require_running;
use crate::console::sharing::args::{ShareArgs, password_needed};
use crate::console::sharing::endpoint as shared_endpoint;
use crate::console::sharing::publication::Publication;
use crate::console::sharing::viewer_gateway::ViewerGateway;
use crate::console::viewer_registry::ViewerRegistry;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::selection_args::SelectionArgs;
use crate::instances::{Purpose, ResolvedInstance, RunReport, find_targets, work_on};
use crate::rfb::server::Security;
use crate::secret::Secret;
use crate::session_registry::SessionRegistry;
use crate::settings::Context;

/// How many instances are checked at the same time.
const MAX_CONCURRENT_CHECKS: usize = 8;

const EXAMPLES: &[Example] = &[
    ("Serve the console of web-01 on a free port", "ecs-vnc relay web-01"),
    ("Serve two consoles, on the ports 5951 and 5952", "ecs-vnc relay web-01 office-01 --port 5951"),
    ("Let several viewers share one session", "ecs-vnc relay web-01 --share"),
    ("Serve on a Unix socket that only you can use", "ecs-vnc relay web-01 --unix ~/.ecs-vnc/web-01.sock"),
];

/// Serve the console to VNC viewers on a local port.
///
/// Print the address to connect to, such as 127.0.0.1::41235, one line for each instance, and serve until Ctrl-C,
/// which ends the command with exit code 0. A fresh console URL is requested for each connection, so a viewer can disconnect
/// and reconnect at any time.
///
/// A console has one session at a time: connecting disconnects anyone already on it. With --share, all viewers of this
/// command use one session.
#[derive(Args, Debug)]
#[command(
    after_help = examples(EXAMPLES),
    override_usage = "ecs-vnc relay [OPTIONS] <INSTANCE|--tag|--all>...",
)]
pub(crate) struct RelayArgs {
    #[command(flatten)]
    which: SelectionArgs,
    /// Local address.
    ///
    /// Listen on this address. An address that other machines can reach also needs --allow-remote, and with --share a
    /// password.
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
    #[arg(long, value_name = "PATH", value_parser = path_arg())]
    unix: Option<PathBuf>,
    /// Allow other machines to connect.
    ///
    /// The connection is not encrypted, and anyone who can reach the address gets the console. An SSH tunnel (ssh -L) is
    /// safer.
    #[arg(long)]
    allow_remote: bool,
    #[command(flatten)]
    share: ShareArgs,
    #[command(flatten)]
    keepalive: KeepaliveArgs,
    #[command(flatten)]
    wait: WaitArg,
}

/// Runs the verb.
pub(crate) async fn run(args: RelayArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let wait = args.wait;
    let selection = args.which.clone().running(wait.is_set(), Purpose::Act, context)?;
    selection.check_stdin(args.share.share_password_stdin)?;
    // Errors come before the first request as far as they can. At least one instance is served.
    if args.unix.is_some() && selection.may_be_several() {
        return Err(CommandError::message(ErrorKind::Usage, "--unix serves one instance; start one relay for each"));
    }
    let addresses = listen_addresses(&args, selection.count().unwrap_or(1))?;
    let options = args.share.options(context)?;
    let is_remote =
        |address: &ListenAddress| matches!(address, ListenAddress::Tcp(tcp) if !tcp.ip().to_canonical().is_loopback());
    let is_open = options.as_ref().is_some_and(|options| matches!(options.security, Security::None));
    if is_open && addresses.iter().any(is_remote) {
        return Err(password_needed());
    }
    let settings = context.settings()?;
    let password = if options.is_some() { settings.vnc_password()? } else { None };
    let default = wait.default_timeout(&settings)?;
    let time_limit = wait.time_limit(settings.timeout_flag, default);
    let timeout = wait.request_timeout(settings.timeout_flag, default);
    let account = Arc::new(Account::open(&settings, time_limit, context).await?);
    let targets = find_targets(&account, &selection, wait.is_set(), output).await;
    // Instances that were named by their ids are not looked up, so their status is not known yet.
    let info = InstanceInfoCache::of_selection(account.clone(), &selection, wait.is_set());
    let check = |mut instance: ResolvedInstance| async {
        instance.info = info.info(&instance).await;
        require_running(&account, instance, wait, output).await
    };
    let mut instances = Vec::new();
    let collect = |_: &str, instance| {
        instances.push(instance);
        Ok(None)
    };
    let run = RunReport::new(&selection, &targets, "", "", account.clock(), output);
    let checked = work_on(targets, MAX_CONCURRENT_CHECKS, check);
    let exit_code = run.each(checked, collect).await?;
    if exit_code != ExitCode::SUCCESS {
        return Ok(exit_code);
    }
    let addresses = match selection.count() {
        Some(_) => addresses,
        None => listen_addresses(&args, instances.len())?,
    };
    let mut listeners = Vec::new();
    for address in &addresses {
        listeners.push(local_endpoint::bind(address).await?);
    }

    let issuer = Arc::new(ConsoleIssuer::without_page(account, &instances, output));
    let registry = Arc::new(ViewerRegistry::default());
    let mut served = Vec::new();
    serving::begin();
    for (listener, instance) in listeners.into_iter().zip(instances) {
        local_endpoint::announce(&ListenAddress::of(&listener), &instance, output)?;
        let (issuer, registry, keepalive) = (issuer.clone(), registry.clone(), args.keepalive.keepalive());
        let gateway = ConsoleGateway::new(issuer, registry, instance, timeout, keepalive, output);
        served.push((listener, Arc::new(gateway)));
    }
    // All addresses are of the same kind.
    let exposure_warning = |address| match &options {
        Some(options) => shared_endpoint::exposure_warning(address, options),
        None => local_endpoint::exposure_warning(address),
    };
    if let Some(warning) = addresses.first().and_then(exposure_warning) {
        output.warning(&warning);
    }
    output.write_late_warnings();
    output.note(serving::console_note(options.is_some()));
    let registry = SessionRegistry::of_user();
    let mut ends: FuturesUnordered<_> = served
        .into_iter()
        .map(async |(listener, gateway)| match options.clone() {
            Some(options) => {
                let password = password.as_ref().map(|password| Secret::new(password.expose()));
                let publication = Publication::new(gateway, registry.clone(), "relay");
                shared_endpoint::serve(listener, publication, options, password).await
            }
            None => local_endpoint::serve(listener, Arc::new(ViewerGateway::unshared(gateway)), output).await,
        })
        .collect();
    let mut first_failure = None;
    while let Some(error) = ends.next().await {
        output.failure(&error);
        serving::set_exit_code(*first_failure.get_or_insert(error.kind.exit_code()));
    }
    Ok(first_failure.unwrap_or(ExitCode::SUCCESS))
}

/// Returns the address to listen on for each instance.
fn listen_addresses(args: &RelayArgs, count: usize) -> Result<Vec<ListenAddress>, CommandError> {
    if let Some(path) = &args.unix {
        return Ok(vec![ListenAddress::Unix(path.clone())]);
    }
    if !args.listen.to_canonical().is_loopback() && !args.allow_remote {
        let message = format!("{} would expose the console to other machines", args.listen);
        let hint = "use an SSH tunnel (ssh -L), or --allow-remote to expose it anyway";
        return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    }
    let port_of = |index: usize| match args.port {
        0 => Some(0),
        first => u16::try_from(index).ok().and_then(|index| first.checked_add(index)),
    };
    let ports: Option<Vec<u16>> = (0..count).map(port_of).collect();
    let ports = ports.ok_or_else(|| {
        CommandError::message(
            ErrorKind::Usage,
            format!("{count} instances need {count} ports, but there are fewer from --port {} on", args.port),
        )
    })?;
    Ok(ports.into_iter().map(|port| ListenAddress::Tcp(SocketAddr::new(args.listen, port))).collect())
}
