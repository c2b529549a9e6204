//! The machines of the account, as far as the user allows them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore};

use super::guard::Guard;
use super::redaction::Secrets;
use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::args::SharingArg;
use crate::console::picture_source::{Beside, Look, PictureSource, Shot};
use crate::console::remote_screen::RemoteScreen;
use crate::error_kind::ErrorKind;
use crate::instances::{InstanceSelector, ResolvedInstance, resolve};
use crate::secret::Secret;
use crate::settings::{Context, Settings};
use crate::system::clock::Deadline;

/// How many pictures are taken at the same time: well below the service's limit for a user.
const MAX_PICTURES: usize = 8;

/// The account that all calls share, and who may do what with it.
pub(super) struct Machines {
    pub(super) context: Context,
    pub(super) guard: Guard,
    opened: AsyncMutex<Option<Arc<Opened>>>,
    pictures: Semaphore,
    /// Machines that are typed on, by id: two calls at once would disconnect each other.
    consoles: Mutex<HashMap<String, Arc<AsyncMutex<()>>>>,
}

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
    _turn: OwnedMutexGuard<()>,
}

impl Machines {
    pub(super) fn new(context: Context, guard: Guard) -> Self {
        let pictures = Semaphore::new(MAX_PICTURES);
        Self { context, guard, opened: AsyncMutex::default(), pictures, consoles: Mutex::default() }
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

    /// Opens the console of a machine, or joins a session of the user's other commands, once no other call uses it.
    pub(super) async fn open_console(
        &self,
        account: &CallAccount,
        instance: ResolvedInstance,
    ) -> Result<OpenConsole, CommandError> {
        let turn = self.turn(&instance.id).lock_owned().await;
        let deadline = account.account.clock().deadline(account.time_limit);
        let (password, sharing) = (account.password.clone(), SharingArg::default());
        let screen =
            RemoteScreen::on(None, account.account.clone(), instance, password, sharing, deadline, &self.context)
                .await?;
        Ok(OpenConsole { screen, _turn: turn })
    }

    fn turn(&self, id: &str) -> Arc<AsyncMutex<()>> {
        let mut consoles = self.consoles.lock().unwrap_or_else(PoisonError::into_inner);
        consoles.entry(id.to_owned()).or_default().clone()
    }
}
