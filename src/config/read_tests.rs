use super::*;
use crate::api::endpoint::EndpointType;
use crate::api::signature::SignatureVersion;
use proptest::prelude::*;

fn parse_text(text: &str) -> Result<Config, ConfigError> {
    parse(text, Path::new("config.toml"))
}

/// Line, sentence and suggestion of the error that `text` leads to.
fn fault(text: &str) -> (usize, String, Option<&'static str>) {
    match parse_text(text) {
        Err(ConfigError::Content { line, what, nearest, .. }) => (line, what, nearest),
        other => panic!("expected a fault in the content, got {other:?}"),
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
    assert_eq!(profile.endpoint.as_deref(), Some("ecs.example.com"));
    assert_eq!(profile.endpoint_type, Some(EndpointType::Vpc));
    assert_eq!(profile.signature_version, Some(SignatureVersion::Acs3));
    assert_eq!(profile.console_url.as_deref(), Some("https://page.example/"));
    assert_eq!(profile.vnc_password.as_ref().unwrap().expose(), "abc123");
    assert_eq!(profile.timeout, Some(45.0));
}

#[test]
fn the_example_holds_every_key_and_is_valid_with_them() {
    let example = include_str!("../../config.example.toml");
    assert!(parse_text(example).unwrap().profile.contains_key("prod"));
    // The optional keys are commented out; without their `# ` the file must still be one.
    let full: String = example.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n").collect();
    let config = parse_text(&full).unwrap();
    // Only the official CLI writes this one.
    let profile = format!("{:?}", config.profile["prod"]).replace("sts_expiration: None", "");
    assert!(!profile.contains("None"), "a key is missing from config.example.toml: {profile}");
}

#[test]
fn unknown_keys_are_named_with_line_and_nearest() {
    let (line, what, nearest) = fault("[profile.prod]\nregion_id = \"a\"\nacess_key_id = \"b\"\n");
    assert_eq!(
        (line, what.as_str(), nearest),
        (3, "unknown key `acess_key_id` in [profile.prod]", Some("access_key_id"))
    );
    let (line, what, nearest) = fault("\ndefault = \"prod\"\n");
    assert_eq!((line, what.as_str(), nearest), (2, "unknown key `default`", Some("default_profile")));
    assert_eq!(fault("[profile.prod]\nzzz = 1\n").2, None);
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
        "[profile]\np = \"hunter2secret\"\n",
        "profile = \"hunter2secret\"\n",
        "default_profile = [\"hunter2secret\"]\n",
    ] {
        let error = parse_text(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a_wrong_value_is_told_by_what_it_must_be() {
    let cases = [
        ("access_key_secret = 20241001", "`access_key_secret` in [profile.p] must be a text in quotes"),
        ("timeout = \"30\"", "`timeout` in [profile.p] must be a number, without quotes"),
        ("endpoint_type = \"inner\"", "`endpoint_type` in [profile.p] must be \"public\" or \"vpc\""),
        ("signature_version = 1.0", "`signature_version` in [profile.p] must be \"1.0\" or \"acs3\""),
    ];
    for (text, expected) in cases {
        assert_eq!(fault(&format!("[profile.p]\n{text}\n")), (2, expected.to_owned(), None));
    }
    assert_eq!(fault("profile.p = 1\n").1, "profile.p must be a table");
    assert_eq!(fault("profile = 1\n").1, "`profile` must be a table: [profile.NAME]");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let config = parse_text("\u{feff}[profile.p]\r\nregion_id = \"cn-beijing\"\r\n").unwrap();
    assert_eq!(config.profile["p"].region_id.as_deref(), Some("cn-beijing"));
}

#[test]
fn a_missing_file_is_no_configuration_and_a_directory_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read(&dir.path().join("config.toml")).unwrap().is_none());
    assert!(matches!(read(dir.path()), Err(ConfigError::Read { .. })));
}

proptest! {
    #[test]
    fn nothing_panics(text in "[\\[\\]a-z_.=\"'#{}\\n\\r 0-9\\\\é-]{0,200}") {
        let _ = parse_text(&text);
        let _ = parse_text(&format!("[profile.prod]\n{text}"));
    }
}
