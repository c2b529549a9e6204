//! A console without a viewer: an RFB client at the near end of a [`ConsoleGateway`].
//!
//! ```text
//! RFB client ─ duplex ─ ConsoleGateway::serve ─ WebSocket → console
//!            └ or the socket of another command that serves this console
//! ```

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{timeout, timeout_at};

use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::args::{ScreenArgs, SharingArg};
use crate::console::gateway::{ConsoleGateway, SessionEnd, gateway_without_viewer};
use crate::console::input_guard::{InputError, SEND_TIMEOUT};
use crate::console::key_sender;
use crate::console::learned_cache::LearnedCache;
use crate::console::live_text::LiveText;
use crate::console::readiness::{note_takeover, require_running};
use crate::console::reading::new_rows::RowsBefore;
use crate::console::reading::typed_words::TypedWords;
use crate::console::session_errors::{
    Session, cannot_join, explain, is_end, is_password_missing, lost, session_end, timed_out,
};
use crate::error_kind::ErrorKind;
use crate::instances::{InstanceSelector, ResolvedInstance, resolve};
use crate::keyboard::{KeyAction, KeyEncoding, Keystroke, SHIFT};
use crate::picture::{Picture, Point};
use crate::rfb::{Client, ClientError, ClientOptions, Event};
use crate::screen_text::Screen;
use crate::secret::Secret;
use crate::settings::{Context, Settings};
use crate::system::blocking;
use crate::system::clock::{Clock, Deadline};
use crate::terminal::progress::Progress;
use crate::terminal::prompt::ask_password;

/// The buffer between the client and the console's WebSocket, in bytes.
pub(crate) const BUFFER_LEN: usize = 256 << 10;

/// How long the console may take to answer after the last keys.
const LAST_ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a sleeping screen may take to show something after a key.
const WAKE_TIMEOUT: Duration = Duration::from_secs(1);

/// Where a client's console is: at the end of a session of this process, or behind another process.
pub(crate) trait ConsoleStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ConsoleStream for S {}

/// A client of a console.
pub(crate) type ConsoleClient = Client<Box<dyn ConsoleStream>>;

/// An open console, and the client on it.
pub(crate) struct RemoteScreen {
    pub(crate) client: ConsoleClient,
    gateway: Arc<ConsoleGateway>,
    /// The session below the client; `None` once its result was taken, and if it is that of another command.
    session: Option<Session>,
    /// Whose session this is, if it is that of another command.
    served_by: Option<String>,
    /// Whether it may join others' sessions.
    sharing: SharingArg,
    text: LiveText,
    /// The VNC password that the console was opened with.
    password: Option<Secret>,
    /// What this command has typed on it.
    pub(crate) typed: TypedWords,
    /// Where this command has put the pointer last.
    pub(crate) pointer: Option<Point>,
    /// What it showed when this command typed the last secret.
    pub(crate) answered: Option<RowsBefore>,
}

impl RemoteScreen {
    /// Resolves the instance of a command and opens its console. Everything that can fail without the console comes
    /// first. `timeout_flag` is `--timeout`, where the command has no other use for it.
    pub(crate) async fn of(
        selector: &InstanceSelector,
        args: &ScreenArgs,
        settings: &Settings,
        timeout_flag: Option<Duration>,
        context: &Context,
    ) -> Result<Self, CommandError> {
        let output = context.output;
        let (password, default) = (args.password(settings)?, args.wait.default_timeout(settings)?);
        let time_limit = args.wait.time_limit(timeout_flag, default);
        let account = Arc::new(Account::open(settings, time_limit, context).await?);
        let instance = resolve(&account, selector, args.wait.is_set(), output).await?;
        let instance = require_running(&account, instance, args.wait, output).await?;
        let deadline = args.wait.console_deadline(&account, default);
        let mut progress = Progress::new(account.clock(), output);
        let gateway = gateway_without_viewer(account, instance, deadline.total, output);
        let opening = async {
            if let Some(joined) = Self::join(&gateway, args.sharing, deadline).await? {
                return Ok(joined);
            }
            note_takeover(gateway.instance(), output);
            Self::open(gateway, password, deadline).await
        };
        let screen = progress.during(&format!("opening the console of {selector}"), opening).await?;
        Ok(Self { text: LiveText::new(LearnedCache::of_user(context)), sharing: args.sharing, ..screen })
    }

    /// Joins the session of another command of this user, which goes on. `None` if there is none, or if `sharing` does not
    /// allow it. That command may open the console first, so it has as long as this one would have.
    pub(crate) async fn join(
        gateway: &Arc<ConsoleGateway>,
        sharing: SharingArg,
        deadline: Deadline,
    ) -> Result<Option<Self>, CommandError> {
        let Some(found) = sharing.registry().find(&gateway.console_key()).await else { return Ok(None) };
        let (id, served_by) = (&gateway.instance().id, found.record.served_by());
        let stream: Box<dyn ConsoleStream> = Box::new(found.stream);
        match timeout_at(deadline.at, Client::connect(stream, &ClientOptions::default())).await {
            Ok(Ok(client)) => {
                gateway.output().detail(1, &format!("{id}: joined the session of {served_by}"));
                let joined = Self::new(client, gateway.clone(), None, None);
                Ok(Some(Self { served_by: Some(served_by), sharing, ..joined }))
            }
            // It has just ended.
            Ok(Err(error)) if is_end(&error) => Ok(None),
            Ok(Err(error)) => Err(cannot_join(id, &served_by, &error.to_string())),
            Err(_) => Err(cannot_join(id, &served_by, "it does not answer")),
        }
    }

    /// Issues a VncUrl, connects, and completes the RFB handshake. `password` is the instance's VNC password. If there is
    /// none and the console wants one, asks for it on the terminal and connects again: the URL may have expired by then.
    pub(crate) async fn open(
        gateway: Arc<ConsoleGateway>,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Self, CommandError> {
        let has_password = password.is_some();
        match Self::connect(gateway.clone(), password, deadline).await {
            Err(error) if !has_password && is_password_missing(&error) && io::stdin().is_terminal() => {
                let question = format!("VNC password of {} (not shown): ", gateway.instance().id);
                let asked = blocking::run(move || ask_password(&question)).await;
                let password = asked.map_err(|error| CommandError::new(ErrorKind::Other, error))??;
                let deadline = gateway.clock().deadline(deadline.total);
                Self::connect(gateway, Some(Secret::new(password.expose())), deadline).await
            }
            outcome => outcome,
        }
    }

    async fn connect(
        gateway: Arc<ConsoleGateway>,
        password: Option<Secret>,
        deadline: Deadline,
    ) -> Result<Self, CommandError> {
        let (near, far) = tokio::io::duplex(BUFFER_LEN);
        let served = gateway.clone();
        let session = tokio::spawn(async move { served.serve(far).await });
        let options = ClientOptions { password: password.clone(), ..ClientOptions::default() };
        let id = &gateway.instance().id;
        let stream: Box<dyn ConsoleStream> = Box::new(near);
        match timeout_at(deadline.at, Client::connect(stream, &options)).await {
            Ok(Ok(client)) => {
                gateway.report_desktop(client.desktop_name());
                Ok(Self::new(client, gateway, Some(session), password))
            }
            Ok(Err(error)) => {
                let end = session_end(&error, Some(session)).await;
                Err(explain(id, error, end))
            }
            Err(_) => {
                session.abort();
                Err(timed_out(id, "complete the VNC handshake", deadline))
            }
        }
    }

    fn new(
        client: ConsoleClient,
        gateway: Arc<ConsoleGateway>,
        session: Option<Session>,
        password: Option<Secret>,
    ) -> Self {
        let (text, typed) = (LiveText::default(), TypedWords::default());
        Self {
            client,
            gateway,
            session,
            served_by: None,
            sharing: SharingArg::NEVER,
            password,
            text,
            typed,
            pointer: None,
            answered: None,
        }
    }

    /// Connects to the console again after the session has ended. What is known of its text stays known.
    pub(crate) async fn reopen(&mut self, deadline: Deadline) -> Result<(), CommandError> {
        let fresh = match Self::join(&self.gateway, self.sharing, deadline).await? {
            Some(joined) => joined,
            None => Self::connect(self.gateway.clone(), self.password.clone(), deadline).await?,
        };
        (self.client, self.session, self.served_by) = (fresh.client, fresh.session, fresh.served_by);
        Ok(())
    }

    /// Why the session ended, if connecting again may help. Fails if another client has the console, and if the console cannot
    /// be understood.
    pub(crate) async fn reason_to_reconnect(&mut self, error: ClientError) -> Result<String, CommandError> {
        if let Some(served_by) = self.served_by.take_if(|_| is_end(&error)) {
            return Ok(format!("the session of {served_by} has ended"));
        }
        let end = session_end(&error, self.session.take()).await;
        let is_taken_over = matches!(end, Some(Ok(SessionEnd::TakenOver(_))));
        if let Some(Ok(SessionEnd::Dropped(reason))) = end {
            return Ok(reason.to_string());
        }
        let error = explain(&self.gateway.instance().id, error, end);
        if is_taken_over || !error.kind.is_transient() { Err(error) } else { Ok(format!("{:#}", error.error)) }
    }

    pub(crate) fn instance(&self) -> &ResolvedInstance {
        self.gateway.instance()
    }

    pub(crate) fn clock(&self) -> &Clock {
        self.gateway.clock()
    }

    /// Returns a deadline for the console's next answer.
    pub(crate) fn answer_deadline(&self) -> Deadline {
        self.clock().deadline(self.gateway.timeout())
    }

    /// Returns a picture of the whole screen as it is now.
    ///
    /// A screen that changes meanwhile may come out torn: servers send it in pieces, and RFC 6143 does not say that the
    /// pieces are of one moment.
    pub(crate) async fn picture(&mut self, deadline: Deadline) -> Result<Picture, CommandError> {
        self.refresh(deadline).await?;
        self.received_picture()
    }

    /// Requests the whole screen as it is now, and waits for it.
    pub(crate) async fn refresh(&mut self, deadline: Deadline) -> Result<(), CommandError> {
        self.with_deadline(deadline, "show a whole screen", Client::refresh_screen).await
    }

    /// Returns a picture of what the client has received so far.
    pub(crate) fn received_picture(&self) -> Result<Picture, CommandError> {
        let screen = self.client.screen();
        let picture = Picture::new(screen.width().into(), screen.height().into(), screen.rgb());
        picture.map_err(|error| CommandError::new(ErrorKind::BadAnswer, error))
    }

    /// Reads the text of what the client has received so far.
    pub(crate) fn read_text(&mut self) -> Screen {
        self.text.read(self.client.screen(), self.gateway.output())
    }

    /// Wakes a sleeping screen: presses Shift, which types nothing, and waits up to a second for an update.
    pub(crate) async fn wake(&mut self, deadline: Deadline) -> Result<(), CommandError> {
        self.press_keys(&[KeyAction::Press(vec![SHIFT])], false).await?;
        let work = async |client: &mut ConsoleClient| {
            client.request_changes().await?;
            let drawn = async {
                loop {
                    match client.next_event().await? {
                        // It answers the request, but shows nothing.
                        Event::Update { damage: None } => client.request_changes().await?,
                        Event::Leds(_) | Event::Bell => {}
                        Event::Update { .. } | Event::Resized => return Ok(()),
                    }
                }
            };
            timeout(WAKE_TIMEOUT, drawn).await.unwrap_or(Ok(()))
        };
        self.with_deadline(deadline, "show a whole screen", work).await
    }

    /// Presses keys. `use_keysyms` sends keysyms even where the console takes scancodes.
    pub(crate) async fn press_keys(&mut self, actions: &[KeyAction], use_keysyms: bool) -> Result<(), CommandError> {
        let encoding = self.key_encoding(use_keysyms).await?;
        self.typed.end_line();
        match key_sender::perform(&mut self.client, encoding, actions).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain_input_error(error).await),
        }
    }

    /// Types keystrokes, one each `interval`, and calls `progress` with the number typed so far.
    pub(crate) async fn type_keystrokes(
        &mut self,
        encoding: KeyEncoding,
        keystrokes: &[Keystroke],
        interval: Duration,
        progress: impl FnMut(usize),
    ) -> Result<(), CommandError> {
        let typed = key_sender::type_keystrokes(&mut self.client, encoding, keystrokes, interval, progress).await;
        match typed {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain_input_error(error).await),
        }
    }

    /// Types keystrokes with `gap` between two key events.
    pub(crate) async fn type_dense(
        &mut self,
        encoding: KeyEncoding,
        keystrokes: &[Keystroke],
        gap: Duration,
    ) -> Result<(), CommandError> {
        match key_sender::type_dense(&mut self.client, encoding, keystrokes, gap).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain_input_error(error).await),
        }
    }

    /// Finds out how this console takes keys.
    pub(crate) async fn key_encoding(&mut self, use_keysyms: bool) -> Result<KeyEncoding, CommandError> {
        let deadline = self.answer_deadline();
        let detect = async |client: &mut ConsoleClient| key_sender::detect_encoding(client, use_keysyms).await;
        self.with_deadline(deadline, "show a whole screen", detect).await
    }

    /// Reads the console's messages for `time`.
    pub(crate) async fn drain_for(&mut self, time: Duration) -> Result<(), CommandError> {
        match key_sender::drain_for(&mut self.client, time).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explain(error).await),
        }
    }

    /// Runs the client's work up to a deadline. `what` completes "the console did not …" in the error.
    async fn with_deadline<T>(
        &mut self,
        deadline: Deadline,
        what: &str,
        work: impl AsyncFnOnce(&mut ConsoleClient) -> Result<T, ClientError>,
    ) -> Result<T, CommandError> {
        match timeout_at(deadline.at, work(&mut self.client)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.explain(error).await),
            Err(_) => Err(timed_out(&self.instance().id, what, deadline)),
        }
    }

    /// The error for the user, with the reason for the session's end where it ended. The session is over then.
    pub(crate) async fn explain(&mut self, error: ClientError) -> CommandError {
        let id = &self.gateway.instance().id;
        match &self.served_by {
            Some(served_by) if is_end(&error) => lost(id, &format!("the session of {served_by} has ended")),
            _ => {
                let end = session_end(&error, self.session.take()).await;
                explain(id, error, end)
            }
        }
    }

    /// The error for the user where keys or pointer events were not sent.
    pub(crate) async fn explain_input_error(&mut self, error: InputError) -> CommandError {
        match error {
            InputError::Interrupted => CommandError::interrupted(),
            InputError::Client(error) => self.explain(error).await,
            InputError::Stuck => {
                let (id, seconds) = (&self.instance().id, SEND_TIMEOUT.as_secs());
                let message = format!("the console of {id} accepted no key and no pointer event for {seconds} s");
                CommandError::message(ErrorKind::TimeLimit, message).of_instance(id)
            }
        }
    }

    /// Closes the session after the console has answered, which shows that it has read the last keys and pointer events: a proxy may drop
    /// those that come just before the end.
    pub(crate) async fn close(mut self) -> Result<(), CommandError> {
        if self.client.is_input_confirmed() {
            return Ok(());
        }
        match timeout(LAST_ANSWER_TIMEOUT, self.client.refresh_screen()).await {
            // A console that does not answer has most likely read them.
            Ok(Ok(())) | Err(_) => Ok(()),
            Ok(Err(error)) => Err(self.explain(error).await),
        }
    }
}
