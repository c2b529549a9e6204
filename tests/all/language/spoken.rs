//! What a person reads who speaks Chinese: help, errors and their hints. JSON stays English.

use crate::help::commands;
use crate::sandbox::Sandbox;

fn in_chinese() -> Sandbox {
    Sandbox::new().env("LANG", "zh_CN.UTF-8").env("COLUMNS", "80")
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether a line has an English sentence and no Chinese: four words in small letters that follow each other.
fn is_english(line: &str) -> bool {
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words: Vec<&str> = line.split(' ').collect();
    !line.contains(is_chinese) && words.windows(4).any(|four| four.iter().all(is_word))
}

#[test]
fn the_help_of_each_command_is_chinese() {
    let sandbox = in_chinese();
    let mut faults = Vec::new();
    for command in commands() {
        for flag in ["-h", "--help"] {
            let words: Vec<&str> = command.split_whitespace().chain([flag]).collect();
            let help = sandbox.run(&words).ends(0).stdout;
            assert!(help.contains("用法：") && help.contains(is_chinese), "{command}: {help}");
            let lines = help.lines().filter(|line| is_english(line) || is_mixed(line));
            let lines = lines.filter(|line| !line.trim_start().starts_with("ecs-vnc"));
            faults.extend(lines.map(|line| format!("{command} {flag}: {line}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether the punctuation is of both languages.
fn is_mixed(line: &str) -> bool {
    ["。.", "： ", "。。", "格式: "].iter().any(|marks| line.contains(marks))
        || (line.contains(is_chinese) && line.ends_with(':'))
}

#[test]
fn an_english_line_is_found() {
    assert!(is_english("          Wait until the screen shows a text") && is_english("this one is english too"));
    assert!(!is_english("等待屏幕 the screen shows a text") && !is_english("key  type  wait  script"));
}

#[test]
fn errors_and_hints_are_chinese_and_json_is_not() {
    let sandbox = in_chinese();
    let missing = ["screenshot", "--profile", "demo", "no-such-instance", "-r", "cn-hangzhou"];
    sandbox.run(&missing).ends(4).says(&["错误：没有名为 no-such-instance 的实例", "提示：名称必须完全匹配"]);
    let everywhere = sandbox.run(&["screenshot", "--profile", "demo", "no-such-instance"]).ends(4);
    everywhere.says(&["对于未搜索的部分", "或换用 me-central-1 以外的地域"]);
    sandbox.run(&["list", "--nothing"]).ends(2).says(&["错误：出现了意外的参数 '--nothing'", "用法：ecs-vnc list"]);
    sandbox
        .run(&["wait", "--timeout", "x", "i-1", "--change"])
        .ends(2)
        .says(&["不是时间；请使用 30、30s、500ms 或 2m"]);
    let json = sandbox.run(&[&missing[..], &["-o", "json"]].concat()).ends(4);
    assert!(json.stderr.contains("names must match exactly") && !json.stderr.contains(is_chinese), "{}", json.stderr);
}

#[test]
fn flag_variable_file_and_locale_choose_the_language() {
    let says = |sandbox: &Sandbox, args: &[&str], word: &str| {
        sandbox.run(&[args, &["list", "--nothing"]].concat()).ends(2).says(&[word]);
    };
    says(&in_chinese(), &["--lang", "en"], "error: unexpected argument");
    says(&in_chinese().env("ECS_VNC_LANG", "en"), &[], "error: unexpected argument");
    says(&Sandbox::new(), &["--lang", "zh"], "错误：");
    says(&Sandbox::new().config("language = 'zh'\n"), &[], "错误：");
    says(&in_chinese().config("language = 'en'\n"), &[], "error: unexpected argument");
    says(&Sandbox::new().env("LANG", "zh_TW.UTF-8"), &[], "error: unexpected argument");
    Sandbox::new().config("language = 'fr'\n").run(&["list"]).ends(2).says(&["\"zh\" or \"en\""]);
    Sandbox::new().run(&["list", "--lang", "fr"]).ends(2).says(&["invalid value 'fr'"]);
}
