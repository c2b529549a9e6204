use std::path::{Path, PathBuf};

use clap::Parser as _;

use super::*;
use crate::commands::cli::Cli;
use crate::config::{Config, Profile};
use crate::demo;
use crate::settings::SettingSources;
use crate::settings::profile_selection::{ConfigReader, LoadedConfig};

const FILE: &str = r#"
    default_profile = "usual"
    [profile.usual]
    region_id = "cn-beijing"
    access_key_id = "usual-id"
    access_key_secret = "usual-secret"
    endpoint_type = "vpc"
    [profile.prod]
    region_id = "cn-shanghai"
    access_key_id = "prod-id"
    access_key_secret = "prod-secret"
    timeout = 7
    vnc_password = "prod12"
    [profile.bare]
    timeout = 9
    [profile.half]
    access_key_id = "half-id"
"#;

const ENV: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_ACCESS_KEY_ID", "env-id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "env-secret")];

/// A configuration of the official CLI; `theirs` is its current profile.
fn official() -> Config {
    let profile = |mode: &str, until: Option<i64>| Profile {
        mode: Some(mode.into()),
        region_id: Some("cn-official".into()),
        access_key_id: Some(crate::secret::AccessKeyId::new("their-id")),
        access_key_secret: Some("their-secret".into()),
        sts_token: Some("their-token".into()),
        sts_expiration: until,
        process_command: Some("a command".into()),
        ..Profile::default()
    };
    let profiles = [
        ("theirs", profile("AK", None)),
        ("usual", profile("AK", None)),
        ("fresh", profile("CloudSSO", Some(NOW + 1))),
        ("stale", profile("OAuth", Some(NOW))),
        ("undated", profile("CloudSSO", None)),
        ("outside", profile("External", None)),
        ("rare", profile("RsaKeyPair", None)),
    ];
    let profile = profiles.map(|(name, profile)| (name.to_owned(), profile)).into();
    Config { default_profile: Some("theirs".into()), profile }
}

const NOW: i64 = 1_700_000_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

fn loaded(config: Config, path: &str) -> LoadedConfig {
    LoadedConfig { config: Some(config), path: Some(PathBuf::from(path)) }
}

/// Calls `read` with the settings that these flags, variables and file give.
fn with<T>(
    flags: &str,
    variables: &[(&str, &str)],
    file: &str,
    read: impl Fn(&SettingSources<'_>, &Environment) -> T,
) -> Result<T, CommandError> {
    let cli = Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap();
    let env: Environment = variables.iter().copied().collect();
    let config = crate::config::parse(file, Path::new("c.toml")).unwrap();
    let own = loaded(config, "c.toml");
    let official = || Ok(loaded(official(), "o.json"));
    SettingSources::new(&cli.global, &env, own, &[&official], |_| {}).map(|settings| read(&settings, &env))
}

fn required(settings: &SettingSources<'_>, env: &Environment) -> Result<SelectedProvider, CommandError> {
    ProviderChain::search(settings.credentials(), env, now()).required()
}

fn refused(flags: &str, variables: &[(&str, &str)], file: &str) -> CommandError {
    with(flags, variables, file, |settings, env| required(settings, env).unwrap_err()).unwrap()
}

fn key(settings: &SettingSources<'_>, env: &Environment) -> (String, CredentialsOrigin) {
    let SelectedProvider { provider, origin, .. } = required(settings, env).unwrap();
    (in_words(&provider), origin)
}

fn in_words(provider: &CredentialsProvider) -> String {
    match provider {
        CredentialsProvider::StaticKeys(keys) => keys.access_key_id.expose().to_owned(),
        CredentialsProvider::Process(found) | CredentialsProvider::Uri(found) => found.expose().to_owned(),
        CredentialsProvider::Metadata(role) => role.clone().unwrap_or_default(),
        CredentialsProvider::Role { base, role, sts } => {
            format!("{} > {} at {}", in_words(base), role.arn, sts.authority())
        }
        CredentialsProvider::Oidc { role, provider_arn, token_file, sts } => {
            format!("{} of {provider_arn} > {} at {}", token_file.display(), role.arn, sts.authority())
        }
    }
}

fn profile(name: &str) -> CredentialsOrigin {
    CredentialsOrigin::Profile { name: name.into(), file: "c.toml".into() }
}

fn theirs(name: &str) -> CredentialsOrigin {
    CredentialsOrigin::Profile { name: name.into(), file: "o.json".into() }
}

#[test]
fn an_access_key_is_taken_whole_from_the_first_place_that_has_one() {
    assert_eq!(with("--profile prod", &ENV, FILE, key).unwrap(), ("prod-id".into(), profile("prod")));
    let of_env = CredentialsOrigin::Environment { variable: "ALIBABA_CLOUD_ACCESS_KEY_ID".into() };
    assert_eq!(with("", &ENV, FILE, key).unwrap(), ("env-id".into(), of_env.clone()));
    assert_eq!(with("--profile bare", &ENV, FILE, key).unwrap(), ("env-id".into(), of_env));
    assert_eq!(with("", &[], FILE, key).unwrap(), ("usual-id".into(), profile("usual")));
}

#[test]
fn an_access_key_without_its_secret_is_an_error_and_not_skipped() {
    let error = refused("--profile half", &ENV, FILE);
    assert_eq!(error.kind, ErrorKind::Credentials);
    let expected = "profile half in c.toml: access_key_id is set, but access_key_secret is not";
    assert_eq!(error.error.to_string(), expected);
}

#[test]
fn profiles_of_the_official_cli_come_after_ours() {
    assert_eq!(with("--profile theirs", &ENV, FILE, key).unwrap(), ("their-id".into(), theirs("theirs")));
    assert_eq!(with("--profile usual", &ENV, FILE, key).unwrap(), ("usual-id".into(), profile("usual")));
    // Its current profile is the default if our file has none.
    assert_eq!(with("", &[], "", key).unwrap(), ("their-id".into(), theirs("theirs")));
    assert_eq!(with("", &[], FILE, key).unwrap(), ("usual-id".into(), profile("usual")));
}

#[test]
fn the_simulated_account_never_gets_a_real_access_key() {
    for (flags, file) in [("--profile demo", FILE), ("", "default_profile = \"demo\"")] {
        let origin = CredentialsOrigin::BuiltIn { profile: demo::PROFILE };
        assert_eq!(with(flags, &ENV, file, key).unwrap(), (demo::ACCESS_KEY_ID.into(), origin));
    }
}

#[test]
fn a_missing_default_profile_gives_no_credentials() {
    let env = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    assert_eq!(refused("", &env, "default_profile = \"gone\"").kind, ErrorKind::Credentials);
}

#[test]
fn each_mode_selects_its_provider_or_the_error_says_what_to_do() {
    assert_eq!(with("--profile fresh", &[], FILE, key).unwrap(), ("their-id".into(), theirs("fresh")));
    assert_eq!(with("--profile outside", &[], FILE, key).unwrap(), ("a command".into(), theirs("outside")));
    let refused_profile = |name: &str| {
        let error = refused(&format!("--profile {name}"), &ENV, FILE);
        assert_eq!(error.kind, ErrorKind::Credentials);
        format!("{} {}", error.error, error.hint.unwrap())
    };
    assert!(refused_profile("stale").contains("aliyun configure --profile stale --mode OAuth"));
    assert!(refused_profile("undated").contains("aliyun configure --profile undated --mode CloudSSO"));
    assert!(refused_profile("undated").contains("have no expiration time"));
    assert!(refused_profile("rare").contains("RsaKeyPair") && refused_profile("rare").contains("process_command"));
    for (mode, key) in [("External", "process_command"), ("CredentialsURI", "credentials_uri")] {
        let ours = format!("[profile.default]\nmode = '{mode}'\n");
        let error = refused("", &[], &ours);
        assert!(error.error.to_string().contains(&format!("{key} is not")), "{}", error.error);
    }
    let role = |text: &str| with("", &[], &format!("[profile.default]\nmode = 'EcsRamRole'\n{text}"), key).unwrap().0;
    assert_eq!((role("ram_role_name = 'r'").as_str(), role("").as_str()), ("r", ""));
}

#[test]
fn a_profile_of_the_official_cli_named_demo_is_not_the_simulated_account() {
    let named_demo = || {
        let real = Profile {
            access_key_id: Some(crate::secret::AccessKeyId::new("real-id")),
            access_key_secret: Some("real-secret".into()),
            ..Profile::default()
        };
        let profile = [(demo::PROFILE.to_owned(), real)].into();
        Ok(loaded(Config { default_profile: Some(demo::PROFILE.into()), profile }, "o.json"))
    };
    let env = Environment::default();
    let of = |flags: &str| Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap().global;
    let (unnamed, named) = (of(""), of("--profile demo"));
    let sources = SettingSources::new(&unnamed, &env, LoadedConfig::default(), &[&named_demo], |_| {}).unwrap();
    assert!(!sources.is_demo());
    assert_eq!(key(&sources, &env), ("real-id".into(), theirs("demo")));
    let sources = SettingSources::new(&named, &env, LoadedConfig::default(), &[&named_demo], |_| {}).unwrap();
    assert!(sources.is_demo());
    assert_eq!(key(&sources, &env).1, CredentialsOrigin::BuiltIn { profile: demo::PROFILE });
}

#[test]
fn only_modes_with_a_token_use_one() {
    let token = |mode: &str, token: &str| {
        let file = format!("[profile.default]\nmode = '{mode}'\naccess_key_id = 'i'\naccess_key_secret = 's'\n{token}");
        with("", &[], &file, required).unwrap().map(|selected| match selected.provider {
            CredentialsProvider::StaticKeys(keys) => keys.security_token.is_some(),
            other => panic!("{other:?}"),
        })
    };
    assert!(!token("AK", "sts_token = 'stale'").unwrap());
    assert!(token("StsToken", "sts_token = 't'").unwrap());
    let missing = token("StsToken", "").unwrap_err();
    assert!(missing.error.to_string().ends_with("access_key_id is set, but sts_token is not"), "{}", missing.error);
}

const ROLES: &str = r#"
    [profile.role]
    mode = "RamRoleArn"
    access_key_id = "base-id"
    access_key_secret = "s"
    ram_role_arn = "arn-a"
    sts_region = "cn-beijing"
    [profile.chained]
    mode = "ChainableRamRoleArn"
    source_profile = "role"
    ram_role_arn = "arn-b"
    sts_endpoint = "http://127.0.0.1:1"
    [profile.of-instance]
    mode = "RamRoleArnWithEcs"
    ram_role_name = "of-ecs"
    ram_role_arn = "arn-c"
    endpoint_type = "vpc"
    sts_region = "cn-beijing"
    [profile.pod]
    mode = "OIDC"
    oidc_provider_arn = "provider"
    oidc_token_file = "/run/token"
    ram_role_arn = "arn-d"
    [profile.loop]
    mode = "ChainableRamRoleArn"
    source_profile = "loop"
    ram_role_arn = "arn-e"
    [profile.orphan]
    mode = "ChainableRamRoleArn"
    source_profile = "gone"
    ram_role_arn = "arn-f"
    [profile.short]
    mode = "RamRoleArn"
    access_key_id = "base-id"
    access_key_secret = "s"
    ram_role_arn = "arn-a"
    expired_seconds = 899
    [profile.keyless]
    mode = "RamRoleArn"
    ram_role_arn = "arn-a"
"#;

#[test]
fn each_role_mode_has_its_base_provider_and_sts_endpoint() {
    let of = |name: &str| with(&format!("--profile {name}"), &[], ROLES, key).unwrap().0;
    assert_eq!(of("role"), "base-id > arn-a at sts.cn-beijing.aliyuncs.com");
    assert_eq!(of("chained"), "base-id > arn-a at sts.cn-beijing.aliyuncs.com > arn-b at 127.0.0.1:1");
    assert_eq!(of("of-instance"), "of-ecs > arn-c at sts-vpc.cn-beijing.aliyuncs.com");
    assert_eq!(of("pod"), "/run/token of provider > arn-d at sts.aliyuncs.com");
    let env = [("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou")];
    let pod = with("--profile pod", &env, ROLES, key).unwrap().0;
    assert!(pod.ends_with("sts.cn-hangzhou.aliyuncs.com"), "{pod}");
    for (name, kind, why) in [
        ("loop", ErrorKind::Usage, "leads through more than 8 profiles"),
        ("orphan", ErrorKind::NotFound, "source_profile gone is not in the same file"),
        ("short", ErrorKind::Usage, "at least 900 s"),
        ("keyless", ErrorKind::Credentials, "needs access_key_id"),
    ] {
        let error = refused(&format!("--profile {name}"), &[], ROLES);
        assert_eq!(error.kind, kind, "{name}");
        let error = error.error.to_string();
        assert!(error.starts_with(&format!("profile {name} in c.toml")) && error.contains(why), "{error}");
    }
}

#[test]
fn without_a_named_profile_the_order_is_that_of_the_sdks() {
    let pod = [
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/run/token"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider"),
        ("ALIBABA_CLOUD_ROLE_ARN", "arn"),
    ];
    let uri = [("ALIBABA_CLOUD_CREDENTIALS_URI", "http://h/k")];
    let keys = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "env-id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s")];
    let ask = |env: &[&[(&str, &str)]], own: &str| {
        let (env, config) = (env.concat(), crate::config::parse(own, Path::new("c.toml")).unwrap());
        let env: Environment = env.into_iter().collect();
        let global = Cli::try_parse_from(["ecs-vnc", "man"]).unwrap().global;
        let sources = SettingSources::new(&global, &env, loaded(config, "c.toml"), &[], |_| {}).unwrap();
        let chain = ProviderChain::search(sources.credentials(), &env, now());
        let skipped = chain.skipped().iter().map(|skipped| skipped.name.clone()).collect::<Vec<_>>().join(", ");
        let found = match chain {
            ProviderChain::Selected(selected) => Some(in_words(&selected.provider)),
            ProviderChain::Exhausted { .. } => None,
            ProviderChain::Faulty { error, .. } => panic!("{error:?}"),
        };
        (found, skipped)
    };
    let own = "[profile.default]\naccess_key_id = 'own-id'\naccess_key_secret = 's'\n";
    let is = |seen: (Option<String>, String), found: &str, passed: &str| {
        assert_eq!((seen.0.as_deref(), seen.1.as_str()), (Some(found), passed));
    };
    is(ask(&[&keys, &pod, &uri], own), "env-id", "");
    is(ask(&[&pod, &uri], own), "/run/token of provider > arn at sts.aliyuncs.com", "environment");
    is(ask(&[&pod[1..], &uri], own), "own-id", "environment, OIDC");
    is(ask(&[&uri], ""), "http://h/k", "environment, OIDC, default profile");
    let all = "environment, OIDC, default profile, credentials URI";
    is(ask(&[&[]], ""), "", all);
    is(ask(&[&[("ALIBABA_CLOUD_ECS_METADATA", "a-role")]], ""), "a-role", all);
    let disabled = ask(&[&[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "True")]], "");
    assert_eq!((disabled.0, disabled.1), (None, format!("{all}, metadata service")));
    // The variable holds for profiles, too.
    let off = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    for mode in ["mode = 'EcsRamRole'", "mode = 'RamRoleArnWithEcs'\nram_role_arn = 'r'"] {
        let error = refused("", &off, &format!("[profile.default]\n{mode}\n"));
        assert_eq!(error.kind, ErrorKind::Credentials);
        assert!(error.error.to_string().contains("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "{}", error.error);
    }
    // A default profile that only sets the region is skipped.
    is(ask(&[&uri], "[profile.default]\nregion_id = 'cn-x'\n"), "http://h/k", "environment, OIDC, profile default");
}

#[test]
fn a_faulty_profile_is_an_error_only_when_it_is_used() {
    let faulty = || {
        let fault = Profile { fault: Some("`mode` is a list".to_owned()), ..Profile::default() };
        let profile = [("bad".to_owned(), fault), ("good".to_owned(), official().profile["theirs"].clone())].into();
        Ok(loaded(Config { default_profile: Some("good".to_owned()), profile }, "o.json"))
    };
    let of = |flags: &str| Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap().global;
    let (good, bad, env) = (of(""), of("--profile bad"), Environment::default());
    let settings = |flags| SettingSources::new(flags, &env, LoadedConfig::default(), &[&faulty], |_| {}).unwrap();
    assert_eq!(key(&settings(&good), &env).0, "their-id");
    assert_eq!(
        required(&settings(&bad), &env).unwrap_err().error.to_string(),
        "profile bad in o.json: `mode` is a list"
    );
}

#[test]
fn a_faulty_default_of_another_program_does_not_lead_to_another_account() {
    let broken = || Err(CommandError::message(ErrorKind::Usage, "o.json: this is no JSON"));
    let gone = || {
        let profile = [("other".to_owned(), official().profile["theirs"].clone())].into();
        Ok(loaded(Config { default_profile: Some("gone".to_owned()), profile }, "o.json"))
    };
    let ini = || {
        let profile = [("default".to_owned(), official().profile["theirs"].clone())].into();
        Ok(loaded(Config { default_profile: Some("default".to_owned()), profile }, "c.ini"))
    };
    let global = Cli::try_parse_from(["ecs-vnc", "man"]).unwrap().global;
    let readers: [(&ConfigReader<'_>, &str); 2] = [
        (&broken, "o.json: this is no JSON"),
        (&gone, "the default profile gone does not exist; fix current in o.json"),
    ];
    for (official, why) in readers {
        let env = Environment::default();
        let sources = SettingSources::new(&global, &env, LoadedConfig::default(), &[official, &ini], |_| {}).unwrap();
        let error = required(&sources, &env).unwrap_err();
        assert_eq!((error.kind, error.error.to_string().as_str()), (ErrorKind::Usage, why));
        // The default profile is not needed here.
        let env: Environment = ENV.into_iter().collect();
        let sources = SettingSources::new(&global, &env, LoadedConfig::default(), &[official, &ini], |_| {}).unwrap();
        assert_eq!(key(&sources, &env).0, "env-id");
    }
}
