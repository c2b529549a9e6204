//! `ecs-vnc regions`: the regions of the account.

use clap::Args;

use crate::account::Account;
use crate::account::regional_clients::ANY_REGION;
use crate::api::operations::Region;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::language::{self, Language};
use crate::settings::Context;
use crate::terminal::progress::Progress;
use crate::text::table::format_table;

const EXAMPLES: &[Example] = &[
    ("List the regions of the account", "ecs-vnc regions"),
    ("List them with their Chinese names", "ecs-vnc regions --lang zh"),
];

/// List the regions with their names and endpoints.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct RegionsArgs {}

/// The value of the API's AcceptLanguage parameter.
fn accept_language(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en-US",
    }
}

/// Runs the verb.
pub(crate) async fn run(context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let settings = context.settings()?;
    let of_profile = || settings.language.as_deref().and_then(Language::from_code);
    let names_in = language::chosen().or_else(of_profile).unwrap_or_default();
    let account = Account::open(&settings, settings.timeout()?, context).await?;
    let asking = account.clients.first().describe_regions(Some(accept_language(names_in)), account.limit());
    let answer = Progress::new(account.clock(), output).during("listing: the regions", asking).await;
    let mut regions = answer.map_err(|error| {
        let region = account.region.as_deref().unwrap_or(ANY_REGION);
        account.explain(error, "DescribeRegions", region, "", None)
    })?;
    regions.sort_by(|a, b| a.region_id.cmp(&b.region_id));
    if output.is_json() {
        regions.iter().try_for_each(|region| output.json(region))?;
    } else if !regions.is_empty() {
        let cell = |cell: &String| if cell.is_empty() { "-".to_owned() } else { cell.clone() };
        let row = |region: &Region| [&region.region_id, &region.local_name, &region.region_endpoint].map(cell).to_vec();
        let rows: Vec<Vec<String>> = regions.iter().map(row).collect();
        format_table(&["REGION", "NAME", "ENDPOINT"], &rows).iter().try_for_each(|line| output.line(line))?;
    }
    Ok(ExitCode::SUCCESS)
}
