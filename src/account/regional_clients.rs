//! A client for every region of an account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::endpoint::{Endpoint, EndpointType};
use crate::api::{Client, Network};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;

/// Where a region without a home is asked for: any endpoint knows all regions.
pub(crate) const ANY_REGION: &str = "cn-hangzhou";

/// The clients so far; each is made when its region is first asked, and keeps its connections.
#[derive(Debug)]
pub(crate) struct Clients {
    first: Arc<Client>,
    network: Arc<Network>,
    /// From which side the regions are reached; nothing where one endpoint serves them all.
    kind: Option<EndpointType>,
    by_region: Mutex<HashMap<String, Arc<Client>>>,
}

impl Clients {
    /// `first` is the client of `region`, or of all regions where there is no `kind`.
    pub(crate) fn new(first: Client, region: &str, network: Arc<Network>, kind: Option<EndpointType>) -> Self {
        let first = Arc::new(first);
        let by_region = Mutex::new(HashMap::from([(region.to_owned(), first.clone())]));
        Self { first, network, kind, by_region }
    }

    /// The one that is there from the beginning.
    pub(crate) fn first(&self) -> &Arc<Client> {
        &self.first
    }

    /// The way out of this machine.
    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    /// The client of a region.
    pub(crate) fn of(&self, region: &str) -> Result<Arc<Client>, CommandError> {
        let Some(kind) = self.kind else {
            return Ok(self.first.clone());
        };
        let mut by_region = self.by_region.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = by_region.get(region) {
            return Ok(client.clone());
        }
        let endpoint = Endpoint::of_region(region, kind).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let transport = self.network.transport(endpoint).map_err(|error| CommandError::new(ErrorKind::Usage, error))?;
        let client = Arc::new(self.first.at(transport));
        by_region.insert(region.to_owned(), client.clone());
        Ok(client)
    }
}
