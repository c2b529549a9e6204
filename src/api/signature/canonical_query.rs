//! The canonical query, the same for both signature methods.

use std::collections::BTreeMap;

use crate::text::percent::encode;

/// Returns `k=v&k=v`, percent-encoded and sorted by key in byte order. Parameters with an empty value are kept.
pub(crate) fn canonical_query(parameters: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::canonical_query;

    #[test]
    fn empty_values_are_kept_and_keys_are_in_byte_order() {
        let parameters = [("b", ""), ("a", "1"), ("B", "2")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        assert_eq!(canonical_query(&parameters), "B=2&a=1&b=");
    }
}
