//! Lets clients of a port or socket share a hub.

use std::io;

use crate::console::gateway::ConsoleGateway;
use crate::console::viewer_listener;
use crate::listen::{Listener, Stream};
use crate::rfb::server::ServerError;
use crate::session_registry::SessionPort;
use crate::share::{Hub, ServeOptions};
use crate::terminal::output::Output;

/// Serves clients, for ever. Those of a published port must prove first that they are this user's.
pub(super) async fn serve_clients(
    hub: &Hub,
    listener: &Listener,
    port: Option<&SessionPort>,
    options: &ServeOptions,
    gateway: &ConsoleGateway,
) {
    let (id, output) = (gateway.instance().id.clone(), gateway.output());
    let serve = |mut stream: Stream, peer: String| {
        let (hub, port, options, id) = (hub.clone(), port.cloned(), options.clone(), id.clone());
        tokio::spawn(async move {
            if is_admitted(&mut stream, port.as_ref(), &id, &peer, output).await {
                serve_viewer(&hub, stream, &options, &id, &peer, output).await;
            }
        });
    };
    viewer_listener::accept(listener, &id, output, serve).await;
}

/// Whether a client may speak RFB. One that may not is told nothing.
async fn is_admitted(stream: &mut Stream, port: Option<&SessionPort>, id: &str, peer: &str, output: Output) -> bool {
    let Some(port) = port else { return true };
    match port.admit(stream).await {
        Ok(()) => {
            // From now on, clients that prove nothing cannot take its place.
            stream.usage().begin();
            return true;
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            output.warning(&format!("{id}: refused a program at {peer}: {error}"));
        }
        Err(error) => output.detail(1, &format!("{id}: disconnected {peer}: {error}")),
    }
    false
}

async fn serve_viewer(hub: &Hub, stream: Stream, options: &ServeOptions, id: &str, peer: &str, output: Output) {
    let usage = stream.usage();
    let count = hub.client_count();
    let joined = || {
        usage.begin();
        output.detail(1, &format!("{id}: a viewer joined from {peer}; {} share the console", *count.borrow()));
    };
    match hub.serve(stream, options, joined).await {
        Ok(()) => output.detail(1, &format!("{id}: the viewer from {peer} left")),
        Err(error @ ServerError::WrongPassword) => output.warning(&format!("{id}: refused {peer}: {error}")),
        Err(error) => output.detail(1, &format!("{id}: disconnected {peer}: {error}")),
    }
}
