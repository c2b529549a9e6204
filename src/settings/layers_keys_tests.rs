//! How settings lead to keys.

use super::*;

#[test]
fn each_mode_is_used_or_says_what_can_be() {
    assert_eq!(with("--profile fresh", &[], FILE, key).unwrap(), ("their-id".into(), theirs("fresh")));
    assert_eq!(with("--profile outside", &[], FILE, key).unwrap(), ("a command".into(), theirs("outside")));
    let refused = |name: &str| {
        let flags = format!("--profile {name}");
        let failure = with(&flags, &ENV, FILE, |layers| layers.required_keys(now()).unwrap_err()).unwrap();
        assert_eq!(failure.kind, ErrorKind::Credentials);
        format!("{} {}", failure.error, failure.hint.unwrap())
    };
    assert!(refused("stale").contains("aliyun configure --profile stale --mode OAuth"));
    assert!(refused("undated").contains("aliyun configure --profile undated --mode CloudSSO"));
    assert!(refused("undated").contains("do not say until when"));
    assert!(refused("rare").contains("RsaKeyPair") && refused("rare").contains("process_command"));
    for (mode, key) in [("External", "process_command"), ("CredentialsURI", "credentials_uri")] {
        let ours = format!("[profile.default]\nmode = '{mode}'\n");
        let failure = with("", &[], &ours, |layers| layers.required_keys(now()).unwrap_err()).unwrap();
        assert!(failure.error.to_string().contains(&format!("{key} is not")), "{}", failure.error);
    }
    let role = |text: &str| with("", &[], &format!("[profile.default]\nmode = 'EcsRamRole'\n{text}"), key).unwrap().0;
    assert_eq!((role("ram_role_name = 'r'").as_str(), role("").as_str()), ("r", ""));
}

#[test]
fn a_profile_of_the_official_cli_that_is_called_demo_is_not_the_simulated_account() {
    let named_demo = || {
        let real = Profile {
            access_key_id: Some(crate::secret::AccessKeyId::new("real-id")),
            access_key_secret: Some("real-secret".into()),
            ..Profile::default()
        };
        let profile = [(demo::PROFILE.to_owned(), real)].into();
        Ok((Some(Config { default_profile: Some(demo::PROFILE.into()), profile }), Some(PathBuf::from("o.json"))))
    };
    let env = Environment::default();
    let of = |flags: &str| Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap().global;
    let (unnamed, named) = (of(""), of("--profile demo"));
    let layers = Layers::new(&unnamed, &env, LoadedConfig::default(), &[&named_demo], |_| {}).unwrap();
    assert!(!layers.is_demo());
    assert_eq!(key(&layers), ("real-id".into(), theirs("demo")));
    let layers = Layers::new(&named, &env, LoadedConfig::default(), &[&named_demo], |_| {}).unwrap();
    assert!(layers.is_demo());
    assert_eq!(key(&layers).1, CredentialsOrigin::BuiltIn { profile: demo::PROFILE });
}

#[test]
fn a_token_goes_with_the_modes_that_have_one_and_with_no_other() {
    let token = |mode: &str, token: &str| {
        let file = format!("[profile.default]\nmode = '{mode}'\naccess_key_id = 'i'\naccess_key_secret = 's'\n{token}");
        with("", &[], &file, |layers| layers.required_keys(now())).unwrap().map(|found| match found.0 {
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
fn roles_are_assumed_with_what_their_mode_names() {
    let of = |name: &str| with(&format!("--profile {name}"), &[], ROLES, key).unwrap().0;
    assert_eq!(of("role"), "base-id > arn-a at sts.cn-beijing.aliyuncs.com");
    assert_eq!(of("chained"), "base-id > arn-a at sts.cn-beijing.aliyuncs.com > arn-b at 127.0.0.1:1");
    assert_eq!(of("of-instance"), "of-ecs > arn-c at sts-vpc.cn-beijing.aliyuncs.com");
    assert_eq!(of("pod"), "/run/token of provider > arn-d at sts.aliyuncs.com");
    let env = [("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou")];
    let pod = with("--profile pod", &env, ROLES, key).unwrap().0;
    assert!(pod.ends_with("sts.cn-hangzhou.aliyuncs.com"), "{pod}");
    let refused = |name: &str| {
        let flags = format!("--profile {name}");
        let failure = with(&flags, &[], ROLES, |layers| layers.required_keys(now()).unwrap_err()).unwrap();
        (failure.kind, failure.error.to_string())
    };
    for (name, exit, why) in [
        ("loop", ErrorKind::Usage, "stands behind itself"),
        ("orphan", ErrorKind::NotFound, "source_profile gone is not in the same file"),
        ("short", ErrorKind::Usage, "less than 900 s"),
        ("keyless", ErrorKind::Credentials, "needs access_key_id"),
    ] {
        let (seen, error) = refused(name);
        assert_eq!(seen, exit, "{name}");
        assert!(error.starts_with(&format!("profile {name} in c.toml")) && error.contains(why), "{error}");
    }
}

#[test]
fn what_nobody_named_comes_in_the_sdks_order() {
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
        let layers = Layers::new(&global, &env, (Some(config), None), &[], |_| {}).unwrap();
        let chain = layers.chain(now());
        let found = chain.found.map(|found| in_words(&found.unwrap().0));
        (found, chain.passed.iter().map(|passed| passed.place.clone()).collect::<Vec<_>>().join(", "))
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
    // It is not asked by a profile either.
    let off = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    for mode in ["mode = 'EcsRamRole'", "mode = 'RamRoleArnWithEcs'\nram_role_arn = 'r'"] {
        let refused = |layers: &Layers<'_>| layers.required_keys(now()).unwrap_err();
        let failure = with("", &off, &format!("[profile.default]\n{mode}\n"), refused).unwrap();
        assert_eq!(failure.kind, ErrorKind::Credentials);
        assert!(failure.error.to_string().contains("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "{}", failure.error);
    }
    // A default profile that only sets the region is in nobody's way.
    is(ask(&[&uri], "[profile.default]\nregion_id = 'cn-x'\n"), "http://h/k", "environment, OIDC, profile default");
}

#[test]
fn a_faulty_profile_is_told_when_it_is_used_and_not_before() {
    let faulty = || {
        let fault = Profile { fault: Some("`mode` is a list".to_owned()), ..Profile::default() };
        let profile = [("bad".to_owned(), fault), ("good".to_owned(), official().profile["theirs"].clone())].into();
        Ok((Some(Config { default_profile: Some("good".to_owned()), profile }), Some(PathBuf::from("o.json"))))
    };
    let of = |flags: &str| Cli::try_parse_from(format!("ecs-vnc man {flags}").split_whitespace()).unwrap().global;
    let (good, bad, env) = (of(""), of("--profile bad"), Environment::default());
    assert_eq!(key(&Layers::new(&good, &env, LoadedConfig::default(), &[&faulty], |_| {}).unwrap()).0, "their-id");
    let failure = Layers::new(&bad, &env, LoadedConfig::default(), &[&faulty], |_| {}).unwrap().required_keys(now());
    assert_eq!(failure.unwrap_err().error.to_string(), "profile bad in o.json: `mode` is a list");
}

#[test]
fn another_programs_default_that_cannot_be_used_leads_to_no_other_account() {
    let broken = || Err(CommandError::message(ErrorKind::Usage, "o.json: this is no JSON"));
    let gone = || {
        let profile = [("other".to_owned(), official().profile["theirs"].clone())].into();
        Ok((Some(Config { default_profile: Some("gone".to_owned()), profile }), Some(PathBuf::from("o.json"))))
    };
    let ini = || {
        let profile = [("default".to_owned(), official().profile["theirs"].clone())].into();
        Ok((Some(Config { default_profile: Some("default".to_owned()), profile }), Some(PathBuf::from("c.ini"))))
    };
    let global = Cli::try_parse_from(["ecs-vnc", "man"]).unwrap().global;
    let readers: [(&Reader<'_>, &str); 2] = [
        (&broken, "o.json: this is no JSON"),
        (&gone, "the default profile gone does not exist: mend current in o.json"),
    ];
    for (official, why) in readers {
        let env = Environment::default();
        let layers = Layers::new(&global, &env, LoadedConfig::default(), &[official, &ini], |_| {}).unwrap();
        let failure = layers.required_keys(now()).unwrap_err();
        assert_eq!((failure.kind, failure.error.to_string().as_str()), (ErrorKind::Usage, why));
        // Who needs no default is not kept from anything.
        let env: Environment = ENV.into_iter().collect();
        let layers = Layers::new(&global, &env, LoadedConfig::default(), &[official, &ini], |_| {}).unwrap();
        assert_eq!(key(&layers).0, "env-id");
    }
}
