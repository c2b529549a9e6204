//! Where a picture goes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tempfile::NamedTempFile;

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::picture::Picture;
use crate::terminal::output::Output;

/// Where a picture goes that nobody has named.
pub(crate) const DEFAULT: &str = "{instance}-{time}.png";

/// A file, or stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// `-`
    Stdout,
    /// Anything else.
    File(Template),
}

/// A file's name, in which {instance} and {time} are filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(String);

impl Default for Name {
    fn default() -> Self {
        Self::File(Template(DEFAULT.to_owned()))
    }
}

impl Name {
    /// Reads the name that a user gives. What is in braces and not known is most likely a slip.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        match words.map(|(word, _)| word).find(|word| !matches!(*word, "instance" | "time")) {
            Some(word) => Err(format!("{{{word}}} is unknown; {{instance}} and {{time}} are filled in")),
            None if text.is_empty() => Err("a file's name, or `-`".to_owned()),
            None if text == "-" => Ok(Self::Stdout),
            None => Ok(Self::File(Template(text.to_owned()))),
        }
    }

    /// Finds what would keep pictures of so many instances from it, before anything is asked for.
    pub(crate) fn check(&self, count: usize, is_shown: bool, output: Output) -> Result<(), CommandError> {
        let usage = |message: &str, hint: &str| Err(CommandError::message(ErrorKind::Usage, message).hint(hint));
        match self {
            Self::Stdout if is_shown => usage("both -f - and --show want stdout", "give -f a file"),
            Self::Stdout if output.is_json() => usage("both -f - and -o json want stdout", "give -f a file"),
            Self::Stdout if count > 1 => {
                usage("stdout takes one picture", "give -f a name with {instance} in it, or leave it out")
            }
            Self::Stdout if output.rows_watched() => usage(
                "a PNG is nothing for a terminal to print",
                "give it a file with -f FILE or `> FILE`, or draw the picture with --show",
            ),
            Self::File(Template(name)) if count > 1 && !name.contains("{instance}") => {
                usage("one file takes one picture", "give -f a name with {instance} in it, or leave it out")
            }
            Self::Stdout => Ok(()),
            Self::File(Template(name)) => check_dir(Path::new(name)),
        }
    }
}

impl Template {
    /// The file's name, for one instance at one time.
    pub(crate) fn of(&self, instance: &str, time: DateTime<Utc>) -> PathBuf {
        // Ids come from the API; none of them leads to another directory.
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
        let instance: String = instance.chars().map(plain).collect();
        // ISO 8601's basic format: a colon is not for every file system.
        let time = time.format("%Y%m%dT%H%M%SZ").to_string();
        PathBuf::from(self.0.replace("{instance}", &instance).replace("{time}", &time))
    }
}

/// Whether a file can be made there, as far as that can be seen before.
pub(crate) fn check_dir(path: &Path) -> Result<(), CommandError> {
    let (dir, is_there) = (dir_of(path), |dir: &Path| dir.is_dir());
    // A placeholder may be in the directory's name.
    if dir.to_string_lossy().contains('{') || is_there(dir) && !path.is_dir() {
        return Ok(());
    }
    let message = match is_there(dir) {
        true => format!("{} is a directory", path.display()),
        false => format!("there is no directory {}", dir.display()),
    };
    Err(CommandError::message(ErrorKind::ActionFailed, message).hint("name a file in a directory that is there"))
}

fn dir_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The picture as a PNG file.
pub(crate) fn encode(picture: &Picture) -> Result<Vec<u8>, CommandError> {
    picture.to_png().map_err(|error| CommandError::new(ErrorKind::Other, error))
}

/// Writes a picture: in one step, so that there is a whole file or none, and readable by its owner only.
pub(crate) fn write(picture: &Picture, path: &Path) -> Result<(), CommandError> {
    let png = encode(picture)?;
    put(&png, path).map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("could not write {}", path.display()));
        CommandError::new(ErrorKind::ActionFailed, error)
    })
}

fn put(bytes: &[u8], path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        // A pipe or a device is written to, not replaced.
        Ok(there) if !there.is_file() => return OpenOptions::new().write(true).open(path)?.write_all(bytes),
        _ => {}
    }
    // A link stays a link: what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut beside = NamedTempFile::new_in(dir_of(&target))?; // 0600 from the start
    beside.write_all(bytes)?;
    beside.persist(&target).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn picture() -> Picture {
        Picture::new(1, 1, vec![1, 2, 3]).unwrap()
    }

    #[test]
    fn names_are_filled_in_and_lead_nowhere_else() {
        let time = Utc.with_ymd_and_hms(2026, 11, 25, 3, 4, 5).unwrap();
        let named = |name: &str, instance: &str| match Name::parse(name).unwrap() {
            Name::File(template) => template.of(instance, time).display().to_string(),
            Name::Stdout => "-".to_owned(),
        };
        assert_eq!(named(DEFAULT, "i-bp1"), "i-bp1-20261125T030405Z.png");
        assert_eq!(named("a/{time}/{instance}{instance}.png", "i-1"), "a/20261125T030405Z/i-1i-1.png");
        assert_eq!(named("{instance}", "../etc/passwd"), "___etc_passwd");
        assert_eq!((named("-", "i-1"), named("./-", "i-1")), ("-".to_owned(), "./-".to_owned()));
        assert!(Name::parse("{Instance}.png").unwrap_err().contains("{Instance} is unknown"));
        assert!(Name::parse("").is_err() && Name::parse("a{b").is_ok());
    }

    #[test]
    fn a_file_is_whole_and_replaced_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        fs::write(&path, "old").unwrap();
        write(&picture(), &path).unwrap();
        assert!(Picture::decode(&fs::read(&path).unwrap()).unwrap() == picture());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        let failure = write(&picture(), &dir.path().join("none/a.png")).unwrap_err();
        assert_eq!(failure.kind, ErrorKind::ActionFailed);
        assert!(check_dir(dir.path()).is_err() && check_dir(&dir.path().join("none/a.png")).is_err());
        assert!(check_dir(&path).is_ok() && check_dir(Path::new("a.png")).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_it_and_a_link_stays_one() {
        use std::os::unix::fs::{MetadataExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a.png"), dir.path().join("b.png"));
        fs::write(&path, "old").unwrap();
        symlink(&path, &link).unwrap();
        write(&picture(), &link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        write(&picture(), Path::new("/dev/null")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
