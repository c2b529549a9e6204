//! Opens an account: finds its region, its endpoint and its credentials before the first request to it.

use std::time::Duration;

use crate::account::{Account, AccountBuilder, ServiceLocation, region_of_this_instance, request_log};
use crate::auth::ProviderChain;
use crate::command_error::CommandError;
use crate::demo;
use crate::error_kind::ErrorKind;
use crate::settings::{Context, Settings};
use crate::terminal::progress::Progress;

impl Account {
    /// Selects a credentials provider, finds the endpoint and resolves the credentials. `time_limit` counts from now.
    pub(crate) async fn open(
        settings: &Settings,
        time_limit: Duration,
        context: &Context,
    ) -> Result<Self, CommandError> {
        let (env, output) = (&context.env, context.output);
        let builder = AccountBuilder::new(env, time_limit, request_log::listener(output));
        let now = builder.sources.clock.utc();
        let selected = ProviderChain::search(&settings.credentials, env, now).required()?;
        let mut progress = Progress::new(&builder.sources.clock, output);
        let mut region = settings.region.clone();
        if region.id.is_none() {
            let asking = region_of_this_instance(builder.metadata, &selected);
            region.id = progress.during("asking the metadata service for the region", asking).await?;
        }
        let location = ServiceLocation::find(region, settings.endpoint.clone()).await?;
        let console_url = match settings.is_demo {
            true => location.endpoint.url(demo::CONSOLE_PATH),
            false => settings.console_url.unchecked().to_owned(),
        };
        if let Some(text) = location.plaintext_warning() {
            output.warning(&text);
        }
        let (endpoint, region) = (&location.endpoint, location.first_region());
        output.detail(2, &format!("endpoint {endpoint}, region {region}, page {console_url}"));
        let transport =
            builder.network.transport(endpoint.clone()).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let resolving = builder.resolve_credentials(&selected, settings.use_cache, output);
        let credentials = match selected.provider.runs_program() {
            // It may ask a question on the terminal, which the progress line would overwrite.
            true => resolving.await?,
            false => progress.during("fetching credentials", resolving).await?,
        };
        let access_key_id = credentials.latest().credentials.access_key_id;
        output.detail(2, &format!("AccessKey {access_key_id} from {}", credentials.origin()));
        let aliases = settings.aliases.clone();
        Ok(builder.build(settings.signature_version, location, transport, console_url, credentials, aliases))
    }
}
