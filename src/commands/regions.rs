//! `ecs-vnc regions`: the regions of the account.

use clap::{Args, ValueEnum};

use crate::account::Account;
use crate::account::regional_clients::ANY_REGION;
use crate::api::operations::Region;
use crate::command_error::CommandError;
use crate::commands::help::{Example, examples};
use crate::error_kind::ExitCode;
use crate::settings::Context;
use crate::system::environment::Environment;
use crate::text::table::format_table;

const EXAMPLES: &[Example] = &[
    ("List the regions of the account", "ecs-vnc regions"),
    ("List them with their Chinese names", "ecs-vnc regions --lang zh"),
];

/// List the regions with their names and endpoints.
#[derive(Args, Debug)]
#[command(after_help = examples(EXAMPLES))]
pub(crate) struct RegionsArgs {
    /// Print the names in this language.
    ///
    /// The default is the language of the locale (LC_ALL, LC_MESSAGES, LANG), or else of the profile, or else English.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Option<Language>,
}

/// The languages in which region names can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Chinese names
    Zh,
    /// English names
    En,
}

impl Language {
    /// Returns the language of the locale, or `None` for the locales C and POSIX and if no locale is set. The first
    /// variable that is set decides. Source: POSIX, Base Definitions, section 8.2.
    fn of_locale(env: &Environment) -> Option<Self> {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| env.get(name))?;
        let is_neutral = locale == "POSIX" || locale == "C" || locale.starts_with("C.");
        (!is_neutral).then(|| Self::from_tag(locale))
    }

    /// Returns the language of a locale such as `zh_CN.UTF-8`, or of a profile's `language`. English is the default.
    fn from_tag(name: &str) -> Self {
        if name.starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The value of the API's AcceptLanguage parameter.
    fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en-US",
        }
    }
}

/// Runs the verb.
pub(crate) async fn run(args: RegionsArgs, context: &Context) -> Result<ExitCode, CommandError> {
    let output = context.output;
    let settings = context.settings()?;
    let of_profile = || settings.language.as_deref().map(Language::from_tag);
    let language = args.lang.or_else(|| Language::of_locale(&context.env)).or_else(of_profile).unwrap_or(Language::En);
    let account = Account::open(&settings, settings.timeout()?, context).await?;
    let answer = account.clients.first().describe_regions(Some(language.code()), account.limit()).await;
    let mut regions = answer.map_err(|error| {
        let region = account.region.as_deref().unwrap_or(ANY_REGION);
        account.explain(error, "DescribeRegions", region, "", None)
    })?;
    regions.sort_by(|a, b| a.region_id.cmp(&b.region_id));
    if output.is_json() {
        regions.iter().try_for_each(|region| output.json(region))?;
    } else if !regions.is_empty() {
        let cell = |cell: &String| if cell.is_empty() { "-".to_owned() } else { cell.clone() };
        let row = |region: &Region| [&region.region_id, &region.local_name, &region.region_endpoint].map(cell).to_vec();
        let rows: Vec<Vec<String>> = regions.iter().map(row).collect();
        format_table(&["REGION", "NAME", "ENDPOINT"], &rows).iter().try_for_each(|line| output.line(line))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides_the_language() {
        for (variables, expected) in [
            (&[("LANG", "zh_CN.UTF-8")][..], Some(Language::Zh)),
            (&[("LANG", "en_US.UTF-8"), ("LC_ALL", "zh_TW")], Some(Language::Zh)),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "C")], None),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "zh_CN"), ("LANG", "de_DE")], Some(Language::Zh)),
            (&[("LANG", "de_DE")], Some(Language::En)),
            (&[("LANG", "C.UTF-8")], None),
            (&[], None),
        ] {
            assert_eq!(Language::of_locale(&variables.iter().copied().collect()), expected, "{variables:?}");
        }
    }
}
