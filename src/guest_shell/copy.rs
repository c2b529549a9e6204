//! What a guest runs to read or to write a file.

use crate::text::shell::word;

/// The bits of a mode that are kept: not setuid, setgid and sticky.
const KEPT_MODE: u32 = 0o777;

/// Writes the mode and the length of a file on stderr. Writes the file on stdout if it has at most `max_len` bytes; of one that has no
/// length, such as a pipe, or whose length is not known, at most one byte more.
pub(crate) fn download_command(path: &str, max_len: usize) -> String {
    let path = word(path);
    format!(
        r#"p={path};s=`stat -Lc"%a %s" -- "$p"`;echo "$s">&2;[ "${{s#* }}" -gt {max_len} ] 2>&-||exec head -c{} -- "$p""#,
        max_len + 1
    )
}

/// What a guest says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileState {
    /// Without setuid, setgid and sticky.
    pub(crate) mode: Option<u32>,
    /// Its length in bytes.
    pub(crate) length: Option<u64>,
    /// What was written on stderr besides.
    pub(crate) said: Vec<u8>,
}

impl FileState {
    /// Takes apart what [`download_command`] has written on stderr. Warnings may stand before and behind the line with both numbers.
    pub(crate) fn parse(stderr: &[u8]) -> Self {
        let mut state = Self::default();
        for line in stderr.split_inclusive(|byte| *byte == b'\n') {
            match str::from_utf8(line).ok().and_then(mode_and_length) {
                Some((mode, length)) if state.mode.is_none() => {
                    (state.mode, state.length) = (Some(mode & KEPT_MODE), Some(length));
                }
                _ => state.said.extend(line),
            }
        }
        state
    }
}

fn mode_and_length(line: &str) -> Option<(u32, u64)> {
    let (mode, length) = line.trim_end().split_once(' ')?;
    Some((u32::from_str_radix(mode, 8).ok()?, length.parse().ok()?))
}

/// Writes stdin to a file, which is replaced in one step, and the SHA-1 of the file on stdout.
pub(crate) fn upload_command(path: &str, mode: Option<u32>) -> String {
    let mode = mode.map(|mode| format!("chmod {:o} \"$t\"&&", mode & KEPT_MODE)).unwrap_or_default();
    // A name that begins with a dash would be taken for an option.
    let path = if path.starts_with('-') { word(&format!("./{path}")) } else { word(path) };
    // `set -C` writes through no link that another user has put there; dash runs `trap … 0` after a signal only if told to exit.
    format!(
        r#"p={path};t=$p.$$;if [ -d "$p" ];then echo "$p: is a directory">&2;exit 1;fi;set -C;trap 'rm -f "$t"' 0;trap exit 1 2 15;cat>"$t"&&{mode}sha1sum<"$t"&&mv -f "$t" "$p""#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mode_and_length_are_a_line_of_stderr() {
        let state = |mode, length, said: &[u8]| FileState { mode, length, said: said.to_vec() };
        assert_eq!(FileState::parse(b"644 12\n"), state(Some(0o644), Some(12), b""));
        assert_eq!(FileState::parse(b"4755 0\nx"), state(Some(0o755), Some(0), b"x"), "without setuid");
        let warned = b"sh: setlocale: cannot change locale\n600 5\nhead: slow\n";
        let said = b"sh: setlocale: cannot change locale\nhead: slow\n";
        assert_eq!(FileState::parse(warned), state(Some(0o600), Some(5), said));
        assert_eq!(FileState::parse(b"stat: not found\n"), state(None, None, b"stat: not found\n"));
        assert_eq!(FileState::parse(b"888 1\n"), state(None, None, b"888 1\n"));
        assert_eq!(FileState::parse(b""), FileState::default());
    }

    /// What `sh` itself makes of the commands.
    #[cfg(unix)]
    #[test]
    fn a_shell_copies() {
        use std::io::Write as _;
        use std::process::{Command, Stdio};
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("it's a file");
        let run = |command: &str, input: &[u8]| {
            let mut shell = Command::new("sh");
            shell.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut shell = shell.spawn().unwrap();
            // One that fails reads nothing.
            let _ = shell.stdin.take().unwrap().write_all(input);
            shell.wait_with_output().unwrap()
        };
        let path = path.to_str().unwrap();
        let done = run(&upload_command(path, Some(0o640)), b"abc");
        // The test vector of FIPS 180-4.
        assert!(
            done.status.success() && done.stdout.starts_with(b"a9993e364706816aba3e25717850c26c9cd0d89d"),
            "{done:?}"
        );
        let expected = FileState { mode: Some(0o640), length: Some(3), said: vec![] };
        let done = run(&download_command(path, 3), b"");
        assert_eq!((done.stdout, FileState::parse(&done.stderr)), (b"abc".to_vec(), expected.clone()));
        let done = run(&download_command(path, 2), b"");
        assert_eq!(
            (done.stdout, FileState::parse(&done.stderr)),
            (vec![], expected),
            "nothing of one that is too long"
        );
        // What has no length is cut.
        let done = run(&download_command("/dev/zero", 2), b"");
        assert_eq!(done.stdout, [0; 3]);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "nothing else is left");
        let done = run(&upload_command(directory.path().to_str().unwrap(), None), b"abc");
        assert_eq!(done.status.code(), Some(1));
        assert!(!run(&download_command("/no/such/file", 2), b"").status.success());
    }
}
