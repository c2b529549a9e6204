//! How shells set environment variables.

use clap::ValueEnum;

use crate::system::environment::Environment;
use crate::system::platform::System;

/// The shells whose lines differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VariableSyntax {
    /// sh, bash, zsh and fish
    Sh,
    /// Windows PowerShell, and PowerShell of any system.
    #[value(help = "PowerShell")]
    Powershell,
    /// The Command Prompt of Windows
    Cmd,
}

impl VariableSyntax {
    /// The shell that most likely reads the lines. On Windows nothing tells PowerShell from cmd; only shells from Unix set `SHELL`.
    pub(super) fn usual(system: System, env: &Environment) -> Self {
        match system {
            System::Windows if env.get("SHELL").is_none() => Self::Powershell,
            System::Linux | System::MacOs | System::Windows => Self::Sh,
        }
    }

    /// The line that sets a variable to a value without quotes, spaces and `%`. It has no comment, which zsh does not take at its
    /// prompt, and no quotes that sh does not need.
    pub(super) fn assignment(self, name: &str, value: &str) -> String {
        match self {
            Self::Sh => format!("export {name}={value}"),
            Self::Powershell => format!("$env:{name} = '{value}'"),
            // Without the quotes, a space after the line becomes a part of the value.
            Self::Cmd => format!("set \"{name}={value}\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_shell_is_that_of_the_system() {
        let usual = |system, pairs: &[(&str, &str)]| VariableSyntax::usual(system, &pairs.iter().copied().collect());
        assert_eq!(usual(System::Windows, &[]), VariableSyntax::Powershell);
        assert_eq!(usual(System::Windows, &[("SHELL", "/usr/bin/bash")]), VariableSyntax::Sh);
        assert_eq!(usual(System::MacOs, &[]), VariableSyntax::Sh);
        assert_eq!(usual(System::Linux, &[("SHELL", "/usr/bin/pwsh")]), VariableSyntax::Sh);
    }

    /// Source: `about_Environment_Variables` of PowerShell; `set /?` of cmd.
    #[test]
    fn each_shell_has_its_own_line() {
        let line = |shell: VariableSyntax| shell.assignment("A_B", "http://127.0.0.1:80");
        assert_eq!(line(VariableSyntax::Sh), "export A_B=http://127.0.0.1:80");
        assert_eq!(line(VariableSyntax::Powershell), "$env:A_B = 'http://127.0.0.1:80'");
        assert_eq!(line(VariableSyntax::Cmd), "set \"A_B=http://127.0.0.1:80\"");
    }
}
