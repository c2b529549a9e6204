//! The account's VNC proxy: a WebSocket that takes a VncUrl's token, once.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header;
use hyper::upgrade::Upgraded;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::api::parameters;
use super::server::{header_text, plain};
use super::state::{Account, Consoles, Event};
use super::tickets::{Admitted, Refused};
use super::vnc;
use crate::vnc_url::LIFETIME;

/// Admits a VNC client to its console, or refuses it.
pub fn serve(account: Arc<Account>, mut request: Request<Incoming>) -> Response<Full<Bytes>> {
    let refuse = |status, why: &str| {
        account.tell(&Event::Refused { why });
        plain(status, why)
    };
    let headers = request.headers();
    let has = |name, token: &str| header_text(headers, &name).split(',').any(|t| t.trim().eq_ignore_ascii_case(token));
    let key = header_text(headers, &header::SEC_WEBSOCKET_KEY).to_owned();
    // RFC 6455, section 4.2.1.
    let is_handshake = has(header::UPGRADE, "websocket") && has(header::SEC_WEBSOCKET_VERSION, "13");
    if !is_handshake || !has(header::CONNECTION, "upgrade") || key.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, "not a WebSocket handshake");
    }
    if !has(header::SEC_WEBSOCKET_PROTOCOL, "binary") {
        return refuse(StatusCode::BAD_REQUEST, "the subprotocol `binary` was not asked for");
    }
    let token = parameters(request.uri().query().unwrap_or_default()).remove("s").unwrap_or_default();
    let admitted = {
        let mut state = account.state();
        state.service.tickets.redeem(&token, account.options.clock.instant())
    };
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(why @ Refused::TooMany) => return refuse(StatusCode::TOO_MANY_REQUESTS, &why.to_string()),
        Err(why) => return refuse(StatusCode::FORBIDDEN, &why.to_string()),
    };
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let config = Some(vnc::config());
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, config).await;
            play(&account, socket, admitted).await;
        }
    });
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .header(header::SEC_WEBSOCKET_PROTOCOL, "binary")
        .body(Full::default())
        .expect("the headers above are valid")
}

async fn play(account: &Account, socket: WebSocketStream<TokioIo<Upgraded>>, admitted: Admitted) {
    let Admitted { instance, age } = admitted;
    account.tell(&Event::Opened { instance: &instance, after: age });
    account
        .consoles
        .send_modify(|consoles| *consoles = Consoles { opened: consoles.opened + 1, open: consoles.open + 1 });
    let name = format!("{instance} (connected after {} ms of {} ms)", age.as_millis(), LIFETIME.as_millis());
    let end = vnc::session(socket, &name, account.options.idle_limit).await;
    account.consoles.send_modify(|consoles| consoles.open -= 1);
    let how = match end {
        Ok(vnc::End::ClientLeft) => "the viewer left".to_owned(),
        Ok(vnc::End::Idle) => format!("cut: idle for {} s", account.options.idle_limit.as_secs()),
        Err(error) => error.to_string(),
    };
    account.tell(&Event::Left { instance: &instance, how: &how });
}
