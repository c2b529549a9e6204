//! Whom TLS trusts: the operating system's store, or the file that SSL_CERT_FILE names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

use crate::system::platform;

/// Why there is nobody to trust.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The named file could not be read.
    #[error("no certificate could be read from {file}, which SSL_CERT_FILE names: {cause}", file = file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },
    /// The operating system has no certificates.
    #[error("the operating system's certificate store is empty")]
    Empty,
}

/// A TLS client's configuration. Nothing is read where `needed` is false: reading the store takes up to 2 ms.
pub(crate) fn client_config(needed: bool, ssl_cert_file: Option<&Path>) -> Result<ClientConfig, TrustError> {
    let roots = if needed { roots(ssl_cert_file)? } else { RootCertStore::empty() };
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

fn roots(ssl_cert_file: Option<&Path>) -> Result<RootCertStore, TrustError> {
    if let Some(file) = ssl_cert_file {
        let refused = |cause: String| TrustError::File { file: file.to_owned(), cause };
        let roots = read_bundle(file).map_err(|error| refused(error.to_string()))?;
        return if roots.is_empty() { Err(refused("it holds none".to_owned())) } else { Ok(roots) };
    }
    // One bundle is read in a quarter of the time that a scan of the directory beside it takes.
    let bundles = platform::CA_BUNDLES.iter().filter_map(|file| read_bundle(Path::new(file)).ok());
    let roots = bundles.into_iter().find(|roots| !roots.is_empty()).unwrap_or_else(native);
    if roots.is_empty() { Err(TrustError::Empty) } else { Ok(roots) }
}

/// Certificates that cannot be used are passed over, as every TLS library does: stores hold strange ones.
fn read_bundle(file: &Path) -> Result<RootCertStore, rustls::pki_types::pem::Error> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file)?.collect();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates?);
    Ok(roots)
}

fn native() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
