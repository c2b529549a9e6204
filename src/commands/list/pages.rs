//! Pages of instances from many regions at once, each region a page or two ahead of who reads it: so memory stays flat
//! however many instances there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::account::Account;
use crate::api::operations::{Filter, Instance, KNOWN_REGIONS, Page};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::{AT_ONCE, InstanceSelector, glob};
use crate::terminal::output::json;
use crate::text::sanitize::sanitize;

/// The columns of the table.
pub(crate) const TITLES: [&str; 7] = ["ID", "NAME", "STATUS", "OS", "REGION", "PRIVATE", "PUBLIC"];

/// What most regions' rows have room in: they are written before the rows of later regions are known.
pub(crate) const ROOM: [&str; 7] =
    ["", "a-name-of-some-length", "Stopping", "windows", "ap-southeast-1", "192.168.100.100", ""];

/// The cells of a line; only a table has more than one.
pub(crate) type Row = Vec<String>;

/// The pages of a region, as they come.
pub(crate) type Pages = Receiver<Result<Vec<Row>, CommandError>>;

/// The most pages of a region: a service that goes on for ever is none.
const PAGES: usize = 10_000;

/// What an instance becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The cells under [`TITLES`].
    Table,
    /// Its id.
    Ids,
    /// The object that the API gave, whole.
    Json,
}

/// Which instances are listed, and as what.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// As what.
    pub(crate) form: Form,
    name: Option<String>,
    filter: Filter,
}

impl Wanted {
    /// Those that fit `filter`, and this name.
    pub(crate) fn new(form: Form, name: Option<String>, filter: Filter) -> Self {
        let filter = Filter { name: name.as_deref().map(InstanceSelector::name_pattern), ..filter };
        Self { form, name, filter }
    }

    /// Whether not all are wanted.
    pub(crate) fn is_narrow(&self) -> bool {
        self.filter != Filter::default()
    }

    /// The API does not know `?`, so its answer may hold more.
    fn fits(&self, name: &str) -> bool {
        self.name.as_deref().is_none_or(|pattern| pattern == name || glob(pattern, name))
    }

    fn row(&self, instance: &Instance, region: &str) -> Row {
        let Instance { instance_id, instance_name, status, os_type, .. } = instance;
        if self.form == Form::Ids {
            return vec![sanitize(instance_id, usize::MAX)];
        }
        let (private, public) = (instance.private_addresses().next(), instance.public_addresses().next());
        let cells =
            [instance_id, instance_name, status, os_type, region].into_iter().map(Some).chain([private, public]);
        cells.map(|cell| cell.filter(|cell| !cell.is_empty()).unwrap_or("-").to_owned()).collect()
    }
}

/// Asks the service; all of it ends with this.
pub(crate) struct Asking {
    session: Arc<Account>,
    wanted: Arc<Wanted>,
    slots: Arc<Semaphore>,
    tasks: JoinSet<()>,
}

impl Asking {
    /// Asks for what is wanted.
    pub(crate) fn new(session: Arc<Account>, wanted: Wanted) -> Self {
        Self { session, wanted: Arc::new(wanted), slots: Arc::new(Semaphore::new(AT_ONCE)), tasks: JoinSet::new() }
    }

    /// Begins with a region.
    pub(crate) fn begin(&mut self, region: &str) -> Pages {
        let (sender, pages) = mpsc::channel(1);
        let (session, wanted, slots) = (self.session.clone(), self.wanted.clone(), self.slots.clone());
        let region = region.to_owned();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sender.closed() => {}
                () = all_pages(&session, &wanted, &slots, &region, &sender) => {}
            }
        });
        pages
    }

    /// Begins with every region of the account, by id; those known to this version in the same moment as
    /// DescribeRegions, whose answer counts. Without that answer there is something to warn of.
    pub(crate) async fn everywhere(&mut self) -> (BTreeMap<String, Pages>, Option<String>) {
        let mut regions: BTreeMap<String, Pages> =
            KNOWN_REGIONS.iter().map(|region| ((*region).to_owned(), self.begin(region))).collect();
        let limit = self.session.limit_from_now();
        match self.session.clients.first().describe_regions(None, limit).await {
            Ok(listed) => {
                let listed: BTreeSet<String> = listed.into_iter().map(|region| region.region_id).collect();
                regions.retain(|region, _| listed.contains(region));
                for region in listed {
                    regions.entry(region).or_insert_with_key(|region| self.begin(region));
                }
                (regions, None)
            }
            Err(error) => (regions, Some(format!("only the regions known to this version are listed: {error}"))),
        }
    }
}

/// A region's pages, one after the other. The slot is given back before the page waits for its reader: else the regions
/// behind could keep the one in front from ever being asked.
async fn all_pages(
    session: &Account,
    wanted: &Wanted,
    slots: &Arc<Semaphore>,
    region: &str,
    sender: &Sender<Result<Vec<Row>, CommandError>>,
) {
    let mut token = None;
    for number in 1.. {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let (page, next) = match page(session, wanted, region, token.as_deref(), slot).await {
            Ok((_, next)) if next.is_some() && (next == token || number == PAGES) => (Err(endless(region)), None),
            Ok((rows, next)) => (Ok(rows), next),
            Err(failure) => (Err(failure), None),
        };
        if sender.send(page).await.is_err() || next.is_none() {
            return;
        }
        token = next;
    }
}

async fn page(
    session: &Account,
    wanted: &Wanted,
    region: &str,
    token: Option<&str>,
    _slot: OwnedSemaphorePermit,
) -> Result<(Vec<Row>, Option<String>), CommandError> {
    let (client, limit) = (session.clients.of(region)?, session.limit_from_now());
    let page = match wanted.form {
        Form::Json => client.describe_instances(region, &wanted.filter, token, limit).await.map(|page: Page<Value>| {
            let fits = |instance: &&Value| wanted.fits(instance["InstanceName"].as_str().unwrap_or_default());
            (page.instances.iter().filter(fits).map(|instance| vec![json(instance)]).collect(), page.next)
        }),
        _ => client.describe_instances(region, &wanted.filter, token, limit).await.map(|page: Page<Instance>| {
            let fits = |instance: &&Instance| wanted.fits(&instance.instance_name);
            (page.instances.iter().filter(fits).map(|instance| wanted.row(instance, region)).collect(), page.next)
        }),
    };
    page.map_err(|error| session.explain(error, "DescribeInstances", region, "", None))
}

fn endless(region: &str) -> CommandError {
    let message = format!("{region} gives the same NextToken again and again");
    CommandError::message(ErrorKind::BadAnswer, message)
        .hint("something on the way may keep old answers: check HTTPS_PROXY")
}
