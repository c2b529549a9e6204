//! The account's VNC proxy: a WebSocket that takes the token of a VncUrl.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::sleep_until;
use tokio_tungstenite::WebSocketStream;

use super::api::parameters;
use super::response::plain;
use super::state::{Account, ConsoleCounts, Event};
use super::vnc::{self, Console, End, FarSide};
use super::vnc_tokens::{RedeemedToken, TokenError};
use crate::http_server::HttpResponse;
use crate::vnc::url::VNC_URL_LIFETIME;
use crate::websocket;

/// Connects a VNC client to its console, or refuses it.
pub(crate) fn serve(account: Arc<Account>, mut request: Request<Incoming>) -> HttpResponse {
    let refuse = |status, why: &str| {
        account.report(&Event::Refused { why });
        plain(status, why)
    };
    let (response, accepted) = match websocket::accept_handshake(&mut request) {
        Ok(accepted) => accepted,
        Err(why) => return refuse(StatusCode::BAD_REQUEST, &why.to_string()),
    };
    let token = parameters(request.uri().query().unwrap_or_default()).remove("s").unwrap_or_default();
    let redeemed = {
        let mut state = account.state();
        state.service.vnc_tokens.redeem(&token, account.options.clock.instant())
    };
    let token = match redeemed {
        Ok(token) => token,
        Err(why @ TokenError::TooManyConnections) => return refuse(StatusCode::TOO_MANY_REQUESTS, &why.to_string()),
        Err(why) => return refuse(StatusCode::FORBIDDEN, &why.to_string()),
    };
    tokio::spawn(async move {
        if let Some(socket) = accepted.open().await {
            serve_console(&account, socket, token).await;
        }
    });
    response
}

async fn serve_console(account: &Account, socket: WebSocketStream<TokioIo<Upgraded>>, token: RedeemedToken) {
    let RedeemedToken { instance, age } = token;
    let now = account.options.clock.instant();
    let Some(display) = account.options.fleet.by_id(&instance).map(|instance| account.displays.of(&instance, now))
    else {
        return;
    };
    account.report(&Event::Opened { instance: &instance, after: age });
    let count = |counts: &mut ConsoleCounts| {
        counts.opened += 1;
        counts.open += 1;
    };
    account.console_counts.send_modify(count);
    let note = format!("connected after {} ms of {} ms", age.as_millis(), VNC_URL_LIFETIME.as_millis());
    display.set_note(&note);
    let name = format!("{instance} ({note})");
    let console = Console { name: &name, display: &display, clock: &account.options.clock };
    let far_side = account.options.vnc_target.as_ref().map_or(FarSide::Display(console), FarSide::Target);
    let mut slot = account.console_slots.take_slot(&instance);
    let ended_by_account = async {
        tokio::select! {
            () = slot.taken_over() => End::TakenOver,
            () = powered_off(account, &instance) => End::PoweredOff,
        }
    };
    let end = vnc::serve_session(socket, far_side, account.options.idle_limit, ended_by_account).await;
    drop(slot);
    account.console_counts.send_modify(|counts| counts.open -= 1);
    let how = match end {
        Ok(End::ClientLeft) => "the viewer left".to_owned(),
        Ok(End::Idle) => format!("idle for {} s", account.options.idle_limit.as_secs_f64()),
        Ok(End::PoweredOff) => "the instance was stopped".to_owned(),
        Ok(End::TakenOver) => "taken over by another session".to_owned(),
        Ok(End::TargetClosed) => "the target closed the connection".to_owned(),
        Err(error) => error.to_string(),
    };
    account.report(&Event::Left { instance: &instance, how: &how });
}

/// Waits until the instance has no power.
async fn powered_off(account: &Account, instance: &str) {
    let mut changes = account.power_changes.subscribe();
    loop {
        let off_at = account.state().service.power.off_at(instance);
        match off_at {
            Some(at) => {
                sleep_until(at).await;
                // It cannot be started again before it is off.
                return;
            }
            // The sender lives as long as the account.
            None => _ = changes.changed().await,
        }
    }
}
