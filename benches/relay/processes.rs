//! What a relay's processes take: time of the processors and memory, from `/proc`.

use std::collections::HashMap;
use std::fs;

use crate::pairs::Outcome;

/// Time of the processors so far, in nanoseconds, by thread.
pub(crate) type Times = HashMap<String, u64>;

/// The processes that come from `root`, with it.
pub(crate) fn tree(root: u32) -> Outcome<Vec<u32>> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid: u32| Some((pid, parent(pid)?)))
        .collect();
    let (mut found, mut next) = (vec![root], 0);
    while let Some(of) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, parent)| *parent == of).map(|(pid, _)| *pid));
        next += 1;
    }
    Ok(found)
}

/// The second word behind the name, which is in parentheses and may hold anything.
fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// What the scheduler has counted: `/proc/PID/stat` has hundredths of a second, which is too coarse.
pub(crate) fn times(root: u32) -> Outcome<Times> {
    let mut times = Times::new();
    for pid in tree(root)? {
        for task in fs::read_dir(format!("/proc/{pid}/task"))? {
            let task = task?.path();
            // A thread may end while its process is looked at.
            let Ok(text) = fs::read_to_string(task.join("schedstat")) else { continue };
            let time = text.split_whitespace().next().ok_or("an empty schedstat")?.parse()?;
            times.insert(task.display().to_string(), time);
        }
    }
    Ok(times)
}

/// The seconds between two looks, of those threads that are there at the second.
pub(crate) fn seconds(before: &Times, after: &Times) -> f64 {
    after.iter().map(|(task, time)| time - before.get(task).copied().unwrap_or(0)).sum::<u64>() as f64 / 1e9
}

/// Resident memory in bytes: all of the first process's, and its children's share, since most of a child is its
/// parent's.
pub(crate) fn memory(root: u32) -> Outcome<f64> {
    let mut kib = 0;
    for pid in tree(root)? {
        let (file, name) = if pid == root { ("status", "VmRSS:") } else { ("smaps_rollup", "Pss:") };
        let text = fs::read_to_string(format!("/proc/{pid}/{file}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or("no memory is told")?;
        kib += line.trim().trim_end_matches(" kB").parse::<u64>()?;
    }
    Ok(kib as f64 * 1024.0)
}

/// Whether somebody listens on this port of loopback. To connect would begin a session.
pub(crate) fn listens(port: u16) -> Outcome<bool> {
    let local = format!(":{port:04X}");
    let table = fs::read_to_string("/proc/net/tcp")?;
    Ok(table.lines().any(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (address, state) = (words.next().unwrap_or_default(), words.nth(1));
        address.ends_with(&local) && state == Some("0A")
    }))
}
