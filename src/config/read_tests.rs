use super::*;
use crate::api::endpoint::EndpointType;
use crate::api::signature::SignatureVersion;
use proptest::prelude::*;

fn parse_text(text: &str) -> Result<Config, ConfigError> {
    parse(text, Path::new("config.toml"))
}

/// Returns the line, the message and the suggestion of the error in `text`.
fn error_of(text: &str) -> (usize, String, Option<&'static str>) {
    match parse_text(text) {
        Err(ConfigError::Content { line, message, suggest, .. }) => (line, message, suggest),
        other => panic!("expected a content error, got {other:?}"),
    }
}

#[test]
fn every_key_is_read() {
    let config = parse_text(
        r#"
        default_profile = "prod"
        [profile.prod]
        region_id = "cn-hangzhou"
        access_key_id = "id"
        access_key_secret = "secret"
        sts_token = "token"
        process_command = "keys --now"
        credentials_uri = "http://127.0.0.1/keys"
        ram_role_name = "instance-role"
        ram_role_arn = "acs:ram::1:role/r"
        ram_session_name = "me"
        expired_seconds = 900
        external_id = "agreed"
        policy = '{"Version":"1"}'
        sts_region = "cn-beijing"
        sts_endpoint = "sts.example.com"
        source_profile = "base"
        oidc_provider_arn = "acs:ram::1:oidc-provider/p"
        oidc_token_file = "/var/run/token"
        language = "zh"
        endpoint = "ecs.example.com"
        endpoint_type = "vpc"
        signature_version = "acs3"
        console_url = "https://page.example/"
        vnc_password = "abc123"
        timeout = 45
        "#,
    )
    .unwrap();
    let profile = &config.profile["prod"];
    assert_eq!(config.default_profile.as_deref(), Some("prod"));
    assert_eq!(profile.region_id.as_deref(), Some("cn-hangzhou"));
    assert_eq!(profile.access_key_id.as_ref().unwrap().expose(), "id");
    assert_eq!(profile.access_key_secret.as_ref().unwrap().expose(), "secret");
    assert_eq!(profile.sts_token.as_ref().unwrap().expose(), "token");
    assert_eq!(profile.process_command.as_ref().unwrap().expose(), "keys --now");
    assert_eq!(profile.credentials_uri.as_ref().unwrap().expose(), "http://127.0.0.1/keys");
    assert_eq!(profile.ram_role_name.as_deref(), Some("instance-role"));
    assert_eq!(profile.ram_role_arn.as_deref(), Some("acs:ram::1:role/r"));
    assert_eq!(profile.ram_session_name.as_deref(), Some("me"));
    assert_eq!(profile.expired_seconds, Some(900));
    assert_eq!(profile.external_id.as_ref().unwrap().expose(), "agreed");
    assert_eq!(profile.policy.as_deref(), Some(r#"{"Version":"1"}"#));
    assert_eq!(profile.sts_region.as_deref(), Some("cn-beijing"));
    assert_eq!(profile.sts_endpoint.as_deref(), Some("sts.example.com"));
    assert_eq!(profile.source_profile.as_deref(), Some("base"));
    assert_eq!(profile.oidc_provider_arn.as_deref(), Some("acs:ram::1:oidc-provider/p"));
    assert_eq!(profile.oidc_token_file.as_deref(), Some("/var/run/token"));
    assert_eq!(profile.language.as_deref(), Some("zh"));
    assert_eq!(profile.endpoint.as_deref(), Some("ecs.example.com"));
    assert_eq!(profile.endpoint_type, Some(EndpointType::Vpc));
    assert_eq!(profile.signature_version, Some(SignatureVersion::Acs3));
    assert_eq!(profile.console_url.as_deref(), Some("https://page.example/"));
    assert_eq!(profile.vnc_password.as_ref().unwrap().expose(), "abc123");
    assert_eq!(profile.timeout, Some(45.0));
}

#[test]
fn every_mode_has_its_name_from_the_official_cli() {
    let modes = "AK StsToken RamRoleArn EcsRamRole RamRoleArnWithEcs RamRoleArnWithRoleName ChainableRamRoleArn \
                 External CredentialsURI OIDC";
    for mode in modes.split(' ') {
        let config = parse_text(&format!("[profile.p]\nmode = '{mode}'\n")).unwrap();
        assert_eq!(config.profile["p"].mode.as_deref(), Some(mode));
    }
    // Only the official CLI's login creates credentials of these modes. Modes are case-sensitive.
    for mode in ["CloudSSO", "OAuth", "ak"] {
        let (line, what, _) = error_of(&format!("[profile.p]\nmode = '{mode}'\n"));
        assert!(line == 2 && what.contains("\"ChainableRamRoleArn\" or \"External\""), "{what}");
    }
}

#[test]
fn the_session_name_may_be_given_under_one_of_two_keys() {
    let config = parse_text("[profile.p]\nrole_session_name = 'me'\n").unwrap();
    assert_eq!(config.profile["p"].ram_session_name.as_deref(), Some("me"));
    let (line, what, _) = error_of("[profile.p]\nrole_session_name = 'me'\nram_session_name = 'me'\n");
    let expected = "`ram_session_name` and `role_session_name` in [profile.p] mean the same; keep one of them";
    assert_eq!((line, what.as_str()), (2, expected));
}

#[test]
fn debug_output_hides_commands_and_uris() {
    let text = "[profile.p]\nprocess_command = 'keys hunter2'\ncredentials_uri = 'http://me:hunter2@h/'\n\
                external_id = 'hunter2'\n";
    assert!(!format!("{:?}", parse_text(text).unwrap()).contains("hunter2"));
}

#[test]
fn the_example_contains_every_key_and_is_valid() {
    let example = include_str!("../../config.example.toml");
    assert!(parse_text(example).unwrap().profile.contains_key("prod"));
    // With the optional keys uncommented, the file must still be valid.
    let full: String = example.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n").collect();
    let config = parse_text(&full).unwrap();
    // Only the files of other programs set these.
    let profile =
        format!("{:?}", config.profile["prod"]).replace("sts_expiration: None", "").replace("fault: None", "");
    assert!(!profile.contains("None"), "a key is missing from config.example.toml: {profile}");
}

#[test]
fn unknown_keys_are_reported_with_line_and_suggestion() {
    let (line, what, suggest) = error_of("[profile.prod]\nregion_id = \"a\"\nacess_key_id = \"b\"\n");
    assert_eq!(
        (line, what.as_str(), suggest),
        (3, "unknown key `acess_key_id` in [profile.prod]", Some("access_key_id"))
    );
    let (line, what, suggest) = error_of("\ndefault = \"prod\"\n");
    assert_eq!((line, what.as_str(), suggest), (2, "unknown key `default`", Some("default_profile")));
    assert_eq!(error_of("[profile.prod]\nzzz = 1\n").2, None);
}

#[test]
fn no_error_quotes_a_secret() {
    for text in [
        "[profile.p]\naccess_key_secret = hunter2secret\n",
        "[profile.p]\naccess_key_secret = \"hunter2secret\n",
        "[profile.p]\naccess_key_secret = [\"hunter2secret\"]\n",
        "[profile.p]\naccess_key_secret = {a = \"hunter2secret\"}\n",
        "[profile.p]\nsts_token = 'hunter2secret'x\n",
        "[profile.p]\naccess_key_secret = \"hunter2secret\"\naccess_key_secret = \"hunter2secret\"\n",
        "[profile.p]\ntimeout = \"hunter2secret\"\n",
        "[profile.p]\nendpoint_type = \"hunter2secret\"\n",
        "[profile.p]\nsignature_version = \"hunter2secret\"\n",
        "[profile.p]\nmode = \"hunter2secret\"\n",
        "[profile.p]\nlanguage = \"hunter2secret\"\n",
        "[profile.p]\nexpired_seconds = \"hunter2secret\"\n",
        "[profile.p]\nexternal_id = [\"hunter2secret\"]\n",
        "[profile.p]\ncredentials_uri = [\"hunter2secret\"]\n",
        "[profile.p]\nram_session_name = \"hunter2secret\"\nrole_session_name = \"hunter2secret\"\n",
        "[profile]\np = \"hunter2secret\"\n",
        "profile = \"hunter2secret\"\n",
        "default_profile = [\"hunter2secret\"]\n",
    ] {
        let error = parse_text(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_reported_with_the_expected_type() {
    let cases = [
        ("access_key_secret = 20241001", "`access_key_secret` in [profile.p] must be a string in quotes"),
        ("timeout = \"30\"", "`timeout` in [profile.p] must be a number without quotes"),
        ("expired_seconds = 900.5", "`expired_seconds` in [profile.p] must be a whole number without quotes"),
        ("expired_seconds = -900", "`expired_seconds` in [profile.p] must be a whole number without quotes"),
        ("language = \"fr\"", "`language` in [profile.p] must be \"zh\" or \"en\""),
        ("endpoint_type = \"inner\"", "`endpoint_type` in [profile.p] must be \"public\" or \"vpc\""),
        ("signature_version = 1.0", "`signature_version` in [profile.p] must be \"1.0\" or \"acs3\""),
    ];
    for (text, expected) in cases {
        assert_eq!(error_of(&format!("[profile.p]\n{text}\n")), (2, expected.to_owned(), None));
    }
    assert_eq!(error_of("profile.p = 1\n").1, "profile.p must be a table");
    assert_eq!(error_of("profile = 1\n").1, "`profile` must be a table: [profile.NAME]");
}

#[test]
fn a_byte_order_mark_and_windows_line_endings_are_accepted() {
    let config = parse_text("\u{feff}[profile.p]\r\nregion_id = \"cn-beijing\"\r\n").unwrap();
    assert_eq!(config.profile["p"].region_id.as_deref(), Some("cn-beijing"));
}

#[test]
fn a_missing_file_gives_none_and_a_directory_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read(&dir.path().join("config.toml"), Duration::from_secs(9)).unwrap().is_none());
    assert!(matches!(read(dir.path(), Duration::from_secs(9)), Err(ConfigError::Read { .. })));
}

proptest! {
    #[test]
    fn nothing_panics(text in "[\\[\\]a-z_.=\"'#{}\\n\\r 0-9\\\\é-]{0,200}") {
        let _ = parse_text(&text);
        let _ = parse_text(&format!("[profile.prod]\n{text}"));
    }
}
