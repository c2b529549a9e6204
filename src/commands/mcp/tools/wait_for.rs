//! `wait_for`: until a screen shows a text, stands still or changes.

use std::time::Duration;

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::definition::{Definition, schema_of};
use super::super::machines::CallAccount;
use super::super::seen::Seen;
use super::action::{leave, seen_over_vnc};
use super::read_screen::{Source, seen_by_api};
use crate::command_error::CommandError;
use crate::console::picture_condition::{Goal, PictureCondition};
use crate::console::reading::pattern::Pattern;
use crate::console::reading::rows::TextRows;
use crate::console::reading::text_match::find_matches;
use crate::console::reading::text_matcher::{TextCondition, TextGoal};
use crate::console::screen_condition::Condition;
use crate::console::screen_reader::ScreenReader;
use crate::console::screen_wait::wait_for_screen;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::picture::{Similarity, compare};
use crate::screen_text::ScreenKind;

pub(in super::super) const DEFINITION: Definition = Definition {
    name: "wait_for",
    title: "Wait for a screen",
    description: "Wait until a row of the screen matches a regular expression, until the screen stands still, or until it changes. \
         The answer begins with FOUND or TIMEOUT, and has the screen at the end. By default pictures of the API are compared, one \
         every 10 seconds, which disturbs nobody.",
    is_input: false,
    schema: schema_of::<Args>,
};

/// How long to wait without `timeout`, and at most, in seconds.
const DEFAULT_TIMEOUT: u32 = 60;
const MAX_TIMEOUT: u32 = 1800;

/// The service takes a picture of an instance every 10 s. Source: the vendor's page on GetInstanceScreenshot.
const API_INTERVAL: Duration = Duration::from_secs(10);

/// Pictures of the API are compressed: two of the same screen may differ by so much of 255, in so many of their pixels.
const TOLERANCE: u8 = 32;
const MIN_EQUAL_SHARE: f64 = 0.999;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Args {
    /// An instance ID, name or IP address.
    instance: String,
    /// Wait until a row of text matches this regular expression, such as "login: *$".
    text: Option<String>,
    /// Wait until nothing has changed for so many seconds.
    still: Option<u32>,
    /// Wait until something changes.
    #[serde(default)]
    change: bool,
    /// How many seconds to wait: 60 by default, at most 1800.
    timeout: Option<u32>,
    /// "api" (the default) needs no session. "vnc" sees every change, but disconnects anyone on the console, and needs
    /// --allow-input.
    #[serde(default)]
    via: Source,
}

/// What is waited for.
#[derive(Clone, Debug)]
enum Wanted {
    Text(Pattern),
    Still(Duration),
    Change,
}

impl Args {
    /// How long the wait may take.
    pub(in super::super) fn time(&self) -> Duration {
        Duration::from_secs(self.timeout.unwrap_or(DEFAULT_TIMEOUT).clamp(1, MAX_TIMEOUT).into())
    }

    fn wanted(&self) -> Result<Wanted, CommandError> {
        let usage = |message: String| CommandError::message(ErrorKind::Usage, message);
        match (&self.text, self.still, self.change) {
            (Some(pattern), None, false) => {
                pattern.parse().map(Wanted::Text).map_err(|why| usage(format!("text: {why}")))
            }
            (None, Some(seconds), false) if seconds > 0 && Duration::from_secs(seconds.into()) < self.time() => {
                Ok(Wanted::Still(Duration::from_secs(seconds.into())))
            }
            (None, Some(_), false) => Err(usage("still must be at least 1 and less than timeout".to_owned())),
            (None, None, true) => Ok(Wanted::Change),
            _ => Err(usage("give one of text, still and change".to_owned())),
        }
    }
}

pub(in super::super) async fn run(args: Args, call: &Call) -> Result<Answer, CommandError> {
    let wanted = args.wanted()?;
    if args.via == Source::Api && args.time() < shortest_time(&wanted) {
        let least = shortest_time(&wanted).as_secs();
        let message = format!("this needs a timeout of at least {least} s: the service takes a picture every 10 s");
        let hint = "give a longer timeout, or use via: \"vnc\" if it is allowed";
        return Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
    }
    if args.via == Source::Vnc {
        call.machines.guard.require_input("via: \"vnc\"")?;
    }
    let (account, instance) = call.find_running(&args.instance).await?;
    let (is_met, seen) = match args.via {
        Source::Api => wait_by_api(&wanted, args.time(), call, &account, &instance).await?,
        Source::Vnc => wait_over_vnc(wanted, args.time(), call, &account, &instance).await?,
    };
    let word = if is_met { "FOUND" } else { "TIMEOUT" };
    let data = json!({ "instance": instance.id, "is_met": is_met });
    seen.answer(&format!("{word}: {}", instance.id), data, None, false, None, &call.machines)
}

/// In a shorter time, pictures of the API cannot tell it. A time that is a multiple of theirs may just be missed.
fn shortest_time(wanted: &Wanted) -> Duration {
    match wanted {
        Wanted::Text(_) => Duration::ZERO,
        Wanted::Change => API_INTERVAL,
        Wanted::Still(time) => {
            Duration::from_secs(time.as_secs() / API_INTERVAL.as_secs() * API_INTERVAL.as_secs()) + API_INTERVAL
        }
    }
}

/// Compares pictures of the API.
async fn wait_by_api(
    wanted: &Wanted,
    time: Duration,
    call: &Call,
    account: &CallAccount,
    instance: &ResolvedInstance,
) -> Result<(bool, Seen), CommandError> {
    let clock = account.account.clock();
    let reader = ScreenReader::with_files(&[], &call.machines.context)?;
    // The first picture may have to wait for one of another call. The time counts from it on.
    let mut times: Option<(Instant, Instant)> = None;
    // What the screen looked like first, or since when it looks like that.
    let mut reference: Option<(Seen, Instant)> = None;
    loop {
        let limit = clock.deadline(account.time_limit);
        let seen = seen_by_api(&call.machines, account, instance, &reader, limit).await?;
        let now = clock.instant();
        let same_since = reference.as_ref().filter(|(before, _)| is_same(before, &seen)).map(|(_, since)| *since);
        let is_met = match wanted {
            Wanted::Text(pattern) => !find_matches(pattern, &TextRows::of_screen(&seen.screen)).is_empty(),
            Wanted::Still(time) => same_since.is_some_and(|since| now - since >= *time),
            Wanted::Change => reference.is_some() && same_since.is_none(),
        };
        let (last, end) = times.unwrap_or((now, now + time));
        let next = now.max(last + API_INTERVAL);
        times = Some((next, end));
        // The last one is taken at the end.
        if is_met || next > end {
            return Ok((is_met, seen));
        }
        reference = match (wanted, reference) {
            // It is compared with the first one.
            (Wanted::Change, Some(first)) => Some(first),
            _ => Some((seen, same_since.unwrap_or(now))),
        };
        sleep_until(next).await;
    }
}

/// Whether two pictures show the same. Of texts, a cursor that blinks is no part.
fn is_same(one: &Seen, other: &Seen) -> bool {
    if one.screen.kind == ScreenKind::Text && other.screen.kind == ScreenKind::Text {
        return TextRows::of_screen(&one.screen) == TextRows::of_screen(&other.screen);
    }
    match compare(&one.picture, &other.picture, None, TOLERANCE) {
        Similarity::Sizes(..) => false,
        similarity => similarity.share() >= MIN_EQUAL_SHARE,
    }
}

/// Watches the screen over VNC.
async fn wait_over_vnc(
    wanted: Wanted,
    time: Duration,
    call: &Call,
    account: &CallAccount,
    instance: &ResolvedInstance,
) -> Result<(bool, Seen), CommandError> {
    let picture = |goal| Condition::Picture(PictureCondition { goal, area: None, tolerance: 0 });
    let condition = match wanted {
        Wanted::Text(pattern) => {
            Condition::Text(TextCondition { goal: TextGoal::Shows(pattern), failures: Vec::new(), area: None })
        }
        Wanted::Still(time) => picture(Goal::Still(time)),
        Wanted::Change => picture(Goal::Change),
    };
    call.begin()?;
    let mut console = call.machines.open_console(account, instance.clone()).await?;
    let limit = console.screen.clock().deadline(time);
    let met = wait_for_screen(&mut console.screen, &condition, None, limit, call.machines.context.output).await;
    let is_met = match met {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind, ErrorKind::TimeLimit | ErrorKind::NoText) => Ok(false),
        Err(error) => Err(error),
    };
    let seen = is_met.and_then(|is_met| Ok((is_met, seen_over_vnc(&mut console.screen)?)));
    leave(console, seen).await
}
