//! Decides whether a screen is text.

use super::cell_scan::Shape;
use super::grid_scan::{Counts, GridScan};
use super::screen::{Cell, ScreenKind};

/// Cells of text that may have more than two colours: a mouse pointer, a cursor in colour.
const MAX_MULTI: usize = 2;

/// Cells of text that may be unknown however few there are.
const MAX_UNKNOWN: usize = 2;

/// Of the cells that are not blank, so many must be known on a screen that is text, in percent. Measured on real screens: text
/// has at least 99.5, everything else at most 50.
const MIN_KNOWN: usize = 95;

/// With fewer cells that are not blank, nothing tells an unknown font from a picture.
const MIN_CELLS_OF_UNKNOWN_FONT: usize = 16;

/// Decides from the counts, and from what was read.
pub(super) fn kind_of(scan: &GridScan<'_>, cells: &[Cell]) -> ScreenKind {
    let Counts { known, unknown, multi } = scan.counts;
    let ink = scan.counts.ink();
    if ink == 0 {
        return if has_one_colour(scan) { ScreenKind::Blank } else { ScreenKind::NotText };
    }
    let are_known = 100 * known >= MIN_KNOWN * ink || unknown + multi <= MAX_UNKNOWN && known >= unknown + multi;
    let has_telling = cells.iter().any(|cell| is_telling(cell.character));
    if are_known && multi <= MAX_MULTI && has_telling {
        return ScreenKind::Text;
    }
    if is_unknown_font(scan, has_telling) { ScreenKind::UnknownFont } else { ScreenKind::NotText }
}

/// Whether a character cannot be a line or a dot of a picture by chance.
fn is_telling(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '#' | '$' | '%' | '&' | '@' | '?' | '>' | '<' | '(' | '[' | '{' | '*' | '+' | '=')
}

fn has_one_colour(scan: &GridScan<'_>) -> bool {
    scan.cells.windows(2).all(|pair| pair[0].first == pair[1].first)
}

/// Cells of two colours, of which most are known, or whose bitmaps come again and again, as letters do.
fn is_unknown_font(scan: &GridScan<'_>, has_telling: bool) -> bool {
    let Counts { known, unknown, multi } = scan.counts;
    let two_colours = known + unknown;
    if two_colours < MIN_CELLS_OF_UNKNOWN_FONT || 50 * multi > two_colours {
        return false;
    }
    // More than any picture that is no text has: see `MIN_KNOWN`.
    if 2 * known > scan.counts.ink() && has_telling {
        return true;
    }
    let mut keys: Vec<u64> = scan
        .cells
        .iter()
        .filter_map(|cell| if let Shape::Unknown(key) = cell.shape { Some(key) } else { None })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    3 * (keys.len() + known.min(96)) <= 2 * two_colours
}
