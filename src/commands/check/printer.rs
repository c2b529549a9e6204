//! What is printed of an instance that was checked.

use anstyle::AnsiColor;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::command_error::CommandError;
use crate::console::liveness::Probe;
use crate::console::machine_state::{Certainty, Evidence, LogFinding, Verdict};
use crate::console::picture_source::Look;
use crate::instances::{ResolvedInstance, Selection};
use crate::screen_state::is_sick;
use crate::system::clock::iso_8601;
use crate::terminal::output::Output;
use crate::text::table::{CellStyle, TableLayout};

const TITLES: [&str; 8] = ["STATE", "NAME", "ID", "FROM", "ROW", "READ", "RULE", "LINE"];

/// A row as wide as most are: rows are printed before the widths of later ones are known.
const TYPICAL_ROW: [&str; 8] =
    ["no-boot-device", "a-name-of-12", "i-bp1hzoinajzkh91h", "bootlog", "24", "inexact", "kernel-panic", ""];

/// Cells as wide as those of nearly all instances, for a selection of instances that are not known yet.
const WIDE_ROW: [&str; 8] =
    ["windows-boot-error", "a-name-of-some-length", "i-bp1h4adlltjc1d48goaq", "", "", "", "windows-boot-error", ""];

/// The time of a picture or of a status, which is a column of its own with `--watch`.
const TIME: &str = "2026-11-25T10:12:03Z";

/// The longest result of `--probe`.
const PROBE: &str = "unknown";

/// An instance and its state, without its picture, which is large.
pub(super) struct Checked {
    pub(super) instance: ResolvedInstance,
    pub(super) verdict: Verdict,
    /// Where the picture came from, if there is one.
    pub(super) via: Option<&'static str>,
    /// When the picture was taken; without one, when the status was asked for.
    pub(super) time: DateTime<Utc>,
    pub(super) probe: Option<Probe>,
    /// Why the boot log could not be read.
    pub(super) log_error: Option<CommandError>,
}

impl Checked {
    /// `now` is the time without a picture.
    pub(super) fn of(look: Look, verdict: Verdict, now: DateTime<Utc>) -> Self {
        let Look { instance, shot, boot_log, probe } = look;
        let time = shot.as_ref().map_or(now, |shot| shot.time.utc);
        let log_error = boot_log.and_then(Result::err);
        Self { instance, verdict, via: shot.map(|shot| shot.via), time, probe, log_error }
    }
}

/// Prints results one after another, with titles before the first.
pub(super) struct CheckPrinter {
    layout: TableLayout,
    is_begun: bool,
    has_time: bool,
    has_probe: bool,
    output: Output,
}

/// `-o json`: an instance and its state.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CheckOutput<'a> {
    state: &'a str,
    certainty: &'static str,
    from: &'static str,
    row: Option<usize>,
    line: Option<&'a str>,
    rule: Option<&'a str>,
    instance_id: &'a str,
    instance_name: Option<&'a str>,
    region_id: &'a str,
    status: Option<&'a str>,
    via: Option<&'static str>,
    taken_at: Option<String>,
    boot_log: Option<BootLogOutput<'a>>,
    trouble: Option<TroubleOutput<'a>>,
    probe: Option<ProbeOutput>,
}

/// `-o json`: whether the guest reacts, and what was seen.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProbeOutput {
    state: &'static str,
    num_lock: Option<bool>,
    leds_blink: bool,
    blinks: bool,
    moves: bool,
}

/// `-o json`: what the end of the boot log says.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BootLogOutput<'a> {
    state: &'a str,
    row: usize,
    line: &'a str,
    rule: &'a str,
    last_update_time: Option<String>,
}

/// `-o json`: a row below that does not decide.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TroubleOutput<'a> {
    state: &'a str,
    row: usize,
    line: &'a str,
    rule: &'a str,
}

impl CheckPrinter {
    /// `has_time` and `has_probe` add a column at the beginning.
    pub(super) fn new(has_time: bool, has_probe: bool, output: Output) -> Self {
        let mut printer = Self { layout: TableLayout::new(&[]), is_begun: false, has_time, has_probe, output };
        let (titles, row) = (printer.titles(), printer.cells(TIME, PROBE, TYPICAL_ROW.map(str::to_owned)));
        printer.layout = TableLayout::new(&titles.iter().map(String::as_str).collect::<Vec<_>>());
        printer.layout.fit_rows([row.as_slice()]);
        printer
    }

    /// Makes the columns wide enough for what a selection names, and for nearly all instances if it is open.
    pub(super) fn reserve_widths(&mut self, selection: &Selection) {
        let wide = selection.has_unknown_count().then(|| WIDE_ROW.map(str::to_owned));
        let named = selection.names().map(|name| ["", name, "", "", "", "", "", ""].map(str::to_owned));
        for cells in wide.into_iter().chain(named) {
            let row = self.cells("", "", cells);
            self.layout.fit_rows([row.as_slice()]);
        }
    }

    pub(super) fn print(&mut self, checked: &Checked) -> Result<(), CommandError> {
        let output = self.output;
        if output.is_json() {
            return output.json(&json(checked));
        }
        let taken = iso_8601(checked.time);
        let probe = checked.probe.map_or("-", |probe| probe.liveness().name());
        let cells = self.cells(&taken, probe, cells(checked));
        self.layout.fit_rows([cells.as_slice()]);
        if !std::mem::replace(&mut self.is_begun, true) {
            output.line(&self.layout.format_row(&self.titles()))?;
        }
        let (state, sign) =
            (usize::from(self.has_time) + usize::from(self.has_probe), state_color(&checked.verdict.state));
        let style = |index: usize, _: &str| if index == state { output.cell_style(sign) } else { CellStyle::default() };
        output.line(&self.layout.format_styled_row(&cells, style))
    }

    fn titles(&self) -> Vec<String> {
        self.cells("TIME", "PROBE", TITLES.map(str::to_owned))
    }

    fn cells(&self, time: &str, probe: &str, cells: [String; 8]) -> Vec<String> {
        let first = [self.has_time.then_some(time), self.has_probe.then_some(probe)];
        first.into_iter().flatten().map(str::to_owned).chain(cells).collect()
    }
}

/// The cells under [`TITLES`].
fn cells(Checked { instance, verdict, .. }: &Checked) -> [String; 8] {
    let Verdict { state, certainty, evidence, row, rule, .. } = verdict;
    let name = instance.info.as_ref().map(|info| info.instance_name.as_str());
    let line = verdict.line_and_log();
    let row = row.map(|row| row.to_string());
    let cells = [
        state.as_str(),
        name.unwrap_or_default(),
        &instance.id,
        from(*evidence),
        row.as_deref().unwrap_or_default(),
        if *evidence == Evidence::Status { "" } else { read(*certainty) },
        rule.as_deref().unwrap_or_default(),
        &line,
    ];
    cells.map(|cell| if cell.is_empty() { "-".to_owned() } else { cell.to_owned() })
}

fn json(Checked { instance, verdict, via, time, probe, .. }: &Checked) -> CheckOutput<'_> {
    let Verdict { state, certainty, evidence, row, line, rule, boot_log, trouble } = verdict;
    let info = instance.info.as_ref();
    CheckOutput {
        state,
        certainty: read(*certainty),
        from: from(*evidence),
        row: *row,
        line: Some(line.as_str()).filter(|line| !line.is_empty()),
        rule: rule.as_deref(),
        instance_id: &instance.id,
        instance_name: info.map(|info| info.instance_name.as_str()),
        region_id: &instance.region,
        status: info.map(|info| info.status.as_str()),
        via: *via,
        taken_at: via.map(|_| iso_8601(*time)),
        probe: probe.map(|probe| ProbeOutput {
            state: probe.liveness().name(),
            num_lock: probe.num_lock,
            leds_blink: probe.leds_blink,
            blinks: probe.blinks,
            moves: probe.moves,
        }),
        boot_log: boot_log.as_ref().map(|LogFinding { finding, updated, .. }| BootLogOutput {
            state: &finding.state,
            row: finding.row,
            line: &finding.text,
            rule: &finding.rule,
            last_update_time: updated.map(iso_8601),
        }),
        trouble: trouble.as_ref().map(|trouble| TroubleOutput {
            state: &trouble.state,
            row: trouble.row,
            line: &trouble.text,
            rule: &trouble.rule,
        }),
    }
}

fn from(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Screen => "screen",
        Evidence::BootLog => "bootlog",
        Evidence::Status => "status",
    }
}

fn read(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Exact => "exact",
        Certainty::Inexact => "inexact",
        Certainty::Perhaps => "perhaps",
    }
}

/// Green for a machine that can be used, red for one that needs attention.
pub(crate) fn state_color(state: &str) -> AnsiColor {
    match state {
        "login" | "shell" | "windows-login" => AnsiColor::Green,
        state if is_sick(state) => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    }
}
