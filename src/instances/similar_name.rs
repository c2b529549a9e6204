//! "Did you mean" for names and ids of instances.

use futures_util::{StreamExt as _, stream};
use serde::Deserialize;

use crate::account::Account;
use crate::api::ApiError;
use crate::api::operations::{Filter, KNOWN_REGIONS, Page};
use crate::instances::{InstanceSelector, MAX_CONCURRENT_REGIONS};
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::text::suggest::suggest;

/// The most pages of a region that are read, with 100 instances each.
const MAX_PAGES: usize = 5;

/// What is read of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    instance_id: String,
    #[serde(default)]
    instance_name: String,
}

/// Returns the name or id that is most similar to a name or id that no instance has: in the account's region if one is set,
/// otherwise in the known regions. A region that cannot be listed has none.
pub(super) async fn similar_name(account: &Account, selector: &InstanceSelector, output: Output) -> Option<String> {
    let wrong = match selector {
        InstanceSelector::Name(name) if name.contains(['*', '?']) => return None,
        InstanceSelector::Name(wrong) | InstanceSelector::Id(wrong) => wrong,
        InstanceSelector::Address(_) | InstanceSelector::Any => return None,
    };
    let regions: Vec<&str> = match &account.region {
        Some(region) => vec![region],
        None => KNOWN_REGIONS.to_vec(),
    };
    let (limit, mut progress) = (account.search_limit(), Progress::new(account.clock(), output));
    let reading: Vec<_> = regions.into_iter().map(|region| read_names(account, region, limit)).collect();
    let reading = stream::iter(reading).buffered(MAX_CONCURRENT_REGIONS).collect::<Vec<_>>();
    let names: Vec<String> = progress.during("looking for similar names", reading).await.concat();
    let aliases = account.aliases.iter().map(|(name, _)| name);
    suggest(wrong, names.iter().map(String::as_str).chain(aliases)).map(str::to_owned)
}

/// Returns the names and ids of a region's instances, as far as they can be read.
async fn read_names(account: &Account, region: &str, limit: Deadline) -> Vec<String> {
    let (mut names, mut token) = (Vec::new(), None::<String>);
    let Ok(client) = account.clients.of(region) else { return names };
    for _ in 0..MAX_PAGES {
        let page: Result<Page<Named>, ApiError> =
            client.describe_instances(region, &Filter::default(), token.as_deref(), limit).await;
        let Ok(page) = page else { break };
        names.extend(page.instances.into_iter().flat_map(|named| [named.instance_name, named.instance_id]));
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    names
}
