//! A smaller picture: each pixel is the mean of the area it stands for, in linear light.
//!
//! Thin light strokes on black are most of what a console shows. Averaged as the numbers stand they sink into the
//! black; averaged as light they stay as bright as the eye sees them from afar.

use super::Picture;

/// The largest size of the same shape that fits, in pixels; never larger than it is, never empty.
pub(crate) fn fitted((width, height): (u32, u32), (most_width, most_height): (u32, u32)) -> (u32, u32) {
    let shrink = (f64::from(most_width) / f64::from(width)).min(f64::from(most_height) / f64::from(height)).min(1.0);
    let side = |length: u32, most: u32| ((f64::from(length) * shrink).round() as u32).clamp(1, most.max(1));
    (side(width, most_width), side(height, most_height))
}

impl Picture {
    /// Scaled down to this size, in pixels; a side that would grow, or be 0, stays as near as it can.
    pub(crate) fn shrunk(&self, width: u32, height: u32) -> Self {
        let (width, height) = (width.clamp(1, self.width), height.clamp(1, self.height));
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let light = Light::new();
        let columns = spans(self.width, width);
        let rows = spans(self.height, height);
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for (y, weights) in &rows {
            let mut sums = vec![[0.0f32; 3]; width as usize];
            for (y, weight) in (*y..).zip(weights) {
                let row = self.row(y);
                for (sum, (x, weights)) in sums.iter_mut().zip(&columns) {
                    for (pixel, across) in row[*x as usize..].iter().zip(weights) {
                        for (sum, value) in sum.iter_mut().zip(pixel) {
                            *sum += light.of[usize::from(*value)] * across * weight;
                        }
                    }
                }
            }
            rgb.extend(sums.iter().flatten().map(|sum| light.to_value(*sum)));
        }
        Self { width, height, rgb }
    }
}

/// For each new pixel of a side: the first old one under it, and what share each has. The shares add up to 1.
fn spans(old: u32, new: u32) -> Vec<(u32, Vec<f32>)> {
    let ratio = f64::from(old) / f64::from(new);
    let span = |nth: u32| {
        let (start, end) = (f64::from(nth) * ratio, (f64::from(nth + 1) * ratio).min(f64::from(old)));
        let first = start as u32;
        let share = |pixel: u32| (end.min(f64::from(pixel + 1)) - start.max(f64::from(pixel))) / (end - start);
        (first, (first..end.ceil() as u32).map(|pixel| share(pixel) as f32).collect())
    };
    (0..new).map(span).collect()
}

/// Values as light. Source: sRGB, IEC 61966-2-1.
struct Light {
    /// The light of each value, 0 to 1.
    of: [f32; 256],
    /// Where the next value begins.
    borders: [f32; 255],
}

impl Light {
    fn new() -> Self {
        let of = std::array::from_fn(|value| match value as f32 / 255.0 {
            value if value <= 0.04045 => value / 12.92,
            value => ((value + 0.055) / 1.055).powf(2.4),
        });
        Self { of, borders: std::array::from_fn(|value| f32::midpoint(of[value], of[value + 1])) }
    }

    fn to_value(&self, light: f32) -> u8 {
        self.borders.partition_point(|border| *border < light) as u8
    }
}
