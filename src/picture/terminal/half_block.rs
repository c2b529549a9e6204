//! Half blocks: `▀` in the colour of one pixel, on the colour of the pixel below it.
//! Source of the colours: XTerm Control Sequences, "Character Attributes (SGR)".

use std::fmt::Write as _;

use crate::picture::Picture;

/// Draws two rows of pixels in each row of cells. An odd last row is on the terminal's own background.
pub(crate) fn draw(picture: &Picture, has_true_colour: bool) -> String {
    let mut drawn = String::new();
    let rows: Vec<&[[u8; 3]]> = picture.pixels().chunks(picture.width() as usize).collect();
    for pair in rows.chunks(2) {
        let mut last = (None, None);
        for (x, upper) in pair[0].iter().enumerate() {
            let upper = colour(*upper, has_true_colour);
            let lower = pair.get(1).map(|row| colour(row[x], has_true_colour));
            // A cell of one colour is a space, because the block of a font may leave a gap.
            let is_plain = lower == Some(upper);
            if !is_plain && last.0 != Some(upper) {
                push_sgr(&mut drawn, FOREGROUND, upper);
                last.0 = Some(upper);
            }
            if let Some(lower) = lower.filter(|_| last.1 != lower) {
                push_sgr(&mut drawn, BACKGROUND, lower);
                last.1 = Some(lower);
            }
            drawn.push(if is_plain { ' ' } else { '▀' });
        }
        drawn.push_str("\x1b[0m\n");
    }
    drawn
}

/// A colour in an SGR sequence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    Rgb([u8; 3]),
    Indexed(u8),
}

fn colour(rgb: [u8; 3], has_true_colour: bool) -> Colour {
    if has_true_colour { Colour::Rgb(rgb) } else { Colour::Indexed(nearest_index(rgb)) }
}

/// The SGR parameters that are followed by a colour.
const FOREGROUND: u8 = 38;
const BACKGROUND: u8 = 48;

fn push_sgr(drawn: &mut String, ground: u8, colour: Colour) {
    // Writing into a `String` cannot fail.
    let _ = match colour {
        Colour::Rgb([red, green, blue]) => write!(drawn, "\x1b[{ground};2;{red};{green};{blue}m"),
        Colour::Indexed(index) => write!(drawn, "\x1b[{ground};5;{index}m"),
    };
}

/// The values of xterm's colour cube, 16 to 231.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of xterm's colours 16 to 255: a colour of the cube, or one of the grays 8, 18, … 238, which are 232 to 255.
/// The first 16 are not used, because users change them.
fn nearest_index(rgb: [u8; 3]) -> u8 {
    let step = |value: u8| (0..6u8).min_by_key(|step| value.abs_diff(CUBE[usize::from(*step)])).unwrap_or(0);
    let steps = rgb.map(step);
    let in_cube = steps.map(|step| CUBE[usize::from(step)]);
    let mean = (rgb.iter().map(|value| u16::from(*value)).sum::<u16>() / 3) as u8;
    let gray = (mean.saturating_sub(3) / 10).min(23);
    let distance = |other: [u8; 3]| -> u32 {
        rgb.iter().zip(other).map(|(value, other)| u32::from(value.abs_diff(other)).pow(2)).sum()
    };
    if distance([8 + 10 * gray; 3]) < distance(in_cube) {
        232 + gray
    } else {
        16 + 36 * steps[0] + 6 * steps[1] + steps[2]
    }
}
