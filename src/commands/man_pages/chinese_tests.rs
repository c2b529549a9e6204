//! The words of the Chinese pages.

use super::wording_tests::Wording;
use crate::language::Language;

pub(super) const CHINESE: Wording = Wording {
    language: Language::Chinese,
    directory: "zh_CN",
    // Chinese has few spaces, where troff breaks lines. With these it breaks them beside Chinese characters. Only groff has
    // the register .x, as mandoc reads no macros of others. Source: zh.tmac of groff.
    macros: ".if \\n(.x .mso zh.tmac",
    manual: "ecs-vnc 手册",
    name: "名称",
    synopsis: "概要",
    description: "描述",
    commands: "命令",
    arguments: "参数",
    options: "选项",
    files: "文件",
    environment: "环境变量",
    exit_status: "退出状态",
    examples: "示例",
    see_also: "另请参阅",
    copyright: "版权",
    default: "默认值",
    comma: "、",
    global_options: "所有命令还接受 {options}。其说明见",
    more_environment: "访问凭证、地域、代理和证书的变量列在",
    exec_status: "命令在客户机系统中的退出码。ecs-vnc 本身失败时为 255，参数错误时为 2。",
    account_files: [
        ("~/.config/ecs-vnc/config.toml", "ecs-vnc 的配置（profile）。--config 或 ECS_VNC_CONFIG 可指定其他文件。"),
        ("~/.aliyun/config.json", "官方 CLI 的配置（profile）。只读取，不修改。"),
        ("~/.alibabacloud/credentials.ini", "SDK 的配置（profile）。只读取，不修改。"),
        ("~/.cache/ecs-vnc/", "临时访问凭证，保留到过期为止。只有你能读取。使用 --no-cache 时不用它们。"),
    ],
    shared_session_files: [(
        "$XDG_RUNTIME_DIR/ecs-vnc/",
        "你的各个命令共用的会话的套接字。没有运行时目录时，位于 ~/.cache/ecs-vnc。",
    )],
    reader_files: [("~/.cache/ecs-vnc/learned.keys", "`ecs-vnc text --learn` 学习的字符。")],
    font_files: [
        ("/usr/share/consolefonts/, /usr/share/kbd/consolefonts/, /usr/lib/kbd/consolefonts/", "文本控制台的字体。"),
        ("/boot/grub/fonts/, /usr/share/grub/", "GRUB 的字体。"),
    ],
    completion_files: [
        ("/usr/share/bash-completion/completions/ecs-vnc", "bash 的补全脚本，由软件包安装时的位置。"),
        ("/usr/share/zsh/vendor-completions/_ecs-vnc", "zsh 的补全脚本。"),
        ("/usr/share/fish/vendor_completions.d/ecs-vnc.fish", "fish 的补全脚本。"),
    ],
    manual_files: [
        ("/usr/share/man/zh_CN/man1/", "手册页，每个命令一页，由软件包安装时的位置。"),
        ("/usr/share/man/man1/", "这些手册页的英文版。"),
    ],
    example_files: [("/usr/share/doc/ecs-vnc/config.example.toml", "配置文件的示例，包含所有键。")],
};
