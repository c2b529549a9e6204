//! stub
use std::time::Duration;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
pub enum End {
    ClientLeft,
    Idle,
}
pub fn config() -> WebSocketConfig {
    WebSocketConfig::default()
}
pub async fn session<S>(_s: WebSocketStream<S>, _n: &str, _d: Duration) -> Result<End, std::io::Error> {
    Ok(End::Idle)
}
