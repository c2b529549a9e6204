//! Decides whether a request to a link may open the console. Pure.

use super::error_page::RefusedRequest;
use crate::secret::is_equal_in_constant_time;

/// What follows the secret in the paths that take a body. Who serves them checks where the request comes from.
const POST_PATHS: [&str; 1] = ["/text"];

/// The parts of a request that are checked.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// For example `GET`.
    pub method: &'a str,
    /// The path of the URL, without a query.
    pub path: &'a str,
    /// The Host header: a name or address, and a port unless it is 80.
    pub host: &'a str,
    /// The headers that mark a prefetch: `Sec-Purpose`, `Purpose`, `X-Purpose`, `X-Moz`.
    pub purposes: [Option<&'a str>; 4],
}

/// Accepts a browser's visit below the secret path, and returns what follows the secret: nothing, or a path.
///
/// A foreign Host means that another page's host name resolves to this machine (DNS rebinding). The port may differ, as it
/// does through `ssh -L`.
pub fn check<'a>(request: RequestHead<'a>, secret_path: &str) -> Result<&'a str, RefusedRequest> {
    let (name, port) = request.host.rsplit_once(':').unwrap_or((request.host, "80"));
    let is_own = ["127.0.0.1", "localhost"].iter().any(|own| name.eq_ignore_ascii_case(own));
    if !is_own || port.parse::<u16>().is_err() {
        return Err(RefusedRequest::ForeignHost);
    }
    let rest = below(request.path, secret_path).ok_or(RefusedRequest::WrongPath)?;
    let is_posted = request.method == "POST" && POST_PATHS.contains(&rest);
    if request.method != "GET" && !is_posted {
        return Err(RefusedRequest::NotGet);
    }
    let marks = ["prefetch", "prerender", "preview"];
    let is_prefetch = |purpose: &str| marks.iter().any(|mark| purpose.to_ascii_lowercase().contains(mark));
    if request.purposes.into_iter().flatten().any(is_prefetch) {
        return Err(RefusedRequest::Prefetch);
    }
    Ok(rest)
}

/// What follows the secret in a path.
fn below<'a>(path: &'a str, secret_path: &str) -> Option<&'a str> {
    let (start, rest) = path.split_at_checked(secret_path.len())?;
    let is_secret = is_equal_in_constant_time(start.as_bytes(), secret_path.as_bytes());
    (is_secret && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
}

/// Accepts a WebSocket or a POST from a page of this server, as any page on the web may try. Browsers always send Origin with
/// them.
pub(crate) fn check_origin(origin: Option<&str>, host: &str) -> Result<(), RefusedRequest> {
    match origin.and_then(|origin| origin.strip_prefix("http://")) {
        Some(origin) if origin == host => Ok(()),
        _ => Err(RefusedRequest::ForeignOrigin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISIT: RequestHead<'_> =
        RequestHead { method: "GET", path: "/secret", host: "127.0.0.1:8080", purposes: [None; 4] };

    fn verdict(request: RequestHead<'_>) -> Result<&str, RefusedRequest> {
        check(request, "/secret")
    }

    #[test]
    fn a_visit_is_accepted() {
        assert_eq!(verdict(VISIT), Ok(""));
        assert_eq!(verdict(RequestHead { host: "localhost:9000", ..VISIT }), Ok(""));
        assert_eq!(verdict(RequestHead { host: "localhost", ..VISIT }), Ok(""));
        assert_eq!(verdict(RequestHead { path: "/secret/", ..VISIT }), Ok("/"));
        assert_eq!(verdict(RequestHead { path: "/secret/a/b", ..VISIT }), Ok("/a/b"));
        assert_eq!(verdict(RequestHead { method: "POST", path: "/secret/text", ..VISIT }), Ok("/text"));
    }

    #[test]
    fn only_the_page_may_open_a_socket() {
        let host = "127.0.0.1:8080";
        assert_eq!(check_origin(Some("http://127.0.0.1:8080"), host), Ok(()));
        for origin in [
            None,
            Some(""),
            Some("null"),
            Some("http://evil.example"),
            Some("http://127.0.0.1:8081"),
            Some("http://localhost:8080"),
            Some("https://127.0.0.1:8080"),
            Some("http://127.0.0.1:8080/"),
            Some("127.0.0.1:8080"),
        ] {
            assert_eq!(check_origin(origin, host), Err(RefusedRequest::ForeignOrigin), "{origin:?}");
        }
    }

    #[test]
    fn other_requests_are_refused() {
        for host in [
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "",
            "[::1]:8080",
            "127.0.0.1:80:x",
            "127.0.0.1:",
            "127.0.0.1:80; script-src *",
        ] {
            assert_eq!(verdict(RequestHead { host, ..VISIT }), Err(RefusedRequest::ForeignHost), "{host}");
        }
        for path in ["/", "", "/secre", "/Secret", "/secret2", "/secreT/", "/favicon.ico", "/é/secret"] {
            assert_eq!(verdict(RequestHead { path, ..VISIT }), Err(RefusedRequest::WrongPath), "{path}");
        }
        for method in ["HEAD", "POST", "OPTIONS", "get"] {
            assert_eq!(verdict(RequestHead { method, ..VISIT }), Err(RefusedRequest::NotGet), "{method}");
        }
        for purpose in ["prefetch", "prefetch;prerender", "Prefetch", "preview"] {
            for place in 0..4 {
                let mut purposes = [None; 4];
                purposes[place] = Some(purpose);
                assert_eq!(verdict(RequestHead { purposes, ..VISIT }), Err(RefusedRequest::Prefetch), "{purpose}");
            }
        }
    }
}
