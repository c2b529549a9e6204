//! The colours of a picture, counted: all of them, or the 256 that stand best for all.

use std::collections::HashMap;

use super::Picture;

/// What a PNG's or a sixel picture's palette holds.
const MOST: usize = 256;

/// A picture as numbers of colours.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// At most 256.
    pub(crate) colours: Vec<[u8; 3]>,
    /// One for each pixel.
    pub(crate) indices: Vec<u8>,
}

/// Exactly, if 256 colours are enough.
pub(crate) fn indexed(picture: &Picture) -> Option<Indexed> {
    let (mut colours, mut known) = (Vec::new(), HashMap::new());
    let mut indices = Vec::with_capacity(picture.pixels().len());
    // Most pixels are as the one before.
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
    Some(Indexed { colours, indices })
}

/// As near as 256 colours come: the median cut, over colours of 5 bits a channel.
/// Source: P. Heckbert, Color Image Quantization for Frame Buffer Display, SIGGRAPH 1982.
pub(crate) fn reduced(picture: &Picture) -> Indexed {
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
    while boxes.len() < MOST {
        // The box with the most pixels in its longest side is halved.
        let weight = |bins: &Vec<([u8; 3], Bin)>| longest(bins).1 * bins.iter().map(|(_, bin)| bin.count).sum::<u64>();
        let Some(widest) = (0..boxes.len()).max_by_key(|&nth| weight(&boxes[nth])) else { break };
        if weight(&boxes[widest]) == 0 {
            break;
        }
        let upper = halve(&mut boxes[widest]);
        boxes.push(upper);
    }
    let colours = boxes.iter().map(|bins| mean(bins)).collect();
    let index: HashMap<[u8; 3], u8> = (0..=u8::MAX)
        .zip(&boxes)
        .flat_map(|(index, bins)| bins.iter().map(move |(place, _)| (*place, index)))
        .collect();
    let indices = picture.pixels().iter().map(|&colour| index.get(&bin_of(colour)).copied().unwrap_or(0)).collect();
    Indexed { colours, indices }
}

/// The pixels of nearly one colour.
#[derive(Default)]
struct Bin {
    count: u64,
    sums: [u64; 3],
}

fn bin_of(colour: [u8; 3]) -> [u8; 3] {
    colour.map(|value| value >> 3)
}

/// The channel in which the bins lie furthest apart, and how far.
fn longest(bins: &[([u8; 3], Bin)]) -> (usize, u64) {
    let side = |channel: usize| {
        let values = || bins.iter().map(|(place, _)| place[channel]);
        u64::from(values().max().unwrap_or(0) - values().min().unwrap_or(0))
    };
    (0..3).map(|channel| (channel, side(channel))).max_by_key(|(_, side)| *side).unwrap_or((0, 0))
}

/// Splits at the median pixel of the longest side, and gives the upper part; neither is empty.
fn halve(bins: &mut Vec<([u8; 3], Bin)>) -> Vec<([u8; 3], Bin)> {
    let (channel, _) = longest(bins);
    bins.sort_by_key(|(place, _)| place[channel]);
    let half = bins.iter().map(|(_, bin)| bin.count).sum::<u64>() / 2;
    let mut below = 0;
    let middle = bins.iter().position(|(_, bin)| {
        below += bin.count;
        below > half
    });
    bins.split_off(middle.unwrap_or(0).clamp(1, bins.len() - 1))
}

fn mean(bins: &[([u8; 3], Bin)]) -> [u8; 3] {
    let count = bins.iter().map(|(_, bin)| bin.count).sum::<u64>().max(1);
    [0, 1, 2].map(|channel| ((bins.iter().map(|(_, bin)| bin.sums[channel]).sum::<u64>() + count / 2) / count) as u8)
}
