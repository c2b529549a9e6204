use super::*;
use crate::config::parse;
use crate::secret::{AccessKeyId, Secret};

fn profile() -> Profile {
    Profile {
        region_id: Some("cn-beijing".into()),
        access_key_id: Some(AccessKeyId::new("id")),
        access_key_secret: Some(Secret::new("a\"b\\c")),
        ..Profile::default()
    }
}

fn add(text: &str, name: &str, if_exists: IfExists) -> Result<(String, DefaultProfile), WriteError> {
    with_profile(text, Path::new("f"), name, &profile(), if_exists)
}

#[test]
fn a_first_profile_becomes_the_default() {
    let (text, default) = add("", "prod", IfExists::Fail).unwrap();
    let config = parse(&text, Path::new("f")).unwrap();
    assert_eq!(default, DefaultProfile::Set);
    assert_eq!(config.default_profile.as_deref(), Some("prod"));
    assert_eq!(config.profile["prod"].access_key_secret.as_ref().unwrap().expose(), "a\"b\\c");
}

#[test]
fn the_existing_text_is_kept() {
    let old = "# mine\ndefault_profile = 'old' # keep\n\n[profile.old]\nregion_id   = \"cn-hangzhou\"\n";
    let (text, default) = add(old, "new.name", IfExists::Fail).unwrap();
    assert!(default == DefaultProfile::Unchanged && text.starts_with(old), "{text}");
    assert!(parse(&text, Path::new("f")).unwrap().profile.contains_key("new.name"));
}

#[test]
fn only_the_first_profile_becomes_the_default() {
    let old = "[profile.default]\nregion_id = \"cn-hangzhou\"\n";
    let (text, default) = add(old, "new", IfExists::Fail).unwrap();
    assert!(default == DefaultProfile::Unchanged && !text.contains("default_profile"), "{text}");
}

#[test]
fn line_endings_and_a_byte_order_mark_are_kept() {
    let old = "\u{feff}# mine\r\n[profile.old]\r\nregion_id = \"x\"\r\n";
    let (text, _) = add(old, "new", IfExists::Fail).unwrap();
    assert!(text.starts_with(old) && text.matches('\n').count() == text.matches("\r\n").count(), "{text:?}");
    assert!(parse(&text, Path::new("f")).unwrap().profile.contains_key("new"));
}

#[test]
fn a_profile_keeps_its_region_if_no_new_one_is_given() {
    let bare = Profile { region_id: None, ..profile() };
    let old = "[profile.prod]\nregion_id = \"kept\"\nsts_token = \"t\"\n";
    let (text, _) = with_profile(old, Path::new("f"), "prod", &bare, IfExists::ReplaceCredentials).unwrap();
    let config = parse(&text, Path::new("f")).unwrap();
    assert_eq!(config.profile["prod"].region_id.as_deref(), Some("kept"));
    assert!(config.profile["prod"].sts_token.is_none());
}

#[test]
fn a_profile_keeps_its_endpoint_if_no_new_one_is_given() {
    let added = |endpoint: Option<&str>| {
        let profile = Profile { endpoint: endpoint.map(str::to_owned), ..profile() };
        let old = "[profile.prod]\nendpoint = \"kept\"\n";
        let (text, _) = with_profile(old, Path::new("f"), "prod", &profile, IfExists::ReplaceCredentials).unwrap();
        parse(&text, Path::new("f")).unwrap().profile["prod"].endpoint.clone()
    };
    assert_eq!((added(None).as_deref(), added(Some("new")).as_deref()), (Some("kept"), Some("new")));
}

#[test]
fn new_credentials_replace_those_of_every_other_mode() {
    let other_credentials = [
        "mode = 'External'",
        "process_command = 'x'",
        "credentials_uri = 'x'",
        "ram_role_name = 'x'",
        "ram_role_arn = 'x'",
        "ram_session_name = 'x'",
        "role_session_name = 'x'",
        "expired_seconds = 900",
        "external_id = 'x'",
        "policy = 'x'",
        "source_profile = 'x'",
        "oidc_provider_arn = 'x'",
        "oidc_token_file = 'x'",
    ];
    for line in other_credentials {
        let (text, _) =
            add(&format!("[profile.prod]\n{line}\nsts_region = 'kept'\n"), "prod", IfExists::ReplaceCredentials)
                .unwrap();
        assert!(!text.contains(line.split(' ').next().unwrap()) && text.contains("kept"), "{text}");
    }
}

#[test]
fn an_existing_profile_is_replaced_only_on_request() {
    let old = "[profile.prod]\nregion_id = \"x\"\n";
    assert!(matches!(add(old, "prod", IfExists::Fail), Err(WriteError::Exists { .. })));
    let (text, _) =
        add(&format!("{old}sts_token = \"t\"\ntimeout = 9\n"), "prod", IfExists::ReplaceCredentials).unwrap();
    let config = parse(&text, Path::new("f")).unwrap();
    let prod = &config.profile["prod"];
    assert_eq!((prod.region_id.as_deref(), prod.timeout), (Some("cn-beijing"), Some(9.0)));
    assert!(prod.sts_token.is_none(), "an old token must not be used with a new key");
}

#[test]
fn another_default_keeps_the_comments() {
    let old = "# mine\ndefault_profile = 'old' # keep\n\n[profile.old]\nregion_id = 'x' # home\n";
    let text = with_default_profile(old, Path::new("f"), "new").unwrap();
    assert_eq!(text, old.replace("'old'", "\"new\""));
    let text = with_default_profile("# mine\n[profile.p]\n", Path::new("f"), "p").unwrap();
    assert_eq!(parse(&text, Path::new("f")).unwrap().default_profile.as_deref(), Some("p"));
    assert!(text.contains("# mine"), "{text}");
}

#[test]
fn comments_at_the_end_stay_before_what_is_added() {
    let header = "# Configuration.\n";
    assert_eq!(
        with_default_profile(header, Path::new("f"), "demo").unwrap(),
        format!("{header}default_profile = \"demo\"\n")
    );
    for (old, start) in [
        (header.to_owned(), format!("{header}default_profile = \"p\"\n")),
        ("default_profile = 'demo'\n# end\n".to_owned(), "default_profile = 'demo'\n# end\n".to_owned()),
        ("[profile.a]\ntimeout = 9\n# end\n".to_owned(), "[profile.a]\ntimeout = 9\n# end\n".to_owned()),
    ] {
        let (text, _) = add(&old, "p", IfExists::Fail).unwrap();
        assert!(text.starts_with(&start) && text[start.len()..].starts_with("\n[profile.p]\n"), "{text}");
    }
    let (text, _) = add("[profile.a]\n[alias]\ndb = 'i-1'\n# end\n", "p", IfExists::Fail).unwrap();
    assert!(text.ends_with("db = 'i-1'\n# end\n"), "{text}");
}

#[test]
fn a_removed_profile_leaves_the_others_as_they_were() {
    let rest = "# mine\n\n[profile.a]\nregion_id = 'x' # home\n";
    let old = format!("default_profile = 'b'\n{rest}\n# of b\n[profile.b]\ntimeout = 9\n\n[alias]\ndb = 'i-1'\n");
    let text = without_profile(&old, Path::new("f"), "b").unwrap();
    assert_eq!(text, format!("{rest}\n[alias]\ndb = 'i-1'\n"));
    let text = without_profile(&old, Path::new("f"), "a").unwrap();
    assert!(text.starts_with("default_profile = 'b'\n") && text.contains("# of b\n[profile.b]"), "{text}");
    assert!(matches!(without_profile(&old, Path::new("f"), "c"), Err(WriteError::Missing { .. })));
    assert!(matches!(without_profile("", Path::new("f"), "c"), Err(WriteError::Missing { .. })));
}

#[test]
fn a_file_that_is_not_a_configuration_is_refused() {
    assert!(matches!(add("profile = 1\n", "a", IfExists::Fail), Err(WriteError::NotAConfig { .. })));
    assert!(matches!(add("not toml", "a", IfExists::Fail), Err(WriteError::NotAConfig { .. })));
}
