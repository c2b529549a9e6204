"""ecs-vnc on an instance: `python metadata.py PATH_TO_ECS_VNC`.

The metadata service has a fixed address, so all this happens in a network namespace of this process, where the address
is the loopback interface's. A machine that gives none fails the run: root always gets one.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from harness import Demo, binary_of, check, check_equal, run, run_to_end, sealed

ADDRESS = "100.100.100.200"
TOKEN = "a-metadata-token"
ROLE = "demo-ecs"
# One of the simulated account's keys, as in src/demo/account.rs.
KEYS = {
    "Code": "Success",
    "AccessKeyId": "STS.demo-access-key-id",
    "AccessKeySecret": "demo-sts-secret",
    "SecurityToken": "demo/security+token==",
    "Expiration": "2096-10-02T07:06:40Z",
    "LastUpdated": "2026-01-01T00:00:00Z",
}
SECRETS = [KEYS["AccessKeySecret"], KEYS["SecurityToken"], TOKEN]
MASKED = "AccessKey STS.****y-id from "
ROLE_ARN = "acs:ram::1234567890123456:role/demo-console"
REGION = {"ALIBABA_CLOUD_REGION_ID": "cn-hangzhou"}

# Source: the vendor's page on instance metadata.
PUT_TOKEN = "PUT /latest/api/token"
GET_REGION = "GET /latest/meta-data/region-id"
GET_ROLES = "GET /latest/meta-data/ram/security-credentials/"
GET_KEYS = GET_ROLES + ROLE

# The vendor's SDK, as the judge of the service above: it must be content with it as well.
SDK = """
import sys
from alibabacloud_credentials.provider import DefaultCredentialsProvider, EcsRamRoleCredentialsProvider
if sys.argv[1:]:
    provider = EcsRamRoleCredentialsProvider(role_name=sys.argv[1], disable_imds_v1=True)
else:
    provider = DefaultCredentialsProvider()
keys = provider.get_credentials()
print(keys.get_access_key_id(), keys.get_access_key_secret(), keys.get_security_token())
"""


def enter_namespace() -> None:
    """Moves this process, which must have one thread only, to a network of its own."""
    new_user, new_net = 0x10000000, 0x40000000
    set_address, set_flags, up_and_running = 0x8916, 0x8914, 0x41
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    try:
        if libc.unshare(new_net if user == 0 else new_user | new_net) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        if user != 0:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            address = struct.pack("HH4s", socket.AF_INET, 0, socket.inet_aton(ADDRESS))
            fcntl.ioctl(control, set_flags, struct.pack("16sH22x", b"lo", up_and_running))
            fcntl.ioctl(control, set_address, struct.pack("16s16s8x", b"lo:0", address))
            fcntl.ioctl(control, set_flags, struct.pack("16sH22x", b"lo:0", up_and_running))
    except OSError as error:
        sys.exit(f"FAILED this system gives no network namespace ({error}): run it as root, with CAP_SYS_ADMIN")


# What a service does with a request; the first one is a good service.
Answer = Callable[[BaseHTTPRequestHandler], None]


def body(status: int, content: bytes, *headers: tuple[str, str]) -> Answer:
    """Always the same answer."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in [("Content-Length", str(len(content))), *headers]:
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    return answer


def good(request: BaseHTTPRequestHandler) -> None:
    """As an instance in security hardening mode: nothing is told without a token."""
    asked = f"{request.command} {request.path}"
    if asked == PUT_TOKEN:
        life = request.headers.get("X-aliyun-ecs-metadata-token-ttl-seconds", "")
        allowed = life.isdecimal() and 1 <= int(life) <= 21600
        return body(200, TOKEN.encode())(request) if allowed else body(400, b"no life")(request)
    if request.headers.get("X-aliyun-ecs-metadata-token") != TOKEN:
        return body(403, b"no token")(request)
    known = {GET_REGION: b"cn-hangzhou", GET_ROLES: ROLE.encode(), GET_KEYS: json.dumps(KEYS).encode()}
    return body(200, known[asked])(request) if asked in known else body(404, b"not found")(request)


def silent(request: BaseHTTPRequestHandler) -> None:
    """Says nothing, and stays."""
    time.sleep(20)


def endless(request: BaseHTTPRequestHandler) -> None:
    """Says more than anybody wants to hear."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 65536)


def dripping(request: BaseHTTPRequestHandler) -> None:
    """Is never silent for long, and never done."""
    request.send_response(200)
    request.end_headers()
    for _ in range(100):
        request.wfile.write(b"x")
        time.sleep(0.2)


class Metadata:
    """The metadata service. `odd` are requests that are answered otherwise than well."""

    def __init__(self, odd: dict[str, Answer] | None = None) -> None:
        self.asked: list[str] = []
        asked, odd = self.asked, odd or {}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                request = f"{self.command} {self.path}"
                asked.append(request)
                # After an odd answer, the connection may not be where a good one would have left it.
                self.close_connection = request in odd
                odd.get(request, good)(self)

            do_GET = do_PUT = answer

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_: object) -> None:
                """A client that has gone is what some tests are about."""

        self._server = Server((ADDRESS, 80), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Metadata:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def instance(endpoint: str, home: str, **more: str) -> dict[str, str]:
    """The environment of a user of an instance."""
    env = sealed(home, ALIBABA_CLOUD_ENDPOINT=endpoint)
    del env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"]
    return {**env, **more}


def config_json(home: str, **profile: Any) -> None:
    """Writes a configuration as the official CLI would."""
    _write(Path(home, ".aliyun/config.json"), json.dumps({"current": "it", "profiles": [{"name": "it", **profile}]}))


def config_toml(home: str, **profile: str) -> None:
    """Writes a configuration of ecs-vnc's own."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in profile.items()]
    _write(Path(home, ".config/ecs-vnc/config.toml"), "\n".join(["[profile.default]", *lines, ""]))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o600)


def kept(home: str) -> list[Path]:
    """The files in which keys are kept."""
    return sorted(Path(home, ".cache").rglob("keys-*"))


def tests(binary: str, endpoint: str) -> list:
    """The tests, each with a name that says what must hold."""

    def vnc_url(home: str, **more: str) -> Any:
        argv = [binary, "vnc-url", "-vv", "--no-windows", "web-01"]
        ended = run_to_end(argv, instance(endpoint, home, **more))
        said = ended.stdout + ended.stderr
        check("no secret is told", not any(secret in said for secret in SECRETS), said)
        return ended

    def works(name: str, ended: Any, by: str) -> None:
        check_equal(f"{name} ends with 0", (ended.returncode, ended.stdout.count("\n")), (0, 1))
        check(f"{name} says whose keys these are", by in ended.stderr, ended.stderr)

    def a_profile_of_mode_ecs_ram_role_takes_the_instances_keys() -> None:
        for write in [config_json, config_toml]:
            for named, asked in [
                ({"ram_role_name": ROLE}, [PUT_TOKEN, GET_KEYS]),
                ({}, [PUT_TOKEN, GET_ROLES, GET_KEYS]),
            ]:
                name = f"EcsRamRole {named} by {write.__name__}"
                with tempfile.TemporaryDirectory() as home, Metadata() as service:
                    write(home, mode="EcsRamRole", region_id="cn-hangzhou", **named)
                    works(name, vnc_url(home), MASKED + "profile ")
                    check_equal(f"{name} asks", service.asked, asked)
                    # They are another machine's business, and cost nothing.
                    check_equal(f"{name} keeps none", kept(home), [])

    def a_role_is_assumed_with_the_instances_keys() -> None:
        for write in [config_json, config_toml]:
            for mode in ["RamRoleArnWithRoleName", "RamRoleArnWithEcs"]:
                name = f"{mode} by {write.__name__}"
                with tempfile.TemporaryDirectory() as home, Metadata() as service:
                    role = {"ram_role_name": ROLE, "ram_role_arn": ROLE_ARN, "sts_endpoint": endpoint}
                    write(home, mode=mode, region_id="cn-hangzhou", **role)
                    first = vnc_url(home)
                    works(name, first, "AccessKey STS.****")
                    check(f"{name} assumes a role", "< AssumeRole status=200" in first.stderr, first.stderr)
                    check(f"{name} goes on with its keys", MASKED not in first.stderr, first.stderr)
                    check_equal(f"{name} asks", service.asked, [PUT_TOKEN, GET_KEYS])
                    # On another instance the same file may lead to another's keys.
                    check_equal(f"{name} keeps nothing", kept(home), [])

    def an_instance_needs_no_configuration_at_all() -> None:
        by = "the metadata service of the instance this runs on"
        whole = [PUT_TOKEN, GET_REGION, PUT_TOKEN, GET_ROLES, GET_KEYS]
        for more, asked in [
            ({}, whole),
            (REGION, whole[2:]),
            ({"ALIBABA_CLOUD_ECS_METADATA": ROLE, **REGION}, [PUT_TOKEN, GET_KEYS]),
            ({"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "false"}, whole),
            # A proxy is for what is beyond the machine.
            ({"http_proxy": "http://127.0.0.1:1", "NO_PROXY": ""}, whole),
        ]:
            with tempfile.TemporaryDirectory() as home, Metadata() as service:
                works(f"nothing but {more}", vnc_url(home, **more), MASKED + by)
                check_equal(f"nothing but {more} asks", service.asked, asked)
                check_equal(f"nothing but {more} keeps no keys", kept(home), [])

    def keys_in_the_environment_come_first() -> None:
        own = {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "demo-access-key-id",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "demo-access-key-secret",
        }
        with tempfile.TemporaryDirectory() as home, Metadata() as service:
            works("keys in the environment", vnc_url(home, **own), "from the environment variable")
            check_equal("nobody else is asked", service.asked, [])

    def who_disables_the_service_is_obeyed() -> None:
        for mode in [None, "EcsRamRole", "RamRoleArnWithRoleName"]:
            with tempfile.TemporaryDirectory() as home, Metadata() as service:
                if mode:
                    config_json(home, mode=mode, ram_role_name=ROLE, ram_role_arn=ROLE_ARN, sts_endpoint=endpoint)
                ended = vnc_url(home, ALIBABA_CLOUD_ECS_METADATA_DISABLED="true")
                check_equal(f"disabled, {mode}", (ended.returncode, ended.stdout), (3, ""))
                by = "disabled by ALIBABA_CLOUD_ECS_METADATA_DISABLED"
                check(f"disabled, {mode}: it is said", by in ended.stderr, ended.stderr)
                check_equal(f"disabled, {mode}: nobody is asked", service.asked, [])

    def a_role_that_is_not_the_instances_is_told() -> None:
        for profile, more in [
            ({"mode": "EcsRamRole", "ram_role_name": "other"}, {}),
            (None, {"ALIBABA_CLOUD_ECS_METADATA": "other"}),
        ]:
            with tempfile.TemporaryDirectory() as home, Metadata() as service:
                if profile:
                    config_json(home, **profile)
                ended = vnc_url(home, **REGION, **more)
                check_equal(f"another role {more}", (ended.returncode, ended.stdout), (3, ""))
                check(f"another role {more}: the answer", "(100.100.100.200) has no role other" in ended.stderr, ended.stderr)
                check_equal(f"another role {more} asks", service.asked, [PUT_TOKEN, GET_ROLES + "other"])

    def a_service_that_is_no_good_is_not_waited_for() -> None:
        no_keys, too_slow = "did not answer with `Code` Success and credentials", "did not answer within the time limit"
        for what, request, answer, why, *then in [
            ("silence", PUT_TOKEN, silent, too_slow),
            ("silence about the region", GET_REGION, silent, too_slow),
            ("silence about keys", GET_KEYS, silent, too_slow),
            ("drops", GET_KEYS, dripping, too_slow),
            ("an endless token", PUT_TOKEN, endless, "answered with more than 65536 bytes"),
            ("endless keys", GET_KEYS, endless, "answered with more than 65536 bytes"),
            ("a token that is none", PUT_TOKEN, body(200, b"a\nb\x00\xff"), "the metadata service"),
            # Asked the older way, without a token, which this service refuses.
            ("no token", PUT_TOKEN, body(404, b""), "answered HTTP 403"),
            ("a region that is none", GET_REGION, body(200, b"evil.example/#"), "did not answer with a region id"),
            ("no role", GET_ROLES, body(200, b"<p>\n../../x"), "names no role"),
            ("keys that are none", GET_KEYS, body(200, b"\xff{"), no_keys),
            ("half of the keys", GET_KEYS, body(200, b'{"Code":"Success"}'), no_keys),
            ("failure", GET_KEYS, body(200, json.dumps({**KEYS, "Code": "Failed"}).encode()), no_keys),
            ("a way elsewhere", GET_KEYS, body(302, b"", ("Location", "/elsewhere")), "answered HTTP 302"),
        ]:
            with tempfile.TemporaryDirectory() as home, Metadata({request: answer}) as service:
                began = time.monotonic()
                ended = vnc_url(home)
                took = time.monotonic() - began
                check_equal(f"{what} ends with 3", (ended.returncode, ended.stdout), (3, ""))
                check(f"{what} is told", why in ended.stderr, ended.stderr)
                places = ["environment: ", "OIDC: ", "default profile: ", "credentials URI: ", "metadata service: "]
                check(f"{what}: every place is told", all(place in ended.stderr for place in places), ended.stderr)
                # 1 s for each request; the rest is for a machine that is slow.
                check(f"{what} is not waited for", took < 10, took)
                # What is no role may still be asked for, as long as it stays below the roles.
                after = service.asked[service.asked.index(request) + 1 :]
                if what == "no token":
                    check_equal(f"{what}: the older way", after[:1], [GET_REGION])
                    after = after[1:]
                check(f"{what}: no more is asked", after == [GET_ROLES + odd for odd in then], service.asked)

    def a_profile_that_names_a_silent_service_says_so() -> None:
        with tempfile.TemporaryDirectory() as home, Metadata({PUT_TOKEN: silent}):
            config_json(home, mode="EcsRamRole", region_id="cn-hangzhou")
            ended = vnc_url(home)
            check_equal("a named service that is silent", (ended.returncode, ended.stdout), (40, ""))
            check("its profile is told", "profile it in " in ended.stderr, ended.stderr)

    def where_there_is_no_instance_nobody_answers() -> None:
        with tempfile.TemporaryDirectory() as home:
            ended = vnc_url(home)
            check_equal("no service", (ended.returncode, ended.stdout), (3, ""))
            check("no service is told", "metadata service: " in ended.stderr, ended.stderr)

    def the_vendors_sdk_ends_with_the_same_keys() -> None:
        expected = " ".join([KEYS["AccessKeyId"], KEYS["AccessKeySecret"], KEYS["SecurityToken"]])
        for args, asked in [([ROLE], [PUT_TOKEN, GET_KEYS]), ([], [PUT_TOKEN, GET_ROLES, PUT_TOKEN, GET_KEYS])]:
            with tempfile.TemporaryDirectory() as home, Metadata() as service:
                ended = run_to_end([sys.executable, "-c", SDK, *args], instance(endpoint, home))
                check_equal(f"the SDK's keys {args}", ended.stdout.strip(), expected)
                check_equal(f"the SDK asks {args}", service.asked, asked)

    return [
        a_profile_of_mode_ecs_ram_role_takes_the_instances_keys,
        a_role_is_assumed_with_the_instances_keys,
        an_instance_needs_no_configuration_at_all,
        keys_in_the_environment_come_first,
        who_disables_the_service_is_obeyed,
        a_role_that_is_not_the_instances_is_told,
        a_service_that_is_no_good_is_not_waited_for,
        a_profile_that_names_a_silent_service_says_so,
        where_there_is_no_instance_nobody_answers,
        the_vendors_sdk_ends_with_the_same_keys,
    ]


def main() -> int:
    """Runs all tests."""
    binary = binary_of(sys.argv, "metadata.py PATH_TO_ECS_VNC")
    enter_namespace()
    with Demo(binary) as demo:
        return run(tests(binary, demo.endpoint))


if __name__ == "__main__":
    sys.exit(main())
