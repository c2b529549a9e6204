//! Who may have a URL minted, or the console's page and its WebSocket: pure.

use super::error_page::Refusal;

/// What is looked at in a request for the link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The method.
    pub(crate) method: &'a str,
    /// The path.
    pub(crate) path: &'a str,
    /// The Host header.
    pub(crate) host: &'a str,
    /// Headers that tell a guess from a visit: `Sec-Purpose`, `Purpose`, `X-Purpose`, `X-Moz`.
    pub(crate) purposes: [Option<&'a str>; 4],
}

/// Lets a browser's own visit below the secret path pass, and nothing else. What follows the secret is given back: empty,
/// or a path of its own.
///
/// A foreign Host is a page that has had its own name point here (DNS rebinding). The port may differ: it does when
/// the link is reached through `ssh -L`.
pub(crate) fn check<'a>(request: Request<'a>, secret_path: &str) -> Result<&'a str, Refusal> {
    let (name, port) = request.host.rsplit_once(':').unwrap_or((request.host, "80"));
    let is_own = ["127.0.0.1", "localhost"].iter().any(|own| name.eq_ignore_ascii_case(own));
    if !is_own || port.parse::<u16>().is_err() {
        return Err(Refusal::ForeignHost);
    }
    let rest = below(request.path, secret_path).ok_or(Refusal::WrongPath)?;
    if request.method != "GET" {
        return Err(Refusal::NotGet);
    }
    let guesses = ["prefetch", "prerender", "preview"];
    let is_guess = |purpose: &str| guesses.iter().any(|guess| purpose.to_ascii_lowercase().contains(guess));
    if request.purposes.into_iter().flatten().any(is_guess) {
        return Err(Refusal::Prefetch);
    }
    Ok(rest)
}

/// What follows the secret in a path. How long this takes says nothing of where they differ.
fn below<'a>(path: &'a str, secret_path: &str) -> Option<&'a str> {
    let (start, rest) = path.split_at_checked(secret_path.len())?;
    let differences = start.bytes().zip(secret_path.bytes()).fold(0, |found, (one, other)| found | (one ^ other));
    (differences == 0 && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
}

/// Lets a WebSocket pass that a page of this very link has opened: any page on the web may try. A browser always says
/// where its page is from.
pub(crate) fn check_origin(origin: Option<&str>, host: &str) -> Result<(), Refusal> {
    match origin.and_then(|origin| origin.strip_prefix("http://")) {
        Some(origin) if origin == host => Ok(()),
        _ => Err(Refusal::ForeignOrigin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISIT: Request<'_> = Request { method: "GET", path: "/secret", host: "127.0.0.1:8080", purposes: [None; 4] };

    fn verdict(request: Request<'_>) -> Result<&str, Refusal> {
        check(request, "/secret")
    }

    #[test]
    fn a_visit_passes() {
        assert_eq!(verdict(VISIT), Ok(""));
        assert_eq!(verdict(Request { host: "localhost:9000", ..VISIT }), Ok(""));
        assert_eq!(verdict(Request { host: "localhost", ..VISIT }), Ok(""));
        assert_eq!(verdict(Request { path: "/secret/", ..VISIT }), Ok("/"));
        assert_eq!(verdict(Request { path: "/secret/a/b", ..VISIT }), Ok("/a/b"));
    }

    #[test]
    fn only_the_page_itself_opens_a_socket() {
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
            assert_eq!(check_origin(origin, host), Err(Refusal::ForeignOrigin), "{origin:?}");
        }
    }

    #[test]
    fn nothing_else_does() {
        for host in [
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "",
            "[::1]:8080",
            "127.0.0.1:80:x",
            "127.0.0.1:",
            "127.0.0.1:80; script-src *",
        ] {
            assert_eq!(verdict(Request { host, ..VISIT }), Err(Refusal::ForeignHost), "{host}");
        }
        for path in ["/", "", "/secre", "/Secret", "/secret2", "/secreT/", "/favicon.ico", "/é/secret"] {
            assert_eq!(verdict(Request { path, ..VISIT }), Err(Refusal::WrongPath), "{path}");
        }
        for method in ["HEAD", "POST", "OPTIONS", "get"] {
            assert_eq!(verdict(Request { method, ..VISIT }), Err(Refusal::NotGet), "{method}");
        }
        for purpose in ["prefetch", "prefetch;prerender", "Prefetch", "preview"] {
            for place in 0..4 {
                let mut purposes = [None; 4];
                purposes[place] = Some(purpose);
                assert_eq!(verdict(Request { purposes, ..VISIT }), Err(Refusal::Prefetch), "{purpose}");
            }
        }
    }
}
