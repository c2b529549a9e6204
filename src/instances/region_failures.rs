//! What is said of regions that could not be searched or listed: one text for all that failed alike. Pure.

use std::collections::BTreeSet;

use crate::command_error::CommandError;

/// A region's id, and why its instances are not known.
pub(crate) type RegionFailure = (String, CommandError);

/// Describes `failures`, such as `cn-beijing, us-east-1: Forbidden.RAM: …`. Regions that failed alike share a text, which
/// has the error of the first of them. `all` are the regions that were asked.
pub(crate) fn describe_failures(failures: &[RegionFailure], all: &BTreeSet<String>) -> Vec<String> {
    let mut groups: Vec<(String, &CommandError, BTreeSet<String>)> = Vec::new();
    for (region, error) in failures {
        let kind = kind_of_failure(region, error);
        match groups.iter_mut().find(|(other, ..)| *other == kind) {
            Some((.., regions)) => {
                regions.insert(region.clone());
            }
            None => groups.push((kind, error, BTreeSet::from([region.clone()]))),
        }
    }
    groups.iter().map(|(_, error, regions)| format!("{}: {:#}", name_regions(regions, all), error.error)).collect()
}

/// Names these regions of `all`: one by one, or by the exceptions if those are fewer.
pub(crate) fn name_regions(regions: &BTreeSet<String>, all: &BTreeSet<String>) -> String {
    let join = |regions: &BTreeSet<String>| regions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let exceptions: BTreeSet<String> = all.difference(regions).cloned().collect();
    match (regions.len(), exceptions.len()) {
        (count, _) if count <= 3 => join(regions),
        (count, 0) => format!("all {count} regions"),
        (count, others) if others < count => format!("{count} regions (all but {})", join(&exceptions)),
        _ => join(regions),
    }
}

/// The error without what differs between regions: the service's code, or the text without the region's id.
fn kind_of_failure(region: &str, error: &CommandError) -> String {
    match &error.service {
        Some(service) => service.code.clone(),
        None => format!("{:#}", error.error).replace(region, "REGION"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_kind::ErrorKind;

    fn set(regions: &[&str]) -> BTreeSet<String> {
        regions.iter().map(|region| (*region).to_owned()).collect()
    }

    #[test]
    fn regions_are_named_one_by_one_or_by_their_exceptions() {
        let all = set(&["a", "b", "c", "d", "e", "f"]);
        assert_eq!(name_regions(&set(&["a", "b"]), &all), "a, b");
        assert_eq!(name_regions(&set(&["a", "b", "c", "d"]), &all), "4 regions (all but e, f)");
        assert_eq!(name_regions(&all, &all), "all 6 regions");
    }

    #[test]
    fn regions_that_fail_alike_share_a_text() {
        let failure = |region: &str, text: &str| {
            (region.to_owned(), CommandError::message(ErrorKind::CannotConnect, format!("ecs.{region}.x: {text}")))
        };
        let failures = [failure("cn-a", "refused"), failure("cn-b", "no route"), failure("cn-c", "refused")];
        let all = set(&["cn-a", "cn-b", "cn-c", "cn-d"]);
        assert_eq!(
            describe_failures(&failures, &all),
            ["cn-a, cn-c: ecs.cn-a.x: refused", "cn-b: ecs.cn-b.x: no route"]
        );
    }
}
