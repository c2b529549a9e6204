use super::*;

fn failure(code: &str, status: Option<&str>) -> CommandError {
    explain_service(code, status, None)
}

fn explain_service(code: &str, status: Option<&str>, signature: Option<SignatureFault>) -> CommandError {
    explain_of("DescribeInstanceVncUrl", code, status, signature)
}

fn explain_of(action: &str, code: &str, status: Option<&str>, signature: Option<SignatureFault>) -> CommandError {
    let error = ServiceError {
        code: code.into(),
        message: "The sentence.".into(),
        request_id: Some("REQUEST-1".into()),
        http_status: 400,
        retry_after: None,
        date: None,
        signature,
    };
    let about = About {
        action,
        region: "cn-hangzhou",
        instance: "i-1",
        status,
        origin: &CredentialsOrigin::Profile { name: "prod".into(), file: "/etc/c.toml".into() },
        access_key_id: &AccessKeyId::new("LTAI5tQnAbCdEfGhIjKlMnOp"),
        has_token: false,
    };
    explain(ApiError::Service(Box::new(error)), &about)
}

#[test]
fn every_documented_code_has_its_exit_code_and_says_what_to_do() {
    let cases = [
        // DescribeInstanceVncUrl
        ("InvalidRegionInstance", 4, "not in cn-hangzhou"),
        ("IncorrectInstanceStatus", 5, "start it"),
        ("InstanceNotReady", 5, "in a minute"),
        ("InvalidRegionId.NotFound", 4, "no region cn-hangzhou"),
        ("InvalidInstanceId.NotFound", 4, "no instance i-1 in cn-hangzhou"),
        ("InternalError", 6, "RequestId"),
        ("MissingParameter", 1, "on the way"),
        // the gateway
        ("Throttling", 6, "wait"),
        ("Throttling.User", 6, "wait"),
        ("Throttling.Api", 6, "wait"),
        ("ServiceUnavailable", 6, "try again"),
        ("UnknownError", 6, "try again"),
        ("InvalidTimeStamp.Expired", 1, "clock"),
        ("IllegalTimestamp", 1, "clock"),
        ("SignatureNonceUsed", 6, "try again"),
        ("SignatureDoesNotMatch", 3, "AccessKeySecret"),
        ("IncompleteSignature", 3, "AccessKeySecret"),
        ("InvalidAccessKeyId.NotFound", 3, "profile prod in /etc/c.toml"),
        ("InvalidAccessKeyId.Inactive", 3, "profile prod in /etc/c.toml"),
        ("InvalidSecurityToken.Expired", 3, "token"),
        ("InvalidSecurityToken.Malformed", 3, "token"),
        ("MissingSecurityToken", 3, "sts_token"),
        ("Forbidden.RAM", 3, "ecs:DescribeInstanceVncUrl"),
        ("NoPermission", 3, "ecs:DescribeInstanceVncUrl"),
        ("Forbidden", 3, "ecs:DescribeInstanceVncUrl"),
    ];
    for (code, exit, words) in cases {
        let failure = failure(code, None);
        let hint = failure.hint.unwrap_or_default();
        assert_eq!(failure.kind.exit_code().number(), exit, "{code}");
        assert!(hint.contains(words), "{code}: {hint}");
        assert!(!hint.contains("QnAbCdEfGhIjKl"), "{code} shows the AccessKeyId: {hint}");
        let text = failure.error.to_string();
        assert!(text.contains(code) && text.contains("The sentence.") && text.contains("REQUEST-1"), "{text}");
    }
}

#[test]
fn what_an_operation_says_in_its_own_way_has_its_own_hint() {
    for (action, code, exit, words) in [
        ("GetInstanceScreenshot", "Throttling", 6, "one screenshot of an instance in 10 s"),
        ("GetInstanceScreenshot", "Throttling.User", 6, "wait a minute"),
        ("GetInstanceScreenshot", "NotSupported", 5, "retired instance types"),
        ("GetInstanceScreenshot", "IncorrectInstanceStatus", 5, "start it"),
        ("GetInstanceScreenshot", "Forbidden.RAM", 3, "ecs:GetInstanceScreenshot"),
        ("GetInstanceConsoleOutput", "NotSupported", 5, "Windows"),
        ("GetInstanceConsoleOutput", "IncorrectInstanceStatus", 5, "nothing is kept"),
        ("GetInstanceConsoleOutput", "Throttling", 6, "wait a minute"),
        ("GetInstanceConsoleOutput", "NoPermission", 3, "ecs:GetInstanceConsoleOutput"),
    ] {
        let failure = explain_of(action, code, None, None);
        let hint = failure.hint.unwrap_or_default();
        assert!(failure.kind.exit_code().number() == exit && hint.contains(words), "{action} {code}: {hint}");
    }
}

#[test]
fn an_unknown_code_is_an_error_all_the_same() {
    assert_eq!(failure("Something.New", None).kind, ErrorKind::Other);
    assert_eq!(failure("InvalidThing.NotFound", None).kind, ErrorKind::NotFound);
    assert_eq!(failure("ThrottlingIsNotThis", None).kind, ErrorKind::Other);
}

#[test]
fn the_state_is_named_where_it_is_known() {
    assert!(failure("IncorrectInstanceStatus", Some("Stopped")).hint.unwrap().starts_with("i-1 is Stopped;"));
}

#[test]
fn a_bad_signature_is_the_secrets_fault_or_the_signers() {
    let hint = |fault| explain_service("SignatureDoesNotMatch", None, Some(fault)).hint.unwrap();
    assert!(hint(SignatureFault::Secret).contains("LTAI****MnOp from profile prod in /etc/c.toml is wrong"));
    let signer = hint(SignatureFault::Signer(vec!["Timestamp".into()]));
    assert!(signer.contains("Timestamp differ") && signer.contains("the secret is not at fault"), "{signer}");
}
