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

/// The languages this tool is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Chinese names
    Zh,
    /// English names
    En,
}

impl Language {
    /// The locale's language, where it has one. POSIX, Base Definitions 8.2: the first of these that is set counts.
    fn of_locale(env: &Environment) -> Option<Self> {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| env.get(name))?;
        let is_nobodys = locale == "POSIX" || locale == "C" || locale.starts_with("C.");
        (!is_nobodys).then(|| Self::named(locale))
    }

    /// That of a locale, or of a profile.
    fn named(name: &str) -> Self {
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
    let set = || settings.language.as_deref().map(Language::named);
    let language = args.lang.or_else(|| Language::of_locale(&context.env)).or_else(set).unwrap_or(Language::En);
    let session = Account::open(&settings, settings.timeout(), context).await?;
    let asked = session.clients.first().describe_regions(Some(language.code()), session.limit).await;
    let mut regions = asked.map_err(|error| {
        let region = session.region.as_deref().unwrap_or(ANY_REGION);
        session.explain(error, "DescribeRegions", region, "", None)
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
    fn the_first_variable_that_is_set_says_the_language() {
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
