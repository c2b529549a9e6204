//! The conditions of a DescribeInstances request.

use super::fault::Fault;
use super::fleet::Instance;
use super::regions;
use super::request_auth::AuthenticatedRequest;

/// The most values of a JSON array. Source: the vendor's page on DescribeInstances.
const MAX_VALUES: usize = 100;

/// The most tags. Source: as above.
const MAX_TAGS: usize = 20;

const STATUSES: [&str; 5] = ["Pending", "Running", "Starting", "Stopping", "Stopped"];

/// The conditions, all of which an instance must meet.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) region: &'static str,
    /// `None` for any instance. An empty list matches none, as in each list below.
    ids: Option<Vec<String>>,
    name: Option<String>,
    status: Option<String>,
    private_ips: Option<Vec<String>>,
    public_ips: Option<Vec<String>>,
    eips: Option<Vec<String>>,
    /// Keys, and their values, `None` for any value.
    tags: Vec<(String, Option<String>)>,
}

impl Filter {
    pub(crate) fn from_request(request: &AuthenticatedRequest) -> Result<Self, Fault> {
        let status = request.get("Status").map(str::to_owned);
        if status.as_ref().is_some_and(|status| !STATUSES.contains(&status.as_str())) {
            return Err(invalid_parameter("Status"));
        }
        Ok(Self {
            region: regions::requested(request)?.id,
            ids: read_list(request, "InstanceIds")?,
            name: request.get("InstanceName").map(str::to_owned),
            status,
            private_ips: read_list(request, "PrivateIpAddresses")?,
            public_ips: read_list(request, "PublicIpAddresses")?,
            eips: read_list(request, "EipAddresses")?,
            tags: read_tags(request)?,
        })
    }

    /// Whether an instance that has this status meets all conditions.
    pub(crate) fn matches(&self, instance: &Instance, status: &str) -> bool {
        let is_among = |wanted: &Option<Vec<String>>, own: Option<&str>| {
            wanted.as_ref().is_none_or(|wanted| own.is_some_and(|own| wanted.iter().any(|one| one == own)))
        };
        let has_tag = |(key, value): &(String, Option<String>)| {
            instance.tags.iter().any(|(k, v)| k == key && value.as_ref().is_none_or(|value| v == value))
        };
        is_among(&self.ids, Some(&instance.id))
            && self.name.as_ref().is_none_or(|pattern| matches_pattern(pattern, &instance.name))
            && self.status.as_ref().is_none_or(|wanted| wanted == status)
            && is_among(&self.private_ips, Some(&instance.private_ip))
            && is_among(&self.public_ips, instance.public_ip.as_deref())
            && is_among(&self.eips, instance.eip.as_deref())
            && self.tags.iter().all(has_tag)
    }
}

/// The error for a parameter whose value is not valid.
pub(crate) fn invalid_parameter(name: &str) -> Fault {
    Fault::new(400, "InvalidParameter", &format!("The specified parameter \"{name}\" is not valid."))
}

fn read_list(request: &AuthenticatedRequest, name: &str) -> Result<Option<Vec<String>>, Fault> {
    let Some(text) = request.get(name) else { return Ok(None) };
    let values: Vec<String> = serde_json::from_str(text).map_err(|_| invalid_parameter(name))?;
    if values.len() > MAX_VALUES { Err(invalid_parameter(name)) } else { Ok(Some(values)) }
}

fn read_tags(request: &AuthenticatedRequest) -> Result<Vec<(String, Option<String>)>, Fault> {
    let mut tags = Vec::new();
    for name in request.parameters.keys().filter(|name| name.starts_with("Tag.")) {
        let (number, part) = name["Tag.".len()..].split_once('.').ok_or_else(|| invalid_parameter(name))?;
        let is_valid_number = number.parse().is_ok_and(|number: usize| (1..=MAX_TAGS).contains(&number));
        let key = request.get(&format!("Tag.{number}.Key"));
        match (is_valid_number, part, key) {
            // An empty value is a condition, too; without the parameter any value matches.
            (true, "Key", Some(key)) => {
                tags.push((key.to_owned(), request.parameters.get(&format!("Tag.{number}.Value")).cloned()));
            }
            (true, "Value", Some(_)) => {}
            _ => return Err(invalid_parameter(name)),
        }
    }
    Ok(tags)
}

/// Whether a name matches a pattern, in which `*` stands for any text.
fn matches_pattern(pattern: &str, name: &str) -> bool {
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
    use crate::demo::fleet::Fleet;

    fn filter(parameters: &[(&str, &str)]) -> Result<Filter, Fault> {
        let all = parameters.iter().chain(&[("RegionId", "cn-hangzhou")]);
        Filter::from_request(&AuthenticatedRequest {
            parameters: all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..AuthenticatedRequest::default()
        })
    }

    /// The indices of the matching instances.
    fn found(parameters: &[(&str, &str)]) -> Vec<usize> {
        let filter = filter(parameters).unwrap();
        let all = Fleet::default().of_region(filter.region, 0);
        all.filter(|instance| filter.matches(instance, instance.status)).map(|instance| instance.index).collect()
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
            assert_eq!(matches_pattern(pattern, name), expected, "{pattern} {name}");
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
