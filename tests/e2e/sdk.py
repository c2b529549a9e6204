"""The vendor's own SDKs as judges of ecs-vnc: `python sdk.py PATH_TO_ECS_VNC`.

Two directions of trust. The SDKs use the simulated account as if it were the service, which keeps the account honest.
And what ecs-vnc itself sends is signed once more by the SDKs' own code: the signatures must be the same.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import http.server
import json
import logging
import os
import re
import struct
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

from alibabacloud_credentials.provider import OIDCRoleArnCredentialsProvider, RamRoleArnCredentialsProvider
from alibabacloud_ecs20140526 import models
from alibabacloud_ecs20140526.client import Client as EcsClient
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException, ThrottlingException
from alibabacloud_tea_openapi.utils import Utils as CurrentSigner
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.composer import rpc_signature_composer as older_signer
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkecs.request.v20140526.DescribeInstancesRequest import DescribeInstancesRequest
from aliyunsdkecs.request.v20140526.DescribeInstanceVncUrlRequest import DescribeInstanceVncUrlRequest
from aliyunsdkecs.request.v20140526.DescribeRegionsRequest import DescribeRegionsRequest
from aliyunsdkecs.request.v20140526.RebootInstanceRequest import RebootInstanceRequest
from aliyunsdkecs.request.v20140526.StartInstanceRequest import StartInstanceRequest
from aliyunsdkecs.request.v20140526.StopInstanceRequest import StopInstanceRequest
from darabonba.runtime import RuntimeOptions

from harness import Demo, binary_of, check, check_equal, run, run_to_end, seal_this_process, sealed

REGION = "cn-hangzhou"


@dataclass(frozen=True)
class Key:
    """A key pair, and the token of a temporary one."""

    id: str
    secret: str
    token: str | None = None


# As in src/demo/account.rs.
OWN = Key("demo-access-key-id", "demo-access-key-secret")
STS = Key("STS.demo-access-key-id", "demo-sts-secret", "demo/security+token==")
NARROW = Key("demo-narrow-key-id", "demo-narrow-secret")
DISABLED = Key("demo-disabled-key-id", "demo-disabled-secret")

INSTANCES = {
    "i-demo-linux": ("web-01", "linux", "Alibaba Cloud Linux 3", "Running", REGION, "cn-hangzhou-i"),
    "i-demo-windows": ("office-01", "windows", "Windows Server 2022", "Running", REGION, "cn-hangzhou-i"),
    "i-demo-stopped": ("db-01", "linux", "Debian 12", "Stopped", REGION, "cn-hangzhou-i"),
}

# Some of the 29 regions: LocalName in both languages, RegionEndpoint.
REGIONS = {
    "cn-hangzhou": ("华东1（杭州）", "China (Hangzhou)", "ecs-cn-hangzhou.aliyuncs.com"),
    "cn-beijing": ("华北2（北京）", "China (Beijing)", "ecs.cn-beijing.aliyuncs.com"),
    "ap-southeast-1": ("新加坡", "Singapore", "ecs.ap-southeast-1.aliyuncs.com"),
    "us-west-1": ("美国（硅谷）", "US (Silicon Valley)", "ecs.us-west-1.aliyuncs.com"),
}
NUMBER_OF_REGIONS = 29
NUMBER_OF_INSTANCES = 1000

ACCOUNT = "acs:ram::1234567890123456"
ROLE = f"{ACCOUNT}:role/demo-console"
ROLE_CHAINED = f"{ACCOUNT}:role/demo-inner"
ROLE_EXTERNAL = f"{ACCOUNT}:role/demo-external"
ROLE_OIDC = f"{ACCOUNT}:role/demo-oidc"
OIDC_PROVIDER = f"{ACCOUNT}:oidc-provider/demo-oidc"
OIDC_TOKEN = "demo-oidc-token"


class Refused(Exception):
    """The service's error, in one form for all SDKs."""

    def __init__(self, code: str, status: int, message: str, request_id: str | None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.code, self.status, self.message, self.request_id = code, status, message, request_id


class Sdk(Protocol):
    """What the tests ask of an SDK."""

    def vnc_url(self, instance: str, region: str = REGION) -> str: ...

    def instances(self, ids: list[str]) -> dict[str, tuple]: ...

    def regions(self) -> dict[str, tuple]: ...

    def power(self, verb: str, instance: str, *, force: bool | None = None, dry_run: bool | None = None) -> None: ...


class CurrentSdk:
    """alibabacloud_ecs20140526, whose answers are objects of its own."""

    def __init__(self, demo: Demo, key: Key, algorithm: str | None) -> None:
        config = Config(
            endpoint=demo.authority,
            protocol="http",
            region_id=REGION,
            access_key_id=key.id,
            access_key_secret=key.secret,
            security_token=key.token,
            signature_algorithm=algorithm,
        )
        self._client = EcsClient(config)

    def _call(self, method: Callable[[Any], Any], request: Any, body_type: type) -> Any:
        try:
            response = method(request)
        except AlibabaCloudException as error:
            raise Refused(error.code, error.status_code, error.message, error.request_id) from error
        assert response.status_code == 200 and isinstance(response.body, body_type), response
        assert re.fullmatch("[0-9A-F]{32}", response.body.request_id), response.body.request_id
        return response.body

    def vnc_url(self, instance: str, region: str = REGION) -> str:
        request = models.DescribeInstanceVncUrlRequest(instance_id=instance, region_id=region)
        method = self._client.describe_instance_vnc_url
        return self._call(method, request, models.DescribeInstanceVncUrlResponseBody).vnc_url

    def screenshot(self, instance: str) -> bytes:
        """GetInstanceScreenshot, decoded."""
        request = models.GetInstanceScreenshotRequest(instance_id=instance, region_id=REGION, wake_up=True)
        method = self._client.get_instance_screenshot
        body = self._call(method, request, models.GetInstanceScreenshotResponseBody)
        assert body.instance_id == instance, body
        return base64.b64decode(body.screenshot, validate=True)

    def console_output(self, instance: str, remove_symbols: bool | None = None) -> tuple[str, str]:
        """GetInstanceConsoleOutput, decoded, and its time."""
        request = models.GetInstanceConsoleOutputRequest(
            instance_id=instance, region_id=REGION, remove_symbols=remove_symbols
        )
        method = self._client.get_instance_console_output
        body = self._call(method, request, models.GetInstanceConsoleOutputResponseBody)
        assert body.instance_id == instance, body
        return base64.b64decode(body.console_output, validate=True).decode(), body.last_update_time

    def power(self, verb: str, instance: str, *, force: bool | None = None, dry_run: bool | None = None) -> None:
        """StartInstance, StopInstance or RebootInstance, none of which has a RegionId here."""
        options = {} if verb == "Start" else {"force_stop": force}
        request = getattr(models, f"{verb}InstanceRequest")(instance_id=instance, dry_run=dry_run, **options)
        method = getattr(self._client, f"{verb.lower()}_instance")
        self._call(method, request, getattr(models, f"{verb}InstanceResponseBody"))

    def instances(self, ids: list[str]) -> dict[str, tuple]:
        request = models.DescribeInstancesRequest(region_id=REGION, instance_ids=json.dumps(ids), max_results=100)
        body = self._call(self._client.describe_instances, request, models.DescribeInstancesResponseBody)
        assert (body.total_count, body.next_token) == (len(body.instances.instance), ""), body
        for found in body.instances.instance:
            assert isinstance(found, models.DescribeInstancesResponseBodyInstancesInstance), found
            lists = [found.public_ip_address, found.inner_ip_address, found.vpc_attributes.private_ip_address]
            assert all(isinstance(holder.ip_address, list) for holder in lists), lists
            assert isinstance(found.eip_address.ip_address, str) and isinstance(found.tags.tag, list), found
        return {
            found.instance_id: (
                found.instance_name, found.ostype, found.osname, found.status, found.region_id, found.zone_id
            )
            for found in body.instances.instance
        }  # fmt: skip

    def page(self, region: str, **filters: Any) -> models.DescribeInstancesResponseBody:
        """One answer of DescribeInstances."""
        request = models.DescribeInstancesRequest(region_id=region, **filters)
        return self._call(self._client.describe_instances, request, models.DescribeInstancesResponseBody)

    def find(self, region: str, **filters: Any) -> list[Any]:
        """All instances of a region that pass the filters, page by page."""
        found: list[Any] = []
        token: str | None = None
        while token is None or token:
            body = self.page(region, max_results=100, next_token=token, **filters)
            found += body.instances.instance
            token = body.next_token
        return found

    def regions(self, language: str | None = None) -> dict[str, tuple]:
        method = self._client.describe_regions
        request = models.DescribeRegionsRequest(accept_language=language)
        body = self._call(method, request, models.DescribeRegionsResponseBody)
        for found in body.regions.region:
            assert isinstance(found, models.DescribeRegionsResponseBodyRegionsRegion), found
        return {
            found.region_id: (found.local_name, found.region_endpoint, found.status) for found in body.regions.region
        }


class OlderSdk:
    """aliyun-python-sdk-ecs, whose answers are bytes: JSON, or XML (its default)."""

    def __init__(self, demo: Demo, key: Key, form: str | None) -> None:
        self._authority, self._form = demo.authority, form
        credential = StsTokenCredential(key.id, key.secret, key.token) if key.token else None
        credential = credential or AccessKeyCredential(key.id, key.secret)
        self._client = AcsClient(region_id=REGION, credential=credential, auto_retry=False)

    def prepared(self, request: Any) -> Any:
        """The request, led to the simulated account."""
        request.set_endpoint(self._authority)
        request.set_protocol_type("http")
        request.set_accept_format(self._form)
        return request

    def _call(self, request: Any) -> Any:
        # do_action is deprecated in favour of a method that always asks for JSON: no use for the default.
        with warnings.catch_warnings(action="ignore"):
            body = self._client.do_action(self.prepared(request))
        answer = json.loads(body) if self._form == "JSON" else from_xml(body, request.get_action_name())
        if "Code" in answer:
            raise Refused(answer["Code"], 0, answer["Message"], answer["RequestId"])
        assert re.fullmatch("[0-9A-F]{32}", answer["RequestId"]), answer
        return answer

    def vnc_url(self, instance: str, region: str = REGION) -> str:
        request = DescribeInstanceVncUrlRequest()
        request.set_InstanceId(instance)
        request.add_query_param("RegionId", region)
        return self._call(request)["VncUrl"]

    def instances(self, ids: list[str]) -> dict[str, tuple]:
        request = DescribeInstancesRequest()
        request.set_InstanceIds(json.dumps(ids))
        found = self._call(request)["Instances"]["Instance"]
        names = ["InstanceName", "OSType", "OSName", "Status", "RegionId", "ZoneId"]
        return {instance["InstanceId"]: tuple(instance[name] for name in names) for instance in found}

    def power(self, verb: str, instance: str, *, force: bool | None = None, dry_run: bool | None = None) -> None:
        request = OLDER_POWER[verb]()
        request.set_InstanceId(instance)
        if force is not None:
            request.set_ForceStop(force)
        if dry_run is not None:
            request.set_DryRun(dry_run)
        self._call(request)

    def regions(self) -> dict[str, tuple]:
        found = self._call(DescribeRegionsRequest())["Regions"]["Region"]
        names = ["LocalName", "RegionEndpoint", "Status"]
        return {region["RegionId"]: tuple(region[name] for name in names) for region in found}


OLDER_POWER = {"Start": StartInstanceRequest, "Stop": StopInstanceRequest, "Reboot": RebootInstanceRequest}

# An element of these names is one of a list.
LISTS = {"Instance", "Region", "Tag"}


def from_xml(body: bytes, action: str) -> dict[str, Any]:
    """The answer in XML as the answer in JSON would be; its root must be what the vendor's samples have."""
    root = ElementTree.fromstring(body)
    assert root.tag in (f"{action}Response", "Error"), root.tag
    answer = of_element(root)
    return answer if isinstance(answer, dict) else {}


def of_element(element: ElementTree.Element) -> Any:
    """A text, or a dictionary of what is inside."""
    if len(element) == 0:
        return element.text or ""
    inside: dict[str, Any] = {}
    for child in element:
        if child.tag in LISTS:
            inside.setdefault(child.tag, []).append(of_element(child))
        else:
            inside[child.tag] = of_element(child)
    return inside


SDKS: dict[str, Callable[[Demo, Key], Sdk]] = {
    "current SDK, ACS3": lambda demo, key: CurrentSdk(demo, key, None),
    "current SDK, v2": lambda demo, key: CurrentSdk(demo, key, "v2"),
    "older SDK, JSON": lambda demo, key: OlderSdk(demo, key, "JSON"),
    "older SDK, XML": lambda demo, key: OlderSdk(demo, key, "XML"),
    "older SDK, its default form": lambda demo, key: OlderSdk(demo, key, None),
}


# The simulated account, used by the SDKs.


def check_refused(name: str, code: str, call: Callable[[], object]) -> Refused:
    """The call must be refused with this code."""
    try:
        seen: object = call()
    except Refused as refused:
        check_equal(name, refused.code, code)
        return refused
    check(name, False, f"not refused: {seen!r}")
    raise AssertionError


def check_vnc_url(name: str, given: str, demo: Demo) -> None:
    """Encoded once by the API; the token inside holds escapes of its own, which one decoding leaves."""
    check(f"{name}: VncUrl is percent-encoded", given.startswith("ws%3A%2F%2F127.0.0.1"), given)
    decoded = urllib.parse.unquote(given)
    pattern = rf"ws://{re.escape(demo.authority)}/websockify/\?s=%2B%2F[A-Za-z0-9%]+"
    check(f"{name}: VncUrl decodes, once, to a WebSocket's URL", re.fullmatch(pattern, decoded) is not None, decoded)


def sdk_test(demo: Demo, name: str, make: Callable[[Demo, Key], Sdk]) -> Callable[[], None]:
    """Everything one SDK must be able to do, and must be refused."""

    def with_key(key: Key) -> Sdk:
        return make(demo, key)

    def test() -> None:
        sdk = with_key(OWN)
        check_vnc_url(name, sdk.vnc_url("i-demo-linux"), demo)
        first, second = sdk.vnc_url("i-demo-linux"), sdk.vnc_url("i-demo-linux")
        check(f"{name}: each VncUrl is new", first != second, first)
        check_equal(f"{name}: DescribeInstances, all three", sdk.instances(list(INSTANCES)), INSTANCES)
        one = {"i-demo-windows": INSTANCES["i-demo-windows"]}
        check_equal(f"{name}: DescribeInstances, one of them", sdk.instances(["i-demo-windows", "i-none"]), one)
        regions = sdk.regions()
        check_equal(f"{name}: DescribeRegions, how many", len(regions), NUMBER_OF_REGIONS)
        chinese = {id: (chinese, endpoint, "available") for id, (chinese, _, endpoint) in REGIONS.items()}
        check_equal(f"{name}: DescribeRegions", {id: regions.get(id) for id in chinese}, chinese)

        refusals = [
            ("a wrong secret", "SignatureDoesNotMatch", Key(OWN.id, "wrong"), "i-demo-linux", REGION),
            ("an unknown key", "InvalidAccessKeyId.NotFound", Key("nobody", "x"), "i-demo-linux", REGION),
            ("a disabled key", "InvalidAccessKeyId.Inactive", DISABLED, "i-demo-linux", REGION),
            ("an STS key without its token", "MissingSecurityToken", Key(STS.id, STS.secret), "i-demo-linux", REGION),
            ("an STS key with another token", "InvalidSecurityToken.Malformed", Key(STS.id, STS.secret, "x"),
             "i-demo-linux", REGION),
            ("an unknown instance", "InvalidInstanceId.NotFound", OWN, "i-none", REGION),
            ("an unknown region", "InvalidRegionId.NotFound", OWN, "i-demo-linux", "cn-nowhere"),
            ("another region", "InvalidInstanceId.NotFound", OWN, "i-demo-linux", "cn-beijing"),
            ("a stopped instance", "IncorrectInstanceStatus", OWN, "i-demo-stopped", REGION),
            ("an error by name", "Forbidden.RAM", OWN, "i-demo-error-Forbidden.RAM", REGION),
        ]  # fmt: skip
        for what, code, key, instance, region in refusals:
            refused = check_refused(
                f"{name}: {what}: {code}", code, lambda: with_key(key).vnc_url(instance, region)
            )
            assert refused.request_id and refused.message, vars(refused)
        check_vnc_url(f"{name}, STS key with its token", with_key(STS).vnc_url("i-demo-linux"), demo)
        check_vnc_url(f"{name}, narrow key", with_key(NARROW).vnc_url("i-demo-linux"), demo)
        check_refused(f"{name}: a narrow key: Forbidden.RAM", "Forbidden.RAM", with_key(NARROW).regions)

    test.__name__ = name
    return test


def the_demos_line(demo: Demo) -> None:
    """The one line that scripts read."""
    names = ["Endpoint", "RegionId", "AccessKeyId", "AccessKeySecret", "InstanceIds", "RoleArns"]
    check_equal("demo -o json: its fields", list(demo.says), names)
    check_equal("demo -o json: the key", (demo.says["AccessKeyId"], demo.says["AccessKeySecret"]), (OWN.id, OWN.secret))
    check("demo -o json: the instances", set(INSTANCES) < set(demo.says["InstanceIds"]), demo.says)
    check("demo -o json: on loopback", re.fullmatch(r"http://127\.0\.0\.1:\d+", demo.endpoint) is not None, demo.says)
    demo.stderr_line("serving until Ctrl-C")
    check_equal("demo -o json: one line on stdout, the rest on stderr", len(demo.out), 1)


def the_current_sdk_pages_and_filters(demo: Demo, algorithm: str | None) -> None:
    """Everything is found once, by NextToken, and every filter finds what it should."""
    sdk = CurrentSdk(demo, OWN, algorithm)
    name = f"current SDK, {algorithm or 'ACS3'}"
    fleet, refusing = {}, []
    for region in sdk.regions():
        try:
            fleet[region] = sdk.find(region)
        except Refused as refused:
            refusing.append((region, refused.code, refused.status))
    check_equal(f"{name}: the region that refuses", refusing, [("me-central-1", "Forbidden", 403)])
    everything = [instance for found in fleet.values() for instance in found]
    check_equal(f"{name}: instances in all", len(everything), NUMBER_OF_INSTANCES)
    check_equal(f"{name}: each once", len({instance.instance_id for instance in everything}), NUMBER_OF_INSTANCES)
    check_equal(f"{name}: in its own region", {i.region_id for i in fleet["us-west-1"]}, {"us-west-1"})
    empty = [region for region, found in fleet.items() if not found]
    check_equal(f"{name}: two regions are empty", len(empty), 2)
    home = fleet[REGION]
    check_equal(f"{name}: instances in {REGION}", len(home), 400)

    def ids(instances: list[Any]) -> list[str]:
        return [instance.instance_id for instance in instances]

    for pattern, wanted in [
        ("web-*", lambda name: name.startswith("web-")),
        ("*库-0*2", lambda name: re.fullmatch("数据库-0.*2", name)),
        ("twin-01", lambda name: name == "twin-01"),
    ]:
        expected = ids([instance for instance in home if wanted(instance.instance_name)])
        check_equal(f"{name}: by name {pattern}", ids(sdk.find(REGION, instance_name=pattern)), expected)
        assert len(expected) > 1, expected

    for key, value in [("env", "prod"), ("env", None), ("团队", "支付"), ("临时", "")]:
        expected = ids([
            instance for instance in home
            if any(tag.tag_key == key and value in (None, tag.tag_value) for tag in instance.tags.tag)
        ])  # fmt: skip
        tag = [models.DescribeInstancesRequestTag(key=key, value=value)]
        check_equal(f"{name}: by tag {key}={value}", ids(sdk.find(REGION, tag=tag)), expected)
        assert expected
    two = [models.DescribeInstancesRequestTag(key="env", value="prod"), models.DescribeInstancesRequestTag(key="团队")]
    both = ids([instance for instance in home if {"env", "团队"} <= {tag.tag_key for tag in instance.tags.tag}
                and any(tag.tag_value == "prod" for tag in instance.tags.tag)])  # fmt: skip
    check_equal(f"{name}: by two tags", ids(sdk.find(REGION, tag=two)), both)

    stopped = ids([instance for instance in home if instance.status == "Stopped"])
    check_equal(f"{name}: by status", ids(sdk.find(REGION, status="Stopped")), stopped)

    for kind, filter, addresses in [
        ("private", "private_ip_addresses", lambda instance: instance.vpc_attributes.private_ip_address.ip_address),
        ("public", "public_ip_addresses", lambda instance: instance.public_ip_address.ip_address),
        ("elastic", "eip_addresses", lambda instance: [instance.eip_address.ip_address]),
    ]:
        one = next(instance for instance in home if any(addresses(instance)))
        found = sdk.find(REGION, **{filter: json.dumps(addresses(one))})
        check_equal(f"{name}: by {kind} IP address", ids(found), [one.instance_id])

    numbered = [ids(sdk.page(REGION, page_size=100, page_number=number).instances.instance) for number in range(1, 6)]
    check_equal(f"{name}: by page number", sum(numbered, []), ids(home))
    first = sdk.page(REGION, instance_name="web-*", max_results=20)
    check(f"{name}: NextToken is opaque", re.fullmatch("[0-9a-f]{32}", first.next_token) is not None, first.next_token)
    for what, code, filters in [
        ("a token with another filter", "InvalidParameter", {"next_token": first.next_token, "instance_name": "app-*"}),
        ("a token of nobody", "InvalidParameter", {"next_token": "20"}),
        ("more than 100", "InvalidParameter", {"max_results": 101}),
        ("both ways at once", "InvalidParameter", {"max_results": 100, "page_number": 1}),
        ("a dry run", "DryRunOperation", {"dry_run": True}),
    ]:
        check_refused(f"{name}: {what}: {code}", code, lambda: sdk.page(REGION, **filters))

    for language, place in (("zh-CN", 0), ("en-US", 1)):
        regions = sdk.regions(language)
        names = {id: regions[id][0] for id in REGIONS}
        check_equal(f"{name}: names of regions in {language}", names, {id: of[place] for id, of in REGIONS.items()})
    far = fleet["eu-central-1"][0]
    check_vnc_url(f"{name}: a console far away", sdk.vnc_url(far.instance_id, "eu-central-1"), demo)


class Sts:
    """STS by the current SDK's generic client: there is no smaller judge of both schemes."""

    def __init__(self, demo: Demo, algorithm: str | None) -> None:
        self._demo, self._algorithm = demo, algorithm

    def call(self, key: Key | None, action: str, version: str = "2015-04-01", **parameters: str) -> dict[str, Any]:
        """The answer's body; without a key, the request is not signed and its parameters are a form."""
        config = Config(endpoint=self._demo.authority, protocol="http", region_id=REGION,
                        signature_algorithm=self._algorithm)  # fmt: skip
        if key:
            config.access_key_id, config.access_key_secret, config.security_token = key.id, key.secret, key.token
        params = Params(action=action, version=version, protocol="HTTP", pathname="/", method="POST", style="RPC",
                        auth_type="AK" if key else "Anonymous", req_body_type="formData", body_type="json")  # fmt: skip
        request = OpenApiRequest(query=parameters) if key else OpenApiRequest(body=parameters)
        try:
            return OpenApiClient(config).call_api(params, request, RuntimeOptions())["body"]
        except AlibabaCloudException as error:
            raise Refused(error.code, error.status_code, error.message, error.request_id) from error

    def assume(self, key: Key, role: str, **more: str) -> Key:
        """The key of a role."""
        return key_of(self.call(key, "AssumeRole", RoleArn=role, RoleSessionName="sdk.py", **more))


def key_of(answer: dict[str, Any]) -> Key:
    """The key in an answer of STS."""
    credentials = answer["Credentials"]
    return Key(credentials["AccessKeyId"], credentials["AccessKeySecret"], credentials["SecurityToken"])


def roles_are_assumed(demo: Demo, algorithm: str | None) -> None:
    """AssumeRole by both schemes, AssumeRoleWithOIDC by none; what comes of it opens consoles."""
    sts, name = Sts(demo, algorithm), f"STS, {algorithm or 'ACS3'}"
    answer = sts.call(OWN, "AssumeRole", RoleArn=ROLE, RoleSessionName="sdk.py", DurationSeconds="900", Policy="{}")
    console = key_of(answer)
    check(f"{name}: a temporary key's id", console.id.startswith("STS."), console.id)
    check_equal(f"{name}: the assumed role", answer["AssumedRoleUser"]["Arn"], f"{ROLE}/sdk.py")
    expires = datetime.datetime.strptime(answer["Credentials"]["Expiration"], "%Y-%m-%dT%H:%M:%SZ")
    left = (expires.replace(tzinfo=datetime.timezone.utc) - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    check(f"{name}: it lives 900 s", 840 < left <= 900, left)
    check_vnc_url(f"{name}: its console", CurrentSdk(demo, console, algorithm).vnc_url("i-demo-linux"), demo)
    identity = sts.call(console, "GetCallerIdentity")
    seen = (identity["IdentityType"], identity["AccountId"], identity["Arn"])
    expected = ("AssumedRoleUser", "1234567890123456", f"{ACCOUNT}:assumed-role/demo-console/sdk.py")
    check_equal(f"{name}: who it is", seen, expected)
    check_equal(f"{name}: who the own key is", sts.call(OWN, "GetCallerIdentity")["IdentityType"], "RAMUser")

    inner = sts.assume(console, ROLE_CHAINED)
    check_vnc_url(f"{name}: a chained role", CurrentSdk(demo, inner, algorithm).vnc_url("i-demo-linux"), demo)
    external = sts.assume(OWN, ROLE_EXTERNAL, ExternalId="demo-external-id")
    check_vnc_url(f"{name}: an external role", CurrentSdk(demo, external, algorithm).vnc_url("i-demo-linux"), demo)
    oidc = {"OIDCProviderArn": OIDC_PROVIDER, "OIDCToken": OIDC_TOKEN, "RoleArn": ROLE_OIDC, "RoleSessionName": "oidc"}
    by_token = key_of(sts.call(None, "AssumeRoleWithOIDC", **oidc))
    check_vnc_url(f"{name}: an OIDC role", CurrentSdk(demo, by_token, algorithm).vnc_url("i-demo-linux"), demo)

    def without_token() -> str:
        return CurrentSdk(demo, Key(console.id, console.secret), algorithm).vnc_url("i-demo-linux")

    for what, code, call in [
        ("the inner role by the own key", "NoPermission", lambda: sts.assume(OWN, ROLE_CHAINED)),
        ("the external role without its id", "NoPermission", lambda: sts.assume(OWN, ROLE_EXTERNAL)),
        ("a role of nobody", "EntityNotExist.Role", lambda: sts.assume(OWN, f"{ACCOUNT}:role/nobody")),
        ("no role", "InvalidParameter.RoleArn", lambda: sts.assume(OWN, "demo-console")),
        ("too short", "InvalidParameter.DurationSeconds", lambda: sts.assume(OWN, ROLE, DurationSeconds="899")),
        ("a wrong secret", "SignatureDoesNotMatch", lambda: sts.assume(Key(OWN.id, "wrong"), ROLE)),
        ("another token", "AuthenticationFail.OIDCToken.Invalid",
         lambda: sts.call(None, "AssumeRoleWithOIDC", **{**oidc, "OIDCToken": "other"})),
        ("an operation of ECS", "InvalidAction.NotFound", lambda: sts.call(OWN, "DescribeRegions")),
        ("an operation of STS", "InvalidAction.NotFound", lambda: sts.call(OWN, "GetCallerIdentity", "2014-05-26")),
        ("no such version", "InvalidVersion", lambda: sts.call(OWN, "AssumeRole", "2015-04-02")),
        ("a temporary key without its token", "MissingSecurityToken", without_token),
    ]:  # fmt: skip
        check_refused(f"{name}: {what}: {code}", code, call)


def the_credentials_sdk_gets_its_keys(demo: Demo) -> None:
    """Its providers add https:// to a host only where no scheme stands, so they can be led here as they are."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(OIDC_TOKEN)
        file.flush()
        common = {"role_session_name": "sdk.py", "sts_endpoint": demo.endpoint}
        own = {"access_key_id": OWN.id, "access_key_secret": OWN.secret}
        console = RamRoleArnCredentialsProvider(role_arn=ROLE, **own, **common)
        providers = {
            "RamRoleArn": console,
            "RamRoleArn, external": RamRoleArnCredentialsProvider(
                role_arn=ROLE_EXTERNAL, external_id="demo-external-id", **own, **common
            ),
            "RamRoleArn, chained": RamRoleArnCredentialsProvider(
                role_arn=ROLE_CHAINED, credentials_provider=console, **common
            ),
            "OIDC": OIDCRoleArnCredentialsProvider(
                role_arn=ROLE_OIDC, oidc_provider_arn=OIDC_PROVIDER, oidc_token_file_path=file.name, **common
            ),
        }
        for name, provider in providers.items():
            given = provider.get_credentials()
            key = Key(given.get_access_key_id(), given.get_access_key_secret(), given.get_security_token())
            check_vnc_url(f"{name} provider", CurrentSdk(demo, key, None).vnc_url("i-demo-linux"), demo)


def the_current_sdk_understands_throttling(demo: Demo) -> None:
    """Its own class of exceptions, and the wait from `x-acs-retry-after`; then it passes, as the account promises."""
    sdk = CurrentSdk(demo, OWN, None)
    for turn in ("first", "second"):
        try:
            sdk.vnc_url("i-demo-flaky")
            cause: object = None
        except Refused as refused:
            cause = refused.__cause__
        check(f"throttled, {turn} time: a ThrottlingException", isinstance(cause, ThrottlingException), cause)
        check_equal(f"throttled, {turn} time: code and wait", (cause.code, cause.retry_after), ("Throttling.User", 100))
    check_vnc_url("third time", sdk.vnc_url("i-demo-flaky"), demo)


def screens_and_boot_logs_are_given(demo: Demo, algorithm: str | None, linux: str, windows: str) -> None:
    """GetInstanceScreenshot in both forms and at its distance, GetInstanceConsoleOutput with and without symbols."""
    sdk = CurrentSdk(demo, OWN, algorithm)
    name = f"current SDK, {algorithm or 'ACS3'}"
    picture = sdk.screenshot(linux)
    # PNG, section 11.2.2; ITU-T T.81, annex B.
    size = struct.unpack(">II", picture[16:24])
    check_equal(f"{name}: a Linux gives a PNG", (picture[:8], size), (b"\x89PNG\r\n\x1a\n", (720, 400)))
    picture = sdk.screenshot(windows)
    check_equal(f"{name}: a Windows gives a JPG", (picture[:3], picture[-2:]), (b"\xff\xd8\xff", b"\xff\xd9"))
    for what, code, status, call in [
        ("two within 10 s", "Throttling", 429, lambda: sdk.screenshot(linux)),
        ("one of what does not run", "IncorrectInstanceStatus", 405, lambda: sdk.screenshot("i-demo-stopped")),
        ("the log of a Windows", "NotSupported", 405, lambda: sdk.console_output(windows)),
        ("the log of an unknown", "InvalidInstanceId.NotFound", 404, lambda: sdk.console_output("i-none")),
    ]:
        refused = check_refused(f"{name}: {what}: {code}", code, call)
        check_equal(f"{name}: {what}: its status", refused.status, status)

    log, time = sdk.console_output(linux)
    # A name that is not ASCII is no host's name: the id stands in its place.
    host = INSTANCES[linux][0] if linux in INSTANCES else linux
    check(f"{name}: a boot log as a console has it", "\x1b[0;32m  OK" in log and f"{host} login:" in log, log)
    # The vendor's page: UTC+8, in the form of its sample.
    taken = datetime.datetime.strptime(f"{time} +0800", "%Y-%m-%d %H:%M:%S %z")
    age = datetime.datetime.now(datetime.timezone.utc) - taken
    check(f"{name}: its time is a while ago", 180 <= age.total_seconds() < 86400 + 600, (time, age))
    plain, _ = sdk.console_output(linux, remove_symbols=True)
    check(f"{name}: without symbols", "\x1b" not in plain and "[  OK  ]" in plain, plain)


def power_is_changed(demo: Demo, name: str, instance: str) -> None:
    """Stopped, started and rebooted, with the statuses on the way; refused where the status does not allow it."""
    sdk = SDKS[name](demo, OWN)

    def status() -> str:
        return sdk.instances([instance])[instance][3]

    def becomes(wanted: str) -> None:
        for _ in range(100):
            if status() == wanted:
                break
            time.sleep(0.1)
        check_equal(f"{name}: {instance} becomes {wanted}", status(), wanted)

    check_equal(f"{name}: {instance} runs", status(), "Running")
    check_refused(f"{name}: a start of what runs", "IncorrectInstanceStatus", lambda: sdk.power("Start", instance))
    for verb in ("Stop", "Reboot"):
        what = f"{name}: a dry run of {verb}Instance"
        check_refused(what, "DryRunOperation", lambda: sdk.power(verb, instance, dry_run=True))
    check_equal(f"{name}: a dry run changes nothing", status(), "Running")
    sdk.power("Stop", instance)
    check_equal(f"{name}: it is stopped", status(), "Stopping")
    check_refused(f"{name}: a reboot of what stops", "IncorrectInstanceStatus", lambda: sdk.power("Reboot", instance))
    becomes("Stopped")
    check_refused(f"{name}: its console", "IncorrectInstanceStatus", lambda: sdk.vnc_url(instance))
    sdk.power("Start", instance)
    check_equal(f"{name}: it is started", status(), "Starting")
    check_refused(f"{name}: its console is not ready", "InstanceNotReady", lambda: sdk.vnc_url(instance))
    becomes("Running")
    sdk.power("Reboot", instance, force=True)
    check_equal(f"{name}: it is rebooted", status(), "Starting")
    becomes("Running")
    check_vnc_url(f"{name}: its console after that", sdk.vnc_url(instance), demo)
    check_refused(f"{name}: an unknown one", "InvalidInstanceId.NotFound", lambda: sdk.power("Stop", "i-none"))
    narrow = SDKS[name](demo, NARROW)
    check_refused(f"{name}: a narrow key", "Forbidden.RAM", lambda: narrow.power("Stop", instance))


def the_older_sdk_finds_its_own_string_to_sign(demo: Demo) -> None:
    """It compares the service's string to sign with its own; only where they are equal does it blame the secret."""
    client = AcsClient(OWN.id, "wrong", REGION, auto_retry=False)
    request = DescribeInstanceVncUrlRequest()
    request.set_InstanceId("i-demo-linux")
    request.set_endpoint(demo.authority)
    request.set_protocol_type("http")
    try:
        client.do_action_with_exception(request)
        code = "not refused"
    except ServerException as error:
        code = error.get_error_code()
    check_equal("the account's string to sign is the older SDK's", code, "InvalidAccessKeySecret")


def code_of(url: str, method: str) -> str | None:
    """Sends a signed request plainly; the code of the error, or nothing."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
            return json.load(answer).get("Code")
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)["Code"]


def a_request_works_once(demo: Demo) -> None:
    """The method is part of what is signed, and the same signed request sent again is a replay."""
    request = DescribeInstanceVncUrlRequest()
    request.set_InstanceId("i-demo-linux")
    request.set_accept_format("JSON")
    assert request.get_method() == "POST"
    url = demo.endpoint + request.get_url(REGION, OWN.id, OWN.secret)
    check_equal("a signed request with another method", code_of(url, "GET"), "SignatureDoesNotMatch")
    check_equal("a signed request", code_of(url, "POST"), None)
    check_equal("the same request again", code_of(url, "POST"), "SignatureNonceUsed")
    changed = url.replace("i-demo-linux", "i-demo-windows")
    check_equal("a signed request, changed on its way", code_of(changed, "POST"), "SignatureDoesNotMatch")


# What ecs-vnc sends, signed once more by the SDKs' code.


@dataclass
class Sent:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Before the query."""
        return self.target.partition("?")[0]

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters; one that comes twice is a mistake."""
        query = self.target.partition("?")[2]
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True, encoding="utf-8")
        assert len(dict(pairs)) == len(pairs), pairs
        return dict(pairs)

    @property
    def action(self) -> str | None:
        """By whichever scheme."""
        return self.headers.get("x-acs-action") or self.parameters.get("Action")


ANSWERS = {
    "DescribeInstanceVncUrl": {"VncUrl": "wss%3A%2F%2Fvnc.example%2Fwebsockify%2F%3Fs%3Da%252Fb", "RequestId": "R1"},
    "DescribeInstances": {"Instances": {"Instance": []}, "NextToken": "", "TotalCount": 0, "RequestId": "R2"},
}


@dataclass
class Recorder:
    """A server that answers ecs-vnc and keeps what it was sent."""

    sent: list[Sent] = field(default_factory=list)

    def __enter__(self) -> Recorder:
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                sent = Sent(self.command, self.path, headers, body)
                recorder.sent.append(sent)
                text = json.dumps(ANSWERS[sent.action]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = answer

            def log_message(self, *_: object) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def authority(self) -> str:
        """`127.0.0.1:PORT`"""
        return f"127.0.0.1:{self._server.server_port}"


# Every character that an encoder may get wrong and a key may hold.
ODD = Key("LTAI-odd.id_1~", "s/e+c=r&e%t*'()!~\"#?;:@$,[]", "tok/en+with=odd&chars%2F~*'()!==")
PLAIN = Key("LTAIplain", "plainSecret")


def sent_by(binary: str, key: Key, scheme: str) -> list[Sent]:
    """What ecs-vnc sends to get VncUrls: DescribeInstanceVncUrl for each, and DescribeInstances for all."""
    with Recorder() as recorder, tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
        config = os.path.join(home, "config.toml")
        with open(os.open(config, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(f'[profile.judged]\nsignature_version = "{scheme}"\n')
        env = sealed(
            home,
            ALIBABA_CLOUD_ACCESS_KEY_ID=key.id,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET=key.secret,
            **({"ALIBABA_CLOUD_SECURITY_TOKEN": key.token} if key.token else {}),
        )
        argv = [binary, "vnc-url", "i-1", "i-2._x", "--config", config, "--profile", "judged", "-r", REGION,
                "--endpoint", f"http://{recorder.authority}", "-o", "json"]  # fmt: skip
        ended = run_to_end(argv, env)
        assert ended.returncode == 0, ended.stderr
        actions = sorted(sent.action or "" for sent in recorder.sent)
        assert actions == ["DescribeInstanceVncUrl", "DescribeInstanceVncUrl", "DescribeInstances"], actions
        assert all(sent.headers["host"] == recorder.authority for sent in recorder.sent), recorder.sent
        return recorder.sent


def check_stamp(name: str, time: str, nonces: list[str]) -> None:
    """A time of now, and never the same nonce."""
    parsed = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    age = abs((datetime.datetime.now(datetime.timezone.utc) - parsed).total_seconds())
    check(f"{name}: its time is now", age < 60, time)
    check(f"{name}: its nonces differ", len(set(nonces)) == len(nonces), nonces)


def rpc_signatures_agree(binary: str, key: Key, name: str) -> None:
    """SignatureVersion 1.0."""
    requests = sent_by(binary, key, "1.0")
    string_to_sign = getattr(older_signer, "__compose_string_to_sign")
    signature = getattr(older_signer, "__get_signature")
    for sent in requests:
        what = f"1.0, {name}, {sent.action}"
        parameters = sent.parameters
        ours = parameters.pop("Signature")
        older = signature(string_to_sign(sent.method, parameters), key.secret)
        check_equal(f"{what}: as the older SDK signs", ours, older)
        current = CurrentSigner.get_rpcsignature(parameters, sent.method, key.secret)
        check_equal(f"{what}: as the current SDK signs", ours, current)
        fixed = {"Version": "2014-05-26", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "Format": "JSON",
                 "AccessKeyId": key.id, "RegionId": REGION, "Action": sent.action}  # fmt: skip
        check_equal(f"{what}: the common parameters", {name: parameters.get(name) for name in fixed}, fixed)
        check_equal(f"{what}: the token", parameters.get("SecurityToken"), key.token)
        check_equal(f"{what}: nothing in the body", (sent.path, sent.body), ("/", b""))
        check_subject(what, sent)
    nonces = [sent.parameters["SignatureNonce"] for sent in requests]
    check_stamp(f"1.0, {name}", requests[0].parameters["Timestamp"], nonces)


def acs3_signatures_agree(binary: str, key: Key, name: str) -> None:
    """ACS3-HMAC-SHA256."""
    requests = sent_by(binary, key, "acs3")
    for sent in requests:
        what = f"ACS3, {name}, {sent.action}"
        ours = sent.headers["authorization"]
        signed = re.search("SignedHeaders=([^,]+)", ours).group(1).split(";")
        judged = SimpleNamespace(
            method=sent.method,
            pathname=sent.path,
            query=sent.parameters,
            headers={name: sent.headers[name] for name in signed},
        )
        payload = hashlib.sha256(sent.body).hexdigest()
        theirs = CurrentSigner.get_authorization(judged, "ACS3-HMAC-SHA256", payload, key.id, key.secret)
        check_equal(f"{what}: as the current SDK signs", ours, theirs)
        # The SDK signs every header of the scheme, so whatever of it is sent must be among the signed.
        of_scheme = {name for name in sent.headers if name.startswith("x-acs-")} | {"host"}
        check(f"{what}: all of the scheme's headers are signed", of_scheme <= set(signed), (of_scheme, signed))
        fixed = {"x-acs-action": sent.action, "x-acs-version": "2014-05-26", "x-acs-content-sha256": payload}
        check_equal(f"{what}: the common headers", {name: sent.headers.get(name) for name in fixed}, fixed)
        check_equal(f"{what}: the token", sent.headers.get("x-acs-security-token"), key.token)
        check_equal(f"{what}: the region", sent.parameters["RegionId"], REGION)
        check_subject(what, sent)
    nonces = [sent.headers["x-acs-signature-nonce"] for sent in requests]
    check_stamp(f"ACS3, {name}", requests[0].headers["x-acs-date"], nonces)


def check_subject(what: str, sent: Sent) -> None:
    """The instances it is about."""
    if sent.action == "DescribeInstances":
        check_equal(f"{what}: InstanceIds", json.loads(sent.parameters["InstanceIds"]), ["i-1", "i-2._x"])
    else:
        check(f"{what}: InstanceId", sent.parameters["InstanceId"] in ("i-1", "i-2._x"), sent.parameters)


def main() -> int:
    binary = binary_of(sys.argv, "sdk.py PATH_TO_ECS_VNC")
    seal_this_process()
    # The older SDK logs every refusal; the checks say what matters.
    logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)

    def of(test: Callable[..., None], *arguments: object) -> Callable[[], None]:
        def bound() -> None:
            test(*arguments)

        words = [text for text in arguments if isinstance(text, str) and text != binary]
        bound.__name__ = ", ".join([test.__name__, *words])
        return bound

    with Demo(binary) as demo:
        return run([
            of(the_demos_line, demo),
            *(sdk_test(demo, name, make) for name, make in SDKS.items()),
            of(the_current_sdk_pages_and_filters, demo, None),
            of(the_current_sdk_pages_and_filters, demo, "v2"),
            of(roles_are_assumed, demo, None),
            of(roles_are_assumed, demo, "v2"),
            of(the_credentials_sdk_gets_its_keys, demo),
            of(the_current_sdk_understands_throttling, demo),
            of(screens_and_boot_logs_are_given, demo, None, "i-demo-linux", "i-demo-windows"),
            of(screens_and_boot_logs_are_given, demo, "v2", "i-demo-0006", "i-demo-0008"),
            of(power_is_changed, demo, "current SDK, ACS3", "i-demo-0010"),
            of(power_is_changed, demo, "current SDK, v2", "i-demo-0011"),
            of(power_is_changed, demo, "older SDK, JSON", "i-demo-0012"),
            of(power_is_changed, demo, "older SDK, XML", "i-demo-0013"),
            of(the_older_sdk_finds_its_own_string_to_sign, demo),
            of(a_request_works_once, demo),
            of(rpc_signatures_agree, binary, PLAIN, "a plain key"),
            of(rpc_signatures_agree, binary, ODD, "an odd key and token"),
            of(acs3_signatures_agree, binary, PLAIN, "a plain key"),
            of(acs3_signatures_agree, binary, ODD, "an odd key and token"),
        ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
