//! Shell completion of profiles, regions and instances: `source <(COMPLETE=bash ecs-vnc)`.
//!
//! The shell runs ecs-vnc each time the user presses Tab. Completion therefore prints no errors, takes at most one
//! second, and sends the same request at most once a minute. If it fails, it offers no candidates.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::ffi::{OsStr, OsString};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Command, CommandFactory as _, FromArgMatches as _};
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
use crate::commands::list::column_names;
use crate::commands::variables::with_variables;
use crate::config::Config;
use crate::demo;
use crate::instances::MAX_CONCURRENT_REGIONS;
use crate::settings::{Context, EndpointSetting, Settings, files};
use crate::system::clock::{Clock, Deadline};
use crate::system::environment::Environment;
use crate::system::private_cache::{self, PrivateCache};
use crate::terminal::output::{Color, Format, Output};
use crate::text::sanitize::sanitize;

/// The environment variable that requests completion. Its value is the name of the shell.
const VARIABLE: &str = "COMPLETE";

/// The time limit of one completion: the user is waiting at the prompt.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// A cached list of instances is used up to this age.
const MAX_CACHE_AGE: TimeDelta = TimeDelta::minutes(1);

/// The most pages that are requested of a region. They hold 500 instances, more than a user reads.
const MAX_PAGES: usize = 5;

/// The fields of an instance that completion offers or shows.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct KnownInstance {
    id: String,
    name: String,
    status: String,
    region: String,
}

/// The content of a cache file.
#[derive(Deserialize, Serialize)]
struct CachedInstances {
    /// The time of the request, in Unix seconds.
    at: i64,
    instances: Vec<KnownInstance>,
}

/// Prints candidates or a shell script if a shell requests completion. Returns false if no shell does.
pub fn complete_if_requested(env: &Environment) -> bool {
    if env.get(VARIABLE).is_none() {
        return false;
    }
    let completed =
        CompleteEnv::with_factory(|| with_completers(Cli::command())).var(VARIABLE).try_complete(env::args_os(), None);
    // An error is not reported: the shell would show it in the middle of the user's command line.
    completed.unwrap_or(true)
}

/// Adds a completer to every argument that takes an instance, a profile or a region, by its value name.
fn with_completers(command: Command) -> Command {
    let is_removal = command.get_name() == "remove";
    let complete = |arg: clap::Arg| {
        let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
        match name.as_deref() {
            Some("INSTANCE") => arg.add(ArgValueCompleter::new(instances)),
            Some("PROFILE") if is_removal && arg.is_positional() => arg.add(ArgValueCompleter::new(own_profiles)),
            Some("COLUMN") => arg.add(ArgValueCompleter::new(sort_columns)),
            Some("PROFILE") => arg.add(ArgValueCompleter::new(profiles)),
            Some("REGION") => arg.add(ArgValueCompleter::new(regions)),
            _ => arg,
        }
    };
    command.mut_args(complete).mut_subcommands(with_completers)
}

/// Completes the profiles of all configuration files. Of profiles with the same name, the first one is offered.
fn profiles(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(Context { flags, env, output }) = context() else {
        return Vec::new();
    };
    let files =
        [files::read_own(&flags, &env, output), files::read_official(&env, output), files::read_sdk(&env, output)];
    let mut offered = profile_candidates(files.into_iter().filter_map(|loaded| loaded.ok()?.config), current);
    offered.extend(candidate(demo::PROFILE, current, "simulated account"));
    offered
}

/// Completes the profiles of our own file, which can be removed.
fn own_profiles(current: &OsStr) -> Vec<CompletionCandidate> {
    let own = context().and_then(|context| files::read_own(&context.flags, &context.env, context.output).ok()?.config);
    profile_candidates(own, current)
}

fn profile_candidates(configs: impl IntoIterator<Item = Config>, current: &OsStr) -> Vec<CompletionCandidate> {
    let configs: Vec<Config> = configs.into_iter().collect();
    let mut offered: Vec<CompletionCandidate> = Vec::new();
    let mut names = Vec::new();
    for (name, profile) in configs.iter().flat_map(|config| &config.profile) {
        if is_plain(name) && !names.contains(&name) {
            names.push(name);
            let details = [profile.mode.as_deref(), profile.region_id.as_deref()];
            offered.extend(candidate(name, current, &details.into_iter().flatten().collect::<Vec<_>>().join(" · ")));
        }
    }
    offered
}

/// Completes the columns by which `list` sorts, and those with `-` before them for the reverse order.
fn sort_columns(current: &OsStr) -> Vec<CompletionCandidate> {
    let names: Vec<String> = column_names().collect();
    let reversed = names.iter().map(|name| format!("-{name}"));
    names.iter().cloned().chain(reversed).filter_map(|word| candidate(&word, current, "")).collect()
}

/// Completes the regions that this version knows. It sends no request.
fn regions(current: &OsStr) -> Vec<CompletionCandidate> {
    KNOWN_REGIONS.iter().filter_map(|region| candidate(region, current, "")).collect()
}

/// Completes the instances of the account that the command line selects.
fn instances(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(context) = context() else {
        return Vec::new();
    };
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else {
        return Vec::new();
    };
    let known = runtime.block_on(async { timeout(TIME_LIMIT, load_instances(&context)).await });
    // Does not wait for blocking work that is still running, such as a DNS look-up.
    runtime.shutdown_background();
    let aliases = aliases(&context);
    let mut offered = alias_candidates(&aliases, current);
    offered.extend(instance_candidates(&known.ok().and_then(Result::ok).unwrap_or_default(), &aliases, current));
    offered
}

/// The names that the configuration file gives to instances, with what each stands for.
fn aliases(context: &Context) -> BTreeMap<String, String> {
    let own = files::read_own(&context.flags, &context.env, context.output);
    own.ok().and_then(|loaded| loaded.config).map(|config| config.alias).unwrap_or_default()
}

fn alias_candidates(aliases: &BTreeMap<String, String>, current: &OsStr) -> Vec<CompletionCandidate> {
    let offered = aliases.iter().filter(|(name, _)| is_plain(name));
    offered
        .filter_map(|(name, target)| candidate(name, current, &sanitize(&format!("alias · {target}"), 200)))
        .collect()
}

/// Offers instances by name. An instance is offered by id if its name is not unique, not plain or an alias, or if the user has
/// begun to type an id.
fn instance_candidates(
    known: &[KnownInstance],
    aliases: &BTreeMap<String, String>,
    current: &OsStr,
) -> Vec<CompletionCandidate> {
    let wants_id = current.to_str().is_some_and(|text| text.starts_with("i-"));
    let mut name_counts: HashMap<&str, usize> = HashMap::new();
    known.iter().for_each(|instance| *name_counts.entry(&instance.name).or_default() += 1);
    let mut offered = Vec::new();
    for instance in known {
        let (name, id) = (instance.name.as_str(), instance.id.as_str());
        let is_unique = name_counts[name] == 1 && !aliases.contains_key(name);
        let help = |other: &str| sanitize(&format!("{other} · {} · {}", instance.status, instance.region), 200);
        if is_unique && is_plain(name) {
            offered.extend(candidate(name, current, &help(id)));
        }
        if (wants_id || !is_unique || !is_plain(name)) && is_plain(id) {
            offered.extend(candidate(id, current, &help(name)));
        }
    }
    offered
}

/// Returns `word` as a candidate if it starts with `current`, the word that the user is typing.
fn candidate(word: &str, current: &OsStr, help: &str) -> Option<CompletionCandidate> {
    let help = (!help.is_empty()).then(|| help.to_owned().into());
    word.starts_with(current.to_str()?).then(|| CompletionCandidate::new(word).help(help))
}

/// Whether a shell takes `name` as one literal word. Names come from the API and from files, and bash inserts them into
/// the command line without quoting.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('-') && name.chars().all(|c| c.is_alphanumeric() || "-_.+/".contains(c))
}

/// Returns the global flags of the command line, the environment, and an output that prints nothing.
fn context() -> Option<Context> {
    // The shell passes the command line after `--`.
    let words = env::args_os().skip_while(|word| word != "--").skip(1);
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    // `man` stands in for the command: it has no required arguments.
    let words = ["ecs-vnc".to_owned(), "man".to_owned()].into_iter().chain(account_flags(&words));
    let args: Vec<OsString> = words.map(OsString::from).collect();
    let env = Environment::from_process();
    let matches = with_variables(Cli::command(), &args, &env).ok()?.try_get_matches_from(args).ok()?;
    let mut flags = Cli::from_arg_matches(&matches).ok()?.global;
    flags.timeout = Some(TIME_LIMIT);
    let output = Output::new(Format::Text, Color::Never, true, 0, &env);
    Some(Context { flags, env, output })
}

/// Returns the flags among `words` that select the account and the region. The command line as a whole cannot be parsed,
/// since it is incomplete.
fn account_flags(words: &[String]) -> Vec<String> {
    const WITH_VALUE: [&str; 5] = ["--profile", "--config", "--region", "-r", "--endpoint"];
    let mut flags = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let (flag, attached) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        let value = attached.map(str::to_owned).or_else(|| words.get(index + 1).cloned());
        match value {
            Some(value) if WITH_VALUE.contains(&flag) && !value.is_empty() => {
                let flag = if flag == "-r" { "--region" } else { flag };
                flags.push(format!("{flag}={value}"));
            }
            _ if word == "--no-cache" => flags.push(word.clone()),
            _ => {}
        }
    }
    flags
}

/// Returns the instances of the account, from the cache or from the API. The list is incomplete if a region fails or has
/// more than [`MAX_PAGES`] pages; such a list is not cached.
async fn load_instances(context: &Context) -> Result<Vec<KnownInstance>, CommandError> {
    let now = Clock::system().utc();
    let settings = context.settings()?;
    let cache = if settings.use_cache { PrivateCache::in_user_dir() } else { PrivateCache::disabled() };
    let provider = ProviderChain::search(&settings.credentials, &context.env, now).required()?.provider;
    let file_name = cache_file_name(&settings, &provider);
    if let Some(cached) = file_name.as_ref().and_then(|name| read_cache(&cache, name, now)) {
        return Ok(cached);
    }
    // A credentials program may prompt on the terminal, in the middle of the user's command line.
    if provider.runs_program() {
        return Ok(Vec::new());
    }
    let account = Account::open(&settings, settings.timeout()?, context).await?;
    let regions = match &account.region {
        Some(region) => vec![region.clone()],
        None => KNOWN_REGIONS.map(str::to_owned).to_vec(),
    };
    let requests = regions.into_iter().map(|region| {
        let (client, deadline) = (account.clients.of(&region), account.limit());
        async move {
            match client {
                Ok(client) => load_region(&client, region, deadline).await,
                Err(_) => (Vec::new(), false),
            }
        }
    });
    let results: Vec<(Vec<KnownInstance>, bool)> =
        stream::iter(requests).buffered(MAX_CONCURRENT_REGIONS).collect().await;
    let is_complete = results.iter().all(|(_, is_complete)| *is_complete);
    let instances = results.into_iter().flat_map(|(instances, _)| instances).collect();
    let loaded = CachedInstances { at: now.timestamp(), instances };
    if let (true, Some(name), Ok(text)) = (is_complete, file_name, serde_json::to_vec(&loaded)) {
        // If the cache cannot be written, the next completion sends the requests again.
        let _ = cache.write(&name, &text);
    }
    Ok(loaded.instances)
}

/// Returns the instances of a region, and whether they are all of them. A region that the credentials may not list counts
/// as complete.
async fn load_region(client: &Client, region: String, deadline: Deadline) -> (Vec<KnownInstance>, bool) {
    let (mut loaded, mut token) = (Vec::new(), None::<String>);
    for _ in 0..MAX_PAGES {
        let page = client.describe_instances(&region, &Filter::default(), token.as_deref(), deadline).await;
        let Page { instances, next } = match page {
            Ok(page) => page,
            Err(error) => return (loaded, error.is_forbidden()),
        };
        loaded.extend(instances.into_iter().map(|Instance { instance_id, instance_name, status, .. }| KnownInstance {
            id: instance_id,
            name: instance_name,
            status,
            region: region.clone(),
        }));
        token = next;
        if token.is_none() {
            return (loaded, true);
        }
    }
    (loaded, false)
}

/// Returns the name of the cache file: a hash of everything that determines the account and the region. Returns `None` if
/// the account cannot be determined without a request, and for the simulated account, which is queried each time.
fn cache_file_name(settings: &Settings, provider: &CredentialsProvider) -> Option<String> {
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

/// Returns the instances of a cache file that is younger than [`MAX_CACHE_AGE`].
fn read_cache(cache: &PrivateCache, name: &str, now: DateTime<Utc>) -> Option<Vec<KnownInstance>> {
    let cached: CachedInstances = serde_json::from_slice(&cache.read(name)?).ok()?;
    let age = now - DateTime::from_timestamp(cached.at, 0)?;
    // A time in the future means that the clock was changed.
    (TimeDelta::zero() <= age && age < MAX_CACHE_AGE).then_some(cached.instances)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_flags_are_found_in_an_incomplete_command_line() {
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
        let known: Vec<KnownInstance> = known
            .iter()
            .map(|(id, name)| KnownInstance {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                status: "Running".to_owned(),
                region: "cn-x".to_owned(),
            })
            .collect();
        let offered = instance_candidates(&known, &BTreeMap::new(), OsStr::new(current));
        offered.iter().map(|candidate| candidate.get_value().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn instances_are_offered_by_name_if_it_is_unique_and_plain() {
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
