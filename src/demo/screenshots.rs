//! GetInstanceScreenshot: pictures of the screens, at most one an instance in 10 s.
//!
//! The vendor's page says that they are JPG, and its sample is a PNG: here a Windows gives JPG and all else PNG, so that
//! a client meets both.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jpeg_encoder::{ColorType, Encoder};
use tokio::time::Instant;

use super::display::Frame;
use super::fault::Fault;
use super::fleet::Instance;
use crate::api::operations::SCREENSHOT_SPACING;
use crate::picture::{Picture, Rectangle};

/// Of the JPGs, from 1 to 100.
const QUALITY: u8 = 90;

/// When the last one of each instance was taken: no more of them than instances.
#[derive(Debug, Default)]
pub(crate) struct Screenshots {
    taken: HashMap<String, Instant>,
}

impl Screenshots {
    /// Takes the next one of an instance, or refuses it. A refusal does not begin the time anew.
    pub(crate) fn admit(&mut self, instance: &Instance, now: Instant) -> Result<(), Fault> {
        if let Some(last) = self.taken.get(&instance.id)
            && now.saturating_duration_since(*last) < SCREENSHOT_SPACING
        {
            return Err(Fault::of("Throttling").status(429));
        }
        self.taken.insert(instance.id.clone(), now);
        Ok(())
    }
}

/// The picture as the API gives it: a JPG or a PNG, in base64.
pub(crate) fn encode(frame: &Frame, as_jpg: bool) -> Result<String, Fault> {
    let (Rectangle { width, height, .. }, pixels) = (frame.area(), frame.rgb());
    let picture = if as_jpg { jpg(&pixels, width, height) } else { png(pixels, width, height) };
    // Neither fails in memory.
    picture.map(|picture| BASE64_STANDARD.encode(picture)).ok_or_else(|| Fault::of("InternalError"))
}

fn jpg(pixels: &[u8], width: u16, height: u16) -> Option<Vec<u8>> {
    let mut picture = Vec::new();
    Encoder::new(&mut picture, QUALITY).encode(pixels, width, height, ColorType::Rgb).ok()?;
    Some(picture)
}

fn png(pixels: Vec<u8>, width: u16, height: u16) -> Option<Vec<u8>> {
    Picture::new(width.into(), height.into(), pixels).and_then(|picture| picture.to_png()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::display::linux::terminal::Terminal;
    use crate::demo::display::test_card::TestCard;
    use crate::demo::display::vga::TextFrame;

    #[test]
    fn a_png_holds_every_pixel() {
        let mut terminal = Terminal::new();
        terminal.write("\x1b[0;1;31mred\x1b[0m and gray");
        let frame = Frame::Text(TextFrame::new(terminal.cells().to_vec(), Some(terminal.cursor())));
        let picture = BASE64_STANDARD.decode(encode(&frame, false).unwrap()).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&picture));
        // So few colours have a palette.
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (720, 400, png::ColorType::Rgb));
        for (index, pixel) in (0..).zip(pixels.chunks_exact(3)) {
            assert_eq!(pixel, frame.pixel((index % 720) as u16, (index / 720) as u16), "pixel {index}");
        }
    }

    #[test]
    fn a_jpg_says_what_it_is_and_how_large() {
        let frame = Frame::Card(Box::new(TestCard::new("i-1", "office-01")));
        let picture = BASE64_STANDARD.decode(encode(&frame, true).unwrap()).unwrap();
        // ITU-T T.81, annex B: SOI and EOI; SOF0 with its length, precision, height and width.
        assert!(picture.starts_with(&[0xff, 0xd8, 0xff]) && picture.ends_with(&[0xff, 0xd9]));
        let frame = [0xff, 0xc0, 0x00, 0x11, 8, 3, 0, 4, 0, 3];
        assert!(picture.windows(frame.len()).any(|window| window == frame));
        assert!((10_000..500_000).contains(&picture.len()), "{}", picture.len());
    }
}
