//! A visitor of links and servers: HTTP as plain as it gets.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub header: String,
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let lines = self.header.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Fetches `url` as a browser would, with `more` header lines.
pub(crate) fn get(url: &str, more: &str) -> Answer {
    let (host, path) = split(url);
    send(host, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"))
}

/// Sends `request` as it is to `host:port`.
pub(crate) fn send(host: &str, request: &str) -> Answer {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (header, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text}"));
    let status = header.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, header: header.to_owned(), body: body.to_owned() }
}

/// `host:port` and path of an http URL.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap();
    rest.split_at(rest.find('/').unwrap())
}
