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
