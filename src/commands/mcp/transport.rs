//! Frames between the client and the server: one JSON-RPC message a line, on stdin and stdout.

use std::io::{self, BufRead, Read as _};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ClientRequest, ErrorCode, JsonRpcMessage, JsonRpcRequest};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::timeout;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::blocking;
use crate::terminal::output::Output;

/// The longest frame that is read, in bytes: a text of 64 KiB to type, in which JSON takes six bytes for a character.
const MAX_FRAME_LEN: usize = 1 << 20;

/// How many frames are read ahead.
const QUEUE_LEN: usize = 8;

/// How long calls that only read may go on after the end of stdin, before the SDK's own limit of 5 s.
const LAST_ANSWERS_TIMEOUT: Duration = Duration::from_secs(10);

/// A line of stdin.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Frame(Vec<u8>),
    /// It was longer than [`MAX_FRAME_LEN`], and its rest is not kept.
    Oversize,
}

/// The answer to a frame that is no message.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    /// That of the request. JSON-RPC 2.0, section 5: null where none was read.
    id: Value,
    code: ErrorCode,
    message: &'static str,
}

/// stdin and stdout as a transport.
pub(super) struct Stdio {
    lines: mpsc::Receiver<Line>,
    /// One frame at a time.
    output: Arc<Mutex<Output>>,
    /// Whether the client is gone.
    is_closed: watch::Sender<bool>,
    /// How many requests have no answer yet.
    unanswered: watch::Sender<usize>,
}

impl Stdio {
    /// Reads stdin from now on. `is_closed` becomes true when the client is gone.
    pub(super) fn new(output: Output, is_closed: watch::Sender<bool>) -> Result<Self, CommandError> {
        let (sender, lines) = mpsc::channel(QUEUE_LEN);
        let read = move || {
            let mut stdin = io::stdin().lock();
            while let Ok(Some(line)) = read_line(&mut stdin) {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().spawn(read).map_err(|error| {
            let error = anyhow::Error::new(error).context("could not start a thread");
            CommandError::new(ErrorKind::Other, error)
        })?;
        let unanswered = watch::channel(0).0;
        Ok(Self { lines, output: Arc::new(Mutex::new(output)), is_closed, unanswered })
    }

    /// Answers a frame that is no message.
    async fn refuse(&self, Refusal { id, code, message }: Refusal) {
        let answer = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code.0, "message": message } });
        let _ = write(self.output.clone(), self.is_closed.clone(), answer).await;
    }
}

impl Transport<RoleServer> for Stdio {
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), io::Error>> + Send + 'static {
        let is_answer = matches!(message, JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_));
        let (writing, unanswered) =
            (write(self.output.clone(), self.is_closed.clone(), message), self.unanswered.clone());
        async move {
            let written = writing.await;
            if is_answer {
                unanswered.send_modify(|count| *count = count.saturating_sub(1));
            }
            written
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let mut closed = self.is_closed.subscribe();
        loop {
            let line = tokio::select! {
                line = self.lines.recv() => line,
                _ = closed.wait_for(|is_closed| *is_closed) => None,
            };
            let frame = match line {
                Some(Line::Frame(frame)) => frame,
                Some(Line::Oversize) => {
                    let message = "the frame is longer than 1 MiB and was not read";
                    self.refuse(Refusal { id: Value::Null, code: ErrorCode::INVALID_REQUEST, message }).await;
                    continue;
                }
                None => {
                    self.is_closed.send_replace(true);
                    // The SDK gives what only reads 5 s from here on: too little on a busy machine.
                    let mut unanswered = self.unanswered.subscribe();
                    let _ = timeout(LAST_ANSWERS_TIMEOUT, unanswered.wait_for(|count| *count == 0)).await;
                    return None;
                }
            };
            match parse(&frame) {
                Ok(Some(message)) => {
                    if matches!(message, JsonRpcMessage::Request(_)) {
                        self.unanswered.send_modify(|count| *count += 1);
                    }
                    return Some(message);
                }
                Ok(None) => {}
                Err(refusal) => self.refuse(refusal).await,
            }
        }
    }

    async fn close(&mut self) -> Result<(), io::Error> {
        self.is_closed.send_replace(true);
        Ok(())
    }
}

/// Writes a frame. It has a thread of its own: a client that does not read must not keep keys from being released.
async fn write(
    output: Arc<Mutex<Output>>,
    is_closed: watch::Sender<bool>,
    message: impl Serialize,
) -> Result<(), io::Error> {
    let frame = serde_json::to_vec(&message).map(|mut frame| {
        frame.push(b'\n');
        frame
    })?;
    let output = output.lock_owned().await;
    let written = blocking::run(move || output.bytes(&frame).map_err(|error| io::Error::other(error.error))).await;
    let written = written.and_then(|written| written);
    if written.is_err() {
        is_closed.send_replace(true);
    }
    written
}

/// Reads up to the next line feed; `None` at the end. A line of any length takes no more memory than the longest frame.
fn read_line(source: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut frame = Vec::new();
    source.by_ref().take(MAX_FRAME_LEN as u64 + 1).read_until(b'\n', &mut frame)?;
    if frame.pop_if(|last| *last == b'\n').is_some() {
        return Ok(Some(Line::Frame(frame)));
    }
    // What is not ended is no frame.
    if frame.len() <= MAX_FRAME_LEN {
        return Ok(None);
    }
    drop(frame);
    loop {
        let ahead = source.fill_buf()?;
        let end = ahead.iter().position(|byte| *byte == b'\n');
        let (is_end, count) = (end.is_some() || ahead.is_empty(), end.map_or(ahead.len(), |at| at + 1));
        source.consume(count);
        if is_end {
            return Ok(Some(Line::Oversize));
        }
    }
}

/// Parses a frame; `None` for a notification whose parameters are wrong, as none is answered. An empty line is not JSON. JSON-RPC
/// 2.0, sections 4.1 and 5.1, have the codes.
fn parse(frame: &[u8]) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
    let refusal = |id, code, message| Err(Refusal { id, code, message });
    let Ok(value) = serde_json::from_slice::<Value>(frame) else {
        return refusal(Value::Null, ErrorCode::PARSE_ERROR, "the frame is not JSON");
    };
    let is_call = value["jsonrpc"] == "2.0" && value["method"].is_string();
    let is_answer = value.get("result").is_some() || value.get("error").is_some();
    // The id of a faulty answer is one of the server: an error must not look as if it answered a request of the client.
    let id = value.get("id").filter(|id| !is_answer && (id.is_string() || id.is_number())).cloned();
    match (serde_json::from_value(value), id) {
        (Ok(message), Some(id)) if is_taken_for_custom(&message) => {
            refusal(id, ErrorCode::INVALID_PARAMS, "the parameters of the method are wrong")
        }
        (Ok(message), _) => Ok(Some(message)),
        (Err(_), Some(id)) if is_call => {
            refusal(id, ErrorCode::INVALID_PARAMS, "the parameters of the method are wrong")
        }
        (Err(_), None) if is_call => Ok(None),
        (Err(_), id) => {
            let message = "the frame is no JSON-RPC 2.0 message of MCP";
            refusal(id.unwrap_or_default(), ErrorCode::INVALID_REQUEST, message)
        }
    }
}

/// The SDK takes a request for one of an unknown method where its parameters are wrong.
fn is_taken_for_custom(message: &RxJsonRpcMessage<RoleServer>) -> bool {
    match message {
        JsonRpcMessage::Request(JsonRpcRequest { request: ClientRequest::CustomRequest(custom), .. }) => {
            ["initialize", "tools/list", "tools/call"].contains(&custom.method.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        let mut source = io::BufReader::with_capacity(7, bytes);
        std::iter::from_fn(|| read_line(&mut source).unwrap()).collect()
    }

    #[test]
    fn a_frame_ends_with_a_line_feed() {
        let frame = |text: &str| Line::Frame(text.into());
        assert_eq!(lines(b"{}\n\n[1]\nhalf"), [frame("{}"), frame(""), frame("[1]")]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn a_frame_that_is_too_long_is_not_kept() {
        let long = [&vec![b'x'; MAX_FRAME_LEN + 1][..], b"\n{}\n"].concat();
        assert_eq!(lines(&long), [Line::Oversize, Line::Frame(b"{}".to_vec())]);
        let longest = [&vec![b'x'; MAX_FRAME_LEN][..], b"\n"].concat();
        assert_eq!(lines(&longest), [Line::Frame(vec![b'x'; MAX_FRAME_LEN])]);
        assert_eq!(lines(&vec![b'x'; 3 * MAX_FRAME_LEN]), [Line::Oversize]);
    }

    #[test]
    fn json_that_is_no_message_is_told_from_what_is_no_json() {
        let code = |frame: &[u8]| parse(frame).err().map(|refusal| refusal.code);
        assert_eq!(code(br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#), None);
        for bad in [&b"{"[..], b"\xff", b"nul", b""] {
            assert_eq!(code(bad), Some(ErrorCode::PARSE_ERROR), "{bad:?}");
        }
        for bad in [&b"{}"[..], b"[]", b"7", br#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#] {
            assert_eq!(code(bad), Some(ErrorCode::INVALID_REQUEST), "{bad:?}");
        }
    }
    #[test]
    fn a_request_that_is_wrong_is_answered_by_its_id() {
        let refused = |frame: &str| parse(frame.as_bytes()).unwrap_err();
        for (id, value) in [("7", json!(7)), ("\"a\"", json!("a"))] {
            let call = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":[]}}"#);
            let Refusal { id: told, code, .. } = refused(&call);
            assert_eq!((told, code), (value.clone(), ErrorCode::INVALID_PARAMS));
            let Refusal { id: told, code, .. } = refused(&format!(r#"{{"id":{id}}}"#));
            assert_eq!((told, code), (value, ErrorCode::INVALID_REQUEST));
        }
        assert_eq!(refused(r#"{"id":[1],"method":7}"#).id, Value::Null);
        assert_eq!(refused(r#"{"jsonrpc":"1.0","id":1,"result":{}}"#).id, Value::Null);
        // A notification is not answered.
        assert!(parse(br#"{"jsonrpc":"2.0","method":"notifications/progress","params":[]}"#).unwrap().is_none());
    }
}
