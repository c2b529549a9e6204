//! The hosts that are reached without the proxy: the list in NO_PROXY. Pure.
//!
//! Source: the man page of curl's `--noproxy`, and Go's package golang.org/x/net/http/httpproxy, whose lists differ only
//! in what each adds. Entries end at commas and blanks. `*` is every host. A name, with or without a dot in front, is
//! that host and its subdomains, `*.NAME` its subdomains only. An address may have a prefix length (`10.0.0.0/8`). A
//! name or an address may have a port, and then counts for that port only.

use std::net::IpAddr;

use ipnet::IpNet;

/// Whether `list` has an entry for `host` (a name, or an address without brackets) at `port`.
pub fn contains(list: &str, host: &str, port: u16) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut entries = list.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty());
    entries.any(|entry| {
        let (pattern, only_port) = split_port(entry);
        only_port.is_none_or(|only| only == port) && matches(pattern, host)
    })
}

/// Splits `NAME:PORT`, `ADDRESS:PORT` and `[IPV6]:PORT`.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let (pattern, port) = match entry.rsplit_once(':') {
        // More colons without brackets are those of an IPv6 address.
        Some((pattern, port)) if pattern.ends_with(']') || !pattern.contains(':') => match port.parse() {
            Ok(port) => (pattern, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    };
    (pattern.trim_start_matches('[').trim_end_matches(']'), port)
}

fn matches(pattern: &str, host: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return pattern.parse() == Ok(address) || pattern.parse().is_ok_and(|net: IpNet| net.contains(&address));
    }
    let (pattern, host) =
        (pattern.strip_suffix('.').unwrap_or(pattern).to_ascii_lowercase(), host.to_ascii_lowercase());
    let (name, is_subdomain_only) = match pattern.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (pattern.strip_prefix('.').unwrap_or(&pattern), false),
    };
    match host.strip_suffix(name) {
        Some("") => !is_subdomain_only,
        Some(subdomain) => !name.is_empty() && subdomain.ends_with('.'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::contains;

    /// Source of the cases on local.com and 192.168.0.0/16: the man page of curl, `--noproxy`. Of those on foo.com, y.com
    /// and 1.2.3.4: the documentation of Go's httpproxy. They differ on `.y.com`, which for curl is y.com, too.
    #[test]
    fn entries_are_those_of_curl_and_go() {
        for (list, host, port) in [
            ("local.com", "local.com", 443),
            ("local.com", "local.com", 80),
            ("local.com", "www.local.com", 443),
            ("192.168.0.0/16", "192.168.1.1", 443),
            ("foo.com", "bar.foo.com", 443),
            (".y.com", "x.y.com", 443),
            (".y.com", "y.com", 443),
            ("*.y.com", "x.y.com", 443),
            ("1.2.3.4", "1.2.3.4", 443),
            ("1.2.3.4/8", "1.9.9.9", 443),
            ("1.2.3.4:80", "1.2.3.4", 80),
            ("foo.com:443", "www.foo.com", 443),
            ("*", "1.2.3.4", 443),
            ("*", "2001:db8::1", 443),
            ("a.com *", "foo.com", 443),
            ("a.com foo.com", "foo.com", 443),
            ("a.com,\tfoo.com\r\n", "foo.com", 443),
            ("FOO.com.", "foo.COM", 443),
            ("foo.com", "foo.com.", 443),
            ("2001:db8::1", "2001:db8::1", 443),
            ("[2001:db8::1]", "2001:db8::1", 443),
            ("[2001:db8::1]:443", "2001:db8::1", 443),
            ("2001:db8::/32", "2001:db8::1", 443),
        ] {
            assert!(contains(list, host, port), "{list} {host}:{port}");
        }
        for (list, host, port) in [
            ("local.com", "www.notlocal.com", 443),
            ("192.168.0.0/16", "192.169.1.1", 443),
            ("*.y.com", "y.com", 443),
            ("1.2.3.4:80", "1.2.3.4", 443),
            ("foo.com:80", "foo.com", 443),
            ("[2001:db8::1]:80", "2001:db8::1", 443),
            ("2001:db8::1", "2001:db8::2", 443),
            ("foo*", "foo.com", 443),
            ("com", "1.2.3.4", 443),
            (".", "foo.com", 443),
            ("*.", "foo.com", 443),
            ("", "foo.com", 443),
            (" ,, ", "foo.com", 443),
        ] {
            assert!(!contains(list, host, port), "{list} {host}:{port}");
        }
    }

    proptest! {
        #[test]
        fn any_list_is_read(list in r".*|[\]\[*.:/, a0-9]{0,40}", host in "[a-z.]{0,9}|[0-9:.]{0,9}", port: u16) {
            let _ = contains(&list, &host, port);
        }
    }
}
