use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::api::{ClientEnv, Network};
use crate::auth::providers::MetadataAccess;
use crate::secret::{AccessKeyId, Secret};
use crate::system::clock::{Clock, iso_8601};
use crate::system::environment::Environment;
use crate::system::private_cache::PrivateCache;
use crate::terminal::output::{Color, Format, Output};

const START: &str = "2024-02-29T12:00:00Z";

/// A server at a credentials URI, the credentials that are refreshed from it, and a clock that the test sets. The
/// server numbers the credentials: 1 is the AccessKey id of its first response.
struct CredentialsServer {
    refreshing: RefreshingCredentials,
    /// The number of requests so far.
    requests: Arc<AtomicUsize>,
    /// The lifetime of new credentials, in seconds. With 0 the server answers HTTP 503.
    lifetime: Arc<AtomicI64>,
    /// The time, in seconds since [`START`].
    now: Arc<AtomicI64>,
}

impl CredentialsServer {
    async fn start(lifetime: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = Secret::new(format!("http://{}/", listener.local_addr().unwrap()));
        let (requests, lifetime) = (Arc::<AtomicUsize>::default(), Arc::new(AtomicI64::new(lifetime)));
        let now = Arc::default();
        let clock = clock(&now);
        let resolver = CredentialsResolver {
            network: Arc::new(Network::new(&Environment::default())),
            cache: PrivateCache::disabled(),
            client_env: ClientEnv { clock: clock.clone(), nonce: String::new, chance: || 0.0 },
            event_handler: Arc::new(|_| {}),
            deadline: clock.deadline(Duration::from_secs(20)),
            metadata: MetadataAccess { url: "", requires_token: false },
            output: Output::new(Format::Text, Color::Never, true, 0, &Environment::default()),
        };
        tokio::spawn(serve(listener, requests.clone(), lifetime.clone(), clock));
        let origin = CredentialsOrigin::Environment { variable: "V".to_owned() };
        let provider = CredentialsProvider::Uri(uri);
        let refreshing = RefreshingCredentials::resolve(provider, origin, resolver).await.unwrap();
        Self { refreshing, requests, lifetime, now }
    }

    /// Sets the time to `seconds` after the start. Returns the number of the credentials that a request is signed with,
    /// and the number of the latest ones after the refresh that the request may have started.
    async fn use_at(&self, seconds: i64) -> (usize, usize) {
        self.now.store(seconds, Ordering::Relaxed);
        let used = number(&self.refreshing.current().await.unwrap());
        (used, self.latest_after_refresh().await)
    }

    /// Waits for the running refresh. Returns the number of the latest credentials.
    async fn latest_after_refresh(&self) -> usize {
        let refresh = self.refreshing.0.state().refresh.clone();
        if let Some(refresh) = refresh {
            let _ = refresh.await;
        }
        number(&self.refreshing.latest().credentials)
    }

    fn request_count(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let (now, start) = (now.clone(), START.parse::<DateTime<Utc>>().unwrap());
    Clock::of(move || start + TimeDelta::seconds(now.load(Ordering::Relaxed)))
}

async fn serve(listener: TcpListener, requests: Arc<AtomicUsize>, lifetime: Arc<AtomicI64>, clock: Clock) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let number = requests.fetch_add(1, Ordering::Relaxed) + 1;
        let lifetime = lifetime.load(Ordering::Relaxed);
        let expiration = iso_8601(clock.utc() + TimeDelta::seconds(lifetime));
        let (status, body) = match lifetime {
            0 => ("503 Later", String::new()),
            _ => (
                "200 OK",
                format!(
                    r#"{{"Code":"Success","AccessKeyId":"{number}","AccessKeySecret":"s","SecurityToken":"t","Expiration":"{expiration}"}}"#
                ),
            ),
        };
        let _ = stream.read(&mut [0; 4096]).await;
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

fn number(credentials: &Credentials) -> usize {
    credentials.access_key_id.expose().parse().unwrap()
}

#[tokio::test]
async fn credentials_are_refreshed_in_the_background_five_minutes_before_they_expire() {
    let server = CredentialsServer::start(3600).await;
    assert_eq!(server.use_at(0).await, (1, 1));
    assert_eq!(server.use_at(3299).await, (1, 1));
    assert_eq!(server.use_at(3300).await, (1, 2));
    assert_eq!(server.use_at(3301).await, (2, 2));
    // The second credentials have expired, for example because the machine was asleep, so the request waits.
    assert_eq!(server.use_at(3300 + 3600).await, (3, 3));
    assert_eq!(server.request_count(), 3);
}

#[tokio::test]
async fn short_lived_credentials_are_refreshed_after_half_of_their_life() {
    let server = CredentialsServer::start(6).await;
    assert_eq!(server.use_at(2).await, (1, 1));
    assert_eq!(server.use_at(3).await, (1, 2));
    assert_eq!(server.use_at(3 + 6).await, (3, 3));
}

#[tokio::test]
async fn concurrent_requests_share_one_refresh() {
    let server = CredentialsServer::start(3600).await;
    server.now.store(4000, Ordering::Relaxed);
    let used = join_all((0..20).map(|_| server.refreshing.current())).await;
    assert!(used.iter().all(|credentials| number(credentials.as_ref().unwrap()) == 2), "{used:?}");
    assert_eq!(server.request_count(), 2);
    // Refused requests share one, too.
    let refused = used[0].as_ref().unwrap();
    assert_eq!(join_all((0..20).map(|_| server.refreshing.replace_refused(refused))).await, [true; 20]);
    assert_eq!(server.request_count(), 3);
}

#[tokio::test]
async fn a_refresh_continues_if_its_request_is_dropped() {
    let server = CredentialsServer::start(3600).await;
    server.now.store(4000, Ordering::Relaxed);
    assert!(server.refreshing.current().now_or_never().is_none());
    assert_eq!(server.latest_after_refresh().await, 2);
}

#[tokio::test]
async fn a_failed_refresh_is_an_error_only_after_the_old_credentials_have_expired() {
    let server = CredentialsServer::start(3600).await;
    server.lifetime.store(0, Ordering::Relaxed);
    assert_eq!(server.use_at(3400).await, (1, 1));
    assert_eq!(server.request_count(), 2);
    // Not every request starts a refresh after that, which may be a program that takes long.
    for (seconds, requests) in [(3400, 2), (3429, 2), (3430, 3), (3431, 3)] {
        assert_eq!(server.use_at(seconds).await, (1, 1));
        assert_eq!(server.request_count(), requests, "{seconds}");
    }
    server.now.store(3600, Ordering::Relaxed);
    let error = server.refreshing.current().await.unwrap_err().to_string();
    assert!(
        error.starts_with("the credentials have expired and could not be refreshed: ") && error.contains("503"),
        "{error}"
    );
    server.lifetime.store(60, Ordering::Relaxed);
    assert_eq!(server.use_at(3601).await, (5, 5));
}

#[tokio::test]
async fn credentials_that_are_expired_when_fetched_are_used_until_they_are_refused() {
    let server = CredentialsServer::start(-60).await;
    assert_eq!((server.use_at(0).await, server.use_at(9000).await, server.request_count()), ((1, 1), (1, 1), 1));
    assert!(server.refreshing.replace_refused(&server.refreshing.latest().credentials).await);
    assert_eq!(server.use_at(9000).await, (2, 2));
}

#[tokio::test]
async fn refused_credentials_are_refreshed_once() {
    let server = CredentialsServer::start(3600).await;
    let first = server.refreshing.latest().credentials;
    assert!(server.refreshing.replace_refused(&first).await);
    // Another request that was signed with the first credentials uses the second ones without a refresh.
    assert!(server.refreshing.replace_refused(&first).await);
    assert_eq!((server.use_at(0).await, server.request_count()), ((2, 2), 2));
    server.lifetime.store(0, Ordering::Relaxed);
    assert!(!server.refreshing.replace_refused(&server.refreshing.latest().credentials).await);
    assert_eq!((server.use_at(0).await, server.request_count()), ((2, 2), 3));
}

#[tokio::test]
async fn static_credentials_are_never_refreshed() {
    let server = CredentialsServer::start(3600).await;
    let mut credentials = server.refreshing.latest().credentials;
    credentials.access_key_id = AccessKeyId::new("7");
    let resolver = server.refreshing.0.resolver.clone();
    let refreshing = RefreshingCredentials::resolve(
        CredentialsProvider::Static(credentials.clone()),
        CredentialsOrigin::BuiltIn { profile: "demo" },
        resolver,
    )
    .await
    .unwrap();
    assert!(!refreshing.replace_refused(&credentials).await);
    server.now.store(1_000_000_000, Ordering::Relaxed);
    assert_eq!((number(&refreshing.current().await.unwrap()), server.request_count()), (7, 1));
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let server = CredentialsServer::start(3600).await;
    let debug = format!("{:?}", server.refreshing);
    assert!(debug.contains("[redacted]") && !debug.contains("\"s\""), "{debug}");
}
