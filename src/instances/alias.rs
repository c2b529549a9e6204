//! From a name in `[alias]` of the configuration to what it stands for.

use crate::account::Account;
use crate::api::endpoint::check_region;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::settings::aliases::Aliases;
use crate::terminal::output::Output;

/// What a name of the configuration stands for.
pub(crate) struct Alias {
    name: String,
    pub(crate) target: InstanceSelector,
    /// The region of a target that is written as REGION/INSTANCE.
    pub(crate) region: Option<String>,
}

impl Alias {
    /// Adds the alias to an error about what it stands for.
    pub(super) fn explain(&self, error: CommandError, aliases: &Aliases) -> CommandError {
        let error = match &self.target {
            InstanceSelector::Name(name) if error.kind == ErrorKind::NotFound && aliases.get(name).is_some() => {
                error.hint("an alias does not name another alias; write the instance itself in [alias]")
            }
            _ => error,
        };
        named_by_alias(error, &self.name, &self.target.to_string())
    }
}

/// Says in an error that the user named the instance by an alias.
pub(super) fn named_by_alias(error: CommandError, name: &str, target: &str) -> CommandError {
    CommandError { error: error.error.context(format!("the alias {name} stands for {target}")), ..error }
}

/// Returns what the selector stands for if it is an alias. An alias wins over an instance of the same name.
pub(crate) fn find_alias(
    account: &Account,
    selector: &InstanceSelector,
    output: Output,
) -> Result<Option<Alias>, CommandError> {
    let pinned_region = account.region.as_deref().filter(|_| account.is_pinned);
    find_alias_in(&account.aliases, selector, pinned_region, output)
}

/// The same without an account. `pinned_region` is that of `--region`, in which the instance must be.
pub(crate) fn find_alias_in(
    aliases: &Aliases,
    selector: &InstanceSelector,
    pinned_region: Option<&str>,
    output: Output,
) -> Result<Option<Alias>, CommandError> {
    let InstanceSelector::Name(name) = selector else { return Ok(None) };
    let Some(text) = aliases.get(name) else { return Ok(None) };
    let place = aliases.place();
    let fault = |text: String| {
        CommandError::message(ErrorKind::Usage, format!("{place}: the alias {name}: {text}"))
            .hint("an alias is an instance, such as \"i-bp1hzoinajzkh91h\" or \"cn-hangzhou/i-bp1hzoinajzkh91h\"")
    };
    let (region, target) = match text.split_once('/') {
        Some((region, target)) => (Some(region.trim()), target),
        None => (None, text),
    };
    region.map(check_region).transpose().map_err(|error| fault(error.to_string()))?;
    let target = match InstanceSelector::parse(target).map_err(&fault)? {
        InstanceSelector::Name(name) if name.contains(['*', '?']) => {
            return Err(fault("it stands for one instance, and no pattern".to_owned()));
        }
        target => target,
    };
    if let (Some(region), Some(wanted)) = (region, pinned_region)
        && region != wanted
    {
        let message = format!("the alias {name} is in {region}, and not in {wanted}");
        return Err(CommandError::message(ErrorKind::Usage, message).hint("leave --region out"));
    }
    output.detail(1, &format!("{name} is an alias of {text} ({place}); an instance of that name is not looked for"));
    if let InstanceSelector::Id(id) = &target {
        aliases.set_used(name, id);
    }
    Ok(Some(Alias { name: name.clone(), target, region: region.map(str::to_owned) }))
}
