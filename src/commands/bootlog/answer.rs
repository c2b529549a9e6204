//! The console output as the service returns it, and as `-o json` prints it.

use serde::Serialize;

use crate::account::Account;
use crate::api::Response;
use crate::api::operations::ConsoleOutput;
use crate::instances::{OperationError, ResolvedInstance};
use crate::system::clock::Deadline;

/// The operation of the API.
pub(super) const ACTION: &str = "GetInstanceConsoleOutput";

/// `-o json`: the answer under the API's own names, with the console output decoded to text.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BootlogOutput<'a> {
    pub(super) instance_id: &'a str,
    pub(super) region_id: &'a str,
    pub(super) last_update_time: Option<String>,
    pub(super) console_output: &'a str,
    /// With `--follow`: whether this piece does not continue the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) has_gap: Option<bool>,
    pub(super) request_id: &'a str,
}

/// Requests the console output of an instance.
pub(super) async fn request(
    account: &Account,
    instance: ResolvedInstance,
    limit: Deadline,
) -> Result<Response<ConsoleOutput>, OperationError> {
    let ResolvedInstance { id, region, .. } = &instance;
    Ok(account.clients.of(region)?.get_instance_console_output(region, id, limit).await?)
}
