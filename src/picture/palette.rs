//! Palettes: all colours of a picture, or 256 that approximate them.

use std::collections::HashMap;

use super::Picture;

/// The most colours in the palette of a PNG or a sixel picture.
const MAX_COLOURS: usize = 256;

/// A picture as indices into a palette.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IndexedPicture {
    /// The palette, with at most 256 colours.
    pub(crate) colours: Vec<[u8; 3]>,
    /// The colour of each pixel.
    pub(crate) indices: Vec<u8>,
}

/// Makes an exact palette. `None` if 256 colours are not enough.
pub(crate) fn index_colours(picture: &Picture) -> Option<IndexedPicture> {
    let (mut colours, mut known) = (Vec::new(), HashMap::new());
    let mut indices = Vec::with_capacity(picture.pixels().len());
    // Most pixels have the colour of the pixel before.
    let mut last = None;
    for &colour in picture.pixels() {
        let index = match last {
            Some((same, index)) if same == colour => index,
            _ => *known.entry(colour).or_insert_with(|| {
                colours.push(colour);
                colours.len() - 1
            }),
        };
        last = Some((colour, index));
        indices.push(u8::try_from(index).ok()?);
    }
    Some(IndexedPicture { colours, indices })
}

/// Approximates a picture with 256 colours, by median cut over colours of 5 bits a channel.
/// Source: P. Heckbert, Color Image Quantization for Frame Buffer Display, SIGGRAPH 1982.
pub(crate) fn reduce_colours(picture: &Picture) -> IndexedPicture {
    let mut bins: HashMap<[u8; 3], Bin> = HashMap::new();
    for &colour in picture.pixels() {
        let bin = bins.entry(bin_of(colour)).or_default();
        bin.count += 1;
        for (sum, value) in bin.sums.iter_mut().zip(colour) {
            *sum += u64::from(value);
        }
    }
    let mut all: Vec<([u8; 3], Bin)> = bins.into_iter().collect();
    all.sort_unstable_by_key(|(place, _)| *place);
    let mut boxes = vec![all];
    while boxes.len() < MAX_COLOURS {
        // Split the box with the largest product of pixels and longest side.
        let weight =
            |bins: &Vec<([u8; 3], Bin)>| longest_side(bins).1 * bins.iter().map(|(_, bin)| bin.count).sum::<u64>();
        let Some(widest) = (0..boxes.len()).max_by_key(|&nth| weight(&boxes[nth])) else { break };
        if weight(&boxes[widest]) == 0 {
            break;
        }
        let upper = split_at_median(&mut boxes[widest]);
        boxes.push(upper);
    }
    let colours = boxes.iter().map(|bins| mean_colour(bins)).collect();
    let index: HashMap<[u8; 3], u8> = (0..=u8::MAX)
        .zip(&boxes)
        .flat_map(|(index, bins)| bins.iter().map(move |(place, _)| (*place, index)))
        .collect();
    let indices = picture.pixels().iter().map(|&colour| index.get(&bin_of(colour)).copied().unwrap_or(0)).collect();
    IndexedPicture { colours, indices }
}

/// The pixels whose colours agree in the high 5 bits of each channel.
#[derive(Default)]
struct Bin {
    count: u64,
    sums: [u64; 3],
}

fn bin_of(colour: [u8; 3]) -> [u8; 3] {
    colour.map(|value| value >> 3)
}

/// The channel in which the bins are furthest apart, and their distance.
fn longest_side(bins: &[([u8; 3], Bin)]) -> (usize, u64) {
    let side = |channel: usize| {
        let values = || bins.iter().map(|(place, _)| place[channel]);
        u64::from(values().max().unwrap_or(0) - values().min().unwrap_or(0))
    };
    (0..3).map(|channel| (channel, side(channel))).max_by_key(|(_, side)| *side).unwrap_or((0, 0))
}

/// Splits the bins at the median pixel of the longest side, and returns the upper part. Neither part is empty.
fn split_at_median(bins: &mut Vec<([u8; 3], Bin)>) -> Vec<([u8; 3], Bin)> {
    let (channel, _) = longest_side(bins);
    bins.sort_by_key(|(place, _)| place[channel]);
    let half = bins.iter().map(|(_, bin)| bin.count).sum::<u64>() / 2;
    let mut below = 0;
    let middle = bins.iter().position(|(_, bin)| {
        below += bin.count;
        below > half
    });
    bins.split_off(middle.unwrap_or(0).clamp(1, bins.len() - 1))
}

fn mean_colour(bins: &[([u8; 3], Bin)]) -> [u8; 3] {
    let count = bins.iter().map(|(_, bin)| bin.count).sum::<u64>().max(1);
    [0, 1, 2].map(|channel| ((bins.iter().map(|(_, bin)| bin.sums[channel]).sum::<u64>() + count / 2) / count) as u8)
}
