//! The sheet as one PNG: a grid of thumbnails with labels, written one row of tiles after the other.

use std::io::{self, Read, Seek, Write};

use png::{BitDepth, ColorType, DeflateCompression, Encoder, EncodingError, Filter};

use super::canvas::{Area, Canvas, Colour};
use super::label_font::{CELL, LabelFont};
use super::tile::{Head, SheetError, Tile, summary};
use super::tile_store::{Piece, TileStore, sick_first};
use crate::picture::{Picture, fit_size};
use crate::text::sanitize::sanitize;

/// The most tiles of a PNG. More would be too many pixels for the programs that show it.
pub(crate) const MAX_PNG_TILES: usize = 1000;

/// The largest thumbnail in pixels, by the number of tiles.
const SIZES: [(usize, (u32, u32)); 3] = [(60, (480, 360)), (240, (320, 240)), (usize::MAX, (240, 180))];

/// Width to height of the whole sheet.
const SHAPE: f64 = 1.6;

/// The space around a thumbnail and its labels, and the thickness of the frame of a sick tile, in pixels.
const MARGIN: u32 = 10;
const FRAME: u32 = 4;

/// The height of a line of a label.
const LINE: u32 = CELL.1 + 2;
const LINES: u32 = 4;
const HEADER: u32 = 36;

/// The longest label, in characters: more than fit into the widest sheet.
const MAX_LABEL_LEN: usize = 400;

const BACKGROUND: Colour = [24, 26, 30];
const PANEL: Colour = [38, 41, 47];
const TEXT: Colour = [232, 232, 232];
const DIM: Colour = [160, 165, 172];
const SICK: Colour = [235, 70, 60];

/// A sheet that grows tile by tile. The thumbnails wait in `F`.
pub(crate) struct PngSheet<F> {
    store: TileStore<F>,
    tiles: Vec<Entry>,
}

/// A tile whose thumbnail is in the store.
struct Entry {
    is_sick: bool,
    thumbnail: Option<Piece>,
    /// The id, which stands for a name that cannot be drawn.
    id: String,
    /// The instance, where it is, its state, the row that tells it.
    labels: [String; LINES as usize],
}

/// How the tiles are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    columns: u32,
    rows: u32,
    /// The largest thumbnail.
    picture: (u32, u32),
}

impl<F: Read + Write + Seek> PngSheet<F> {
    /// `file` is empty.
    pub(crate) fn new(file: F) -> Self {
        Self { store: TileStore::new(file), tiles: Vec::new() }
    }

    pub(crate) fn add(&mut self, tile: &Tile) -> io::Result<()> {
        let thumbnail = tile.thumbnail.as_ref().map(|thumbnail| self.store.add(&thumbnail.file)).transpose()?;
        let name = if tile.name.is_empty() { &tile.id } else { &tile.name };
        let labels =
            [name.clone(), tile.place_of_instance(), format!("{} {}", tile.state, tile.place), tile.row.clone()];
        let labels = labels.map(|label| sanitize(&label, MAX_LABEL_LEN));
        let id = sanitize(&tile.id, MAX_LABEL_LEN);
        self.tiles.push(Entry { is_sick: tile.is_sick, thumbnail, id, labels });
        Ok(())
    }

    /// Writes the file, with the sick tiles first, and returns how many tiles are beyond [`MAX_PNG_TILES`] and left out.
    pub(crate) fn finish(mut self, head: &Head, out: &mut dyn Write) -> Result<usize, SheetError> {
        let (count, sick) = (self.tiles.len(), self.tiles.iter().filter(|tile| tile.is_sick).count());
        let mut tiles = sick_first(std::mem::take(&mut self.tiles), |tile| tile.is_sick);
        tiles.truncate(MAX_PNG_TILES);
        let (layout, font) = (Layout::of(tiles.len()), LabelFont::built_in());
        let width = layout.width();
        let mut encoder = Encoder::new(out, width, layout.height());
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_deflate_compression(DeflateCompression::Level(2));
        encoder.set_filter(Filter::Up);
        let mut writer = encoder.write_header().map_err(encoding)?;
        let mut stream = writer.stream_writer().map_err(encoding)?;
        let mut header = Canvas::new(width, HEADER, BACKGROUND);
        let text = format!("{}; {}", summary(count, sick, head), sanitize(&head.time, MAX_LABEL_LEN));
        font.draw(&mut header, &text, (MARGIN, MARGIN), width - 2 * MARGIN, TEXT);
        stream.write_all(header.rgb())?;
        for row in tiles.chunks(layout.columns as usize) {
            let mut strip = Canvas::new(width, layout.tile_height(), BACKGROUND);
            for (column, tile) in (0..).zip(row) {
                self.draw(&mut strip, column * layout.tile_width(), tile, layout, &font)?;
            }
            stream.write_all(strip.rgb())?;
        }
        stream.finish().map_err(encoding)?;
        writer.finish().map_err(encoding)?;
        Ok(count - tiles.len())
    }

    /// Draws a tile whose left edge is at `left`.
    fn draw(
        &mut self,
        strip: &mut Canvas,
        left: u32,
        tile: &Entry,
        layout: Layout,
        font: &LabelFont,
    ) -> Result<(), SheetError> {
        let (width, height) = layout.picture;
        let area = Area { x: left, y: 0, width: layout.tile_width(), height: layout.tile_height() };
        let (inner, frame) =
            (Area { x: left + FRAME, y: FRAME, width: area.width - 2 * FRAME, height: area.height - 2 * FRAME }, FRAME);
        strip.fill(inner, PANEL);
        if tile.is_sick {
            strip.frame(inner, frame, SICK);
        }
        let (x, y) = (left + MARGIN, MARGIN);
        match tile.thumbnail {
            Some(piece) => {
                let picture = Picture::decode(&self.store.read(piece)?)?;
                let (small_width, small_height) = fit_size((picture.width(), picture.height()), (width, height));
                let small = picture.scale_down(small_width, small_height);
                strip.place(&small, (x + (width - small_width) / 2, y + (height - small_height) / 2));
            }
            None => font.draw(strip, "no picture", (x + width / 2 - 5 * CELL.0, y + height / 2), width, DIM),
        }
        let state = if tile.is_sick { SICK } else { TEXT };
        let colours = [TEXT, DIM, state, TEXT];
        let name = if font.has_all(&tile.labels[0]) { &tile.labels[0] } else { &tile.id };
        let labels = [name].into_iter().chain(&tile.labels[1..]);
        for ((line, label), colour) in (0..).zip(labels).zip(colours) {
            font.draw(strip, label, (x, y + height + 4 + line * LINE), width, colour);
        }
        Ok(())
    }
}

impl Layout {
    fn of(count: usize) -> Self {
        let picture = SIZES.iter().find(|(most, _)| count <= *most).map_or(SIZES[0].1, |(_, size)| *size);
        let one = Self { columns: 1, rows: 1, picture };
        let ratio = f64::from(one.tile_height()) / f64::from(one.tile_width());
        // No more than 1000, see `MAX_PNG_TILES`.
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let columns = (f64::from(count) * SHAPE * ratio).sqrt().ceil() as u32;
        let columns = columns.clamp(1, count.max(1));
        Self { columns, rows: count.div_ceil(columns), picture }
    }

    fn tile_width(self) -> u32 {
        self.picture.0 + 2 * MARGIN
    }

    fn tile_height(self) -> u32 {
        self.picture.1 + LINES * LINE + 2 * MARGIN
    }

    /// The width of the sheet.
    fn width(self) -> u32 {
        self.columns * self.tile_width()
    }

    /// The height of the sheet.
    fn height(self) -> u32 {
        HEADER + self.rows * self.tile_height()
    }
}

fn encoding(error: EncodingError) -> SheetError {
    match error {
        EncodingError::IoError(error) => SheetError::Io(error),
        other => SheetError::Io(io::Error::other(other)),
    }
}

#[cfg(test)]
#[path = "png_tests.rs"]
mod tests;
