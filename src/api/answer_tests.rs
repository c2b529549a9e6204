use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::secret::{AccessKeyId, Secret};

const ID: &str = "LTAI5tQnAbCdEfGhIjKlMnOp";
const SECRET: &str = "hunter2/secret+value";
const TOKEN: &str = "CAIS/token+with==escapes";
const SIGNATURE: &str = "dwfC+mYYaIbzH7m+bTcz+Tp6BRE=";
/// Of the shape the service signs; the token is in it, encoded twice.
const OURS: &str = "GET&%2F&AccessKeyId%3DLTAI5tQnAbCdEfGhIjKlMnOp%26SecurityToken%3DCAIS%252Ftoken%252Bwith%253D%253Descapes%26Timestamp%3D2024-02-29T12%253A34%253A56Z";

fn credentials() -> Credentials {
    Credentials {
        access_key_id: AccessKeyId::new(ID),
        access_key_secret: Secret::new(SECRET),
        security_token: Some(Secret::new(TOKEN)),
    }
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, date: None, retry_after: None, location: None, body: body.as_bytes().to_vec() }
}

fn read_as<T: DeserializeOwned>(answer: &Answer) -> Result<T, ApiError> {
    let request = SignedRequest {
        method: "GET",
        path_and_query: Secret::new("/"),
        headers: Vec::new(),
        form: None,
        secrets: vec![Secret::new(SIGNATURE)],
        string_to_sign: Secret::new(OURS),
    };
    read(answer, Asked { authority: "ecs.example.com", credentials: Some(&credentials()), request: &request })
}

/// Everything an error shows of an answer.
fn all_of(answer: &Answer) -> String {
    let error = read_as::<Value>(answer).unwrap_err();
    format!("{error} {error:?}")
}

fn refusal(body: &str) -> ServiceError {
    match read_as::<Value>(&answer(400, body)) {
        Err(ApiError::Service(error)) => *error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refusal_keeps_what_the_service_said() {
    let error = refusal(r#"{"RequestId":"R-1","HostId":"h","Code":"Forbidden.RAM","Message":"No.","Recommend":"x"}"#);
    assert_eq!((error.code.as_str(), error.message.as_str()), ("Forbidden.RAM", "No."));
    assert_eq!((error.request_id.as_deref(), error.http_status), (Some("R-1"), 400));
    assert_eq!(error.to_string(), "Forbidden.RAM: No. (RequestId R-1)");
}

#[test]
fn the_same_text_signed_means_the_secret_is_wrong() {
    let error = refusal(&format!(
        r#"{{"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:{OURS}"}}"#
    ));
    assert_eq!(error.signature, Some(SignatureFault::Secret));
    assert_eq!(error.message, "Specified signature is not matched with our calculation.");
}

#[test]
fn another_text_signed_means_the_signer_is_and_names_what_differs() {
    let theirs = OURS.replace("12%253A34", "13%253A34").replace("GET", "POST");
    let error = refusal(&format!(
        r#"{{"Code":"SignatureDoesNotMatch","Message":"No match. Server string to sign is:{theirs}"}}"#
    ));
    let names = vec!["Timestamp".to_owned(), "the HTTP method".to_owned()];
    assert_eq!(error.signature, Some(SignatureFault::Signer(names)));
}

#[test]
fn nothing_secret_comes_back_in_an_error() {
    let encoded = encode(TOKEN);
    let twice = encode(&encoded);
    let lower = (encoded.replace("%2F", "%2f").replace("%2B", "%2b"), twice.replace("2F", "2f").replace("2B", "2b"));
    let forms = [ID, SECRET, TOKEN, SIGNATURE, &encoded, &twice, &lower.0, &lower.1];
    let all = forms.join(" ");
    let escaped = all.replace('/', "\\/");
    let long = format!("{}{all}", "x".repeat(100));
    let redirect = |path: &str| Answer { location: Some(format!("http://portal/{path}")), ..answer(302, "") };
    let texts = [
        all_of(&answer(400, &format!(r#"{{"Code":"X","Message":"{all} server string to sign is:{OURS}x"}}"#))),
        all_of(&answer(400, &format!(r#"{{"Code":"{escaped}","Message":"{escaped}","RequestId":"{escaped}"}}"#))),
        all_of(&answer(400, &format!(r#"{{"Code":"X","Message":"m","RequestId":"{TOKEN}"}}"#))),
        all_of(&answer(502, &format!("<html>{all}"))),
        // Cut at a length, the last secret would be cut in two.
        all_of(&answer(502, &long)),
        all_of(&answer(400, &format!(r#"{{"Code":"{long}","Message":"{}{all}"}}"#, "x".repeat(580)))),
        all_of(&redirect(TOKEN)),
        // Taken apart at `=`, a value would become a name.
        all_of(&answer(400, &format!(r#"{{"Code":"X","Message":"server string to sign is:GET&%2F&{all}%26{all}"}}"#))),
    ];
    for text in texts {
        for secret in forms.iter().chain(&["CAIS", "hunter2", "LTAI5tQnAb", "dwfC"]) {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn what_is_not_the_api_is_unreadable() {
    let why = |answer: &Answer| match read_as::<Value>(answer) {
        Err(ApiError::Unreadable { status, why, .. }) => (status, why),
        other => panic!("{other:?}"),
    };
    assert_eq!(why(&answer(200, "<html>")), (200, "not JSON (line 1, column 1)".into()));
    assert_eq!(why(&answer(503, "<h1>Bad\x1b[2J gateway</h1>")), (503, "`<h1>Bad\u{FFFD}[2J gateway</h1>`".into()));
    assert_eq!(why(&answer(404, "")), (404, "an empty body".into()));
    assert_eq!(why(&answer(400, r#"{"code":"lower case"}"#)).0, 400);
    let redirect = Answer { location: Some("https://portal.example/login?key=1".into()), ..answer(302, "") };
    assert_eq!(why(&redirect).1, "a redirect to https://portal.example/login, which is not followed");
}

#[test]
fn a_wrong_field_is_not_quoted() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    #[allow(dead_code)]
    struct Expected {
        vnc_url: u64,
    }
    let error = read_as::<Expected>(&answer(200, r#"{"VncUrl":"wss%3A%2F%2Ftoken"}"#)).unwrap_err().to_string();
    assert!(error.contains("JSON without the fields asked for") && !error.contains("token"), "{error}");
}

#[test]
fn long_sentences_are_cut() {
    let error = refusal(&format!(r#"{{"Code":"{0}","Message":"{0}","RequestId":"{0}"}}"#, "x".repeat(100_000)));
    assert!(error.to_string().len() < 1000);
}

proptest! {
    #[test]
    fn nothing_panics(status in 100u16..600, body in "\\PC*", code in "\\PC*", message in "\\PC*") {
        let _ = read_as::<Value>(&answer(status, &body));
        let json = serde_json::json!({ "Code": code, "Message": message }).to_string();
        let _ = read_as::<Value>(&answer(status, &json));
    }

    #[test]
    fn string_to_sign_is_cut_whatever_is_around_it(head in "\\PC*", tail in "\\PC*") {
        let message = format!("{head}server string to sign is:{OURS}{tail}");
        let json = serde_json::json!({ "Code": "SignatureDoesNotMatch", "Message": message }).to_string();
        let text = format!("{:?}", read_as::<Value>(&answer(400, &json)).unwrap_err());
        prop_assert!(!text.contains(ID) && !text.contains("CAIS"));
    }
}
