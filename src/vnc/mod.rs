//! The console's addresses and its password: pure.

pub mod page_url;
pub mod password;
pub mod rate_limit;
pub mod url;
