//! What is said of a run over many instances: the progress line, and the summary at the end. Pure.

use std::time::Duration;

/// The characters of the bar.
const BAR_WIDTH: usize = 24;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RunProgress {
    pub(super) done: usize,
    pub(super) failed: usize,
    /// The instances that were found so far.
    pub(super) selected: usize,
    /// Whether these are all.
    pub(super) is_complete: bool,
    pub(super) elapsed: Duration,
    /// The requests that the service throttled.
    pub(super) throttled: usize,
    /// The most requests a second, if the service throttles.
    pub(super) requests_per_second: Option<f64>,
}

/// What was left out of a run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeftOut {
    pub(super) in_wrong_state: usize,
    pub(super) done_before: usize,
}

impl RunProgress {
    /// The progress line, such as `taking screenshots [######>     ] 412 of 1000, 3 failed, 80 s left`.
    pub(super) fn line(&self, doing: &str) -> String {
        let reported = self.done + self.failed;
        let mut failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        if let Some(rate) = self.requests_per_second {
            failed.push_str(&format!(", throttled to {rate:.1} requests/s"));
        }
        if !self.is_complete {
            return format!("{doing}: {reported} of {} or more{failed}", self.selected);
        }
        let left = self.time_left().map(|left| format!(", {}", left_roughly(left))).unwrap_or_default();
        format!("{doing} [{}] {reported} of {}{failed}{left}", bar(reported, self.selected), self.selected)
    }

    /// How long the rest will take if it goes on as before, in whole seconds; `None` as long as too little is known.
    fn time_left(&self) -> Option<Duration> {
        let reported = u32::try_from(self.done + self.failed).ok().filter(|reported| *reported > 0)?;
        let left = u32::try_from(self.selected.saturating_sub(self.done + self.failed)).ok()?;
        let seconds = self.elapsed.checked_mul(left)?.checked_div(reported)?.as_secs();
        (self.elapsed.as_secs() >= 2 && seconds > 0).then(|| Duration::from_secs(seconds))
    }

    /// The line at the end, such as `1000 instances: 997 done, 3 failed`; `None` if there is nothing to add to one result.
    ///
    /// `wanted` are the states that the command can use, such as `running`.
    pub(super) fn summary(&self, left_out: LeftOut, wanted: &str) -> Option<String> {
        let reported = self.done + self.failed;
        let mut parts = Vec::new();
        let mut add = |count: usize, text: String| {
            if count > 0 {
                parts.push(text);
            }
        };
        add(self.done, format!("{} done", self.done));
        add(self.failed, format!("{} failed", self.failed));
        add(left_out.done_before, format!("{} left out as done before", left_out.done_before));
        add(left_out.in_wrong_state, format!("{0} left out as not {wanted}", left_out.in_wrong_state));
        let throttled = match self.throttled {
            0 => String::new(),
            1 => "; 1 request throttled and repeated".to_owned(),
            count => format!("; {count} requests throttled and repeated"),
        };
        let all = reported + left_out.done_before + left_out.in_wrong_state;
        match all {
            0 => None,
            // What was done with one is told where it was done.
            1 => (left_out.done_before == 1).then(|| "1 instance was left out as done before".to_owned()),
            _ => Some(format!("{all} instances: {}{throttled}", parts.join(", "))),
        }
    }
}

fn left_roughly(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds < 100 => format!("{seconds} s left"),
        seconds => format!("{} min left", seconds.div_ceil(60)),
    }
}

fn bar(done: usize, all: usize) -> String {
    let full = (done * BAR_WIDTH).checked_div(all).unwrap_or_default().min(BAR_WIDTH);
    let tip = if full < BAR_WIDTH { ">" } else { "" };
    format!("{}{tip}{}", "#".repeat(full), " ".repeat(BAR_WIDTH - full - tip.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_shown_once_the_number_of_instances_is_known() {
        let mut run = RunProgress {
            done: 9,
            failed: 1,
            selected: 40,
            is_complete: false,
            elapsed: Duration::from_secs(20),
            ..RunProgress::default()
        };
        assert_eq!(run.line("working"), "working: 10 of 40 or more, 1 failed");
        run.is_complete = true;
        assert_eq!(run.line("working"), "working [######>                 ] 10 of 40, 1 failed, 60 s left");
        run.requests_per_second = Some(12.34);
        let expected = "working [######>                 ] 10 of 40, 1 failed, throttled to 12.3 requests/s, 60 s left";
        assert_eq!(run.line("working"), expected);
        (run.done, run.requests_per_second) = (39, None);
        assert_eq!(run.line("working"), "working [########################] 40 of 40, 1 failed");
        assert_eq!(RunProgress::default().line("working"), "working: 0 of 0 or more");
        let empty = RunProgress { is_complete: true, ..RunProgress::default() };
        assert_eq!(empty.line("working"), "working [>                       ] 0 of 0");
    }

    #[test]
    fn the_summary_counts_what_was_left_out_too() {
        let run = RunProgress { done: 997, failed: 3, ..RunProgress::default() };
        assert_eq!(run.summary(LeftOut::default(), "running").unwrap(), "1000 instances: 997 done, 3 failed");
        let run = RunProgress { throttled: 7, ..run };
        let expected = "1000 instances: 997 done, 3 failed; 7 requests throttled and repeated";
        assert_eq!(run.summary(LeftOut::default(), "running").unwrap(), expected);
        let left_out = LeftOut { in_wrong_state: 2, done_before: 5 };
        let run = RunProgress { done: 1, ..RunProgress::default() };
        let expected = "8 instances: 1 done, 5 left out as done before, 2 left out as not running";
        assert_eq!(run.summary(left_out, "running").unwrap(), expected);
        assert_eq!(run.summary(LeftOut::default(), "running"), None);
        let left_out = LeftOut { done_before: 1, ..LeftOut::default() };
        let text = "1 instance was left out as done before";
        assert_eq!(RunProgress::default().summary(left_out, "running").unwrap(), text);
    }
}
