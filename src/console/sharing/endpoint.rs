//! A local port or Unix socket where viewers share one session with an instance's console.

use crate::command_error::CommandError;
use crate::console::gateway::{self, SessionEnd};
use crate::console::local_endpoint::{self, ListenAddress, no_longer_accepting};
use crate::console::sharing::clients::serve_clients;
use crate::console::sharing::publication::Publication;
use crate::console::sharing::shared_console::SharedConsole;
use crate::listen::Listener;
use crate::rfb::server::Security;
use crate::secret::Secret;
use crate::share::ServeOptions;

/// Serves viewers, and the user's other commands, until another client takes the console over. Returns that as an error.
/// `password` is the VNC password of the instance.
pub(crate) async fn serve(
    listener: Listener,
    publication: Publication,
    options: ServeOptions,
    password: Option<Secret>,
) -> CommandError {
    let (hub, gateway) = (publication.hub.clone(), publication.gateway.clone());
    let console = SharedConsole::new(publication, password);
    tokio::select! {
        error = serve_console(&console) => error,
        () = serve_clients(&hub, &listener, None, &options, &gateway) => no_longer_accepting(),
    }
}

/// Keeps the console open for its viewers until another client takes it over.
async fn serve_console(console: &SharedConsole) -> CommandError {
    let Publication { gateway, hub, .. } = &console.publication;
    let (id, output) = (&gateway.instance().id, gateway.output());
    loop {
        let reason = match console.serve().await {
            Ok(SessionEnd::TakenOver(reason)) => {
                // A later viewer would wait for a console that stays closed.
                console.publication.note_takeover();
                hub.close(&reason.to_string());
                hub.drained().await;
                return gateway::taken_over(id, &reason);
            }
            Ok(SessionEnd::Dropped(reason)) => {
                output.warning(&format!("the console of {id} was lost: {reason}"));
                reason.to_string()
            }
            Ok(SessionEnd::Left { .. } | SessionEnd::Superseded { .. }) => continue,
            Err(error) => {
                let reason = format!("{:#}", error.error);
                output.failure(&error.about(id));
                reason
            }
        };
        hub.disconnect_all(&reason);
    }
}

/// Returns a warning if others than the user can connect to the address.
pub(crate) fn exposure_warning(address: &ListenAddress, options: &ServeOptions) -> Option<String> {
    match (address, &options.security) {
        (ListenAddress::Tcp(tcp), Security::Password { .. }) if !tcp.ip().to_canonical().is_loopback() => {
            let can = if options.is_read_only { "see" } else { "use" };
            Some(format!(
                "anyone who knows the password and can reach {} can {can} the console, and the connection is not encrypted",
                tcp.ip()
            ))
        }
        (_, Security::Password { .. }) => None,
        (_, Security::None) => local_endpoint::exposure_warning(address),
    }
}
