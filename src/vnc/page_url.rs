//! The URL of the console page: pure.

use thiserror::Error;

use crate::secret::Secret;
use crate::text::percent::encode;
use crate::vnc::password::VncPassword;
use crate::vnc::url::VncUrl;

/// Alibaba Cloud's console page. It has moved before; `console_url` in a profile replaces it.
/// Source: the vendor's page on DescribeInstanceVncUrl.
pub const VENDOR_PAGE: &str = "https://g.alicdn.com/aliyun/ecs-console-vnc2/0.0.8/index.html";

/// A text that is not the URL of a page.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("console_url must be an http:// or https:// URL without a fragment (#)")]
pub(crate) struct PageUrlError;

/// Checks the URL of a console page, before parameters are added to it.
pub(crate) fn check_page_url(base: &str) -> Result<&str, PageUrlError> {
    let (scheme, rest) = base.split_once("://").ok_or(PageUrlError)?;
    let is_http = ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let clean = base.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte));
    if is_http && clean && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') {
        Ok(base)
    } else {
        Err(PageUrlError)
    }
}

/// Builds the URL of the page that shows this console. It is a secret: the URL alone gives access to the console.
///
/// The value of `isWindows` is in lower case, because `True` breaks Ctrl+Alt+Del on Windows.
pub fn build_connect_url(
    page: &str,
    vnc_url: &VncUrl,
    instance: &str,
    is_windows: bool,
    password: Option<&VncPassword>,
) -> Secret {
    let separator = if page.contains('?') { '&' } else { '?' };
    let vnc_url = vnc_url.percent_encoded().expose();
    let instance = encode(instance);
    let mut url = format!("{page}{separator}vncUrl={vnc_url}&instanceId={instance}&isWindows={is_windows}");
    if let Some(password) = password {
        url.push_str("&password=");
        url.push_str(password.expose());
    }
    Secret::new(url)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tokio::time::Instant;

    use super::*;
    use crate::system::clock::Timestamp;

    /// Source: the sample answer on the vendor's page on DescribeInstanceVncUrl.
    const SAMPLE: &str = "wss%3A%2F%2Fhz01-vncproxy.aliyun.com%2Fwebsockify%2F%3Fs%3DDvh%252FIA%252BYc73gWO48cBx2gBxUDVzaAnSKr74pq30mzqUYgeUMcB%252FbkNixDxdEA996";

    fn vnc_url() -> VncUrl {
        VncUrl::parse(&Secret::new(SAMPLE), Timestamp { utc: DateTime::UNIX_EPOCH, instant: Instant::now() }).unwrap()
    }

    #[test]
    fn the_page_gets_the_url_of_the_api_unchanged() {
        let url = build_connect_url(VENDOR_PAGE, &vnc_url(), "i-bp1hzoinajzkh91h", false, None);
        let expected = format!(
            "https://g.alicdn.com/aliyun/ecs-console-vnc2/0.0.8/index.html?vncUrl={SAMPLE}&instanceId=i-bp1hzoinajzkh91h&isWindows=false"
        );
        assert_eq!(url.expose(), expected);
    }

    #[test]
    fn a_password_is_added_and_a_query_is_kept() {
        let password = VncPassword::try_from(&Secret::new("abc123")).unwrap();
        let url = build_connect_url("https://page.example/?lang=en", &vnc_url(), "i-1", true, Some(&password));
        assert!(url.expose().starts_with("https://page.example/?lang=en&vncUrl=wss%3A"));
        assert!(url.expose().ends_with("&instanceId=i-1&isWindows=true&password=abc123"));
    }

    #[test]
    fn only_web_pages_are_accepted() {
        assert!(check_page_url(VENDOR_PAGE).is_ok() && check_page_url("http://127.0.0.1:80/x").is_ok());
        assert_eq!(check_page_url("HTTPS://Page.example/"), Ok("HTTPS://Page.example/"));
        for bad in ["", "javascript:alert(1)", "https://", "https://a#b", "file:///etc/passwd", "https://a b", "page"] {
            assert_eq!(check_page_url(bad), Err(PageUrlError), "{bad}");
        }
    }
}
