//! Serves one client.

use std::pin::pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Duration, timeout};

use super::input::{Held, Input};
use super::screen::{Admission, ClientNumber, SharedScreen};
use crate::rfb::server::{self, ClientMessage, Encoder, Security, ServerError, read_message, send_update};

/// How long a client may take for its version, as with the byte relay.
const GREETING_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a client may take for its password: someone may have to look it up.
const PASSWORD_TIMEOUT: Duration = Duration::from_secs(180);

/// How long a client may take for the rest of the handshake.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a client that is disconnected may take to read why.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);

/// What a client may do, and how it is served.
#[derive(Clone, Debug)]
pub(crate) struct ServeOptions {
    pub(crate) security: Security,
    /// Whether the client's keys and pointer are ignored.
    pub(crate) is_read_only: bool,
    /// Whether the client is a program that reads the screen, not a viewer. Its requests for the whole screen are passed on to the
    /// console, so that the answer is as new as without the hub, and it is disconnected when the session ends: what it types
    /// after that would be lost. For viewers, the picture at hand comes sooner, and they stay.
    pub(crate) is_program: bool,
}

pub(super) async fn serve<D>(
    stream: D,
    options: &ServeOptions,
    joined: impl FnOnce(),
    screen: &SharedScreen,
    input: &mpsc::Sender<Input>,
) -> Result<(), ServerError>
where
    D: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufStream::new(stream);
    let greeting = server::agree_on_version(&mut stream);
    let Some(version) = within(GREETING_TIMEOUT, greeting).await? else { return Ok(()) };
    let security = &options.security;
    let agreeing = server::agree_on_security(&mut stream, version, security);
    let Some(()) = within(PASSWORD_TIMEOUT, agreeing).await? else { return Ok(()) };
    let mut admission = screen.add(options.is_program);
    let _removal = Removal(screen, admission.number);
    joined();
    let (size, name) = match wait_for_console(screen, &mut admission).await {
        Ok(opened) => opened,
        Err(reason) => {
            within(INIT_TIMEOUT, server::refuse(&mut stream, version, security, &reason)).await?;
            return Err(ServerError::Refused(reason));
        }
    };
    within(INIT_TIMEOUT, server::accept(&mut stream, version, security)).await?;
    let Some(()) = within(INIT_TIMEOUT, server::initialise(&mut stream, size, &name)).await? else { return Ok(()) };
    let mut held = Held::default();
    let result = exchange(stream, options, screen, input, admission, &mut held).await;
    held.release(input).await;
    match result {
        Err(error) if error.is_leaving() => Ok(()),
        result => result,
    }
}

/// Removes the client at the end, also if the call is dropped.
struct Removal<'a>(&'a SharedScreen, ClientNumber);

impl Drop for Removal<'_> {
    fn drop(&mut self) {
        self.0.remove(self.1);
    }
}

async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, ServerError>>) -> Result<T, ServerError> {
    timeout(limit, step).await.unwrap_or(Err(ServerError::Silent))
}

/// Waits for the size and the name of the console, or for the reason why there is none.
async fn wait_for_console(screen: &SharedScreen, admission: &mut Admission) -> Result<((u16, u16), String), String> {
    loop {
        if let Some(opened) = screen.open_view(admission.number) {
            return Ok(opened);
        }
        tokio::select! {
            () = admission.wake.notified() => {}
            reason = &mut admission.end => return Err(reason.unwrap_or_default()),
        }
    }
}

/// Serves a client after the handshake.
async fn exchange<D>(
    stream: D,
    options: &ServeOptions,
    screen: &SharedScreen,
    input: &mpsc::Sender<Input>,
    Admission { number, wake, mut end }: Admission,
    held: &mut Held,
) -> Result<(), ServerError>
where
    D: AsyncRead + AsyncWrite + Unpin,
{
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut reading = pin!(read(&mut reader, options, screen, input, (number, &wake), held));
    let mut writing = pin!(write(&mut writer, screen, number, &wake));
    let reason = tokio::select! {
        result = &mut reading => return result,
        result = &mut writing => return result,
        reason = &mut end => reason.unwrap_or_default(),
    };
    screen.dismiss(number, &reason);
    // An update that is being sent is sent to its end, and the reason goes with the answer to the client's next request.
    let farewell = async {
        tokio::select! { _ = reading => {}, _ = writing => {} }
    };
    _ = timeout(FAREWELL_TIMEOUT, farewell).await;
    Err(ServerError::Refused(reason))
}

/// Reads a client's messages until it leaves.
async fn read<R>(
    reader: &mut R,
    options: &ServeOptions,
    screen: &SharedScreen,
    input: &mpsc::Sender<Input>,
    (number, wake): (ClientNumber, &Notify),
    held: &mut Held,
) -> Result<(), ServerError>
where
    R: AsyncRead + Unpin,
{
    while let Some(message) = read_message(reader).await? {
        if let Some(next) = Input::of(message) {
            let has_upstream = screen.with_view(number, |_, state| state.has_upstream).unwrap_or(false);
            if has_upstream && !options.is_read_only {
                held.follow(&next);
                // The hub keeps the receiver.
                _ = input.send(next).await;
            }
            continue;
        }
        if options.is_program && matches!(message, ClientMessage::UpdateRequest { is_incremental: false, .. }) {
            screen.await_refresh(number);
        }
        screen.with_view(number, |view, _| view.handle(message));
        wake.notify_one();
    }
    Ok(())
}

/// Writes what is due, until the client is dismissed.
async fn write<W>(writer: &mut W, screen: &SharedScreen, number: ClientNumber, wake: &Notify) -> Result<(), ServerError>
where
    W: AsyncWrite + Unpin,
{
    let mut encoder = Encoder::default();
    loop {
        let due = screen.with_view(number, |view, state| {
            let due = (view.take_notices(state.accepts_scancodes), view.take_due(state.has_picture));
            (due, state.is_ending && !view.has_untold_name())
        });
        let Some(((notices, update), has_ended)) = due else { return Ok(()) };
        for notice in &notices {
            writer.write_all(notice).await?;
        }
        if !notices.is_empty() {
            writer.flush().await?;
        }
        match update {
            Some(update) => send_update(writer, &update, &mut encoder, screen).await?,
            None if has_ended => return Ok(()),
            None if notices.is_empty() => wake.notified().await,
            None => {}
        }
    }
}
