//! What is typed at a guest's prompt. It is short, as each key takes 10 to 30 ms, and uses only what dash, bash and busybox have in
//! common.
//!
//! ```text
//! opening   sh takes what is typed up to Ctrl-D, or up to a line with a brace, and then runs it
//! lines     a directory; the command; its output, packed; all of it on the screen; then a line after the other is run
//! pages     the same output page by page; each Enter shows the next one
//! ```

use crate::text::shell::single_quoted;

/// Reads the script and runs it.
const READ: &str = r#"eval "`cat`""#;

/// The same where the script is watched: a line with a brace ends it. An empty line does too, and then nothing of the script runs,
/// as its first brace is not closed. That does no harm at a prompt, where Ctrl-D would end a shell.
const READ_WATCHED: &str =
    r#"eval "$(l={;while printf "%s\n" "$l";IFS= read -r l&&[ "$l" ]&&[ "$l" != } ];do :;done;echo "$l")""#;

/// Reads an upload up to an empty line.
const WATCHED_CAT: &str = r#"while read -r x&&[ "$x" ];do echo "$x";done"#;

/// The width of base64's rows where no other is asked for. Source: coreutils and busybox.
const DEFAULT_ROW_LEN: usize = 76;

/// Rows of the screen that a page leaves free: the one with its number, that of the cursor, and some for messages of the kernel.
const FREE_ROWS: usize = 5;

/// The most rows of a page, so that a torn one is soon sent again.
const MAX_PAGE_ROWS: usize = 60;

/// The size of a screen in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScreenSize {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

/// The longest line of a command in quotes that is typed as it is, in bytes. It must fit on a screen, where it is read back.
const MAX_LINE_LEN: usize = 900;

/// How many characters of a longer command a line has: in quotes, up to four times as many.
const PIECE_LEN: usize = 200;

/// A script that runs a command and shows what it wrote.
#[derive(Clone, Debug)]
pub(crate) struct Script<'a> {
    /// A directory that does not exist yet: letters, digits and slashes.
    pub(crate) directory: &'a str,
    pub(crate) size: ScreenSize,
    /// What `sh -c` runs.
    pub(crate) command: &'a str,
    /// Whether stderr goes where stdout goes.
    pub(crate) is_merged: bool,
    /// The SHA-1 of what the command reads, if it is uploaded.
    pub(crate) input: Option<&'a str>,
    /// Whether Enter ends the command. Ctrl-C does not where the shell has no terminal of its own, as in an initramfs.
    pub(crate) is_watched: bool,
}

/// Whether the shell behind this prompt may have no terminal of its own. One that names its user and host has been started by a
/// login, except that of `init=/bin/bash`, which knows no host: `root@(none):/#`.
pub(crate) fn may_lack_terminal(prompt: &str) -> bool {
    !prompt.contains('@') || prompt.contains("(none)")
}

/// How the output is packed: the first way that the guest has programs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    /// Without gzip, and without the width of rows that older busyboxes do not know.
    Plain,
    /// Two hexadecimal digits a byte, uncompressed.
    Hex,
}

impl Packing {
    /// What is tried if this one gives nothing.
    pub(crate) fn next(self) -> Option<Self> {
        match self {
            Self::Gzip => Some(Self::Plain),
            Self::Plain => Some(Self::Hex),
            Self::Hex => None,
        }
    }

    fn command(self, size: ScreenSize) -> String {
        let width = size.columns.saturating_sub(1);
        let fits = (DEFAULT_ROW_LEN..DEFAULT_ROW_LEN + 5).contains(&width);
        match self {
            Self::Gzip if fits => "gzip|base64".to_owned(),
            Self::Gzip => format!("gzip|base64 -w{width}"),
            // `fold` does not end the last row.
            Self::Plain => format!("(base64|tr -d '\\n'|fold -w{width};echo)"),
            Self::Hex => format!("(od -An -vtx1|tr -d ' \\n'|fold -w{width};echo)"),
        }
    }
}

impl ScreenSize {
    /// The most rows of a page.
    pub(crate) fn page_rows(self) -> usize {
        self.rows.saturating_sub(FREE_ROWS).clamp(1, MAX_PAGE_ROWS)
    }
}

impl Script<'_> {
    /// What is typed at the prompt. The leading space keeps the line out of the history where `HISTCONTROL` says so. It means the
    /// same to fish and csh.
    pub(crate) fn opening(&self) -> String {
        format!(" sh -c 'echo {};{}'", self.sign(), if self.is_watched { READ_WATCHED } else { READ })
    }

    /// The row that shows that `sh` reads. What is typed before may go to the shell that starts it: a shell with a line editor
    /// ends the line before it gives the terminal back.
    pub(crate) fn sign(&self) -> &str {
        self.directory.rsplit('/').next().unwrap_or_default()
    }

    /// The key that ends the script, behind its last line, and the upload.
    pub(crate) fn end_of_input(&self) -> &'static str {
        if self.is_watched { "enter" } else { "ctrl-d" }
    }

    /// What is typed behind Ctrl-C to end the script, at whatever it is. It does nothing at a prompt.
    pub(crate) fn ending(&self) -> String {
        match self.is_watched {
            true => format!("[ \"$d\" = {} ]&&exit\n\n", self.directory),
            false => String::new(),
        }
    }

    /// What is typed up to [`Self::end_of_input`]. The screen is cleared when it starts, and when it waits for the upload.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Self { directory, size, .. } = self;
        let (pieces, command) = command_word(self.command);
        let errors = if self.is_merged { "2>&1" } else { "2>$d/e" };
        let input = if self.input.is_some() { "$d/i" } else { "/dev/null" };
        // It is removed at the end, so it must be new; only root writes to /run, which an initramfs may lack.
        let option = if directory.starts_with("/run/") { "-pm700" } else { "-m700" };
        let (end, signals) = if self.is_watched { (";kill -- -$p 2>&-", "2 15") } else { ("", "2") };
        let mut lines = vec![
            format!("d={directory};mkdir {option} $d||exit"),
            format!(r"f(){{ printf '\33[H\33[J';}};trap 'f;rm -r $d{end}' 0;trap exit {signals};f"),
        ];
        if let Some(sha1) = self.input {
            // The command does not run on what is not right.
            let cat = if self.is_watched { WATCHED_CAT } else { "cat" };
            lines.push(format!(r#"{cat}>$d/a;f;base64 -d $d/a|gzip -d>$d/i;[ "`sha1sum<$d/i`" = "{sha1}  -" ]||exit"#));
        }
        // The command has a process group of its own, all of which is ended. What reads Enter is not in it.
        let (before, behind, end) = match self.is_watched {
            true => ("setsid ", "&p=$!;(read x;kill $$)<&1&wait $p", "p=;kill $!;"),
            false => ("", "", ""),
        };
        lines.extend(pieces);
        lines.extend([
            format!("{before}sh -c {command} <{input} >$d/o {errors}{behind}"),
            format!("r=$?;{end}cd $d;{}{}", if self.is_merged { ":>e;" } else { "" }, pack(Packing::Gzip, *size)),
            format!(r#"{};while read -r x;do eval "$x";done"#, show_first(*size)),
        ]);
        // A command may have several lines.
        let lines = lines.iter().flat_map(|line| line.split('\n'));
        if !self.is_watched {
            return lines.map(str::to_owned).collect();
        }
        // Some of them would end the script. In a text in quotes, two quotes before them are nothing.
        let kept = lines.map(|line| if ["", "}"].contains(&line) { format!("''{line}") } else { line.to_owned() });
        kept.chain(["}".to_owned()]).collect()
    }
}

/// A command as a word of the shell, and lines before it that put it together if it is long.
fn command_word(command: &str) -> (Vec<String>, String) {
    let quoted = single_quoted(command);
    if quoted.split('\n').all(|line| line.len() <= MAX_LINE_LEN) {
        return (Vec::new(), quoted);
    }
    let characters: Vec<char> = command.chars().collect();
    let pieces = characters.chunks(PIECE_LEN).enumerate().map(|(index, piece)| {
        let piece: String = piece.iter().collect();
        format!("c={}{}", if index > 0 { "$c" } else { "" }, single_quoted(&piece))
    });
    (pieces.collect(), r#""$c""#.to_owned())
}

fn pack(packing: Packing, size: ScreenSize) -> String {
    format!("(echo $r;wc -c o e;sha1sum o e;cat o e)|{}>b", packing.command(size))
}

/// Shows the output, if it fits on the screen: the checksum is that of all rows.
fn show_first(size: ScreenSize) -> String {
    format!("f;head -n{} b;echo 1 `sha1sum b` `wc -l b`", size.page_rows())
}

/// Packs the output in another way, and shows it.
pub(crate) fn pack_again(packing: Packing, size: ScreenSize) -> String {
    format!("{};{}", pack(packing, size), show_first(size))
}

/// Shows page after page.
pub(crate) fn show_pages(size: ScreenSize) -> String {
    let rows = size.page_rows();
    format!(
        r#"i=1;while f;do tail -n+$i b|head -n{rows}>q;cat q;echo $i `sha1sum q`;i=$((i+{rows}));read -r x;eval "$x";done"#
    )
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
