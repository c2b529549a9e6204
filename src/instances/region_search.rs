//! The instances of one region that match a selector.

use futures_util::future::try_join_all;

use crate::account::Account;
use crate::api::operations::{AddressKind, Filter, Instance, Page};
use crate::api::{ApiError, Client};
use crate::command_error::CommandError;
use crate::instances::InstanceSelector;
use crate::system::clock::Deadline;

/// The most matches that are collected: a person chooses from no longer list.
pub(super) const MAX_MATCHES: usize = 20;

/// The most pages of a region that are read. The service does not know `?`, so that a page may hold few matches.
const MAX_PAGES: usize = 100;

/// Instances that match a selector.
#[derive(Debug, Default)]
pub(super) struct Matches {
    pub(super) instances: Vec<Instance>,
    /// Whether there may be more.
    pub(super) is_truncated: bool,
}

/// Returns the instances of `region` that match `selector`.
pub(super) async fn search_region(
    account: &Account,
    selector: &InstanceSelector,
    region: &str,
    deadline: Deadline,
) -> Result<Matches, CommandError> {
    let filters = match selector {
        InstanceSelector::Id(id) => vec![Filter::ids(std::slice::from_ref(id))],
        InstanceSelector::Name(name) => {
            vec![Filter { name: Some(InstanceSelector::name_pattern(name)), ..Filter::default() }]
        }
        InstanceSelector::Address(address) => {
            let by_kind = |kind| Filter { address: Some((kind, *address)), ..Filter::default() };
            AddressKind::ALL.map(by_kind).to_vec()
        }
        InstanceSelector::Any => vec![Filter::default()],
    };
    let client = account.clients.of(region)?;
    let searches = filters.iter().map(|filter| read_pages(&client, selector, region, filter, deadline));
    let answers = try_join_all(searches)
        .await
        .map_err(|error| account.explain(error, "DescribeInstances", region, &selector.to_string(), None))?;
    let is_truncated = answers.iter().any(|answer| answer.is_truncated);
    let mut matches = Matches { is_truncated, ..Matches::default() };
    for instance in answers.into_iter().flat_map(|answer| answer.instances) {
        if matches.instances.iter().all(|other| other.instance_id != instance.instance_id) {
            matches.instances.push(instance);
        }
    }
    Ok(matches)
}

/// Reads page after page, up to [`MAX_MATCHES`] matches.
async fn read_pages(
    client: &Client,
    selector: &InstanceSelector,
    region: &str,
    filter: &Filter,
    deadline: Deadline,
) -> Result<Matches, ApiError> {
    let (mut instances, mut token) = (Vec::new(), None::<String>);
    for _ in 0..MAX_PAGES {
        let page: Page<Instance> = client.describe_instances(region, filter, token.as_deref(), deadline).await?;
        for mut instance in page.instances.into_iter().filter(|instance| selector.matches(instance)) {
            region.clone_into(&mut instance.region_id);
            instances.push(instance);
        }
        token = page.next;
        if token.is_none() || instances.len() > MAX_MATCHES {
            break;
        }
    }
    let is_truncated = token.is_some() || instances.len() > MAX_MATCHES;
    instances.truncate(MAX_MATCHES);
    Ok(Matches { instances, is_truncated })
}
