//! Work on several instances: results in order, one failure does not stop the others, the first decides the exit code.

use crate::command_error::CommandError;
use crate::error_kind::ExitCode;
use crate::instances::InstanceSelector;
use crate::terminal::output::Output;

/// Reports each instance's result in the order of the selectors. `next` waits for the result of the selector with the
/// given index; `report` writes it.
///
/// A failed instance is reported as an error with its name, where there are several. The exit code is the first
/// failure's. When the reader of standard output has closed it, the rest is left out.
pub(crate) async fn for_each_in_order<T>(
    selectors: &[InstanceSelector],
    output: Output,
    next: impl AsyncFnMut(usize) -> Option<Result<T, CommandError>>,
    mut report: impl FnMut(&InstanceSelector, T) -> Result<(), CommandError>,
) -> Result<ExitCode, CommandError> {
    let report = |selector: &InstanceSelector, result| report(selector, result).map(|()| None);
    for_each_with_partial_results(selectors, output, next, report).await
}

/// Like [`for_each_in_order`], for instances that can have a result and a failure: `report` writes the result and returns
/// the failure.
pub(crate) async fn for_each_with_partial_results<T>(
    selectors: &[InstanceSelector],
    output: Output,
    mut next: impl AsyncFnMut(usize) -> Option<Result<T, CommandError>>,
    mut report: impl FnMut(&InstanceSelector, T) -> Result<Option<CommandError>, CommandError>,
) -> Result<ExitCode, CommandError> {
    let mut first_failure = None;
    for (index, selector) in selectors.iter().enumerate() {
        let failure = match next(index).await {
            Some(Ok(result)) => match report(selector, result) {
                Err(error) if error.is_silent() => break,
                reported => reported?,
            },
            Some(Err(error)) => Some(error),
            None => break,
        };
        if let Some(error) = failure {
            first_failure.get_or_insert(error.kind.exit_code());
            output.failure(&if selectors.len() > 1 { error.about(&selector.to_string()) } else { error });
        }
    }
    Ok(first_failure.unwrap_or(ExitCode::SUCCESS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_kind::ErrorKind;
    use crate::system::environment::Environment;
    use crate::terminal::output::{Color, Format};

    /// Runs over results; returns the exit code's number and what was reported.
    async fn run(results: Vec<Result<u32, ErrorKind>>, mut report: impl FnMut(u32) -> Result<(), CommandError>) -> u8 {
        let output = Output::new(Format::Text, Color::Never, true, 0, &Environment::default());
        let selectors: Vec<_> = results.iter().map(|_| InstanceSelector::Name("web".to_owned())).collect();
        let next = async |index: usize| Some(results[index].map_err(|kind| CommandError::message(kind, "failed")));
        for_each_in_order(&selectors, output, next, |_, result| report(result)).await.unwrap().number()
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
}
