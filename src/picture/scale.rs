//! Scales pictures down: each pixel is the mean of the area that it replaces, in linear light.
//!
//! Consoles mostly show thin light strokes on black. The mean of their stored values is too dark to read; the mean of their
//! light is as bright as the strokes look from a distance.

use super::Picture;

/// The largest size with the same aspect ratio that fits, in pixels. It is never enlarged, and no side is 0.
pub(crate) fn fit_size((width, height): (u32, u32), (max_width, max_height): (u32, u32)) -> (u32, u32) {
    let scale = (f64::from(max_width) / f64::from(width)).min(f64::from(max_height) / f64::from(height)).min(1.0);
    let side = |length: u32, max: u32| ((f64::from(length) * scale).round() as u32).clamp(1, max.max(1));
    (side(width, max_width), side(height, max_height))
}

impl Picture {
    /// Scales down to this size, in pixels. A side is at least 1, and at most what it is now.
    pub(crate) fn scale_down(&self, width: u32, height: u32) -> Self {
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
                            *sum += light.of_value[usize::from(*value)] * across * weight;
                        }
                    }
                }
            }
            rgb.extend(sums.iter().flatten().map(|sum| light.to_value(*sum)));
        }
        Self { width, height, rgb }
    }
}

/// For each new pixel of a side: the first old pixel under it, and the weights of the old pixels, which add up to 1.
fn spans(old: u32, new: u32) -> Vec<(u32, Vec<f32>)> {
    let ratio = f64::from(old) / f64::from(new);
    let span = |nth: u32| {
        let (start, end) = (f64::from(nth) * ratio, (f64::from(nth + 1) * ratio).min(f64::from(old)));
        let first = start as u32;
        let weight = |pixel: u32| (end.min(f64::from(pixel + 1)) - start.max(f64::from(pixel))) / (end - start);
        (first, (first..end.ceil() as u32).map(|pixel| weight(pixel) as f32).collect())
    };
    (0..new).map(span).collect()
}

/// From sRGB values to linear light and back. Source: IEC 61966-2-1.
struct Light {
    /// The light of each value, from 0 to 1.
    of_value: [f32; 256],
    /// The upper limit of each value but the last.
    limits: [f32; 255],
}

impl Light {
    fn new() -> Self {
        let of_value = std::array::from_fn(|value| match value as f32 / 255.0 {
            value if value <= 0.04045 => value / 12.92,
            value => ((value + 0.055) / 1.055).powf(2.4),
        });
        Self { of_value, limits: std::array::from_fn(|value| f32::midpoint(of_value[value], of_value[value + 1])) }
    }

    fn to_value(&self, light: f32) -> u8 {
        self.limits.partition_point(|limit| *limit < light) as u8
    }
}
