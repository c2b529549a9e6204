//! Screens that are drawn here, glyph by glyph, and then read.

use super::*;
use crate::font::{Font, shipped};
use crate::picture::Picture;

const GRAY: u32 = 0xaaaaaa;
const BLACK: u32 = 0;
const BLUE: u32 = 0x0000aa;

fn vga() -> Font {
    shipped().into_iter().find(|font| font.name == "vga-8x16").unwrap()
}

fn table() -> GlyphTable {
    GlyphTable::new(vec![vga()], Vec::new())
}

/// A screen that is drawn.
struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u32>,
}

impl Canvas {
    fn new(width: usize, height: usize, background: u32) -> Self {
        Self { width, height, pixels: vec![background; width * height] }
    }

    /// Draws characters from a pixel on, in cells of `cell_width`.
    fn text(&mut self, (x, y): (usize, usize), text: &str, cell_width: usize, colours: (u32, u32)) {
        let font = vga();
        for (index, character) in text.chars().enumerate() {
            let glyph = font.glyphs.iter().find(|glyph| glyph.characters.contains(&character)).unwrap();
            for (row, bits) in glyph.rows.iter().enumerate() {
                for column in 0..cell_width {
                    let is_ink = column < 8 && bits >> (7 - column) & 1 == 1;
                    let at = (y + row) * self.width + x + index * cell_width + column;
                    self.pixels[at] = if is_ink { colours.0 } else { colours.1 };
                }
            }
        }
    }

    fn fill(&mut self, (x, y): (usize, usize), (width, height): (usize, usize), colour: u32) {
        for y in y..y + height {
            self.pixels[y * self.width + x..][..width].fill(colour);
        }
    }

    fn read(&self) -> Screen {
        read(Pixels::new(self.width, self.height, &self.pixels).unwrap(), &table(), Fidelity::Lossy, None)
    }
}

/// Lines until the last one that is not empty.
fn text_of(screen: &Screen) -> String {
    screen.lines().join("\n").trim_end().to_owned()
}

#[test]
fn text_is_read_in_cells_of_8_and_of_9_pixels() {
    for (width, height, cell_width) in [(640, 400, 8), (720, 400, 9), (1366, 768, 8), (1920, 1080, 8)] {
        let mut canvas = Canvas::new(width, height, BLACK);
        let ascii: String = (' '..='~').collect();
        let (one, other) = ascii.split_at(48);
        canvas.text((0, 16), one, cell_width, (GRAY, BLACK));
        canvas.text((0, 32), other, cell_width, (GRAY, BLUE));
        let screen = canvas.read();
        assert_eq!((screen.kind, screen.exact, screen.unknown), (ScreenKind::Text, true, 0), "{width}x{height}");
        let grid = screen.grid.unwrap();
        assert_eq!((grid.cell_width, grid.cell_height, grid.columns), (cell_width, 16, width / cell_width));
        assert_eq!(screen.lines()[..3], [String::new(), one.to_owned(), other.to_owned()]);
        assert_eq!(screen.cells[2 * grid.columns], Cell { character: 'P', foreground: GRAY, background: BLUE });
    }
}

#[test]
fn each_line_may_have_its_own_offset() {
    // Linux centres the lines of its panic screen for users, beside a logo.
    let lines = ["KERNEL PANIC!", "", "Please reboot your computer.", "Attempted to kill init!"];
    for logo in [false, true] {
        let mut canvas = Canvas::new(1024, 768, BLUE);
        for (index, line) in lines.iter().enumerate() {
            let at = ((1024 - 8 * line.len()) / 2, 350 + 16 * index);
            canvas.text(at, line, 8, (GRAY, BLUE));
        }
        if logo {
            (0..40).for_each(|row| canvas.fill((row, 2 * row), (91 - row, 1), GRAY));
        }
        let screen = canvas.read();
        assert_eq!((screen.kind, screen.unknown), (ScreenKind::Text, 0), "logo: {logo}");
        let read: Vec<String> = screen.lines().iter().map(|line| line.trim().to_owned()).collect();
        let first = read.iter().position(|line| !line.is_empty()).unwrap();
        assert_eq!(read[first..first + 4], lines);
    }
}

#[test]
fn text_at_grubs_offset_is_read() {
    let mut canvas = Canvas::new(1024, 768, BLACK);
    canvas.text((10, 10), "grub> ls", 8, (GRAY, BLACK));
    let grid = canvas.read().grid.unwrap();
    assert_eq!((grid.offset_x, grid.offset_y, grid.columns), (2, 10, 127));
    assert_eq!(text_of(&canvas.read()), " grub> ls");
}

#[test]
fn the_cursor_is_found_and_the_character_under_it_read() {
    for (rows, inverts) in [(14..16, true), (13..15, false), (11..16, true)] {
        for under in [" ", "t", "g"] {
            let mut canvas = Canvas::new(720, 400, BLACK);
            canvas.text((0, 0), "login: roo", 9, (GRAY, BLACK));
            canvas.text((90, 0), under, 9, (GRAY, BLACK));
            for y in rows.clone() {
                for pixel in &mut canvas.pixels[y * 720 + 90..][..9] {
                    *pixel = if inverts { *pixel ^ GRAY } else { GRAY };
                }
            }
            let screen = canvas.read();
            // What the VGA's cursor hides of a g cannot be known.
            let text = match (under, inverts) {
                ("g", false) => "login: roo\u{fffd}".to_owned(),
                _ => format!("login: roo{under}"),
            };
            let cursor = Some(Position { column: 10, row: 0 });
            assert_eq!((text_of(&screen), screen.cursor), (text.trim_end().to_owned(), cursor), "{rows:?} {under}");
            assert_eq!(screen.unknown, usize::from(text.ends_with('\u{fffd}')));
            assert_eq!(screen.kind, ScreenKind::Text);
        }
    }
}

#[test]
fn reverse_video_and_blocks() {
    let mut canvas = Canvas::new(640, 400, BLACK);
    canvas.text((0, 0), "  File  ", 8, (BLACK, GRAY));
    canvas.text((0, 16), "[██████▀▄  ] 60%", 8, (GRAY, BLACK));
    canvas.text((0, 32), "┌──────┐".trim_end_matches('┐'), 8, (GRAY, BLUE));
    let screen = canvas.read();
    assert_eq!(text_of(&screen), "  File\n[██████▀▄  ] 60%\n┌──────");
    assert_eq!(screen.cells[2], Cell { character: 'F', foreground: BLACK, background: GRAY });
}

#[test]
fn an_unknown_bitmap_is_never_taken_for_another() {
    let mut canvas = Canvas::new(640, 400, BLACK);
    canvas.text((0, 0), "Kernel panic - not syncing: Attempted to kill init!", 8, (GRAY, BLACK));
    let of_zero = 16 * 640;
    canvas.text((0, 16), "0", 8, (GRAY, BLACK));
    let set = (0..16 * 640).map(|index| of_zero + index).find(|index| canvas.pixels[*index] == GRAY).unwrap();
    canvas.pixels[set] = BLACK;
    let screen = canvas.read();
    assert_eq!((screen.kind, screen.unknown, screen.lines()[1].as_str()), (ScreenKind::Text, 1, "\u{fffd}"));
}

/// Takes a pixel of ink out of each of `count` cells of the first row, every third one.
fn damage(canvas: &mut Canvas, count: usize) {
    for cell in (0..count).map(|index| 24 * index) {
        let pixels = (0..16 * 8).map(|index| index / 8 * 640 + cell + index % 8);
        let ink = pixels.into_iter().find(|index| canvas.pixels[*index] == GRAY).unwrap();
        canvas.pixels[ink] = BLACK;
    }
}

#[test]
fn a_font_of_which_most_is_known_is_an_unknown_font() {
    // 45 cells of ink. Each damaged one has a bitmap of its own, so bitmaps do not come again.
    let text = "kernel:panic,not-syncing,attempted-to-kill-in";
    for (damaged, kind) in [(2, ScreenKind::Text), (4, ScreenKind::UnknownFont), (15, ScreenKind::UnknownFont)] {
        let mut canvas = Canvas::new(640, 400, BLACK);
        canvas.text((0, 0), text, 8, (GRAY, BLACK));
        damage(&mut canvas, damaged);
        let is_damaged = |index: usize| index.is_multiple_of(3) && index < 3 * damaged;
        let shown = text.char_indices().map(|(index, shown)| if is_damaged(index) { '\u{fffd}' } else { shown });
        let screen = canvas.read();
        assert_eq!((screen.kind, screen.unknown), (kind, damaged));
        assert_eq!(screen.lines()[0], shown.collect::<String>());
    }
}

#[test]
fn what_is_no_text_is_not_read() {
    assert_eq!(Canvas::new(640, 400, BLUE).read().kind, ScreenKind::Blank);
    let mut gradient = Canvas::new(640, 400, BLACK);
    (0..).zip(&mut gradient.pixels).for_each(|(index, pixel)| *pixel = index % 640 / 3);
    assert_eq!(gradient.read(), Screen::without_cells(ScreenKind::NotText));
    let mut windows = Canvas::new(640, 400, BLUE);
    windows.fill((40, 40), (300, 200), GRAY);
    windows.fill((42, 60), (296, 178), 0xffffff);
    windows.fill((200, 160), (400, 200), GRAY);
    assert_eq!(windows.read().kind, ScreenKind::NotText);
}

/// A boot log, as on a console of 80 x 25 cells of 9 x 16 pixels.
fn boot_log() -> (Canvas, Vec<&'static str>) {
    let lines = vec![
        "[    0.412937] virtio_blk virtio2: [vda] 83886080 512-byte logical blocks",
        "[    0.981204] EXT4-fs (vda1): mounted filesystem with ordered data mode",
        "[  OK  ] Started OpenSSH server daemon (sshd.service).",
        "web-01 login: root",
        "Password:",
    ];
    let mut canvas = Canvas::new(720, 400, BLACK);
    for (row, line) in lines.iter().enumerate() {
        canvas.text((0, 16 * row), line, 9, (GRAY, BLACK));
    }
    (canvas, lines)
}

impl Canvas {
    fn picture(&self) -> Picture {
        let rgb = self.pixels.iter().flat_map(|pixel| pixel.to_be_bytes()[1..].to_vec()).collect();
        Picture::new(self.width as u32, self.height as u32, rgb).unwrap()
    }
}

#[test]
fn a_compressed_picture_is_read_but_not_exactly() {
    let (canvas, lines) = boot_log();
    let jpg = Picture::decode(&canvas.picture().to_jpg().unwrap()).unwrap();
    let screen = read_picture(&jpg, &table(), None);
    assert_eq!((screen.kind, screen.exact, screen.unknown), (ScreenKind::Text, false, 0));
    assert_eq!(screen.lines()[..5], lines);
}

#[test]
fn a_picture_of_three_quarters_is_read_and_a_smaller_one_is_refused() {
    let (canvas, lines) = boot_log();
    let scaled = |percent: u32| canvas.picture().scale_down(720 * percent / 100, 400 * percent / 100);
    let screen = read_picture(&scaled(75), &table(), None);
    assert_eq!((screen.kind, screen.exact), (ScreenKind::Text, false));
    let read = screen.lines();
    let wrong = lines.iter().zip(&read).flat_map(|(line, read)| line.chars().zip(read.chars()));
    let (wrong, all) = (wrong.filter(|(one, other)| one != other).count(), lines.concat().len());
    assert!(20 * wrong < all, "{wrong} of {all}: {read:#?}");
    assert_eq!(read_picture(&scaled(50), &table(), None).kind, ScreenKind::NotText);
}

#[test]
fn lines_with_soft_edges_are_no_text() {
    // Ruled paper. Each of its cells looks like an underscore.
    let mut canvas = Canvas::new(512, 512, BLACK);
    for y in (0..512).step_by(16) {
        for (distance, level) in [(12, 0x40_40_40), (13, 0xe0_e0_e0), (14, 0x38_38_38)] {
            canvas.fill((0, y + distance), (512, 1), level);
        }
    }
    assert_eq!(canvas.read().kind, ScreenKind::NotText);
}

#[test]
fn a_prompt_that_is_not_known_is_not_a_blank_screen() {
    // UEFI's grid, in the middle of the screen, would leave it out.
    let mut canvas = Canvas::new(1280, 800, BLACK);
    canvas.text((0, 0), "root@debian:~# ", 8, (GRAY, BLACK));
    for (index, pixel) in canvas.pixels.iter_mut().enumerate().filter(|(_, pixel)| **pixel == GRAY) {
        *pixel -= (index % 5) as u32;
    }
    let all = GlyphTable::new(shipped(), Vec::new());
    let screen = read(Pixels::new(canvas.width, canvas.height, &canvas.pixels).unwrap(), &all, Fidelity::Exact, None);
    assert_ne!(screen.kind, ScreenKind::Blank);
}

#[test]
fn a_cursor_beside_few_characters_does_not_make_the_cells_smaller() {
    let all = GlyphTable::new(shipped(), Vec::new());
    for (width, cell_width) in [(640, 8), (720, 9)] {
        let mut canvas = Canvas::new(width, 400, BLACK);
        canvas.text((0, 0), "# ", cell_width, (GRAY, BLACK));
        // The lines 13 and 14 of a VGA's cursor.
        canvas.fill((2 * cell_width, 13), (cell_width, 2), GRAY);
        let screen =
            read(Pixels::new(canvas.width, canvas.height, &canvas.pixels).unwrap(), &all, Fidelity::Exact, None);
        let grid = screen.grid.unwrap();
        assert_eq!((grid.cell_width, grid.cell_height), (cell_width, 16));
        assert_eq!((text_of(&screen), screen.unknown), ("#".to_owned(), 0));
    }
}
