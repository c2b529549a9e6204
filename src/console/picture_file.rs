//! The file that a picture is written to.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::command_error::CommandError;
use crate::console::result_file;
use crate::error_kind::ErrorKind;
use crate::picture::Picture;
use crate::terminal::output::Output;
use crate::text::quoted::Shown as _;

/// The file name without `-f`.
pub(crate) const DEFAULT_NAME: &str = "{instance}-{time}.png";

/// The argument of `-f`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PictureTarget {
    /// Standard output, written as `-`.
    Stdout,
    File(NameTemplate),
}

/// A file name with the placeholders {instance} and {time}.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameTemplate(String);

impl Default for PictureTarget {
    fn default() -> Self {
        Self::File(NameTemplate(DEFAULT_NAME.to_owned()))
    }
}

impl PictureTarget {
    /// Parses an argument, without white space around it. Refuses unknown placeholders: they are most likely typing errors.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let words = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        match words.map(|(word, _)| word).find(|word| !matches!(*word, "instance" | "time")) {
            Some(word) => Err(format!("unknown placeholder {{{word}}}; use {{instance}} or {{time}}")),
            None if text.is_empty() => Err("the file name is empty; use a name, or - for stdout".to_owned()),
            None if text == "-" => Ok(Self::Stdout),
            None => Ok(Self::File(NameTemplate(text.to_owned()))),
        }
    }

    /// Checks whether pictures can be written there, so that errors come before any request. `several` says what of, such as
    /// `2 instances`; it is `None` for one picture.
    pub(crate) fn check(&self, several: Option<&str>, is_shown: bool, output: Output) -> Result<(), CommandError> {
        let usage = |message: &str, hint: &str| Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
        match (self, several) {
            (Self::Stdout, _) if is_shown => usage("-f - and --show cannot both write to stdout", "use -f FILE"),
            (Self::Stdout, _) if output.is_json() => {
                usage("-f - and -o json cannot both write to stdout", "use -f FILE")
            }
            (Self::Stdout, Some(several)) => usage(
                &format!("-f - takes one picture, but there are {several}"),
                "leave -f out, or use {instance} in the name, e.g. -f '{instance}.png'",
            ),
            (Self::Stdout, None) if output.is_stdout_terminal() => usage(
                "refusing to write a PNG to the terminal",
                "use -f FILE or redirect the output, or use --show to draw the picture in the terminal",
            ),
            (Self::File(NameTemplate(name)), Some(several)) if !name.contains("{instance}") => usage(
                &format!("-f names one file, but there are {several}"),
                "use {instance} in the name, e.g. -f '{instance}.png'",
            ),
            (Self::Stdout, None) => Ok(()),
            (Self::File(NameTemplate(name)), _) => check_path(Path::new(name)),
        }
    }
}

impl NameTemplate {
    /// Checks that a file with this name can be written.
    pub(crate) fn check(&self) -> Result<(), CommandError> {
        result_file::check_path(Path::new(&self.0))
    }

    /// Returns the path for a picture of `instance` at `time`.
    pub(crate) fn fill(&self, instance: &str, time: DateTime<Utc>) -> PathBuf {
        // Ids come from the API: none may lead to another directory.
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
        let instance: String = instance.chars().map(safe).collect();
        // ISO 8601's basic format: not every file system allows a colon.
        let time = time.format("%Y%m%dT%H%M%SZ").to_string();
        PathBuf::from(self.0.replace("{instance}", &instance).replace("{time}", &time))
    }
}

/// The formats that pictures are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FileFormat {
    Png,
    Jpg,
}

/// The extensions of other formats of pictures: a file must not have another format than its name says.
const OTHER_EXTENSIONS: [&str; 10] = ["avif", "bmp", "gif", "heic", "jxl", "pdf", "ppm", "svg", "tiff", "webp"];

impl FileFormat {
    /// Returns the format that the extension of `path` names: JPG for .jpg and .jpeg, an error for other formats of
    /// pictures, and PNG otherwise.
    fn of(path: &Path) -> Result<Self, CommandError> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "jpg" | "jpeg" => Ok(Self::Jpg),
            other if OTHER_EXTENSIONS.contains(&other) => {
                let message = format!("{}: cannot write a picture as {}", path.shown(), other.to_ascii_uppercase());
                let hint = "use a name that ends in .png or .jpg";
                Err(CommandError::message(ErrorKind::Usage, message).hint(hint))
            }
            _ => Ok(Self::Png),
        }
    }
}

/// Checks that the name of `path` is not that of another format than PNG and JPG, and [`result_file::check_path`].
pub(crate) fn check_path(path: &Path) -> Result<(), CommandError> {
    FileFormat::of(path)?;
    result_file::check_path(path)
}

/// Encodes a picture as PNG.
pub(crate) fn encode(picture: &Picture) -> Result<Vec<u8>, CommandError> {
    picture.to_png().map_err(|error| CommandError::new(ErrorKind::Other, error))
}

/// Writes a picture to a file as [`result_file::write`] does: a JPG if its name says so, otherwise a PNG.
pub(crate) fn write(picture: &Picture, path: &Path, limit: Duration) -> Result<(), CommandError> {
    let file = match FileFormat::of(path)? {
        FileFormat::Png => encode(picture)?,
        FileFormat::Jpg => picture.to_jpg().map_err(|error| CommandError::new(ErrorKind::Other, error))?,
    };
    result_file::write(file, path, limit)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::TimeZone as _;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn picture() -> Picture {
        Picture::new(1, 1, vec![1, 2, 3]).unwrap()
    }

    #[test]
    fn placeholders_are_filled_in_and_an_id_stays_in_the_directory() {
        let time = Utc.with_ymd_and_hms(2026, 11, 25, 3, 4, 5).unwrap();
        let named = |name: &str, instance: &str| match PictureTarget::parse(name).unwrap() {
            PictureTarget::File(template) => template.fill(instance, time).display().to_string(),
            PictureTarget::Stdout => "-".to_owned(),
        };
        assert_eq!(named(DEFAULT_NAME, "i-bp1"), "i-bp1-20261125T030405Z.png");
        assert_eq!(named("a/{time}/{instance}{instance}.png", "i-1"), "a/20261125T030405Z/i-1i-1.png");
        assert_eq!(named("{instance}", "../etc/passwd"), "___etc_passwd");
        assert_eq!((named("-", "i-1"), named("./-", "i-1")), ("-".to_owned(), "./-".to_owned()));
        assert!(PictureTarget::parse("{Instance}.png").unwrap_err().contains("unknown placeholder {Instance}"));
        assert!(PictureTarget::parse("").is_err() && PictureTarget::parse("a{b").is_ok());
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_no_temporary_file_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        fs::write(&path, "old").unwrap();
        write(&picture(), &path, MINUTE).unwrap();
        assert!(Picture::decode(&fs::read(&path).unwrap()).unwrap() == picture());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        let error = write(&picture(), &dir.path().join("none/a.png"), MINUTE).unwrap_err();
        assert_eq!(error.kind, ErrorKind::ActionFailed);
        assert!(check_path(dir.path()).is_err() && check_path(&dir.path().join("none/a.png")).is_err());
        assert!(check_path(&path).is_ok() && check_path(Path::new("a.png")).is_ok());
    }

    #[test]
    fn the_name_decides_the_format() {
        let dir = tempfile::tempdir().unwrap();
        for (name, magic) in [
            ("a.png", &b"\x89PNG"[..]),
            ("a", b"\x89PNG"),
            // ITU-T T.81, B.1.1.3: a file begins with the marker SOI, FFD8, and each marker with FF.
            ("a.jpg", b"\xff\xd8\xff"),
            ("a.JPEG", b"\xff\xd8\xff"),
        ] {
            let path = dir.path().join(name);
            assert!(check_path(&path).is_ok());
            write(&picture(), &path, MINUTE).unwrap();
            let file = fs::read(&path).unwrap();
            assert!(file.starts_with(magic), "{name}");
            assert!(Picture::decode(&file).is_ok(), "{name}");
        }
        for name in ["a.gif", "a.WebP"] {
            let path = dir.path().join(name);
            assert_eq!(check_path(&path).unwrap_err().kind, ErrorKind::Usage);
            assert!(write(&picture(), &path, MINUTE).is_err() && !path.exists());
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_file_and_a_link_stays_a_link() {
        use std::os::unix::fs::{MetadataExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a.png"), dir.path().join("b.png"));
        fs::write(&path, "old").unwrap();
        symlink(&path, &link).unwrap();
        write(&picture(), &link, MINUTE).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        write(&picture(), Path::new("/dev/null"), MINUTE).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_a_pipe_of_another_user_are_refused() {
        use std::os::unix::fs::{chown, lchown, symlink};
        use std::process::Command;
        let dir = tempfile::tempdir().unwrap();
        let [victim, link, own, pipe] = ["victim", "link", "own", "pipe"].map(|name| dir.path().join(name));
        fs::write(&victim, "mine").unwrap();
        symlink(&victim, &link).unwrap();
        symlink(&link, &own).unwrap();
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        // Only root can give files away.
        if lchown(&link, Some(65_534), None).is_err() {
            return;
        }
        chown(&pipe, Some(65_534), None).unwrap();
        for (path, what) in [(&link, "a link of another user"), (&own, "a link of another user"), (&pipe, "a pipe of")]
        {
            let error = write(&picture(), path, MINUTE).unwrap_err();
            assert_eq!(error.kind, ErrorKind::ActionFailed);
            assert!(format!("{:#}", error.error).contains(what), "{:#}", error.error);
        }
        assert_eq!(fs::read(&victim).unwrap(), b"mine");
        // A link in a circle.
        fs::remove_file(&victim).unwrap();
        symlink(&victim, &victim).unwrap();
        assert!(write(&picture(), &victim, MINUTE).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_is_not_read_is_waited_for_within_the_time_limit() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let error = write(&picture(), &pipe, Duration::from_millis(50)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TimeLimit);
        // The first write still waits for a reader of its pipe.
        let pipe = dir.path().join("other");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write(&picture(), &pipe, MINUTE).unwrap();
        assert!(Picture::decode(&reader.join().unwrap()).unwrap() == picture());
    }
}
