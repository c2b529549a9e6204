//! Work on several instances: results in order, one failure does not stop the others, the first decides the exit code.

use std::pin::pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _};
use tokio::sync::Semaphore;

use super::run_progress::{LeftOut, RunProgress};
use super::target::{Tally, Target};
use super::targets::Targets;
use super::{ResolvedInstance, Selection};
use crate::api::Pace;
use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::system::clock::Clock;
use crate::terminal::output::Output;
use crate::terminal::progress::Progress;

/// How many instances may be done before their turn to be reported comes, for each that is worked on at the same time: one
/// that takes long must not make the others wait at once.
const MAX_DONE_AHEAD: usize = 4;

/// What became of an instance.
pub(crate) struct Outcome<T> {
    /// What it is called in errors, as in [`Target`].
    pub(crate) label: String,
    pub(crate) is_instance: bool,
    pub(crate) result: Result<T, CommandError>,
}

/// Works on each instance, on at most `concurrency` at the same time. The outcomes come in the order of the targets.
pub(crate) fn work_on<'a, T: 'a, F: Future<Output = Result<T, CommandError>> + 'a>(
    targets: impl Stream<Item = Target> + 'a,
    concurrency: usize,
    work: impl Fn(ResolvedInstance) -> F + 'a,
) -> impl Stream<Item = Outcome<T>> + 'a {
    let slots = Arc::new(Semaphore::new(concurrency));
    let working = targets.map(move |Target { label, is_instance, instance }| {
        let (slots, working) = (slots.clone(), instance.map(&work));
        async move {
            let result = match working {
                Ok(working) => {
                    // Nothing closes the semaphore.
                    let _slot = slots.acquire().await;
                    working.await
                }
                Err(error) => Err(error),
            };
            Outcome { label, is_instance, result }
        }
    });
    working.buffered(concurrency * MAX_DONE_AHEAD)
}

/// How a run over instances is reported.
pub(crate) struct RunReport {
    is_several: bool,
    /// Whether a summary is written at the end.
    has_summary: bool,
    /// The states that the command can use, for the summary.
    usable_states: String,
    tally: Arc<Tally>,
    pace: Arc<Pace>,
    /// What is being done, for the progress line; nothing is shown if it is empty.
    doing: String,
    progress: Progress,
    clock: Clock,
    output: Output,
}

impl RunReport {
    /// `one` is what is being done if the selection is a single instance, `several` if not: the text of the progress line.
    pub(crate) fn new(
        selection: &Selection,
        targets: &Targets,
        one: &str,
        several: &str,
        clock: &Clock,
        output: Output,
    ) -> Self {
        let (is_several, has_summary) = (selection.may_be_several(), selection.has_unknown_count());
        let doing = if is_several { several } else { one }.to_owned();
        let (tally, pace) = (targets.tally(), targets.pace());
        let (progress, clock) = (Progress::new(clock, output), clock.clone());
        let usable_states = selection.usable_states();
        Self { is_several, has_summary, usable_states, tally, pace, doing, progress, clock, output }
    }

    /// Reports the outcomes in their order. `report` writes a result; it returns a failure that came with it.
    ///
    /// A failed instance is reported as an error with its label, where there are several. The exit code is the first
    /// failure's. When the reader of standard output has closed it, the rest is left out. At the end of a run over instances
    /// that were not named one by one, or of which some were done before, a summary is written.
    pub(crate) async fn each<T>(
        self,
        outcomes: impl Stream<Item = Outcome<T>>,
        mut report: impl FnMut(&str, T) -> Result<Option<CommandError>, CommandError>,
    ) -> Result<ExitCode, CommandError> {
        self.each_outcome(outcomes, |label, result| result.map_or_else(|error| Ok(Some(error)), |it| report(label, it)))
            .await
    }

    /// Like [`Self::each`], but `report` gets failures too: one that it does not return is not written.
    pub(crate) async fn each_outcome<T>(
        mut self,
        outcomes: impl Stream<Item = Outcome<T>>,
        mut report: impl FnMut(&str, Result<T, CommandError>) -> Result<Option<CommandError>, CommandError>,
    ) -> Result<ExitCode, CommandError> {
        let (mut outcomes, mut run, mut first_failure) = (pin!(outcomes), RunProgress::default(), None);
        let begun_at = self.clock.instant();
        loop {
            run.elapsed = self.clock.instant() - begun_at;
            let Some(outcome) = self.next(&mut outcomes, run).await else { break };
            let failure = match report(&outcome.label, outcome.result) {
                Err(error) if error.is_silent() => return Ok(first_failure.unwrap_or(ExitCode::SUCCESS)),
                reported => reported?,
            };
            if outcome.is_instance {
                *if failure.is_none() { &mut run.done } else { &mut run.failed } += 1;
            }
            if let Some(error) = failure {
                first_failure.get_or_insert(error.kind.exit_code());
                self.output.failure(&if self.is_several { error.about(&outcome.label) } else { error });
            }
        }
        let (in_wrong_state, done_before) = (self.tally.in_wrong_state(), self.tally.done_before());
        if self.has_summary || done_before > 0 {
            run.throttled = self.pace.throttled();
            let summary = run.summary(LeftOut { in_wrong_state, done_before }, &self.usable_states);
            summary.iter().for_each(|text| self.output.note(text));
        }
        Ok(first_failure.unwrap_or(ExitCode::SUCCESS))
    }

    async fn next<T>(&mut self, outcomes: &mut (impl Stream<Item = T> + Unpin), run: RunProgress) -> Option<T> {
        if self.doing.is_empty() {
            return outcomes.next().await;
        }
        let (is_several, doing) = (self.is_several, self.doing.as_str());
        let (tally, pace) = (&self.tally, &self.pace);
        let text = || match is_several {
            true => {
                let (selected, is_complete) = (tally.selected(), tally.is_complete());
                let requests_per_second = pace.requests_per_second();
                RunProgress { selected, is_complete, requests_per_second, ..run }.line(doing)
            }
            false => doing.to_owned(),
        };
        self.progress.during_with(text, outcomes.next()).await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::stream;
    use tokio::task::yield_now;

    use super::*;
    use crate::error_kind::ErrorKind;
    use crate::system::environment::Environment;
    use crate::terminal::output::{Color, Format};

    fn target(number: usize) -> Target {
        let (id, region) = (format!("i-{number}"), "cn-hangzhou".to_owned());
        Target { label: id.clone(), is_instance: true, instance: Ok(ResolvedInstance { id, region, info: None }) }
    }

    /// Runs over results; returns the exit code's number and what was reported.
    async fn run(results: Vec<Result<u32, ErrorKind>>, mut report: impl FnMut(u32) -> Result<(), CommandError>) -> u8 {
        let output = Output::new(Format::Text, Color::Never, true, 0, &Environment::default());
        let outcome = |result: Result<u32, ErrorKind>| Outcome {
            label: "web".to_owned(),
            is_instance: true,
            result: result.map_err(|kind| CommandError::message(kind, "failed")),
        };
        let outcomes = stream::iter(results.into_iter().map(outcome));
        let clock = Clock::system();
        let (progress, tally, pace) = (Progress::new(&clock, output), Arc::default(), Arc::default());
        let (is_several, has_summary, usable_states, doing) = (true, true, String::new(), String::new());
        let run = RunReport { is_several, has_summary, usable_states, tally, pace, doing, progress, clock, output };
        run.each(outcomes, |_, result| report(result).map(|()| None)).await.unwrap().number()
    }

    #[tokio::test]
    async fn one_failure_stops_no_other_and_the_first_decides() {
        let mut reported = Vec::new();
        let results = vec![Ok(1), Err(ErrorKind::WrongState), Ok(2), Err(ErrorKind::NotFound), Ok(3)];
        let code = run(results, |result| {
            reported.push(result);
            Ok(())
        });
        assert_eq!(code.await, 5);
        assert_eq!(reported, [1, 2, 3]);
    }

    #[tokio::test]
    async fn a_closed_output_ends_it_with_what_has_failed_before() {
        let closed = |_| Err(CommandError::message(ErrorKind::OutputClosed, "gone"));
        assert_eq!(run(vec![Ok(1), Err(ErrorKind::NotFound)], closed).await, 0);
        assert_eq!(run(vec![Err(ErrorKind::NotFound), Ok(1), Err(ErrorKind::WrongState)], closed).await, 4);
    }

    #[tokio::test]
    async fn outcomes_come_in_order_and_no_more_than_allowed_are_worked_on_at_once() {
        let (busy, most, begun) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let work = |instance: ResolvedInstance| {
            let (busy, most, begun) = (&busy, &most, &begun);
            async move {
                begun.set(begun.get() + 1);
                busy.set(busy.get() + 1);
                most.set(most.get().max(busy.get()));
                let number: usize = instance.id[2..].parse().unwrap();
                // The first takes the longest.
                for _ in 0..100 - number {
                    yield_now().await;
                }
                busy.set(busy.get() - 1);
                Ok(number)
            }
        };
        let mut outcomes = pin!(work_on(stream::iter((0..100).map(target)), 4, work));
        assert_eq!(outcomes.next().await.unwrap().result.unwrap(), 0);
        assert!(begun.get() <= 4 * MAX_DONE_AHEAD, "no more is begun than may be done ahead: {}", begun.get());
        let rest: Vec<usize> = outcomes.map(|outcome| outcome.result.unwrap()).collect().await;
        assert_eq!(rest, (1..100).collect::<Vec<_>>());
        assert_eq!((most.get(), busy.get()), (4, 0));
    }
}
