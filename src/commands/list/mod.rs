//! `ecs-vnc list`: the instances of a region, or of all.

mod pages;

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use tokio::task::spawn_blocking;

use crate::account;
use crate::api::operations::Filter;
use crate::command_error::CommandError;
use crate::commands::list::pages::{Asking, Form, Pages, ROOM, Row, TITLES, Wanted};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::settings::flags::GlobalArgs;
use crate::settings::load;
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;
use crate::text::table::{Columns, plain};

/// Source: the vendor's page on DescribeInstances.
const MOST_TAGS: usize = 20;

/// A key and, where it matters, its value.
type Tag = (String, Option<String>);

/// List the instances of the home region, or of every region.
///
/// They are written page by page as they come, regions in the order of their ids. --timeout is for each request, not for
/// the whole list. A region that refuses is a warning, unless all do.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Of every region; so it is, too, where no region is set.
    #[arg(long)]
    all_regions: bool,
    /// Only those of this name, in which `*` stands for anything and `?` for one character.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
    /// Only those in this state.
    #[arg(long, value_enum, ignore_case = true, value_name = "STATE")]
    status: Option<Status>,
    /// Only those with this tag and, where it is given, this value of it; several must all be there, up to 20.
    #[arg(long = "tag", value_name = "KEY[=VALUE]", value_parser = tag)]
    tags: Vec<Tag>,
    /// Their ids only, one a line, whatever --output says.
    #[arg(long)]
    ids_only: bool,
}

/// The states that the API knows, as it writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "verbatim")]
enum Status {
    Pending,
    Running,
    Starting,
    Stopping,
    Stopped,
}

fn tag(text: &str) -> Result<Tag, String> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (text, None),
    };
    if key.is_empty() { Err("a tag is KEY or KEY=VALUE".to_owned()) } else { Ok((key.to_owned(), value)) }
}

impl ListArgs {
    /// Here and not by clap, to which a global flag before the verb and one behind it are two things.
    fn check(&self, global: &GlobalArgs) -> Result<(), CommandError> {
        let fault = if self.all_regions && global.region.is_some() {
            "--all-regions and --region exclude each other".to_owned()
        } else if self.tags.len() > MOST_TAGS {
            format!("the API takes {MOST_TAGS} tags at most, and these are {}", self.tags.len())
        } else {
            return Ok(());
        };
        Err(CommandError::message(ErrorKind::Usage, fault))
    }

    fn wanted(self, output: Output) -> Wanted {
        let form = match (self.ids_only, output.is_json()) {
            (true, _) => Form::Ids,
            (false, true) => Form::Json,
            (false, false) => Form::Table,
        };
        let status = self.status.map(|status| format!("{status:?}"));
        Wanted::new(form, self.name, Filter { status, tags: self.tags, ..Filter::default() })
    }
}

/// Runs the verb.
pub(crate) async fn run(
    args: ListArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    args.check(global)?;
    let layers = load::layers(global, env, output)?;
    let session = Arc::new(account::begin(&layers, env, output).await?);
    let region = session.region.clone().filter(|_| !args.all_regions);
    let wanted = args.wanted(output);
    let (form, is_narrow) = (wanted.form, wanted.is_narrow());
    let mut progress = Progress::new(session.clock(), output);
    let mut asking = Asking::new(session, wanted);
    let mut printer = Printer { form, columns: Columns::new(&TITLES), count: 0, output };
    let mut refused = false;
    if let Some(region) = &region {
        let mut pages = asking.begin(region);
        while let Some(page) = progress.during(&printer.so_far(), pages.recv()).await {
            printer.page(page?).await?;
        }
    } else {
        printer.columns.grow([ROOM.map(str::to_owned).as_slice()]);
        let (regions, caveat) = progress.during("listing: the regions", asking.everywhere()).await;
        refused = everywhere(regions, caveat, &mut printer, &mut progress).await?;
    }
    if printer.count == 0 {
        let place = match &region {
            Some(region) => region,
            None if refused => "the regions that answered",
            None => "any region",
        };
        output.note(&format!("no instances in {place}{}", if is_narrow { " fit" } else { "" }));
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the regions in their order, and says whether one refused. What there is to warn of is held back until one has
/// answered: where none does, the first refusal says it all.
async fn everywhere(
    regions: BTreeMap<String, Pages>,
    caveat: Option<String>,
    printer: &mut Printer,
    progress: &mut Progress,
) -> Result<bool, CommandError> {
    let (total, output) = (regions.len(), printer.output);
    let (mut held, mut has_answered) = (Vec::from_iter(caveat), false);
    let mut first_failure = None;
    for (done, (region, mut pages)) in regions.into_iter().enumerate() {
        let mut part = "";
        loop {
            let text = format!("{}, {done} of {total} regions", printer.so_far());
            match progress.during(&text, pages.recv()).await {
                Some(Ok(rows)) => {
                    (part, has_answered) = ("the rest of ", true);
                    held.drain(..).for_each(|text| output.warning(&text));
                    printer.page(rows).await?;
                }
                Some(Err(failure)) => {
                    held.push(format!("{part}{region} is not listed: {:#}", failure.error));
                    first_failure.get_or_insert(failure);
                }
                None => break,
            }
        }
    }
    match first_failure {
        Some(failure) if !has_answered => Err(failure),
        refused => {
            held.drain(..).for_each(|text| output.warning(&text));
            Ok(refused.is_some())
        }
    }
}

/// Writes pages as they come.
struct Printer {
    form: Form,
    columns: Columns,
    count: usize,
    output: Output,
}

impl Printer {
    fn so_far(&self) -> String {
        format!("listing: {} instances", self.count)
    }

    async fn page(&mut self, rows: Vec<Row>) -> Result<(), CommandError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (form, output) = (self.form, self.output);
        self.columns.grow(rows.iter().map(Vec::as_slice));
        let titles = (form == Form::Table && self.count == 0).then(|| self.columns.line(&TITLES, plain));
        self.count += rows.len();
        let paint = |index: usize, cell: &str| match TITLES[index] {
            "STATUS" => output.state(cell),
            _ => plain(index, cell),
        };
        let lines = rows.into_iter().map(|mut row| match form {
            Form::Table => self.columns.line(&row, paint),
            Form::Ids | Form::Json => row.remove(0),
        });
        let text: String = titles.into_iter().chain(lines).flat_map(|line| [line, "\n".to_owned()]).collect();
        // A reader that takes its time, as a pager does, must not make the requests that are under way late.
        let written = spawn_blocking(move || output.bytes(text.as_bytes())).await;
        written.map_err(|error| CommandError::new(ErrorKind::Other, error))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_key_and_perhaps_a_value() {
        assert_eq!(tag("k"), Ok(("k".into(), None)));
        assert_eq!(tag("k="), Ok(("k".into(), Some(String::new()))));
        assert_eq!(tag("环境=a=b"), Ok(("环境".into(), Some("a=b".into()))));
        assert!(tag("").is_err() && tag("=v").is_err());
    }
}
