use clap::Parser as _;

use super::*;
use crate::commands::cli::Cli;
use crate::config::Config;
use crate::demo;
use crate::settings::Settings;

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

/// Calls `read` with the sources that these flags, variables and file make.
fn with<T>(
    flags: &str,
    env: &[(&str, &str)],
    file: &str,
    read: impl Fn(&SettingSources<'_>) -> T,
) -> Result<T, CommandError> {
    with_env(flags, &env.iter().copied().collect(), file, read)
}

fn with_env<T>(
    flags: &str,
    env: &Environment,
    file: &str,
    read: impl Fn(&SettingSources<'_>) -> T,
) -> Result<T, CommandError> {
    let cli = Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap();
    let config = crate::config::parse(file, Path::new("c.toml")).unwrap();
    let loaded = LoadedConfig { config: Some(config), path: Some(PathBuf::from("c.toml")), ..LoadedConfig::default() };
    let official = || {
        Ok(LoadedConfig { config: Some(official()), path: Some(PathBuf::from("o.json")), ..LoadedConfig::default() })
    };
    SettingSources::new(&cli.global, env, loaded, &[&official], |_| {}).map(|sources| read(&sources))
}

/// A configuration of the official CLI; `theirs` is its current profile.
fn official() -> Config {
    let profile = Profile { region_id: Some("cn-official".into()), ..Profile::default() };
    let profile = ["theirs", "usual"].map(|name| (name.to_owned(), profile.clone())).into();
    Config { default_profile: Some("theirs".into()), profile, ..Config::default() }
}

fn region(sources: &SettingSources<'_>) -> String {
    sources.region().unwrap().id.unwrap()
}

#[test]
fn a_flag_beats_a_named_profile_beats_the_environment_beats_the_default() {
    assert_eq!(with("--region cn-a --profile prod", &ENV, FILE, region).unwrap(), "cn-a");
    assert_eq!(with("--profile prod", &ENV, FILE, region).unwrap(), "cn-shanghai");
    assert_eq!(with("", &ENV, FILE, region).unwrap(), "cn-qingdao");
    assert_eq!(with("", &[], FILE, region).unwrap(), "cn-beijing");
}

#[test]
fn a_variable_selects_the_profile() {
    let env = [("ALIBABA_CLOUD_PROFILE", "prod")];
    assert_eq!(with("", &env, FILE, region).unwrap(), "cn-shanghai");
    assert_eq!(with("--profile usual", &env, FILE, region).unwrap(), "cn-beijing");
    assert_eq!(with("", &[("ALICLOUD_PROFILE", "prod")], FILE, region).unwrap(), "cn-shanghai");
}

#[test]
fn a_missing_named_profile_is_not_found_and_a_missing_default_a_warning() {
    let error = with("--profile prd", &[], FILE, |_| ()).unwrap_err();
    assert_eq!((error.kind, error.hint.as_deref()), (ErrorKind::NotFound, Some("did you mean prod?")));
    assert_eq!(with("", &ENV, "default_profile = \"gone\"", region).unwrap(), "cn-qingdao");
    let gone = "default_profile = \"gone\"";
    let region = with("", &[], gone, |sources| sources.region().unwrap()).unwrap();
    assert_eq!(region, RegionSetting { id: None, is_pinned: false });
}

#[test]
fn a_profile_named_default_is_the_default() {
    assert_eq!(with("", &[], "[profile.default]\nregion_id = \"cn-x\"", region).unwrap(), "cn-x");
}

#[test]
fn endpoints_timeouts_and_passwords_follow_the_same_order() {
    let endpoint = |sources: &SettingSources<'_>| sources.endpoint().unwrap();
    let fixed = |url: &str| EndpointSetting::Fixed(Endpoint::parse(url).unwrap());
    assert_eq!(with("", &ENV, FILE, endpoint).unwrap(), fixed("https://env.example.com"));
    assert_eq!(with("--endpoint http://a:1", &ENV, FILE, endpoint).unwrap(), fixed("http://a:1"));
    let env = [("ALIBABA_CLOUD_ENDPOINT_TYPE", "public")];
    assert_eq!(with("", &env, FILE, endpoint).unwrap(), EndpointSetting::OfRegion(EndpointType::Public));
    assert_eq!(with("", &[], FILE, endpoint).unwrap(), EndpointSetting::OfRegion(EndpointType::Vpc));
    let timeout = |sources: &SettingSources<'_>| sources.timeout().unwrap().as_secs();
    assert_eq!(with("--profile prod", &[], FILE, timeout).unwrap(), 7);
    assert_eq!(with("--profile prod --timeout 5", &[], FILE, timeout).unwrap(), 5);
    assert_eq!(with("", &[], FILE, timeout).unwrap(), 30);
    let password =
        |sources: &SettingSources<'_>| sources.vnc_password().unwrap().map(|password| password.expose().to_owned());
    assert_eq!(with("--profile prod", &ENV, FILE, password).unwrap().as_deref(), Some("prod12"));
    assert_eq!(with("", &ENV, FILE, password).unwrap().as_deref(), Some("env123"));
}

#[test]
fn a_faulty_setting_is_a_usage_error_that_names_its_place() {
    let usage = |outcome: Result<(), CommandError>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage);
        format!("{:#}", error.error)
    };
    let of = |text: &str| format!("[profile.default]\n{text}");
    let check = |file: &str, env: &[(&str, &str)], ask: fn(&SettingSources<'_>) -> Result<(), CommandError>| {
        usage(with("", env, file, ask).unwrap())
    };
    assert!(check(&of("timeout = 0"), &[], |l| l.timeout().map(drop)).contains("c.toml"));
    assert!(check(&of("timeout = -1.5"), &[], |l| l.timeout().map(drop)).contains("-1.5"));
    assert!(check(&of("vnc_password = \"toolong\""), &[], |l| l.vnc_password().map(drop)).contains("six letters"));
    assert!(check("", &[("ECS_VNC_PASSWORD", "x")], |l| l.vnc_password().map(drop)).contains("ECS_VNC_PASSWORD"));
    let region = check(&of("region_id = \"a/b\""), &[], |l| l.region().map(drop));
    assert!(region.starts_with("profile default in c.toml: `a/b` is not a region id"), "{region}");
    let region = check("", &[("ALIBABA_CLOUD_REGION_ID", "a/b")], |l| l.region().map(drop));
    assert!(region.starts_with("ALIBABA_CLOUD_REGION_ID: `a/b`"), "{region}");
    assert!(check(&of("console_url = \"x\""), &[], |l| l.console_url().map(drop)).contains("console_url"));
    assert!(check(&of("endpoint = \"ftp://x\""), &[], |l| l.endpoint().map(drop)).contains("ftp://x"));
    let env = [("ALIBABA_CLOUD_ENDPOINT_TYPE", "inner")];
    assert!(check("", &env, |l| l.endpoint().map(drop)).contains("ALIBABA_CLOUD_ENDPOINT_TYPE"));
}

#[test]
fn the_simulated_account_is_not_sent_to_a_real_endpoint() {
    for (flags, file) in [("--profile demo", FILE), ("", "default_profile = \"demo\"")] {
        assert_eq!(with(flags, &ENV, file, |sources| sources.endpoint().unwrap()).unwrap(), EndpointSetting::InProcess);
        assert_eq!(with(flags, &ENV, file, region).unwrap(), demo::REGION);
    }
}

#[test]
fn the_official_clis_current_profile_is_the_default_only_if_ours_names_none() {
    assert_eq!(with("", &[], "", region).unwrap(), "cn-official");
    assert_eq!(with("", &ENV, "", region).unwrap(), "cn-qingdao");
    assert_eq!(with("", &[], FILE, region).unwrap(), "cn-beijing");
}

#[test]
fn an_endpoint_type_for_the_real_service_does_not_matter_to_the_simulated_account() {
    let env = [("ALIBABA_CLOUD_ENDPOINT_TYPE", "inner")];
    let endpoint = with("--profile demo", &env, FILE, |sources| sources.endpoint().unwrap()).unwrap();
    assert_eq!(endpoint, EndpointSetting::InProcess);
}

#[test]
fn settings_are_resolved_and_a_faulty_one_that_few_use_is_an_error_where_it_is_used() {
    let resolve = |file: &str| with("", &[], file, Settings::resolve).unwrap();
    let settings =
        resolve("[profile.default]\nregion_id = \"cn-x\"\ntimeout = 7\nvnc_password = \"abc123\"\n").unwrap();
    assert_eq!(settings.region.id.as_deref(), Some("cn-x"));
    assert_eq!((settings.timeout().unwrap(), settings.timeout_flag), (Duration::from_secs(7), None));
    assert_eq!(settings.vnc_password().unwrap().as_ref().map(VncPassword::expose), Some("abc123"));
    assert!(settings.use_cache && !settings.is_demo);
    assert_eq!(resolve("[profile.default]\nregion_id = \"a/b\"\n").unwrap_err().kind, ErrorKind::Usage);
    let unused = resolve("[profile.default]\ntimeout = 0\nconsole_url = \"x\"\n").unwrap();
    let errors = [unused.timeout().unwrap_err(), unused.console_url.check().unwrap_err()];
    assert!(errors.iter().all(|error| error.kind == ErrorKind::Usage), "{errors:?}");
    let error = resolve("[profile.default]\nvnc_password = \"toolong\"\n").unwrap().vnc_password().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage);
    assert!(!format!("{error:?}").contains("toolong"), "{error:?}");
}

#[test]
fn the_official_cli_has_chosen_the_profile_for_its_plugin() {
    let keys =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"), ("ALIBABA_CLOUD_PROFILE", "prod"), ("ALIBABA_CLOUD_LANGUAGE", "zh")];
    let env: Environment = ENV.iter().chain(&keys).copied().collect();
    let host = env.clone().of_host();
    let read = |env: &Environment, flags: &str, file: &str| {
        let read = |sources: &SettingSources<'_>| (region(sources), sources.language(), sources.is_demo());
        with_env(flags, env, file, read).unwrap()
    };
    let zh = Some("zh".to_owned());
    assert_eq!(read(&env, "", FILE), ("cn-shanghai".to_owned(), None, false));
    for flags in ["", "--profile prod", "--profile no-such", "--profile demo"] {
        assert_eq!(read(&host, flags, FILE), ("cn-qingdao".to_owned(), zh.clone(), false), "{flags}");
    }
    assert!(!read(&host, "", "default_profile = \"demo\"").2);
    assert!(read(&env, "--profile demo", "").2);
    // A flag of the command is the user's word, and settings that the CLI has none of are those of the default profile.
    assert_eq!(read(&host, "--region cn-a", FILE).0, "cn-a");
    let timeout = |sources: &SettingSources<'_>| sources.timeout().unwrap().as_secs();
    let file = "[profile.default]\ntimeout = 8\nregion_id = \"cn-b\"";
    assert_eq!(with_env("", &host, file, timeout).unwrap(), 8);
    // Without its keys there is no profile of its own to take their place.
    let without: Environment = [("ALIBABA_CLOUD_PROFILE", "prod")].into_iter().collect();
    assert_eq!(read(&without.of_host(), "", FILE).0, "cn-shanghai");
}
