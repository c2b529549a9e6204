//! What a guest runs to read or to write a file.

use super::quote::word;

/// The bits of a mode that are kept: not setuid, setgid and sticky.
const KEPT_MODE: u32 = 0o777;

/// Writes the mode of a file on stderr, and at most one byte more than `max_len` of it on stdout.
pub(crate) fn download_command(path: &str, max_len: usize) -> String {
    let path = word(path);
    format!("stat -Lc%a -- {path}>&2;exec head -c{} -- {path}", max_len + 1)
}

/// Takes what was written on stderr apart: the mode of the file, if it is there, and what was said besides.
pub(crate) fn mode_of(stderr: &[u8]) -> (Option<u32>, Vec<u8>) {
    let end = stderr.iter().position(|byte| *byte == b'\n').unwrap_or(stderr.len());
    let mode = str::from_utf8(&stderr[..end]).ok().and_then(|line| u32::from_str_radix(line, 8).ok());
    match mode {
        Some(mode) => (Some(mode & KEPT_MODE), stderr[(end + 1).min(stderr.len())..].to_vec()),
        None => (None, stderr.to_vec()),
    }
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
    fn the_mode_is_the_first_line_of_stderr() {
        assert_eq!(mode_of(b"644\n"), (Some(0o644), vec![]));
        assert_eq!(mode_of(b"4755\nx"), (Some(0o755), b"x".to_vec()), "without setuid");
        assert_eq!(mode_of(b"stat: not found\n"), (None, b"stat: not found\n".to_vec()));
        assert_eq!(mode_of(b""), (None, vec![]));
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
        let done = run(&download_command(path, 2), b"");
        assert_eq!((done.stdout, mode_of(&done.stderr)), (b"abc".to_vec(), (Some(0o640), vec![])));
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "nothing else is left");
        let done = run(&upload_command(directory.path().to_str().unwrap(), None), b"abc");
        assert_eq!(done.status.code(), Some(1));
        assert!(!run(&download_command("/no/such/file", 2), b"").status.success());
    }
}
