//! The instances of a region, or of all regions in the order of their ids, page by page.

use std::collections::{BTreeSet, btree_map};
use std::sync::Arc;

use super::region_failures::{RegionFailure, describe_failures};
use super::region_pages::{ListQuery, PageLoader, Pages, RegionPages};
use crate::account::Account;
use crate::command_error::CommandError;

/// A list that is being read. Dropping it ends its requests.
pub(crate) struct Listing<Q: ListQuery> {
    _loader: PageLoader<Q>,
    /// The regions after the current one.
    left: btree_map::IntoIter<String, Pages<Q::Row>>,
    current: Option<CurrentRegion<Q::Row>>,
    /// The ids of all regions that are listed.
    regions: BTreeSet<String>,
    done: usize,
    /// Whether one region was asked for: its first error ends the list.
    is_of_one_region: bool,
    has_answer: bool,
    /// The regions without any answer, and those whose later pages are missing.
    failed: Vec<RegionFailure>,
    cut_short: Vec<RegionFailure>,
    warning: Option<String>,
}

/// The region that is being read.
struct CurrentRegion<Row> {
    id: String,
    pages: Pages<Row>,
    is_begun: bool,
}

/// What is missing in a list that was read to its end.
#[derive(Debug)]
pub(crate) struct ListEnd {
    /// The regions that were not listed: one text for all that failed alike.
    pub(crate) warnings: Vec<String>,
    /// The regions of which only some pages were read.
    pub(crate) cut_short: Option<CommandError>,
}

impl ListEnd {
    /// Whether every region was read to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.warnings.is_empty() && self.cut_short.is_none()
    }
}

impl<Q: ListQuery> Listing<Q> {
    /// Lists one region, or all if `region` is `None`.
    pub(crate) async fn start(account: Arc<Account>, query: Q, region: Option<&str>) -> Self {
        let mut loader = PageLoader::new(account, query);
        let RegionPages { pages, warning } = match region {
            Some(region) => {
                RegionPages { pages: [(region.to_owned(), loader.start_region(region))].into(), warning: None }
            }
            None => loader.start_all_regions().await,
        };
        Self {
            _loader: loader,
            regions: pages.keys().cloned().collect(),
            left: pages.into_iter(),
            current: None,
            done: 0,
            is_of_one_region: region.is_some(),
            has_answer: false,
            failed: Vec::new(),
            cut_short: Vec::new(),
            warning,
        }
    }

    /// Where the list is, such as `, 3 of 29 regions`; empty for one region.
    pub(crate) fn progress_text(&self) -> String {
        match self.is_of_one_region {
            true => String::new(),
            false => format!(", {} of {} regions", self.done, self.regions.len()),
        }
    }

    /// Returns the next page; `None` at the end. A region of several that fails is left out, and is reported at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Vec<Q::Row>, CommandError>> {
        loop {
            if self.current.is_none() {
                let (id, pages) = self.left.next()?;
                self.current = Some(CurrentRegion { id, pages, is_begun: false });
            }
            let region = self.current.as_mut()?;
            match region.pages.recv().await {
                Some(Ok(rows)) => {
                    (region.is_begun, self.has_answer) = (true, true);
                    return Some(Ok(rows));
                }
                Some(Err(error)) if self.is_of_one_region => return Some(Err(error)),
                Some(Err(error)) if region.is_begun => self.cut_short.push((region.id.clone(), error)),
                Some(Err(error)) => self.failed.push((region.id.clone(), error)),
                None => {
                    self.current = None;
                    self.done += 1;
                }
            }
        }
    }

    /// Returns what is missing, after the last page. If no region could be listed, the first error is returned instead.
    pub(crate) fn end(mut self) -> Result<ListEnd, CommandError> {
        if !self.has_answer && !self.failed.is_empty() {
            return Err(self.failed.remove(0).1);
        }
        let describe = |failures: &[RegionFailure], say: fn(String) -> String| {
            describe_failures(failures, &self.regions).into_iter().map(say).collect::<Vec<_>>()
        };
        let failed = describe(&self.failed, |regions| format!("could not list {regions}"));
        let cut_short = describe(&self.cut_short, |regions| format!("could not list the rest of {regions}"));
        let warnings = self.warning.take().into_iter().chain(failed).collect();
        let first = self.cut_short.into_iter().next().map(|(_, error)| error);
        let cut_short = first.map(|first| CommandError { error: anyhow::Error::msg(cut_short.join("; ")), ..first });
        Ok(ListEnd { warnings, cut_short })
    }
}
