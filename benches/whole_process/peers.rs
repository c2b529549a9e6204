//! Who is compared, and how each is called: in a sealed environment, with what it needs and nothing else.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecs_vnc::system::platform::CA_BUNDLES;

use crate::pairs::{Outcome, find, python};
use crate::server::INSTANCE;

/// As long as a request that is signed, with a signature that nobody checks.
const SIGNED: &str = "/?AccessKeyId=LTAIbenchbenchbenchbenchb&Action=DescribeInstanceVncUrl&Format=JSON&InstanceId=i-bp1hzoinajzkh91h&RegionId=cn-hangzhou&SignatureMethod=HMAC-SHA1&SignatureNonce=5a1c8a3bdc1f4a8e9f0a4c1de0f3b7d2&SignatureVersion=1.0&Timestamp=2026-01-01T00%3A00%3A00Z&Version=2014-05-26&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

/// The server, and what is needed to ask it.
pub(crate) struct Bench {
    home: PathBuf,
    one: PathBuf,
    full: Option<PathBuf>,
    plain: String,
    secure: String,
    python: Result<PathBuf, String>,
}

/// One side of a row, and the server both sides of it ask.
pub(crate) struct Peer {
    /// For the table.
    pub name: &'static str,
    /// How many pairs count.
    pub pairs: usize,
    /// The aim for our time by its time.
    pub aim: Option<f64>,
    /// How it is called, or why it cannot be.
    pub command: Result<Command, String>,
    endpoint: String,
    bundle: Option<PathBuf>,
}

impl Bench {
    /// `ca` signed the server's certificate; `ports` are those of http and https.
    pub(crate) fn new(home: &Path, ca: &Path, ports: (u16, u16)) -> Outcome<Self> {
        // Everybody trusts a few hundred certificates, and reading them is part of the price.
        let full = match CA_BUNDLES.iter().find_map(|file| fs::read_to_string(file).ok()) {
            Some(roots) => {
                let file = home.join("full.pem");
                fs::write(&file, roots + "\n" + &fs::read_to_string(ca)?)?;
                Some(file)
            }
            None => None,
        };
        Ok(Self {
            home: home.to_owned(),
            one: ca.to_owned(),
            full,
            plain: format!("http://127.0.0.1:{}", ports.0),
            secure: format!("https://127.0.0.1:{}", ports.1),
            python: python(),
        })
    }

    /// All that are compared, whether they are here or not.
    pub(crate) fn peers(&self) -> Vec<Peer> {
        vec![
            self.curl("curl, http", &self.plain, None),
            self.curl("curl, https, one root", &self.secure, Some(self.one.clone())),
            match &self.full {
                Some(full) => self.curl("curl, https, system's roots", &self.secure, Some(full.clone())),
                None => self.absent("curl, https, system's roots", "the system has no bundle of certificates"),
            },
            self.sdk("current Python SDK, http", "sdk_current.py", Some(0.02)),
            self.sdk("older Python SDK, http", "sdk_old.py", None),
        ]
    }

    /// `ecs-vnc vnc-url`, asking the server this peer asks.
    pub(crate) fn ours(&self, peer: &Peer, form: &[&str]) -> Command {
        let mut command = self.sealed(env!("CARGO_BIN_EXE_ecs-vnc").as_ref(), &peer.endpoint);
        command.arg("vnc-url").args(form).arg(INSTANCE);
        if let Some(bundle) = &peer.bundle {
            command.env("SSL_CERT_FILE", bundle);
        }
        command
    }

    fn curl(&self, name: &'static str, endpoint: &str, bundle: Option<PathBuf>) -> Peer {
        let command = find("curl").ok_or_else(|| "there is no curl here".to_owned()).map(|curl| {
            let mut command = self.sealed(curl.as_os_str(), endpoint);
            command.args(["--silent", "--fail"]);
            if let Some(bundle) = &bundle {
                command.arg("--cacert").arg(bundle);
            }
            command.arg(format!("{endpoint}{SIGNED}"));
            command
        });
        Peer { name, pairs: 40, aim: Some(0.4), endpoint: endpoint.to_owned(), bundle, command }
    }

    fn sdk(&self, name: &'static str, script: &str, aim: Option<f64>) -> Peer {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(script);
        let command = self.python.clone().map(|python| {
            let mut command = self.sealed(python.as_os_str(), &self.plain);
            command.arg(script).env("INSTANCE", INSTANCE);
            command
        });
        Peer { name, pairs: 10, aim, endpoint: self.plain.clone(), bundle: None, command }
    }

    fn absent(&self, name: &'static str, why: &str) -> Peer {
        let command = Err(why.to_owned());
        Peer { name, pairs: 0, aim: None, endpoint: self.plain.clone(), bundle: None, command }
    }

    fn sealed(&self, program: &OsStr, endpoint: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", &self.home).envs([
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIbenchbenchbenchbenchb"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "benchbenchbenchbenchbenchbench"),
            ("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou"),
            ("ALIBABA_CLOUD_ENDPOINT", endpoint),
        ]);
        command
    }
}
