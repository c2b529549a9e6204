//! A picture of a screen, as a whole process: ours by way of an account, others straight from the server.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use ecs_vnc::picture::Picture;
use tempfile::TempDir;

use crate::pairs::{self, Outcome, mib, python, verdict};
use crate::servers::{self, Server, Start};
use crate::{account, api, median, probe, sorted, spread};

const PAIRS: usize = 15;
const FIRST_FRAMES: usize = 31;

/// The pixels of a cursor that blinks: a character of a text screen.
const CURSOR: usize = 9 * 16;

/// The aim for our time by vncdotool's.
const AIM: f64 = 0.1;

/// The aim for our time, but for the process's start, by the server's own.
const SERVER_AIM: f64 = 1.1;

/// Runs the part.
pub(crate) fn shots() -> Outcome<()> {
    let home = tempfile::tempdir()?;
    let servers = [servers::qemu as Start, servers::xtigervnc].map(|start| start());
    println!(
        "\n| server | peer | ours ms | theirs ms | ratio median (min..max) | CPU ms | theirs | RSS MiB | theirs |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for server in &servers {
        let server = match server {
            Ok(server) => server,
            Err(why) => {
                println!("| left out: {why} |");
                continue;
            }
        };
        for (name, peer, aim) in [("vncdotool", vncdotool as Peer, Some(AIM)), ("asyncvnc", asyncvnc, None)] {
            let row = compare(server, peer, aim, &home).unwrap_or_else(|why| format!("left out: {why} |"));
            println!("| {} | {name} | {row}", server.name);
        }
    }
    println!(
        "\n| server | probe, TCP ms | probe, WebSocket ms | ours ms | our start ms | ours - start, by the probe's |"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
    for server in servers.iter().flatten() {
        println!("| {} | {}", server.name, first_frames(server, &home)?);
    }
    Ok(())
}

/// How a peer is called: for a server's port and a file.
type Peer = fn(u16, &Path) -> Result<Command, String>;

fn vncdotool(port: u16, file: &Path) -> Result<Command, String> {
    let program = python()?.with_file_name("vncdo");
    if !program.is_file() {
        return Err("there is no vncdo here".to_owned());
    }
    let mut command = Command::new(program);
    command.args(["-s", &format!("127.0.0.1::{port}"), "capture"]).arg(file);
    Ok(command)
}

fn asyncvnc(port: u16, file: &Path) -> Result<Command, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/asyncvnc_shot.py");
    let mut command = Command::new(python()?);
    command.arg(script).arg(port.to_string()).arg(file);
    Ok(command)
}

fn ours(server: &Server, home: &TempDir, file: &Path) -> Outcome<Command> {
    // QEMU serves this path and no other.
    let console = format!("ws%3A%2F%2F127.0.0.1%3A{}%2F", server.web_socket);
    let endpoint = format!("http://127.0.0.1:{}", api::serve(&console)?);
    let keys = ("LTAIbenchbenchbenchbenchb", "benchbenchbenchbenchbenchbench");
    let mut command = account::ours(home.path(), &endpoint, keys);
    command.args(["screenshot", "--via", "vnc", "i-bench", "-f"]).arg(file);
    Ok(command)
}

fn compare(server: &Server, peer: Peer, aim: Option<f64>, home: &TempDir) -> Outcome<String> {
    let (our_file, their_file) = (home.path().join("ours.png"), home.path().join("theirs.png"));
    let mut their_command = peer(server.tcp, &their_file)?;
    let pairs = pairs::compare(&mut ours(server, home, &our_file)?, &mut their_command, |_| true, PAIRS)?;
    // Who takes another picture has not won.
    let (ours, theirs) = (Picture::decode(&fs::read(our_file)?)?, Picture::decode(&fs::read(their_file)?)?);
    let pixels = |picture: &Picture| picture.rgb().as_chunks::<3>().0.to_vec();
    let differ = pixels(&ours).into_iter().zip(pixels(&theirs)).filter(|(ours, theirs)| ours != theirs).count();
    if (ours.width(), ours.height()) != (theirs.width(), theirs.height()) || differ > CURSOR {
        return Err("the two pictures differ".into());
    }
    let ratios = pairs.ratios();
    let ratio = ratios[ratios.len() / 2];
    let wall = pairs.medians(|run| run.wall.as_secs_f64() * 1e3);
    let cpu = pairs.medians(|run| run.cpu.as_secs_f64() * 1e3);
    let rss = pairs.medians(mib);
    Ok(format!(
        "{:.1} | {:.1} | {ratio:.3} ({:.3}..{:.3}) {} | {:.1} | {:.1} | {:.1} | {:.1} |",
        wall.0,
        wall.1,
        ratios[0],
        ratios[ratios.len() - 1],
        aim.map(|aim| verdict(ratio, aim)).unwrap_or_default(),
        cpu.0,
        cpu.1,
        rss.0,
        rss.1,
    ))
}

/// The server's own time for its first whole screen, and ours without what a process takes that does nothing.
fn first_frames(server: &Server, home: &TempDir) -> Outcome<String> {
    let mut command = ours(server, home, &home.path().join("first.png"))?;
    let mut nothing = Command::new(env!("CARGO_BIN_EXE_ecs-vnc"));
    nothing.arg("--version");
    let (mut tcp, mut web_socket, mut whole, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..FIRST_FRAMES {
        tcp.push(probe::over_tcp(server.tcp)?);
        web_socket.push(probe::over_web_socket(server.web_socket)?);
        whole.push(time(&mut command)?);
        starts.push(time(&mut nothing)?);
    }
    let start = median(starts.iter().copied());
    let ratios = sorted(whole.iter().zip(&web_socket).map(|(whole, probe)| (whole - start) / probe));
    let verdict = verdict(ratios[ratios.len() / 2], SERVER_AIM);
    let (tcp, web_socket, whole) = (spread(tcp, 2), spread(web_socket, 2), spread(whole, 2));
    Ok(format!("{tcp} | {web_socket} | {whole} | {start:.2} | {} {verdict} |", spread(ratios, 2)))
}

/// In ms.
fn time(command: &mut Command) -> Outcome<f64> {
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let time = start.elapsed().as_secs_f64() * 1e3;
    if status.success() { Ok(time) } else { Err(format!("a screenshot failed: {status}").into()) }
}
