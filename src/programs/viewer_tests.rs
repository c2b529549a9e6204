use super::*;

fn address() -> ViewerAddress {
    let (host, title) = ("127.0.0.1".to_owned(), "web {port} 01".to_owned());
    ViewerAddress { host, port: 5907, socket: "/run/a b".into(), title }
}

#[test]
fn each_placeholder_is_replaced_once() {
    for (word, expected) in [
        ("{host}::{port}", "127.0.0.1::5907"),
        ("{host}:{display}", "127.0.0.1:7"),
        ("--to={socket}", "--to=/run/a b"),
        ("{title}", "web {port} 01"),
        ("{{port}}{x", "{5907}{x"),
        ("plain", "plain"),
    ] {
        assert_eq!(fill_placeholders(word, &address()), expected, "{word}");
    }
}

#[cfg(unix)]
mod on_unix {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A directory with programs of these names, and an environment with it as PATH and with a display.
    fn with(names: &[&str]) -> (tempfile::TempDir, Environment) {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(dir.path().join(name), "#!/bin/sh\n").unwrap();
            fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = dir.path().display().to_string();
        (dir, [("PATH", path.as_str()), ("DISPLAY", ":0")].into_iter().collect())
    }

    fn line(viewer: &Viewer) -> Vec<String> {
        viewer.arguments.iter().map(|word| fill_placeholders(word, &address())).collect()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_first_installed_viewer_gets_its_own_arguments() {
        for (names, name, expected) in [
            (&["remmina", "remote-viewer", "xtigervncviewer"][..], "TigerVNC", &["127.0.0.1::5907"][..]),
            (&["vncviewer"], "TigerVNC", &["127.0.0.1::5907"]),
            (&["remmina", "remote-viewer"], "remote-viewer", &["--title", "web {port} 01", "vnc://127.0.0.1:5907"]),
            (&["remmina"], "Remmina", &["-c", "vnc://127.0.0.1:5907"]),
        ] {
            let (_dir, env) = with(names);
            let viewer = Viewer::find(&env).unwrap();
            assert_eq!(
                (viewer.name.as_str(), line(&viewer)),
                (name, expected.iter().map(|word| (*word).to_owned()).collect())
            );
        }
        let (_dir, env) = with(&[]);
        assert!(matches!(Viewer::find(&env), Err(ViewerError::Unavailable(why)) if why.contains("TigerVNC, RealVNC")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_display_no_viewer_is_found_but_a_command_may_be_given() {
        let (dir, _) = with(&["xtigervncviewer"]);
        let env = [("PATH", dir.path().to_str().unwrap())].into_iter().collect();
        assert!(matches!(Viewer::find(&env), Err(ViewerError::Unavailable(why)) if why.contains("DISPLAY")));
        assert!(Viewer::from_command("xtigervncviewer", &env).is_ok());
    }

    #[test]
    fn a_command_without_placeholders_gets_the_known_or_default_arguments() {
        let (_dir, env) = with(&["my viewer", "remote-viewer"]);
        for (command, expected) in [
            ("'my viewer' -x", &["-x", "127.0.0.1::5907"][..]),
            ("'my viewer' --display={display} 'a {title}'", &["--display=7", "a web {port} 01"]),
            ("'my viewer' {socket}", &["/run/a b"]),
            ("remote-viewer {host}", &["127.0.0.1"]),
        ] {
            let viewer = Viewer::from_command(command, &env).unwrap();
            assert_eq!(line(&viewer), expected, "{command}");
            assert_eq!(viewer.wants_socket(), command.contains("socket"));
            assert_eq!(viewer.wants_display(), command.contains("display"));
        }
        if cfg!(target_os = "linux") {
            let viewer = Viewer::from_command("remote-viewer --full-screen", &env).unwrap();
            assert_eq!(line(&viewer)[..2], ["--full-screen", "--title"]);
        }
        for bad in ["", "'", "none-such {host}"] {
            assert!(matches!(Viewer::from_command(bad, &env), Err(ViewerError::StartFailed(_))), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_last_line_of_stderr_is_kept() {
        let env = [("PATH", "/usr/bin:/bin")].into_iter().collect();
        let script = "i=0; while [ $i -lt 9000 ]; do echo noise >&2; i=$((i+1)); done; echo 'no {title}' >&2; exit 3";
        let viewer =
            Viewer { arguments: vec!["-c".into(), script.into()], ..Viewer::from_command("sh {host}", &env).unwrap() };
        let mut running = viewer.start(&address()).unwrap();
        assert_eq!(running.wait().await.unwrap().code(), Some(3));
        assert_eq!(running.last_stderr_line().await, "no web {port} 01");
        // A viewer that runs on until it is terminated.
        let viewer = Viewer { arguments: vec!["-c".into(), "exec sleep 1000".into()], ..viewer };
        viewer.start(&address()).unwrap().terminate().await;
        // A program that it started is terminated too: stderr ends when the last process closes it.
        let viewer = Viewer { arguments: vec!["-c".into(), "sleep 1000 & wait".into()], ..viewer };
        let running = viewer.start(&address()).unwrap();
        let stderr = running.stderr.abort_handle();
        running.terminate().await;
        timeout(Duration::from_secs(20), async {
            while !stderr.is_finished() {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
    }
}
