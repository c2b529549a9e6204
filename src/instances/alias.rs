//! From a name in `[alias]` of the configuration to what it stands for.

use crate::account::Account;
use crate::api::endpoint::check_region;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::instances::InstanceSelector;
use crate::terminal::output::Output;

/// What a name of the configuration stands for.
pub(super) struct Alias {
    name: String,
    pub(super) target: InstanceSelector,
    /// The region of a target that is written as REGION/INSTANCE.
    pub(super) region: Option<String>,
}

impl Alias {
    /// Adds the alias to an error about what it stands for.
    pub(super) fn explain(&self, error: CommandError) -> CommandError {
        named_by_alias(error, &self.name, &self.target.to_string())
    }
}

/// Says in an error that the user named the instance by an alias.
pub(super) fn named_by_alias(error: CommandError, name: &str, target: &str) -> CommandError {
    CommandError { error: error.error.context(format!("the alias {name} stands for {target}")), ..error }
}

/// Returns what the selector stands for if it is an alias. An alias wins over an instance of the same name.
pub(super) fn find_alias(
    account: &Account,
    selector: &InstanceSelector,
    output: Output,
) -> Result<Option<Alias>, CommandError> {
    let InstanceSelector::Name(name) = selector else { return Ok(None) };
    let Some(text) = account.aliases.get(name) else { return Ok(None) };
    let place = account.aliases.place();
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
    if let (Some(region), Some(wanted), true) = (region, &account.region, account.is_pinned)
        && region != wanted
    {
        let message = format!("the alias {name} is in {region}, and not in {wanted}");
        return Err(CommandError::message(ErrorKind::Usage, message).hint("leave --region out"));
    }
    output.detail(1, &format!("{name} is an alias of {text} ({place}); an instance of that name is not looked for"));
    if let InstanceSelector::Id(id) = &target {
        account.aliases.set_used(name, id);
    }
    Ok(Some(Alias { name: name.clone(), target, region: region.map(str::to_owned) }))
}
