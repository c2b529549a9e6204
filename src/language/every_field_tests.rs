//! Each sentence of the catalogue with names in its fields that look like parts of sentences.

use super::catalogue::entries;
use super::{chinese, sentence};

/// The sentence with one of `values` in each field, and those values as they should stand in the translation. A field
/// that has quotes of its own gets the value without the quotes.
fn filled(source: &str, value: impl Fn(usize) -> String) -> (String, Vec<String>) {
    let (mut text, mut values, mut names, mut rest) = (String::new(), Vec::new(), Vec::new(), source);
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, behind) = behind.split_once('}').unwrap();
        text.push_str(before);
        let same = names.iter().position(|other| !name.is_empty() && *other == name);
        let value = value(same.unwrap_or(names.len()));
        names.push(name);
        let is_quoted = before.ends_with(['`', '\'', '"']) && behind.starts_with(['`', '\'', '"']);
        let value = if is_quoted { value.trim_matches('\'').to_owned() } else { value };
        text.push_str(&value);
        values.push(value);
        rest = behind;
    }
    text.push_str(rest);
    (text, values)
}

/// The sentences whose fields do not come back as `expected` tells.
fn faults(value: impl Fn(usize) -> String, expected: impl Fn(&str) -> String) -> Vec<String> {
    let mut faults = Vec::new();
    // Where nothing but a space or a comma stands between two fields, only what stands in them tells them apart.
    let is_told_apart = |source: &str| !["}{", "} {", "}, {"].iter().any(|between| source.contains(between));
    let sources = entries(include_str!("zh_CN.po")).map(|(source, _)| source);
    for source in sources.filter(|source| source.contains('{') && is_told_apart(source)) {
        let (text, values) = filled(source, &value);
        let translated = sentence::translate(&text, chinese());
        if !values.iter().all(|value| translated.contains(&expected(value)) || translated.contains(value.as_str())) {
            faults.push(format!("{text}\n    {translated}"));
        }
    }
    faults
}

#[test]
fn a_name_in_quotes_comes_back_as_it_was() {
    for name in ["in cn-hangzhou", "my: notes, old; x.png", "a) (b", "is Running", "no such. File"] {
        let faults = faults(|field| format!("'{field} {name}'"), str::to_owned);
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}

#[test]
fn a_list_stays_together() {
    let faults = faults(|field| format!("a{field}, b{field}, c{field}"), |list| list.replace(", ", "、"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn parentheses_stay_in_their_field() {
    let faults = faults(|field| format!("x{field} (all but y{field})"), str::to_owned);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn fields_at_the_end_are_told_apart() {
    for (text, expected) in [
        ("added profile p1 to /a.toml as the default profile", "已将配置 p1 添加到 /a.toml 并设为默认配置"),
        ("added profile p1 to '/my as.toml'", "已将配置 p1 添加到 '/my as.toml'"),
        ("internal error: broken (src/main.rs:1)", "内部错误：broken (src/main.rs:1)"),
        ("the console output of i-1 as of 2026 (3 min ago)", "i-1 的控制台输出，截至 2026（3 分钟前）"),
        ("i-1: no prompt for a password came for root", "i-1：root 的密码提示符没有出现"),
        (
            "i-1: no prompt for a password came for root, and no text cursor is seen",
            "i-1：root 的密码提示符没有出现，并且看不到文本光标",
        ),
        ("running; its boot log ends in panic, 3 min ago", "running；其启动日志以 panic 结束，3 分钟前"),
        ("taking screenshots [> ] 5 of 76", "正在获取截图 [> ] 5/76"),
        ("taking screenshots [> ] 5 of 76, 2 failed", "正在获取截图 [> ] 5/76，2 个失败"),
        ("76 instances: 76 done", "76 个实例：76 个已完成"),
        (
            "76 instances: 70 done, 6 failed; 7 requests throttled and repeated",
            "76 个实例：70 个已完成，6 个失败；7 个请求被限流并已重试",
        ),
    ] {
        assert_eq!(sentence::translate(text, chinese()), expected);
    }
}

#[test]
fn questions_are_whole() {
    for (text, expected) in [
        ("twin-01 matches 2 instances:", "twin-01 匹配 2 个实例："),
        (
            "remove the profile t1, AccessKey LTAI****abcd, from /a.toml?",
            "从 /a.toml 中删除配置 t1（AccessKey LTAI****abcd）？",
        ),
        (
            "Stop i-1 (web-01) in cn-hangzhou? It is Running; its system is shut down.",
            "停止 cn-hangzhou 的 i-1（web-01）？当前为 Running；系统将关闭。",
        ),
        ("<canceled>", "<已取消>"),
    ] {
        assert_eq!(sentence::translate(text, chinese()), expected);
    }
}
