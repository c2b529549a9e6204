//! The fonts that are built in.

use super::{Font, parse};

/// A font's name and its file, the preferred ones first. Sources and licences: `data/README.md`.
macro_rules! fonts {
    ($($name:literal: $file:literal,)*) => {
        &[$(($name, include_bytes!(concat!("data/", $file)))),*]
    };
}

const FONTS: &[(&str, &[u8])] = fonts! {
    "vga-8x16": "seabios/vga_8x16.bin",
    "vga-8x14": "seabios/vga_8x14.bin",
    "vga-8x8": "seabios/vga_8x8.bin",
    "unicode-ofl-8x16": "unicode-ofl/unicode_ofl_8x16.psf",
    "uni-vga-8x16": "console-setup/uni_vga_8x16.psf",
    "uni-vga-8x14": "console-setup/uni_vga_8x14.psf",
    "uni-vga-8x8": "console-setup/uni_vga_8x8.psf",
    "uni-vga-16x28": "console-setup/uni_vga_16x28.psf",
    "uni-vga-16x32": "console-setup/uni_vga_16x32.psf",
    "fixed-8x13": "console-setup/fixed_8x13.psf",
    "fixed-8x14": "console-setup/fixed_8x14.psf",
    "fixed-8x15": "console-setup/fixed_8x15.psf",
    "fixed-8x18": "console-setup/fixed_8x18.psf",
    "laff-8x19": "edk2/laff_8x19.psf",
    "console-ofl-6x12": "console-ofl/console_ofl_6x12.psf",
    "console-ofl-8x14": "console-ofl/console_ofl_8x14.psf",
    "console-ofl-8x16": "console-ofl/console_ofl_8x16.psf",
    "console-ofl-10x18": "console-ofl/console_ofl_10x18.psf",
    "console-ofl-10x20": "console-ofl/console_ofl_10x20.psf",
    "console-ofl-11x22": "console-ofl/console_ofl_11x22.psf",
    "console-ofl-12x24": "console-ofl/console_ofl_12x24.psf",
    "console-ofl-14x28": "console-ofl/console_ofl_14x28.psf",
    "console-ofl-16x32": "console-ofl/console_ofl_16x32.psf",
    "console-ofl-bold-8x14": "console-ofl/console_ofl_bold_8x14.psf",
    "console-ofl-bold-8x16": "console-ofl/console_ofl_bold_8x16.psf",
    "console-ofl-bold-10x18": "console-ofl/console_ofl_bold_10x18.psf",
    "console-ofl-bold-10x20": "console-ofl/console_ofl_bold_10x20.psf",
    "console-ofl-bold-11x22": "console-ofl/console_ofl_bold_11x22.psf",
    "console-ofl-bold-12x24": "console-ofl/console_ofl_bold_12x24.psf",
    "console-ofl-bold-14x28": "console-ofl/console_ofl_bold_14x28.psf",
    "console-ofl-bold-16x32": "console-ofl/console_ofl_bold_16x32.psf",
    "console-ofl-bold-vga-8x14": "console-ofl/console_ofl_bold_vga_8x14.psf",
    "console-ofl-bold-vga-8x16": "console-ofl/console_ofl_bold_vga_8x16.psf",
    "spleen-6x12": "spleen/spleen_6x12.psf",
    "spleen-8x16": "spleen/spleen_8x16.psf",
    "spleen-12x24": "spleen/spleen_12x24.psf",
    "spleen-16x32": "spleen/spleen_16x32.psf",
};

/// All fonts that are built in, the preferred ones first.
pub fn shipped() -> Vec<Font> {
    FONTS.iter().filter_map(|(name, bytes)| parse(name, bytes).ok()).collect()
}

#[cfg(test)]
#[path = "shipped_tests.rs"]
mod tests;
