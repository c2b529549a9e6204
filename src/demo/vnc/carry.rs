//! A client's bytes to a target and back, whatever they mean, while the client is not idle.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::time::timeout;

use super::End;
use super::target::TargetError;

/// How many bytes are taken at once.
const PIECE: usize = 64 << 10;

/// Carries bytes until one side ends: the other has then been given all of them.
///
/// A client is idle that says nothing for `idle_limit`, be it that its target does not listen.
pub(crate) async fn carry<R, W>(
    client: DuplexStream,
    from_target: &mut R,
    to_target: &mut W,
    idle_limit: Duration,
) -> Result<End, TargetError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let (from_client, to_client) = tokio::io::split(client);
    tokio::select! {
        end = up(from_client, to_target, idle_limit) => Ok(end),
        result = down(from_target, to_client) => result,
    }
}

async fn up<W>(mut from_client: ReadHalf<DuplexStream>, to_target: &mut W, idle_limit: Duration) -> End
where
    W: AsyncWrite + Unpin,
{
    let mut piece = vec![0; PIECE];
    let mut count = 0;
    let mut listens = true;
    loop {
        let step = async {
            if let Some(read) = piece.get(..count).filter(|read| listens && !read.is_empty()) {
                // A target that is done listens no more; its last words, or what befell it, come on the way down.
                listens = to_target.write_all(read).await.is_ok() && to_target.flush().await.is_ok();
            }
            // A stream in memory does not fail.
            from_client.read(&mut piece).await.unwrap_or_default()
        };
        count = match timeout(idle_limit, step).await {
            Ok(0) => return End::ClientLeft,
            Ok(count) => count,
            Err(_) => return End::Idle,
        };
    }
}

async fn down<R>(from_target: &mut R, mut to_client: WriteHalf<DuplexStream>) -> Result<End, TargetError>
where
    R: AsyncRead + Unpin,
{
    let mut piece = vec![0; PIECE];
    loop {
        let count = from_target.read(&mut piece).await?;
        match piece.get(..count) {
            None | Some([]) => return Ok(End::TargetClosed),
            Some(read) => {
                if to_client.write_all(read).await.is_err() {
                    // The client is gone, which is for the way up to see: its last words may still be on it.
                    return std::future::pending().await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;
    use tokio::time::{Instant, sleep};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    fn numbers(count: usize) -> Vec<u8> {
        (0..count).map(|n| (n % 251) as u8).collect()
    }

    /// The client's end, the target's end, and the carrying between them, all through 8 bytes.
    fn ends() -> (DuplexStream, DuplexStream, impl Future<Output = Result<End, TargetError>>) {
        let ((client, near), (far, target)) = (duplex(8), duplex(8));
        (client, target, async move {
            let (mut reader, mut writer) = tokio::io::split(far);
            carry(near, &mut reader, &mut writer, LIMIT).await
        })
    }

    #[tokio::test]
    async fn a_client_that_leaves_has_been_heard_to_the_end() {
        let (mut client, mut target, carrying) = ends();
        let talking = async {
            client.write_all(&numbers(300_000)).await.unwrap();
            drop(client);
        };
        let mut heard = Vec::new();
        let listening = async {
            // It talks to whoever does not listen, too.
            target.write_all(b"RFB").await.unwrap();
            target.read_to_end(&mut heard).await.unwrap();
        };
        let (end, (), ()) = tokio::join!(carrying, talking, listening);
        assert_eq!(end.unwrap(), End::ClientLeft);
        assert!(heard == numbers(300_000), "{}", heard.len());
    }

    #[tokio::test]
    async fn a_target_that_closes_has_been_heard_to_the_end() {
        let (client, mut target, carrying) = ends();
        let (mut hear, mut say) = tokio::io::split(client);
        let mut heard = Vec::new();
        // The client goes on talking, though nobody listens any more.
        let talking = async { while say.write_all(&[7; 100]).await.is_ok() {} };
        let serving = async {
            target.write_all(&numbers(300_000)).await.unwrap();
            drop(target);
        };
        let listening = async { hear.read_to_end(&mut heard).await.unwrap() };
        let (end, (), (), count) = tokio::join!(carrying, talking, serving, listening);
        assert_eq!((end.unwrap(), count), (End::TargetClosed, 300_000));
        assert!(heard == numbers(300_000));
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_the_client_says_is_activity() {
        let (client, mut target, carrying) = ends();
        let (mut hear, mut say) = tokio::io::split(client);
        let start = Instant::now();
        let carrying = async { (carrying.await, start.elapsed()) };
        let talking = async {
            for _ in 0..3 {
                sleep(Duration::from_secs(59)).await;
                say.write_all(&[0]).await.unwrap();
            }
        };
        let serving = async {
            while target.write_all(&[0]).await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
        };
        let mut heard = Vec::new();
        let ((end, time), (), (), count) = tokio::join!(carrying, talking, serving, hear.read_to_end(&mut heard));
        assert_eq!((end.unwrap(), time.as_secs()), (End::Idle, 3 * 59 + 60));
        assert!(count.unwrap() >= 3 * 59 + 60, "a busy screen all the time: {}", heard.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_target_that_does_not_listen_holds_nobody() {
        let (mut client, target, carrying) = ends();
        let start = Instant::now();
        let talking = async {
            // Back-pressure: more than a piece and what is on its way does not go.
            let mut gone = 0;
            while client.write_all(&[0; 4]).await.is_ok() {
                gone += 4;
            }
            gone
        };
        let (end, gone) = tokio::join!(carrying, talking);
        assert_eq!((end.unwrap(), start.elapsed()), (End::Idle, LIMIT));
        assert!(gone <= 64, "{gone}");
        drop(target);
    }
}
