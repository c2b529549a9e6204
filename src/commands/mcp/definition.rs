//! What clients are told of a tool.

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use rmcp::schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// A tool as the list of tools describes it.
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    /// Whether it changes something: then it is there with `--allow-input` only.
    pub(super) is_input: bool,
    /// The schema of its arguments.
    pub(super) schema: fn() -> JsonObject,
}

impl Definition {
    /// As `tools/list` has it. All hints are given: without them a client has to assume the worst.
    pub(super) fn tool(&self) -> Tool {
        let annotations = ToolAnnotations::with_title(self.title)
            .read_only(!self.is_input)
            .destructive(self.is_input)
            .idempotent(!self.is_input)
            .open_world(true);
        Tool::new(self.name, self.description, (self.schema)()).with_title(self.title).with_annotations(annotations)
    }
}

/// The schema of arguments.
pub(super) fn schema_of<T: JsonSchema>() -> JsonObject {
    let mut schema = match SchemaGenerator::default().into_root_schema_for::<T>().to_value() {
        Value::Object(schema) => schema,
        _ => JsonObject::new(),
    };
    // The name of the Rust type says nothing to a client.
    schema.remove("title");
    schema
}
