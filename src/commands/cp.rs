//! `ecs-vnc cp`: copies a small file to or from a guest, over its console.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::console::args::ScreenArgs;
use crate::console::exec::args::{GuestArgs, MAX_INPUT_LEN, read_input};
use crate::console::exec::paging::MAX_PACKED_OUTPUT;
use crate::console::result_file;
use crate::error_kind::{ErrorKind, ExitCode};
use crate::guest_shell::copy::{FileState, download_command, upload_command};
use crate::guest_shell::outcome::{Outcome, sha1_of};
use crate::instances::{InstanceSelector, Purpose, left_out};
use crate::settings::Context;
use crate::system::{blocking, platform};
use crate::text::quoted::Shown as _;
use crate::text::sanitize::sanitize;

const EXAMPLES: &[Example] = &[
    ("Get a file from a guest that has no network", "ecs-vnc cp web-01:/etc/fstab fstab"),
    ("Put it back, as root", "ecs-vnc cp fstab web-01:/etc/fstab --user root --env ROOT_PASSWORD"),
    ("Print a file of a guest", "ecs-vnc cp web-01:/etc/os-release -"),
];

/// How long a pipe that is given as a file may take.
const PIPE_TIME_LIMIT: Duration = Duration::from_secs(60);

/// The longest quote of what the guest says.
const MAX_QUOTED: usize = 300;

/// Copy a small file to or from a guest, over its console.
///
/// One of SOURCE and TARGET is INSTANCE:PATH, the other a file of this machine, or `-` for stdin or stdout. As for `ecs-vnc
/// exec`, the guest needs neither a network nor an agent, but a shell's prompt on its screen.
///
/// From a guest, a file of at most 8 MiB is copied, at 5 to 30 KB a second after compression. To a guest, it is typed at about 40 bytes
/// a second; after compression it may have 64 KiB. A file that is longer is refused before anything is copied, and the time is
/// told if it is long. The checksum is compared at the end, and the target is replaced in one step. The mode is kept, without the
/// bits for setuid and the like.
///
/// This joins the session that another command of yours has with the console. Where there is none, it opens one, and anyone
/// already on the console is disconnected.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES), override_usage = "ecs-vnc cp [OPTIONS] <INSTANCE:PATH> <FILE>\n       ecs-vnc cp [OPTIONS] <FILE> <INSTANCE:PATH>")]
pub(crate) struct CpArgs {
    /// What is copied: INSTANCE:PATH, a file, or - for stdin.
    ///
    /// As :PATH, it is on the instance that ECS_VNC_INSTANCE names, or on a terminal on one that you pick from a list.
    #[arg(value_name = "SOURCE")]
    source: Place,
    /// Where to: INSTANCE:PATH, a file or a directory, or - for stdout.
    #[arg(value_name = "TARGET")]
    target: Place,
    #[command(flatten)]
    guest: GuestArgs,
    #[command(flatten)]
    screen: ScreenArgs,
}

/// One end of a copy.
#[derive(Clone, Debug)]
enum Place {
    /// stdin or stdout.
    Stream,
    Local(PathBuf),
    /// The instance may be left out.
    Guest(Option<InstanceSelector>, String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            _ if text.is_empty() => Err("it is empty".to_owned()),
            _ if text == "-" => Ok(Self::Stream),
            // As scp: a slash before the colon makes it a file. A drive of Windows has one letter.
            Some((instance, path)) if !instance.contains(['/', '\\']) && instance.len() != 1 => {
                if path.is_empty() {
                    return Err("there is no path after the colon".to_owned());
                }
                let selector = Some(instance).filter(|instance| !instance.is_empty()).map(InstanceSelector::parse);
                let selector = selector.transpose().map_err(|error| error.to_string())?;
                Ok(Self::Guest(selector, path.to_owned()))
            }
            _ => Ok(Self::Local(PathBuf::from(text))),
        }
    }
}

/// The line that `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CpOutput<'a> {
    instance_id: &'a str,
    region_id: &'a str,
    bytes: usize,
}

/// Runs the verb.
pub(crate) async fn run(args: CpArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let named =
        |instance: &Option<InstanceSelector>| instance.clone().map_or_else(|| left_out(Purpose::Act, context), Ok);
    match (&args.source, &args.target) {
        (Place::Guest(instance, path), Place::Local(_) | Place::Stream) => {
            download(&args, &named(instance)?, path, context).await?
        }
        (Place::Local(_) | Place::Stream, Place::Guest(instance, path)) => {
            upload(&args, &named(instance)?, path, context).await?
        }
        _ => {
            let message = "exactly one of SOURCE and TARGET must be INSTANCE:PATH";
            return Err(CommandError::message(ErrorKind::Usage, message));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn download(
    args: &CpArgs,
    instance: &InstanceSelector,
    path: &str,
    context: &Context,
) -> Result<(), CommandError> {
    let output = context.output;
    let file = match &args.target {
        Place::Local(file) if file.is_dir() => Some(file.join(path.rsplit('/').next().unwrap_or(path))),
        Place::Local(file) => Some(file.clone()),
        _ => None,
    };
    if let Some(file) = &file {
        result_file::check_path(file)?;
    }
    let command = download_command(path, MAX_PACKED_OUTPUT);
    let (outcome, guest) = args.guest.run(instance, &args.screen, &command, false, None, context).await?;
    let FileState { mode, length, said } = FileState::parse(&outcome.stderr);
    if let Some(length) = length.filter(|length| *length > MAX_PACKED_OUTPUT as u64) {
        return Err(too_long(&guest.id, path, &format!("has {length} bytes")));
    }
    if outcome.status != 0 {
        return Err(refused(&guest.id, path, &said));
    }
    let bytes = outcome.stdout;
    if bytes.len() > MAX_PACKED_OUTPUT {
        return Err(too_long(&guest.id, path, "has no end"));
    }
    let (instance_id, region_id, count) = (&guest.id, &guest.region, bytes.len());
    match &file {
        None => return output.bytes(&bytes),
        Some(file) => {
            result_file::write(bytes, file, PIPE_TIME_LIMIT)?;
            if let Some(mode) = mode.filter(|_| file.is_file()) {
                let kept = platform::set_mode(file, mode);
                kept.unwrap_or_else(|error| {
                    output.warning(&format!("the mode of {} was not kept: {error}", file.shown()))
                });
            }
        }
    }
    if output.is_json() {
        output.json(&CpOutput { instance_id, region_id, bytes: count })?;
    }
    Ok(())
}

async fn upload(args: &CpArgs, instance: &InstanceSelector, path: &str, context: &Context) -> Result<(), CommandError> {
    let (bytes, mode, name) = match &args.source {
        Place::Local(file) => {
            let (bytes, mode) = read_local(file)?;
            (bytes, mode, file.file_name().map(|name| name.to_string_lossy().into_owned()))
        }
        _ => (read_input(&args.screen).await?, None, None),
    };
    let path = match name {
        Some(name) if path.ends_with('/') => format!("{path}{name}"),
        _ => path.to_owned(),
    };
    let command = upload_command(&path, mode);
    let (outcome, guest) = args.guest.run(instance, &args.screen, &command, false, Some(&bytes), context).await?;
    let Outcome { status, stdout, stderr } = outcome;
    let sum = String::from_utf8_lossy(&stdout);
    if status != 0 {
        return Err(refused(&guest.id, &path, &stderr));
    }
    if sum.split_whitespace().next() != Some(&sha1_of(&bytes)) {
        let message = format!("{}: the checksum of {path} is wrong", guest.id);
        return Err(CommandError::message(ErrorKind::ActionFailed, message).of_instance(&guest.id));
    }
    if context.output.is_json() {
        let (instance_id, region_id) = (&guest.id, &guest.region);
        context.output.json(&CpOutput { instance_id, region_id, bytes: bytes.len() })?;
    }
    Ok(())
}

/// Reads a file and its mode.
fn read_local(file: &Path) -> Result<(Vec<u8>, Option<u32>), CommandError> {
    let unreadable = |error| {
        let error = anyhow::Error::new(error).context(format!("could not read {}", file.shown()));
        CommandError::new(ErrorKind::Usage, error)
    };
    let mode = fs::metadata(file).map_err(unreadable)?;
    let bytes = blocking::read_public_file(file, MAX_INPUT_LEN, PIPE_TIME_LIMIT).map_err(unreadable)?;
    Ok((bytes, platform::mode_of(&mode)))
}

/// The file is longer than what can be carried over a screen.
fn too_long(instance: &str, path: &str, what: &str) -> CommandError {
    let (path, most) = (sanitize(path, MAX_QUOTED), MAX_PACKED_OUTPUT >> 20);
    let message = format!("{instance}: {path} {what}, and {most} MiB can be copied over a console");
    let hint = "compress or split it in the guest, or use the network of the guest";
    CommandError::message(ErrorKind::ActionFailed, message).hint(hint).of_instance(instance)
}

/// The guest could not read or write the file.
fn refused(instance: &str, path: &str, stderr: &[u8]) -> CommandError {
    let said = sanitize(String::from_utf8_lossy(stderr).trim(), MAX_QUOTED);
    let message = format!("{instance}: could not copy {}: {said}", sanitize(path, MAX_QUOTED));
    CommandError::message(ErrorKind::ActionFailed, message).of_instance(instance)
}
