//! Tries the credentials and the region of a new profile with one request, which changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use crate::account::Account;
use crate::account::regional_clients::ANY_REGION;
use crate::api_hints::similar_region;
use crate::command_error::CommandError;
use crate::config::{Config, Profile};
use crate::error_kind::ErrorKind;
use crate::settings::flags::GlobalArgs;
use crate::settings::profile_selection::LoadedConfig;
use crate::settings::{Context, SettingSources, Settings};
use crate::terminal::progress::Progress;

/// What was found out about a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verified {
    All,
    /// The key works, but it may not list the regions.
    KeyOnly,
}

/// Requests the regions of the account with the profile (DescribeRegions). An error of kind [`ErrorKind::Credentials`] is about
/// the key, one of kind [`ErrorKind::NotFound`] about the region.
pub(super) async fn verify(
    name: &str,
    profile: &Profile,
    file: &Path,
    context: &Context,
) -> Result<Verified, CommandError> {
    let flags = GlobalArgs { profile: Some(name.to_owned()), region: None, ..context.flags.clone() };
    let config = Config { profile: BTreeMap::from([(name.to_owned(), profile.clone())]), ..Config::default() };
    let loaded = LoadedConfig { config: Some(config), path: Some(file.to_owned()), is_unsaved: true };
    let settings = Settings::resolve(&SettingSources::new(&flags, &context.env, loaded, &[], |_| {})?)?;
    let account = Account::open(&settings, settings.timeout()?, context).await?;
    let mut progress = Progress::new(account.clock(), context.output);
    let asking = account.clients.first().describe_regions(None, account.limit());
    let region = profile.region_id.as_deref();
    let regions = match progress.during("verifying the AccessKey", asking).await {
        Ok(regions) => regions,
        Err(error) => {
            let error = account.explain(error, "DescribeRegions", region.unwrap_or(ANY_REGION), "", None);
            return if error.is_forbidden() { Ok(Verified::KeyOnly) } else { Err(error) };
        }
    };
    match region {
        Some(region) if !regions.iter().any(|listed| listed.region_id == region) => {
            let error = CommandError::message(ErrorKind::NotFound, format!("the account has no region {region}"));
            Err(match similar_region(region) {
                Some(similar) => error.hint(format!("did you mean {similar}?")),
                None => error.hint("`ecs-vnc regions` lists the regions; one is named like cn-hangzhou"),
            })
        }
        _ => Ok(Verified::All),
    }
}
