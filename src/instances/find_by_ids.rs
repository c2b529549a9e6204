//! Many ids at once: one request for each region that may have some of them.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt as _, stream};

use super::{MAX_CONCURRENT_REGIONS, ResolvedInstance};
use crate::account::Account;
use crate::api::operations::{Instance, KNOWN_REGIONS};
use crate::command_error::CommandError;

/// Looks for instances in the account's region, and for the others in all regions unless the region is pinned. Returns what was
/// found, by id. If the account's region cannot be asked, that is an error; another region then has none.
///
/// Where the key may not list the account's region, the ids are believed to be in it, as an id is that is named on the command
/// line.
pub(super) async fn find_by_ids(
    account: &Account,
    ids: &[String],
) -> Result<HashMap<String, ResolvedInstance>, CommandError> {
    let mut found = HashMap::new();
    let mut missing: BTreeSet<String> = ids.iter().cloned().collect();
    if let Some(home) = &account.region {
        match search(account, home.clone(), ids.to_vec()).await {
            Ok(instances) => take(instances, home, &mut missing, &mut found),
            Err(error) if error.is_forbidden() => {
                let believed =
                    ids.iter().map(|id| ResolvedInstance { id: id.clone(), region: home.clone(), info: None });
                return Ok(believed.map(|instance| (instance.id.clone(), instance)).collect());
            }
            Err(error) => return Err(error),
        }
        if account.is_pinned {
            return Ok(found);
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let listed = account.clients.first().describe_regions(None, account.search_limit()).await;
    let regions: Vec<String> = match listed {
        Ok(regions) => regions.into_iter().map(|region| region.region_id).collect(),
        Err(_) => KNOWN_REGIONS.map(str::to_owned).to_vec(),
    };
    let mut searches = Vec::new();
    for region in regions.into_iter().filter(|region| account.region.as_ref() != Some(region)) {
        let ids: Vec<String> = missing.iter().cloned().collect();
        searches.push(async { (region.clone(), search(account, region, ids).await) });
    }
    let mut searching = stream::iter(searches).buffer_unordered(MAX_CONCURRENT_REGIONS);
    while let Some((region, instances)) = searching.next().await {
        take(instances.unwrap_or_default(), &region, &mut missing, &mut found);
        if missing.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// Returns the instances of a region.
async fn search(
    account: &Account,
    region: String,
    ids: Vec<String>,
) -> Result<HashMap<String, Instance>, CommandError> {
    let answer = account.clients.of(&region)?.instances_by_id(&region, &ids, account.search_limit()).await;
    answer.map_err(|error| account.explain(error, "DescribeInstances", &region, "", None))
}

fn take(
    instances: HashMap<String, Instance>,
    region: &str,
    missing: &mut BTreeSet<String>,
    found: &mut HashMap<String, ResolvedInstance>,
) {
    for (id, mut info) in instances {
        if missing.remove(&id) {
            region.clone_into(&mut info.region_id);
            found.insert(id.clone(), ResolvedInstance { id, region: region.to_owned(), info: Some(info) });
        }
    }
}
