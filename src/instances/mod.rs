//! From what a person calls an instance to its id and its region.
//!
//! ```text
//! id, region known → no question        name, address → the home region → all regions at once
//! ```

mod all_regions;
mod selector;

pub(crate) mod args;
pub(crate) mod wait_until_running;

pub(crate) use all_regions::AT_ONCE;
pub(crate) use selector::{InstanceSelector, glob};

use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, stream};

use crate::account::Account;
use crate::api::operations::{AddressKind, Filter, Instance, Page};
use crate::api::{ApiError, Client};
use crate::command_error::{Candidate, CommandError};
use crate::error_kind::ErrorKind;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;

/// How many instances are looked for at once.
const QUERIES: usize = 8;

/// An instance that can be asked for.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedInstance {
    /// InstanceId.
    pub(crate) instance: String,
    /// The region it is in, or is believed to be in.
    pub(crate) region: String,
    /// What looking for it has told.
    pub(crate) known: Option<Instance>,
}

/// Finds each of them, in order. `look` asks for those too whose id and region are given.
pub(crate) async fn targets(
    session: &Account,
    queries: &[InstanceSelector],
    look: bool,
    output: Output,
) -> Vec<Result<ResolvedInstance, CommandError>> {
    let finding = queries.iter().map(|query| target(session, query, look, output));
    stream::iter(finding).buffered(QUERIES).collect().await
}

/// Finds an instance.
pub(crate) async fn target(
    session: &Account,
    query: &InstanceSelector,
    look: bool,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let asked = match (query, &session.region) {
        (InstanceSelector::Id(id), Some(region)) if !look => {
            return Ok(ResolvedInstance { instance: id.clone(), region: region.clone(), known: None });
        }
        (query, Some(region)) => match in_region(session, query, region, session.limit).await {
            Ok(found) if session.is_pinned || !found.instances.is_empty() => {
                return one(query, found, &format!("in {region}"));
            }
            Ok(_) => Asked::InVain(region),
            Err(failure) if session.is_pinned || !is_of_region(&failure) => return Err(failure),
            Err(failure) => Asked::Refusing(region, failure),
        },
        (_, None) => Asked::Nowhere,
    };
    let found = all_regions::find(session, query, asked, output).await?;
    one(query, found, "in any region")
}

/// What has come of the home region.
#[derive(Debug)]
pub(crate) enum Asked<'a> {
    /// None is set.
    Nowhere,
    /// It has none that fits.
    InVain(&'a str),
    /// It gives no answer, which others may.
    Refusing(&'a str, CommandError),
}

/// Whether another region may give an answer where this one gave this.
fn is_of_region(failure: &CommandError) -> bool {
    failure.is_forbidden() || failure.kind != ErrorKind::Credentials
}

/// Instances that fit.
#[derive(Debug, Default)]
pub(crate) struct Found {
    instances: Vec<Instance>,
    /// Whether there may be more.
    is_cut: bool,
}

/// A refusal of the API, and whom it was about.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The instance, where it was asked for last.
    pub(crate) target: ResolvedInstance,
    /// The refusal.
    pub(crate) error: ApiError,
    /// Whether the instance was looked for in all regions, and is in none.
    is_nowhere: bool,
}

impl Refused {
    /// The failure that it is. `status` is the instance's.
    pub(crate) fn explain(self, session: &Account, action: &str, status: Option<&str>) -> CommandError {
        let ResolvedInstance { instance, region, .. } = &self.target;
        let failure = session.explain(self.error, action, region, instance, status);
        match self.is_nowhere {
            true => failure.hint(format!(
                "the AccessKey {} from {} has no instance {instance} in any region; is it another account's? {NAMED_SO}",
                session.keyring.keys().credentials.access_key_id,
                session.keyring.origin()
            )),
            false => failure,
        }
    }
}

/// Asks something of an instance in its region; where its id is not there, and no flag has named the region, once more
/// in the region where it is.
pub(crate) async fn ask_where_it_is<T, F: Future<Output = Result<Result<T, ApiError>, CommandError>>>(
    session: &Account,
    target: &ResolvedInstance,
    output: Output,
    ask: impl Fn(ResolvedInstance) -> F,
) -> Result<Result<(ResolvedInstance, T), Refused>, CommandError> {
    let error = match ask(target.clone()).await? {
        Ok(answer) => return Ok(Ok((target.clone(), answer))),
        Err(error) => error,
    };
    let is_missing = |code: &str| {
        matches!(code, "InvalidInstanceId.NotFound" | "InvalidRegionInstance" | "InvalidInstance.NotFound")
    };
    let may_be_elsewhere = error.service().is_some_and(|service| is_missing(&service.code));
    if !may_be_elsewhere || session.is_pinned || target.known.is_some() {
        return Ok(Err(Refused { target: target.clone(), error, is_nowhere: false }));
    }
    let query = InstanceSelector::Id(target.instance.clone());
    // The first error says more than that of a search nobody asked for.
    let Ok(found) = all_regions::find(session, &query, Asked::InVain(&target.region), output).await else {
        return Ok(Err(Refused { target: target.clone(), error, is_nowhere: false }));
    };
    let Ok(found) = one(&query, found, "") else {
        let says_so = error.service().is_some_and(|service| service.code.ends_with(".NotFound"));
        return Ok(Err(Refused { target: target.clone(), error, is_nowhere: says_so }));
    };
    output.detail(1, &format!("{} is in {}, not in {}", found.instance, found.region, target.region));
    match ask(found.clone()).await? {
        Ok(answer) => Ok(Ok((found, answer))),
        Err(error) => Ok(Err(Refused { target: found, error, is_nowhere: false })),
    }
}

/// The most instances among which a person is asked to choose.
const MOST: usize = 20;

/// The most pages of a region that are read: the service knows no `?`, so that only some of a page may fit.
const PAGES: usize = 100;

/// What looks like an id may be a name.
const NAMED_SO: &str = "Where that is a name: a pattern finds it, as in 'i-we*'";

/// The instances of a region that fit.
async fn in_region(
    session: &Account,
    query: &InstanceSelector,
    region: &str,
    limit: Deadline,
) -> Result<Found, CommandError> {
    let filters = match query {
        InstanceSelector::Id(id) => vec![Filter::ids(std::slice::from_ref(id))],
        InstanceSelector::Name(name) => {
            vec![Filter { name: Some(InstanceSelector::name_pattern(name)), ..Filter::default() }]
        }
        InstanceSelector::Address(address) => {
            let of = |kind| Filter { address: Some((kind, *address)), ..Filter::default() };
            AddressKind::ALL.map(of).to_vec()
        }
    };
    let client = session.clients.of(region)?;
    let asking = filters.iter().map(|filter| pages(&client, query, region, filter, limit));
    let answers = try_join_all(asking)
        .await
        .map_err(|error| session.explain(error, "DescribeInstances", region, &query.to_string(), None))?;
    let mut found = Found { is_cut: answers.iter().any(|answer| answer.is_cut), ..Found::default() };
    for instance in answers.into_iter().flat_map(|answer| answer.instances) {
        if found.instances.iter().all(|known| known.instance_id != instance.instance_id) {
            found.instances.push(instance);
        }
    }
    Ok(found)
}

/// Page after page, until there are more than anybody wants to choose from.
async fn pages(
    client: &Client,
    query: &InstanceSelector,
    region: &str,
    filter: &Filter,
    limit: Deadline,
) -> Result<Found, ApiError> {
    let (mut found, mut token) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let page: Page<Instance> = client.describe_instances(region, filter, token.as_deref(), limit).await?;
        for mut instance in page.instances.into_iter().filter(|instance| query.fits(instance)) {
            region.clone_into(&mut instance.region_id);
            found.push(instance);
        }
        token = page.next;
        if token.is_none() || found.len() > MOST {
            break;
        }
    }
    let is_cut = token.is_some() || found.len() > MOST;
    found.truncate(MOST);
    Ok(Found { instances: found, is_cut })
}

/// The one that was meant.
fn one(
    query: &InstanceSelector,
    Found { instances, is_cut }: Found,
    place: &str,
) -> Result<ResolvedInstance, CommandError> {
    let (exact, like): (Vec<_>, Vec<_>) = instances.into_iter().partition(|instance| query.is_exact(instance));
    let mut found = if exact.is_empty() { like } else { exact };
    match (found.pop(), found.is_empty()) {
        (Some(instance), true) if !is_cut || query.is_exact(&instance) => {
            let (id, region) = (instance.instance_id.clone(), instance.region_id.clone());
            Ok(ResolvedInstance { instance: id, region, known: Some(instance) })
        }
        (Some(last), _) => {
            found.push(last);
            Err(several(query, &found, is_cut))
        }
        (None, _) => Err(none(query, place)),
    }
}

fn none(query: &InstanceSelector, place: &str) -> CommandError {
    let message = match query {
        InstanceSelector::Id(id) => format!("there is no instance {id} {place}"),
        InstanceSelector::Address(address) => format!("no instance has the address {address} {place}"),
        InstanceSelector::Name(name) => format!("no instance is named {name} {place}"),
    };
    const LIST: &str = "`ecs-vnc list --all-regions` shows all of this account";
    let hint = match query {
        InstanceSelector::Name(name) if !name.contains(['*', '?']) => {
            format!("a name is taken whole: `*` stands for the rest of it, as in 'web-*'; {LIST}")
        }
        InstanceSelector::Id(_) => format!("is it another account's? {LIST}. {NAMED_SO}"),
        _ => format!("is it another account's? {LIST}"),
    };
    CommandError::message(ErrorKind::NotFound, message).hint(hint)
}

fn several(query: &InstanceSelector, found: &[Instance], is_cut: bool) -> CommandError {
    let found = &found[..found.len().min(MOST)];
    let more = if is_cut { "more than " } else { "" };
    let message = format!("{more}{} instances fit {query}; name one by its id", found.len());
    let mut failure = CommandError::message(ErrorKind::NotFound, message);
    failure.candidates = found.iter().map(candidate).collect();
    failure
}

fn candidate(instance: &Instance) -> Candidate {
    Candidate {
        instance_id: instance.instance_id.clone(),
        instance_name: instance.instance_name.clone(),
        region_id: instance.region_id.clone(),
        status: instance.status.clone(),
        address: instance.private_addresses().chain(instance.public_addresses()).next().map(str::to_owned),
    }
}
