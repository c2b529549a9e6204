//! A console's URL, freshly made: DescribeInstanceVncUrl and, at the same time, what the page wants to know.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::time::{Instant, timeout};

use crate::api::ApiError;
use crate::api::operations::Instance;
use crate::clock::Limit;
use crate::commands::session::Session;
use crate::connect_url::connect_url;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::output::Output;
use crate::secret::Secret;
use crate::vnc_url::VncUrl;

/// How long a VncUrl, once there, waits for what is known about its instance. It has 15 s to live.
const PATIENCE: Duration = Duration::from_secs(3);

/// An answer of DescribeInstances younger than this is taken again.
const FRESH: Duration = Duration::from_secs(10);

type Instances = Arc<Result<HashMap<String, Instance>, ApiError>>;
type Asked = Shared<BoxFuture<'static, Instances>>;

/// Makes URLs for a session's instances.
pub struct Mint {
    session: Arc<Session>,
    instances: Vec<String>,
    /// Whether they run Windows, where the user has said it.
    told: Option<bool>,
    asked: Mutex<Option<(Instant, Asked)>>,
    warned: AtomicBool,
    output: Output,
}

/// What leads to a console for the next seconds.
#[derive(Debug)]
pub struct Console {
    /// Knows its age.
    pub vnc_url: VncUrl,
    /// The page.
    pub connect_url: Secret,
    /// The instance.
    pub instance: String,
    /// Whether the page was told that it runs Windows.
    pub is_windows: bool,
    /// The RequestId of DescribeInstanceVncUrl.
    pub request_id: String,
}

impl Mint {
    /// Begins at once to ask for the instances' systems, unless they are `told`: one question for all of them.
    pub fn new(session: Arc<Session>, instances: Vec<String>, told: Option<bool>, output: Output) -> Self {
        let mint = Self { session, instances, told, asked: Mutex::default(), warned: AtomicBool::new(false), output };
        if told.is_none() {
            // The task goes on by itself; whoever wants its answer gets it by asking again.
            drop(mint.ask());
        }
        mint
    }

    /// The session it works for.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A new URL for `instance`, within `limit`.
    pub async fn console(&self, instance: &str, limit: Limit) -> Result<Console, Failure> {
        let Session { client, region, .. } = &*self.session;
        let asked = self.told.is_none().then(|| self.ask());
        let reply = match client.describe_instance_vnc_url(region, instance, limit).await {
            Ok(reply) => reply,
            Err(error) => return Err(self.refused(error, instance).await),
        };
        let vnc_url = VncUrl::parse(&reply.value.vnc_url, reply.asked).map_err(|error| {
            let error = anyhow::Error::new(error).context("the API gave a VncUrl that cannot be used");
            Failure::new(ExitCode::BadAnswer, error)
                .hint(format!("RequestId {}", crate::printable::printable(&reply.value.request_id, 64)))
        })?;
        let is_windows = self.is_windows(instance, asked).await;
        let password = self.session.vnc_password.as_ref();
        let connect_url = connect_url(&self.session.console_url, &vnc_url, instance, is_windows, password);
        let request_id = reply.value.request_id;
        Ok(Console { vnc_url, connect_url, instance: instance.to_owned(), is_windows, request_id })
    }

    async fn is_windows(&self, instance: &str, asked: Option<Asked>) -> bool {
        let Some(asked) = asked else {
            return self.told.unwrap_or_default();
        };
        match timeout(PATIENCE, asked).await {
            Ok(instances) => match &*instances {
                Ok(instances) => match instances.get(instance) {
                    Some(instance) => return instance.is_windows(),
                    None => {
                        self.warn(&format!("whether {instance} runs Windows: DescribeInstances does not list it"), "")
                    }
                },
                Err(error) => self.warn_once(&error.to_string(), is_forbidden(error)),
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
    async fn refused(&self, error: ApiError, instance: &str) -> Failure {
        let by_state = |code: &str| code == "IncorrectInstanceStatus" || code == "InstanceNotReady";
        let status = match error.service() {
            Some(service) if by_state(&service.code) => self.status(instance).await,
            _ => None,
        };
        self.session.explain(error, "DescribeInstanceVncUrl", instance, status.as_deref())
    }

    async fn status(&self, instance: &str) -> Option<String> {
        let instances = timeout(PATIENCE, self.ask()).await.ok()?;
        let status = instances.as_ref().as_ref().ok()?.get(instance)?.status.clone();
        (!status.is_empty()).then(|| crate::printable::printable(&status, 20))
    }

    /// The answer of DescribeInstances: the last one while it is fresh. It is asked for in a task of its own, so that
    /// it needs nobody to wait for it.
    fn ask(&self) -> Asked {
        let now = self.session.client.clock().instant();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, answer)) = &*asked
            && now - *at < FRESH
        {
            return answer.clone();
        }
        let (session, instances) = (self.session.clone(), self.instances.clone());
        let task = tokio::spawn(async move {
            let answer = session.client.describe_instances(&session.region, &instances, session.limit()).await;
            Arc::new(answer)
        });
        let answer = task.map(|joined| joined.expect("the task neither panics nor is aborted")).boxed().shared();
        *asked = Some((now, answer.clone()));
        answer
    }
}

fn is_forbidden(error: &ApiError) -> bool {
    error.service().is_some_and(|service| service.code.starts_with("Forbidden") || service.code == "NoPermission")
}
