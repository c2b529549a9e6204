//! Lets the user pick an instance from a list.

use std::sync::Arc;

use super::listing::Listing;
use super::matching_query::MatchingQuery;
use super::{InstanceSelector, ResolvedInstance};
use crate::account::Account;
use crate::api::operations::{Filter, Instance};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::terminal::output::Output;
use crate::terminal::picker::pick;
use crate::terminal::progress::Progress;
use crate::terminal::prompt::in_thread;

/// The most instances that a list has. A name narrows a larger account down.
const MAX_CHOICES: usize = 10_000;

/// The column of the list that is cut on a narrow terminal: the name.
const CUT_COLUMN: usize = 1;

/// Lists the instances of the region that is set, or of all, and lets the user pick one. With a pattern, only those that match.
pub(super) async fn choose(
    account: &Account,
    pattern: Option<&str>,
    region: Option<&str>,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let filter = Filter { name: pattern.map(InstanceSelector::name_pattern), ..Filter::default() };
    let query = MatchingQuery::new(pattern.map(str::to_owned), filter);
    // Its pages are requested by tasks, each with the whole time limit.
    let lister = Arc::new(account.with_time_limit(account.limit().total));
    let mut progress = Progress::new(account.clock(), output);
    let starting = Listing::start(lister, query, region);
    let mut listing = progress.during("listing: the regions", starting).await;
    let mut instances = Vec::new();
    loop {
        let text = format!("listing: {} instances{}", instances.len(), listing.progress_text());
        let Some(page) = progress.during(&text, listing.next()).await else { break };
        instances.extend(page?);
        if instances.len() > MAX_CHOICES {
            let message = format!("more than {MAX_CHOICES} instances fit, too many to pick from");
            return Err(CommandError::message(ErrorKind::Usage, message).hint("give an ID, or a longer pattern"));
        }
    }
    let end = listing.end()?;
    end.warnings.iter().for_each(|warning| output.warning(warning));
    end.cut_short.iter().for_each(|error| output.warning(&format!("{:#}", error.error)));
    if instances.is_empty() {
        let place = region.map_or("any region".to_owned(), str::to_owned);
        return Err(CommandError::message(ErrorKind::NotFound, format!("there is no instance in {place}"))
            .hint("ecs-vnc list --all-regions lists all instances of this account"));
    }
    choose_from(account, "Instance:", instances, output).await
}

/// Lets the user pick one of these instances. The command's time limit starts again after that.
pub(super) async fn choose_from(
    account: &Account,
    question: &str,
    mut instances: Vec<Instance>,
    output: Output,
) -> Result<ResolvedInstance, CommandError> {
    let rows: Vec<Vec<String>> = instances.iter().map(row).collect();
    let question = question.to_owned();
    let picked = in_thread(move || pick(&question, &rows, CUT_COLUMN, output)).await?;
    account.restart_limit();
    let instance = instances.swap_remove(picked);
    let (id, region) = (instance.instance_id.clone(), instance.region_id.clone());
    Ok(ResolvedInstance { id, region, info: Some(instance) })
}

/// The cells of the list: id, name, state, region, address.
fn row(instance: &Instance) -> Vec<String> {
    let address = instance.private_addresses().chain(instance.public_addresses()).next().unwrap_or_default();
    let Instance { instance_id, instance_name, status, region_id, .. } = instance;
    let cells = [instance_id, instance_name, status, region_id, address];
    cells.map(|cell| if cell.is_empty() { "-".to_owned() } else { cell.to_owned() }).to_vec()
}
