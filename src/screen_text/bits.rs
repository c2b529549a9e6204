//! A bitmap as a row of bits, to compare many of them fast.

/// The bits of the largest cell, 32 x 64 pixels, in words.
const MAX_WORDS: usize = 32;

/// The pixels of a cell row by row; set bits are ink.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Bits {
    words: [u64; MAX_WORDS],
    /// The number of words that are used.
    used: usize,
    /// The number of pixels.
    len: usize,
}

impl Bits {
    /// From rows of `width` pixels, the leftmost in bit `width - 1`.
    pub(super) fn of_rows(rows: &[u32], width: usize) -> Self {
        let mut words = [0; MAX_WORDS];
        let pixels = rows.iter().flat_map(|row| (0..width).rev().map(move |bit| row >> bit & 1 == 1));
        for (index, pixel) in pixels.take(MAX_WORDS * 64).enumerate() {
            words[index / 64] |= u64::from(pixel) << (index % 64);
        }
        let len = (rows.len() * width).min(MAX_WORDS * 64);
        Self { words, used: len.div_ceil(64), len }
    }

    /// The number of pixels.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// 1 for ink, 0 for what is around it.
    pub(super) fn pixel(&self, index: usize) -> f32 {
        (self.words[index / 64] >> (index % 64) & 1) as f32
    }

    /// The number of pixels of ink.
    pub(super) fn ink(&self) -> u32 {
        self.words[..self.used].iter().map(|word| word.count_ones()).sum()
    }

    /// The number of pixels that differ.
    pub(super) fn difference(&self, other: &Self) -> u32 {
        self.words[..self.used].iter().zip(&other.words).map(|(one, other)| (one ^ other).count_ones()).sum()
    }
}

/// The brightness of the pixels of a cell, with a mean of 0.
pub(super) struct Centred {
    values: Vec<f32>,
    length: f32,
}

impl Centred {
    pub(super) fn new(values: &[f32]) -> Self {
        let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
        let values: Vec<f32> = values.iter().map(|value| value - mean).collect();
        let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        Self { values, length }
    }

    /// A bitmap of `width` pixels, the leftmost in bit `width - 1`, with ink bright. `is_blurred` spreads each pixel over its
    /// neighbours, as scaling does.
    pub(super) fn of_rows(rows: &[u32], width: usize, is_blurred: bool) -> Self {
        let pixels = rows.iter().flat_map(|row| (0..width).rev().map(move |bit| (row >> bit & 1) as f32));
        let sharp: Vec<f32> = pixels.collect();
        Self::new(&if is_blurred { blur(&sharp, width) } else { sharp })
    }

    /// The normalised correlation with a bitmap: 1 if ink is bright and all else equally dark, -1 for the reverse.
    pub(super) fn correlation(&self, bitmap: &Self) -> f32 {
        let sum: f32 = self.values.iter().zip(&bitmap.values).map(|(one, other)| one * other).sum();
        let length = self.length * bitmap.length;
        if length > 0.0 { sum / length } else { 0.0 }
    }
}

/// Each pixel with half of its weight, its neighbours with a quarter, in both directions.
fn blur(values: &[f32], width: usize) -> Vec<f32> {
    let at =
        |values: &[f32], index: Option<usize>| index.and_then(|index| values.get(index)).copied().unwrap_or_default();
    let across: Vec<f32> = (0..values.len())
        .map(|index| {
            let left = index.checked_sub(1).filter(|_| index % width != 0);
            let right = Some(index + 1).filter(|right| right % width != 0);
            at(values, Some(index)) / 2.0 + (at(values, left) + at(values, right)) / 4.0
        })
        .collect();
    let along = |index: usize| {
        at(&across, Some(index)) / 2.0
            + (at(&across, index.checked_sub(width)) + at(&across, Some(index + width))) / 4.0
    };
    (0..values.len()).map(along).collect()
}

/// The value at a share of the way from the lowest to the highest.
pub(super) fn value_at(values: &[f32], share: f32) -> f32 {
    let extremes = |(low, high): (f32, f32), value: &f32| (low.min(*value), high.max(*value));
    let (low, high) = values.iter().fold((f32::MAX, f32::MIN), extremes);
    low + share * (high - low)
}
