//! A simulated Linux machine: its names, its version and its files. Pure.

/// The Linux distribution of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distribution {
    AlibabaCloudLinux,
    Debian,
    Ubuntu,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    pub(crate) hostname: String,
    pub(crate) distribution: Distribution,
    /// The private IPv4 address.
    pub(crate) address: String,
    fstab: String,
}

const ROOT_LINE: &str = "UUID=6a3c1d0e-5f7b-4c2e-9d41-0f6b8a2c7e13 /     ext4 defaults 0 1\n";

/// The line of /etc/fstab for a data disk that is not attached.
const MISSING_DISK_LINE: &str = "/dev/vdb1                                 /data ext4 defaults 0 2\n";

/// The most that /etc/fstab may grow to, in bytes.
const MAX_FSTAB_LEN: usize = 4096;

/// What a `sed` script does with a matching line.
enum Edit<'a> {
    Delete,
    Prepend(&'a str),
    Replace(&'a str, &'a str),
}

impl Distribution {
    /// The distribution of an OSName in English, such as `Ubuntu 22.04 64 bit`.
    pub(crate) fn of(os_name: &str) -> Self {
        match os_name.split(' ').next() {
            Some("Alibaba") => Self::AlibabaCloudLinux,
            Some("Ubuntu") => Self::Ubuntu,
            _ => Self::Debian,
        }
    }

    /// PRETTY_NAME of /etc/os-release.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AlibabaCloudLinux => "Alibaba Cloud Linux 3 (Soaring Falcon)",
            Self::Debian => "Debian GNU/Linux 12 (bookworm)",
            Self::Ubuntu => "Ubuntu 22.04.4 LTS",
        }
    }

    /// What `uname -r` prints.
    pub(crate) fn kernel(self) -> &'static str {
        match self {
            Self::AlibabaCloudLinux => "5.10.134-16.3.al8.x86_64",
            Self::Debian => "6.1.0-18-amd64",
            Self::Ubuntu => "5.15.0-101-generic",
        }
    }

    /// What `uname -v` prints.
    pub(crate) fn kernel_version(self) -> &'static str {
        match self {
            Self::AlibabaCloudLinux => "#1 SMP Mon Jan 29 16:44:43 CST 2024",
            Self::Debian => "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)",
            Self::Ubuntu => "#111-Ubuntu SMP Tue Mar 5 20:16:58 UTC 2024",
        }
    }
}

impl Machine {
    /// With a missing disk, booting ends in emergency mode until /etc/fstab is corrected.
    pub(crate) fn new(hostname: &str, distribution: Distribution, address: &str, has_missing_disk: bool) -> Self {
        let fstab = format!("{ROOT_LINE}{}", if has_missing_disk { MISSING_DISK_LINE } else { "" });
        Self { hostname: hostname.to_owned(), distribution, address: address.to_owned(), fstab }
    }

    /// Whether /etc/fstab demands the disk that is missing.
    pub(crate) fn has_wrong_fstab(&self) -> bool {
        self.fstab.lines().any(|line| line.starts_with("/dev/vdb1 ") && !line.contains("nofail"))
    }

    /// Edits /etc/fstab as `sed -i SCRIPT` does, where the script is `/PATTERN/d` or `/PATTERN/s/OLD/NEW/`. Both match
    /// literally, but an `OLD` of `^` is the beginning of the line.
    pub(crate) fn edit_fstab(&mut self, script: &str) -> Result<(), &'static str> {
        const NOT_SIMULATED: &str = "only '/PATTERN/d' and '/PATTERN/s/OLD/NEW/' are simulated";
        // `\/` is a slash that separates nothing.
        let script = script.replace("\\/", "\0");
        let parts: Vec<String> = script.split('/').map(|part| part.replace('\0', "/")).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (pattern, edit) = match parts[..] {
            ["", pattern, "d"] => (pattern, Edit::Delete),
            ["", pattern, "s", "^", new, ""] => (pattern, Edit::Prepend(new)),
            ["", pattern, "s", old, new, ""] => (pattern, Edit::Replace(old, new)),
            _ => return Err(NOT_SIMULATED),
        };
        if pattern.is_empty() {
            return Err(NOT_SIMULATED);
        }
        let edited = |line: &str| match edit {
            _ if !line.contains(pattern) => line.to_owned(),
            Edit::Delete => String::new(),
            Edit::Prepend(new) => format!("{new}{line}"),
            Edit::Replace(old, new) => line.replacen(old, new, 1),
        };
        let fstab: String = self.fstab.split_inclusive('\n').map(edited).collect();
        if fstab.len() > MAX_FSTAB_LEN {
            return Err("couldn't flush /etc/sedZ4Xq1p: No space left on device");
        }
        self.fstab = fstab;
        Ok(())
    }

    /// The text above the login prompt: /etc/issue with its fields filled in.
    pub(crate) fn issue(&self) -> String {
        match self.distribution {
            Distribution::AlibabaCloudLinux => {
                let (name, kernel) = (self.distribution.name(), self.distribution.kernel());
                format!("\n{name}\nKernel {kernel} on an x86_64\n\n")
            }
            Distribution::Debian => format!("\nDebian GNU/Linux 12 {} tty1\n\n", self.hostname),
            Distribution::Ubuntu => format!("\n{} {} tty1\n\n", self.distribution.name(), self.hostname),
        }
    }

    pub(crate) fn login_prompt(&self) -> String {
        format!("{} login: ", self.hostname)
    }

    /// The shell's prompt.
    pub(crate) fn prompt(&self, user: &str) -> String {
        let (host, sign) = (&self.hostname, if user == "root" { '#' } else { '$' });
        match self.distribution {
            Distribution::AlibabaCloudLinux => format!("[{user}@{host} ~]{sign} "),
            Distribution::Debian | Distribution::Ubuntu => format!("{user}@{host}:~{sign} "),
        }
    }

    /// A file's contents.
    pub(crate) fn file(&self, path: &str) -> Option<String> {
        let text = match path {
            "/etc/fstab" => self.fstab.clone(),
            "/etc/hostname" => format!("{}\n", self.hostname),
            "/etc/os-release" => format!("PRETTY_NAME=\"{}\"\n", self.distribution.name()),
            _ => return None,
        };
        Some(text)
    }
}
