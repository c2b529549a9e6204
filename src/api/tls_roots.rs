//! The root certificates that TLS trusts: those in the file named by SSL_CERT_FILE, or the operating system's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

use crate::system::platform;

/// Why there are no root certificates.
#[derive(Debug, Error)]
pub enum TlsRootsError {
    /// The file named by SSL_CERT_FILE is unreadable or contains no certificate.
    #[error("cannot read certificates from {file} (SSL_CERT_FILE): {cause}", file = file.display())]
    File {
        /// Path of the file.
        file: PathBuf,
        /// The error of the operating system or of the PEM parser.
        cause: String,
    },
    /// The operating system's certificate store is empty.
    #[error("the operating system's certificate store is empty")]
    Empty,
}

/// Returns a TLS configuration that trusts the root certificates. Reading them takes up to 2 ms.
pub(crate) fn client_config(ssl_cert_file: Option<&Path>) -> Result<ClientConfig, TlsRootsError> {
    roots(ssl_cert_file).map(client_config_with)
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

fn roots(ssl_cert_file: Option<&Path>) -> Result<RootCertStore, TlsRootsError> {
    if let Some(file) = ssl_cert_file {
        let file_error = |cause: String| TlsRootsError::File { file: file.to_owned(), cause };
        let roots = read_bundle(file).map_err(|error| file_error(error.to_string()))?;
        return if roots.is_empty() { Err(file_error("it contains no certificate".to_owned())) } else { Ok(roots) };
    }
    // Reading one bundle takes a quarter of the time of scanning the certificate directory.
    let bundles = platform::CA_BUNDLES.iter().filter_map(|file| read_bundle(Path::new(file)).ok());
    let roots = bundles.into_iter().find(|roots| !roots.is_empty()).unwrap_or_else(native_roots);
    if roots.is_empty() { Err(TlsRootsError::Empty) } else { Ok(roots) }
}

/// Reads the certificates in a PEM file. Invalid ones are skipped, as other TLS libraries do.
fn read_bundle(file: &Path) -> Result<RootCertStore, rustls::pki_types::pem::Error> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file)?.collect();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates?);
    Ok(roots)
}

fn native_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
