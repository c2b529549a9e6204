//! The forms in which an error is reported: a table of candidates, and JSON.

use std::borrow::Cow;

use serde::Serialize;

use crate::command_error::{Candidate, CommandError};
use crate::text::program_name;
use crate::text::table::format_table;

/// Returns the candidates as the lines of a table.
pub(super) fn candidate_table(candidates: &[Candidate]) -> Vec<String> {
    if candidates.is_empty() {
        return Vec::new();
    }
    let row = |candidate: &Candidate| {
        let Candidate { instance_id, instance_name, region_id, status, address } = candidate;
        [instance_id, region_id, status, address.as_deref().unwrap_or("-"), instance_name].map(str::to_owned).to_vec()
    };
    format_table(&["ID", "REGION", "STATUS", "ADDRESS", "NAME"], &candidates.iter().map(row).collect::<Vec<_>>())
}

/// `{"Error": {…}}`, with the field names of the API.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ErrorOutput<'a> {
    error: ErrorFields<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorFields<'a> {
    code: Option<&'a str>,
    message: String,
    request_id: Option<&'a str>,
    http_status: Option<u16>,
    hint: Option<Cow<'a, str>>,
    exit_code: u8,
    instance_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    candidates: &'a [Candidate],
}

impl<'a> From<&'a CommandError> for ErrorOutput<'a> {
    fn from(error: &'a CommandError) -> Self {
        let service = error.service.as_deref();
        Self {
            error: ErrorFields {
                code: service.map(|service| service.code.as_str()),
                message: service.map_or_else(|| format!("{:#}", error.error), |service| service.message.clone()),
                request_id: error.request_id(),
                http_status: error.http_status(),
                hint: error.hint.as_deref().map(program_name::in_text),
                exit_code: error.kind.exit_code().number(),
                instance_id: error.instance.as_ref().and_then(|instance| instance.id_or_label()),
                candidates: &error.candidates,
            },
        }
    }
}
