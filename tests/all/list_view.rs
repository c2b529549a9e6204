//! `list --columns`, `--no-header` and `--sort`, and its width on a terminal.

use crate::fake::Fake;
use crate::list::{instance, page, page_number};
#[cfg(unix)]
use crate::pty::OnTerminal;
use crate::sandbox::Sandbox;

/// Two pages of instances, whose names are in no order.
fn names() -> Fake {
    Fake::start(|_, request| match page_number(request) {
        0 => page(&[instance("i-1", "web-10", "Running"), instance("i-2", "web-9", "Stopped")], "1"),
        _ => page(&[instance("i-3", "a-name-that-is-longer-than-the-terminal-is-wide-and-more", "Running")], ""),
    })
}

fn list(sandbox: &Sandbox, flags: &[&str]) -> String {
    sandbox.run(&[&["list"], flags].concat()).ends(0).stdout
}

#[test]
fn columns_are_chosen_and_ordered_and_titles_left_out() {
    let server = names();
    let sandbox = Sandbox::with_account(&server.endpoint);
    assert_eq!(
        list(&sandbox, &["--columns", "status,ID"]).lines().take(2).collect::<Vec<_>>(),
        ["STATUS   ID", "Running  i-1"]
    );
    // Rows are printed page by page: their widths are those of the page.
    assert_eq!(
        list(&sandbox, &["--columns", "id,region", "--no-header"]),
        "i-1  cn-hangzhou\ni-2  cn-hangzhou\ni-3  cn-hangzhou\n"
    );
    assert_eq!(list(&sandbox, &["--columns=id", "--no-header", "--sort=id"]), "i-1\ni-2\ni-3\n");
}

#[test]
fn rows_of_all_pages_are_sorted_and_a_dash_turns_the_order_round() {
    let server = names();
    let sandbox = Sandbox::with_account(&server.endpoint);
    assert_eq!(list(&sandbox, &["--ids-only", "--sort", "name"]), "i-3\ni-2\ni-1\n");
    assert_eq!(list(&sandbox, &["--ids-only", "--sort", "-name"]), "i-1\ni-2\ni-3\n");
    // Rows with the same cell keep their order.
    assert_eq!(list(&sandbox, &["--ids-only", "--sort", "-status"]), "i-2\ni-1\ni-3\n");
    let by_name = list(&sandbox, &["--sort", "name"]);
    let first = by_name.lines().nth(1).unwrap();
    assert!(by_name.starts_with("ID   NAME") && first.starts_with("i-3  a-name"), "{by_name}");
}

#[test]
fn what_makes_no_sense_is_a_usage_error() {
    let sandbox = Sandbox::with_account("http://127.0.0.1:1");
    for (flags, why) in [
        (&["--columns", "size"][..], "size"),
        (&["--sort", "size"], "a column is one of id, name, status, os, region, private, public, screen"),
        (&["--sort", "name", "-o", "json"], "are for the table"),
        (&["--no-header", "-o", "json"], "are for the table"),
        (&["--columns", "screen"], "the column screen needs --check"),
        (&["--sort", "-screen"], "the column screen needs --check"),
        (&["--columns", "id", "--ids-only"], "cannot be used with"),
    ] {
        sandbox.run(&[&["list"], flags].concat()).ends(2).says(&[why]);
    }
}

#[cfg(unix)]
#[test]
fn on_a_terminal_names_are_cut_so_that_rows_do_not_wrap_and_in_a_pipe_they_are_not() {
    let server = names();
    let sandbox = Sandbox::with_account(&server.endpoint);
    let mut run = OnTerminal::start_with_size(&sandbox, &["list", "--sort", "name", "--color", "never"], (70, 24));
    assert_eq!(run.ends(), Some(0));
    run.shows("web-10");
    let text = run.text();
    let rows: Vec<&str> =
        text.lines().map(|line| line.rsplit('\r').find(|part| !part.is_empty()).unwrap_or(line)).collect();
    assert!(rows.iter().all(|row| row.chars().count() <= 70), "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("i-3  a-name") && row.contains("…  Running")), "{rows:?}");
    assert!(list(&sandbox, &[]).contains("a-name-that-is-longer-than-the-terminal-is-wide-and-more  Running"));
}

/// An instance whose cells are as wide as those of the service.
#[cfg(unix)]
fn wide() -> Fake {
    Fake::start(|_, request| {
        let mut one = instance("i-bp1hzoinajzkh91h1234", "a-name-of-some-length", "Running");
        one["VpcAttributes"]["PrivateIpAddress"]["IpAddress"] = serde_json::json!(["172.16.100.100"]);
        one["PublicIpAddress"] = serde_json::json!({"IpAddress": ["203.119.100.100"]});
        page(&[one], &if page_number(request) == 0 { String::new() } else { unreachable!() })
    })
}

/// The lines of a terminal of this width on which the command has ended.
#[cfg(unix)]
fn lines_at(sandbox: &Sandbox, args: &[&str], columns: u16) -> Vec<String> {
    let mut run = OnTerminal::start_with_size(sandbox, args, (columns, 24));
    assert_eq!(run.ends(), Some(0), "{}", run.text());
    run.shows("\n");
    // The emulator's terminal is wider, so that what would wrap is seen as a line that is too long.
    let mut emulator = vt100::Parser::new(60, 300, 0);
    emulator.process(&run.bytes());
    let shown = emulator.screen().contents();
    shown.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[cfg(unix)]
#[test]
fn on_a_narrow_terminal_columns_are_left_out_and_no_row_wraps() {
    let server = wide();
    let sandbox = Sandbox::with_account(&server.endpoint);
    let [id, private, public] = ["i-bp1hzoinajzkh91h1234", "172.16.100.100", "203.119.100.100"];
    for (columns, titles, whole) in [
        (140, "ID NAME STATUS OS REGION PRIVATE PUBLIC", &[id, private, public, "a-name-of-some-length"][..]),
        (80, "ID NAME STATUS PRIVATE PUBLIC", &[id, private, public, "Running"]),
        (70, "ID NAME STATUS PRIVATE", &[id, private, "Running"]),
        (45, "ID NAME STATUS", &[id, "Running"]),
        (20, "ID", &["i-bp1hzoinajzkh91h1…"]),
    ] {
        let lines = lines_at(&sandbox, &["list", "--color", "never"], columns);
        assert!(lines.iter().all(|line| line.chars().count() <= columns.into()), "{columns}: {lines:?}");
        let shown = lines[0].split_whitespace().filter(|title| !title.contains('…')).collect::<Vec<_>>().join(" ");
        assert_eq!(shown, titles, "{columns}: {lines:?}");
        assert!(whole.iter().all(|cell| lines[1].contains(cell)), "{columns}: {lines:?}");
    }
    // What the user asks for is there, as far as it fits.
    let chosen = ["list", "--color", "never", "--columns", "id,public,private,region"];
    let lines = lines_at(&sandbox, &chosen, 60);
    assert_eq!(lines[1], format!("{id}  {public}  {private}  cn…"));
    // A region tells instances of several regions apart, an address does not.
    let everywhere = sandbox.without("ALIBABA_CLOUD_REGION_ID");
    let lines = lines_at(&everywhere, &["list", "--color", "never", "--quiet"], 80);
    let titles = lines.iter().find(|line| line.starts_with("ID")).unwrap();
    assert_eq!(titles.split_whitespace().collect::<Vec<_>>(), ["ID", "NAME", "STATUS", "REGION", "PRIVATE"]);
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:?}");
}
