//! `ecs-vnc list`: lists the instances of a region or of all regions.

mod columns;
mod pages;
mod printer;
mod query;
mod state_column;

use std::sync::Arc;

use clap::Args;

use self::columns::{Column, Sort};
use self::printer::{Printer, View};
use self::query::{ListFormat, TableQuery};
use self::state_column::StateColumn;
use crate::account::Account;
use crate::args::trimmed_enum;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::filter_args::FilterArgs;
use crate::instances::{InstanceSelector, Listing, find_alias};
use crate::settings::Context;
use crate::settings::flags::GlobalArgs;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::text::word::word;

const EXAMPLES: &[Example] = &[
    ("List the instances of the profile's region", "ecs-vnc list"),
    ("List the running web servers of all regions", "ecs-vnc list 'web-*' --all-regions --status Running"),
    ("List the instances with a tag, as JSON", "ecs-vnc list --tag env=prod -o json"),
    ("List names and states, sorted by name", "ecs-vnc list --columns name,status --sort name --no-header"),
    (
        "Take a screenshot of each running web server",
        "ecs-vnc list 'web-0?' --ids-only --status Running | ecs-vnc screenshot -",
    ),
];

/// List the instances of a region or of all regions.
///
/// Instances are printed as they arrive, region by region in the order of their IDs. --timeout applies to each request, not
/// to the whole list. A region that refuses the request gives a warning, unless all of them do.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct ListArgs {
    /// List all regions (the default if no region is set).
    #[arg(long)]
    all_regions: bool,
    /// List only instances with this ID, name, alias or IP address, such as 'web-*'.
    ///
    /// In a name, * matches any characters and ? matches one.
    #[arg(value_name = "PATTERN", value_parser = InstanceSelector::parse, conflicts_with = "name")]
    pattern: Option<InstanceSelector>,
    /// List only instances with this name, such as 'web-*'.
    ///
    /// Like the argument, but never an ID or an IP address.
    #[arg(long, value_name = "PATTERN", value_parser = name_pattern)]
    name: Option<InstanceSelector>,
    #[command(flatten)]
    filter: FilterArgs,
    /// Print only the IDs, one per line.
    ///
    /// This overrides --output.
    #[arg(long)]
    ids_only: bool,
    /// Add a column with what each machine is at.
    ///
    /// It is told from a screenshot of the API, as `ecs-vnc check` does; ? stands where there is none, and behind a state
    /// that may be wrong.
    #[arg(long, conflicts_with = "ids_only")]
    check: bool,
    /// Print these columns, in this order.
    ///
    /// Separated by commas. Without it, a terminal that is too narrow for all columns shows fewer.
    #[arg(
        long,
        value_parser = trimmed_enum::<Column>(),
        ignore_case = true,
        value_name = "COLUMNS",
        value_delimiter = ',',
        conflicts_with = "ids_only"
    )]
    columns: Vec<Column>,
    /// Print no line of titles.
    #[arg(long, conflicts_with = "ids_only")]
    no_header: bool,
    /// Sort by a column, such as name or -name.
    ///
    /// With - before it, in reverse order. Numbers in names count: web-9 comes before web-10. Without it, instances are printed
    /// as they arrive; with it, once all are there.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    sort: Option<Sort>,
}

/// The names of all columns, as `--sort` takes them.
pub(crate) fn column_names() -> impl Iterator<Item = String> {
    Column::usual(true).into_iter().map(|column| column.title().to_lowercase())
}

fn name_pattern(text: &str) -> Result<InstanceSelector, String> {
    match word(text).map_err(|error| error.to_string())? {
        "" => Err("a name is not empty".to_owned()),
        pattern => Ok(InstanceSelector::Name(pattern.to_owned())),
    }
}

impl ListArgs {
    /// Checks what clap cannot: to clap, a global flag before the verb and the same flag after it are two flags.
    fn check_args(&self, global: &GlobalArgs, output: Output) -> Result<(), CommandError> {
        if self.all_regions && global.region.is_some() {
            return Err(CommandError::message(ErrorKind::Usage, "--all-regions cannot be used with --region"));
        }
        if self.check && output.is_json() {
            let message = "--check adds a column to the table; use ecs-vnc check -o json";
            return Err(CommandError::message(ErrorKind::Usage, message));
        }
        let is_of_table = !self.columns.is_empty() || self.no_header || self.sort.is_some();
        if is_of_table && output.is_json() && !self.ids_only {
            let message = "--columns, --no-header and --sort are for the table";
            return Err(CommandError::message(ErrorKind::Usage, message).hint("leave out -o json, or use jq"));
        }
        let is_screen_used =
            self.columns.contains(&Column::Screen) || self.sort.is_some_and(|sort| sort.column == Column::Screen);
        if is_screen_used && !self.check {
            return Err(CommandError::message(ErrorKind::Usage, "the column screen needs --check"));
        }
        self.filter.check()
    }

    fn view(&self, is_of_one_region: bool) -> View {
        let (columns, expendable) = match self.columns.is_empty() {
            true => (Column::usual(self.check), Column::expendable(is_of_one_region)),
            false => (self.columns.clone(), &[][..]),
        };
        View { columns, has_titles: !self.no_header, sort: self.sort, expendable }
    }

    fn query(self, output: Output) -> TableQuery {
        let format = match (self.ids_only, output.is_json()) {
            (true, _) => ListFormat::Ids,
            (false, true) => ListFormat::Json,
            (false, false) => ListFormat::Table,
        };
        TableQuery::new(format, self.pattern.or(self.name), self.filter, self.check)
    }
}

/// Runs the verb.
pub(crate) async fn run(mut args: ListArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    args.check_args(&context.flags, output)?;
    let settings = context.settings()?;
    let account = Arc::new(Account::open(&settings, settings.timeout()?, context).await?);
    let mut region = account.region.clone().filter(|_| !args.all_regions);
    if let Some(pattern) = &mut args.pattern
        && let Some(alias) = find_alias(&account, pattern, output)?
    {
        region = alias.region.or(region);
        *pattern = alias.target;
    }
    let states = match args.check {
        true => Some(StateColumn::new(account.clone(), context)?),
        false => None,
    };
    let view = args.view(region.is_some());
    let query = args.query(output);
    let is_filtered = query.is_filtered();
    let mut progress = Progress::new(account.clock(), output);
    let mut printer = Printer::new(query.format, view, states, output);
    if region.is_none() {
        printer.reserve_widths();
    }
    let starting = Listing::start(account, query, region.as_deref());
    let mut listing = progress.during("listing: the regions", starting).await;
    loop {
        let text = format!("{}{}", printer.progress_text(), listing.progress_text());
        let Some(page) = progress.during(&text, listing.next()).await else { break };
        printer.print(page?).await?;
    }
    let end = listing.end()?;
    printer.finish().await?;
    printer.warn();
    end.warnings.iter().for_each(|text| output.warning(text));
    end.cut_short.iter().for_each(|error| output.warning(&format!("{:#}", error.error)));
    if printer.is_empty() {
        output.note(&no_instances(region.as_deref(), is_filtered, end.is_complete()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says that no instance was found. `region` is the only one that was listed; `is_complete` is false if a region refused,
/// or if the regions could not be listed.
fn no_instances(region: Option<&str>, is_filtered: bool, is_complete: bool) -> String {
    let matching = if is_filtered { "matching " } else { "" };
    match region {
        Some(region) => format!("no {matching}instances in {region} (try --all-regions)"),
        None if is_complete => format!("no {matching}instances in any region"),
        None => format!("no {matching}instances in the regions that could be listed"),
    }
}
