//! Connects the viewers that a command starts: to one session that they share, or each to its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;

use super::publication::Publication;
use super::shared_console::SharedConsole;
use crate::command_error::CommandError;
use crate::console::args::SharingArg;
use crate::console::gateway::{ConsoleGateway, SessionEnd};
use crate::console::readiness::note_takeover;
use crate::console::session_errors::is_password_fault;
use crate::relay::DropReason;
use crate::rfb::server::Security;
use crate::secret::Secret;
use crate::share::{ExpectedClient, ServeOptions};
use crate::vnc::password::VncPassword;

/// How viewers are served: they may type, and stay when the session is lost.
const VIEWING: ServeOptions = ServeOptions { security: Security::None, is_read_only: false, is_program: false };

/// Connects viewers to an instance's console.
pub(crate) struct ViewerGateway {
    gateway: Arc<ConsoleGateway>,
    /// `None` where each viewer has a session of its own.
    shared: Option<Arc<SharedSession>>,
    /// Keeps the session that is shared.
    task: Option<JoinHandle<()>>,
}

struct SharedSession {
    console: SharedConsole,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How the last session ended, for one of the viewers that it has disconnected.
    end: Option<Result<SessionEnd, CommandError>>,
    /// Whether the console asks for a password that only its viewers know.
    needs_viewers_password: bool,
    /// Set once another client has the console. It is not opened again then: that would disconnect that client.
    taken_over: Option<DropReason>,
}

impl State {
    /// How the session ended, for a viewer that it has disconnected.
    fn take_end(&mut self) -> Option<Result<SessionEnd, CommandError>> {
        let taken_over = self.taken_over.clone().map(|reason| Ok(SessionEnd::TakenOver(reason)));
        taken_over.or_else(|| self.end.take())
    }
}

/// What became of the console for a viewer.
enum Opening {
    /// The viewer counts until it is served.
    Open(ExpectedClient),
    NeedsViewersPassword,
    Ended(Result<SessionEnd, CommandError>),
}

impl ViewerGateway {
    /// Each viewer gets a session of its own, which disconnects the one before. The viewer itself gives the VNC password.
    pub(crate) fn unshared(gateway: Arc<ConsoleGateway>) -> Self {
        Self { gateway, shared: None, task: None }
    }

    /// All viewers and the user's other commands use one session, unless `sharing` does not allow it. `password` is the VNC
    /// password of the instance. A console that asks for one that is not known is not shared: the viewers ask for it. `command`
    /// is the name of the command.
    pub(crate) fn new(
        gateway: Arc<ConsoleGateway>,
        sharing: SharingArg,
        password: Option<&VncPassword>,
        command: &'static str,
    ) -> Self {
        if sharing.is_given() {
            return Self::unshared(gateway);
        }
        let password = password.map(|password| Secret::new(password.expose()));
        let publication = Publication::new(gateway.clone(), sharing.registry(), command);
        let console = SharedConsole::new(publication, password);
        let shared = Arc::new(SharedSession { console, state: Mutex::default() });
        let serving = shared.clone();
        let task = tokio::spawn(async move { serving.serve().await });
        Self { gateway, shared: Some(shared), task: Some(task) }
    }

    /// Says that the console is opened now, unless another command of the user has the session.
    pub(crate) async fn note_takeover(&self) {
        let is_joining = match &self.shared {
            Some(shared) => shared.console.publication.is_served_by_another().await,
            None => false,
        };
        if !is_joining {
            note_takeover(self.gateway.instance(), self.gateway.output());
        }
    }

    /// Whether viewers share a session, as far as the console allows it.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Whether a shared session was ever open.
    pub(crate) fn has_begun(&self) -> bool {
        self.shared.as_ref().is_some_and(|shared| shared.console.has_begun())
    }

    pub(crate) fn console(&self) -> &Arc<ConsoleGateway> {
        &self.gateway
    }

    /// Connects a viewer, and returns when it has left or the session is over. All viewers are told of a takeover. Where several
    /// share a session that is lost for another reason, one of them gets its end; to the others it is as if they had left.
    pub(crate) async fn serve<V>(&self, viewer: V) -> Result<SessionEnd, CommandError>
    where
        V: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let Some(shared) = &self.shared else { return self.gateway.serve(viewer).await };
        match shared.open().await {
            Opening::Open(expected) => shared.serve_viewer(viewer, expected).await,
            Opening::NeedsViewersPassword => self.gateway.serve(viewer).await,
            Opening::Ended(end) => end,
        }
    }
}

impl Drop for ViewerGateway {
    fn drop(&mut self) {
        self.task.iter().for_each(JoinHandle::abort);
    }
}

impl SharedSession {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the console open for its viewers, until another client has it.
    async fn serve(&self) {
        let Publication { gateway, hub, .. } = &self.console.publication;
        loop {
            let end = self.console.serve().await;
            let reason = match &end {
                Err(error) if is_password_fault(error) => {
                    let reason = format!("{:#}", error.error);
                    gateway.output().warning(&format!(
                        "{reason}, so the session is not shared; give the VNC password in ECS_VNC_PASSWORD or as vnc_password in \
                         the profile to share it"
                    ));
                    *self.state() = State { needs_viewers_password: true, ..State::default() };
                    self.console.publication.withdraw().await;
                    hub.disconnect_all(&reason);
                    continue;
                }
                Ok(SessionEnd::TakenOver(reason)) => {
                    self.state().taken_over = Some(reason.clone());
                    self.console.publication.note_takeover();
                    return hub.close(&reason.to_string());
                }
                Ok(SessionEnd::Dropped(reason)) => reason.to_string(),
                Ok(SessionEnd::Left { .. } | SessionEnd::Superseded { .. }) => String::new(),
                Err(error) => format!("{:#}", error.error),
            };
            self.state().end = Some(end);
            hub.disconnect_all(&reason);
        }
    }

    /// Waits until the console is open. The viewer hears nothing before, so that it can be served in another way.
    async fn open(&self) -> Opening {
        let mut viewer = self.console.publication.hub.expect_client();
        let is_open = !self.state().needs_viewers_password
            && tokio::select! {
                () = self.console.opened() => true,
                () = viewer.disconnected() => false,
            };
        let mut state = self.state();
        match () {
            () if is_open => {
                // That of an earlier session is nothing to this viewer.
                state.end = None;
                Opening::Open(viewer)
            }
            () if state.needs_viewers_password => Opening::NeedsViewersPassword,
            () => Opening::Ended(state.take_end().unwrap_or_else(|| self.left())),
        }
    }

    fn left(&self) -> Result<SessionEnd, CommandError> {
        Ok(SessionEnd::Left { has_begun: self.console.has_begun() })
    }

    async fn serve_viewer<V>(&self, viewer: V, expected: ExpectedClient) -> Result<SessionEnd, CommandError>
    where
        V: AsyncRead + AsyncWrite + Unpin,
    {
        let Publication { gateway, hub, .. } = &self.console.publication;
        let id = &gateway.instance().id;
        match hub.serve(viewer, &VIEWING, || drop(expected)).await {
            Ok(()) => self.left(),
            Err(error) => {
                gateway.output().detail(1, &format!("{id}: disconnected a viewer: {error}"));
                self.state().take_end().unwrap_or_else(|| self.left())
            }
        }
    }
}
