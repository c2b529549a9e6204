//! Types a text line by line, and reads each line back before its Enter is pressed.

use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::reading::TICK;
use crate::console::reading::readback::{Place, Readback};
use crate::console::reading::typed_words::Masking;
use crate::console::remote_screen::RemoteScreen;
use crate::console::screen_report::{MAX_QUOTED, unreadable};
use crate::console::screen_watch::Watch;
use crate::console::typing::{TypableText, type_text};
use crate::console::verdict::Verdict;
use crate::error_kind::ErrorKind;
use crate::screen_text::Screen;
use crate::system::clock::Deadline;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// A guest that has shown nothing new for this time has lost the rest of the keys.
const ECHO_TIMEOUT: Duration = Duration::from_secs(2);

/// Types the text. The cursor may take as long as the deadline gives to show where a line begins.
pub(crate) async fn type_verified(
    screen: &mut RemoteScreen,
    text: &TypableText,
    deadline: Deadline,
    output: Output,
) -> Result<(), CommandError> {
    let is_one = text.expose().lines().count() == 1;
    // What was typed before Enter: while the cursor is behind it, the guest has not taken the key.
    let mut entered = String::new();
    for (number, line) in (1..).zip(text.expose().split_inclusive('\n')) {
        let (words, has_enter) = line.strip_suffix('\n').map_or((line, false), |words| (words, true));
        let characters: Vec<char> = words.chars().collect();
        let (mut typed, mut part) = (0, String::new());
        while typed < characters.len() {
            let limit = if number == 1 { deadline } else { screen.clock().deadline(deadline.total) };
            let place = match find_cursor(screen, &std::mem::take(&mut entered), limit, output).await? {
                Found::Place(place) => place,
                Found::Not(seen) => return Err(no_cursor(screen, seen.as_ref(), number, typed)),
            };
            let count = place.capacity(characters.len() - typed);
            part = characters[typed..typed + count].iter().collect();
            type_text(screen, &text.part(&part), output).await?;
            let read = wait_for_echo(screen, &place, &part, screen.answer_deadline(), output).await?;
            if let Readback::Differs { common, seen } = read {
                let line = if is_one { String::new() } else { format!("line {number}: ") };
                return Err(differs(screen, &line, &seen, typed + common, characters.len()));
            }
            typed += count;
        }
        if has_enter {
            type_text(screen, &text.part("\n"), output).await?;
            entered = part;
        }
    }
    Ok(())
}

/// The cursor's place, or what was seen last without one.
enum Found {
    Place(Place),
    Not(Option<Screen>),
}

/// Waits until the cursor stands still, and is not behind `entered` any more.
async fn find_cursor(
    screen: &mut RemoteScreen,
    entered: &str,
    deadline: Deadline,
    output: Output,
) -> Result<Found, CommandError> {
    let (mut before, mut last): (Option<Place>, Option<Screen>) = (None, None);
    let watch = Watch { area: None, deadline, progress: "waiting for the cursor", output };
    let found = watch.until(screen, |screen, now| {
        let seen = screen.read_text();
        let place = Place::of_cursor(&seen).filter(|place| !place.is_behind(entered));
        // A cursor that is dark at the moment has not moved.
        let verdict = match (place, before.take().filter(|before| before.is_on(&seen))) {
            (Some(place), Some(before)) if place == before => Verdict::Done(place),
            (Some(place), _) => {
                before = Some(place);
                Verdict::NotBefore(now + TICK)
            }
            (None, other) => {
                before = other;
                Verdict::NotYet
            }
        };
        last = Some(seen);
        Ok(verdict)
    });
    Ok(found.await?.map_or(Found::Not(last), Found::Place))
}

/// Waits until the text is at the place, or nothing comes any more.
async fn wait_for_echo(
    screen: &mut RemoteScreen,
    place: &Place,
    text: &str,
    deadline: Deadline,
    output: Output,
) -> Result<Readback, CommandError> {
    let mut before: Option<(Readback, _)> = None;
    let watch = Watch { area: None, deadline, progress: "reading back what was typed", output };
    let read = watch.until(screen, |screen, now| {
        let read = place.read_back(&screen.read_text(), text);
        let since = match &before {
            Some((other, since)) if *other == read => *since,
            _ => {
                before = Some((read.clone(), now));
                return Ok(Verdict::NotBefore(now + TICK));
            }
        };
        let end = if read == Readback::Equal { now } else { since + ECHO_TIMEOUT };
        Ok(if end <= now { Verdict::Done(read) } else { Verdict::NotBefore(end) })
    });
    let read = read.await?;
    Ok(read.or(before.map(|(read, _)| read)).unwrap_or(Readback::Differs { common: 0, seen: String::new() }))
}

fn no_cursor(screen: &RemoteScreen, seen: Option<&Screen>, line: usize, typed: usize) -> CommandError {
    let id = &screen.instance().id;
    let why = seen.and_then(|seen| unreadable(seen, id));
    let why =
        why.unwrap_or_else(|| format!("no text cursor is seen on the screen of {id}, or it does not move after Enter"));
    let so_far = match (line, typed) {
        (1, 0) => "nothing was typed".to_owned(),
        _ => format!("the text was typed up to character {typed} of line {line}"),
    };
    let message = format!("{why}, so that --verify cannot read back what is typed; {so_far}");
    CommandError::message(ErrorKind::NoText, message).hint("type without --verify").of_instance(id)
}

fn differs(screen: &RemoteScreen, line: &str, seen: &str, common: usize, length: usize) -> CommandError {
    let id = &screen.instance().id;
    let seen = sanitize(&screen.typed.mask(seen, Masking::Parts), MAX_QUOTED);
    let what = match common < length {
        true => format!("character {} of {length} is missing or wrong", common + 1),
        false => format!("there is more than the {length} characters that were typed"),
    };
    let message = format!("{id}: {line}{what}: the screen shows \"{seen}\"; Enter was not pressed");
    let hint = format!(
        "delete what was typed, for example with `ecs-vnc key {id} ctrl-u`; keys are lost less with --delay 100ms, and a wrong \
         --layout types other characters"
    );
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(id)
}
