//! From what a person calls an instance to its id and its region.
//!
//! ```text
//! id, region known → no question        name, address → the home region → all regions at once
//! ```

mod everywhere;
mod query;

pub use query::{Query, glob};

use futures_util::future::try_join_all;
use futures_util::{StreamExt as _, stream};

use crate::api::ApiError;
use crate::api::operations::{AddressKind, Filter, Instance, Page};
use crate::commands::session::Session;
use crate::exit_code::ExitCode;
use crate::failure::{Candidate, Failure};
use crate::output::Output;

/// How many instances are looked for at once.
const AT_ONCE: usize = 8;

/// An instance that can be asked for.
#[derive(Clone, Debug)]
pub struct Target {
    /// InstanceId.
    pub instance: String,
    /// The region it is in, or is believed to be in.
    pub region: String,
    /// What looking for it has told.
    pub known: Option<Instance>,
}

/// Finds each of them, in order. `look` asks for those too whose id and region are given.
pub async fn targets(session: &Session, queries: &[Query], look: bool, output: Output) -> Vec<Result<Target, Failure>> {
    let finding = queries.iter().map(|query| target(session, query, look, output));
    stream::iter(finding).buffered(AT_ONCE).collect().await
}

/// Finds an instance.
pub async fn target(session: &Session, query: &Query, look: bool, output: Output) -> Result<Target, Failure> {
    match (query, &session.region) {
        (Query::Id(id), Some(region)) if !look => {
            return Ok(Target { instance: id.clone(), region: region.clone(), known: None });
        }
        (query, Some(region)) => {
            let found = in_region(session, query, region).await?;
            if !found.is_empty() || session.is_pinned {
                return one(query, found, &format!("in {region}"));
            }
        }
        (_, None) => {}
    }
    let found = everywhere::find(session, query, session.region.as_deref(), output).await?;
    one(query, found, "in any region")
}

/// Where an instance really is, after its home region has said `error`: nothing where that is another error, where the
/// region was named by the user, or where it is nowhere else.
pub async fn elsewhere(session: &Session, target: &Target, error: &ApiError, output: Output) -> Option<Target> {
    let is_missing = |code: &str| {
        matches!(code, "InvalidInstanceId.NotFound" | "InvalidRegionInstance" | "InvalidInstance.NotFound")
    };
    let fits = error.service().is_some_and(|service| is_missing(&service.code));
    if !fits || session.is_pinned || target.known.is_some() {
        return None;
    }
    let query = Query::Id(target.instance.clone());
    // The first error says more than that of a search nobody asked for.
    let found = everywhere::find(session, &query, Some(&target.region), output).await.ok()?;
    one(&query, found, "").ok()
}

/// The instances of a region that fit: at most a page, since more than one is too many already.
async fn in_region(session: &Session, query: &Query, region: &str) -> Result<Vec<Instance>, Failure> {
    let filters = match query {
        Query::Id(id) => vec![Filter::ids(std::slice::from_ref(id))],
        Query::Name(name) => vec![Filter { name: Some(Query::name_pattern(name)), ..Filter::default() }],
        Query::Address(address) => {
            let of = |kind| Filter { address: Some((kind, *address)), ..Filter::default() };
            AddressKind::ALL.map(of).to_vec()
        }
    };
    let (client, limit) = (session.clients.of(region)?, session.search_limit());
    let asking = filters.iter().map(|filter| client.describe_instances(region, filter, None, limit));
    let pages: Vec<Page<Instance>> = try_join_all(asking)
        .await
        .map_err(|error| session.explain(error, "DescribeInstances", region, &query.to_string(), None))?;
    let mut found: Vec<Instance> = Vec::new();
    for mut instance in pages.into_iter().flat_map(|page| page.instances) {
        let is_new = found.iter().all(|known| known.instance_id != instance.instance_id);
        if is_new && query.fits(&instance) {
            region.clone_into(&mut instance.region_id);
            found.push(instance);
        }
    }
    Ok(found)
}

/// The one that was meant.
fn one(query: &Query, found: Vec<Instance>, place: &str) -> Result<Target, Failure> {
    let (exact, like): (Vec<_>, Vec<_>) = found.into_iter().partition(|instance| query.is_exact(instance));
    let mut found = if exact.is_empty() { like } else { exact };
    match (found.pop(), found.is_empty()) {
        (Some(instance), true) => {
            let (id, region) = (instance.instance_id.clone(), instance.region_id.clone());
            Ok(Target { instance: id, region, known: Some(instance) })
        }
        (Some(last), false) => {
            found.push(last);
            Err(several(query, &found))
        }
        (None, _) => Err(none(query, place)),
    }
}

fn none(query: &Query, place: &str) -> Failure {
    let message = match query {
        Query::Id(id) => format!("there is no instance {id} {place}"),
        Query::Address(address) => format!("no instance has the address {address} {place}"),
        Query::Name(name) => format!("no instance is named {name} {place}"),
    };
    let hint = match query {
        Query::Name(name) if !name.contains(['*', '?']) => {
            "a name is taken whole: `*` stands for the rest of it, as in 'web-*'; `ecs-vnc list` shows all"
        }
        _ => "is it another account's? `ecs-vnc list --all-regions` shows all of this one",
    };
    Failure::message(ExitCode::NotFound, message).hint(hint)
}

fn several(query: &Query, found: &[Instance]) -> Failure {
    let message = format!("{} instances fit {query}; name one by its id", found.len());
    let mut failure = Failure::message(ExitCode::NotFound, message);
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
