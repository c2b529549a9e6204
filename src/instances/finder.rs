//! Finds the instances of a selection, part by part, and sends them as targets.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc::{Receiver, Sender};

use super::find_by_ids::find_by_ids;
use super::listing::Listing;
use super::matching_query::MatchingQuery;
use super::resolve::{no_match, resolve};
use super::selection::{Part, Verdict};
use super::target::{Tally, Target};
use super::{InstanceSelector, ResolvedInstance, Selection};
use crate::account::Account;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::terminal::output::Output;
use crate::terminal::stdin_lines::stdin_lines;

/// How many names are resolved at the same time.
const MAX_CONCURRENT_LOOKUPS: usize = 8;

/// The longest line of stdin, in bytes: four for each of the 128 characters of a name.
const MAX_STDIN_LINE_LEN: usize = 512;

/// The most lines of stdin that are looked up at once. DescribeInstances takes as many ids.
const MAX_BATCH: usize = 100;

/// No more instances are wanted.
pub(super) struct Closed;

/// How many instances a list has.
#[derive(Default)]
struct Found {
    /// Instances that match, in any state.
    matching: usize,
    in_wrong_state: usize,
    /// Whether an error was sent already.
    has_failed: bool,
    /// Whether each region was read to its end.
    is_complete: bool,
}

pub(super) struct Finder {
    account: Arc<Account>,
    selection: Selection,
    look_up: bool,
    output: Output,
    sender: Sender<Target>,
    tally: Arc<Tally>,
    /// The ids that were sent, if an instance could be matched twice.
    seen: HashSet<String>,
}

impl Finder {
    pub(super) fn new(
        account: Arc<Account>,
        selection: Selection,
        look_up: bool,
        output: Output,
        sender: Sender<Target>,
        tally: Arc<Tally>,
    ) -> Self {
        Self { account, selection, look_up, output, sender, tally, seen: HashSet::new() }
    }

    /// Sends all instances, until the receiver is gone.
    pub(super) async fn run(mut self) {
        let parts = self.selection.parts.clone();
        if self.find(&parts).await.is_ok() {
            self.tally.complete();
        }
    }

    async fn find(&mut self, parts: &[Part]) -> Result<(), Closed> {
        let is_one = |part: &Part| matches!(part, Part::One(_));
        for parts in parts.chunk_by(|one, next| is_one(one) && is_one(next)) {
            match &parts[0] {
                Part::One(_) => {
                    let named: Vec<InstanceSelector> = parts
                        .iter()
                        .filter_map(|part| if let Part::One(selector) = part { Some(selector.clone()) } else { None })
                        .collect();
                    self.find_named(&named, self.look_up).await?;
                }
                Part::Matching(pattern) => self.find_matching(Some(pattern)).await?,
                Part::All => self.find_matching(None).await?,
                Part::Stdin => self.find_from_stdin().await?,
            }
        }
        Ok(())
    }

    /// Finds instances that were named one by one.
    async fn find_named(&mut self, selectors: &[InstanceSelector], look_up: bool) -> Result<(), Closed> {
        let (account, output) = (self.account.clone(), self.output);
        let mut resolving = Vec::new();
        for selector in selectors {
            let account = &account;
            resolving.push(async move { (selector, resolve(account, selector, look_up, output).await) });
        }
        let mut resolved = stream::iter(resolving).buffered(MAX_CONCURRENT_LOOKUPS);
        while let Some((selector, instance)) = resolved.next().await {
            let label = match (selector, &instance) {
                (InstanceSelector::Any, Ok(picked)) => picked.id.clone(),
                _ => selector.to_string(),
            };
            self.send(label, instance).await?;
        }
        Ok(())
    }

    /// Finds the instances that match the pattern and the filter: in the account's region first. If it has none, and is not
    /// the only one that may be searched, a pattern is looked for in all regions, as a name is. Where
    /// instances are changed, it is not: the user may not have thought of other regions.
    async fn find_matching(&mut self, pattern: Option<&str>) -> Result<(), Closed> {
        let home = self.account.region.clone().filter(|_| !self.selection.is_in_all_regions);
        let label = pattern.unwrap_or_else(|| self.selection.flag()).to_owned();
        let mut found = self.list(home.as_deref(), pattern, &label).await?;
        let mut place = home.as_ref().map_or("any region", String::as_str).to_owned();
        let may_be_elsewhere =
            pattern.is_some() && home.is_some() && !self.account.is_pinned && !self.selection.is_for_changes;
        if may_be_elsewhere && found.matching == 0 && !found.has_failed {
            found = self.list(None, pattern, &label).await?;
            "any region".clone_into(&mut place);
        }
        if !found.is_complete {
            "the regions that could be listed".clone_into(&mut place);
        }
        let error = match found {
            Found { has_failed: true, .. } => return Ok(()),
            Found { matching: 0, .. } => self.nothing_matches(pattern, &place),
            Found { matching, in_wrong_state, .. } if matching == in_wrong_state => {
                self.selection.wrong_state(pattern, matching)
            }
            Found { in_wrong_state, .. } => {
                self.tally.add_in_wrong_state(in_wrong_state);
                return Ok(());
            }
        };
        self.sender.send(Target::missing(&label, error)).await.map_err(|_| Closed)
    }

    /// Sends the matching instances of a region, or of all.
    async fn list(&mut self, region: Option<&str>, pattern: Option<&str>, label: &str) -> Result<Found, Closed> {
        let query = MatchingQuery::new(pattern.map(str::to_owned), self.selection.api_filter(pattern));
        let mut listing = Listing::start(self.account.clone(), query, region).await;
        let mut found = Found::default();
        while let Some(page) = listing.next().await {
            let instances = match page {
                Ok(instances) => instances,
                Err(error) => {
                    found.has_failed = true;
                    self.sender.send(Target::missing(label, error)).await.map_err(|_| Closed)?;
                    break;
                }
            };
            for instance in instances {
                match self.selection.verdict(&instance) {
                    Verdict::Unwanted => continue,
                    Verdict::WrongState => found.in_wrong_state += 1,
                    Verdict::Taken | Verdict::Done => {
                        let (id, region) = (instance.instance_id.clone(), instance.region_id.clone());
                        let resolved = ResolvedInstance { id, region, info: Some(instance) };
                        self.send(resolved.id.clone(), Ok(resolved)).await?;
                    }
                }
                found.matching += 1;
            }
        }
        match listing.end() {
            Ok(end) => {
                found.is_complete = end.is_complete();
                end.warnings.iter().for_each(|warning| self.account.warn_once(warning, self.output));
                if let Some(error) = end.cut_short {
                    found.has_failed = true;
                    self.sender.send(Target::missing(label, error)).await.map_err(|_| Closed)?;
                }
            }
            Err(error) => {
                found.has_failed = true;
                self.sender.send(Target::missing(label, error)).await.map_err(|_| Closed)?;
            }
        }
        Ok(found)
    }

    fn nothing_matches(&self, pattern: Option<&str>, place: &str) -> CommandError {
        match pattern {
            Some(pattern) if self.selection.filter.is_empty() && !self.selection.is_for_changes => {
                no_match(&InstanceSelector::Name(pattern.to_owned()), place)
            }
            pattern => {
                let message = self.selection.nothing_selected(pattern, place);
                CommandError::message(ErrorKind::NotFound, message).hint(
                    "ecs-vnc list --all-regions lists all instances of this account; --all-regions selects from them",
                )
            }
        }
    }

    /// Finds what the lines of stdin name, as they come. Ids are looked up together: 100 take one request.
    async fn find_from_stdin(&mut self) -> Result<(), Closed> {
        let mut lines = match stdin_lines(MAX_STDIN_LINE_LEN) {
            Ok(lines) => lines,
            Err(error) => return self.send_stdin_error(error).await,
        };
        let mut has_line = false;
        while let Some(selectors) = self.next_selectors(&mut lines).await? {
            has_line |= !selectors.is_empty();
            let kind = |selector: &InstanceSelector| match selector {
                InstanceSelector::Id(_) => 0,
                InstanceSelector::Name(name) if name.contains(['*', '?']) => 1,
                InstanceSelector::Name(_) | InstanceSelector::Address(_) | InstanceSelector::Any => 2,
            };
            // Each pattern is a list of its own.
            let is_group = |one: &_, next: &_| kind(one) == kind(next) && kind(one) != 1;
            for group in selectors.chunk_by(is_group) {
                match &group[0] {
                    InstanceSelector::Id(_) => self.find_ids(group).await?,
                    InstanceSelector::Name(pattern) if kind(&group[0]) == 1 => {
                        self.find_matching(Some(pattern)).await?;
                    }
                    _ => self.find_named(group, self.look_up).await?,
                }
            }
        }
        if !has_line {
            let error = CommandError::message(ErrorKind::NotFound, "stdin names no instance");
            let error = error.hint("write ids or names to it, one per line: ecs-vnc list --ids-only | …");
            return self.sender.send(Target::missing("-", error)).await.map_err(|_| Closed);
        }
        Ok(())
    }

    /// Waits for a line of stdin, and returns it with those that have come since; `None` at the end. A line that names nothing
    /// is an error of its own.
    async fn next_selectors(
        &mut self,
        lines: &mut Receiver<io::Result<String>>,
    ) -> Result<Option<Vec<InstanceSelector>>, Closed> {
        let mut batch = Vec::new();
        if lines.recv_many(&mut batch, MAX_BATCH).await == 0 {
            return Ok(None);
        }
        let mut selectors = Vec::new();
        for line in batch {
            match line {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => match InstanceSelector::parse(&line) {
                    Ok(selector) => selectors.push(selector),
                    Err(why) => {
                        let error = CommandError::message(ErrorKind::Usage, format!("stdin: {why}"));
                        self.sender.send(Target::missing(&line, error)).await.map_err(|_| Closed)?;
                    }
                },
                Err(error) => self.send_stdin_error(error).await?,
            }
        }
        Ok(Some(selectors))
    }

    async fn send_stdin_error(&self, error: io::Error) -> Result<(), Closed> {
        let error = CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context("cannot read stdin"));
        self.sender.send(Target::missing("-", error)).await.map_err(|_| Closed)
    }

    async fn find_ids(&mut self, selectors: &[InstanceSelector]) -> Result<(), Closed> {
        let ids: Vec<String> = selectors.iter().map(ToString::to_string).collect();
        let found = match find_by_ids(&self.account, &ids).await {
            Ok(found) => found,
            Err(error) => {
                let (kind, text, hint) = (error.kind, format!("{:#}", error.error), error.hint.clone());
                let mut whole = Some(error);
                for id in ids {
                    // The code and the request are those of one request.
                    let again = || CommandError { hint: hint.clone(), ..CommandError::message(kind, text.clone()) };
                    let error = whole.take().unwrap_or_else(again).of_instance(&id);
                    self.send(id, Err(error)).await?;
                }
                return Ok(());
            }
        };
        let is_found = |selector: &InstanceSelector| found.contains_key(&selector.to_string());
        for group in selectors.chunk_by(|one, next| is_found(one) == is_found(next)) {
            if !is_found(&group[0]) {
                // Each gets the error that says where it was looked for.
                self.find_named(group, true).await?;
                continue;
            }
            for id in group.iter().map(ToString::to_string) {
                if let Some(instance) = found.get(&id) {
                    self.send(id, Ok(instance.clone())).await?;
                }
            }
        }
        Ok(())
    }

    /// Sends an instance, unless it was sent or done before.
    async fn send(&mut self, label: String, instance: Result<ResolvedInstance, CommandError>) -> Result<(), Closed> {
        if let Ok(instance) = &instance {
            if self.selection.is_done(&instance.id) {
                self.tally.add_done_before();
                return Ok(());
            }
            if (self.selection.has_unknown_count() || self.selection.is_for_changes)
                && !self.seen.insert(instance.id.clone())
            {
                return Ok(());
            }
        }
        self.tally.add_selected();
        self.sender.send(Target { label, is_instance: true, instance }).await.map_err(|_| Closed)
    }
}
