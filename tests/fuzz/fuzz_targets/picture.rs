//! Reads any file as a picture. A picture has the size that it states, survives a PNG, and can be drawn.

#![no_main]

use ecs_vnc::picture::terminal::{DrawingArea, GraphicsProtocol, draw};
use ecs_vnc::picture::{Picture, compare};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Ok(picture) = Picture::decode(file) else { return };
    let (width, height) = (picture.width(), picture.height());
    assert_eq!(picture.rgb().len() as u64, u64::from(width) * u64::from(height) * 3);
    // A large picture takes long, and tests nothing else.
    if width.max(height) > 256 {
        return;
    }
    let png = picture.to_png().expect("a picture can be written");
    let again = Picture::decode(&png).expect("a written picture can be read");
    assert!(compare(&picture, &again, None, 0).is_equal());
    let area = DrawingArea { columns: 1 + file.len() as u16 % 90, rows: 1 + file.len() as u16 % 40, cell_size: None };
    for protocol in [GraphicsProtocol::Kitty, GraphicsProtocol::Iterm2, GraphicsProtocol::Sixel, GraphicsProtocol::HalfBlocks] {
        assert!(draw(&picture, protocol, area, file.len().is_multiple_of(2)).is_ok());
    }
});
