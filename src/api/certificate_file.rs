//! Reads the certificates in a file that a user names.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};

use crate::system::blocking;

/// The largest file that is read, in bytes. Bundles of all public CAs have less than 1 MiB.
const MAX_FILE_LEN: usize = 8 << 20;

/// The PEM headers of certificates. OpenSSL's documentation of PEM_read_bio_X509 lists the older two. The parser knows
/// the first only.
const HEADERS: [&str; 3] = [" CERTIFICATE-----", " X509 CERTIFICATE-----", " TRUSTED CERTIFICATE-----"];

/// The UTF-8 form of the byte order mark, which editors on Windows put in front of a text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// id-kp-serverAuth (RFC 5280, section 4.2.1.12), as an OBJECT IDENTIFIER in DER.
const SERVER_AUTH: &[u8] = &[0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

/// anyExtendedKeyUsage, from the same section.
const ANY_USE: &[u8] = &[0x06, 0x04, 0x55, 0x1d, 0x25, 0x00];

const SEQUENCE: u8 = 0x30;
const REJECTED_USES: u8 = 0xa0;

/// Reads the certificates in `file`. An error says what is wrong with the file, without its content.
pub(crate) fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    parse(&blocking::read_whole_file(file, MAX_FILE_LEN).map_err(|error| error.to_string())?)
}

/// Parses the certificates in `bytes`, which are PEM in UTF-8 or UTF-16, with or without byte order marks. Those that
/// their file trusts for other uses only are left out.
fn parse(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let mut text = match bytes {
        // PowerShell 5 writes this when output is redirected to a file.
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    // Files that were joined have marks inside.
    text = text.replace(BYTE_ORDER_MARK, "");
    for header in &HEADERS[1..] {
        text = text.replace(header, HEADERS[0]);
    }
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        let der = certificate.map_err(|error| explain(&error))?;
        certificates.extend(trusted_for_servers(&der));
    }
    Ok(certificates)
}

/// The `pem` crate's own texts list the bytes of a line.
fn explain(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { .. } => "the last certificate has no END line",
        pem::Error::IllegalSectionStart { .. } => "a BEGIN line is malformed",
        pem::Error::Base64Decode(_) => "a certificate is not valid base64",
        _ => "it is not valid PEM",
    }
    .to_owned()
}

/// Returns the certificate at the start of `der`, unless what follows it forbids its use for servers.
///
/// A `TRUSTED CERTIFICATE` is followed by the uses that it is trusted and rejected for. Any list of trusted uses excludes
/// all others. Source: OpenSSL's `X509_CERT_AUX`, and the documentation of `openssl x509`, section "trust settings".
fn trusted_for_servers(der: &[u8]) -> Option<CertificateDer<'static>> {
    let Some((_, _, settings)) = element(der) else {
        // What is not DER is left to the library, which skips it.
        return Some(CertificateDer::from(der.to_vec()));
    };
    let certificate = CertificateDer::from(der[..der.len() - settings.len()].to_vec());
    let Some((_, mut lists, _)) = element(settings) else {
        return Some(certificate);
    };
    while let Some((tag, list, rest)) = element(lists) {
        let has_servers = includes(list, SERVER_AUTH) || includes(list, ANY_USE);
        if (tag == SEQUENCE && !has_servers) || (tag == REJECTED_USES && has_servers) {
            return None;
        }
        lists = rest;
    }
    Some(certificate)
}

/// Whether a list of elements includes `wanted`.
fn includes(mut list: &[u8], wanted: &[u8]) -> bool {
    while let Some((_, _, rest)) = element(list) {
        if list[..list.len() - rest.len()] == *wanted {
            return true;
        }
        list = rest;
    }
    false
}

/// Splits off the first DER element: its tag, its content, and what follows it. `None` if there is none, or if it is longer
/// than `der`. ITU-T X.690, section 8.1.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Files that OpenSSL wrote; `make.sh` beside them says how.
    fn certificates(name: &str) -> Vec<CertificateDer<'static>> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/certificates");
        read(&dir.join(name)).unwrap()
    }

    #[test]
    fn a_trusted_certificate_is_the_plain_one_without_its_settings() {
        let plain = certificates("plain.pem");
        assert_eq!(plain.len(), 1);
        for name in ["alias.pem", "for_servers.pem", "for_all.pem"] {
            assert_eq!(certificates(name), plain, "{name}");
        }
    }

    #[test]
    fn a_certificate_that_is_not_trusted_for_servers_is_left_out() {
        for name in ["for_mail.pem", "not_for_servers.pem", "for_nothing.pem"] {
            assert_eq!(certificates(name), [], "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), header in 0..HEADERS.len()) {
            let _ = trusted_for_servers(&bytes);
            let _ = parse(&bytes);
            let body = String::from_utf8_lossy(&bytes);
            let header = HEADERS[header];
            let _ = parse(format!("-----BEGIN{header}\n{body}\n-----END{header}\n").as_bytes());
        }
    }
}
