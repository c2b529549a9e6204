//! Accepts viewers of one console, and reports those that cannot be accepted.

use crate::listen::{ListenEvent, Listener, Stream};
use crate::terminal::output::Output;

/// The most viewers that are connected at the same time: each needs two file descriptors, and a console has one session.
const MAX_VIEWERS: usize = 128;

/// Accepts viewers for ever. `serve` gets each with its address, and must not wait.
pub(super) async fn accept(listener: &Listener, instance: &str, output: Output, serve: impl Fn(Stream, String)) {
    let on_event = |event| match event {
        ListenEvent::Connected { stream, peer } => serve(stream, peer.to_string()),
        ListenEvent::Refused(peer) if peer.has_disconnected() => {
            output.detail(1, &format!("{instance}: a viewer disconnected before it was accepted"));
        }
        ListenEvent::Refused(peer) => output.warning(&format!("{instance}: refused {peer}")),
        ListenEvent::Failed(error) => output.warning(&format!("{instance}: could not accept a viewer: {error}")),
    };
    listener.accept_loop(MAX_VIEWERS, on_event).await;
}
