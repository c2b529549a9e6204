//! A long answer in pages: by NextToken and MaxResults, or by PageNumber and PageSize.

use std::collections::HashMap;

use super::fault::Fault;
use super::filter::invalid;
use super::request_auth::AuthenticatedRequest;
use crate::api::signature::acs3::sha256_hex;
use crate::system::random;

/// The most results at once. Source: the vendor's page on DescribeInstances.
const MOST: usize = 100;

/// The least, and what it is if nothing is said. Source: as above.
const LEAST: usize = 10;

/// The most tokens remembered; past it they are forgotten: this is a simulation, and bounded.
const TOKENS: usize = 10_000;

/// Where a token leads.
#[derive(Debug)]
struct Next {
    /// The hash of the question.
    of: String,
    index: usize,
}

/// The NextTokens that are out.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    out: HashMap<String, Next>,
}

/// The page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// From the result at this index on.
    From {
        /// The first index.
        index: usize,
        /// MaxResults.
        size: usize,
    },
    /// The older way.
    Numbered {
        /// PageNumber, from 1.
        number: usize,
        /// PageSize.
        size: usize,
    },
}

impl Pages {
    /// Reads which page of the answers to `question` is asked for.
    ///
    /// The service takes MaxResults above 100 as 100, and lets NextToken and MaxResults win over PageNumber and
    /// PageSize. Here both are refused, so that a client that counts on it is found out.
    pub(crate) fn asked(&self, passed: &AuthenticatedRequest, question: &str) -> Result<Page, Fault> {
        let (results, number, size) =
            (count(passed, "MaxResults")?, count(passed, "PageNumber")?, count(passed, "PageSize")?);
        let token = passed.get("NextToken");
        if results.or(size).is_some_and(|size| size > MOST) {
            return Err(invalid(if results.is_some() { "MaxResults" } else { "PageSize" }));
        }
        if number.or(size).is_some() {
            return match (results.is_some() || token.is_some(), number.unwrap_or(1), size.unwrap_or(LEAST)) {
                (true, ..) => Err(invalid("PageNumber").saying(" It cannot be used with NextToken or MaxResults.")),
                (_, 0, _) => Err(invalid("PageNumber")),
                (_, _, 0) => Err(invalid("PageSize")),
                (_, number, size) => Ok(Page::Numbered { number, size }),
            };
        }
        let index = match token {
            None => 0,
            Some(token) => {
                let next = self.out.get(token).filter(|next| next.of == sha256_hex(question.as_bytes()));
                next.ok_or_else(|| invalid("NextToken"))?.index
            }
        };
        Ok(Page::From { index, size: results.unwrap_or(LEAST).max(LEAST) })
    }

    /// A token that leads to the result at `index`.
    pub(crate) fn token(&mut self, question: &str, index: usize) -> String {
        if self.out.len() >= TOKENS {
            self.out.clear();
        }
        let token = random::hex_128();
        self.out.insert(token.clone(), Next { of: sha256_hex(question.as_bytes()), index });
        token
    }
}

fn count(passed: &AuthenticatedRequest, name: &str) -> Result<Option<usize>, Fault> {
    passed.get(name).map(|text| text.parse().map_err(|_| invalid(name))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pages: &Pages, parameters: &[(&str, &str)]) -> Result<Page, String> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let passed = AuthenticatedRequest { parameters: parameters.collect(), ..AuthenticatedRequest::default() };
        pages.asked(&passed, "q").map_err(|fault| fault.code)
    }

    #[test]
    fn sizes_are_those_of_the_vendors_page() {
        let pages = Pages::default();
        let from = |size| Ok(Page::From { index: 0, size });
        assert_eq!(asked(&pages, &[]), from(10));
        assert_eq!(asked(&pages, &[("MaxResults", "9")]), from(10));
        assert_eq!(asked(&pages, &[("MaxResults", "11")]), from(11));
        assert_eq!(asked(&pages, &[("MaxResults", "100")]), from(100));
        assert_eq!(asked(&pages, &[("PageNumber", "3")]), Ok(Page::Numbered { number: 3, size: 10 }));
        assert_eq!(asked(&pages, &[("PageSize", "50")]), Ok(Page::Numbered { number: 1, size: 50 }));
        for (name, value) in [
            ("MaxResults", "101"),
            ("MaxResults", "x"),
            ("MaxResults", "-1"),
            ("PageSize", "101"),
            ("PageSize", "0"),
            ("PageNumber", "0"),
            ("NextToken", "10"),
        ] {
            assert_eq!(asked(&pages, &[(name, value)]), Err("InvalidParameter".to_owned()), "{name}={value}");
        }
    }

    #[test]
    fn a_token_leads_on_in_its_own_question_only() {
        let mut pages = Pages::default();
        let token = pages.token("q", 7);
        assert!(token.parse::<usize>().is_err(), "it is opaque: {token}");
        for _ in 0..2 {
            assert_eq!(asked(&pages, &[("NextToken", &token)]), Ok(Page::From { index: 7, size: 10 }));
        }
        let other = pages.token("another", 7);
        for bad in [other.as_str(), "7", "x", &token.to_uppercase()] {
            assert_eq!(asked(&pages, &[("NextToken", bad)]), Err("InvalidParameter".to_owned()), "{bad}");
        }
    }

    #[test]
    fn the_two_ways_do_not_mix() {
        let mut pages = Pages::default();
        let token = pages.token("q", 7);
        for new in [("NextToken", token.as_str()), ("MaxResults", "10")] {
            for older in [("PageNumber", "1"), ("PageSize", "10")] {
                assert_eq!(asked(&pages, &[new, older]), Err("InvalidParameter".to_owned()), "{new:?} {older:?}");
            }
        }
    }
}
