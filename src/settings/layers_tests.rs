use clap::Parser as _;

use super::*;
use crate::commands::cli::Cli;
use crate::config::Config;
use crate::demo;

const FILE: &str = r#"
    default_profile = "usual"
    [profile.usual]
    region_id = "cn-beijing"
    endpoint_type = "vpc"
    [profile.prod]
    region_id = "cn-shanghai"
    timeout = 7
    vnc_password = "prod12"
    [profile.bare]
    timeout = 9
"#;

const ENV: [(&str, &str); 4] = [
    ("ALIBABA_CLOUD_REGION_ID", "cn-qingdao"),
    ("ALIBABA_CLOUD_ENDPOINT", "env.example.com"),
    ("ALIBABA_CLOUD_ENDPOINT_TYPE", "public"),
    ("ECS_VNC_PASSWORD", "env123"),
];

/// What is asked of the layers that these flags, these variables and this file make.
fn with<T>(flags: &str, env: &[(&str, &str)], file: &str, ask: impl Fn(&Layers<'_>) -> T) -> Result<T, CommandError> {
    let cli = Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap();
    let env: Environment = env.iter().copied().collect();
    let config = crate::config::parse(file, Path::new("c.toml")).unwrap();
    let loaded = (Some(config), Some(PathBuf::from("c.toml")));
    let official = || Ok((Some(official()), Some(PathBuf::from("o.json"))));
    Layers::new(&cli.global, &env, loaded, &[&official], |_| {}).map(|layers| ask(&layers))
}

/// A configuration of the official CLI; `theirs` is its current profile.
fn official() -> Config {
    let profile = Profile { region_id: Some("cn-official".into()), ..Profile::default() };
    let profile = ["theirs", "usual"].map(|name| (name.to_owned(), profile.clone())).into();
    Config { default_profile: Some("theirs".into()), profile }
}

fn region(layers: &Layers<'_>) -> String {
    layers.region().unwrap().0.unwrap()
}

#[test]
fn a_flag_beats_a_named_profile_beats_the_environment_beats_the_default() {
    assert_eq!(with("--region cn-a --profile prod", &ENV, FILE, region).unwrap(), "cn-a");
    assert_eq!(with("--profile prod", &ENV, FILE, region).unwrap(), "cn-shanghai");
    assert_eq!(with("", &ENV, FILE, region).unwrap(), "cn-qingdao");
    assert_eq!(with("", &[], FILE, region).unwrap(), "cn-beijing");
}

#[test]
fn the_profile_may_be_named_by_a_variable() {
    let env = [("ALIBABA_CLOUD_PROFILE", "prod")];
    assert_eq!(with("", &env, FILE, region).unwrap(), "cn-shanghai");
    assert_eq!(with("--profile usual", &env, FILE, region).unwrap(), "cn-beijing");
    assert_eq!(with("", &[("ALICLOUD_PROFILE", "prod")], FILE, region).unwrap(), "cn-shanghai");
}

#[test]
fn a_missing_named_profile_is_not_found_and_a_missing_default_a_warning() {
    let failure = with("--profile prd", &[], FILE, |_| ()).unwrap_err();
    assert_eq!((failure.kind, failure.hint.as_deref()), (ErrorKind::NotFound, Some("did you mean prod?")));
    assert_eq!(with("", &ENV, "default_profile = \"gone\"", region).unwrap(), "cn-qingdao");
    let gone = "default_profile = \"gone\"";
    let (region, is_pinned) = with("", &[], gone, |layers| layers.region().unwrap()).unwrap();
    assert_eq!((region, is_pinned), (None, false));
}

#[test]
fn a_profile_called_default_needs_no_naming() {
    assert_eq!(with("", &[], "[profile.default]\nregion_id = \"cn-x\"", region).unwrap(), "cn-x");
}

#[test]
fn endpoints_timeouts_and_passwords_follow_the_same_order() {
    let endpoint = |layers: &Layers<'_>| layers.set_endpoint().unwrap().map(|endpoint| endpoint.to_string());
    assert_eq!(with("", &ENV, FILE, endpoint).unwrap().as_deref(), Some("https://env.example.com"));
    assert_eq!(with("--endpoint http://a:1", &ENV, FILE, endpoint).unwrap().as_deref(), Some("http://a:1"));
    let kind = |layers: &Layers<'_>| layers.endpoint_type().unwrap();
    assert_eq!(with("", &ENV, FILE, kind).unwrap(), EndpointType::Public);
    assert_eq!(with("", &[], FILE, kind).unwrap(), EndpointType::Vpc);
    let timeout = |layers: &Layers<'_>| layers.timeout().unwrap().as_secs();
    assert_eq!(with("--profile prod", &[], FILE, timeout).unwrap(), 7);
    assert_eq!(with("--profile prod --timeout 5", &[], FILE, timeout).unwrap(), 5);
    assert_eq!(with("", &[], FILE, timeout).unwrap(), 30);
    let password =
        |layers: &Layers<'_>| layers.vnc_password(None).unwrap().map(|password| password.expose().to_owned());
    assert_eq!(with("--profile prod", &ENV, FILE, password).unwrap().as_deref(), Some("prod12"));
    assert_eq!(with("", &ENV, FILE, password).unwrap().as_deref(), Some("env123"));
}

#[test]
fn what_cannot_be_is_usage_and_names_its_place() {
    let usage = |outcome: Result<(), CommandError>| {
        let failure = outcome.unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Usage);
        failure.error.to_string()
    };
    let of = |text: &str| format!("[profile.default]\n{text}");
    let check = |file: &str, env: &[(&str, &str)], ask: fn(&Layers<'_>) -> Result<(), CommandError>| {
        usage(with("", env, file, ask).unwrap())
    };
    assert!(check(&of("timeout = 0"), &[], |l| l.timeout().map(drop)).contains("c.toml"));
    assert!(check(&of("timeout = -1.5"), &[], |l| l.timeout().map(drop)).contains("-1.5"));
    assert!(check(&of("vnc_password = \"toolong\""), &[], |l| l.vnc_password(None).map(drop)).contains("six letters"));
    assert!(check("", &[("ECS_VNC_PASSWORD", "x")], |l| l.vnc_password(None).map(drop)).contains("ECS_VNC_PASSWORD"));
    assert!(check(&of("region_id = \"a/b\""), &[], |l| l.region().map(drop)).contains("a/b"));
    assert!(check(&of("console_url = \"x\""), &[], |l| l.console_url().map(drop)).contains("console_url"));
    assert!(check(&of("endpoint = \"ftp://x\""), &[], |l| l.set_endpoint().map(drop)).contains("ftp://x"));
    let env = [("ALIBABA_CLOUD_ENDPOINT_TYPE", "inner")];
    assert!(check("", &env, |l| l.endpoint_type().map(drop)).contains("ALIBABA_CLOUD_ENDPOINT_TYPE"));
}

#[test]
fn the_simulated_account_is_not_sent_to_a_real_endpoint() {
    for (flags, file) in [("--profile demo", FILE), ("", "default_profile = \"demo\"")] {
        assert_eq!(with(flags, &ENV, file, |layers| layers.set_endpoint().unwrap()).unwrap(), None);
        assert_eq!(with(flags, &ENV, file, region).unwrap(), demo::REGION);
    }
}

#[test]
fn the_official_clis_current_profile_is_the_default_only_if_ours_names_none() {
    assert_eq!(with("", &[], "", region).unwrap(), "cn-official");
    assert_eq!(with("", &ENV, "", region).unwrap(), "cn-qingdao");
    assert_eq!(with("", &[], FILE, region).unwrap(), "cn-beijing");
}
