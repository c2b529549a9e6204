//! A contact sheet: small pictures of many screens on one page. Pure, but for the files it is given.
//!
//! ```text
//! Tile ─┬→ HtmlSheet ─→ fragments ─┐                 ┌→ one HTML file without a request
//!       └→ PngSheet ──→ thumbnails ─┴→ TileStore → sick tiles first ─┴→ one PNG, a row of tiles at a time
//! ```
//!
//! - [`tile`]: an instance, its state and its thumbnail
//! - [`tile_store`]: what waits in a file until the order is known, so that memory does not grow with the tiles
//! - [`html`]: the page that a browser shows, filters and searches
//! - [`png`]: a grid of thumbnails with labels
//! - [`label_font`], [`canvas`]: letters and rectangles on pixels

mod canvas;
mod html;
mod label_font;
mod png;
mod tile;
mod tile_store;

pub(crate) use html::HtmlSheet;
pub(crate) use png::{MAX_PNG_TILES, PngSheet};
pub(crate) use tile::{Head, SheetError, Thumbnail, Tile};
