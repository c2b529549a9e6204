//! What a tool answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Value, json};

use super::definition::Definition;
use super::framing::framed;
use super::hints::hint;
use super::machines::Machines;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::ResolvedInstance;
use crate::picture::{Picture, fit_size};
use crate::text::sanitize::sanitize;

/// The longest side of a picture, in pixels: models scale larger ones down themselves.
const MAX_SIDE: u32 = 1280;

/// A PNG that is longer becomes a JPG, in bytes.
const MAX_PNG_LEN: usize = 512 << 10;

/// The answer of a tool that did what it was called for, or says what it would do.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// What the server itself says.
    head: String,
    /// What comes from a machine: what it is, and the text.
    from_machine: Vec<(String, String)>,
    picture: Option<Picture>,
    data: Value,
    /// Nothing was done, as `confirm` is not set.
    pub(super) is_plan: bool,
    /// Secrets were taken out of `from_machine` and `data`, as far as they come from a machine.
    is_redacted: bool,
}

impl Answer {
    /// `data` is the structured form of the whole answer.
    pub(super) fn new(head: impl Into<String>, data: Value) -> Self {
        Self { head: head.into(), data, ..Self::default() }
    }

    /// What would be done with `confirm`. `what` names the machine.
    pub(super) fn plan(instance: &ResolvedInstance, token: &str, what: &str, effect: &str) -> Self {
        let head = format!(
            "Nothing was done yet. Called again within 5 minutes with the same arguments and confirm: \"{token}\", this tool \
             {what}. {effect}"
        );
        let name = instance.info.as_ref().map(|info| sanitize(&info.instance_name, 128)).unwrap_or_default();
        let data = json!({ "done": false, "instance": instance.id, "name": name, "plan": head, "confirm": token });
        // Nothing in it is from the guest. A secret that is missing in words of the agent would tell it that it has guessed.
        let answer = Self { is_plan: true, is_redacted: true, ..Self::new(head, data) };
        if name.is_empty() { answer } else { answer.and_text("The name of the instance", name) }
    }

    /// Adds a text that a machine controls.
    pub(super) fn and_text(mut self, what: impl Into<String>, text: impl Into<String>) -> Self {
        self.from_machine.push((what.into(), text.into()));
        self
    }

    /// Secrets were taken out of it already.
    pub(super) fn already_redacted(self) -> Self {
        Self { is_redacted: true, ..self }
    }

    /// Adds a picture.
    pub(super) fn and_picture(mut self, picture: Option<Picture>) -> Self {
        self.picture = picture;
        self
    }

    /// The answer as the protocol has it, without secrets in what comes from a machine. Words of the agent are left as they are:
    /// it must not learn a secret by guessing.
    pub(super) fn into_result(self, machines: &Machines) -> Result<CallToolResult, CommandError> {
        let redact = |text: String| match self.is_redacted {
            true => text,
            false => machines.redact(text),
        };
        let mut text = self.head;
        for (what, from_machine) in self.from_machine {
            text.push_str("\n\n");
            text.push_str(&framed(&what, &redact(from_machine)));
        }
        let mut content = vec![ContentBlock::text(text)];
        if let Some(picture) = self.picture {
            content.push(image(&picture)?);
        }
        let mut result = CallToolResult::success(content);
        result.structured_content = Some(redacted(self.data, &redact));
        Ok(result)
    }
}

/// An error as the answer of a tool: what happened, and what to do next with `tool`. `instance` is the id of the machine, once it was found:
/// from then on an error may quote its screen.
pub(super) fn failure(
    error: &CommandError,
    tool: &Definition,
    machines: &Machines,
    instance: Option<&str>,
) -> CallToolResult {
    let mut text = format!("error: {:#}", error.error);
    if let Some(hint) = hint(error, &(tool.schema)()) {
        text.push_str(&format!("\nhint: {hint}"));
    }
    // A wrong argument is told in words of the server and of the agent.
    if let Some(id) = instance.filter(|_| error.kind != ErrorKind::Usage) {
        text = format!("The call failed on {id}.\n\n{}", framed("The error", &machines.redact(text)));
    }
    if !error.candidates.is_empty() {
        let candidates = error.candidates.iter().map(|candidate| {
            let (id, name) = (&candidate.instance_id, sanitize(&candidate.instance_name, 128));
            format!("{id} {name} {} {}", candidate.region_id, candidate.status)
        });
        let candidates = candidates.collect::<Vec<_>>().join("\n");
        text = format!("{text}\n\n{}", framed("The list of instances (ID, name, region, status)", &candidates));
    }
    CallToolResult::error(vec![ContentBlock::text(text)])
}

/// A value with each of its texts changed.
pub(super) fn redacted(value: Value, redact: &impl Fn(String) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(redact(text)),
        Value::Array(values) => values.into_iter().map(|value| redacted(value, redact)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, redacted(value, redact)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other,
    }
}

fn image(picture: &Picture) -> Result<ContentBlock, CommandError> {
    let (width, height) = fit_size((picture.width(), picture.height()), (MAX_SIDE, MAX_SIDE));
    let picture = picture.scale_down(width, height);
    let failed = |error| CommandError::new(ErrorKind::Other, error);
    let png = picture.to_png().map_err(failed)?;
    if png.len() <= MAX_PNG_LEN {
        return Ok(ContentBlock::image(STANDARD.encode(png), "image/png"));
    }
    let jpg = picture.to_jpg().map_err(|error| CommandError::new(ErrorKind::Other, error))?;
    Ok(ContentBlock::image(STANDARD.encode(jpg), "image/jpeg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_scaled_down_to_1280_pixels() {
        let noise: Vec<u8> = (0..2560 * 1600 * 3u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let size = |picture: &Picture| {
            let block = image(picture).unwrap();
            let image = block.as_image().unwrap();
            let decoded = Picture::decode(&STANDARD.decode(&image.data).unwrap()).unwrap();
            (decoded.width(), decoded.height(), image.mime_type.clone())
        };
        assert_eq!(size(&Picture::new(2560, 1600, noise).unwrap()), (1280, 800, "image/jpeg".to_owned()));
        assert_eq!(size(&Picture::new(640, 400, vec![0; 640 * 400 * 3]).unwrap()), (640, 400, "image/png".to_owned()));
    }
}
