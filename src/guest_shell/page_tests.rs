use super::*;

/// Three rows, and what `printf 'QUJD\nREVG\nRw==\n' | sha1sum` of coreutils says of them.
const ROWS: [&str; 3] = ["QUJD", "REVG", "Rw=="];
const SHA1: &str = "1be1e8d646ac10ded90ecae7f79447dca140d788";

/// The first two of them.
const SHA1_OF_TWO: &str = "95bd3e50256039fedd9043560c2f557dd66bea4a";

fn page(rows: &[&str], page_rows: usize, total: usize) -> Option<Sight> {
    let rows: Vec<String> = rows.iter().map(|row| row.replace("SUM3", SHA1).replace("SUM2", SHA1_OF_TWO)).collect();
    find_page(&rows, Division { page_rows, total })
}

/// The rows of a page that is whole.
fn whole(rows: &[&str], page_rows: usize, total: usize) -> Option<Vec<String>> {
    match page(rows, page_rows, total)? {
        Sight::Whole(_, rows) => Some(rows),
        Sight::Torn(_) => None,
    }
}

#[test]
fn a_page_is_all_of_the_output_or_a_part() {
    let all = ["QUJD", "REVG", "Rw==", "1 SUM3 b 3 b", ""];
    assert_eq!(whole(&all, 20, 0).unwrap(), ROWS);
    let part = ["QUJD", "REVG", "1 SUM2 q", ""];
    assert_eq!(whole(&part, 2, 3).unwrap(), ["QUJD", "REVG"]);
    assert_eq!(whole(&["QUJD", "REVG", "Rw==", "1 SUM3 q"], 5, 3).unwrap(), ROWS, "the last page is shorter");
    assert_eq!(page(&["QUJD", "REVG", "Rw=="], 5, 3), None, "its end is not there yet");
    assert_eq!(page(&[], 5, 3), None);
    let Some(Sight::Torn(footer)) = page(&["1 SUM3 b 0 b"], 20, 0) else { panic!() };
    assert_eq!((footer.first, footer.total), (1, Some(0)), "no program packed it");
}

#[test]
fn messages_of_the_kernel_do_no_harm_if_the_rows_are_there() {
    for rows in [
        &["[   12.345678] x", "QUJD", "REVG", "Rw==", "1 SUM3 b 3 b"][..],
        &["QUJD[   12.345678] x", "", "REVG", "Rw==", "1 SUM3 b 3 b[   13.000000] y"],
        &["QUJD", "[   12.345678] a", "message", "REVG", "Rw==", "1 SUM3 b 3 b", "[   13.000000] y"],
        &["$ old", "QUJD", "REVG", "Rw==", "1 SUM3 b 3 b"],
    ] {
        assert_eq!(whole(rows, 20, 0).unwrap(), ROWS, "{rows:?}");
    }
}

#[test]
fn a_page_that_is_not_right_is_torn() {
    for rows in [
        &["REVG", "Rw==", "1 SUM3 b 3 b"][..],
        &["QUJD", "REVH", "Rw==", "1 SUM3 b 3 b"],
        &["QUJD", "Rw==", "REVG", "1 SUM3 b 3 b"],
        &["QUJD", "RE[   12.345678] x", "VG", "Rw==", "1 SUM3 b 3 b"],
        &["QUJD", "REVG", "Rw==", "1 SUM2 b 3 b"],
    ] {
        assert!(matches!(page(rows, 20, 0), Some(Sight::Torn(_))), "{rows:?}");
    }
}

#[test]
fn other_rows_are_no_footer() {
    for row in
        ["1 SUM3 c", "0 SUM3 q", "x SUM3 q", "1 SUM q", "1 SUM3", "1234567890 SUM3 q", "1 SUM3 b", "1 SUM3 b x b"]
    {
        assert_eq!(page(&[ROWS[0], row], 20, 3), None, "{row}");
    }
}
