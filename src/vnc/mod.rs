//! A console's VNC URL, the page that opens it, and its password: pure.

pub mod page_url;
pub(crate) mod password;
pub(crate) mod rate_limit;
pub(crate) mod share_password;
pub mod url;
