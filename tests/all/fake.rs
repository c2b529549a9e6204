//! A server that says what a test wants, right or wrong, and remembers what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// What a request gets.
pub(crate) enum Reply {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// Nothing, for ever.
    Silence,
    /// These bytes, then nothing for ever.
    Stall(Vec<u8>),
}

/// A running server.
pub(crate) struct Fake {
    pub endpoint: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Serves each request with what `reply` makes of its number (from 0) and its text.
    pub(crate) fn start(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, reply) = (requests.clone(), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, reply) = (seen.clone(), reply.clone());
                thread::spawn(move || serve(stream.unwrap(), &seen, &*reply));
            }
        });
        Self { endpoint, requests }
    }

    /// The requests so far, each as its lines came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The requests for this action.
    pub(crate) fn requests_for(&self, action: &str) -> Vec<String> {
        let wanted = format!("Action={action}&");
        self.requests().into_iter().filter(|request| request.contains(&wanted)).collect()
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<String>>, reply: &dyn Fn(usize, &str) -> Reply) {
    let request = read_header(&mut stream);
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len() - 1
    };
    match reply(number, &request) {
        Reply::Bytes(bytes) => drop(stream.write_all(&bytes)),
        // Until the client gives up.
        Reply::Silence => drop(stream.read(&mut [0])),
        Reply::Stall(bytes) => drop(stream.write_all(&bytes).and_then(|()| stream.read(&mut [0]))),
    }
}

/// Reads up to the empty line that ends a header.
pub(crate) fn read_header(stream: &mut impl Read) -> String {
    let mut header = Vec::new();
    let mut byte = [0];
    while !header.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        header.push(byte[0]);
    }
    String::from_utf8(header).unwrap()
}

/// An HTTP answer.
pub(crate) fn http(status: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Bytes(
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}").into(),
    )
}

/// An error of the API.
pub(crate) fn refusal(code: &str) -> Reply {
    http("400 Bad Request", "", &format!(r#"{{"RequestId":"R-1","Code":"{code}","Message":"The sentence."}}"#))
}

/// The good answer to each operation.
pub(crate) fn good(request: &str) -> Reply {
    // What would succeed is an error with this code. Source: the vendor's pages on the operations with DryRun.
    if request.contains("DryRun=true&") && !request.contains("Action=DescribeInstances&") {
        return refusal("DryRunOperation");
    }
    let body = match request.contains("Action=DescribeInstances&") {
        true => r#"{"RequestId":"R-2","Instances":{"Instance":[]}}"#,
        false => r#"{"RequestId":"R-3","VncUrl":"wss%3A%2F%2Fproxy.example%2Fwebsockify%2F%3Fs%3Dto%252Fken"}"#,
    };
    http("200 OK", "", body)
}

/// A console that says what a test wants: an account whose VncUrl leads to it, and what it was asked.
pub(crate) fn console(serve: impl Fn(TcpStream, &str) + Send + Sync + 'static) -> (Fake, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let header = read_header(&mut stream);
            sender.send(header.clone()).unwrap();
            serve(stream, &header);
        }
    });
    let account = Fake::start(move |_, request| {
        let url = format!("ws%3A%2F%2F127.0.0.1%3A{port}%2Fwebsockify%2F%3Fs%3Dto%252Fken");
        let body = match request.contains("Action=DescribeInstances&") {
            true => r#"{"Instances":{"Instance":[{"InstanceId":"i-1","Status":"Running"}]}}"#.to_owned(),
            false => format!(r#"{{"RequestId":"R-3","VncUrl":"{url}"}}"#),
        };
        http("200 OK", "", &body)
    });
    (account, asked)
}

/// The answer that opens a WebSocket. RFC 6455, section 4.2.2.
pub(crate) fn switching(header: &str) -> String {
    let key = header.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).expect("there is a key");
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\
         Sec-WebSocket-Protocol: binary\r\n\r\n",
        derive_accept_key(key.as_bytes())
    )
}
