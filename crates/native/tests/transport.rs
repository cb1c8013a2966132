//! HTTP over a real socket, the server written by hand so that each byte is seen.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use medkey_client::ports::{AnswerBody, Disconnected, Method, Request, Transport};
use medkey_native::HttpTransport;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
};

const CBOR: &str = "application/cbor";

async fn server() -> (TcpListener, HttpTransport) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let transport = HttpTransport::new(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    (listener, transport)
}

/// The next request: its lines in small letters, and its body.
async fn request(listener: &TcpListener) -> (BufStream<TcpStream>, Vec<String>, Vec<u8>) {
    let mut stream = BufStream::new(listener.accept().await.unwrap().0);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_ascii_lowercase()),
        }
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    (stream, head, body)
}

async fn write(stream: &mut BufStream<TcpStream>, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
}

fn get(path: &str) -> Request<'_> {
    Request { method: Method::Get, path, media_type: CBOR, bearer: None, body: &[] }
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let (listener, transport) = server().await;
    let answering = tokio::spawn(async move {
        let (mut stream, head, body) = request(&listener).await;
        write(&mut stream, "HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
        let (mut stream, bare_head, _) = request(&listener).await;
        write(&mut stream, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n").await;
        (head, body, bare_head)
    });

    let full = Request { method: Method::Put, bearer: Some("token"), body: b"body", ..get("/a?b=c") };
    let mut answer = transport.send(full).await.unwrap();
    assert_eq!(answer.status, 418);
    assert_eq!(answer.body.next().await.unwrap(), None);
    assert_eq!(transport.send(get("/d")).await.unwrap().status, 302, "followed nowhere");

    let (head, body, bare_head) = answering.await.unwrap();
    let has = |line: &str| head.iter().any(|sent| sent == line);
    assert_eq!((head[0].as_str(), body.as_slice()), ("put /a?b=c http/1.1", b"body".as_slice()));
    assert!(
        has("accept: application/cbor") && has("content-type: application/cbor") && has("authorization: bearer token")
    );
    assert_eq!(bare_head[0], "get /d http/1.1");
    assert!(!bare_head.iter().any(|line| line.starts_with("content-type") || line.starts_with("authorization")));
}

#[tokio::test]
async fn a_body_is_read_while_it_is_still_being_sent() {
    let (listener, transport) = server().await;
    let answering = tokio::spawn(async move {
        let mut stream = request(&listener).await.0;
        write(&mut stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n").await;
        stream
    });
    let mut body = transport.send(get("/")).await.unwrap().body;
    let mut stream = answering.await.unwrap();
    assert_eq!(body.next().await.unwrap().unwrap(), b"one");
    write(&mut stream, "3\r\ntwo\r\n").await;
    assert_eq!(body.next().await.unwrap().unwrap(), b"two");
    write(&mut stream, "0\r\n\r\n").await;
    assert_eq!(body.next().await.unwrap(), None);
}

#[tokio::test]
async fn a_broken_connection_is_told() {
    let (listener, transport) = server().await;
    let answering = tokio::spawn(async move {
        let mut stream = request(&listener).await.0;
        write(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await;
    });
    let mut body = transport.send(get("/")).await.unwrap().body;
    answering.await.unwrap();
    assert_eq!(body.next().await.unwrap().unwrap(), b"half");
    assert_eq!(body.next().await, Err(Disconnected));
    assert_eq!(transport.send(get("/")).await.unwrap_err(), Disconnected, "the server is gone");
}
