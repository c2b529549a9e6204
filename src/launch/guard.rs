//! Who may have a URL minted: pure.

use super::page::Refusal;

/// What is looked at in a request for the link.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The Host header.
    pub host: &'a str,
    /// Headers that tell a guess from a visit: `Sec-Purpose`, `Purpose`, `X-Purpose`, `X-Moz`.
    pub purposes: [Option<&'a str>; 4],
}

/// Lets a browser's own visit pass, and nothing else.
///
/// A foreign Host is a page that has had its own name point here (DNS rebinding). The port may differ: it does when
/// the link is reached through `ssh -L`.
pub fn check(request: Request<'_>, secret_path: &str) -> Result<(), Refusal> {
    let name = request.host.rsplit_once(':').map_or(request.host, |(name, _)| name);
    if !["127.0.0.1", "localhost"].iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return Err(Refusal::ForeignHost);
    }
    if request.path != secret_path {
        return Err(Refusal::WrongPath);
    }
    if request.method != "GET" {
        return Err(Refusal::NotGet);
    }
    let guesses = ["prefetch", "prerender", "preview"];
    let is_guess = |purpose: &str| guesses.iter().any(|guess| purpose.to_ascii_lowercase().contains(guess));
    if request.purposes.into_iter().flatten().any(is_guess) {
        return Err(Refusal::Prefetch);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISIT: Request<'_> = Request { method: "GET", path: "/secret", host: "127.0.0.1:8080", purposes: [None; 4] };

    fn verdict(request: Request<'_>) -> Result<(), Refusal> {
        check(request, "/secret")
    }

    #[test]
    fn a_visit_passes() {
        assert_eq!(verdict(VISIT), Ok(()));
        assert_eq!(verdict(Request { host: "localhost:9000", ..VISIT }), Ok(()));
    }

    #[test]
    fn nothing_else_does() {
        for host in ["evil.example:8080", "127.0.0.1.evil.example", "", "[::1]:8080", "127.0.0.1:80:x"] {
            assert_eq!(verdict(Request { host, ..VISIT }), Err(Refusal::ForeignHost), "{host}");
        }
        for path in ["/", "/secre", "/secret/", "/secret2", "/favicon.ico"] {
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
