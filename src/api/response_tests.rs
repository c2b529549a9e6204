use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::secret::{AccessKeyId, Secret};

const ID: &str = "LTAI5tQnAbCdEfGhIjKlMnOp";
const SECRET: &str = "hunter2/secret+value";
const TOKEN: &str = "CAIS/token+with==escapes";
const SIGNATURE: &str = "dwfC+mYYaIbzH7m+bTcz+Tp6BRE=";
/// A StringToSign. It contains the token, encoded twice.
const STRING_TO_SIGN: &str = "GET&%2F&AccessKeyId%3DLTAI5tQnAbCdEfGhIjKlMnOp%26SecurityToken%3DCAIS%252Ftoken%252Bwith%253D%253Descapes%26Timestamp%3D2024-02-29T12%253A34%253A56Z";

fn credentials() -> Credentials {
    Credentials {
        access_key_id: AccessKeyId::new(ID),
        access_key_secret: Secret::new(SECRET),
        security_token: Some(Secret::new(TOKEN)),
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        date: None,
        retry_after: None,
        request_id: None,
        location: None,
        body: body.as_bytes().to_vec(),
    }
}

fn parse_as<T: DeserializeOwned>(response: &HttpResponse) -> Result<T, ApiError> {
    let request = SignedRequest {
        method: "GET",
        path_and_query: Secret::new("/"),
        headers: Vec::new(),
        form: None,
        secrets: vec![Secret::new(SIGNATURE)],
        string_to_sign: Secret::new(STRING_TO_SIGN),
    };
    parse(
        response,
        RequestContext { authority: "ecs.example.com", credentials: Some(&credentials()), request: &request },
    )
}

/// Everything that an error shows of a response.
fn shown(response: &HttpResponse) -> String {
    let error = parse_as::<Value>(response).unwrap_err();
    format!("{error} {error:?}")
}

fn service_error(body: &str) -> ServiceError {
    match parse_as::<Value>(&response(400, body)) {
        Err(ApiError::Service(error)) => *error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_service_error_keeps_code_message_and_request_id() {
    let error =
        service_error(r#"{"RequestId":"R-1","HostId":"h","Code":"Forbidden.RAM","Message":"No.","Recommend":"x"}"#);
    assert_eq!((error.code.as_str(), error.message.as_str()), ("Forbidden.RAM", "No."));
    assert_eq!((error.request_id.as_deref(), error.http_status), (Some("R-1"), 400));
    assert_eq!(error.to_string(), "Forbidden.RAM: No. (RequestId R-1)");
}

#[test]
fn an_equal_string_to_sign_means_a_wrong_secret() {
    let error = service_error(&format!(
        r#"{{"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:{STRING_TO_SIGN}"}}"#
    ));
    assert_eq!(error.signature_mismatch, Some(SignatureMismatch::WrongSecret));
    assert_eq!(error.message, "Specified signature is not matched with our calculation.");
}

#[test]
fn a_different_string_to_sign_names_the_parameters_that_differ() {
    let theirs = STRING_TO_SIGN.replace("12%253A34", "13%253A34").replace("GET", "POST");
    let error = service_error(&format!(
        r#"{{"Code":"SignatureDoesNotMatch","Message":"No match. Server string to sign is:{theirs}"}}"#
    ));
    let names = vec!["Timestamp".to_owned(), "the HTTP method".to_owned()];
    assert_eq!(error.signature_mismatch, Some(SignatureMismatch::DifferentRequest(names)));
}

#[test]
fn errors_contain_no_secrets() {
    let encoded = encode(TOKEN);
    let twice = encode(&encoded);
    let lower = (encoded.replace("%2F", "%2f").replace("%2B", "%2b"), twice.replace("2F", "2f").replace("2B", "2b"));
    let forms = [ID, SECRET, TOKEN, SIGNATURE, &encoded, &twice, &lower.0, &lower.1];
    let all = forms.join(" ");
    let escaped = all.replace('/', "\\/");
    let long = format!("{}{all}", "x".repeat(100));
    let redirect = |path: &str| HttpResponse { location: Some(format!("http://portal/{path}")), ..response(302, "") };
    let texts = [
        shown(&response(
            400,
            &format!(r#"{{"Code":"X","Message":"{all} server string to sign is:{STRING_TO_SIGN}x"}}"#),
        )),
        shown(&response(400, &format!(r#"{{"Code":"{escaped}","Message":"{escaped}","RequestId":"{escaped}"}}"#))),
        shown(&response(400, &format!(r#"{{"Code":"X","Message":"m","RequestId":"{TOKEN}"}}"#))),
        shown(&response(502, &format!("<html>{all}"))),
        // Truncation must not leave half of a secret.
        shown(&response(502, &long)),
        shown(&response(400, &format!(r#"{{"Code":"{long}","Message":"{}{all}"}}"#, "x".repeat(580)))),
        shown(&redirect(TOKEN)),
        // Split at `=`, a secret would become a parameter name.
        shown(&response(400, &format!(r#"{{"Code":"X","Message":"server string to sign is:GET&%2F&{all}%26{all}"}}"#))),
    ];
    for text in texts {
        for secret in forms.iter().chain(&["CAIS", "hunter2", "LTAI5tQnAb", "dwfC"]) {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn a_response_from_elsewhere_is_unexpected() {
    let reason = |response: &HttpResponse| match parse_as::<Value>(response) {
        Err(ApiError::UnexpectedResponse { status, reason, .. }) => (status, reason),
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(&response(200, "<html>")), (200, "not JSON (line 1, column 1)".into()));
    assert_eq!(
        reason(&response(503, "<h1>Bad\x1b[2J gateway</h1>")),
        (503, "`<h1>Bad\u{FFFD}[2J gateway</h1>`".into())
    );
    assert_eq!(reason(&response(404, "")), (404, "an empty body".into()));
    assert_eq!(reason(&response(400, r#"{"code":"lower case"}"#)).0, 400);
    let redirect = HttpResponse { location: Some("https://portal.example/login?key=1".into()), ..response(302, "") };
    assert_eq!(reason(&redirect).1, "a redirect to https://portal.example/login, which is not followed");
}

#[test]
fn a_value_of_the_wrong_type_is_not_quoted() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[allow(dead_code)]
    struct Expected {
        vnc_url: u64,
    }
    let error = parse_as::<Expected>(&response(200, r#"{"VncUrl":"wss%3A%2F%2Ftoken"}"#)).unwrap_err().to_string();
    assert!(error.contains("JSON without the expected fields") && !error.contains("token"), "{error}");
}

#[test]
fn long_messages_are_truncated() {
    let error = service_error(&format!(r#"{{"Code":"{0}","Message":"{0}","RequestId":"{0}"}}"#, "x".repeat(100_000)));
    assert!(error.to_string().len() < 1000);
}

proptest! {
    #[test]
    fn nothing_panics(status in 100u16..600, body in "\\PC*", code in "\\PC*", message in "\\PC*") {
        let _ = parse_as::<Value>(&response(status, &body));
        let json = serde_json::json!({ "Code": code, "Message": message }).to_string();
        let _ = parse_as::<Value>(&response(status, &json));
    }

    #[test]
    fn the_string_to_sign_is_removed_whatever_surrounds_it(head in "\\PC*", tail in "\\PC*") {
        let message = format!("{head}server string to sign is:{STRING_TO_SIGN}{tail}");
        let json = serde_json::json!({ "Code": "SignatureDoesNotMatch", "Message": message }).to_string();
        let text = format!("{:?}", parse_as::<Value>(&response(400, &json)).unwrap_err());
        prop_assert!(!text.contains(ID) && !text.contains("CAIS"));
    }
}
