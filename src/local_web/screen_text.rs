//! Reads the text of the picture that the page shows.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::Request;
use hyper::body::Incoming;
use serde::Serialize;
use tokio::time::timeout;

use super::error_page::RefusedRequest;
use crate::picture::Picture;
use crate::screen_text::{Screen, ScreenKind};
use crate::system::blocking;

/// Reads a picture.
pub(crate) type ReadTextFn = Arc<dyn Fn(&Picture) -> Screen + Send + Sync>;

/// The longest picture, in bytes. A screen of 2560 x 2048 has 15 MiB of pixels, and PNG makes it shorter.
const MAX_PICTURE_LEN: usize = 32 << 20;

/// How long the browser may take to send a picture.
const PICTURE_TIMEOUT: Duration = Duration::from_secs(10);

/// What the page gets. Sizes are in pixels of the picture.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PageText {
    /// Whether the picture is text in a known font, or blank.
    is_text: bool,
    cell_width: usize,
    cell_height: usize,
    offset_x: usize,
    offset_y: usize,
    /// The rows, without the spaces at their ends.
    lines: Vec<String>,
}

/// The text of the PNG or JPG picture in the body of a request.
pub(super) async fn read(request: Request<Incoming>, read_text: ReadTextFn) -> Result<PageText, RefusedRequest> {
    let body = Limited::new(request.into_body(), MAX_PICTURE_LEN).collect();
    let body = timeout(PICTURE_TIMEOUT, body).await.map_err(|_| RefusedRequest::NoPicture)?;
    let bytes: Bytes = body.map_err(|_| RefusedRequest::NoPicture)?.to_bytes();
    let screen = blocking::run(move || Picture::decode(&bytes).map(|picture| read_text(&picture))).await;
    let screen = screen.map_err(|_| RefusedRequest::NoPicture)?.map_err(|_| RefusedRequest::NoPicture)?;
    let is_text = matches!(screen.kind, ScreenKind::Text | ScreenKind::Blank);
    let grid = screen.grid.as_ref();
    let size = |of: fn(&crate::screen_text::Grid) -> usize| grid.map_or(0, of);
    Ok(PageText {
        is_text,
        cell_width: size(|grid| grid.cell_width),
        cell_height: size(|grid| grid.cell_height),
        offset_x: size(|grid| grid.offset_x),
        offset_y: size(|grid| grid.offset_y),
        lines: screen.lines(),
    })
}
