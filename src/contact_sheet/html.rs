//! The sheet as one HTML file. It sends no request, whatever is on the screens.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read, Seek, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::tile::{Head, Thumbnail, Tile, summary};
use super::tile_store::{Piece, TileStore, sick_first};
use crate::text::sanitize::sanitize;

const STYLE: &str = include_str!("sheet.css");
const SCRIPT: &str = include_str!("sheet.js");

/// The longest text of a label, in characters.
const MAX_LABEL_LEN: usize = 500;

/// A sheet that grows tile by tile. The tiles wait in `F`.
pub(crate) struct HtmlSheet<F> {
    store: TileStore<F>,
    tiles: Vec<Entry>,
    /// How many tiles have each state.
    states: BTreeMap<String, usize>,
}

/// A tile whose HTML is in the store.
struct Entry {
    is_sick: bool,
    piece: Piece,
}

impl<F: Read + Write + Seek> HtmlSheet<F> {
    /// `file` is empty.
    pub(crate) fn new(file: F) -> Self {
        Self { store: TileStore::new(file), tiles: Vec::new(), states: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, tile: &Tile) -> io::Result<()> {
        let piece = self.store.add(fragment(tile).as_bytes())?;
        self.tiles.push(Entry { is_sick: tile.is_sick, piece });
        *self.states.entry(label(&tile.state)).or_default() += 1;
        Ok(())
    }

    /// Writes the file, with the sick tiles first.
    pub(crate) fn finish(mut self, head: &Head, out: &mut dyn Write) -> io::Result<()> {
        let sick = self.tiles.iter().filter(|tile| tile.is_sick).count();
        out.write_all(self.beginning(sick, head).as_bytes())?;
        for Entry { piece, .. } in sick_first(self.tiles, |tile| tile.is_sick) {
            out.write_all(&self.store.read(piece)?)?;
        }
        write!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
    }

    fn beginning(&self, sick: usize, head: &Head) -> String {
        let (count, time) = (self.tiles.len(), label(&head.time));
        let summary = summary(count, sick, head);
        let mut buttons = button("", "all", count, true);
        if sick > 0 {
            buttons += &button("sick", "need attention", sick, false);
        }
        self.states
            .iter()
            .for_each(|(state, count)| buttons += &button(&format!("state:{state}"), state, *count, false));
        let policy = format!(
            "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            source_hash(STYLE),
            source_hash(SCRIPT)
        );
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             <title>Consoles, {time}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>Consoles</h1>\n<p>{summary}; <time>{time}</time></p>\n\
             <div id=\"filter\" hidden>\n<input type=\"search\" id=\"search\" placeholder=\"Search\" aria-label=\"Search\">\n\
             {buttons}<output id=\"shown\"></output>\n</div>\n</header>\n<main>\n"
        )
    }
}

/// A button that shows the tiles of one kind.
fn button(kind: &str, name: &str, count: usize, is_pressed: bool) -> String {
    let (kind, name) = (escape(kind), escape(name));
    format!("<button type=\"button\" data-show=\"{kind}\" aria-pressed=\"{is_pressed}\">{name} {count}</button>\n")
}

/// A tile as HTML.
fn fragment(tile: &Tile) -> String {
    let class = if tile.is_sick { "tile sick" } else { "tile" };
    let [name, id, state, row, place, time] =
        [&tile.name, &tile.id, &tile.state, &tile.row, &tile.place, &tile.time].map(|text| label(text));
    let title = if name.is_empty() { id.clone() } else { name };
    let mut html = format!(
        "<article class=\"{class}\" data-state=\"{0}\">\n<h2>{1}</h2>\n<p class=\"where\">{2}</p>\n{3}\n\
         <p class=\"state\"><b>{0}</b> {4}</p>\n",
        escape(&state),
        escape(&title),
        escape(&label(&tile.place_of_instance())),
        picture(tile.thumbnail.as_ref(), &title),
        escape(&place)
    );
    // Writing to a string does not fail.
    if !row.is_empty() {
        let _ = writeln!(html, "<p class=\"row\"><code>{}</code></p>", escape(&row));
    }
    let _ = writeln!(
        html,
        "<p class=\"open\"><code>{}</code> <button type=\"button\" class=\"copy\">Copy</button></p>",
        escape(&label(&tile.command))
    );
    if !tile.text.is_empty() {
        let rows: Vec<String> = tile.text.iter().map(|row| escape(&visible(row))).collect();
        let _ = writeln!(
            html,
            "<details><summary>Text on the screen</summary><pre>{}</pre><button type=\"button\" \
             class=\"copy\">Copy</button></details>",
            rows.join("\n")
        );
    }
    let _ = writeln!(html, "<p class=\"time\">{}</p>\n</article>", escape(&time));
    html
}

fn picture(thumbnail: Option<&Thumbnail>, title: &str) -> String {
    let Some(Thumbnail { width, height, file, media_type }) = thumbnail else {
        return "<div class=\"none\">no picture</div>".to_owned();
    };
    let (data, title) = (BASE64_STANDARD.encode(file), escape(title));
    format!(
        "<img width=\"{width}\" height=\"{height}\" loading=\"lazy\" decoding=\"async\" alt=\"The screen of {title}\" \
         src=\"data:{media_type};base64,{data}\">"
    )
}

/// A text on one line, without control characters.
fn label(text: &str) -> String {
    sanitize(text, MAX_LABEL_LEN)
}

/// A row of a screen without control characters. Its spaces stay.
fn visible(row: &str) -> String {
    row.chars().map(|c| if crate::text::sanitize::is_unsafe(c) { '\u{FFFD}' } else { c }).collect()
}

/// A text for an element or a quoted attribute. Source: the HTML standard, section 13.1.2.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// What allows exactly this text as a style or a script. Source: CSP level 3, section 2.3.1.
fn source_hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
