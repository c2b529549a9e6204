//! Completion that knows the user's profiles and instances: `source <(COMPLETE=bash ecs-vnc)`.
//!
//! It runs at every press of a key, so it says nothing, whatever happens, takes no longer than a second, and asks at
//! most once a minute. Without an answer there are no candidates.

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Command, CommandFactory as _, Parser as _};
use clap_complete::{ArgValueCompleter, CompleteEnv, CompletionCandidate};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::account::Account;
use crate::api::Client;
use crate::api::operations::{Filter, Instance, KNOWN_REGIONS, Page};
use crate::auth::{CredentialsProvider, ProviderChain, fingerprint};
use crate::command_error::CommandError;
use crate::commands::cli::Cli;
use crate::config::Config;
use crate::demo;
use crate::instances::MAX_CONCURRENT_REGIONS;
use crate::settings::{Context, EndpointSetting, Settings, files};
use crate::system::clock::{Clock, Deadline};
use crate::system::environment::Environment;
use crate::system::private_cache::{self, PrivateCache};
use crate::terminal::output::{Color, Format, Output};
use crate::text::sanitize::sanitize;

/// The variable by which a shell asks, and which names the shell.
const VARIABLE: &str = "COMPLETE";

/// How long a person waits for a key.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long an answer is good for.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// The most pages that are requested of a region: 500 instances are more than a person reads.
const PAGES: usize = 5;

/// An instance, as far as it can be completed.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Known {
    id: String,
    name: String,
    status: String,
    region: String,
}

#[derive(Deserialize, Serialize)]
struct Kept {
    /// When it was asked for, in Unix seconds.
    at: i64,
    instances: Vec<Known>,
}

/// Answers a shell that asks. False where none does.
pub fn answer(env: &Environment) -> bool {
    if env.get(VARIABLE).is_none() {
        return false;
    }
    // What goes wrong is nothing to tell: the answer is the shell's, and the shell would show it.
    let asked =
        CompleteEnv::with_factory(|| with_completers(Cli::command())).var(VARIABLE).try_complete(env::args_os(), None);
    asked.unwrap_or(true)
}

/// Attaches a completer to every argument whose value name says what it is.
fn with_completers(command: Command) -> Command {
    let complete = |arg: clap::Arg| {
        let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
        match name.as_deref() {
            Some("INSTANCE") => arg.add(ArgValueCompleter::new(instances)),
            Some("PROFILE") => arg.add(ArgValueCompleter::new(profiles)),
            Some("REGION") => arg.add(ArgValueCompleter::new(regions)),
            _ => arg,
        }
    };
    command.mut_args(complete).mut_subcommands(with_completers)
}

/// The profiles of all files.
fn profiles(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(Context { flags, env, output }) = context() else {
        return Vec::new();
    };
    let files =
        [files::read_own(&flags, &env, output), files::read_official(&env, output), files::read_sdk(&env, output)];
    let configs: Vec<Config> = files.into_iter().filter_map(|loaded| loaded.ok()?.config).collect();
    let mut found: Vec<CompletionCandidate> = Vec::new();
    let mut names = Vec::new();
    for (name, profile) in configs.iter().flat_map(|config| &config.profile) {
        if is_plain(name) && !names.contains(&name) {
            names.push(name);
            let told = [profile.mode.as_deref(), profile.region_id.as_deref()];
            found.extend(candidate(name, current, &told.into_iter().flatten().collect::<Vec<_>>().join(" · ")));
        }
    }
    found.extend(candidate(demo::PROFILE, current, "simulated account"));
    found
}

/// The regions that this version knows.
fn regions(current: &OsStr) -> Vec<CompletionCandidate> {
    KNOWN_REGIONS.iter().filter_map(|region| candidate(region, current, "")).collect()
}

/// The instances of the account that the words before lead to.
fn instances(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(context) = context() else {
        return Vec::new();
    };
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
        return Vec::new();
    };
    let known = runtime.block_on(async { timeout(PATIENCE, known(&context)).await });
    // Whatever still runs, such as a look-up of a name, is left behind.
    runtime.shutdown_background();
    candidates(&known.ok().and_then(Result::ok).unwrap_or_default(), current)
}

/// Names, but an id where a name does not say which one is meant, or where an id was begun.
fn candidates(known: &[Known], current: &OsStr) -> Vec<CompletionCandidate> {
    let wants_id = current.to_str().is_some_and(|text| text.starts_with("i-"));
    let mut named: HashMap<&str, usize> = HashMap::new();
    known.iter().for_each(|one| *named.entry(&one.name).or_default() += 1);
    let mut found = Vec::new();
    for one in known {
        let is_alone = named[one.name.as_str()] == 1;
        let (name, id) = (one.name.as_str(), one.id.as_str());
        let about = |other: &str| sanitize(&format!("{other} · {} · {}", one.status, one.region), 200);
        if is_alone && is_plain(name) {
            found.extend(candidate(name, current, &about(id)));
        }
        if (wants_id || !is_alone || !is_plain(name)) && is_plain(id) {
            found.extend(candidate(id, current, &about(name)));
        }
    }
    found
}

fn candidate(word: &str, current: &OsStr, help: &str) -> Option<CompletionCandidate> {
    let help = (!help.is_empty()).then(|| help.to_owned().into());
    word.starts_with(current.to_str()?).then(|| CompletionCandidate::new(word).help(help))
}

/// Names come from outside, and bash puts them on the line as they are: only those that no shell reads anything into,
/// nor parts into words.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('-') && name.chars().all(|c| c.is_alphanumeric() || "-_.+/".contains(c))
}

/// What the words before say, and an output that says nothing.
fn context() -> Option<Context> {
    let words = env::args_os().skip_while(|word| word != "--").skip(1);
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    let mut flags = Cli::try_parse_from([vec!["ecs-vnc".to_owned(), "man".to_owned()], account_flags(&words)].concat())
        .ok()?
        .global;
    flags.timeout = Some(PATIENCE);
    let env = Environment::from_process();
    let output = Output::new(Format::Text, Color::Never, true, 0, &env);
    Some(Context { flags, env, output })
}

/// The flags among the words that lead to another account or region. The line is not finished, so it cannot be parsed.
fn account_flags(words: &[String]) -> Vec<String> {
    const VALUED: [&str; 5] = ["--profile", "--config", "--region", "-r", "--endpoint"];
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let (flag, joined) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        let value = joined.map(str::to_owned).or_else(|| words.get(index + 1).cloned());
        match value {
            Some(value) if VALUED.contains(&flag) && !value.is_empty() => {
                found.extend([format!("{}={value}", long(flag))])
            }
            _ if word == "--no-cache" => found.push(word.clone()),
            _ => {}
        }
    }
    found
}

fn long(flag: &str) -> &str {
    if flag == "-r" { "--region" } else { flag }
}

/// The instances, kept or asked for.
async fn known(context: &Context) -> Result<Vec<Known>, CommandError> {
    let now = Clock::system().utc();
    let settings = context.settings()?;
    let cache = if settings.use_cache { PrivateCache::in_user_dir() } else { PrivateCache::disabled() };
    let source = ProviderChain::search(&settings.credentials, &context.env, now).required()?.provider;
    let name = name(&settings, &source);
    if let Some(kept) = name.as_ref().and_then(|name| kept(&cache, name, now)) {
        return Ok(kept);
    }
    // Such a program may prompt on the terminal, in the middle of the user's command line.
    if source.runs_program() {
        return Ok(Vec::new());
    }
    let session = Account::open(&settings, settings.timeout(), context).await?;
    let regions = match &session.region {
        Some(region) => vec![region.clone()],
        None => KNOWN_REGIONS.map(str::to_owned).to_vec(),
    };
    let asking = regions.into_iter().map(|region| {
        let (client, limit) = (session.clients.of(&region), session.limit);
        async move {
            match client {
                Ok(client) => ask(&client, region, limit).await,
                Err(_) => (Vec::new(), false),
            }
        }
    });
    let answers: Vec<(Vec<Known>, bool)> = stream::iter(asking).buffered(MAX_CONCURRENT_REGIONS).collect().await;
    let is_whole = answers.iter().all(|(_, is_whole)| *is_whole);
    let instances = answers.into_iter().flat_map(|(found, _)| found).collect();
    let found = Kept { at: now.timestamp(), instances };
    if let (true, Some(name), Ok(text)) = (is_whole, name, serde_json::to_vec(&found)) {
        // What cannot be kept is asked for again.
        let _ = cache.write(&name, &text);
    }
    Ok(found.instances)
}

/// Asks a region, and says whether that is all there is. A region that is closed to the key has none.
async fn ask(client: &Client, region: String, limit: Deadline) -> (Vec<Known>, bool) {
    let (mut found, mut token) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let asked = client.describe_instances(&region, &Filter::default(), token.as_deref(), limit).await;
        let Page { instances, next } = match asked {
            Ok(page) => page,
            Err(error) => return (found, error.is_forbidden()),
        };
        found.extend(instances.into_iter().map(|Instance { instance_id, instance_name, status, .. }| Known {
            id: instance_id,
            name: instance_name,
            status,
            region: region.clone(),
        }));
        token = next;
        if token.is_none() {
            return (found, true);
        }
    }
    (found, false)
}

/// Under what name an answer is kept: made of all that decides which account and region are asked; nothing where that is
/// not known. The simulated account inside this process is asked each time.
fn name(settings: &Settings, provider: &CredentialsProvider) -> Option<String> {
    if !provider.has_fixed_identity() {
        return None;
    }
    let endpoint = match &settings.endpoint {
        EndpointSetting::InProcess => return None,
        EndpointSetting::Fixed(endpoint) => endpoint.to_string(),
        EndpointSetting::OfRegion(endpoint_type) => format!("{endpoint_type:?}"),
    };
    let parts = [fingerprint(provider, None), settings.region.id.clone().unwrap_or_default(), endpoint];
    let key = private_cache::hashed_name(&parts.each_ref().map(String::as_bytes));
    Some(format!("complete-{key}.json"))
}

fn kept(cache: &PrivateCache, name: &str, now: DateTime<Utc>) -> Option<Vec<Known>> {
    let kept: Kept = serde_json::from_slice(&cache.read(name)?).ok()?;
    let age = now - DateTime::from_timestamp(kept.at, 0)?;
    (TimeDelta::zero() <= age && age < FRESH).then_some(kept.instances)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_found_in_a_line_that_is_not_finished() {
        let of = |line: &str| account_flags(&line.split(' ').map(str::to_owned).collect::<Vec<_>>()).join(" ");
        assert_eq!(of("ecs-vnc open --profile p -r cn-x we"), "--profile=p --region=cn-x");
        assert_eq!(
            of("ecs-vnc --profile=p open --endpoint http://h --no-cache i-"),
            "--profile=p --endpoint=http://h --no-cache"
        );
        assert_eq!(of("ecs-vnc open --wait --profile "), "");
        assert_eq!(of("ecs-vnc open --print"), "");
    }

    fn words(known: &[(&str, &str)], current: &str) -> Vec<String> {
        let known: Vec<Known> = known
            .iter()
            .map(|(id, name)| Known {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                status: "Running".to_owned(),
                region: "cn-x".to_owned(),
            })
            .collect();
        let found = candidates(&known, OsStr::new(current));
        found.iter().map(|candidate| candidate.get_value().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn names_stand_for_instances_where_they_can() {
        let known =
            [("i-1", "web"), ("i-2", "数据库"), ("i-3", "twin"), ("i-4", "twin"), ("i-5", ""), ("i-6", "a\u{1b}[2J")];
        let known = [&known[..], &[("i-7", "x;rm"), ("i-8", "$(x)"), ("i-9", "my web"), ("i-10", "--help")]].concat();
        assert_eq!(words(&known, ""), ["web", "数据库", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9", "i-10"]);
        assert_eq!(words(&known, "w"), ["web"]);
        assert_eq!(words(&known, "数"), ["数据库"]);
        assert_eq!(words(&known, "i-").len(), 10);
        for hostile in ["a", "x", "$", "my", "--"] {
            assert!(words(&known, hostile).is_empty(), "{hostile}");
        }
    }
}
