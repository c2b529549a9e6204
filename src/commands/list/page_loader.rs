//! Loads pages of instances from many regions at once. Each region is at most two pages ahead of the reader, so memory
//! does not grow with the number of instances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::query::{ListFormat, ListQuery, Row};
use crate::account::Account;
use crate::api::operations::{Instance, KNOWN_REGIONS, Page};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::MAX_CONCURRENT_REGIONS;
use crate::terminal::output::json;

/// The pages of a region, in order. The channel closes after the last page or the first error.
pub(crate) type Pages = Receiver<Result<Vec<Row>, CommandError>>;

/// The most pages that are read of a region. A service that returns more does not end its list.
const MAX_PAGES: usize = 10_000;

/// The regions that are being listed.
pub(crate) struct RegionPages {
    /// The pages of each region, by region id.
    pub(crate) pages: BTreeMap<String, Pages>,
    /// A warning that regions may be missing, if DescribeRegions failed.
    pub(crate) warning: Option<String>,
}

/// Loads pages in tasks of its own. Dropping it ends them.
pub(crate) struct PageLoader {
    account: Arc<Account>,
    query: Arc<ListQuery>,
    slots: Arc<Semaphore>,
    tasks: JoinSet<()>,
}

impl PageLoader {
    pub(crate) fn new(account: Arc<Account>, query: ListQuery) -> Self {
        Self {
            account,
            query: Arc::new(query),
            slots: Arc::new(Semaphore::new(MAX_CONCURRENT_REGIONS)),
            tasks: JoinSet::new(),
        }
    }

    /// Starts to load the pages of a region.
    pub(crate) fn start_region(&mut self, region: &str) -> Pages {
        let (sender, pages) = mpsc::channel(1);
        let (account, query, slots) = (self.account.clone(), self.query.clone(), self.slots.clone());
        let region = region.to_owned();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sender.closed() => {}
                () = load_region(&account, &query, &slots, &region, &sender) => {}
            }
        });
        pages
    }

    /// Starts to load the pages of every region of the account. The regions known to this version are asked at the same
    /// time as DescribeRegions, whose answer decides which ones are kept.
    pub(crate) async fn start_all_regions(&mut self) -> RegionPages {
        let mut pages: BTreeMap<String, Pages> =
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
async fn load_region(
    account: &Account,
    query: &ListQuery,
    slots: &Arc<Semaphore>,
    region: &str,
    sender: &Sender<Result<Vec<Row>, CommandError>>,
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
async fn load_page(
    account: &Account,
    query: &ListQuery,
    region: &str,
    token: Option<&str>,
    _slot: OwnedSemaphorePermit,
) -> Result<(Vec<Row>, Option<String>), CommandError> {
    let (client, limit) = (account.clients.of(region)?, account.limit_from_now());
    let page = match query.format {
        ListFormat::Json => {
            client.describe_instances(region, &query.filter, token, limit).await.map(|page: Page<Value>| {
                let matches = |instance: &&Value| query.matches(instance["InstanceName"].as_str().unwrap_or_default());
                (page.instances.iter().filter(matches).map(|instance| vec![json(instance)]).collect(), page.next)
            })
        }
        ListFormat::Table | ListFormat::Ids => {
            client.describe_instances(region, &query.filter, token, limit).await.map(|page: Page<Instance>| {
                let matches = |instance: &&Instance| query.matches(&instance.instance_name);
                (page.instances.iter().filter(matches).map(|instance| query.row(instance, region)).collect(), page.next)
            })
        }
    };
    page.map_err(|error| account.explain(error, "DescribeInstances", region, "", None))
}

fn endless_list(region: &str) -> CommandError {
    let message = format!("{region} returns the same NextToken repeatedly");
    CommandError::message(ErrorKind::BadAnswer, message)
        .hint("check HTTPS_PROXY: a proxy may be returning cached answers")
}
