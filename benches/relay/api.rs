//! The service, as far as a relay asks it: every answer is a VncUrl that leads to the bench.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::pairs::Outcome;

/// Serves for as long as the bench runs, and gives the port. `console` is what the VncUrl leads to.
pub(crate) fn serve(console: &str) -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let body = format!(r#"{{"RequestId":"1C488B66-B819-4D14-8711-C4EAAA13AC01","VncUrl":"{console}"}}"#);
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            // A client that leaves is no fault of the service.
            thread::spawn(move || drop(answer_all(&stream, answer.as_bytes())));
        }
    });
    Ok(port)
}

/// Requests have no bodies: each ends with an empty line.
fn answer_all(mut stream: &TcpStream, answer: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    for line in BufReader::new(stream).lines() {
        if line?.is_empty() {
            stream.write_all(answer)?;
        }
    }
    Ok(())
}
