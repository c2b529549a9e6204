use proptest::prelude::*;

use super::*;

fn parse_text(text: &str) -> Result<Config, ConfigError> {
    parse_ini(text, Path::new("credentials.ini"))
}

/// The types and keys of the SDKs' own documentation and code.
const FILE: &str = "
[default]                          # the one that is used
enable = true
type = access_key                  # keys
access_key_id = foo
access_key_secret = bar#not this

; temporary
[temporary]
type: sts
access_key_id: foo
access_key_secret: bar
security_token: t+/=

[instance]
type = ecs_ram_role
role_name = EcsRamRoleTest

[role]
type = ram_role_arn
access_key_id = foo
access_key_secret = bar
role_arn = acs:ram::1:role/r
role_session_name = session_name
role_session_expiration = 1800
policy = {\"Version\":
    \"1\"}

[pod]
type = oidc_role_arn
role_arn = acs:ram::1:role/r
oidc_provider_arn = acs:ram::1:oidc-provider/p
oidc_token_file_path = /var/run/token
role_session_name = session_name

[Rare]
type = rsa_key_pair
public_key_id = publicKeyId
private_key_file = /your/pk.pem
";

#[test]
fn sections_become_profiles_with_the_official_names_of_modes() {
    let config = parse_text(FILE).unwrap();
    assert_eq!(config.default_profile.as_deref(), Some("default"));
    let modes: Vec<_> =
        config.profile.iter().map(|(name, profile)| (name.as_str(), profile.mode.as_deref().unwrap())).collect();
    let expected = [
        ("Rare", "rsa_key_pair"),
        ("default", "AK"),
        ("instance", "EcsRamRole"),
        ("pod", "OIDC"),
        ("role", "RamRoleArn"),
        ("temporary", "StsToken"),
    ];
    assert_eq!(modes, expected);
    let [default, temporary, instance, role, pod] =
        ["default", "temporary", "instance", "role", "pod"].map(|name| &config.profile[name]);
    assert_eq!(default.access_key_id.as_ref().unwrap().expose(), "foo");
    assert_eq!(default.access_key_secret.as_ref().unwrap().expose(), "bar");
    assert_eq!(temporary.sts_token.as_ref().unwrap().expose(), "t+/=");
    assert_eq!(instance.ram_role_name.as_deref(), Some("EcsRamRoleTest"));
    assert_eq!(role.ram_role_arn.as_deref(), Some("acs:ram::1:role/r"));
    assert_eq!((role.ram_session_name.as_deref(), role.expired_seconds), (Some("session_name"), Some(1800)));
    assert_eq!(role.policy.as_deref().unwrap().split_whitespace().collect::<String>(), r#"{"Version":"1"}"#);
    assert_eq!(pod.oidc_provider_arn.as_deref(), Some("acs:ram::1:oidc-provider/p"));
    assert_eq!(
        (pod.oidc_token_file.as_deref(), pod.ram_role_arn.as_deref()),
        (Some("/var/run/token"), Some("acs:ram::1:role/r"))
    );
    assert!(config.profile.values().all(|profile| profile.fault.is_none()));
}

#[test]
fn the_syntax_is_that_of_python() {
    // The common section is not a profile; empty values are unset; the last of two equal keys counts.
    let config = parse_text(
        "\u{feff}[DEFAULT]\r\ntype = access_key\r\n[a]\r\naccess_key_id=\r\npolicy = 1\r\npolicy = 2;3 # x\r\n[]\r\n",
    )
    .unwrap();
    let (a, names) = (&config.profile["a"], config.profile.keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((names, config.default_profile), (vec!["a"], None));
    assert_eq!((a.mode.as_deref(), a.policy.as_deref()), (Some("AK"), Some("2;3")));
    assert!(a.access_key_id.is_none());
    assert!(parse_text("").unwrap().profile.is_empty());
}

#[test]
fn disabled_and_invalid_profiles_are_kept_with_their_fault() {
    let config = parse_text(
        "[off]\nenable = False\n[odd]\nrole_session_expiration = hunter2\n[none]\nrole_session_expiration = 0\n",
    )
    .unwrap();
    assert_eq!(config.profile["off"].fault.as_deref(), Some("`enable` is false"));
    assert_eq!(config.profile["odd"].fault.as_deref(), Some("`role_session_expiration` is not a whole number"));
    assert!(config.profile["none"].fault.is_none() && config.profile["none"].expired_seconds.is_none());
}

#[test]
fn invalid_ini_is_an_error_with_the_line_and_without_the_text() {
    for bad in ["[a]\n[hunter2\n", "[a]\n= hunter2\n"] {
        let error = parse_text(bad).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("line 2: not a valid INI") && !shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn a_missing_file_gives_none_and_a_directory_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read_ini(&dir.path().join("credentials.ini"), Duration::from_secs(9)).unwrap().is_none());
    assert!(matches!(read_ini(dir.path(), Duration::from_secs(9)), Err(ConfigError::Read { .. })));
}

proptest! {
    #[test]
    fn nothing_panics(text in "[\\[\\]a-z_.=:;\"'#%\\n\\r\\t 0-9\\\\é-]{0,200}") {
        let _ = parse_text(&text);
        let _ = parse_text(&format!("[prod]\n{text}"));
    }
}
