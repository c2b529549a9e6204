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

/// The configuration of the official CLI. Its current profile is `theirs`.
fn official_config() -> Config {
    let profile = |mode: &str, expiration: Option<i64>| Profile {
        mode: Some(mode.into()),
        region_id: Some("cn-official".into()),
        access_key_id: Some(crate::secret::AccessKeyId::new("their-id")),
        access_key_secret: Some("their-secret".into()),
        sts_token: Some("their-token".into()),
        sts_expiration: expiration,
        process_command: Some("a command".into()),
        ..Profile::default()
    };
    let profiles = [
        ("theirs", profile("AK", None)),
        ("usual", profile("AK", None)),
        ("valid", profile("CloudSSO", Some(NOW + 1))),
        ("expired", profile("OAuth", Some(NOW))),
        ("undated", profile("CloudSSO", None)),
        ("program", profile("External", None)),
        ("unsupported", profile("RsaKeyPair", None)),
    ];
    let profile = profiles.map(|(name, profile)| (name.to_owned(), profile)).into();
    Config { default_profile: Some("theirs".into()), profile, ..Config::default() }
}

const NOW: i64 = 1_700_000_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

fn loaded(config: Config, path: &str) -> LoadedConfig {
    LoadedConfig { config: Some(config), path: Some(PathBuf::from(path)), ..LoadedConfig::default() }
}

/// Calls `read` with the settings from `flags`, environment `variables` and our configuration `file`.
fn with_settings<T>(
    flags: &str,
    variables: &[(&str, &str)],
    file: &str,
    read: impl Fn(&SettingSources<'_>, &Environment) -> T,
) -> Result<T, CommandError> {
    let cli = Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap();
    let env: Environment = variables.iter().copied().collect();
    let config = crate::config::parse(file, Path::new("c.toml")).unwrap();
    let own = loaded(config, "c.toml");
    let official = || Ok(loaded(official_config(), "o.json"));
    SettingSources::new(&cli.global, &env, own, &[&official], |_| {}).map(|settings| read(&settings, &env))
}

fn required(settings: &SettingSources<'_>, env: &Environment) -> Result<SelectedProvider, CommandError> {
    ProviderChain::search(settings.credentials(), env, now()).required()
}

fn select(flags: &str, variables: &[(&str, &str)], file: &str) -> (String, CredentialsOrigin) {
    with_settings(flags, variables, file, selected).unwrap()
}

fn error_of(flags: &str, variables: &[(&str, &str)], file: &str) -> CommandError {
    with_settings(flags, variables, file, |settings, env| required(settings, env).unwrap_err()).unwrap()
}

/// The selected provider, as [`summary`] writes it, and its origin.
fn selected(settings: &SettingSources<'_>, env: &Environment) -> (String, CredentialsOrigin) {
    let SelectedProvider { provider, origin, .. } = required(settings, env).unwrap();
    (summary(&provider), origin)
}

/// The provider's own value, such as an AccessKey id or a URI. Of a role: base > role ARN at STS host.
fn summary(provider: &CredentialsProvider) -> String {
    match provider {
        CredentialsProvider::Static(credentials) => credentials.access_key_id.expose().to_owned(),
        CredentialsProvider::Process(secret) | CredentialsProvider::Uri(secret) => secret.expose().to_owned(),
        CredentialsProvider::Metadata(role) => role.clone().unwrap_or_default(),
        CredentialsProvider::Role { base, role, sts } => {
            format!("{} > {} at {}", summary(base), role.arn, sts.authority())
        }
        CredentialsProvider::Oidc { role, provider_arn, token_file, sts } => {
            format!("{} of {provider_arn} > {} at {}", token_file.display(), role.arn, sts.authority())
        }
    }
}

fn own_profile(name: &str) -> CredentialsOrigin {
    CredentialsOrigin::Profile { name: name.into(), file: "c.toml".into() }
}

fn official_profile(name: &str) -> CredentialsOrigin {
    CredentialsOrigin::Profile { name: name.into(), file: "o.json".into() }
}

#[test]
fn the_first_provider_with_an_access_key_pair_is_selected() {
    assert_eq!(select("--profile prod", &ENV, FILE), ("prod-id".into(), own_profile("prod")));
    let environment = CredentialsOrigin::Environment { variable: "ALIBABA_CLOUD_ACCESS_KEY_ID".into() };
    assert_eq!(select("", &ENV, FILE), ("env-id".into(), environment.clone()));
    assert_eq!(select("--profile bare", &ENV, FILE), ("env-id".into(), environment));
    assert_eq!(select("", &[], FILE), ("usual-id".into(), own_profile("usual")));
}

#[test]
fn an_access_key_id_without_a_secret_is_an_error() {
    let error = error_of("--profile half", &ENV, FILE);
    assert_eq!(error.kind, ErrorKind::Credentials);
    let expected = "profile half in c.toml: access_key_id is set, but access_key_secret is not";
    assert_eq!(error.error.to_string(), expected);
}

#[test]
fn our_profiles_precede_those_of_the_official_cli() {
    assert_eq!(select("--profile theirs", &ENV, FILE), ("their-id".into(), official_profile("theirs")));
    assert_eq!(select("--profile usual", &ENV, FILE), ("usual-id".into(), own_profile("usual")));
    // The current profile of the official CLI is the default if our file has none.
    assert_eq!(select("", &[], ""), ("their-id".into(), official_profile("theirs")));
    assert_eq!(select("", &[], FILE), ("usual-id".into(), own_profile("usual")));
}

#[test]
fn the_demo_profile_never_uses_a_real_access_key() {
    for (flags, file) in [("--profile demo", FILE), ("", "default_profile = \"demo\"")] {
        let origin = CredentialsOrigin::BuiltIn { profile: demo::PROFILE };
        assert_eq!(select(flags, &ENV, file), (demo::ACCESS_KEY_ID.into(), origin));
    }
}

#[test]
fn a_missing_default_profile_has_no_credentials() {
    let env = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    assert_eq!(error_of("", &env, "default_profile = \"gone\"").kind, ErrorKind::Credentials);
}

#[test]
fn each_mode_selects_its_provider_or_its_error_has_a_hint() {
    assert_eq!(select("--profile valid", &[], FILE), ("their-id".into(), official_profile("valid")));
    assert_eq!(select("--profile program", &[], FILE), ("a command".into(), official_profile("program")));
    let profile_error = |name: &str| {
        let error = error_of(&format!("--profile {name}"), &ENV, FILE);
        assert_eq!(error.kind, ErrorKind::Credentials);
        format!("{} {}", error.error, error.hint.unwrap())
    };
    assert!(profile_error("expired").contains("aliyun configure --profile expired --mode OAuth"));
    assert!(profile_error("undated").contains("aliyun configure --profile undated --mode CloudSSO"));
    assert!(profile_error("undated").contains("have no expiration time"));
    assert!(
        profile_error("unsupported").contains("RsaKeyPair") && profile_error("unsupported").contains("process_command")
    );
    for (mode, key) in [("External", "process_command"), ("CredentialsURI", "credentials_uri")] {
        let own_file = format!("[profile.default]\nmode = '{mode}'\n");
        let error = error_of("", &[], &own_file);
        assert!(error.error.to_string().contains(&format!("{key} is not")), "{}", error.error);
    }
    let role = |text: &str| select("", &[], &format!("[profile.default]\nmode = 'EcsRamRole'\n{text}")).0;
    assert_eq!((role("ram_role_name = 'r'").as_str(), role("").as_str()), ("r", ""));
}

#[test]
fn an_official_cli_profile_named_demo_is_not_the_simulated_account() {
    let named_demo = || {
        let real = Profile {
            access_key_id: Some(crate::secret::AccessKeyId::new("real-id")),
            access_key_secret: Some("real-secret".into()),
            ..Profile::default()
        };
        let profile = [(demo::PROFILE.to_owned(), real)].into();
        Ok(loaded(Config { default_profile: Some(demo::PROFILE.into()), profile, ..Config::default() }, "o.json"))
    };
    let env = Environment::default();
    let global_args =
        |flags: &str| Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap().global;
    let (unnamed, named) = (global_args(""), global_args("--profile demo"));
    let sources = SettingSources::new(&unnamed, &env, LoadedConfig::default(), &[&named_demo], |_| {}).unwrap();
    assert!(!sources.is_demo());
    assert_eq!(selected(&sources, &env), ("real-id".into(), official_profile("demo")));
    let sources = SettingSources::new(&named, &env, LoadedConfig::default(), &[&named_demo], |_| {}).unwrap();
    assert!(sources.is_demo());
    assert_eq!(selected(&sources, &env).1, CredentialsOrigin::BuiltIn { profile: demo::PROFILE });
}

#[test]
fn mode_ak_ignores_the_token_and_mode_sts_token_requires_it() {
    let has_token = |mode: &str, token: &str| {
        let file = format!("[profile.default]\nmode = '{mode}'\naccess_key_id = 'i'\naccess_key_secret = 's'\n{token}");
        with_settings("", &[], &file, required).unwrap().map(|selected| match selected.provider {
            CredentialsProvider::Static(credentials) => credentials.security_token.is_some(),
            other => panic!("{other:?}"),
        })
    };
    assert!(!has_token("AK", "sts_token = 'old'").unwrap());
    assert!(has_token("StsToken", "sts_token = 't'").unwrap());
    let missing = has_token("StsToken", "").unwrap_err();
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
    let selected_by = |name: &str| select(&format!("--profile {name}"), &[], ROLES).0;
    assert_eq!(selected_by("role"), "base-id > arn-a at sts.cn-beijing.aliyuncs.com");
    assert_eq!(selected_by("chained"), "base-id > arn-a at sts.cn-beijing.aliyuncs.com > arn-b at 127.0.0.1:1");
    assert_eq!(selected_by("of-instance"), "of-ecs > arn-c at sts-vpc.cn-beijing.aliyuncs.com");
    assert_eq!(selected_by("pod"), "/run/token of provider > arn-d at sts.aliyuncs.com");
    let env = [("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou")];
    let pod = select("--profile pod", &env, ROLES).0;
    assert!(pod.ends_with("sts.cn-hangzhou.aliyuncs.com"), "{pod}");
    for (name, kind, reason) in [
        ("loop", ErrorKind::Usage, "leads through more than 8 profiles"),
        ("orphan", ErrorKind::NotFound, "source_profile gone is not in the same file"),
        ("short", ErrorKind::Usage, "at least 900 s"),
        ("keyless", ErrorKind::Credentials, "needs access_key_id"),
    ] {
        let error = error_of(&format!("--profile {name}"), &[], ROLES);
        assert_eq!(error.kind, kind, "{name}");
        let error = error.error.to_string();
        assert!(error.starts_with(&format!("profile {name} in c.toml")) && error.contains(reason), "{error}");
    }
}

#[test]
fn providers_are_tried_in_the_order_of_the_sdks() {
    let pod = [
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/run/token"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider"),
        ("ALIBABA_CLOUD_ROLE_ARN", "arn"),
    ];
    let uri = [("ALIBABA_CLOUD_CREDENTIALS_URI", "http://h/k")];
    let access_key = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "env-id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s")];
    let search = |env: &[&[(&str, &str)]], own_file: &str| {
        let (env, config) = (env.concat(), crate::config::parse(own_file, Path::new("c.toml")).unwrap());
        let env: Environment = env.into_iter().collect();
        let global = Cli::try_parse_from(["ecs-vnc", "man"]).unwrap().global;
        let sources = SettingSources::new(&global, &env, loaded(config, "c.toml"), &[], |_| {}).unwrap();
        let chain = ProviderChain::search(sources.credentials(), &env, now());
        let skipped = chain.skipped().iter().map(|skipped| skipped.name.clone()).collect::<Vec<_>>().join(", ");
        let selected = match chain {
            ProviderChain::Selected(selected) => Some(summary(&selected.provider)),
            ProviderChain::Exhausted { .. } => None,
            ProviderChain::Faulty { error, .. } => panic!("{error:?}"),
        };
        (selected, skipped)
    };
    let own_file = "[profile.default]\naccess_key_id = 'own-id'\naccess_key_secret = 's'\n";
    let check = |result: (Option<String>, String), selected: &str, skipped: &str| {
        assert_eq!((result.0.as_deref(), result.1.as_str()), (Some(selected), skipped));
    };
    check(search(&[&access_key, &pod, &uri], own_file), "env-id", "");
    check(search(&[&pod, &uri], own_file), "/run/token of provider > arn at sts.aliyuncs.com", "environment");
    check(search(&[&pod[1..], &uri], own_file), "own-id", "environment, OIDC");
    check(search(&[&uri], ""), "http://h/k", "environment, OIDC, default profile");
    let all = "environment, OIDC, default profile, credentials URI";
    check(search(&[&[]], ""), "", all);
    check(search(&[&[("ALIBABA_CLOUD_ECS_METADATA", "a-role")]], ""), "a-role", all);
    let disabled = search(&[&[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "True")]], "");
    assert_eq!((disabled.0, disabled.1), (None, format!("{all}, metadata service")));
    // The variable applies to profiles, too.
    let off = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    for mode in ["mode = 'EcsRamRole'", "mode = 'RamRoleArnWithEcs'\nram_role_arn = 'r'"] {
        let error = error_of("", &off, &format!("[profile.default]\n{mode}\n"));
        assert_eq!(error.kind, ErrorKind::Credentials);
        assert!(error.error.to_string().contains("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "{}", error.error);
    }
    // A default profile that only sets the region is skipped.
    check(
        search(&[&uri], "[profile.default]\nregion_id = 'cn-x'\n"),
        "http://h/k",
        "environment, OIDC, profile default",
    );
}

#[test]
fn a_faulty_profile_is_an_error_only_when_it_is_used() {
    let faulty = || {
        let fault = Profile { fault: Some("`mode` is a list".to_owned()), ..Profile::default() };
        let profile =
            [("bad".to_owned(), fault), ("good".to_owned(), official_config().profile["theirs"].clone())].into();
        Ok(loaded(Config { default_profile: Some("good".to_owned()), profile, ..Config::default() }, "o.json"))
    };
    let global_args =
        |flags: &str| Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap().global;
    let (good, bad, env) = (global_args(""), global_args("--profile bad"), Environment::default());
    let settings = |flags| SettingSources::new(flags, &env, LoadedConfig::default(), &[&faulty], |_| {}).unwrap();
    assert_eq!(selected(&settings(&good), &env).0, "their-id");
    assert_eq!(
        required(&settings(&bad), &env).unwrap_err().error.to_string(),
        "profile bad in o.json: `mode` is a list"
    );
}

#[test]
fn a_faulty_default_profile_is_an_error_and_not_skipped() {
    let broken = || Err(CommandError::message(ErrorKind::Usage, "o.json: this is no JSON"));
    let gone = || {
        let profile = [("other".to_owned(), official_config().profile["theirs"].clone())].into();
        Ok(loaded(Config { default_profile: Some("gone".to_owned()), profile, ..Config::default() }, "o.json"))
    };
    let ini = || {
        let profile = [("default".to_owned(), official_config().profile["theirs"].clone())].into();
        Ok(loaded(Config { default_profile: Some("default".to_owned()), profile, ..Config::default() }, "c.ini"))
    };
    let global = Cli::try_parse_from(["ecs-vnc", "man"]).unwrap().global;
    let readers: [(&ConfigReader<'_>, &str); 2] = [
        (&broken, "o.json: this is no JSON"),
        (&gone, "the default profile gone does not exist; fix current in o.json"),
    ];
    for (official, reason) in readers {
        let env = Environment::default();
        let sources = SettingSources::new(&global, &env, LoadedConfig::default(), &[official, &ini], |_| {}).unwrap();
        let error = required(&sources, &env).unwrap_err();
        assert_eq!((error.kind, error.error.to_string().as_str()), (ErrorKind::Usage, reason));
        // The environment precedes the default profile, so its fault does not matter.
        let env: Environment = ENV.into_iter().collect();
        let sources = SettingSources::new(&global, &env, LoadedConfig::default(), &[official, &ini], |_| {}).unwrap();
        assert_eq!(selected(&sources, &env).0, "env-id");
    }
}
