//! Which endpoint an account's requests go to. Starts the simulated account if that is to run inside this process.

use crate::account::regional_clients::ANY_REGION;
use crate::api::endpoint::{Endpoint, EndpointType};
use crate::command_error::CommandError;
use crate::demo::{self, Demo};
use crate::error_kind::ErrorKind;
use crate::settings::{EndpointSetting, RegionSetting};
use crate::system::clock::Clock;

/// Where an account's API is.
#[derive(Debug)]
pub(crate) struct ServiceLocation {
    pub(crate) region: RegionSetting,
    /// The endpoint of the first region, or of all.
    pub(crate) endpoint: Endpoint,
    /// The kind of the regions' endpoints; `None` if one endpoint serves all regions.
    pub(crate) endpoint_type: Option<EndpointType>,
    /// The simulated account, if it runs inside this process.
    pub(crate) demo: Option<Demo>,
}

impl ServiceLocation {
    /// Finds the endpoint. Without a region, [`ANY_REGION`] has it.
    pub(crate) async fn find(region: RegionSetting, setting: EndpointSetting) -> Result<Self, CommandError> {
        let (endpoint, endpoint_type, demo) = match setting {
            EndpointSetting::Fixed(endpoint) => (Ok(endpoint), None, None),
            EndpointSetting::OfRegion(endpoint_type) => {
                let region = region.id.as_deref().unwrap_or(ANY_REGION);
                (Endpoint::of_region(region, endpoint_type), Some(endpoint_type), None)
            }
            EndpointSetting::InProcess => {
                let demo = start_demo().await?;
                (Endpoint::parse(&demo.endpoint()), None, Some(demo))
            }
        };
        let endpoint = endpoint.map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        Ok(Self { region, endpoint, endpoint_type, demo })
    }

    /// The region that the first request goes to.
    pub(crate) fn first_region(&self) -> &str {
        self.region.id.as_deref().unwrap_or(ANY_REGION)
    }

    /// A warning if requests leave this machine unencrypted.
    pub(crate) fn plaintext_warning(&self) -> Option<String> {
        let endpoint = &self.endpoint;
        (endpoint.is_plaintext() && !endpoint.is_loopback())
            .then(|| format!("{endpoint} is not encrypted: anyone on the network path can take over the console"))
    }
}

async fn start_demo() -> Result<Demo, CommandError> {
    Demo::start(0, demo::Options::new(Clock::system())).await.map_err(|error| {
        let error = anyhow::Error::new(error).context("cannot start the simulated account");
        CommandError::new(ErrorKind::ActionFailed, error)
    })
}
