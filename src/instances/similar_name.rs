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

/// A name or an id that may have been meant.
pub(super) struct Similar {
    pub(super) name: String,
    /// Where it is, if that is not where the wrong one was looked for.
    pub(super) region: Option<String>,
}

/// Where a name was looked for.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The only region; `None` if all were searched.
    pub(super) region: Option<&'a str>,
    /// Whether aliases may be named there.
    pub(super) has_aliases: bool,
}

/// Returns the name or id that is most similar to a name or id that no instance has: in the account's region and in the one that
/// was searched, or in the known regions if there are none. A region that cannot be listed has none.
pub(super) async fn similar_name(
    account: &Account,
    selector: &InstanceSelector,
    place: Place<'_>,
    output: Output,
) -> Option<Similar> {
    let wrong = match selector {
        InstanceSelector::Name(name) if name.contains(['*', '?']) => return None,
        InstanceSelector::Name(wrong) | InstanceSelector::Id(wrong) => wrong,
        InstanceSelector::Address(_) | InstanceSelector::Any => return None,
    };
    // Of names that are equally similar, the last one is taken.
    let own = account.region.as_deref().filter(|own| place.region != Some(*own));
    let regions: Vec<&str> = match own.into_iter().chain(place.region).collect::<Vec<_>>() {
        none if none.is_empty() => KNOWN_REGIONS.to_vec(),
        regions => regions,
    };
    let (limit, mut progress) = (account.search_limit(), Progress::new(account.clock(), output));
    let reading: Vec<_> = regions.iter().map(|region| read_names(account, region, limit)).collect();
    let reading = stream::iter(reading).buffered(MAX_CONCURRENT_REGIONS).collect::<Vec<_>>();
    let names: Vec<Vec<String>> = progress.during("looking for similar names", reading).await;
    let aliases = account.aliases.iter().map(|(name, _)| name).filter(|_| place.has_aliases);
    let name = suggest(wrong, names.iter().flatten().map(String::as_str).chain(aliases))?;
    let region_of =
        |(names, region): (&Vec<String>, &&str)| names.iter().any(|own| own == name).then(|| (*region).to_owned());
    let is_elsewhere = |region: &String| place.region.is_some_and(|searched| searched != region);
    let region = names.iter().zip(&regions).rev().find_map(region_of).filter(is_elsewhere);
    Some(Similar { name: name.to_owned(), region })
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
