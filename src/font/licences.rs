//! The licences of the fonts that are built in.

/// Each directory's licence, below its name. Source: `data/README.md`, which says what was changed.
pub(crate) const LICENCES: &str = concat!(
    "ecs-vnc contains bitmap fonts of text consoles, converted from these sources. Their licences follow.\n",
    "\n==== SeaBIOS: vga-8x8, vga-8x14, vga-8x16\n\n",
    include_str!("data/seabios/NOTICE.txt"),
    "\n==== Debian's console-setup: fixed-*, uni-vga-*\n\n",
    include_str!("data/console-setup/copyright.fonts.txt"),
    "\n==== EDK2: laff-8x19\n\n",
    include_str!("data/edk2/LICENSE.txt"),
    "\n==== Spleen: spleen-*\n\n",
    include_str!("data/spleen/LICENSE.txt"),
    "\n==== Terminus Font, renamed: console-ofl-*\n\n",
    include_str!("data/console-ofl/OFL.txt"),
    "\n==== GNU Unifont, renamed: unicode-ofl-8x16\n\n",
    include_str!("data/unicode-ofl/OFL.txt"),
);
