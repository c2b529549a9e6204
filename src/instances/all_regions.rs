//! Searches all regions at once.
//!
//! The regions that this version knows are searched while DescribeRegions is running. Regions that only DescribeRegions
//! names are searched after that. The search takes one round trip, or two if there are newer regions.

use std::collections::BTreeSet;

use futures_util::future::{Either, select};
use futures_util::{StreamExt as _, stream};
use tokio::pin;

use super::InstanceSelector;
use super::region_failures::{RegionFailure, describe_failures, name_regions};
use super::region_search::{Matches, search_region};
use crate::account::Account;
use crate::api::ApiError;
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

/// The result of a search in all regions.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) matches: Matches,
    /// What was not searched; `None` if every region answered.
    pub(super) gap: Option<SearchGap>,
}

/// Regions that may have more matches than were found.
#[derive(Debug)]
pub(super) struct SearchGap {
    /// Where was searched, such as `cn-hangzhou`.
    pub(super) place: String,
    /// What was not searched and why, one text for each reason.
    pub(super) reasons: Vec<String>,
    /// What the user can do about the first reason.
    pub(super) hint: Option<String>,
}

/// A region, and the matches in it.
type RegionResult = (String, Result<Matches, CommandError>);

/// Returns the matching instances of all regions but the home region. If there are any, regions that could not be searched
/// are a warning, after the command's result. If no region could be searched, the first error is returned.
pub(super) async fn search_all_regions(
    account: &Account,
    selector: &InstanceSelector,
    home: HomeRegion<'_>,
    output: Output,
) -> Result<Search, CommandError> {
    let text = format!("looking for {} in all regions", selector.quoted());
    Progress::new(account.clock(), output).during(&text, search(account, selector, home, output)).await
}

async fn search(
    account: &Account,
    selector: &InstanceSelector,
    home: HomeRegion<'_>,
    output: Output,
) -> Result<Search, CommandError> {
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
        Either::Left((results, _)) if has_the_id(selector, &results) => return Ok(complete(results)),
        Either::Left((results, listing)) => (listing.await, results),
        Either::Right((listed, searching)) => (listed, searching.await),
    };
    if has_the_id(selector, &results) {
        return Ok(complete(results));
    }
    let regions: BTreeSet<String> = match &listed {
        Ok(regions) => regions.iter().map(|region| region.region_id.clone()).collect(),
        Err(_) => known.clone(),
    };
    let newer: BTreeSet<String> = regions.difference(&known).cloned().collect();
    results.extend(search_regions(account, selector, without(&newer, searched)).await);

    // A region that the service does not list is not open to this account, so its error is not worth a warning.
    results.retain(|(region, result)| result.is_ok() || regions.contains(region));
    let asked: BTreeSet<String> =
        results.iter().map(|(region, _)| region.as_str()).chain(searched).map(str::to_owned).collect();
    let (mut failures, mut answers): (Vec<RegionFailure>, _) = (Vec::new(), Vec::new());
    let is_home_searched = matches!(home, HomeRegion::WithoutMatch(_));
    if let HomeRegion::Failed(region, error) = home {
        failures.push((region.to_owned(), error));
    }
    for (region, result) in results {
        match result {
            Ok(matches) => answers.push(matches),
            Err(error) => failures.push((region, error)),
        }
    }
    if answers.is_empty() && !is_home_searched && !failures.is_empty() {
        return Err(failures.remove(0).1);
    }
    let matches = merge(answers);
    // Regions that this version does not know are only missed if nothing was found.
    let unlisted = listed.err().filter(|_| matches.instances.is_empty());
    let gap = find_gap(failures, &asked, unlisted);
    if let (Some(gap), false) = (&gap, matches.instances.is_empty()) {
        gap.reasons.iter().for_each(|reason| account.warn_once(reason, output));
    }
    Ok(Search { matches, gap })
}

/// Describes what was not searched. `asked` includes the regions of `failures`. `unlisted` is the error of
/// DescribeRegions.
fn find_gap(failures: Vec<RegionFailure>, asked: &BTreeSet<String>, unlisted: Option<ApiError>) -> Option<SearchGap> {
    let has_failed = |region: &String| failures.iter().any(|(failed, _)| failed == region);
    let searched: BTreeSet<String> = asked.iter().filter(|region| !has_failed(region)).cloned().collect();
    let describe = |text: String| format!("could not search {text}");
    let mut reasons: Vec<String> = describe_failures(&failures, asked).into_iter().map(describe).collect();
    if let Some(error) = &unlisted {
        reasons.push(format!("could not list the regions: {error}"));
    }
    let place = match unlisted.is_some() && searched == *asked {
        true => format!("the {} regions that this version knows", asked.len()),
        false => name_regions(&searched, asked),
    };
    let hint = failures.into_iter().next().and_then(|(_, error)| error.hint);
    (!reasons.is_empty()).then_some(SearchGap { place, reasons, hint })
}

/// The result if the instance with the id was found: no other region can have it.
fn complete(results: Vec<RegionResult>) -> Search {
    Search { matches: merge(results.into_iter().filter_map(|(_, result)| result.ok()).collect()), gap: None }
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

fn merge(matches: Vec<Matches>) -> Matches {
    let is_truncated = matches.iter().any(|matches| matches.is_truncated);
    let mut instances: Vec<Instance> = matches.into_iter().flat_map(|matches| matches.instances).collect();
    instances.sort_by(|a, b| (&a.region_id, &a.instance_id).cmp(&(&b.region_id, &b.instance_id)));
    Matches { instances, is_truncated }
}
