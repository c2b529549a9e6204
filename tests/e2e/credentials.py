"""The official SDK's chain of credentials and ours read the same files and variables: `python credentials.py PATH_TO_ECS_VNC`.

Each case says which key both must end with; where the two differ on purpose, it says why. Roles are really assumed: of a
service that both reach through a proxy, and take for STS. What it was asked is compared too, so that the base key counts,
the role and the region. That signatures are right is for `sdk.py` and `tests/all/modes.rs` to show.
"""

from __future__ import annotations

import datetime
import json
import re
import socketserver
import ssl
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness import binary_of, check_equal, run, run_to_end, sealed

NOBODY = "none"
FAR = 4_000_000_000
CONFIG, INI = ".aliyun/config.json", ".alibabacloud/credentials.ini"
ROLE = "acs:ram::1234567890123456:role/of-"
PROVIDER = "acs:ram::1234567890123456:oidc-provider/pods"
TOKEN = "/token"  # In the home.


def key(name: str) -> str:
    """An AccessKeyId that is told from others by its end, which is all that ecs-vnc shows."""
    return f"LTAI0000000000{name}"


def masked(key_id: str) -> str:
    """As ecs-vnc shows it."""
    return f"{key_id[:4]}****{key_id[-4:]}"


def ak(name: str, end: str, **more: object) -> dict[str, Any]:
    """A profile with a key pair."""
    return {"name": name, "mode": "AK", "access_key_id": key(end), "access_key_secret": "secret", "region_id": "cn-hangzhou", **more}


def official(*profiles: dict[str, Any], current: str | None = "p") -> dict[str, str]:
    """The official CLI's file."""
    return {CONFIG: json.dumps({"current": current, "profiles": profiles})}


def ini(kind: str | None = "access_key", end: str = "INIK", section: str = "default", more: str = "") -> dict[str, str]:
    """The SDKs' file."""
    types = f"type = {kind}\n" if kind else ""
    return {INI: f"[{section}]\n{types}access_key_id = {key(end)}\naccess_key_secret = secret\n{more}"}


def env(end: str, prefix: str = "ALIBABA_CLOUD", **more: str) -> dict[str, str]:
    """A key pair in variables."""
    return {f"{prefix}_ACCESS_KEY_ID": key(end), f"{prefix}_ACCESS_KEY_SECRET": "secret", **more}


def role(mode: str, end: str, **more: object) -> dict[str, Any]:
    """A profile that takes on a role, whose keys have this end."""
    return {"name": "p", "mode": mode, "ram_role_arn": ROLE + end, **more}


@dataclass
class Case:
    """Files and variables, and the end of the key that they lead to."""

    name: str
    expected: str
    files: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    # Where ours is another on purpose: which, and why.
    ours: str | None = None
    why: str = ""
    # Where both end with the same key, but STS is asked something else on purpose: the parameters that differ.
    asks_other: tuple[str, ...] = ()


OIDC_ENV = {
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": TOKEN,
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": PROVIDER,
    "ALIBABA_CLOUD_ROLE_ARN": ROLE + "OIDC",
}
OIDC = {"oidc_provider_arn": PROVIDER, "oidc_token_file": TOKEN}
BASE = {"access_key_id": key("BASE"), "access_key_secret": "secret"}
URI = "http://127.0.0.1:PORT/keys"
LEFT = {"access_key_id": "STS.00000000LEFT", "access_key_secret": "secret", "sts_token": "token", "sts_expiration": FAR}
PRINTED = {"mode": "StsToken", "access_key_id": key("EXTK"), "access_key_secret": "secret", "sts_token": "token"}
EXTERNAL = {"name": "p", "mode": "External", "process_command": f"printf %s '{json.dumps(PRINTED)}'"}
SSO = {
    "cloud_sso_sign_in_url": "https://signin.aliyuncs.com/x", "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac",
    "access_token": "token", "cloud_sso_access_token_expire": FAR,
}
NAMED_FIRST = "what the user has named comes before what happens to be in the environment"
NO_FALLING_THROUGH = "a place that is faulty is an error: the key of another account may be the next one"
AS_THE_CLI = "the official CLI does it so, whose file this is"

CASES = [
    # Which place comes first.
    Case("nothing", NOBODY),
    Case("environment", "ENVK", env=env("ENVK")),
    Case("environment before both files", "ENVK", {**official(ak("p", "CONF")), **ini()}, env("ENVK")),
    Case("environment with a token", "ENVK", env=env("ENVK", ALIBABA_CLOUD_SECURITY_TOKEN="token")),
    Case("empty variables are none", "CONF", official(ak("p", "CONF")), env("ENVK", ALIBABA_CLOUD_ACCESS_KEY_ID="", ALIBABA_CLOUD_ACCESS_KEY_SECRET="")),
    Case("config.json before the ini", "CONF", {**official(ak("p", "CONF")), **ini()}),
    Case("the ini alone", "INIK", ini()),
    Case("a URI in the environment, at last", "URIK", env={"ALIBABA_CLOUD_CREDENTIALS_URI": URI}),
    Case("files before a URI", "INIK", ini(), {"ALIBABA_CLOUD_CREDENTIALS_URI": URI}),
    Case("OIDC in the environment", "OIDC", env=OIDC_ENV),
    Case("OIDC before files", "OIDC", {**official(ak("p", "CONF")), **ini()}, OIDC_ENV),
    Case("keys before OIDC", "ENVK", env={**OIDC_ENV, **env("ENVK")}),
    Case("OIDC with a name", "OIDC", env={**OIDC_ENV, "ALIBABA_CLOUD_ROLE_SESSION_NAME": "a-pod"}),
    Case("half of OIDC", "CONF", official(ak("p", "CONF")), {"ALIBABA_CLOUD_ROLE_ARN": ROLE + "OIDC", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": TOKEN}),
    Case("half a pair", "CONF", official(ak("p", "CONF")), {"ALIBABA_CLOUD_ACCESS_KEY_ID": key("ENVK")}, NOBODY, NO_FALLING_THROUGH),
    Case("OIDC without its file", "CONF", official(ak("p", "CONF")), {**OIDC_ENV, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/none"}, NOBODY, NO_FALLING_THROUGH),
    Case("an older prefix", NOBODY, env=env("ENVK", "ALICLOUD"), ours="ENVK", why="the official CLI reads all three"),
    Case("the prefix between", NOBODY, env=env("ENVK", "ALIBABACLOUD"), ours="ENVK", why="the official CLI reads all three"),
    # Which profile.
    Case("the current profile", "OTHR", official(ak("p", "CONF"), ak("q", "OTHR"), current="q")),
    Case("a named profile", "OTHR", official(ak("p", "CONF"), ak("q", "OTHR")), {"ALIBABA_CLOUD_PROFILE": "q"}),
    Case("the first of a name", "CONF", official(ak("p", "CONF"), ak("p", "OTHR"))),
    Case("a name that only the ini has", "INIK", {**official(ak("p", "CONF")), **ini(section="q")}, {"ALIBABA_CLOUD_PROFILE": "q"}),
    Case("a name that nobody has", NOBODY, {**official(ak("p", "CONF")), **ini()}, {"ALIBABA_CLOUD_PROFILE": "q"}),
    Case("a named profile and keys", "ENVK", official(ak("p", "CONF")), env("ENVK", ALIBABA_CLOUD_PROFILE="p"), "CONF", NAMED_FIRST),
    Case("a named profile and OIDC", "OIDC", official(ak("p", "CONF")), {**OIDC_ENV, "ALIBABA_CLOUD_PROFILE": "p"}, "CONF", NAMED_FIRST),
    Case("a name that nobody has and keys", "ENVK", env=env("ENVK", ALIBABA_CLOUD_PROFILE="q"), ours=NOBODY, why=NAMED_FIRST),
    Case("a current profile that is gone", "INIK", {**official(ak("p", "CONF"), current="gone"), **ini()}, ours=NOBODY, why=NO_FALLING_THROUGH),
    Case("a current profile that is gone, alone", NOBODY, official(ak("p", "CONF"), current="gone")),
    Case("no profiles", "INIK", {**official(), **ini()}),
    Case("null for profiles", "INIK", {CONFIG: '{"current":"p","profiles":null}', **ini()}),
    Case("no current one", "INIK", {**official(ak("default", "CONF"), current=""), **ini()}, ours="CONF", why=AS_THE_CLI),
    Case("what is no JSON", "INIK", {CONFIG: "{", **ini()}, ours=NOBODY, why=NO_FALLING_THROUGH),
    Case("the CLI's file passed over", "INIK", {**official(ak("p", "CONF")), **ini()}, {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}),
    Case("the CLI's file passed over, alone", NOBODY, official(ak("p", "CONF")), {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "True"}),
    Case("another ini", "OTHR", {**ini(), "other.ini": ini(end="OTHR")[INI]}, {"ALIBABA_CLOUD_CREDENTIALS_FILE": "/other.ini"}),
    Case("another ini that is gone", NOBODY, ini(), {"ALIBABA_CLOUD_CREDENTIALS_FILE": "/other.ini"}),
    Case("an ini without a default", NOBODY, ini(section="q")),
    # What a mode means: config.json.
    Case("AK beside a token", "CONF", official(ak("p", "CONF", sts_token="old"))),
    Case("AK without a secret", "INIK", {**official(ak("p", "CONF", access_key_secret="")), **ini()}, ours=NOBODY, why=NO_FALLING_THROUGH),
    Case("no mode", "INIK", {**official(ak("p", "CONF", mode="")), **ini()}, ours="CONF", why="older files have none, and hold a key pair"),
    Case("StsToken", "CONF", official(ak("p", "CONF", mode="StsToken", sts_token="token"))),
    Case("StsToken without a token", "INIK", {**official(ak("p", "CONF", mode="StsToken")), **ini()}, ours=NOBODY, why=NO_FALLING_THROUGH),
    Case("External", "EXTK", official(EXTERNAL)),
    Case("External that fails", "INIK", {**official({**EXTERNAL, "process_command": "false"}), **ini()}, ours=NOBODY, why=NO_FALLING_THROUGH),
    Case("CredentialsURI", NOBODY, official({"name": "p", "mode": "CredentialsURI", "credentials_uri": URI}), ours="URIK", why=AS_THE_CLI),
    Case("RamRoleArn", "ROLE", official(role("RamRoleArn", "ROLE", ram_session_name="me", expired_seconds=900, **BASE))),
    Case("RamRoleArn with all there is", "ROLE", official(role("RamRoleArn", "ROLE", external_id="agreed", policy='{"Version":"1"}', sts_region="cn-beijing", **BASE))),
    Case("RamRoleArn in a region of the environment", "ROLE", official(role("RamRoleArn", "ROLE", **BASE)), {"ALIBABA_CLOUD_STS_REGION": "cn-shanghai"}),
    Case("RamRoleArn in its own region", "ROLE", official(role("RamRoleArn", "ROLE", sts_region="cn-beijing", **BASE)), {"ALIBABA_CLOUD_STS_REGION": "cn-shanghai"}),
    Case("RamRoleArn from inside a VPC", "ROLE", official(role("RamRoleArn", "ROLE", **BASE)), {"ALIBABA_CLOUD_STS_REGION": "cn-beijing", "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true"}),
    Case("OIDC from inside a VPC", "OIDC", env={**OIDC_ENV, "ALIBABA_CLOUD_STS_REGION": "cn-beijing", "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true"}),
    Case("a VPC without a region", "OIDC", env={**OIDC_ENV, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true"}),
    Case("RamRoleArn with a token", "ROLE", official(role("RamRoleArn", "ROLE", sts_token="token", **BASE)), asks_other=("SecurityToken",), why=AS_THE_CLI + ", and without its token the key is refused"),
    Case("RamRoleArn for no time", NOBODY, official(role("RamRoleArn", "ROLE", expired_seconds=0, **BASE)), ours="ROLE", why="it is the official CLI's way of not setting it"),
    Case("RamRoleArn for too short a time", NOBODY, official(role("RamRoleArn", "ROLE", expired_seconds=899, **BASE))),
    Case("ChainableRamRoleArn", "LAST", official(role("ChainableRamRoleArn", "LAST", source_profile="q", external_id="agreed"), ak("q", "OTHR"))),
    Case("ChainableRamRoleArn on a role", "LAST", official(role("ChainableRamRoleArn", "LAST", source_profile="q"), {**role("RamRoleArn", "ROLE", **BASE), "name": "q"})),
    Case("ChainableRamRoleArn on a program", "LAST", official(role("ChainableRamRoleArn", "LAST", source_profile="q"), {**EXTERNAL, "name": "q"})),
    Case("ChainableRamRoleArn on nothing", NOBODY, official(role("ChainableRamRoleArn", "LAST", source_profile="q"))),
    Case("OIDC", "OIDC", official(role("OIDC", "OIDC", role_session_name="a-pod", expired_seconds=1800, sts_region="cn-beijing", **OIDC))),
    Case("OIDC with the CLI's word", "OIDC", official(role("OIDC", "OIDC", ram_session_name="a-pod", **OIDC)), asks_other=("RoleSessionName",), why=AS_THE_CLI),
    Case("OAuth", "LEFT", official({"name": "p", "mode": "OAuth", **LEFT})),
    Case("OAuth, expired", NOBODY, official({"name": "p", "mode": "OAuth", **LEFT, "sts_expiration": 1_000_000_000})),
    Case("CloudSSO", NOBODY, official({"name": "p", "mode": "CloudSSO", **LEFT, **SSO}), ours="LEFT", why="the SDK logs in with the token each time, which needs a network; the keys that the official CLI has left work"),
    Case("CloudSSO, expired", NOBODY, official({"name": "p", "mode": "CloudSSO", **LEFT, **SSO, "sts_expiration": 1_000_000_000})),
    Case("RsaKeyPair", "INIK", {**official(ak("p", "CONF", mode="RsaKeyPair")), **ini()}, ours=NOBODY, why=NO_FALLING_THROUGH),
    Case("a mode in small letters", NOBODY, official(ak("p", "CONF", mode="ak"))),
    Case("EcsRamRole where that is disabled", NOBODY, official({"name": "p", "mode": "EcsRamRole", "ram_role_name": "r"})),
    # What a type means: credentials.ini.
    Case("ini: a comment behind a value", "INIK", {INI: ini()[INI].replace("secret\n", "secret # mine\n")}),
    Case("ini: colons", "INIK", {INI: ini()[INI].replace(" = ", ": ")}),
    Case("ini: ram_role_arn", "ROLE", ini("ram_role_arn", "BASE", more=f"role_arn = {ROLE}ROLE\nrole_session_name = me\npolicy = {{}}\n")),
    Case("ini: oidc_role_arn", "OIDC", ini("oidc_role_arn", more=f"role_arn = {ROLE}OIDC\noidc_provider_arn = {PROVIDER}\noidc_token_file_path = {TOKEN}\nrole_session_name = a-pod\n")),
    Case("ini: ecs_ram_role where that is disabled", NOBODY, ini("ecs_ram_role", more="role_name = r\n")),
    Case("ini: sts", NOBODY, ini("sts", more="security_token = token\n"), ours="INIK", why="the SDKs for Go and Java know it"),
    Case("ini: no type", NOBODY, ini(None), ours="INIK", why="a key pair without a word is a key pair"),
    Case("ini: another type", NOBODY, ini("bearer")),
]


class Services:
    """A proxy behind which everybody is STS, and a credentials URI on the same port."""

    def __init__(self, directory: Path) -> None:
        self.asked: list[dict[str, str]] = []
        self.authority_file = directory / "ca.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(directory, self.authority_file))
        services = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                method, target, _ = self.head()
                if method != "CONNECT":
                    return self.answer({"Code": "Success", "Expiration": "2099-01-01T00:00:00Z", **keys(key("URIK"))})
                host = target.partition(":")[0]
                if not host.startswith(("sts.", "sts-vpc.")):
                    self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                    return None
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    secure = context.wrap_socket(self.connection, server_side=True)
                except OSError:  # Who does not trust it; the check will tell.
                    return None
                self.rfile, self.wfile = secure.makefile("rb"), secure.makefile("wb")
                _, target, length = self.head()
                asked = {"host": host, **dict(parse_qsl(urlsplit(target).query)), **dict(parse_qsl(self.rfile.read(length).decode()))}
                services.asked.append(asked)
                self.answer({"RequestId": "R", "Credentials": {**keys("STS.0000000000" + asked["RoleArn"][-4:]), "Expiration": "2099-01-01T00:00:00Z"}})
                self.wfile.close()
                secure.close()

            def head(self) -> tuple[str, str, int]:
                method, target, _ = self.rfile.readline().decode().split(" ")
                length = 0
                while (line := self.rfile.readline().strip()):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                return method, target, length

            def answer(self, body: dict[str, Any]) -> None:
                text = json.dumps(body).encode()
                self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
                self.wfile.flush()

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def was_asked(self) -> list[dict[str, str]]:
        """Since the last time, without what differs by nature. Source of the default life: the vendor's page on AssumeRole."""
        own = ["Action", "host", "RoleArn", "AccessKeyId", "SecurityToken", "ExternalId", "Policy", "OIDCProviderArn", "OIDCToken", "RoleSessionName", "DurationSeconds"]
        asked = [{"DurationSeconds": "3600", **{name: value for name, value in one.items() if name in own}} for one in self.asked]
        self.asked.clear()
        for one in asked:
            if re.match(r"credentials-python-\d+$|ecs-vnc$", one["RoleSessionName"]):
                one["RoleSessionName"] = "a default"
        return asked


def keys(key_id: str) -> dict[str, str]:
    """In the vendor's words."""
    return {"AccessKeyId": key_id, "AccessKeySecret": "secret", "SecurityToken": "token"}


def certificate(directory: Path, authority_file: Path) -> Path:
    """A certificate for STS, with its key, by an authority that nobody else trusts."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def sign(name: str, of: Any, issuer: str, by: Any, *extensions: x509.ExtensionType) -> x509.Certificate:
        named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer)]
        builder = x509.CertificateBuilder(named[1], named[0], of.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(by, hashes.SHA256())

    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = sign("e2e", authority, "e2e", authority, x509.BasicConstraints(ca=True, path_length=None))
    hosts = ["sts.aliyuncs.com", "sts-vpc.cn-beijing.aliyuncs.com", *(f"sts.{region}.aliyuncs.com" for region in ["cn-beijing", "cn-shanghai"])]
    leaf = sign("sts", own, "e2e", authority, x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]))
    pem = serialization.Encoding.PEM
    authority_file.write_bytes(root.public_bytes(pem))
    file = directory / "leaf.pem"
    file.write_bytes(leaf.public_bytes(pem) + own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file


# What the official SDK's default chain ends with. It reads no variable for whom TLS trusts, and its threads would stay.
SDK = """
import os, sys
import requests.adapters
requests.adapters.DEFAULT_CA_BUNDLE_PATH = os.environ["SSL_CERT_FILE"]
from alibabacloud_credentials.provider import DefaultCredentialsProvider
try:
    print(DefaultCredentialsProvider().get_credentials().get_access_key_id(), flush=True)
except Exception as error:
    print(error, file=sys.stderr, flush=True)
os._exit(0)
"""


def tests(binary: str, services: Services) -> Iterator[Any]:
    """One for each case."""

    def run_one(case: Case, argv: list[str]) -> tuple[int, str, str, list[dict[str, str]]]:
        services.was_asked()
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
            Path(home, "token").write_text("the.oidc.token")
            for name, text in case.files.items():
                file = Path(home, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(in_place(text, home))
                file.chmod(0o600)
            proxy = f"http://127.0.0.1:{services.port}"
            trust = {"SSL_CERT_FILE": str(services.authority_file)}
            more = {name: in_place(value, home) for name, value in case.env.items()}
            ended = run_to_end(argv, sealed(home, HTTPS_PROXY=proxy, **{"NO_PROXY": "127.0.0.1", **trust, **more}))
        return ended.returncode, ended.stdout, ended.stderr, services.was_asked()

    def in_place(text: str, home: str) -> str:
        for name in (TOKEN, "/other.ini", "/none"):
            text = re.sub(rf'(^|"|= ){name}', rf"\g<1>{home}{name}", text)
        return text.replace("PORT", str(services.port))

    def of_sdk(case: Case) -> tuple[str, list[dict[str, str]], str]:
        _, out, err, asked = run_one(case, [sys.executable, "-c", SDK])
        return (masked(out.strip()) if out.strip() else NOBODY), asked, err[-800:]

    def of_ours(case: Case) -> tuple[str, list[dict[str, str]], str]:
        # Nobody listens there, and the key is told before.
        there = ["--region", "cn-hangzhou", "--endpoint", "http://127.0.0.1:1"]
        code, _, err, asked = run_one(case, [binary, "vnc-url", "--no-windows", "-vv", *there, "i-1"])
        found = re.findall(r"^AccessKey (\S+) from ", err, re.MULTILINE)
        expected = (10,) if found else (2, 3, 4)
        return (found[0] if found else NOBODY) if code in expected else f"exit code {code}", asked, err

    def test_of(case: Case) -> Any:
        def test() -> None:
            sdk, sdk_asked, sdk_said = of_sdk(case)
            ours, our_asked, we_said = of_ours(case)
            check_equal(f"{case.name}: the SDK", (sdk[-4:], sdk_said if sdk[-4:] != case.expected else ""), (case.expected, ""))
            if case.ours is not None:
                check_equal(f"{case.name}: ours is another, for {case.why}", (ours[-4:], we_said if ours[-4:] != case.ours else ""), (case.ours, ""))
                check_equal(f"{case.name}: and that is a difference", ours != sdk and case.why != "", True)
                return
            check_equal(f"{case.name}: ours", (ours, we_said if ours != sdk else ""), (sdk, ""))
            differing = {name for one, other in zip(sdk_asked, our_asked) for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
            check_equal(f"{case.name}: STS was asked the same" + (f", but for {case.why}" if case.why else ""), (len(our_asked), differing), (len(sdk_asked), set(case.asks_other)))

        test.__name__ = case.name
        return test

    yield from map(test_of, CASES)


def main() -> int:
    """Runs all."""
    binary = binary_of(sys.argv, "credentials.py PATH_TO_ECS_VNC")
    with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
        return run(tests(binary, Services(Path(directory))))


if __name__ == "__main__":
    sys.exit(main())
