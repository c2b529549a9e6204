//! A console's URL, freshly made: DescribeInstanceVncUrl and, at the same time, what the page wants to know.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::time::{Instant, timeout};

use crate::account::Account;
use crate::api::ApiError;
use crate::api::operations::Instance;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{self, Refused, ResolvedInstance};
use crate::relay::BufferPool;
use crate::secret::Secret;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::vnc::page_url::build_connect_url;
use crate::vnc::password::VncPassword;
use crate::vnc::rate_limit::RateLimit;
use crate::vnc::url::VncUrl;

/// How long a VncUrl, once there, waits for what is known about its instance. It has 15 s to live.
const PATIENCE: Duration = Duration::from_secs(3);

/// An answer of DescribeInstances younger than this is taken again.
const FRESH: Duration = Duration::from_secs(10);

type Instances = Arc<Result<HashMap<String, Instance>, ApiError>>;
type Asked = Shared<BoxFuture<'static, Instances>>;

/// Makes URLs for instances.
pub(crate) struct ConsoleIssuer {
    session: Arc<Account>,
    page: PageSettings,
    /// The instances of each region about which nothing is known yet.
    unknown: HashMap<String, Vec<String>>,
    asked: Mutex<HashMap<String, (Instant, Asked)>>,
    /// Where an instance was found that is not where it was believed to be.
    moved: Mutex<HashMap<String, ResolvedInstance>>,
    warned: AtomicBool,
    /// Of each instance, whatever leads to it.
    budgets: Mutex<HashMap<String, RateLimit>>,
    /// How many viewers were led to each instance: the last one has it.
    seats: Mutex<HashMap<String, u64>>,
    pool: BufferPool,
    output: Output,
}

/// What the console page is told.
#[derive(Debug, Default)]
pub(crate) struct PageSettings {
    /// Whether the instances run Windows, where the user has said it.
    pub(crate) is_windows: Option<bool>,
    /// The instance's VNC password.
    pub(crate) password: Option<VncPassword>,
}

/// What leads to a console for the next seconds.
#[derive(Debug)]
pub(crate) struct IssuedConsole {
    /// Knows its age.
    pub(crate) vnc_url: VncUrl,
    /// The page.
    pub(crate) connect_url: Secret,
    /// The instance.
    pub(crate) instance: String,
    /// Its region.
    pub(crate) region: String,
    /// Whether the page was told that it runs Windows.
    pub(crate) is_windows: bool,
    /// The RequestId of DescribeInstanceVncUrl.
    pub(crate) request_id: String,
}

impl ConsoleIssuer {
    /// Begins at once to ask for the systems of those instances about which nothing is known: one question a region.
    pub(crate) fn new(session: Arc<Account>, targets: &[ResolvedInstance], page: PageSettings, output: Output) -> Self {
        let mut unknown: HashMap<String, Vec<String>> = HashMap::new();
        for target in targets.iter().filter(|target| target.known.is_none()) {
            unknown.entry(target.region.clone()).or_default().push(target.instance.clone());
        }
        let (asked, moved, warned) = (Mutex::default(), Mutex::default(), AtomicBool::new(false));
        let (budgets, seats, pool) = (Mutex::default(), Mutex::default(), BufferPool::default());
        let mint = Self { session, page, unknown, asked, moved, warned, budgets, seats, pool, output };
        if mint.page.is_windows.is_none() {
            // The tasks go on by themselves; whoever wants their answers gets them by asking again.
            mint.unknown.keys().for_each(|region| drop(mint.ask(region)));
        }
        mint
    }

    /// For verbs that have no page: nobody asks what system runs there, which only a page wants to know.
    pub(crate) fn without_page(session: Arc<Account>, targets: &[ResolvedInstance], output: Output) -> Self {
        Self::new(session, targets, PageSettings { is_windows: Some(false), password: None }, output)
    }

    /// The session it works for.
    pub(crate) fn session(&self) -> &Account {
        &self.session
    }

    /// Buffers for all the sessions of all the instances.
    pub(crate) fn pool(&self) -> &BufferPool {
        &self.pool
    }

    /// The VNC password that goes with its consoles, where one is given.
    pub(crate) fn password(&self) -> Option<&VncPassword> {
        self.page.password.as_ref()
    }

    /// Takes one of the connections that the service gives an instance in a minute, or says how long to wait for it.
    pub(crate) fn take(&self, instance: &str) -> Result<(), Duration> {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        budgets.entry(instance.to_owned()).or_default().try_acquire(self.session.clock().instant())
    }

    /// A viewer is led to the instance, which drops the one before: its number.
    pub(crate) fn sit(&self, instance: &str) -> u64 {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seats.entry(instance.to_owned()).or_default();
        *last += 1;
        *last
    }

    /// Whether another viewer of this process was led to the instance after this one.
    pub(crate) fn is_replaced(&self, instance: &str, seat: u64) -> bool {
        let seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.get(instance).is_some_and(|last| *last != seat)
    }

    /// A new URL for an instance, within `limit`. One whose id is not in its home region is looked for in all.
    pub(crate) async fn console(
        &self,
        target: &ResolvedInstance,
        limit: Deadline,
    ) -> Result<IssuedConsole, CommandError> {
        let target = &self.where_it_is(target);
        let ask = |target: ResolvedInstance| async move { self.console_of(&target, limit).await };
        match instances::ask_where_it_is(&self.session, target, self.output, ask).await? {
            Ok((found, console)) => {
                if found.region != target.region {
                    let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
                    moved.insert(found.instance.clone(), found);
                }
                Ok(console)
            }
            Err(refused) => Err(self.refused(refused).await),
        }
    }

    /// The target, where it was found the last time.
    fn where_it_is(&self, target: &ResolvedInstance) -> ResolvedInstance {
        let moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        moved.get(&target.instance).unwrap_or(target).clone()
    }

    /// What is known about an instance, if there is an answer before long.
    pub(crate) async fn known(&self, target: &ResolvedInstance) -> Option<Instance> {
        if let Some(known) = &target.known {
            return Some(known.clone());
        }
        let instances = timeout(PATIENCE, self.ask(&target.region)?).await.ok()?;
        instances.as_ref().as_ref().ok()?.get(&target.instance).cloned()
    }

    /// The URL, or the API's refusal.
    async fn console_of(
        &self,
        target: &ResolvedInstance,
        limit: Deadline,
    ) -> Result<Result<IssuedConsole, ApiError>, CommandError> {
        let ResolvedInstance { instance, region, known } = target;
        let told = self.page.is_windows.or(known.as_ref().map(Instance::is_windows));
        let asked = told.is_none().then(|| self.ask(region)).flatten();
        let client = self.session.clients.of(region)?;
        let reply = match client.describe_instance_vnc_url(region, instance, limit).await {
            Ok(reply) => reply,
            Err(error) => return Ok(Err(error)),
        };
        let vnc_url = VncUrl::parse(&reply.value.vnc_url, reply.asked).map_err(|error| {
            let error = anyhow::Error::new(error).context("the API gave a VncUrl that cannot be used");
            CommandError::new(ErrorKind::BadAnswer, error)
                .hint(format!("RequestId {}", crate::text::sanitize::sanitize(&reply.value.request_id, 64)))
        })?;
        let is_windows = match told {
            Some(told) => told,
            None => self.is_windows(instance, asked).await,
        };
        let (page, password) = (&self.session.console_url, self.password());
        let connect_url = build_connect_url(page, &vnc_url, instance, is_windows, password);
        let (instance, region, request_id) = (instance.clone(), region.clone(), reply.value.request_id);
        Ok(Ok(IssuedConsole { vnc_url, connect_url, instance, region, is_windows, request_id }))
    }

    async fn is_windows(&self, instance: &str, asked: Option<Asked>) -> bool {
        let Some(asked) = asked else {
            return false;
        };
        match timeout(PATIENCE, asked).await {
            Ok(instances) => match &*instances {
                Ok(instances) => match instances.get(instance) {
                    Some(instance) => return instance.is_windows(),
                    None => {
                        self.warn(&format!("whether {instance} runs Windows: DescribeInstances does not list it"), "")
                    }
                },
                Err(error) => self.warn_once(&error.to_string(), error.is_forbidden()),
            },
            Err(_) => self.warn_once(&format!("no answer to DescribeInstances within {} s", PATIENCE.as_secs()), false),
        }
        false
    }

    /// What keeps one answer away keeps all away.
    fn warn_once(&self, why: &str, forbidden: bool) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            let mend = if forbidden { ", and so does the RAM action ecs:DescribeInstances" } else { "" };
            self.warn(&format!("whether Windows runs there: {why}"), mend);
        }
    }

    fn warn(&self, what: &str, mend: &str) {
        self.output.warning(&format!(
            "could not learn {what}. The page is told that it is not Windows; --windows or --no-windows help{mend}"
        ));
    }

    /// The failure, with the instance's state where that is the reason.
    async fn refused(&self, refused: Refused) -> CommandError {
        let by_state = |code: &str| code == "IncorrectInstanceStatus" || code == "InstanceNotReady";
        let status = match refused.error.service() {
            Some(service) if by_state(&service.code) => self.status(&refused.target).await,
            _ => None,
        };
        refused.explain(&self.session, "DescribeInstanceVncUrl", status.as_deref())
    }

    /// As it is now: what looking for it has told may be old.
    async fn status(&self, target: &ResolvedInstance) -> Option<String> {
        if target.known.is_some() {
            return self.status_now(target).await;
        }
        shown(&self.known(target).await?.status)
    }

    /// The instance's status, asked for now, if there is an answer before long.
    pub(crate) async fn status_now(&self, target: &ResolvedInstance) -> Option<String> {
        let target = self.where_it_is(target);
        let ResolvedInstance { instance, region, .. } = &target;
        let (client, limit) = (self.session.clients.of(region).ok()?, self.session.clock().deadline(PATIENCE));
        let mut found = client.instances_by_id(region, std::slice::from_ref(instance), limit).await.ok()?;
        shown(&found.remove(instance)?.status)
    }

    /// The answer of DescribeInstances for a region: the last one while it is fresh. It is asked for in a task of its
    /// own, so that it needs nobody to wait for it.
    fn ask(&self, region: &str) -> Option<Asked> {
        let instances = self.unknown.get(region)?.clone();
        let now = self.session.clock().instant();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, answer)) = asked.get(region)
            && now - *at < FRESH
        {
            return Some(answer.clone());
        }
        let (client, limit) = (self.session.clients.of(region).ok()?, self.session.limit_from_now());
        let of = region.to_owned();
        let task = tokio::spawn(async move { Arc::new(client.instances_by_id(&of, &instances, limit).await) });
        let answer = task.map(|joined| joined.expect("the task neither panics nor is aborted")).boxed().shared();
        asked.insert(region.to_owned(), (now, answer.clone()));
        Some(answer)
    }
}

fn shown(status: &str) -> Option<String> {
    (!status.is_empty()).then(|| crate::text::sanitize::sanitize(status, 20))
}
