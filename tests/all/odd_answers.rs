//! Answers of the service that differ a little from the documented form: read if they are unambiguous, otherwise
//! attributed to the service.

use std::fs;

use crate::fake::{Fake, http};
use crate::sandbox::{Run, Sandbox};

fn answering(body: &'static str) -> Sandbox {
    Sandbox::with_account(&Fake::start(move |_, _| http("200 OK", "", body)).endpoint)
}

fn bootlog(body: &'static str) -> Run {
    answering(body).run(&["bootlog", "i-1", "-q"])
}

#[test]
fn base64_in_lines_or_url_safe_or_without_padding_is_read() {
    // The output ends with a line feed. RFC 4648, section 10, of "foob"; RFC 2045, section 6.8, for the lines.
    for text in [r"Zm9v\r\nYg==", r"Zm9v\nYg==\n", "Zm9vYg", " Zm9v Yg== "] {
        let body: &'static str = format!(r#"{{"RequestId":"R-1","ConsoleOutput":"{text}"}}"#).leak();
        assert_eq!(bootlog(body).ends(0).stdout, "foob\n", "{text}");
    }
    // RFC 4648, sections 4 and 5, of "~~?>".
    for text in ["fn4/Pg==", "fn4_Pg=="] {
        let body: &'static str = format!(r#"{{"RequestId":"R-1","ConsoleOutput":"{text}"}}"#).leak();
        assert_eq!(bootlog(body).ends(0).stdout, "~~?>\n", "{text}");
    }

    let one_pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    let lines = format!(r"{}\n{}", &one_pixel[..76], &one_pixel[76..]);
    for text in [lines, one_pixel.replace('+', "-").replace('/', "_")] {
        let sandbox = answering(format!(r#"{{"RequestId":"R-1","Screenshot":"{text}"}}"#).leak());
        let file = sandbox.path("screen.png");
        sandbox.run(&["screenshot", "i-1", "-f", &file.display().to_string()]).ends(0);
        assert!(fs::read(&file).unwrap().starts_with(b"\x89PNG"), "{text}");
    }
}

#[test]
fn base64_that_is_ambiguous_is_attributed_to_the_service() {
    for text in ["+_-/", "Zh==", "Zg==Zg==", "Z", "实"] {
        let run = bootlog(format!(r#"{{"RequestId":"R-77","ConsoleOutput":"{text}"}}"#).leak()).ends(20);
        run.says(&["hint: the service answered", "R-77"]);
    }
}

#[test]
fn null_or_an_empty_object_in_place_of_a_list_is_an_empty_list() {
    for instances in ["null", "{}", r#"{"Instance":null}"#] {
        let body = format!(r#"{{"RequestId":"R-1","NextToken":null,"Instances":{instances}}}"#).leak();
        answering(body).run(&["list"]).ends(0).says(&["no instances in cn-hangzhou"]);
    }
    for regions in ["null", "{}", r#"{"Region":null}"#] {
        let body = format!(r#"{{"RequestId":"R-1","Regions":{regions}}}"#).leak();
        answering(body).run(&["regions"]).ends(0);
    }
    let one = r#"{"RequestId":"R-1","Regions":{"Region":[{"RegionId":"cn-beijing","LocalName":null,"Status":null}]}}"#;
    assert!(answering(one).run(&["regions"]).ends(0).stdout.contains("cn-beijing"));
    for output in [r#""ConsoleOutput":null,"LastUpdateTime":null,"#, ""] {
        let body = format!(r#"{{{output}"RequestId":"R-1"}}"#).leak();
        let run = answering(body).run(&["bootlog", "i-1"]);
        assert!(run.code != 20 && run.stdout.is_empty(), "{run:?}");
    }
}

#[test]
fn a_console_url_is_used_without_its_request_id() {
    for id in ["", r#""RequestId":null,"#] {
        let body = format!(r#"{{{id}"VncUrl":"wss%3A%2F%2Fproxy.example%2Fwebsockify%2F%3Fs%3Dto%252Fken"}}"#).leak();
        answering(body).run(&["vnc-url", "--no-windows", "i-1"]).ends(0);
    }
}

#[test]
fn an_answer_that_cannot_be_read_is_not_blamed_on_another_server() {
    let cases: [(&[&str], &str); 5] = [
        (&["vnc-url", "--no-windows", "i-1"], r#"{"RequestId":"R-77","VncUrl":null}"#),
        (&["vnc-url", "--no-windows", "i-1"], r#"{"RequestId":"R-77"}"#),
        (&["list"], r#"{"RequestId":"R-77","Instances":"none"}"#),
        (&["screenshot", "i-1"], r#"{"RequestId":"R-77","Screenshot":null}"#),
        (&["regions"], r#"{"RequestId":"R-77","Regions":[7]}"#),
    ];
    for (args, body) in cases {
        let run = answering(body).run(&[args, &["-o", "json"]].concat()).ends(20);
        let error = run.json_error();
        assert_eq!((&error["RequestId"], &error["HttpStatus"]), (&"R-77".into(), &200.into()), "{error}");
        let hint = error["Hint"].as_str().unwrap();
        assert!(hint.contains("the service answered") && hint.contains("R-77"), "{args:?}: {error}");
        assert!(!error["Message"].as_str().unwrap().contains("not from"), "{error}");
    }
    // Without a RequestId it may have come from anywhere.
    let run = answering("{}").run(&["list"]).ends(20);
    run.says(&["not from the Alibaba Cloud API", "another server"]);
    let run = answering("{}").stdin("abc123").run(&["password", "set", "i-1"]).ends(20);
    assert!(!run.stderr.contains("was set"), "{}", run.stderr);
}

/// The vendor's page on the request structure of the V3 signature: the service's header for the RequestId.
#[test]
fn a_request_id_in_the_header_is_told_where_the_body_has_none() {
    let reply = |status: &'static str, body: &'static str| {
        let server = Fake::start(move |_, _| http(status, "x-acs-request-id: R-88\r\n", body));
        Sandbox::with_account(&server.endpoint).run(&["list", "-r", "cn-test", "-o", "json"])
    };
    for (status, body, exit_code) in [
        ("200 OK", "", 20),
        ("200 OK", r#"{"Instances":"none"}"#, 20),
        ("200 OK", r#"{"RequestId":7}"#, 20),
        ("403 Forbidden", r#"{"Code":"Forbidden.RAM","Message":"m"}"#, 3),
    ] {
        let run = reply(status, body).ends(exit_code);
        let error = run.json_error();
        assert_eq!(error["RequestId"], "R-88", "{body}: {error}");
        assert!(!run.stderr.contains("not from the Alibaba Cloud API"), "{error}");
    }
    // The body's own counts more, and a header is no less hostile than a body.
    let run = reply("200 OK", r#"{"RequestId":"R-1","Instances":"none"}"#).ends(20);
    assert_eq!(run.json_error()["RequestId"], "R-1");
    let long: &'static str = format!("x-acs-request-id: {}\r\n", "R".repeat(500)).leak();
    let server = Fake::start(move |_, _| http("200 OK", long, ""));
    let run = Sandbox::with_account(&server.endpoint).run(&["list", "-r", "cn-test", "-o", "json"]).ends(20);
    assert!(run.json_error()["RequestId"].as_str().unwrap().chars().count() <= 65, "{}", run.stderr);
}
