//! The machines of the account, as far as the user allows them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore};

use super::guard::Guard;
use super::held_session::{HeldSession, Taken};
use super::redaction::Secrets;
use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::args::SharingArg;
use crate::console::gateway::gateway_without_viewer;
use crate::console::picture_source::{Beside, Look, PictureSource, Shot};
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::instances::{InstanceSelector, ResolvedInstance, resolve};
use crate::secret::Secret;
use crate::settings::{Context, Settings};
use crate::system::clock::Deadline;

/// How many pictures are taken at the same time: well below the service's limit for a user.
const MAX_PICTURES: usize = 8;

/// How many sessions stay open between calls. Those of further machines are closed after each call.
const MAX_HELD: usize = 16;

/// The account that all calls share, and who may do what with it.
pub(super) struct Machines {
    pub(super) context: Context,
    pub(super) guard: Guard,
    opened: AsyncMutex<Option<Arc<Opened>>>,
    pictures: Semaphore,
    /// Machines that are typed on, by id, with the session of the last call: two calls at once would disconnect each other.
    consoles: Mutex<HashMap<String, Arc<AsyncMutex<Held>>>>,
    places: Arc<Semaphore>,
}

/// The session of a console that no call uses, if it stayed open.
type Held = Option<HeldSession<RemoteScreen>>;

struct Opened {
    settings: Settings,
    account: Account,
}

/// The account for one call.
pub(super) struct CallAccount {
    pub(super) account: Arc<Account>,
    /// The time limit of requests, and of the opening of a console.
    pub(super) time_limit: Duration,
    password: Option<Secret>,
}

/// An open console. No other call uses it meanwhile.
pub(super) struct OpenConsole {
    pub(super) screen: RemoteScreen,
    turn: OwnedMutexGuard<Held>,
    places: Arc<Semaphore>,
}

impl Machines {
    pub(super) fn new(context: Context, guard: Guard) -> Self {
        let (pictures, places) = (Semaphore::new(MAX_PICTURES), Arc::new(Semaphore::new(MAX_HELD)));
        Self { context, guard, opened: AsyncMutex::default(), pictures, consoles: Mutex::default(), places }
    }

    /// Reads the settings and resolves the credentials at the first call. One that fails is tried again at the next one.
    pub(super) async fn account(&self) -> Result<CallAccount, CommandError> {
        let mut opened = self.opened.lock().await;
        let ready = match &*opened {
            Some(ready) => ready.clone(),
            None => {
                let settings = self.context.settings()?;
                let account = Account::open(&settings, settings.timeout()?, &self.context).await?;
                opened.insert(Arc::new(Opened { settings, account })).clone()
            }
        };
        let time_limit = ready.settings.timeout()?;
        let password = ready.settings.vnc_password()?.map(|password| Secret::new(password.expose()));
        Ok(CallAccount { account: Arc::new(ready.account.with_time_limit(time_limit)), time_limit, password })
    }

    /// Finds the machine that a client names, if it may be used.
    pub(super) async fn find(&self, account: &CallAccount, asked: &str) -> Result<ResolvedInstance, CommandError> {
        let selector = InstanceSelector::parse(asked).map_err(|why| CommandError::message(ErrorKind::Usage, why))?;
        // Its name is needed, and its status.
        let found = resolve(&account.account, &selector, true, self.context.output).await;
        let instance = found.map_err(|error| self.guard.limited(error, asked))?;
        self.guard.check(&instance, asked)?;
        Ok(instance)
    }

    /// A text without the values of the variables that may be typed.
    pub(super) fn redact(&self, text: String) -> String {
        self.secrets().redact(text)
    }

    /// The values of the variables that may be typed.
    pub(super) fn secrets(&self) -> Secrets {
        self.guard.secrets(&self.context.env)
    }

    /// Takes a picture of a screen with the API.
    pub(super) async fn picture(
        &self,
        account: &CallAccount,
        instance: &ResolvedInstance,
        deadline: Deadline,
    ) -> Result<Shot, CommandError> {
        // It is never closed.
        let _slot = self.pictures.acquire().await;
        PictureSource::of_api(account.account.clone(), self.context.output).take(instance, deadline).await
    }

    /// Takes a picture of a screen with the API, and what else `beside` wants.
    pub(super) async fn look(
        &self,
        account: &CallAccount,
        instance: ResolvedInstance,
        beside: Beside,
    ) -> Result<Look, CommandError> {
        // It is never closed.
        let _slot = self.pictures.acquire().await;
        // Others may have been waited for: the time counts from here.
        let fresh = Arc::new(account.account.with_time_limit(account.time_limit));
        PictureSource::of_api(fresh, self.context.output).look_by_api(instance, beside).await
    }

    /// The console of a machine, once no other call uses it: the session of an earlier call that is still open, one of the user's
    /// other commands, or a new one. Fails without a new one if the session of the earlier call was lost:
    /// another client may have the console.
    pub(super) async fn open_console(
        &self,
        account: &CallAccount,
        instance: ResolvedInstance,
    ) -> Result<OpenConsole, CommandError> {
        let mut turn = self.turn(&instance.id).lock_owned().await;
        let deadline = account.account.clock().deadline(account.time_limit);
        let lost = match turn.take() {
            None => None,
            Some(held) => match held.take().await {
                Taken::Closed => None,
                Taken::Lost(error) => Some(error),
                Taken::Open(mut screen) => match screen.resume(deadline).await {
                    Ok(()) => return Ok(OpenConsole { screen, turn, places: self.places.clone() }),
                    Err(error) => Some(error),
                },
            },
        };
        let (password, sharing) = (account.password.clone(), SharingArg::default());
        if let Some(error) = lost {
            let (account, output) = (account.account.clone(), self.context.output);
            let console = gateway_without_viewer(account, instance.clone(), deadline.total, output).console_key();
            // A command of the user is joined, and nobody is disconnected.
            if sharing.registry().find(&console).await.is_none() {
                return Err(since_the_last_call(error));
            }
        }
        let opening =
            RemoteScreen::on(None, account.account.clone(), instance, password, sharing, deadline, &self.context);
        Ok(OpenConsole { screen: opening.await?, turn, places: self.places.clone() })
    }

    fn turn(&self, id: &str) -> Arc<AsyncMutex<Held>> {
        let mut consoles = self.consoles.lock().unwrap_or_else(PoisonError::into_inner);
        consoles.entry(id.to_owned()).or_default().clone()
    }

    /// Closes the sessions that no call uses.
    pub(super) async fn close_consoles(&self) {
        let consoles: Vec<_> = {
            let mut consoles = self.consoles.lock().unwrap_or_else(PoisonError::into_inner);
            consoles.drain().map(|(_, console)| console).collect()
        };
        let held = consoles.iter().filter_map(|console| console.try_lock().ok()?.take());
        join_all(held.map(HeldSession::close)).await;
    }
}

/// The error of a session that was open after an earlier call.
fn since_the_last_call(error: CommandError) -> CommandError {
    let error = CommandError {
        error: error.error.context("nothing was done: the session of the call before is over"),
        ..error
    };
    error.hint(
        "another client may use the console: ask the user first; a further call opens it again, which disconnects them",
    )
}

impl OpenConsole {
    /// Waits until the console has read all keys, and lets the session stay open for the next call. One that was joined is left.
    pub(super) async fn release(mut self) -> Result<(), CommandError> {
        if self.screen.is_joined() {
            return self.screen.close().await;
        }
        match self.places.try_acquire_owned() {
            Ok(place) => {
                self.screen.confirm_input().await?;
                *self.turn = Some(HeldSession::new(self.screen, place));
                Ok(())
            }
            Err(_) => self.screen.close().await,
        }
    }
}
