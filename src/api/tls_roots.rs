//! The root certificates that TLS trusts: those that SSL_CERT_FILE and SSL_CERT_DIR name, or the operating system's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

use super::certificate_file;
use crate::system::environment::Environment;
use crate::system::platform;
use crate::text::sanitize::sanitize;

/// The most files of a directory that are read. Directories of all public CAs have less than 500.
const MAX_FILES: usize = 2000;

/// Why there are no root certificates.
#[derive(Debug, Error)]
pub enum TlsRootsError {
    /// The file named by SSL_CERT_FILE is unreadable or contains no certificate.
    #[error("cannot read certificates from {file} (SSL_CERT_FILE): {cause}", file = shown(&file.to_string_lossy()))]
    File {
        /// Path of the file.
        file: PathBuf,
        /// The error of the operating system or of the PEM parser.
        cause: String,
    },
    /// No file in the directories named by SSL_CERT_DIR contains a certificate.
    #[error("SSL_CERT_DIR names {}, where no certificate is", shown(dirs))]
    Directories {
        /// The value of the variable.
        dirs: String,
    },
    /// The operating system's certificate store is empty.
    #[error("the operating system's certificate store is empty")]
    Empty,
}

/// A path from a variable, for one line of a terminal.
fn shown(path: &str) -> String {
    sanitize(path, 300)
}

/// Returns a TLS configuration that trusts the root certificates. Reading them takes up to 2 ms.
pub(crate) fn client_config(env: &Environment) -> Result<ClientConfig, TlsRootsError> {
    roots(env).map(client_config_with)
}

/// Returns a TLS configuration that trusts nothing, for http endpoints.
pub(crate) fn empty_client_config() -> ClientConfig {
    client_config_with(RootCertStore::empty())
}

fn client_config_with(roots: RootCertStore) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn roots(env: &Environment) -> Result<RootCertStore, TlsRootsError> {
    let (file, dirs) = (env.get("SSL_CERT_FILE"), env.get("SSL_CERT_DIR"));
    if file.is_some() || dirs.is_some() {
        let mut certificates = file.map(|file| read_file(Path::new(file))).transpose()?.unwrap_or_default();
        certificates.extend(dirs.into_iter().flat_map(read_dirs));
        let roots = store(certificates);
        return match (file, dirs) {
            _ if !roots.is_empty() => Ok(roots),
            (None, Some(dirs)) => Err(TlsRootsError::Directories { dirs: dirs.to_owned() }),
            (file, _) => Err(file_error(Path::new(file.unwrap_or_default()), "it contains no certificate")),
        };
    }
    // Reading one bundle takes a quarter of the time of scanning the certificate directory.
    let bundles = platform::CA_BUNDLES.iter().filter_map(|file| certificate_file::read(Path::new(file)).ok());
    let roots = bundles.map(store).find(|roots| !roots.is_empty()).unwrap_or_else(native_roots);
    if roots.is_empty() { Err(TlsRootsError::Empty) } else { Ok(roots) }
}

fn read_file(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsRootsError> {
    certificate_file::read(file).map_err(|cause| file_error(file, &cause))
}

fn file_error(file: &Path, cause: &str) -> TlsRootsError {
    TlsRootsError::File { file: file.to_owned(), cause: cause.to_owned() }
}

/// Reads all files in the directories of a list. Those without certificates, such as a README, are skipped.
fn read_dirs(list: &str) -> impl Iterator<Item = CertificateDer<'static>> {
    let entries = env::split_paths(list).filter_map(|dir| fs::read_dir(dir).ok()).flatten().take(MAX_FILES);
    // Each certificate usually has several names, which are links.
    let files: BTreeSet<PathBuf> = entries.filter_map(|entry| fs::canonicalize(entry.ok()?.path()).ok()).collect();
    let files = files.into_iter().filter(|file| file.is_file());
    files.filter_map(|file| certificate_file::read(&file).ok()).flatten()
}

/// Invalid certificates are skipped, as other TLS libraries do.
fn store(certificates: Vec<CertificateDer<'static>>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    roots
}

fn native_roots() -> RootCertStore {
    store(rustls_native_certs::load_native_certs().certs)
}
