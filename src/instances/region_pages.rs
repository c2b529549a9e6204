//! Loads pages of instances from many regions at once. Each region is at most two pages ahead of the reader, so memory
//! does not grow with the number of instances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::MAX_CONCURRENT_REGIONS;
use crate::account::Account;
use crate::api::operations::KNOWN_REGIONS;
use crate::api::{ApiError, Client};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::clock::Deadline;

/// Which instances are listed, and what is kept of them.
pub(crate) trait ListQuery: Send + Sync + 'static {
    /// What is kept of an instance.
    type Row: Send + 'static;

    /// Requests a page, and returns the rows of the instances that match, and the token of the next page.
    fn load(
        &self,
        client: &Client,
        region: &str,
        token: Option<&str>,
        limit: Deadline,
    ) -> impl Future<Output = Result<(Vec<Self::Row>, Option<String>), ApiError>> + Send;
}

/// The pages of a region, in order. The channel closes after the last page or the first error.
pub(super) type Pages<Row> = Receiver<Result<Vec<Row>, CommandError>>;

/// The most pages that are read of a region. A service that returns more does not end its list.
const MAX_PAGES: usize = 10_000;

/// The regions that are being listed.
pub(super) struct RegionPages<Row> {
    /// The pages of each region, by region id.
    pub(super) pages: BTreeMap<String, Pages<Row>>,
    /// A warning that regions may be missing, if DescribeRegions failed.
    pub(super) warning: Option<String>,
}

/// Loads pages in tasks of its own. Dropping it ends them.
pub(super) struct PageLoader<Q> {
    account: Arc<Account>,
    query: Arc<Q>,
    slots: Arc<Semaphore>,
    tasks: JoinSet<()>,
}

impl<Q: ListQuery> PageLoader<Q> {
    pub(super) fn new(account: Arc<Account>, query: Q) -> Self {
        Self {
            account,
            query: Arc::new(query),
            slots: Arc::new(Semaphore::new(MAX_CONCURRENT_REGIONS)),
            tasks: JoinSet::new(),
        }
    }

    /// Starts to load the pages of a region.
    pub(super) fn start_region(&mut self, region: &str) -> Pages<Q::Row> {
        let (sender, pages) = mpsc::channel(1);
        let (account, query, slots) = (self.account.clone(), self.query.clone(), self.slots.clone());
        let region = region.to_owned();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sender.closed() => {}
                () = load_region(&account, &*query, &slots, &region, &sender) => {}
            }
        });
        pages
    }

    /// Starts to load the pages of every region of the account. The regions known to this version are asked at the same
    /// time as DescribeRegions, whose answer decides which ones are kept.
    pub(super) async fn start_all_regions(&mut self) -> RegionPages<Q::Row> {
        let mut pages: BTreeMap<String, Pages<Q::Row>> =
            KNOWN_REGIONS.iter().map(|region| ((*region).to_owned(), self.start_region(region))).collect();
        let limit = self.account.limit_from_now();
        match self.account.clients.first().describe_regions(None, limit).await {
            Ok(listed) => {
                let listed: BTreeSet<String> = listed.into_iter().map(|region| region.region_id).collect();
                pages.retain(|region, _| listed.contains(region));
                for region in listed {
                    pages.entry(region).or_insert_with_key(|region| self.start_region(region));
                }
                RegionPages { pages, warning: None }
            }
            Err(error) => {
                let warning = format!("listing only the regions known to this version: {error}");
                RegionPages { pages, warning: Some(warning) }
            }
        }
    }
}

/// Loads the pages of a region, one after another.
async fn load_region<Q: ListQuery>(
    account: &Account,
    query: &Q,
    slots: &Arc<Semaphore>,
    region: &str,
    sender: &Sender<Result<Vec<Q::Row>, CommandError>>,
) {
    let mut token = None;
    for number in 1.. {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        // load_page drops the slot, so a page that waits for its reader does not hold one. Otherwise regions whose turn
        // comes later could take all slots, and the region that is being read would never get one.
        let (page, next) = match load_page(account, query, region, token.as_deref(), slot).await {
            Ok((_, next)) if next.is_some() && (next == token || number == MAX_PAGES) => {
                (Err(endless_list(region)), None)
            }
            Ok((rows, next)) => (Ok(rows), next),
            Err(error) => (Err(error), None),
        };
        if sender.send(page).await.is_err() || next.is_none() {
            return;
        }
        token = next;
    }
}

/// Loads one page, and returns its rows and the token of the next page.
async fn load_page<Q: ListQuery>(
    account: &Account,
    query: &Q,
    region: &str,
    token: Option<&str>,
    _slot: OwnedSemaphorePermit,
) -> Result<(Vec<Q::Row>, Option<String>), CommandError> {
    let (client, limit) = (account.clients.of(region)?, account.limit_from_now());
    let page = query.load(&client, region, token, limit).await;
    page.map_err(|error| account.explain(error, "DescribeInstances", region, "", None))
}

fn endless_list(region: &str) -> CommandError {
    let message = format!("{region} returns the same NextToken repeatedly");
    CommandError::message(ErrorKind::BadAnswer, message)
        .hint("check HTTPS_PROXY: a proxy may be returning cached answers")
}
