//! Searches all regions at once.
//!
//! The regions that this version knows are searched while DescribeRegions is running. Regions that only DescribeRegions
//! names are searched after that. The search takes one round trip, or two if there are newer regions.

use std::collections::BTreeSet;

use futures_util::future::{Either, select};
use futures_util::{StreamExt as _, stream};
use tokio::pin;

use super::InstanceSelector;
use super::region_search::{Matches, search_region};
use crate::account::Account;
use crate::api::operations::{Instance, KNOWN_REGIONS};
use crate::command_error::CommandError;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// How many regions are searched at the same time.
pub(crate) const MAX_CONCURRENT_REGIONS: usize = 32;

/// What the search in the home region, which comes first, has found.
#[derive(Debug)]
pub(super) enum HomeRegion<'a> {
    NotSet,
    WithoutMatch(&'a str),
    /// It could not be searched; other regions may answer.
    Failed(&'a str, CommandError),
}

/// A region, and the matches in it.
type RegionResult = (String, Result<Matches, CommandError>);

/// Returns the matching instances of all regions but the home region. It warns of regions that cannot be searched, and
/// fails if no region can.
pub(super) async fn search_all_regions(
    account: &Account,
    selector: &InstanceSelector,
    home: HomeRegion<'_>,
    output: Output,
) -> Result<Matches, CommandError> {
    let text = format!("looking for {selector} in all regions");
    Progress::new(account.clock(), output).during(&text, search(account, selector, home, output)).await
}

async fn search(
    account: &Account,
    selector: &InstanceSelector,
    home: HomeRegion<'_>,
    output: Output,
) -> Result<Matches, CommandError> {
    let searched = match &home {
        HomeRegion::NotSet => None,
        HomeRegion::WithoutMatch(region) | HomeRegion::Failed(region, _) => Some(*region),
    };
    let known: BTreeSet<String> = KNOWN_REGIONS.iter().map(|region| (*region).to_owned()).collect();
    let (listing, searching) = (
        account.clients.first().describe_regions(None, account.search_limit()),
        search_regions(account, selector, without(&known, searched)),
    );
    pin!(listing, searching);
    let (listed, mut results) = match select(searching, listing).await {
        Either::Left((results, _)) if has_the_id(selector, &results) => return Ok(merge(results)),
        Either::Left((results, listing)) => (listing.await, results),
        Either::Right((listed, searching)) => (listed, searching.await),
    };
    if has_the_id(selector, &results) {
        return Ok(merge(results));
    }
    let regions: BTreeSet<String> = match &listed {
        Ok(regions) => regions.iter().map(|region| region.region_id.clone()).collect(),
        Err(_) => known.clone(),
    };
    let newer: BTreeSet<String> = regions.difference(&known).cloned().collect();
    results.extend(search_regions(account, selector, without(&newer, searched)).await);

    // A region that the service does not list is not open to this account, so its error is not worth a warning.
    results.retain(|(region, result)| result.is_ok() || regions.contains(region));
    if results.iter().all(|(_, result)| result.is_err()) {
        return all_failed(account, home, results, output);
    }
    if let HomeRegion::Failed(region, error) = home {
        results.push((region.to_owned(), Err(error)));
    }
    for (region, result) in &results {
        if let Err(error) = result {
            account.warn_once(&format!("could not search {region}: {:#}", error.error), output);
        }
    }
    let matches = merge(results);
    if let (Err(error), true) = (&listed, matches.instances.is_empty()) {
        account.warn_once(&format!("searched only the regions that this version knows: {error}"), output);
    }
    Ok(matches)
}

/// Returns the result if no other region could be searched. The home region's result takes precedence.
fn all_failed(
    account: &Account,
    home: HomeRegion<'_>,
    mut results: Vec<RegionResult>,
    output: Output,
) -> Result<Matches, CommandError> {
    let first = results.pop().and_then(|(_, result)| result.err());
    match (home, first) {
        (HomeRegion::Failed(_, error), _) | (HomeRegion::NotSet, Some(error)) => Err(error),
        (HomeRegion::WithoutMatch(region), Some(error)) => {
            account.warn_once(&format!("could search no region but {region}: {:#}", error.error), output);
            Ok(Matches::default())
        }
        (_, None) => Ok(Matches::default()),
    }
}

/// Whether the selector is an id and one of the regions has it: then no other region can.
fn has_the_id(selector: &InstanceSelector, results: &[RegionResult]) -> bool {
    matches!(selector, InstanceSelector::Id(_))
        && results.iter().any(|(_, result)| result.as_ref().is_ok_and(|matches| !matches.instances.is_empty()))
}

fn without(regions: &BTreeSet<String>, except: Option<&str>) -> Vec<String> {
    regions.iter().filter(|region| Some(region.as_str()) != except).cloned().collect()
}

/// Searches these regions; for an id, only until one has it.
async fn search_regions(account: &Account, selector: &InstanceSelector, regions: Vec<String>) -> Vec<RegionResult> {
    let searches = regions.into_iter().map(|region| async move {
        let result = search_region(account, selector, &region, account.search_limit()).await;
        (region, result)
    });
    let mut results = Vec::new();
    let mut searching = stream::iter(searches).buffer_unordered(MAX_CONCURRENT_REGIONS);
    while let Some(result) = searching.next().await {
        results.push(result);
        if has_the_id(selector, &results[results.len() - 1..]) {
            break;
        }
    }
    results
}

fn merge(results: Vec<RegionResult>) -> Matches {
    let matches: Vec<Matches> = results.into_iter().filter_map(|(_, result)| result.ok()).collect();
    let is_truncated = matches.iter().any(|matches| matches.is_truncated);
    let mut instances: Vec<Instance> = matches.into_iter().flat_map(|matches| matches.instances).collect();
    instances.sort_by(|a, b| (&a.region_id, &a.instance_id).cmp(&(&b.region_id, &b.instance_id)));
    Matches { instances, is_truncated }
}
