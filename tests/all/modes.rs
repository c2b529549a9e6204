//! Every mode of a profile, from each of the three files, against an account that verifies the keys it leads to.

use std::fs;

use ecs_vnc::demo::{self, Options};
use ecs_vnc::system::clock::Clock;
use serde_json::{Value, json};

use crate::fake::{Fake, http};
use crate::sandbox::{Run, Sandbox, account};

/// Keys that the account knows as temporary ones.
const STS: [&str; 3] = ["STS.demo-access-key-id", "demo-sts-secret", "demo/security+token=="];

const FAR: i64 = 4_000_000_000;

/// An account, and homes that know it.
struct Place {
    endpoint: String,
    keys: Fake,
}

impl Place {
    fn new() -> Self {
        let [id, secret, token] = STS;
        let given = json!({
            "Code": "Success", "AccessKeyId": id, "AccessKeySecret": secret, "SecurityToken": token,
            "Expiration": "2099-01-01T00:00:00Z",
        });
        let keys = Fake::start(move |_, _| http("200 OK", "", &given.to_string()));
        Self { endpoint: account(Options::new(Clock::system())), keys }
    }

    /// What goes with a mode, in the words of our own and the official CLI's file.
    fn profile(&self, sandbox: &Sandbox, mode: &str) -> Value {
        let [id, secret, token] = STS;
        let own = (demo::ACCESS_KEY_ID, demo::ACCESS_KEY_SECRET);
        let token_file = write(sandbox, "token", demo::OIDC_TOKEN);
        let more = match mode {
            "AK" => json!({ "access_key_id": own.0, "access_key_secret": own.1 }),
            "StsToken" => json!({ "access_key_id": id, "access_key_secret": secret, "sts_token": token }),
            "RamRoleArn" => json!({
                "access_key_id": own.0, "access_key_secret": own.1, "ram_role_arn": demo::ROLE, "expired_seconds": 900,
                "ram_session_name": "alice@night",
            }),
            "ChainableRamRoleArn" => json!({ "source_profile": "outer", "ram_role_arn": demo::ROLE_CHAINED }),
            "OIDC" => json!({
                "oidc_provider_arn": demo::OIDC_PROVIDER, "oidc_token_file": token_file, "ram_role_arn": demo::ROLE_OIDC,
                "role_session_name": "pod",
            }),
            "External" => json!({ "process_command": format!("cat {}", write(sandbox, "printed", &json!({
                "mode": "StsToken", "access_key_id": id, "access_key_secret": secret, "sts_token": token,
            }).to_string())) }),
            "CredentialsURI" => json!({ "credentials_uri": format!("{}/k", self.keys.endpoint) }),
            "CloudSSO" | "OAuth" => json!({
                "access_key_id": id, "access_key_secret": secret, "sts_token": token, "sts_expiration": FAR,
            }),
            mode => panic!("{mode}"),
        };
        let mut profile = json!({ "mode": mode, "region_id": demo::REGION });
        profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let sts = [("endpoint", &self.endpoint), ("sts_endpoint", &self.endpoint)];
        profile.as_object_mut().unwrap().extend(sts.map(|(key, value)| (key.to_owned(), json!(value))));
        profile
    }

    /// A home with nothing but `~/.aliyun/config.json`.
    fn official(&self, profiles: &[(&str, Value)]) -> Sandbox {
        official(profiles)
    }

    fn official_of(&self, mode: &str, more: &Value) -> Sandbox {
        let sandbox = Sandbox::new();
        let mut profile = self.profile(&sandbox, mode);
        profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let outer = self.profile(&sandbox, "RamRoleArn");
        write_official(&sandbox, &[("mine", profile), ("outer", outer)]);
        sandbox
    }
}

fn official(profiles: &[(&str, Value)]) -> Sandbox {
    let sandbox = Sandbox::new();
    write_official(&sandbox, profiles);
    sandbox
}

fn write_official(sandbox: &Sandbox, profiles: &[(&str, Value)]) {
    let named = profiles.iter().map(|(name, profile)| {
        let mut profile = profile.clone();
        profile["name"] = json!(name);
        profile
    });
    let text = json!({ "current": profiles[0].0, "profiles": named.collect::<Vec<_>>() }).to_string();
    write(sandbox, ".aliyun/config.json", &text);
}

/// Writes a file that only its owner can read, and gives its path.
fn write(sandbox: &Sandbox, name: &str, text: &str) -> String {
    let file = sandbox.path(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    file.display().to_string()
}

/// An instance asked for by its name; no secret may be told.
fn ask(sandbox: &Sandbox) -> Run {
    let run = sandbox.run(&["vnc-url", "--no-windows", "-vv", "web-01"]);
    for secret in [demo::ACCESS_KEY_SECRET, STS[1], STS[2], demo::OIDC_TOKEN, demo::EXTERNAL_ID] {
        assert!(!run.stderr.contains(secret), "{secret} is in {}", run.stderr);
    }
    run
}

const MODES: [&str; 9] =
    ["AK", "StsToken", "RamRoleArn", "ChainableRamRoleArn", "OIDC", "External", "CredentialsURI", "CloudSSO", "OAuth"];

#[test]
fn each_mode_in_the_official_clis_file_opens_a_console_by_name() {
    let place = Place::new();
    for mode in MODES {
        let run = ask(&place.official_of(mode, &json!({})));
        assert!(run.code == 0 && run.line().contains("instanceId=i-demo-linux&"), "{mode}: {run:#?}");
        let expected = match mode {
            "AK" => "AccessKey demo****y-id from profile mine",
            "StsToken" | "External" | "CredentialsURI" | "CloudSSO" | "OAuth" => "AccessKey STS.****y-id from profile",
            // Of roles, the account gives new ones.
            _ => "AccessKey STS.****",
        };
        assert!(run.stderr.contains(expected), "{mode}: {}", run.stderr);
    }
}

#[test]
fn our_own_file_knows_the_same_modes_with_the_same_words() {
    let place = Place::new();
    for mode in &MODES[..7] {
        let sandbox = Sandbox::new();
        let tables = [("default", *mode), ("outer", "RamRoleArn")].map(|(name, mode)| {
            let profile = place.profile(&sandbox, mode);
            // JSON's strings and numbers are TOML's as well.
            let lines = profile.as_object().unwrap().iter().map(|(key, value)| format!("{key} = {value}\n"));
            format!("[profile.{name}]\n{}", lines.collect::<String>())
        });
        let run = ask(&sandbox.config(&tables.concat()));
        assert!(run.code == 0, "{mode}: {run:#?}");
    }
}

#[test]
fn each_type_in_the_sdks_file_works() {
    let place = Place::new();
    let (id, secret) = (demo::ACCESS_KEY_ID, demo::ACCESS_KEY_SECRET);
    let [sts_id, sts_secret, sts_token] = STS;
    let keys = format!("access_key_id = {id}\naccess_key_secret = {secret}\n");
    let home = |section: &str| {
        let sandbox = Sandbox::new();
        let section = section.replace("TOKEN", &write(&sandbox, "token", demo::OIDC_TOKEN));
        write(&sandbox, ".alibabacloud/credentials.ini", &format!("[default]\n{section}"));
        let sandbox =
            sandbox.env("ALIBABA_CLOUD_ENDPOINT", &place.endpoint).env("ALIBABA_CLOUD_REGION_ID", demo::REGION);
        // `profile show` asks nobody, so it may be told of the metadata service.
        sandbox.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "")
    };
    for section in [
        format!("type = access_key\n{keys}"),
        format!(
            "type = sts\naccess_key_id = {sts_id}\naccess_key_secret = {sts_secret}\nsecurity_token = {sts_token}\n"
        ),
    ] {
        let run = ask(&home(&section));
        assert!(run.code == 0 && run.stderr.contains("credentials.ini"), "{section}: {run:#?}");
    }
    // The file cannot lead to another STS than the vendor's, so only what would be asked is seen.
    let (role, provider, oidc) = (demo::ROLE, demo::OIDC_PROVIDER, demo::ROLE_OIDC);
    for (section, by) in [
        (
            format!("type = ram_role_arn\n{keys}role_arn = {role}\n"),
            format!("an AccessKey pair, role {role} assumed at "),
        ),
        (
            format!(
                "type = oidc_role_arn\nrole_arn = {oidc}\noidc_provider_arn = {provider}\noidc_token_file_path = TOKEN\n"
            ),
            format!("token, role {oidc} assumed at https://sts.aliyuncs.com"),
        ),
        ("type = ecs_ram_role\nrole_name = r\n".to_owned(), "the metadata service, role r".to_owned()),
    ] {
        let shown = home(&section).run(&["profile", "show", "-o", "json"]).ends(0).json().remove(0);
        assert!(shown["CredentialsBy"].as_str().unwrap().contains(&by), "{section}: {shown}");
    }
    ask(&home("type = rsa_key_pair\npublic_key_id = k\nprivate_key_file = f\n")).ends(3).says(&["rsa_key_pair"]);
}

#[test]
fn roles_are_assumed_as_they_demand() {
    let place = Place::new();
    let role = |more: Value| ask(&place.official_of("RamRoleArn", &more));
    let external = json!({ "ram_role_arn": demo::ROLE_EXTERNAL, "external_id": demo::EXTERNAL_ID });
    role(external).ends(0);
    let refused = role(json!({ "ram_role_arn": demo::ROLE_EXTERNAL })).ends(3);
    refused.says(&["NoPermission", "sts:AssumeRole", "external_id", "profile mine"]);
    // Temporary keys may assume a role, too.
    let [id, secret, token] = STS;
    role(json!({ "access_key_id": id, "access_key_secret": secret, "sts_token": token })).ends(0);
    let unknown = role(json!({ "ram_role_arn": "acs:ram::1234567890123456:role/nobody" })).ends(3);
    unknown.says(&["EntityNotExist.Role", "check ram_role_arn in profile mine"]);
    role(json!({ "access_key_secret": "wrong-secret" })).ends(3).says(&["SignatureDoesNotMatch", "profile mine"]);
    role(json!({ "expired_seconds": 899 })).ends(2).says(&["expired_seconds = 899", "900"]);
    role(json!({ "expired_seconds": 99_999 })).ends(3).says(&["InvalidParameter", "check the settings of the role"]);
    role(json!({ "sts_endpoint": "http://127.0.0.1:1" })).ends(10).says(&["could not connect to 127.0.0.1:1"]);
    role(json!({ "sts_endpoint": "ftp://x" })).ends(2).says(&["profile mine", "ftp://x"]);
    // The inner role trusts nobody but the outer one.
    role(json!({ "ram_role_arn": demo::ROLE_CHAINED })).ends(3).says(&["NoPermission"]);
}

#[test]
fn a_chain_ends_and_names_what_is_missing() {
    let place = Place::new();
    let chained = |more: Value| ask(&place.official_of("ChainableRamRoleArn", &more));
    chained(json!({ "source_profile": "mine" })).ends(2).says(&["refers back to its own profile"]);
    chained(json!({ "source_profile": "gone" })).ends(4).says(&["source_profile gone"]);
    chained(json!({ "source_profile": "" })).ends(3).says(&["source_profile is not"]);
    let orphan = place.official(&[
        (
            "a",
            json!({ "mode": "ChainableRamRoleArn", "source_profile": "b",
        "ram_role_arn": "r" }),
        ),
        ("b", json!({ "mode": "BearerToken" })),
    ]);
    ask(&orphan).ends(3).says(&["BearerToken", "profile b in "]);
}

#[test]
fn a_token_that_is_not_taken_is_told_and_not_shown() {
    let place = Place::new();
    let oidc = |token: &str| {
        let sandbox = place.official_of("OIDC", &json!({}));
        write(&sandbox, "token", token);
        ask(&sandbox)
    };
    let refused = oidc("another-token").ends(3);
    assert!(!refused.stderr.contains("another-token"), "{}", refused.stderr);
    refused.says(&["AuthenticationFail", "whether it has expired", "profile mine"]);
    oidc("").ends(3).says(&["token", "it is empty"]);
    let missing = place.official_of("OIDC", &json!({ "oidc_token_file": "/nonexistent/token" }));
    ask(&missing).ends(3).says(&["/nonexistent/token"]);
}

#[test]
fn a_pods_environment_is_enough() {
    let place = Place::new();
    let sandbox = Sandbox::new();
    let token = write(&sandbox, "token", &format!("{}\n", demo::OIDC_TOKEN));
    let config = format!("[profile.default]\nsts_endpoint = '{0}'\nendpoint = '{0}'\n", place.endpoint);
    let sandbox = sandbox
        .env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &token)
        .env("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", demo::OIDC_PROVIDER)
        .env("ALIBABA_CLOUD_ROLE_ARN", demo::ROLE_OIDC)
        .config(&config);
    let shown = sandbox.run(&["profile", "show", "-o", "json"]).ends(0).json().remove(0);
    assert_eq!(shown["CredentialsFrom"], "the environment variable ALIBABA_CLOUD_OIDC_TOKEN_FILE");
    assert!(shown["CredentialsBy"].as_str().unwrap().contains(demo::ROLE_OIDC), "{shown}");
}

#[test]
fn what_a_login_left_is_used_until_it_expires() {
    let place = Place::new();
    for mode in ["CloudSSO", "OAuth"] {
        let old = ask(&place.official_of(mode, &json!({ "sts_expiration": 1_000_000_000 }))).ends(3);
        old.says(&["have expired", &format!("aliyun configure --profile mine --mode {mode}")]);
        let never = json!({ "access_key_id": "", "access_key_secret": "", "sts_token": "", "sts_expiration": 0 });
        ask(&place.official_of(mode, &never)).ends(3).says(&["has not cached credentials", "sts GetCallerIdentity"]);
    }
}

#[test]
fn the_rare_modes_are_told_with_what_can_stand_for_them() {
    for mode in ["RsaKeyPair", "BearerToken", "Anonymous", "ak", "Nonsense\u{1b}[2J"] {
        let run = ask(&official(&[("mine", json!({ "mode": mode }))])).ends(3);
        assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
        run.says(&["unsupported mode", "process_command", "CredentialsURI"]);
    }
}

/// The sealed home of whoever has only the official CLI.
#[cfg(unix)]
#[test]
fn a_home_with_nothing_but_the_official_file_opens_an_instance_by_name() {
    let place = Place::new();
    for more in [json!({}), json!({ "region_id": "" })] {
        let sandbox = place.official_of("RamRoleArn", &more);
        let browser = sandbox.script("browser", "echo \"$1\" > \"$HOME/visited\"");
        let sandbox = sandbox.env("BROWSER", &browser).env("DISPLAY", ":0");
        let mut child = sandbox.spawn(&["open", "web-01"]);
        crate::sandbox::until("the browser has the link", || {
            fs::read_to_string(sandbox.path("visited")).is_ok_and(|link| link.ends_with('\n'))
        });
        let link = fs::read_to_string(sandbox.path("visited")).unwrap();
        let answer = crate::http::get(link.trim(), "");
        assert_eq!(answer.status, 303);
        assert!(answer.get("Location").unwrap().contains("instanceId=i-demo-linux&isWindows=false"));
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}
