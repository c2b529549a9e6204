//! GetInstanceScreenshot: pictures of the displays, at most one in 10 s for each instance.
//!
//! The vendor's page says that pictures are JPG, but its sample is a PNG. Here some instances return JPG and others PNG, so
//! that clients are tested with both.

use std::collections::HashMap;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::time::Instant;

use super::account::FLAKY_ID;
use super::display::Frame;
use super::display::state_screen::state_screen_count;
use super::fault::Fault;
use super::fleet::Instance;
use crate::api::operations::MIN_SCREENSHOT_INTERVAL;
use crate::picture::{Picture, Rectangle};

#[derive(Debug, Default)]
pub(crate) struct Screenshots {
    /// When the last screenshot of each instance was taken, by InstanceId: no more entries than instances.
    last_taken: HashMap<String, Instant>,
}

impl Screenshots {
    /// Records a screenshot of an instance, unless it comes too soon after the last one that was taken.
    pub(crate) fn record(&mut self, instance: &Instance, now: Instant) -> Result<(), Fault> {
        if let Some(last) = self.last_taken.get(&instance.id)
            && now.saturating_duration_since(*last) < MIN_SCREENSHOT_INTERVAL
        {
            return Err(Fault::of("Throttling").with_status(429));
        }
        self.last_taken.insert(instance.id.clone(), now);
        Ok(())
    }
}

/// Whether pictures of an instance are JPG: those of Windows, of one Linux, and of some that show a state. Where all
/// show a state, one of two is JPG.
pub(crate) fn is_jpg(instance: &Instance) -> bool {
    if instance.is_of_every_state() && instance.state_screen().is_some() {
        return (instance.index / state_screen_count()).is_multiple_of(2);
    }
    instance.is_windows()
        || instance.id == FLAKY_ID
        || instance.state_screen().is_some() && instance.index.is_multiple_of(5)
}

/// The picture of an instance as the API returns it. One of a state is encoded once.
pub(crate) fn picture(instance: &Instance, frame: &Frame) -> Result<String, Fault> {
    let is_jpg = is_jpg(instance);
    let kept = instance.state_screen().map(|screen| screen.file(is_jpg));
    if let Some(file) = kept.and_then(OnceLock::get) {
        return Ok(file.clone());
    }
    let file = encode(frame, is_jpg)?;
    Ok(kept.map_or_else(|| file.clone(), |kept| kept.get_or_init(|| file.clone()).clone()))
}

/// Encodes a frame as the API returns it: a JPG or a PNG in base64.
fn encode(frame: &Frame, as_jpg: bool) -> Result<String, Fault> {
    let (Rectangle { width, height, .. }, pixels) = (frame.area(), frame.rgb());
    let picture = Picture::new(width.into(), height.into(), pixels);
    let file = picture.and_then(|picture| if as_jpg { picture.to_jpg() } else { picture.to_png() });
    // Neither encoder fails in memory.
    file.map(|file| BASE64_STANDARD.encode(file)).map_err(|_| Fault::of("InternalError"))
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
    fn a_jpg_has_the_size_of_the_frame() {
        let frame = Frame::Card(Box::new(TestCard::new("i-1", "office-01")));
        let picture = BASE64_STANDARD.decode(encode(&frame, true).unwrap()).unwrap();
        // ITU-T T.81, annex B: SOI and EOI; SOF0 with its length, precision, height and width.
        assert!(picture.starts_with(&[0xff, 0xd8, 0xff]) && picture.ends_with(&[0xff, 0xd9]));
        let frame = [0xff, 0xc0, 0x00, 0x11, 8, 3, 0, 4, 0, 3];
        assert!(picture.windows(frame.len()).any(|window| window == frame));
        assert!((10_000..500_000).contains(&picture.len()), "{}", picture.len());
    }
}
