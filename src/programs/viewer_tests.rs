use super::*;

fn spot() -> ViewerAddress {
    let (host, title) = ("127.0.0.1".to_owned(), "web {port} 01".to_owned());
    ViewerAddress { host, port: 5907, socket: "/run/a b".into(), title }
}

#[test]
fn each_place_is_filled_once() {
    for (word, expected) in [
        ("{host}::{port}", "127.0.0.1::5907"),
        ("{host}:{display}", "127.0.0.1:7"),
        ("--to={socket}", "--to=/run/a b"),
        ("{title}", "web {port} 01"),
        ("{{port}}{x", "{5907}{x"),
        ("plain", "plain"),
    ] {
        assert_eq!(filled(word, &spot()), expected, "{word}");
    }
}

#[cfg(unix)]
mod on_unix {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A directory with programs of these names, as PATH, on a display.
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
        viewer.arguments.iter().map(|word| filled(word, &spot())).collect()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_first_that_is_there_is_told_in_its_own_way() {
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
        assert!(matches!(Viewer::find(&env), Err(ViewerError::None(why)) if why.contains("TigerVNC, RealVNC")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_display_none_is_looked_for_but_one_may_be_chosen() {
        let (dir, _) = with(&["xtigervncviewer"]);
        let env = [("PATH", dir.path().to_str().unwrap())].into_iter().collect();
        assert!(matches!(Viewer::find(&env), Err(ViewerError::None(why)) if why.contains("DISPLAY")));
        assert!(Viewer::chosen("xtigervncviewer", &env).is_ok());
    }

    #[test]
    fn a_chosen_one_has_places_or_is_told_as_it_wants_or_as_most_want() {
        let (_dir, env) = with(&["my viewer", "remote-viewer"]);
        for (command, expected) in [
            ("'my viewer' -x", &["-x", "127.0.0.1::5907"][..]),
            ("'my viewer' --display={display} 'a {title}'", &["--display=7", "a web {port} 01"]),
            ("'my viewer' {socket}", &["/run/a b"]),
            ("remote-viewer {host}", &["127.0.0.1"]),
        ] {
            let viewer = Viewer::chosen(command, &env).unwrap();
            assert_eq!(line(&viewer), expected, "{command}");
            assert_eq!(viewer.wants_socket(), command.contains("socket"));
            assert_eq!(viewer.wants_display(), command.contains("display"));
        }
        if cfg!(target_os = "linux") {
            let viewer = Viewer::chosen("remote-viewer --full-screen", &env).unwrap();
            assert_eq!(line(&viewer)[..2], ["--full-screen", "--title"]);
        }
        for bad in ["", "'", "none-such {host}"] {
            assert!(matches!(Viewer::chosen(bad, &env), Err(ViewerError::Failed(_))), "{bad}");
        }
    }

    #[tokio::test]
    async fn its_last_line_is_kept_however_much_it_says() {
        let env = [("PATH", "/usr/bin:/bin")].into_iter().collect();
        let script = "i=0; while [ $i -lt 9000 ]; do echo noise >&2; i=$((i+1)); done; echo 'no {title}' >&2; exit 3";
        let viewer =
            Viewer { arguments: vec!["-c".into(), script.into()], ..Viewer::chosen("sh {host}", &env).unwrap() };
        let mut running = viewer.start(&spot()).unwrap();
        assert_eq!(running.ended().await.unwrap().code(), Some(3));
        assert_eq!(running.last_line().await, "no web {port} 01");
        // One that would not end.
        let viewer = Viewer { arguments: vec!["-c".into(), "exec sleep 1000".into()], ..viewer };
        viewer.start(&spot()).unwrap().end().await;
        // Nor does what it has started: its stderr ends with the last that has it.
        let viewer = Viewer { arguments: vec!["-c".into(), "sleep 1000 & wait".into()], ..viewer };
        let running = viewer.start(&spot()).unwrap();
        let said = running.said.abort_handle();
        running.end().await;
        timeout(Duration::from_secs(20), async {
            while !said.is_finished() {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
    }
}
