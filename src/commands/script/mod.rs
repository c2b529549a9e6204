//! `ecs-vnc script`: several verbs over one connection.

mod line;

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use self::line::{LONGEST, Line, Step, at, read};
use crate::command_error::CommandError;
use crate::commands::wait;
use crate::console::picture_file::{self, Name};
use crate::console::remote_screen::{RemoteScreen, ScreenArgs};
use crate::console::screen_condition::Goal;
use crate::console::{key_sender, screen_wait, typing};
use crate::error_kind::{ErrorKind, ExitCode};
use crate::instances::args::LeadingInstanceArg;
use crate::picture::Picture;
use crate::settings::flags::GlobalArgs;
use crate::system::clock::iso_8601;
use crate::system::environment::Environment;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;

/// See and drive an instance's console by a script, over one connection.
///
/// A script is one verb a line, in the words of the commands:
///
///   key CHORD…
///   type TEXT, or --env NAME, or --file FILE   [--enter] [--layout L] [--delay TIME]
///   wait --still TIME, or --change, or --image FILE   [--area X,Y,W,H] [--tolerance N] [--timeout S] [--save FILE]
///   screenshot [FILE]
///   sleep TIME
///   log TEXT
///
/// Lines are split into words as a shell does it, and # begins a comment. All are checked before the first is done; the
/// first that fails ends the script and is named. `wait --change` compares with the screen before the last key or type.
/// The console is taken from whoever has it, once.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct ScriptArgs {
    #[command(flatten)]
    which: LeadingInstanceArg,
    /// The script; `-` is stdin.
    #[arg(value_name = "FILE|-", required_unless_present = "instance")]
    file: Option<PathBuf>,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// `-o json`: a picture that was taken.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shot<'a> {
    instance_id: &'a str,
    line: usize,
    file: &'a str,
    width: u32,
    height: u32,
    time: String,
}

/// Runs the verb.
pub(crate) async fn run(
    args: ScriptArgs,
    global: &GlobalArgs,
    env: &Environment,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let (selector, first) = args.which.split()?;
    let file = match (args.file, first) {
        (Some(file), None) => file,
        (None, Some(file)) => PathBuf::from(file.expose()),
        (None, None) => {
            let error = CommandError::message(ErrorKind::Usage, "no script to run");
            return Err(error.hint("name its FILE, or - for stdin"));
        }
        (Some(_), Some(_)) => {
            return Err(CommandError::message(ErrorKind::Usage, "`script` takes one FILE besides -i INSTANCE"));
        }
    };
    if file.as_os_str() == "-" && args.screen.password_stdin {
        let message = "stdin cannot be both the script and the password";
        return Err(CommandError::message(ErrorKind::Usage, message).hint("give the password in ECS_VNC_PASSWORD"));
    }
    let script = text(&file)?;
    let lines = read(&script, env, output)?;
    let screen = RemoteScreen::of(&selector, &args.screen, global, env, output).await?;
    let mut playing = Playing { screen, before: None, output };
    for (index, line) in lines.iter().enumerate() {
        output.detail(1, &format!("line {}: {}", line.number, line.step.verb()));
        let next = lines[index + 1..].iter().map(|line| &line.step).find(|step| step.changes_or_waits());
        if let Err(failure) = playing.play(line, next).await {
            // The keys before it are still to be heard; what else fails is not what the script failed for.
            let _ = playing.screen.leave().await;
            return Err(at(line.number, failure));
        }
    }
    playing.screen.leave().await?;
    Ok(ExitCode::SUCCESS)
}

/// A script, bounded.
fn text(file: &PathBuf) -> Result<String, CommandError> {
    let name = if file.as_os_str() == "-" { "stdin".to_owned() } else { file.display().to_string() };
    let unreadable = |error: io::Error| {
        CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context(format!("could not read {name}")))
    };
    let mut bytes = Vec::new();
    let limit = LONGEST as u64 + 1;
    let read = match file.as_os_str() == "-" {
        true => io::stdin().lock().take(limit).read_to_end(&mut bytes),
        false => File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
    };
    read.map_err(unreadable)?;
    if bytes.len() > LONGEST {
        let message = format!("{name} is longer than {} KiB, which is the most that a script may have", LONGEST >> 10);
        return Err(CommandError::message(ErrorKind::Usage, message));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| CommandError::message(ErrorKind::Usage, format!("{name} is no UTF-8 text")))?;
    // A mark of some editors.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

struct Playing {
    screen: RemoteScreen,
    /// The screen before the last line, where the next one compares with it.
    before: Option<Picture>,
    output: Output,
}

impl Playing {
    async fn play(&mut self, line: &Line, next: Option<&Step>) -> Result<(), CommandError> {
        let Self { screen, before, output } = self;
        let limit = screen.usual_limit();
        let is_compared = matches!(next, Some(Step::Wait(condition, ..)) if matches!(condition.goal, Goal::Change));
        if matches!(line.step, Step::Key(..) | Step::Type(_)) {
            *before = if is_compared { Some(screen.picture(limit).await?) } else { None };
        }
        match &line.step {
            Step::Key(chords, by_keysym) => key_sender::press(screen, chords, *by_keysym).await,
            Step::Type(text) => typing::write(screen, text, *output).await,
            Step::Wait(condition, time, save) => {
                let limit = screen.clock().deadline(*time);
                let met = screen_wait::until(screen, condition, before.take(), limit, *output).await;
                if let (Err(failure), Some(path)) = (&met, save)
                    && failure.kind == ErrorKind::TimeLimit
                {
                    wait::save(screen, path, *output);
                }
                met.map(drop)
            }
            Step::Screenshot(name) => {
                let picture = screen.picture(limit).await?;
                self.put(&picture, name, line.number)
            }
            Step::Sleep(time) => {
                let heard = key_sender::hear(&mut screen.client, *time).await;
                match heard {
                    Ok(()) => Ok(()),
                    Err(error) => Err(screen.failure(error).await),
                }
            }
            Step::Log(text) => {
                output.note(&sanitize(text, 500));
                Ok(())
            }
        }
    }

    fn put(&self, picture: &Picture, name: &Name, line: usize) -> Result<(), CommandError> {
        let Self { screen, output, .. } = self;
        let (instance, time) = (&screen.target().instance, screen.clock().utc());
        let path = match name {
            Name::Stdout => return output.bytes(&picture_file::encode(picture)?),
            Name::File(name) => name.of(instance, time),
        };
        picture_file::write(picture, &path)?;
        let file = path.display().to_string();
        match output.is_json() {
            true => output.json(&Shot {
                instance_id: instance,
                line,
                file: &file,
                width: picture.width(),
                height: picture.height(),
                time: iso_8601(time),
            }),
            false => output.line(&file),
        }
    }
}

impl Step {
    /// Whether what `wait --change` compares with depends on it.
    fn changes_or_waits(&self) -> bool {
        matches!(self, Self::Key(..) | Self::Type(_) | Self::Wait(..))
    }

    /// What it is called.
    fn verb(&self) -> &'static str {
        match self {
            Self::Key(..) => "key",
            Self::Type(_) => "type",
            Self::Wait(..) => "wait",
            Self::Screenshot(_) => "screenshot",
            Self::Sleep(_) => "sleep",
            Self::Log(_) => "log",
        }
    }
}
