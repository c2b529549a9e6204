//! A selector to an instance's id and region.

use super::alias::find_alias;
use super::all_regions::{HomeRegion, Search, SearchGap, search_all_regions};
use super::choose::{choose, choose_from};
use super::region_search::{MAX_MATCHES, Matches, search_region};
use super::similar_name::{Place, Similar, similar_name};
use super::{InstanceSelector, ResolvedInstance};
use crate::account::Account;
use crate::api::operations::Instance;
use crate::command_error::{Candidate, CommandError};
use crate::error_kind::ErrorKind;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::text::quoted::quoted;

/// The hint for an id that is not found: names may look like ids.
pub(super) const NAME_LIKE_ID: &str = "if it is a name rather than an id, quote it as a pattern: 'i-web0*'";

const LIST_ALL: &str = "ecs-vnc list --all-regions lists all instances of this account";

/// Resolves a selector: an alias to what it stands for; in the region of a `--region` flag only, else in the profile's region
/// first and then in all. If no instance is named, or a name fits several, the user picks one where `output` may ask.
///
/// An id whose region is set needs no request, unless `look_up` wants the instance's status.
pub(crate) async fn resolve(
    account: &Account,
    selector: &InstanceSelector,
    look_up: bool,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    if *selector == InstanceSelector::Any {
        return choose(account, None, account.region.as_deref(), output).await;
    }
    let home = Home { region: account.region.as_deref(), is_pinned: account.is_pinned, is_of_alias: false };
    let Some(alias) = find_alias(account, selector, output)? else {
        return resolve_from(account, selector, home, look_up, output).await;
    };
    let home = match alias.region.as_deref() {
        Some(region) => Home { region: Some(region), is_pinned: true, is_of_alias: true },
        None => Home { is_of_alias: true, ..home },
    };
    let found = resolve_from(account, &alias.target, home, look_up, output).await;
    found.map_err(|error| alias.explain(error, &account.aliases))
}

/// Where a search begins.
#[derive(Clone, Copy)]
struct Home<'a> {
    region: Option<&'a str>,
    /// Whether no other region is searched.
    is_pinned: bool,
    /// Whether an alias stands for what is searched.
    is_of_alias: bool,
}

async fn resolve_from(
    account: &Account,
    selector: &InstanceSelector,
    Home { region, is_pinned, is_of_alias }: Home<'_>,
    look_up: bool,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let place = Place { region: region.filter(|_| is_pinned), has_aliases: !is_of_alias };
    let home = match (selector, region) {
        (InstanceSelector::Id(id), Some(region)) if !look_up => {
            return Ok(ResolvedInstance { id: id.clone(), region: region.to_owned(), info: None });
        }
        (selector, Some(region)) => match search_home_region(account, selector, region, output).await {
            Ok(matches) if is_pinned || !matches.instances.is_empty() => {
                let found = match_or_choice(account, selector, matches, Some(region), output)
                    .await
                    .and_then(|found| found.ok_or_else(|| no_match(selector, region)));
                return with_similar_name(found, account, selector, place, output).await;
            }
            Ok(_) => HomeRegion::WithoutMatch(region),
            Err(error) if is_pinned || !may_differ_elsewhere(&error) => return Err(error),
            Err(error) => HomeRegion::Failed(region, error),
        },
        (_, None) => HomeRegion::NotSet,
    };
    let Search { matches, gap } = search_all_regions(account, selector, home, output).await?;
    let found = match_or_choice(account, selector, matches, None, output).await.and_then(|found| {
        found.ok_or_else(|| match gap {
            None => no_match(selector, "any region"),
            Some(gap) => no_match_in_a_part(selector, gap),
        })
    });
    with_similar_name(found, account, selector, place, output).await
}

/// Returns the one match, or the one of several that the user picks. `region` is the only one that was searched.
async fn match_or_choice(
    account: &Account,
    selector: &InstanceSelector,
    matches: Matches,
    region: Option<&str>,
    output: Output,
) -> Result<Option<ResolvedInstance>, CommandError> {
    let is_truncated = matches.is_truncated;
    let (exact, others): (Vec<&Instance>, _) = matches.instances.iter().partition(|one| selector.is_exact(one));
    let fitting = if exact.is_empty() { others } else { exact };
    if fitting.len() < 2 || !output.may_pick() {
        return only_match(selector, matches);
    }
    match selector {
        InstanceSelector::Name(pattern) if is_truncated => {
            choose(account, Some(pattern), region, output).await.map(Some)
        }
        selector => {
            let question = format!("{} matches {} instances:", selector.quoted(), fitting.len());
            let fitting = fitting.into_iter().cloned().collect();
            choose_from(account, &question, fitting, output).await.map(Some)
        }
    }
}

/// Puts the most similar name of an instance before the hint of an error that no instance matches.
async fn with_similar_name(
    found: Result<ResolvedInstance, CommandError>,
    account: &Account,
    selector: &InstanceSelector,
    place: Place<'_>,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let mut error = match found {
        Err(error) if error.kind == ErrorKind::NotFound && error.candidates.is_empty() => error,
        found => return found,
    };
    if let Some(Similar { name, region }) = similar_name(account, selector, place, output).await {
        let hint = error.hint.take().map(|hint| format!(" {hint}")).unwrap_or_default();
        let name = quoted(&name);
        error.hint = Some(match region {
            Some(region) => format!("did you mean {name} in {region}?{hint}"),
            None => format!("did you mean {name}?{hint}"),
        });
    }
    Err(error)
}

async fn search_home_region(
    account: &Account,
    selector: &InstanceSelector,
    region: &str,
    output: Output,
) -> Result<Matches, CommandError> {
    let text = format!("looking for {} in {region}", selector.quoted());
    let searching = search_region(account, selector, region, account.limit());
    Progress::new(account.clock(), output).during(&text, searching).await
}

/// Whether another region may answer where one region failed with `error`: refused credentials fail everywhere.
fn may_differ_elsewhere(error: &CommandError) -> bool {
    error.is_forbidden() || error.kind != ErrorKind::Credentials
}

/// Returns the one instance that `selector` means; `None` if nothing matches. An exact name wins over patterns.
pub(super) fn only_match(
    selector: &InstanceSelector,
    Matches { instances, is_truncated }: Matches,
) -> Result<Option<ResolvedInstance>, CommandError> {
    let (exact, others): (Vec<_>, Vec<_>) = instances.into_iter().partition(|instance| selector.is_exact(instance));
    let mut matching = if exact.is_empty() { others } else { exact };
    match (matching.pop(), matching.is_empty()) {
        (Some(instance), true) if !is_truncated || selector.is_exact(&instance) => {
            let (id, region) = (instance.instance_id.clone(), instance.region_id.clone());
            Ok(Some(ResolvedInstance { id, region, info: Some(instance) }))
        }
        (Some(last), _) => {
            matching.push(last);
            Err(several_matches(selector, &matching, is_truncated))
        }
        (None, _) => Ok(None),
    }
}

/// The error if nothing matches in a place, such as `cn-hangzhou` or `any region`.
pub(super) fn no_match(selector: &InstanceSelector, place: &str) -> CommandError {
    let message = match selector {
        InstanceSelector::Id(id) => format!("no instance {id} in {place}"),
        InstanceSelector::Address(address) => format!("no instance with the address {address} in {place}"),
        InstanceSelector::Name(name) => format!("no instance named {} in {place}", quoted(name)),
        InstanceSelector::Any => format!("no instance in {place}"),
    };
    let hint = match selector {
        InstanceSelector::Name(name) if name.contains(['*', '?']) => LIST_ALL.to_owned(),
        InstanceSelector::Name(_) => {
            format!("names must match exactly; use a pattern such as 'web-*' to search; {LIST_ALL}")
        }
        InstanceSelector::Id(_) => format!("does it belong to another account? {LIST_ALL}; {NAME_LIKE_ID}"),
        _ => format!("does it belong to another account? {LIST_ALL}"),
    };
    CommandError::message(ErrorKind::NotFound, message).hint(hint)
}

/// The error if nothing matches where was searched, but some regions could not be.
fn no_match_in_a_part(selector: &InstanceSelector, gap: SearchGap) -> CommandError {
    let mut error = no_match(selector, &format!("{}; {}", gap.place, gap.reasons.join("; ")));
    let hint = match (error.hint.take(), gap.hint) {
        // A typo is likelier than an instance in a region that the account does not use.
        (Some(own), Some(gap)) => Some(format!("{own}; for what was not searched: {gap}")),
        (own, gap) => own.or(gap),
    };
    CommandError { hint, ..error }
}

fn several_matches(selector: &InstanceSelector, matching: &[Instance], is_truncated: bool) -> CommandError {
    let matching = &matching[..matching.len().min(MAX_MATCHES)];
    let (count, selector) = (matching.len(), selector.quoted());
    let message = match is_truncated {
        true => format!("{selector} matches more than {count} instances; the first {count}:"),
        false => format!("{selector} matches {count} instances; use an id instead"),
    };
    let mut error = CommandError::message(ErrorKind::NotFound, message);
    error.candidates = matching.iter().map(candidate).collect();
    error
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
