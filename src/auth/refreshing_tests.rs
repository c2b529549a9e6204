use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::api::{ClientEnv, Network};
use crate::secret::{AccessKeyId, Secret};
use crate::system::clock::{Clock, iso_8601};
use crate::system::environment::Environment;
use crate::system::private_cache::PrivateCache;
use crate::terminal::output::{Color, Format, Output};

const START: &str = "2024-02-29T12:00:00Z";

/// A URI that gives keys, each with an id of its own, and a clock that is set by hand.
struct Giver {
    ring: RefreshingCredentials,
    asked: Arc<AtomicUsize>,
    /// How long its keys work, in seconds; nothing comes where that is zero.
    life: Arc<AtomicI64>,
    /// Seconds since the start.
    now: Arc<AtomicI64>,
}

impl Giver {
    async fn new(life: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = Secret::new(format!("http://{}/", listener.local_addr().unwrap()));
        let (asked, life, now) = (Arc::<AtomicUsize>::default(), Arc::new(AtomicI64::new(life)), Arc::default());
        let clock = clock(&now);
        let asker = CredentialsResolver {
            network: Arc::new(Network::new(&Environment::default())),
            cache: PrivateCache::disabled(),
            sources: ClientEnv { clock: clock.clone(), nonce: String::new, chance: || 0.0 },
            listener: Arc::new(|_| {}),
            limit: clock.deadline(Duration::from_secs(20)),
            metadata: "",
            output: Output::new(Format::Text, Color::Never, true, 0, &Environment::default()),
        };
        tokio::spawn(serve(listener, asked.clone(), life.clone(), clock));
        let origin = CredentialsOrigin::Environment { variable: "V".to_owned() };
        let ring = RefreshingCredentials::resolve(CredentialsProvider::Uri(uri), origin, asker).await.unwrap();
        Self { ring, asked, life, now }
    }

    /// The number of the keys that a request is signed with after so many seconds; then, that of those which were asked
    /// for meanwhile.
    async fn after(&self, seconds: i64) -> (usize, usize) {
        self.now.store(seconds, Ordering::Relaxed);
        let used = number(&self.ring.current().await.unwrap());
        (used, self.at_rest().await)
    }

    /// The number of the keys that are there once no renewal is on its way any more.
    async fn at_rest(&self) -> usize {
        let renewal = self.ring.0.state().renewal.clone();
        if let Some(renewal) = renewal {
            let _ = renewal.await;
        }
        number(&self.ring.latest().credentials)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let (now, start) = (now.clone(), START.parse::<DateTime<Utc>>().unwrap());
    Clock::of(move || start + TimeDelta::seconds(now.load(Ordering::Relaxed)))
}

async fn serve(listener: TcpListener, asked: Arc<AtomicUsize>, life: Arc<AtomicI64>, clock: Clock) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (number, life) = (asked.fetch_add(1, Ordering::Relaxed) + 1, life.load(Ordering::Relaxed));
        let until = iso_8601(clock.utc() + TimeDelta::seconds(life));
        let (status, body) = match life {
            0 => ("503 Later", String::new()),
            _ => (
                "200 OK",
                format!(
                    r#"{{"Code":"Success","AccessKeyId":"{number}","AccessKeySecret":"s","SecurityToken":"t","Expiration":"{until}"}}"#
                ),
            ),
        };
        let _ = stream.read(&mut [0; 4096]).await;
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

fn number(keys: &Credentials) -> usize {
    keys.access_key_id.expose().parse().unwrap()
}

#[tokio::test]
async fn they_are_renewed_five_minutes_before_they_expire_while_the_old_ones_are_used() {
    let giver = Giver::new(3600).await;
    assert_eq!(giver.after(0).await, (1, 1));
    assert_eq!(giver.after(3299).await, (1, 1));
    assert_eq!(giver.after(3300).await, (1, 2));
    assert_eq!(giver.after(3301).await, (2, 2));
    // The second ones have expired meanwhile, as on a machine that was asleep: the new ones are waited for.
    assert_eq!(giver.after(3300 + 3600).await, (3, 3));
    assert_eq!(giver.asked(), 3);
}

#[tokio::test]
async fn of_a_short_life_half_is_used() {
    let giver = Giver::new(6).await;
    assert_eq!(giver.after(2).await, (1, 1));
    assert_eq!(giver.after(3).await, (1, 2));
    assert_eq!(giver.after(3 + 6).await, (3, 3));
}

#[tokio::test]
async fn requests_at_once_share_a_renewal() {
    let giver = Giver::new(3600).await;
    giver.now.store(4000, Ordering::Relaxed);
    let used = join_all((0..20).map(|_| giver.ring.current())).await;
    assert!(used.iter().all(|keys| number(keys.as_ref().unwrap()) == 2), "{used:?}");
    assert_eq!(giver.asked(), 2);
    // And so do those that are refused.
    let refused = used[0].as_ref().unwrap();
    assert_eq!(join_all((0..20).map(|_| giver.ring.replace_refused(refused))).await, [true; 20]);
    assert_eq!(giver.asked(), 3);
}

#[tokio::test]
async fn whoever_leaves_does_not_take_the_renewal_along() {
    let giver = Giver::new(3600).await;
    giver.now.store(4000, Ordering::Relaxed);
    assert!(giver.ring.current().now_or_never().is_none());
    assert_eq!(giver.at_rest().await, 2);
}

#[tokio::test]
async fn a_failed_renewal_matters_once_the_old_keys_are_over() {
    let giver = Giver::new(3600).await;
    giver.life.store(0, Ordering::Relaxed);
    assert_eq!(giver.after(3400).await, (1, 1));
    assert_eq!(giver.asked(), 2);
    giver.now.store(3600, Ordering::Relaxed);
    let error = giver.ring.current().await.unwrap_err().to_string();
    assert!(
        error.starts_with("the credentials have expired and could not be refreshed: ") && error.contains("503"),
        "{error}"
    );
    giver.life.store(60, Ordering::Relaxed);
    assert_eq!(giver.after(3601).await, (4, 4));
}

#[tokio::test]
async fn keys_that_are_over_when_they_come_are_the_services_to_judge() {
    let giver = Giver::new(-60).await;
    assert_eq!((giver.after(0).await, giver.after(9000).await, giver.asked()), ((1, 1), (1, 1), 1));
    assert!(giver.ring.replace_refused(&giver.ring.latest().credentials).await);
    assert_eq!(giver.after(9000).await, (2, 2));
}

#[tokio::test]
async fn refused_keys_are_renewed_if_there_are_others() {
    let giver = Giver::new(3600).await;
    let first = giver.ring.latest().credentials;
    assert!(giver.ring.replace_refused(&first).await);
    // A request that left with them before need not ask.
    assert!(giver.ring.replace_refused(&first).await);
    assert_eq!((giver.after(0).await, giver.asked()), ((2, 2), 2));
    giver.life.store(0, Ordering::Relaxed);
    assert!(!giver.ring.replace_refused(&giver.ring.latest().credentials).await);
    assert_eq!((giver.after(0).await, giver.asked()), ((2, 2), 3));
}

#[tokio::test]
async fn the_users_own_keys_stay() {
    let giver = Giver::new(3600).await;
    let mut keys = giver.ring.latest().credentials;
    keys.access_key_id = AccessKeyId::new("7");
    let asker = giver.ring.0.asker.clone();
    let ring = RefreshingCredentials::resolve(
        CredentialsProvider::Static(keys.clone()),
        CredentialsOrigin::BuiltIn { profile: "demo" },
        asker,
    )
    .await
    .unwrap();
    assert!(!ring.replace_refused(&keys).await);
    giver.now.store(1_000_000_000, Ordering::Relaxed);
    assert_eq!((number(&ring.current().await.unwrap()), giver.asked()), (7, 1));
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let giver = Giver::new(3600).await;
    let shown = format!("{:?}", giver.ring);
    assert!(shown.contains("[redacted]") && !shown.contains("\"s\""), "{shown}");
}
