//! A client for every region of an account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::endpoint::{Endpoint, EndpointType};
use crate::api::{Client, Network};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;

/// The region of the first endpoint if none is set. Every endpoint answers DescribeRegions.
pub(crate) const ANY_REGION: &str = "cn-hangzhou";

/// The clients of an account, by region. A client is created for the first request to its region, and reuses its
/// connections.
#[derive(Debug)]
pub(crate) struct Clients {
    first: Arc<Client>,
    network: Arc<Network>,
    /// Whether the regions' public or VPC endpoints are used; `None` if one endpoint serves all regions.
    endpoint_type: Option<EndpointType>,
    by_region: Mutex<HashMap<String, Arc<Client>>>,
}

impl Clients {
    /// `first` is the client of `region`, or of all regions if `endpoint_type` is `None`.
    pub(crate) fn new(first: Client, region: &str, network: Arc<Network>, endpoint_type: Option<EndpointType>) -> Self {
        let first = Arc::new(first);
        let by_region = Mutex::new(HashMap::from([(region.to_owned(), first.clone())]));
        Self { first, network, endpoint_type, by_region }
    }

    /// Returns the client that the account was opened with, for requests to any region.
    pub(crate) fn first(&self) -> &Arc<Client> {
        &self.first
    }

    /// The endpoint that serves all regions, if there is one.
    pub(crate) fn fixed_endpoint(&self) -> Option<&Endpoint> {
        self.endpoint_type.is_none().then(|| self.first.endpoint())
    }

    /// Returns the proxy and TLS settings that all clients share.
    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    /// Returns the client of a region. Fails if `region` is not a region id, or if
    /// the trusted certificates cannot be read.
    pub(crate) fn of(&self, region: &str) -> Result<Arc<Client>, CommandError> {
        let Some(endpoint_type) = self.endpoint_type else {
            return Ok(self.first.clone());
        };
        let mut by_region = self.by_region.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = by_region.get(region) {
            return Ok(client.clone());
        }
        let endpoint =
            Endpoint::of_region(region, endpoint_type).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let transport = self.network.transport(endpoint).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let client = Arc::new(self.first.at(transport));
        by_region.insert(region.to_owned(), client.clone());
        Ok(client)
    }
}
