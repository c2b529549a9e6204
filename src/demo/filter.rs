//! What DescribeInstances is asked for: conditions that all must hold.

use super::fault::Fault;
use super::fleet::Instance;
use super::regions;
use super::request_auth::AuthenticatedRequest;

/// The most values of a JSON array. Source: the vendor's page on DescribeInstances.
const MOST: usize = 100;

/// The most tags. Source: as above.
const TAGS: usize = 20;

const STATUSES: [&str; 5] = ["Pending", "Running", "Starting", "Stopping", "Stopped"];

/// The conditions of a request.
#[derive(Debug)]
pub(crate) struct Filter {
    /// RegionId.
    pub(crate) region: &'static str,
    /// Whoever asks for nothing in particular gets all; whoever asks for one of none gets nothing.
    ids: Option<Vec<String>>,
    name: Option<String>,
    status: Option<String>,
    private_ips: Option<Vec<String>>,
    public_ips: Option<Vec<String>>,
    eips: Option<Vec<String>>,
    /// Key, and value where one matters.
    tags: Vec<(String, Option<String>)>,
}

impl Filter {
    /// Reads the conditions.
    pub(crate) fn of(passed: &AuthenticatedRequest) -> Result<Self, Fault> {
        let status = passed.get("Status").map(str::to_owned);
        if status.as_ref().is_some_and(|status| !STATUSES.contains(&status.as_str())) {
            return Err(invalid("Status"));
        }
        Ok(Self {
            region: regions::of(passed)?.id,
            ids: list(passed, "InstanceIds")?,
            name: passed.get("InstanceName").map(str::to_owned),
            status,
            private_ips: list(passed, "PrivateIpAddresses")?,
            public_ips: list(passed, "PublicIpAddresses")?,
            eips: list(passed, "EipAddresses")?,
            tags: tags(passed)?,
        })
    }

    /// Whether an instance in this status is asked for.
    pub(crate) fn admits(&self, instance: &Instance, status: &str) -> bool {
        let among = |wanted: &Option<Vec<String>>, own: Option<&str>| {
            wanted.as_ref().is_none_or(|wanted| own.is_some_and(|own| wanted.iter().any(|one| one == own)))
        };
        let tagged = |(key, value): &(String, Option<String>)| {
            instance.tags.iter().any(|(k, v)| k == key && value.as_ref().is_none_or(|value| v == value))
        };
        among(&self.ids, Some(&instance.id))
            && self.name.as_ref().is_none_or(|pattern| fits(pattern, &instance.name))
            && self.status.as_ref().is_none_or(|wanted| wanted == status)
            && among(&self.private_ips, Some(&instance.private_ip))
            && among(&self.public_ips, instance.public_ip.as_deref())
            && among(&self.eips, instance.eip.as_deref())
            && self.tags.iter().all(tagged)
    }
}

/// A parameter whose value the operation does not take.
pub(crate) fn invalid(name: &str) -> Fault {
    Fault::new(400, "InvalidParameter", &format!("The specified parameter \"{name}\" is not valid."))
}

fn list(passed: &AuthenticatedRequest, name: &str) -> Result<Option<Vec<String>>, Fault> {
    let Some(text) = passed.get(name) else { return Ok(None) };
    let values: Vec<String> = serde_json::from_str(text).map_err(|_| invalid(name))?;
    if values.len() > MOST { Err(invalid(name)) } else { Ok(Some(values)) }
}

fn tags(passed: &AuthenticatedRequest) -> Result<Vec<(String, Option<String>)>, Fault> {
    let mut tags = Vec::new();
    for name in passed.parameters.keys().filter(|name| name.starts_with("Tag.")) {
        let (number, part) = name["Tag.".len()..].split_once('.').ok_or_else(|| invalid(name))?;
        let known = number.parse().is_ok_and(|number: usize| (1..=TAGS).contains(&number));
        let key = passed.get(&format!("Tag.{number}.Key"));
        match (known, part, key) {
            // An empty value is a value: only without one, any will do.
            (true, "Key", Some(key)) => {
                tags.push((key.to_owned(), passed.parameters.get(&format!("Tag.{number}.Value")).cloned()));
            }
            (true, "Value", Some(_)) => {}
            _ => return Err(invalid(name)),
        }
    }
    Ok(tags)
}

/// Whether a name is that of a pattern, in which `*` is any text.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::fleet;

    fn filter(parameters: &[(&str, &str)]) -> Result<Filter, Fault> {
        let all = parameters.iter().chain(&[("RegionId", "cn-hangzhou")]);
        Filter::of(&AuthenticatedRequest {
            parameters: all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..AuthenticatedRequest::default()
        })
    }

    /// The places of the instances that are found.
    fn found(parameters: &[(&str, &str)]) -> Vec<usize> {
        let filter = filter(parameters).unwrap();
        let all = fleet::of_region(filter.region, 0);
        all.filter(|instance| filter.admits(instance, instance.status)).map(|instance| instance.index).collect()
    }

    #[test]
    fn a_star_in_a_name_is_any_text() {
        for (pattern, name, expected) in [
            ("web-01", "web-01", true),
            ("web-01", "web-013", false),
            ("web", "web-01", false),
            ("web*", "web-01", true),
            ("*01", "web-01", true),
            ("w*0*1", "web-01", true),
            ("*库*", "数据库-042", true),
            ("**", "", true),
            ("a*a", "a", false),
            ("*b*b", "ab", false),
            ("*ab", "aab", true),
            ("*b", "abc", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn conditions_all_must_hold() {
        assert_eq!(found(&[]).len(), 400);
        assert_eq!(found(&[("InstanceIds", r#"["i-demo-linux","i-demo-0013","i-none"]"#)]), [0, 13]);
        assert_eq!(found(&[("InstanceIds", "[]")]), [0; 0], "the vendor's page: an empty array finds nothing");
        assert_eq!(found(&[("InstanceName", "twin-01")]), [100, 101]);
        assert_eq!(found(&[("InstanceName", "测试机-*")]).len(), 10);
        assert_eq!(found(&[("PrivateIpAddresses", r#"["10.0.0.23","10.0.1.10"]"#)]), [13, 200]);
        assert_eq!(found(&[("PublicIpAddresses", r#"["203.0.113.2"]"#)]), [13]);
        assert_eq!(found(&[("EipAddresses", r#"["198.51.100.2"]"#)]), [17]);
        assert_eq!(found(&[("Status", "Pending"), ("InstanceName", "cache-*")]), [24, 124, 224, 324]);
        assert_eq!(found(&[("PublicIpAddresses", r#"["203.0.113.2"]"#), ("Status", "Stopped")]), [0; 0]);
    }

    #[test]
    fn tags_match_by_key_and_by_value_where_one_is_given() {
        let count = |parameters| found(parameters).len();
        let (prod, test, all) = (
            count(&[("Tag.1.Key", "env"), ("Tag.1.Value", "prod")]),
            count(&[("Tag.1.Key", "env"), ("Tag.1.Value", "test")]),
            count(&[("Tag.20.Key", "env")]),
        );
        assert!(prod > 0 && test > 0 && prod + test == all);
        assert_eq!(count(&[("Tag.1.Key", "env"), ("Tag.1.Value", "")]), 0);
        assert!(count(&[("Tag.1.Key", "临时"), ("Tag.1.Value", "")]) > 0);
        assert!(found(&[("Tag.1.Key", "env"), ("Tag.1.Value", "prod"), ("Tag.2.Key", "团队")]).contains(&21));
        for bad in [("Tag.0.Key", "a"), ("Tag.21.Key", "a"), ("Tag.1.Value", "a"), ("Tag.1", "a"), ("Tag.x.Key", "a")] {
            assert_eq!(filter(&[bad]).unwrap_err().code, "InvalidParameter", "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_list_of_100_or_no_status_is_refused() {
        let ids = |count: usize| serde_json::to_string(&vec!["i-1"; count]).unwrap();
        assert!(filter(&[("InstanceIds", &ids(100))]).is_ok());
        for (name, value) in [
            ("InstanceIds", ids(101).as_str()),
            ("InstanceIds", "i-1"),
            ("PrivateIpAddresses", "10.0.0.1"),
            ("PublicIpAddresses", "{}"),
            ("EipAddresses", "[1]"),
            ("Status", "running"),
        ] {
            assert_eq!(filter(&[(name, value)]).unwrap_err().code, "InvalidParameter", "{name}");
        }
    }
}
