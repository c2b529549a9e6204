//! What a Windows may be at whose text cannot be read: its letters are proportional and smoothed.
//!
//! Only colour and layout tell, so what is found may be wrong. A screen that does not fit clearly is no finding.

use std::ops::RangeInclusive;

use crate::picture::Picture;

/// A state that a picture has perhaps, and the words for what tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WindowsFinding {
    pub(crate) state: &'static str,
    pub(crate) sign: &'static str,
}

/// The blue of stop screens and updates since Windows 10: #0078d7.
const BLUE: [u8; 3] = [0x00, 0x78, 0xd7];
const BLACK: [u8; 3] = [0, 0, 0];

/// How far a channel of the background may be from its colour: JPG changes it a little.
const TOLERANCE: u8 = 16;

/// Each channel of a light pixel, such as one of a letter, is at least this.
const LIGHT: u8 = 190;

/// At least so much of the picture has the background's colour, in permille. Text and a QR code take the rest.
const MIN_BACKGROUND: usize = 850;
/// At most so much is neither background nor light, in permille: the edges of letters.
const MAX_OTHER: usize = 60;

/// Where the light pixels are: rows of pixels with light ones in them, as blocks that dark rows separate.
struct Layout {
    width: usize,
    height: usize,
    blocks: Vec<Block>,
}

/// In pixels; the ends are inclusive.
struct Block {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

/// Tells a stop screen, an update or repair, and the lock screen.
pub(crate) fn windows_state(picture: &Picture) -> Option<WindowsFinding> {
    let background = most_common(picture);
    let layout = Layout::of(picture, background)?;
    let (is_blue, is_black) = (is_near(background, BLUE), is_near(background, BLACK));
    if (is_blue || is_black) && layout.is_stop() {
        let sign = if is_blue {
            "a blue screen with a large sign and text on the left"
        } else {
            "a black screen with a large sign and text on the left"
        };
        return Some(WindowsFinding { state: "windows-stop", sign });
    }
    if (is_blue || is_black) && layout.is_update() {
        let sign = "one colour, and centred lines of text in the middle";
        return Some(WindowsFinding { state: "windows-update", sign });
    }
    if !is_black && layout.is_lock() {
        let sign = "one colour, and a large clock at the bottom left";
        return Some(WindowsFinding { state: "windows-login", sign });
    }
    None
}

fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= TOLERANCE)
}

/// The colour that most pixels have, or are close to.
fn most_common(picture: &Picture) -> [u8; 3] {
    let bin = |pixel: &[u8; 3]| pixel.iter().fold(0, |bin, channel| bin << 4 | usize::from(channel >> 4));
    let mut counts = vec![0_usize; 1 << 12];
    let pixels: &[[u8; 3]] = picture.rgb().as_chunks().0;
    pixels.iter().for_each(|pixel| counts[bin(pixel)] += 1);
    let largest = (0..counts.len()).max_by_key(|bin| counts[*bin]).unwrap_or_default();
    let mut sums = [0_usize; 3];
    for pixel in pixels.iter().filter(|pixel| bin(pixel) == largest) {
        sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += usize::from(*channel));
    }
    // No mean of bytes is above a byte.
    sums.map(|sum| u8::try_from(sum / counts[largest].max(1)).unwrap_or(u8::MAX))
}

impl Layout {
    /// `None` for a picture that has more than a background and light pixels on it.
    fn of(picture: &Picture, background: [u8; 3]) -> Option<Self> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let (mut same, mut light) = (0, 0);
        let mut blocks: Vec<Block> = Vec::new();
        let pixels: &[[u8; 3]] = picture.rgb().as_chunks().0;
        for (y, row) in pixels.chunks_exact(width).enumerate() {
            let is_light = |pixel: &[u8; 3]| pixel.iter().all(|channel| *channel >= LIGHT);
            same += row.iter().filter(|pixel| is_near(**pixel, background)).count();
            light += row.iter().filter(|pixel| is_light(pixel)).count();
            let (Some(left), Some(right)) = (row.iter().position(is_light), row.iter().rposition(is_light)) else {
                continue;
            };
            match blocks.last_mut() {
                // Letters have gaps of a few rows, such as that below the dot of an i.
                Some(block) if y - block.bottom <= height / 100 + 1 => {
                    *block = Block { left: block.left.min(left), right: block.right.max(right), bottom: y, ..*block };
                }
                _ => blocks.push(Block { left, right, top: y, bottom: y }),
            }
        }
        let permille = |count: usize| count * 1000 / (width * height);
        let is_plain =
            permille(same) >= MIN_BACKGROUND && permille((width * height).saturating_sub(same + light)) <= MAX_OTHER;
        (is_plain && light > 0).then_some(Self { width, height, blocks })
    }

    /// Whether a block is in these parts of the picture's width and height, in percent.
    fn is_in(&self, block: &Block, columns: RangeInclusive<usize>, rows: RangeInclusive<usize>) -> bool {
        let fits = |at: usize, size: usize, range: &RangeInclusive<usize>| range.contains(&(at * 100 / size));
        [block.left, block.right].iter().all(|x| fits(*x, self.width, &columns))
            && [block.top, block.bottom].iter().all(|y| fits(*y, self.height, &rows))
    }

    /// The height of a block in permille of the picture's, and its width likewise.
    fn size(&self, block: &Block) -> (usize, usize) {
        ((block.bottom - block.top + 1) * 1000 / self.height, (block.right - block.left + 1) * 1000 / self.width)
    }

    /// `:(` at the left, large and alone in its rows, and at least two lines below it that begin at the left too.
    fn is_stop(&self) -> bool {
        let Some((face, lines)) = self.blocks.split_first() else { return false };
        let (height, width) = self.size(face);
        let is_face = self.is_in(face, 4..=30, 5..=45) && height >= 60 && width <= 150;
        let begins_left = |line: &Block| line.left.abs_diff(face.left) * 100 / self.width <= 6;
        is_face
            && lines.len() >= 2
            && lines.iter().all(|line| self.is_in(line, 4..=85, 20..=93))
            && lines.iter().filter(|line| begins_left(line)).count() >= 2
    }

    /// Nothing but centred blocks in the middle, of which the lowest is a line of text.
    fn is_update(&self) -> bool {
        let is_centred = |block: &Block| (block.left + block.right).abs_diff(self.width) * 100 / self.width <= 5;
        let is_line = |block: &Block| {
            let (height, width) = self.size(block);
            (8..=60).contains(&height) && width >= 100
        };
        self.blocks.len() >= 2
            && self.blocks.iter().all(|block| is_centred(block) && self.is_in(block, 20..=79, 25..=88))
            && self.blocks.last().is_some_and(is_line)
    }

    /// Nothing but a clock with large digits at the bottom left, and a date below it.
    fn is_lock(&self) -> bool {
        let Some((clock, lines)) = self.blocks.split_first() else { return false };
        self.size(clock).0 >= 60
            && (1..=3).contains(&lines.len())
            && self.blocks.iter().all(|block| self.is_in(block, 1..=50, 50..=98))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Drawing {
        width: u32,
        height: u32,
        rgb: Vec<u8>,
    }

    impl Drawing {
        fn new(background: [u8; 3]) -> Self {
            Self { width: 640, height: 480, rgb: background.repeat(640 * 480) }
        }

        /// Bars that stand for letters, in percent of the width and the height.
        fn letters(mut self, (left, right): (usize, usize), (top, bottom): (usize, usize)) -> Self {
            let (width, height) = (self.width as usize, self.height as usize);
            for y in top * height / 100..bottom * height / 100 {
                for x in left * width / 100..right * width / 100 {
                    if x % 6 < 3 {
                        self.rgb[3 * (y * width + x)..][..3].fill(255);
                    }
                }
            }
            self
        }

        fn state(self) -> Option<&'static str> {
            let picture = Picture::new(self.width, self.height, self.rgb).unwrap();
            let jpg = Picture::decode(&picture.to_jpg().unwrap()).unwrap();
            let (png, jpg) = (windows_state(&picture), windows_state(&jpg));
            assert_eq!(png, jpg, "JPG makes a difference");
            png.map(|finding| finding.state)
        }
    }

    fn stop(background: [u8; 3]) -> Drawing {
        let face = Drawing::new(background).letters((10, 17), (15, 30));
        face.letters((10, 65), (38, 41)).letters((10, 60), (43, 46)).letters((10, 30), (50, 53))
    }

    #[test]
    fn a_stop_screen_has_a_face_and_text_below_it() {
        assert_eq!(stop(BLUE).state(), Some("windows-stop"));
        assert_eq!(stop(BLACK).state(), Some("windows-stop"));
        assert_eq!(stop([0, 0x78, 0]).state(), None);
    }

    #[test]
    fn an_update_has_centred_lines() {
        let update = |background| Drawing::new(background).letters((48, 52), (40, 46)).letters((35, 65), (52, 55));
        assert_eq!(update(BLUE).letters((40, 60), (58, 61)).state(), Some("windows-update"));
        assert_eq!(update(BLACK).state(), Some("windows-update"));
        // The spinner of an ordinary start has no text.
        assert_eq!(Drawing::new(BLACK).letters((48, 52), (40, 46)).state(), None);
        assert_eq!(Drawing::new(BLACK).letters((44, 56), (30, 40)).letters((48, 52), (70, 74)).state(), None);
    }

    #[test]
    fn a_lock_screen_has_a_clock_at_the_bottom() {
        let clock = || Drawing::new([0x00, 0x42, 0x75]).letters((3, 20), (70, 82));
        assert_eq!(clock().letters((3, 28), (86, 90)).state(), Some("windows-login"));
        assert_eq!(clock().state(), None);
        assert_eq!(clock().letters((3, 28), (86, 90)).letters((70, 75), (10, 14)).state(), None);
    }

    #[test]
    fn other_screens_are_none() {
        assert_eq!(Drawing::new(BLUE).state(), None);
        // A desktop of the same blue has a task bar from one side to the other.
        assert_eq!(Drawing::new(BLUE).letters((0, 100), (96, 100)).state(), None);
        assert_eq!(stop(BLUE).letters((0, 100), (96, 100)).state(), None);
        // A terminal has text, and no sign.
        let terminal = (0..12).fold(Drawing::new(BLACK), |drawing, line| {
            drawing.letters((0, 20 + 5 * line), (2 + 4 * line, 4 + 4 * line))
        });
        assert_eq!(terminal.state(), None);
        let gradient = (0..640 * 480_usize).flat_map(|at| [(at / 7) as u8, (at / 640 / 4) as u8, 200]).collect();
        assert_eq!(Drawing { width: 640, height: 480, rgb: gradient }.state(), None);
    }

    #[test]
    fn the_smallest_picture_is_none() {
        assert_eq!(windows_state(&Picture::new(1, 1, vec![255; 3]).unwrap()), None);
        assert_eq!(windows_state(&Picture::new(1, 300, vec![0; 900]).unwrap()), None);
    }
}
