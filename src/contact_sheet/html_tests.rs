use std::io::Cursor;

use super::*;
use crate::picture::Picture;

fn tile(id: &str, state: &str, is_sick: bool) -> Tile {
    let picture = Picture::new(2, 1, vec![255, 0, 0, 0, 0, 255]).unwrap();
    Tile {
        name: format!("name of {id}"),
        id: id.to_owned(),
        region: "cn-hangzhou".to_owned(),
        state: state.to_owned(),
        is_sick,
        row: format!("row of {id}"),
        place: "row 24, exact".to_owned(),
        time: "2026-11-26T00:00:00Z".to_owned(),
        thumbnail: Some(Thumbnail::of(&picture).unwrap()),
        text: vec!["  two spaces".to_owned(), "second row".to_owned()],
        command: format!("ecs-vnc open {id} --region cn-hangzhou"),
    }
}

fn page(tiles: &[Tile], head: &Head) -> String {
    let mut sheet = HtmlSheet::new(Cursor::new(Vec::new()));
    tiles.iter().for_each(|tile| sheet.add(tile).unwrap());
    let mut out = Vec::new();
    sheet.finish(head, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn sick_tiles_come_first_and_states_are_counted() {
    let tiles = [tile("i-1", "login", false), tile("i-2", "panic", true), tile("i-3", "login", false)];
    let page = page(&tiles, &Head::default());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(place("name of i-2") < place("name of i-1") && place("name of i-1") < place("name of i-3"));
    assert!(page.contains("3 instances, 1 needs attention"));
    for button in
        ["data-show=\"\" aria-pressed=\"true\">all 3<", "data-show=\"sick\" aria-pressed=\"false\">need attention 1<"]
    {
        assert!(page.contains(button), "{button}");
    }
    assert!(page.contains("data-show=\"state:login\" aria-pressed=\"false\">login 2<"));
    assert_eq!(page.matches("<article class=\"tile sick\" data-state=\"panic\">").count(), 1);
    assert_eq!(page.matches("<article class=\"tile\" data-state=\"login\">").count(), 2);
    assert!(page.contains("<pre>  two spaces\nsecond row</pre>"));
    assert!(page.contains("<code>ecs-vnc open i-2 --region cn-hangzhou</code>"));
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = "</code></pre><script>alert(1)</script>\"'<img src=x onerror=1>&lt;\u{1b}[2J\u{202e}";
    let tile = Tile {
        name: hostile.to_owned(),
        id: hostile.to_owned(),
        region: hostile.to_owned(),
        state: hostile.to_owned(),
        row: hostile.to_owned(),
        place: hostile.to_owned(),
        time: hostile.to_owned(),
        text: vec![hostile.to_owned()],
        command: hostile.to_owned(),
        ..tile("i-1", "", false)
    };
    let head = Head { time: escape(hostile), is_partial: true };
    let page = page(&[tile], &head);
    assert_eq!(page.matches("<script>").count(), 1, "only the sheet's own");
    assert_eq!(page.matches("<img ").count(), 1);
    assert!(!page.contains("onerror=1>") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(page.contains(
        "&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&lt;img src=x onerror=1&gt;&amp;lt;"
    ));
}

#[test]
fn it_names_no_other_host_and_its_policy_allows_nothing_else() {
    let page = page(&[tile("i-1", "login", false)], &Head::default());
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("//cdn"), "{page}");
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; img-src data:; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.contains("script-src 'sha256-"), "{policy}");
    // Nothing that the policy would refuse.
    assert!(!page.contains(" style=\"") && !page.contains(" onclick="));
    assert_eq!(page.matches("<style>").count() + page.matches("<script>").count(), 2);
    // From RFC 6234's vectors: SHA-256 of `abc`.
    assert_eq!(source_hash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

#[test]
fn an_instance_without_a_picture_and_an_empty_sheet_are_pages_too() {
    let stopped = Tile {
        thumbnail: None,
        text: Vec::new(),
        row: String::new(),
        name: String::new(),
        ..tile("i-1", "stopped", false)
    };
    let page_of_one = page(&[stopped], &Head::default());
    assert!(
        page_of_one.contains("no picture")
            && page_of_one.contains("<h2>i-1</h2>")
            && !page_of_one.contains("<details>")
    );
    let empty = page(&[], &Head { is_partial: true, ..Head::default() });
    assert!(
        empty.contains("0 instances, none needs attention, others could not be looked at")
            && !empty.contains("<article")
    );
}
