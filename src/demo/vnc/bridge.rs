//! Copies bytes between a client and a target without parsing them, until the client is idle.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::time::timeout;

use super::End;
use super::target::TargetError;

/// The most bytes that are read at once.
const BUFFER_LEN: usize = 64 << 10;

/// Carries bytes both ways until one side ends; by then the other has been given all of them.
///
/// A client is idle if it has sent nothing for `idle_limit`, also while its target does not read.
pub(crate) async fn bridge<R, W>(
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
        end = copy_to_target(from_client, to_target, idle_limit) => Ok(end),
        result = copy_to_client(from_target, to_client) => result,
    }
}

async fn copy_to_target<W>(mut from_client: ReadHalf<DuplexStream>, to_target: &mut W, idle_limit: Duration) -> End
where
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; BUFFER_LEN];
    let mut count = 0;
    let mut is_target_reading = true;
    loop {
        let step = async {
            if let Some(read) = buffer.get(..count).filter(|read| is_target_reading && !read.is_empty()) {
                // A target that is done reads no more. Its last bytes, or its error, arrive in `copy_to_client`.
                is_target_reading = to_target.write_all(read).await.is_ok() && to_target.flush().await.is_ok();
            }
            // A stream in memory does not fail.
            from_client.read(&mut buffer).await.unwrap_or_default()
        };
        count = match timeout(idle_limit, step).await {
            Ok(0) => return End::ClientLeft,
            Ok(count) => count,
            Err(_) => return End::Idle,
        };
    }
}

async fn copy_to_client<R>(from_target: &mut R, mut to_client: WriteHalf<DuplexStream>) -> Result<End, TargetError>
where
    R: AsyncRead + Unpin,
{
    let mut buffer = vec![0; BUFFER_LEN];
    loop {
        let count = from_target.read(&mut buffer).await?;
        match buffer.get(..count) {
            None | Some([]) => return Ok(End::TargetClosed),
            Some(read) => {
                if to_client.write_all(read).await.is_err() {
                    // The client has left. `copy_to_target` ends the session once it has read the client's last bytes.
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

    /// The client's end, the target's end, and the bridge between them, with buffers of 8 bytes.
    fn ends() -> (DuplexStream, DuplexStream, impl Future<Output = Result<End, TargetError>>) {
        let ((client, near), (far, target)) = (duplex(8), duplex(8));
        (client, target, async move {
            let (mut reader, mut writer) = tokio::io::split(far);
            bridge(near, &mut reader, &mut writer, LIMIT).await
        })
    }

    #[tokio::test]
    async fn the_last_bytes_of_a_client_reach_the_target() {
        let (mut client, mut target, bridging) = ends();
        let talking = async {
            client.write_all(&numbers(300_000)).await.unwrap();
            drop(client);
        };
        let mut heard = Vec::new();
        let listening = async {
            // The client does not read this.
            target.write_all(b"RFB").await.unwrap();
            target.read_to_end(&mut heard).await.unwrap();
        };
        let (end, (), ()) = tokio::join!(bridging, talking, listening);
        assert_eq!(end.unwrap(), End::ClientLeft);
        assert!(heard == numbers(300_000), "{}", heard.len());
    }

    #[tokio::test]
    async fn the_last_bytes_of_a_target_reach_the_client() {
        let (client, mut target, bridging) = ends();
        let (mut hear, mut say) = tokio::io::split(client);
        let mut heard = Vec::new();
        // The client goes on writing after the target has closed.
        let talking = async { while say.write_all(&[7; 100]).await.is_ok() {} };
        let serving = async {
            target.write_all(&numbers(300_000)).await.unwrap();
            drop(target);
        };
        let listening = async { hear.read_to_end(&mut heard).await.unwrap() };
        let (end, (), (), count) = tokio::join!(bridging, talking, serving, listening);
        assert_eq!((end.unwrap(), count), (End::TargetClosed, 300_000));
        assert!(heard == numbers(300_000));
    }

    #[tokio::test(start_paused = true)]
    async fn only_bytes_of_the_client_are_activity() {
        let (client, mut target, bridging) = ends();
        let (mut hear, mut say) = tokio::io::split(client);
        let start = Instant::now();
        let bridging = async { (bridging.await, start.elapsed()) };
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
        let ((end, time), (), (), count) = tokio::join!(bridging, talking, serving, hear.read_to_end(&mut heard));
        assert_eq!((end.unwrap(), time.as_secs()), (End::Idle, 3 * 59 + 60));
        assert!(count.unwrap() >= 3 * 59 + 60, "a busy screen all the time: {}", heard.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_target_that_does_not_read_does_not_prolong_a_session() {
        let (mut client, target, bridging) = ends();
        let start = Instant::now();
        let talking = async {
            // Back-pressure: no more than the buffers hold can be written.
            let mut gone = 0;
            while client.write_all(&[0; 4]).await.is_ok() {
                gone += 4;
            }
            gone
        };
        let (end, gone) = tokio::join!(bridging, talking);
        assert_eq!((end.unwrap(), start.elapsed()), (End::Idle, LIMIT));
        assert!(gone <= 64, "{gone}");
        drop(target);
    }
}
