//! Any file: what is read as a picture is as large as it says, is written as a PNG and read back the same, and is drawn.

#![no_main]

use ecs_vnc::picture::terminal::{Protocol, Space, draw};
use ecs_vnc::picture::{Picture, compare};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Ok(picture) = Picture::decode(file) else { return };
    let (width, height) = (picture.width(), picture.height());
    assert_eq!(picture.rgb().len() as u64, u64::from(width) * u64::from(height) * 3);
    // A large one takes long, and is no other case.
    if width.max(height) > 256 {
        return;
    }
    let png = picture.to_png().expect("a picture is written");
    let again = Picture::decode(&png).expect("what was written is read");
    assert!(compare(&picture, &again, None, 0).is_equal());
    let space = Space { columns: 1 + file.len() as u16 % 90, rows: 1 + file.len() as u16 % 40, cell: None };
    for protocol in [Protocol::Kitty, Protocol::Iterm2, Protocol::Sixel, Protocol::Blocks] {
        assert!(draw(&picture, protocol, space, file.len().is_multiple_of(2)).is_ok());
    }
});
