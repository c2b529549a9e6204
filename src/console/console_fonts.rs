//! Font files: those that a user names, and those of this machine's text consoles.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::font::{self, Font, Glyph};
use crate::system::blocking;
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;

/// The longest font file, in bytes. GNU Unifont, the largest one for consoles, has 3 MiB as PF2.
const MAX_FONT_FILE_LEN: usize = 4 << 20;

/// Where Debian's console-setup, kbd and GRUB have their fonts.
const SYSTEM_FOLDERS: [&str; 5] = [
    "/usr/share/consolefonts",
    "/usr/share/kbd/consolefonts",
    "/usr/lib/kbd/consolefonts",
    "/boot/grub/fonts",
    "/usr/share/grub",
];

/// So many files, bytes of files and glyphs of the system are read at most.
const MAX_SYSTEM_FILES: usize = 1_000;
const MAX_SYSTEM_BYTES: usize = 32 << 20;
const MAX_SYSTEM_GLYPHS: usize = 1 << 19;

/// Reads a font file that the user names. A pipe or a device may take `limit`.
pub(crate) fn read_font(path: &Path, limit: Duration) -> Result<Font, CommandError> {
    let unread = |kind, error: anyhow::Error| {
        CommandError::new(kind, error.context(format!("cannot read the font {}", path.shown())))
    };
    let bytes = blocking::read_public_file(path, MAX_FONT_FILE_LEN, limit).map_err(|error| {
        let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
        unread(kind, error.into())
    })?;
    font::parse(&name_of(path), &bytes).map_err(|error| unread(ErrorKind::Usage, error.into()))
}

/// Reads the fonts in the system's folders. Files that are no fonts, or cannot be read, are left out.
pub(crate) fn system_fonts(output: Output) -> Vec<Font> {
    let fonts = fonts_in(&SYSTEM_FOLDERS.map(Path::new), output);
    output.detail(1, &format!("read {} fonts in {}", fonts.len(), SYSTEM_FOLDERS.join(", ")));
    fonts
}

fn fonts_in(folders: &[&Path], output: Output) -> Vec<Font> {
    let code_page = font_without_characters();
    let (mut fonts, mut bytes_left, mut glyphs_left) = (Vec::new(), MAX_SYSTEM_BYTES, MAX_SYSTEM_GLYPHS);
    for path in folders.iter().flat_map(|folder| files_in(folder)).take(MAX_SYSTEM_FILES) {
        match read_system_font(&path, bytes_left) {
            Ok((font, _)) if code_page.as_ref().is_some_and(|other| has_same_characters(&font, other)) => {
                output.detail(2, &format!("left out {}: it does not say which characters it has", path.shown()));
            }
            Ok((font, length)) => {
                bytes_left -= length;
                glyphs_left = glyphs_left.saturating_sub(font.glyphs.len());
                fonts.push(font);
            }
            Err(reason) => output.detail(2, &format!("left out {}: {reason}", path.shown())),
        }
        if glyphs_left == 0 {
            break;
        }
    }
    fonts
}

/// The files of a folder in the order of their names; none if it cannot be read.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(MAX_SYSTEM_FILES);
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort_unstable();
    files
}

/// A font, and the length of its file, or why it is not used.
fn read_system_font(path: &Path, max_len: usize) -> Result<(Font, usize), String> {
    let bytes = blocking::read_public_file(path, max_len.min(MAX_FONT_FILE_LEN), Duration::ZERO);
    let bytes = bytes.map_err(|error| error.to_string())?;
    let font = font::parse(&name_of(path), &bytes).map_err(|error| error.to_string())?;
    Ok((font, bytes.len()))
}

/// A font as it is read from a file that does not say which characters it has: with those of code page 437. Of such files in the
/// system's folders many have other code pages, and would be read wrong.
fn font_without_characters() -> Option<Font> {
    font::parse("", &[0; 256 * 8]).ok()
}

fn has_same_characters(one: &Font, other: &Font) -> bool {
    let is_same = |(one, other): (&Glyph, &Glyph)| one.characters == other.characters;
    one.glyphs.len() == other.glyphs.len() && one.glyphs.iter().zip(&other.glyphs).all(is_same)
}

/// The name of a font: its file's, without `.psf.gz` and the like.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::environment::Environment;
    use crate::terminal::output::{Color, Format};

    /// PSF1 with 256 glyphs of 8x2 pixels; all stand for `A`. Source: psf.h of kbd.
    fn psf() -> Vec<u8> {
        let table = std::iter::repeat_n([b'A', 0, 0xff, 0xff], 256).flatten();
        [0x36, 0x04, 0x02, 2].into_iter().chain([0x5a; 512]).chain(table).collect()
    }

    #[test]
    fn fonts_of_folders_are_those_that_name_their_characters() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, bytes) in [
            ("b.psf", psf()),
            ("a.psf", psf()),
            ("koi8r-8x8", vec![1; 2048]),
            ("README", b"no font".to_vec()),
            ("cut.psf", psf()[..300].to_vec()),
        ] {
            fs::write(one.path().join(name), bytes).unwrap();
        }
        fs::create_dir(one.path().join("folder.psf")).unwrap();
        fs::write(other.path().join("c.psfu"), psf()).unwrap();
        let missing = one.path().join("none");
        let output = Output::new(Format::Text, Color::Never, true, 0, &Environment::default());
        let fonts = fonts_in(&[one.path(), &missing, other.path()], output);
        let names: Vec<&str> = fonts.iter().map(|font| font.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!((fonts[0].glyphs.len(), &fonts[0].glyphs[7].characters[..]), (256, &['A'][..]));
        // A user's own file is read as it is.
        let own = read_font(&one.path().join("koi8r-8x8"), Duration::ZERO).unwrap();
        assert_eq!((own.width, own.height, own.name.as_str()), (8, 8, "koi8r-8x8"));
    }

    #[test]
    fn a_folder_is_read_up_to_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        for index in 0..=MAX_SYSTEM_FILES {
            fs::write(folder.path().join(format!("{index:04}")), b"").unwrap();
        }
        assert_eq!(files_in(folder.path()).len(), MAX_SYSTEM_FILES);
    }

    #[test]
    fn a_font_is_named_by_its_file() {
        for (path, name) in [
            ("/usr/share/consolefonts/Lat15-Fixed16.psf.gz", "Lat15-Fixed16"),
            ("a/unicode.pf2", "unicode"),
            ("ter-1.2.bdf", "ter-1.2"),
            ("plain", "plain"),
        ] {
            assert_eq!(name_of(Path::new(path)), name);
        }
    }
}
