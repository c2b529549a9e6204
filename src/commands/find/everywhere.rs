//! Asks all regions at once.
//!
//! The regions that were there when this was written are asked in the same moment as DescribeRegions, and those that
//! only its answer names right after: so the search takes one round trip, and two where the list has aged.

use std::collections::BTreeSet;

use futures_util::future::{Either, select};
use futures_util::{StreamExt as _, stream};
use tokio::pin;

use super::{Query, in_region};
use crate::api::operations::{Instance, KNOWN_REGIONS};
use crate::commands::progress::Progress;
use crate::commands::session::Session;
use crate::failure::Failure;
use crate::output::Output;

/// How many regions are asked at once.
pub const AT_ONCE: usize = 32;

type Asked = (String, Result<Vec<Instance>, Failure>);

/// The instances that fit, in all regions but `except`, which was asked already. A region that does not answer is a
/// warning, unless no region does.
pub async fn find(
    session: &Session,
    query: &Query,
    except: Option<&str>,
    output: Output,
) -> Result<Vec<Instance>, Failure> {
    let text = format!("looking for {query} in all regions");
    Progress::new(session.clock(), output).during(&text, search(session, query, except, output)).await
}

async fn search(
    session: &Session,
    query: &Query,
    except: Option<&str>,
    output: Output,
) -> Result<Vec<Instance>, Failure> {
    let known: BTreeSet<String> = KNOWN_REGIONS.iter().map(|region| (*region).to_owned()).collect();
    let (listing, asking) = (
        session.clients.first().describe_regions(None, session.search_limit()),
        ask(session, query, without(&known, except)),
    );
    pin!(listing, asking);
    let (listed, mut answers) = match select(asking, listing).await {
        Either::Left((answers, _)) if is_there(query, &answers) => return Ok(instances(answers)),
        Either::Left((answers, listing)) => (listing.await, answers),
        Either::Right((listed, asking)) => (listed, asking.await),
    };
    let regions: BTreeSet<String> = match &listed {
        Ok(regions) => regions.iter().map(|region| region.region_id.clone()).collect(),
        Err(error) => {
            output.detail(1, &format!("DescribeRegions: {error}; only regions known to this version are asked"));
            known.clone()
        }
    };
    let newer: BTreeSet<String> = regions.difference(&known).cloned().collect();
    answers.extend(ask(session, query, without(&newer, except)).await);

    // What the service does not list is no region of this account, so its refusal is not worth a word.
    answers.retain(|(region, answer)| answer.is_ok() || regions.contains(region));
    if answers.iter().all(|(_, answer)| answer.is_err())
        && let Some((_, Err(failure))) = answers.pop()
    {
        return Err(failure);
    }
    for (region, answer) in &answers {
        if let Err(failure) = answer {
            output.warning(&format!("{region} was not searched: {:#}", failure.error));
        }
    }
    Ok(instances(answers))
}

/// An id is there once; for anything else all regions must have answered.
fn is_there(query: &Query, answers: &[Asked]) -> bool {
    matches!(query, Query::Id(_)) && answers.iter().any(|(_, answer)| answer.as_ref().is_ok_and(|f| !f.is_empty()))
}

fn without(regions: &BTreeSet<String>, except: Option<&str>) -> Vec<String> {
    regions.iter().filter(|region| Some(region.as_str()) != except).cloned().collect()
}

/// Asks these regions; of an id's, no more than are needed.
async fn ask(session: &Session, query: &Query, regions: Vec<String>) -> Vec<Asked> {
    let asking = regions.into_iter().map(|region| async move {
        let answer = in_region(session, query, &region).await;
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

fn instances(answers: Vec<Asked>) -> Vec<Instance> {
    let mut found: Vec<Instance> = answers.into_iter().filter_map(|(_, answer)| answer.ok()).flatten().collect();
    found.sort_by(|a, b| (&a.region_id, &a.instance_id).cmp(&(&b.region_id, &b.instance_id)));
    found
}
