//! An operation on an instance, in the region where the instance is.

use super::alias::named_by_alias;
use super::all_regions::{HomeRegion, Search, search_all_regions};
use super::resolve::{NAME_LIKE_ID, only_match};
use super::{InstanceSelector, ResolvedInstance};
use crate::account::Account;
use crate::api::ApiError;
use crate::command_error::CommandError;
use crate::terminal::output::Output;

/// Why one request about an instance failed.
#[derive(Debug)]
pub(crate) enum OperationError {
    Api(ApiError),
    /// Anything that is not an answer of the API: it is final.
    Other(CommandError),
}

impl From<ApiError> for OperationError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<CommandError> for OperationError {
    fn from(error: CommandError) -> Self {
        Self::Other(error)
    }
}

/// Why an operation on an instance failed.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The API refused it, or did not answer.
    Refused(Box<Refusal>),
    Other(CommandError),
}

impl CallError {
    /// The error for the user. `action` is the operation's name.
    pub(crate) fn explain(self, account: &Account, action: &str) -> CommandError {
        match self {
            Self::Refused(refusal) => refusal.explain(account, action, None),
            Self::Other(error) => error,
        }
    }
}

/// Where an id was looked for.
#[derive(Debug)]
struct SearchedPlace {
    /// Such as `any region`.
    place: String,
    /// Why it is not every region.
    reasons: Vec<String>,
}

/// An operation that the API refused, and the instance it was about.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The instance, in the region that was asked last.
    pub(crate) instance: ResolvedInstance,
    pub(crate) error: ApiError,
    /// Where else the id was looked for in vain; `None` if nowhere.
    missing_in: Option<SearchedPlace>,
}

impl Refusal {
    /// The error for the user. `status` is the instance's, where it is known.
    pub(crate) fn explain(self, account: &Account, action: &str, status: Option<&str>) -> CommandError {
        let ResolvedInstance { id, region, .. } = &self.instance;
        let error = account.explain(self.error, action, region, id, status).of_instance(id);
        let error = match account.aliases.used_for(id) {
            Some(name) => named_by_alias(error, &name, id),
            None => error,
        };
        match self.missing_in {
            Some(SearchedPlace { place, reasons }) => {
                let key = account.credentials.latest().credentials.access_key_id.clone();
                let origin = account.credentials.origin();
                let hint = format!(
                    "the AccessKey {key} from {origin} has no instance {id} in {place}; does it belong to another \
                     account? {NAME_LIKE_ID}"
                );
                error.hint([vec![hint], reasons].concat().join("; "))
            }
            None => error,
        }
    }
}

/// Calls `operation` for an instance in its region. Where the id is not there, and no `--region` flag pins the region,
/// looks for the instance in all regions and calls `operation` once more.
///
/// Returns the instance in the region where it is, and the operation's result.
pub(crate) async fn call<T, F: Future<Output = Result<T, OperationError>>>(
    account: &Account,
    instance: &ResolvedInstance,
    output: Output,
    operation: impl Fn(ResolvedInstance) -> F,
) -> Result<(ResolvedInstance, T), CallError> {
    let refused = |instance: &ResolvedInstance, error, missing_in| {
        CallError::Refused(Box::new(Refusal { instance: instance.clone(), error, missing_in }))
    };
    let error = match operation(instance.clone()).await {
        Ok(result) => return Ok((instance.clone(), result)),
        Err(OperationError::Other(error)) => return Err(CallError::Other(error)),
        Err(OperationError::Api(error)) => error,
    };
    let is_missing = |code: &str| {
        matches!(code, "InvalidInstanceId.NotFound" | "InvalidRegionInstance" | "InvalidInstance.NotFound")
    };
    let may_be_elsewhere = error.service().is_some_and(|service| is_missing(&service.code));
    if !may_be_elsewhere || account.is_pinned || instance.info.is_some() {
        return Err(refused(instance, error, None));
    }
    let selector = InstanceSelector::Id(instance.id.clone());
    let home = HomeRegion::WithoutMatch(&instance.region);
    // When the search fails, the first error says more than the search's.
    let Ok(Search { matches, gap }) = search_all_regions(account, &selector, home, output).await else {
        return Err(refused(instance, error, None));
    };
    let Ok(Some(found)) = only_match(&selector, matches) else {
        let is_not_found = error.service().is_some_and(|service| service.code.ends_with(".NotFound"));
        let place = match gap {
            None => SearchedPlace { place: "any region".to_owned(), reasons: Vec::new() },
            Some(gap) => SearchedPlace { place: gap.place, reasons: gap.reasons },
        };
        return Err(refused(instance, error, is_not_found.then_some(place)));
    };
    output.detail(1, &format!("{} is in {}, not in {}", found.id, found.region, instance.region));
    match operation(found.clone()).await {
        Ok(result) => Ok((found, result)),
        Err(OperationError::Api(error)) => Err(refused(&found, error, None)),
        Err(OperationError::Other(error)) => Err(CallError::Other(error)),
    }
}
