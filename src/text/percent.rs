//! The percent-encoding of signatures and URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters but the unreserved ones, `A-Z a-z 0-9 - _ . ~`. RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes the UTF-8 bytes of `text` with hexadecimal digits in upper case: a space is `%20`, `*` is `%2A`.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::encode;

    /// Source: the vendor's page on the RPC signature, section "encode the request parameters".
    #[test]
    fn text_is_encoded_as_the_vendor_documents_it() {
        assert_eq!(encode("AZaz09-_.~"), "AZaz09-_.~");
        assert_eq!(encode(" *'+/=&"), "%20%2A%27%2B%2F%3D%26");
        assert_eq!(encode("实例"), "%E5%AE%9E%E4%BE%8B");
    }
}
