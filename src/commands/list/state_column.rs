//! `list --check`: the column that says what each machine is at.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, StreamExt as _, stream};

use super::query::{ListedInstance, Row};
use crate::account::Account;
use crate::command_error::CommandError;
use crate::console::machine_state::{Certainty, StateReader, Verdict};
use crate::console::picture_source::{Beside, MAX_CONCURRENT_SHOTS, PictureSource};
use crate::console::screen_reader::ScreenReader;
use crate::instances::ResolvedInstance;
use crate::screen_state::RuleSet;
use crate::settings::Context;
use crate::terminal::output::Output;

/// Stands for a state that could not be told.
const UNKNOWN: &str = "?";

/// Stands behind a state that is told by colours and layout, or by the boot log.
const PERHAPS: char = '?';

/// The state in a cell, without the mark that it may be wrong.
pub(super) fn state_of_cell(cell: &str) -> &str {
    cell.trim_end_matches(PERHAPS)
}

fn marked(Verdict { state, certainty, .. }: &Verdict) -> String {
    if *certainty == Certainty::Perhaps { format!("{state}{PERHAPS}") } else { state.clone() }
}

/// Tells the states of listed instances.
pub(crate) struct StateColumn {
    reader: Arc<StateReader>,
    source: PictureSource,
    /// How many states could not be told, and why the first could not.
    failures: Mutex<(usize, Option<String>)>,
}

impl StateColumn {
    pub(crate) fn new(account: Arc<Account>, context: &Context) -> Result<Self, CommandError> {
        let output = context.output;
        let reader =
            StateReader { reader: ScreenReader::with_files(&[], context)?, rules: RuleSet::built_in(), output };
        let source = PictureSource::of_api(account, output);
        Ok(Self { reader: Arc::new(reader), source, failures: Mutex::default() })
    }

    /// The rows of a page with their states, in their order.
    pub(crate) fn rows(&self, page: Vec<ListedInstance>) -> impl Stream<Item = Row> {
        let row = async |listed: ListedInstance| {
            let cell = self.cell(&listed).await;
            listed.row.into_iter().chain([cell]).collect()
        };
        stream::iter(page).map(row).buffered(MAX_CONCURRENT_SHOTS)
    }

    async fn cell(&self, listed: &ListedInstance) -> String {
        let Some(instance) = &listed.instance else { return UNKNOWN.to_owned() };
        let (id, region) = (instance.instance_id.clone(), instance.region_id.clone());
        let resolved = ResolvedInstance { id, region, info: Some(instance.clone()) };
        let beside = Beside { has_status: true, has_boot_log: true, has_probe: false };
        let told = async {
            let look = self.source.look_by_api(resolved, beside).await?;
            self.reader.on_thread(look, |reader, look| marked(&reader.judge(&look))).await
        };
        match told.await {
            Ok(cell) => cell,
            Err(error) => {
                let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
                failures.0 += 1;
                failures.1.get_or_insert_with(|| format!("{}: {:#}", instance.instance_id, error.error));
                UNKNOWN.to_owned()
            }
        }
    }

    /// Warns of states that could not be told.
    pub(crate) fn warn(&self, output: Output) {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if let (count, Some(first)) = &*failures {
            let what = if *count == 1 { "an instance".to_owned() } else { format!("{count} instances") };
            output.warning(&format!("could not check {what}; {first}"));
        }
    }
}
