//! Asks all regions at once.
//!
//! The regions that were there when this was written are asked in the same moment as DescribeRegions, and those that
//! only its answer names after them: so the search takes one round trip, and two where the list has aged.

use std::collections::BTreeSet;

use futures_util::future::{Either, select};
use futures_util::{StreamExt as _, stream};
use tokio::pin;

use super::{Asked, Found, InstanceSelector, in_region};
use crate::account::Account;
use crate::api::operations::{Instance, KNOWN_REGIONS};
use crate::command_error::CommandError;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// How many regions are asked at once.
pub(crate) const AT_ONCE: usize = 32;

type Answer = (String, Result<Found, CommandError>);

/// The instances that fit, in all regions but the home region, which was asked already. A region that does not answer
/// is a warning, unless none does.
pub(crate) async fn find(
    session: &Account,
    query: &InstanceSelector,
    asked: Asked<'_>,
    output: Output,
) -> Result<Found, CommandError> {
    let text = format!("looking for {query} in all regions");
    Progress::new(session.clock(), output).during(&text, search(session, query, asked, output)).await
}

async fn search(
    session: &Account,
    query: &InstanceSelector,
    asked: Asked<'_>,
    output: Output,
) -> Result<Found, CommandError> {
    let except = match &asked {
        Asked::Nowhere => None,
        Asked::InVain(region) | Asked::Refusing(region, _) => Some(*region),
    };
    let known: BTreeSet<String> = KNOWN_REGIONS.iter().map(|region| (*region).to_owned()).collect();
    let (listing, asking) = (
        session.clients.first().describe_regions(None, session.search_limit()),
        ask(session, query, without(&known, except)),
    );
    pin!(listing, asking);
    let (listed, mut answers) = match select(asking, listing).await {
        Either::Left((answers, _)) if is_there(query, &answers) => return Ok(all_of(answers)),
        Either::Left((answers, listing)) => (listing.await, answers),
        Either::Right((listed, asking)) => (listed, asking.await),
    };
    if is_there(query, &answers) {
        return Ok(all_of(answers));
    }
    let regions: BTreeSet<String> = match &listed {
        Ok(regions) => regions.iter().map(|region| region.region_id.clone()).collect(),
        Err(_) => known.clone(),
    };
    let newer: BTreeSet<String> = regions.difference(&known).cloned().collect();
    answers.extend(ask(session, query, without(&newer, except)).await);

    // What the service does not list is no region of this account, so its refusal is not worth a word.
    answers.retain(|(region, answer)| answer.is_ok() || regions.contains(region));
    if answers.iter().all(|(_, answer)| answer.is_err()) {
        return nobody(session, asked, answers, output);
    }
    if let Asked::Refusing(region, failure) = asked {
        answers.push((region.to_owned(), Err(failure)));
    }
    for (region, answer) in &answers {
        if let Err(failure) = answer {
            session.warn_once(&format!("{region} was not searched: {:#}", failure.error), output);
        }
    }
    let found = all_of(answers);
    if let (Err(error), true) = (&listed, found.instances.is_empty()) {
        session.warn_once(&format!("only the regions known to this version were searched: {error}"), output);
    }
    Ok(found)
}

/// No region has answered, but for the home region perhaps. What that one has said says most.
fn nobody(
    session: &Account,
    asked: Asked<'_>,
    mut answers: Vec<Answer>,
    output: Output,
) -> Result<Found, CommandError> {
    let first = answers.pop().and_then(|(_, answer)| answer.err());
    match (asked, first) {
        (Asked::Refusing(_, failure), _) | (Asked::Nowhere, Some(failure)) => Err(failure),
        (Asked::InVain(region), Some(failure)) => {
            session.warn_once(&format!("no region but {region} could be searched: {:#}", failure.error), output);
            Ok(Found::default())
        }
        (_, None) => Ok(Found::default()),
    }
}

/// An id is there once; for anything else all regions must have answered.
fn is_there(query: &InstanceSelector, answers: &[Answer]) -> bool {
    matches!(query, InstanceSelector::Id(_))
        && answers.iter().any(|(_, answer)| answer.as_ref().is_ok_and(|f| !f.instances.is_empty()))
}

fn without(regions: &BTreeSet<String>, except: Option<&str>) -> Vec<String> {
    regions.iter().filter(|region| Some(region.as_str()) != except).cloned().collect()
}

/// Asks these regions; of an id's, no more than are needed.
async fn ask(session: &Account, query: &InstanceSelector, regions: Vec<String>) -> Vec<Answer> {
    let asking = regions.into_iter().map(|region| async move {
        let answer = in_region(session, query, &region, session.search_limit()).await;
        (region, answer)
    });
    let mut answers = Vec::new();
    let mut asked = stream::iter(asking).buffer_unordered(AT_ONCE);
    while let Some(answer) = asked.next().await {
        answers.push(answer);
        if is_there(query, &answers[answers.len() - 1..]) {
            break;
        }
    }
    answers
}

fn all_of(answers: Vec<Answer>) -> Found {
    let answers: Vec<Found> = answers.into_iter().filter_map(|(_, answer)| answer.ok()).collect();
    let is_cut = answers.iter().any(|answer| answer.is_cut);
    let mut instances: Vec<Instance> = answers.into_iter().flat_map(|answer| answer.instances).collect();
    instances.sort_by(|a, b| (&a.region_id, &a.instance_id).cmp(&(&b.region_id, &b.instance_id)));
    Found { instances, is_cut }
}
