use std::sync::Arc;
use std::sync::mpsc::channel;

use futures_util::FutureExt as _;

use super::*;

/// A shutdown of the test's own.
pub(crate) fn shutdown() -> &'static Shutdown {
    Box::leak(Box::new(Shutdown::new()))
}

#[test]
fn cleanups_run_once_in_reverse_order() {
    let (shutdown, order) = (shutdown(), Arc::new(Mutex::new(Vec::new())));
    let register = |name: &'static str| {
        let order = order.clone();
        shutdown.register(move || order.lock().unwrap().push(name)).unwrap()
    };
    let (_first, removed, run, _last) = (register("first"), register("removed"), register("run"), register("last"));
    drop(removed);
    run.run();
    run.run();
    shutdown.run_cleanups();
    shutdown.run_cleanups();
    assert_eq!(*order.lock().unwrap(), ["run", "last", "first"]);
}

#[test]
fn nothing_can_be_registered_after_the_cleanups_have_run() {
    let shutdown = shutdown();
    shutdown.run_cleanups();
    assert!(shutdown.register(|| panic!("not run")).is_none());
    let created = shutdown.create(|| -> io::Result<((), fn())> { panic!("nothing is created") });
    assert_eq!(created.unwrap_err().kind(), io::ErrorKind::Interrupted);
}

#[test]
fn a_failed_creation_registers_nothing() {
    let shutdown = shutdown();
    let created = shutdown.create(|| -> io::Result<((), fn())> { Err(io::ErrorKind::AddrInUse.into()) });
    assert_eq!(created.unwrap_err().kind(), io::ErrorKind::AddrInUse);
    assert!(shutdown.registry().cleanups.is_empty());
}

#[test]
fn a_cleanup_may_drop_its_own_guard() {
    let (shutdown, slot) = (shutdown(), Arc::new(Mutex::new(None)));
    let own = slot.clone();
    *slot.lock().unwrap() = shutdown.register(move || drop(own.lock().unwrap().take()));
    shutdown.run_cleanups();
    assert!(slot.lock().unwrap().is_none());
}

#[test]
fn a_creation_that_hangs_does_not_block_the_end() {
    let shutdown = shutdown();
    let (started, wait_started) = channel();
    let (release, wait_released) = channel::<()>();
    let creating = thread::spawn(move || {
        shutdown.create(|| {
            started.send(()).unwrap();
            wait_released.recv().unwrap();
            Ok(((), || ()))
        })
    });
    wait_started.recv().unwrap();
    shutdown.run_cleanups();
    release.send(()).unwrap();
    creating.join().unwrap().unwrap().1.run();
}

#[tokio::test]
async fn a_request_is_seen_before_and_after_it_is_made() {
    let shutdown = shutdown();
    let mut early = Box::pin(shutdown.requested());
    assert!((&mut early).now_or_never().is_none());
    shutdown.request();
    early.await;
    shutdown.requested().await;
}

#[tokio::test]
async fn it_settles_when_the_last_delay_is_over() {
    let shutdown = shutdown();
    shutdown.settled().await;
    let (one, other) = (shutdown.delay(), shutdown.delay());
    let mut settled = Box::pin(shutdown.settled());
    drop(one);
    assert!((&mut settled).now_or_never().is_none());
    drop(other);
    settled.await;
}
