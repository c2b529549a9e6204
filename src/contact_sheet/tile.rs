//! What a sheet shows of an instance.

use std::io;

use thiserror::Error;

use crate::picture::{Picture, PictureError, fit_size};

/// The largest thumbnail, in pixels. A text console of 720x400 can still be read at 480x267.
const MAX_THUMBNAIL: (u32, u32) = (480, 360);

/// The most rows of a screen's text, and the most characters of each, that a sheet keeps.
const MAX_ROWS: usize = 200;
const MAX_COLUMNS: usize = 500;

/// An instance on a sheet. Its texts may be anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tile {
    pub(crate) name: String,
    pub(crate) id: String,
    /// Empty if it is not known.
    pub(crate) region: String,
    /// For example `login`.
    pub(crate) state: String,
    /// Whether it cannot go on by itself: it comes first and is framed.
    pub(crate) is_sick: bool,
    /// The row that tells the state; empty if none does.
    pub(crate) row: String,
    /// Where the row stands and how sure it is, such as `row 24, exact`; may be empty.
    pub(crate) place: String,
    /// When the picture was taken.
    pub(crate) time: String,
    /// `None` for an instance without a picture.
    pub(crate) thumbnail: Option<Thumbnail>,
    /// The rows of the screen; empty if there is no text.
    pub(crate) text: Vec<String>,
    /// The command that opens the console.
    pub(crate) command: String,
}

/// A small picture in a file format that browsers know.
#[derive(Clone, Debug)]
pub(crate) struct Thumbnail {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// A PNG or a JPG, whichever is shorter.
    pub(crate) file: Vec<u8>,
    pub(crate) media_type: &'static str,
}

/// What stands at the top of a sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// When the sheet was made.
    pub(crate) time: String,
    /// Whether there are instances that could not be looked at.
    pub(crate) is_partial: bool,
}

/// Why a sheet cannot be made.
#[derive(Debug, Error)]
pub(crate) enum SheetError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Picture(#[from] PictureError),
}

impl Thumbnail {
    /// Scales a picture down to at most 480x360 pixels.
    pub(crate) fn of(picture: &Picture) -> Result<Self, PictureError> {
        let (width, height) = fit_size((picture.width(), picture.height()), MAX_THUMBNAIL);
        let small = picture.scale_down(width, height);
        let (png, jpg) = (small.to_png()?, small.to_jpg()?);
        let (file, media_type) = if jpg.len() < png.len() { (jpg, "image/jpeg") } else { (png, "image/png") };
        Ok(Self { width, height, file, media_type })
    }
}

impl Tile {
    /// The id and the region of the instance.
    pub(super) fn place_of_instance(&self) -> String {
        if self.region.is_empty() { self.id.clone() } else { format!("{} in {}", self.id, self.region) }
    }

    /// The rows of the screen without spaces at their ends and empty rows at the end, as many as a sheet keeps.
    pub(crate) fn set_text(&mut self, rows: impl IntoIterator<Item = String>) {
        let cut = |row: String| row.trim_end().chars().take(MAX_COLUMNS).collect::<String>();
        self.text = rows.into_iter().take(MAX_ROWS).map(cut).collect();
        while self.text.last().is_some_and(String::is_empty) {
            self.text.pop();
        }
    }
}

/// The words at the top of a sheet.
pub(super) fn summary(count: usize, sick: usize, head: &Head) -> String {
    let instances = if count == 1 { "1 instance".to_owned() } else { format!("{count} instances") };
    let attention = match sick {
        0 => "none needs attention".to_owned(),
        1 => "1 needs attention".to_owned(),
        sick => format!("{sick} need attention"),
    };
    let partial = if head.is_partial { ", others could not be looked at" } else { "" };
    format!("{instances}, {attention}{partial}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_the_shape_and_is_a_picture() {
        for ((width, height), size) in
            [((720, 400), (480, 267)), ((1024, 768), (480, 360)), ((300, 900), (120, 360)), ((8, 8), (8, 8))]
        {
            let rgb = (0..width * height).flat_map(|at| [(at % 251) as u8, (at / 7) as u8, 9]).collect();
            let thumbnail = Thumbnail::of(&Picture::new(width, height, rgb).unwrap()).unwrap();
            assert_eq!((thumbnail.width, thumbnail.height), size);
            let picture = Picture::decode(&thumbnail.file).unwrap();
            assert_eq!((picture.width(), picture.height()), size);
            let is_jpg = thumbnail.file.starts_with(b"\xff\xd8\xff");
            assert_eq!(thumbnail.media_type, if is_jpg { "image/jpeg" } else { "image/png" });
        }
    }

    #[test]
    fn the_text_is_bounded() {
        let mut tile = Tile::default();
        tile.set_text(["a  ".to_owned(), String::new(), "b".to_owned(), "   ".to_owned()]);
        assert_eq!(tile.text, ["a", "", "b"]);
        tile.set_text((0..10_000).map(|_| "字".repeat(10_000)));
        assert_eq!((tile.text.len(), tile.text[0].chars().count()), (MAX_ROWS, MAX_COLUMNS));
    }

    #[test]
    fn the_summary_counts() {
        let of = |count, sick, is_partial| summary(count, sick, &Head { is_partial, ..Head::default() });
        assert_eq!(of(1, 0, false), "1 instance, none needs attention");
        assert_eq!(of(40, 1, false), "40 instances, 1 needs attention");
        assert_eq!(of(0, 2, true), "0 instances, 2 need attention, others could not be looked at");
    }
}
