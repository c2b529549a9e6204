use super::*;

fn explain_code(code: &str, status: Option<&str>) -> CommandError {
    explain_mismatch(code, status, None)
}

fn explain_mismatch(code: &str, status: Option<&str>, signature_mismatch: Option<SignatureMismatch>) -> CommandError {
    explain_action("DescribeInstanceVncUrl", code, status, signature_mismatch)
}

fn explain_action(
    action: &str,
    code: &str,
    status: Option<&str>,
    signature_mismatch: Option<SignatureMismatch>,
) -> CommandError {
    let error = ServiceError {
        code: code.into(),
        message: "The sentence.".into(),
        request_id: Some("REQUEST-1".into()),
        http_status: 400,
        retry_after: None,
        date: None,
        signature_mismatch,
    };
    let request = RequestDetails {
        action,
        region: "cn-hangzhou",
        instance: "i-1",
        status,
        origin: &CredentialsOrigin::Profile { name: "prod".into(), file: "/etc/c.toml".into() },
        access_key_id: &AccessKeyId::new("LTAI5tQnAbCdEfGhIjKlMnOp"),
        has_token: false,
    };
    explain(ApiError::Service(Box::new(error)), &request)
}

#[test]
fn every_documented_code_has_an_exit_code_and_a_hint() {
    let cases = [
        // DescribeInstanceVncUrl
        ("InvalidRegionInstance", 4, "not in cn-hangzhou"),
        ("IncorrectInstanceStatus", 5, "start it"),
        ("InstanceNotReady", 5, "in a minute"),
        ("InvalidRegionId.NotFound", 4, "no region cn-hangzhou"),
        ("InvalidInstanceId.NotFound", 4, "no instance i-1 in cn-hangzhou"),
        ("InternalError", 6, "RequestId"),
        ("MissingParameter", 1, "a proxy may have removed one"),
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
        let explained = explain_code(code, None);
        let hint = explained.hint.unwrap_or_default();
        assert_eq!(explained.kind.exit_code().number(), exit, "{code}");
        assert!(hint.contains(words), "{code}: {hint}");
        assert!(!hint.contains("QnAbCdEfGhIjKl"), "{code} shows the AccessKeyId: {hint}");
        let text = explained.error.to_string();
        assert!(text.contains(code) && text.contains("The sentence.") && text.contains("REQUEST-1"), "{text}");
    }
}

#[test]
fn some_codes_have_another_hint_for_some_operations() {
    for (action, code, exit, words) in [
        ("GetInstanceScreenshot", "Throttling", 6, "one screenshot of an instance in 10 s"),
        ("GetInstanceScreenshot", "Throttling.User", 6, "wait a minute"),
        ("GetInstanceScreenshot", "NotSupported", 5, "retired instance types"),
        ("GetInstanceScreenshot", "IncorrectInstanceStatus", 5, "start it"),
        ("GetInstanceScreenshot", "Forbidden.RAM", 3, "ecs:GetInstanceScreenshot"),
        ("GetInstanceConsoleOutput", "NotSupported", 5, "Windows"),
        ("GetInstanceConsoleOutput", "IncorrectInstanceStatus", 5, "no console output"),
        ("GetInstanceConsoleOutput", "Throttling", 6, "wait a minute"),
        ("GetInstanceConsoleOutput", "NoPermission", 3, "ecs:GetInstanceConsoleOutput"),
    ] {
        let error = explain_action(action, code, None, None);
        let hint = error.hint.unwrap_or_default();
        assert!(error.kind.exit_code().number() == exit && hint.contains(words), "{action} {code}: {hint}");
    }
}

#[test]
fn unknown_codes_are_errors_of_kind_other_or_not_found() {
    assert_eq!(explain_code("Something.New", None).kind, ErrorKind::Other);
    assert_eq!(explain_code("InvalidThing.NotFound", None).kind, ErrorKind::NotFound);
    assert_eq!(explain_code("ThrottlingIsNotThis", None).kind, ErrorKind::Other);
}

#[test]
fn the_hint_names_the_status_if_it_is_known() {
    assert!(explain_code("IncorrectInstanceStatus", Some("Stopped")).hint.unwrap().starts_with("i-1 is Stopped;"));
}

#[test]
fn a_signature_error_names_the_secret_or_the_changed_parameters() {
    let hint = |fault| explain_mismatch("SignatureDoesNotMatch", None, Some(fault)).hint.unwrap();
    assert!(hint(SignatureMismatch::WrongSecret).contains("LTAI****MnOp from profile prod in /etc/c.toml is wrong"));
    let changed = hint(SignatureMismatch::DifferentRequest(vec!["Timestamp".into()]));
    assert!(
        changed.contains("different: Timestamp") && changed.contains("the AccessKeySecret is not at fault"),
        "{changed}"
    );
}

/// Source: what `std::io::Error` shows for 11001 on a Windows whose language is Chinese.
#[test]
fn an_unknown_host_is_recognised_in_every_language_of_windows() {
    let hint = |cause| connect_hint("ecs.x.aliyuncs.com", None, cause, "cn-hangzou");
    assert!(hint("不知道这样的主机。 (os error 11001)").ends_with("did you mean cn-hangzhou?"));
    assert!(hint("No such host is known. (os error 11001)").ends_with("did you mean cn-hangzhou?"));
    let refused = "由于目标计算机积极拒绝，无法连接。 (os error 10061)";
    assert!(!hint(refused).contains("did you mean"));
}

#[test]
fn a_region_whose_host_does_not_exist_may_be_misspelt() {
    let hint = |region| connect_hint("ecs.x.aliyuncs.com", None, "failed to lookup address information", region);
    assert!(hint("cn-hangzou").ends_with("did you mean cn-hangzhou?"), "{}", hint("cn-hangzou"));
    assert!(!hint("cn-hangzhou").contains("did you mean") && !hint("xyz").contains("did you mean"));
}
