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
    sandbox
        .run(&missing)
        .ends(4)
        .says(&["错误：cn-hangzhou 中没有名为 no-such-instance 的实例", "提示：名称必须完全匹配"]);
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

/// Two words of a sentence that is not Chinese. The service speaks English.
fn has_english(text: &str) -> bool {
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(2).any(|two| two.iter().all(is_word))
}

#[test]
fn sentences_with_names_and_lists_are_whole() {
    let sandbox = in_chinese();
    let whole = |args: &[&str], code: i32, texts: &[&str]| {
        let run = sandbox.run(args).ends(code).says(texts);
        assert!(!has_english(&run.stderr), "{}", run.stderr);
    };
    whole(&["list", "--profile", "nope"], 4, &["config.json 或 ", "credentials.ini 中没有配置 nope"]);
    whole(&["list", "--profile", "demo", "--sort", "nope"], 2, &["列名须为 id、name、status、", "、screen 之一"]);
    whole(&["lst"], 2, &["相似的子命令：'stop'、'ls'、'list'"]);
    whole(&["demo", "--instances", "3"], 2, &["3 不在 10 到 10000 的范围内"]);
    whole(&["text", "--image", "my: notes, old; x.png"], 2, &["无法读取 'my: notes, old; x.png'：没有该文件或目录"]);
    whole(&["list", "nothing", "--profile", "demo"], 0, &["cn-hangzhou 中没有符合条件的实例"]);
    whole(
        &["stop", "web-01", "--profile", "demo", "--yes"],
        0,
        &["cn-hangzhou 的 i-demo-linux（web-01）现在为 Stopping"],
    );
    whole(&["bootlog", "web-01", "--profile", "demo"], 0, &["i-demo-linux 的控制台输出，截至 "]);
    let asked = ["wait", "web-02", "--profile", "demo", "--text", "zzz", "--timeout", "1"];
    sandbox.run(&asked).ends(40).says(&["屏幕上没有与 \"zzz\" 匹配的文本（已等待 1 秒）"]);
    let id = sandbox.run(&["vnc-url", "i-nope", "--profile", "demo"]).ends(4);
    id.says(&["在 28 个地域（me-central-1 除外）中没有实例 i-nope；", "；无法搜索 me-central-1：Forbidden: User"]);
    let name = sandbox.run(&["vnc-url", "in cn-hangzhou", "--profile", "demo"]).ends(4);
    name.says(&["28 个地域（me-central-1 除外）中没有名为 'in cn-hangzhou' 的实例；无法搜索"]);
    in_chinese()
        .env("ECS_VNC_OUTPUT", "xml")
        .run(&["list"])
        .ends(2)
        .says(&["ECS_VNC_OUTPUT：`xml` 不是 text、json 之一"]);
}

#[test]
fn what_is_said_of_profiles_is_whole() {
    let sandbox = in_chinese().stdin("LTAI5tExample\nsecret\n\n");
    let add = ["profile", "add", "p1", "--no-verify", "--region", "cn-hangzhou"];
    sandbox.run(&add).ends(0).says(&["config.toml 并设为默认配置"]);
    sandbox.run(&["profile", "remove", "p1"]).ends(2).says(&["`profile remove` 在执行前会询问，而没有终端"]);
    let edit = in_chinese().config("").env("EDITOR", "/no/editor");
    edit.run(&["profile", "edit"]).says(&["编辑器 /no/editor (EDITOR) 无法启动：没有该文件或目录"]);
    let mode = in_chinese().config("[profile.x]\nmode = 'Foo'\n").run(&["list", "--profile", "x"]);
    mode.says(&["[profile.x] 中的 `mode` 必须是 \"AK\" 或 \"StsToken\" 或 "]);
}

#[test]
fn the_report_of_doctor_is_chinese_but_for_the_names_of_its_checks() {
    let sandbox = in_chinese().env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let report = sandbox.run(&["doctor"]).stdout;
    let found = "没有找到 AccessKey（已查找 environment：未设置 ALIBABA_CLOUD_ACCESS_KEY_ID；已查找 OIDC";
    for text in [found, "- credentials：没有找到", "official CLI  ", "已被 ALIBABA_CLOUD_ECS_METADATA_DISABLED 禁用）"]
    {
        assert!(report.contains(text), "{text}: {report}");
    }
    let demo = sandbox.run(&["doctor", "--profile", "demo"]).stdout;
    for text in ["demo，由 --profile 选择", "demo****y-id，长期密钥", "来自内置配置", "VNC 密码未设置"]
    {
        assert!(demo.contains(text), "{text}: {demo}");
    }
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
