//! Pages of a list: by NextToken and MaxResults, or, in the older way, by PageNumber and PageSize.

use std::collections::HashMap;

use super::fault::Fault;
use super::filter::invalid_parameter;
use super::request_auth::AuthenticatedRequest;
use crate::api::signature::acs3::sha256_hex;
use crate::system::random;

/// The longest page. Source: the vendor's page on DescribeInstances.
const MAX_PAGE_LEN: usize = 100;

/// The shortest page, and the default. Source: as above.
const MIN_PAGE_LEN: usize = 10;

/// The most tokens remembered. Beyond it all are forgotten.
const MAX_TOKENS: usize = 10_000;

/// The place where a list continues.
#[derive(Debug)]
struct Continuation {
    /// The hash of the conditions that the list is for.
    conditions_hash: String,
    index: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// By the NextTokens that were issued.
    issued: HashMap<String, Continuation>,
}

/// The page that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// From the result at `index` on, with MaxResults as `size`.
    FromIndex { index: usize, size: usize },
    /// PageNumber, which counts from 1, and PageSize.
    Numbered { number: usize, size: usize },
}

impl Pages {
    /// Reads the page that a request asks for. `conditions` identifies the list, since a token is bound to its list.
    ///
    /// The service takes MaxResults above 100 as 100, and ignores PageNumber and PageSize beside NextToken or MaxResults.
    /// Here both are errors, so that a client that relies on it is noticed.
    pub(crate) fn requested(&self, request: &AuthenticatedRequest, conditions: &str) -> Result<Page, Fault> {
        let (results, number, size) = (
            read_number(request, "MaxResults")?,
            read_number(request, "PageNumber")?,
            read_number(request, "PageSize")?,
        );
        let token = request.get("NextToken");
        if results.or(size).is_some_and(|size| size > MAX_PAGE_LEN) {
            return Err(invalid_parameter(if results.is_some() { "MaxResults" } else { "PageSize" }));
        }
        if number.or(size).is_some() {
            return match (results.is_some() || token.is_some(), number.unwrap_or(1), size.unwrap_or(MIN_PAGE_LEN)) {
                (true, ..) => {
                    Err(invalid_parameter("PageNumber").with_detail(" It cannot be used with NextToken or MaxResults."))
                }
                (_, 0, _) => Err(invalid_parameter("PageNumber")),
                (_, _, 0) => Err(invalid_parameter("PageSize")),
                (_, number, size) => Ok(Page::Numbered { number, size }),
            };
        }
        let index = match token {
            None => 0,
            Some(token) => {
                let next =
                    self.issued.get(token).filter(|next| next.conditions_hash == sha256_hex(conditions.as_bytes()));
                next.ok_or_else(|| invalid_parameter("NextToken"))?.index
            }
        };
        Ok(Page::FromIndex { index, size: results.unwrap_or(MIN_PAGE_LEN).max(MIN_PAGE_LEN) })
    }

    /// Issues a token for the page of this list that begins at `index`.
    pub(crate) fn issue_token(&mut self, conditions: &str, index: usize) -> String {
        if self.issued.len() >= MAX_TOKENS {
            self.issued.clear();
        }
        let token = random::hex_128();
        self.issued.insert(token.clone(), Continuation { conditions_hash: sha256_hex(conditions.as_bytes()), index });
        token
    }
}

fn read_number(request: &AuthenticatedRequest, name: &str) -> Result<Option<usize>, Fault> {
    request.get(name).map(|text| text.parse().map_err(|_| invalid_parameter(name))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requested(pages: &Pages, parameters: &[(&str, &str)]) -> Result<Page, String> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let request = AuthenticatedRequest { parameters: parameters.collect(), ..AuthenticatedRequest::default() };
        pages.requested(&request, "q").map_err(|fault| fault.code)
    }

    #[test]
    fn sizes_are_those_of_the_vendors_page() {
        let pages = Pages::default();
        let from = |size| Ok(Page::FromIndex { index: 0, size });
        assert_eq!(requested(&pages, &[]), from(10));
        assert_eq!(requested(&pages, &[("MaxResults", "9")]), from(10));
        assert_eq!(requested(&pages, &[("MaxResults", "11")]), from(11));
        assert_eq!(requested(&pages, &[("MaxResults", "100")]), from(100));
        assert_eq!(requested(&pages, &[("PageNumber", "3")]), Ok(Page::Numbered { number: 3, size: 10 }));
        assert_eq!(requested(&pages, &[("PageSize", "50")]), Ok(Page::Numbered { number: 1, size: 50 }));
        for (name, value) in [
            ("MaxResults", "101"),
            ("MaxResults", "x"),
            ("MaxResults", "-1"),
            ("PageSize", "101"),
            ("PageSize", "0"),
            ("PageNumber", "0"),
            ("NextToken", "10"),
        ] {
            assert_eq!(requested(&pages, &[(name, value)]), Err("InvalidParameter".to_owned()), "{name}={value}");
        }
    }

    #[test]
    fn a_token_is_valid_for_its_own_list_only() {
        let mut pages = Pages::default();
        let token = pages.issue_token("q", 7);
        assert!(token.parse::<usize>().is_err(), "it is opaque: {token}");
        for _ in 0..2 {
            assert_eq!(requested(&pages, &[("NextToken", &token)]), Ok(Page::FromIndex { index: 7, size: 10 }));
        }
        let other = pages.issue_token("another", 7);
        for bad in [other.as_str(), "7", "x", &token.to_uppercase()] {
            assert_eq!(requested(&pages, &[("NextToken", bad)]), Err("InvalidParameter".to_owned()), "{bad}");
        }
    }

    #[test]
    fn the_two_ways_of_paging_cannot_be_combined() {
        let mut pages = Pages::default();
        let token = pages.issue_token("q", 7);
        for new in [("NextToken", token.as_str()), ("MaxResults", "10")] {
            for older in [("PageNumber", "1"), ("PageSize", "10")] {
                assert_eq!(requested(&pages, &[new, older]), Err("InvalidParameter".to_owned()), "{new:?} {older:?}");
            }
        }
    }
}
