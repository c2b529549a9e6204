//! Caches DescribeInstances for the instances of a command: their systems and statuses, for some seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::time::{Instant, timeout};

use crate::account::Account;
use crate::api::ApiError;
use crate::api::operations::Instance;
use crate::instances::{ResolvedInstance, Selection};
use crate::text::sanitize::sanitize;

/// How long a console that is ready to open waits for the answer about its instance. Its URL is valid for 15 s.
pub(crate) const INFO_TIMEOUT: Duration = Duration::from_secs(3);

/// An answer is used again up to this age.
const MAX_AGE: Duration = Duration::from_secs(10);

type Answer = Arc<Result<HashMap<String, Instance>, ApiError>>;
type PendingAnswer = Shared<BoxFuture<'static, Answer>>;

/// Whether an instance runs Windows.
#[derive(Debug)]
pub(crate) enum SystemInfo {
    Known {
        is_windows: bool,
    },
    /// DescribeInstances does not list the instance.
    NotListed,
    /// DescribeInstances failed for the whole region.
    Failed {
        reason: String,
        is_forbidden: bool,
    },
}

/// Requests the instances that were not looked up, with one request per region. Remembers instances that were found in
/// another region.
pub(crate) struct InstanceInfoCache {
    account: Arc<Account>,
    /// The ids of the instances that were not looked up, by region.
    unknown: HashMap<String, Vec<String>>,
    answers: Mutex<HashMap<String, (Instant, PendingAnswer)>>,
    /// Instances that were found in another region than expected, by id.
    moved: Mutex<HashMap<String, ResolvedInstance>>,
}

impl InstanceInfoCache {
    pub(crate) fn new(account: Arc<Account>, instances: &[ResolvedInstance]) -> Self {
        let unlisted = instances.iter().filter(|instance| instance.info.is_none());
        Self::of_unlisted(account, unlisted.map(|instance| (instance.region.clone(), instance.id.clone())))
    }

    /// For the instances of a selection. Unless `are_looked_up`, the ids of a known region are not.
    pub(crate) fn of_selection(account: Arc<Account>, selection: &Selection, are_looked_up: bool) -> Self {
        let region = account.region.clone().filter(|_| !are_looked_up);
        let ids = selection.ids().filter_map(|id| Some((region.clone()?, id.to_owned())));
        Self::of_unlisted(account, ids)
    }

    /// `unlisted` are regions and ids.
    fn of_unlisted(account: Arc<Account>, unlisted: impl Iterator<Item = (String, String)>) -> Self {
        let mut unknown: HashMap<String, Vec<String>> = HashMap::new();
        for (region, id) in unlisted {
            unknown.entry(region).or_default().push(id);
        }
        Self { account, unknown, answers: Mutex::default(), moved: Mutex::default() }
    }

    /// Starts the requests for all instances that were not looked up, as tasks.
    pub(crate) fn prefetch(&self) {
        self.unknown.keys().for_each(|region| self.prefetch_region(region));
    }

    /// Starts the request for a region, if one of its instances was not looked up and there is no fresh answer.
    pub(crate) fn prefetch_region(&self, region: &str) {
        drop(self.request(region));
    }

    /// Returns the instance in the region where it was found last.
    pub(crate) fn current(&self, instance: &ResolvedInstance) -> ResolvedInstance {
        let moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        moved.get(&instance.id).unwrap_or(instance).clone()
    }

    /// Remembers that an instance is in another region than expected.
    pub(crate) fn remember_moved(&self, instance: ResolvedInstance) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        moved.insert(instance.id.clone(), instance);
    }

    /// Returns what is known about an instance, or `None` if there is no answer within [`INFO_TIMEOUT`].
    pub(crate) async fn info(&self, instance: &ResolvedInstance) -> Option<Instance> {
        if let Some(info) = &instance.info {
            return Some(info.clone());
        }
        let answer = timeout(INFO_TIMEOUT, self.request(&instance.region)?).await.ok()?;
        answer.as_ref().as_ref().ok()?.get(&instance.id).cloned()
    }

    /// Finds out whether an instance runs Windows, within [`INFO_TIMEOUT`].
    pub(crate) async fn system(&self, instance: &ResolvedInstance) -> SystemInfo {
        let Some(pending) = self.request(&instance.region) else {
            return SystemInfo::Known { is_windows: instance.info.as_ref().is_some_and(Instance::is_windows) };
        };
        let Ok(answer) = timeout(INFO_TIMEOUT, pending).await else {
            let reason = format!("no answer to DescribeInstances within {} s", INFO_TIMEOUT.as_secs());
            return SystemInfo::Failed { reason, is_forbidden: false };
        };
        match &*answer {
            Ok(instances) => match instances.get(&instance.id) {
                Some(info) => SystemInfo::Known { is_windows: info.is_windows() },
                None => SystemInfo::NotListed,
            },
            Err(error) => SystemInfo::Failed { reason: error.to_string(), is_forbidden: error.is_forbidden() },
        }
    }

    /// Returns the status for an error message. If the instance was looked up, the status is requested again: it may have
    /// changed.
    pub(crate) async fn status(&self, instance: &ResolvedInstance) -> Option<String> {
        if instance.info.is_some() {
            return self.status_now(instance).await;
        }
        printable(&self.info(instance).await?.status)
    }

    /// Requests the status. Returns `None` if the API does not answer within [`INFO_TIMEOUT`].
    pub(crate) async fn status_now(&self, instance: &ResolvedInstance) -> Option<String> {
        let ResolvedInstance { id, region, .. } = &self.current(instance);
        let (client, deadline) = (self.account.clients.of(region).ok()?, self.account.clock().deadline(INFO_TIMEOUT));
        let mut instances = client.instances_by_id(region, std::slice::from_ref(id), deadline).await.ok()?;
        printable(&instances.remove(id)?.status)
    }

    /// Returns the answer of DescribeInstances for a region: the last one if it is younger than [`MAX_AGE`], or
    /// else that of a new request. The request is a task, so it goes on even if the caller stops waiting.
    fn request(&self, region: &str) -> Option<PendingAnswer> {
        let ids = self.unknown.get(region)?.clone();
        let now = self.account.clock().instant();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((requested_at, answer)) = answers.get(region)
            && now - *requested_at < MAX_AGE
        {
            return Some(answer.clone());
        }
        let (client, deadline) = (self.account.clients.of(region).ok()?, self.account.limit_from_now());
        let owned_region = region.to_owned();
        let task = tokio::spawn(async move { Arc::new(client.instances_by_id(&owned_region, &ids, deadline).await) });
        let answer = task.map(|joined| joined.expect("the task neither panics nor is aborted")).boxed().shared();
        answers.insert(region.to_owned(), (now, answer.clone()));
        Some(answer)
    }
}

/// Returns a status that is safe to print, or `None` if it is empty.
fn printable(status: &str) -> Option<String> {
    (!status.is_empty()).then(|| sanitize(status, 20))
}
