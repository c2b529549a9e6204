//! The events of the console page that are reported to `open`.

use serde::Serialize;

/// How a console session of the page ended, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PageSessionEnd {
    /// The reason as a sentence, with a full stop; empty where there is none.
    pub(crate) reason: String,
    /// Whether the page may reconnect by itself.
    pub(crate) may_reconnect: bool,
}

/// Each `Opened` is followed by a `Closed`, each `Connecting` by a `Disconnected`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageEvent {
    /// The page was opened in a first tab.
    Opened,
    /// The page opened its WebSocket, and the console is being connected.
    Connecting,
    /// The WebSocket was closed.
    Disconnected(PageSessionEnd),
    /// The last tab was closed or reloaded.
    Closed,
    /// A connection from another user was refused, with the reason.
    Refused(String),
}
