//! The region from the metadata service of the instance that ecs-vnc runs on.

use crate::auth::providers::MetadataAccess;
use crate::auth::{SelectedProvider, SkippedProvider, no_credentials, providers};
use crate::command_error::CommandError;
use crate::credentials::CredentialsOrigin;

/// Returns the region of the instance that ecs-vnc runs on. Returns `None` if the credentials come from elsewhere.
pub(crate) async fn region_of_this_instance(
    access: MetadataAccess<'_>,
    selected: &SelectedProvider,
) -> Result<Option<String>, CommandError> {
    if !selected.provider.uses_metadata_service() {
        return Ok(None);
    }
    match providers::region_from_metadata(access).await {
        // Without the service there are no credentials either.
        Err(error) if selected.origin == CredentialsOrigin::Metadata => {
            Err(metadata_unavailable(&error.to_string(), &selected.skipped))
        }
        region => Ok(region.ok()),
    }
}

/// Returns the error for the case that the metadata service, as the last provider, returned no credentials.
pub(super) fn metadata_unavailable(reason: &str, skipped: &[SkippedProvider]) -> CommandError {
    let mut skipped = skipped.to_vec();
    skipped.push(SkippedProvider { name: "metadata service".to_owned(), reason: reason.to_owned(), advice: None });
    no_credentials(&skipped)
}
