//! What is typed at a guest's prompt. It is short, as each key takes 20 to 40 ms, and uses only what dash, bash and busybox have in
//! common.

use super::quote::single_quoted;

/// Begins the script: `sh` takes what is typed up to Ctrl-D, and then runs it. The leading space keeps the line out of the history
/// where `HISTCONTROL` says so. It means the same to fish and csh.
pub(crate) const OPENING: &str = r#" sh -c 'eval "`cat`"'"#;

/// The width of base64's rows where no other is asked for. Source: coreutils and busybox.
const DEFAULT_ROW_LEN: usize = 76;

/// Rows of the screen that a page leaves free: the one with its number, that of the cursor, and some for messages of the kernel.
const FREE_ROWS: usize = 5;

/// The most rows of a page, so that a torn one is soon sent again.
const MAX_ROWS: usize = 60;

/// The size of a screen in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScreenSize {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

/// A script that runs a command and shows what it wrote.
#[derive(Clone, Debug)]
pub(crate) struct Script<'a> {
    /// Lower-case letters that are different each time: the name of the directory, and what marks a page.
    pub(crate) token: &'a str,
    pub(crate) size: ScreenSize,
    /// What `sh -c` runs.
    pub(crate) command: &'a str,
    /// Whether stderr goes where stdout goes.
    pub(crate) is_merged: bool,
    /// Whether the command reads what was uploaded.
    pub(crate) input: Option<&'a Input>,
}

/// What is uploaded before the command runs.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Of the bytes themselves, as `sha1sum` prints it.
    pub(crate) sha1: String,
}

impl ScreenSize {
    /// The most rows of a page.
    pub(crate) fn page_rows(self) -> usize {
        self.rows.saturating_sub(FREE_ROWS).clamp(1, MAX_ROWS)
    }

    /// The base64 command whose rows fit.
    fn encoder(self) -> String {
        match self.columns.saturating_sub(1) {
            // Older ones of busybox have no -w, and take nothing from the pipe then.
            width if width > DEFAULT_ROW_LEN + 4 => format!("(base64 -w{width}||base64)"),
            width if width < DEFAULT_ROW_LEN => format!("base64 -w{width}"),
            _ => "base64".to_owned(),
        }
    }
}

impl Script<'_> {
    /// The lines up to the upload, or all of them.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Self { token, size, .. } = self;
        let rows = size.page_rows();
        let command = single_quoted(self.command);
        let errors = if self.is_merged { "2>&1;:>e" } else { "2>e" };
        let (upload, input) = match self.input {
            // The command does not run on what is not right.
            Some(Input { sha1 }) => (
                vec![format!(r#"printf "$c";cat>a;base64 -d a|gzip -d>i;[ "`sha1sum<i`" = "{sha1}  -" ]||exit"#)],
                "$d/i",
            ),
            None => (Vec::new(), "/dev/null"),
        };
        let mut lines = vec![
            format!("for d in /dev/shm /run /tmp;do d=$d/{token};mkdir -m700 $d&&break;done"),
            format!(r#"c='\33[H\33[2J';trap 'rm -r $d;printf "$c"' 0;trap exit 1 2 15;cd $d||exit"#),
        ];
        lines.extend(upload);
        lines.extend([
            r#"printf "$c""#.to_owned(),
            format!(r#"(cd "$OLDPWD";sh -c {command} <{input})>o {errors}"#),
            format!(
                "(echo $? `wc -c<o` `wc -c<e` `cat o e|sha1sum`;cat o e)|(gzip||cat)|{}>b;i=1;n=`wc -l<b`",
                size.encoder()
            ),
            format!(
                r#"while [ $i -le $n ];do printf "$c";sed -n $i,$((i+{}))p b>{token};cat {token};echo $i $n `sha1sum {token}`"#,
                rows - 1
            ),
            format!(r#"i=$((i+{rows}));read -r x;eval "$x";done"#),
        ]);
        // A command may have several lines.
        lines.iter().flat_map(|line| line.split('\n').map(str::to_owned)).collect()
    }
}
