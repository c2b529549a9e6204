"""Finding an instance in all regions, or listing all, through the official Python SDK.

sdk_discovery.py find NAME          the VncUrl's answer; all regions are asked at once
sdk_discovery.py find-in-turn NAME  the same; one after the other up to the first that has it, as most scripts do
sdk_discovery.py list [REGION]      the instances of a region or, at once, of all, as lines of JSON
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from alibabacloud_ecs20140526.models import (
    DescribeInstancesRequest,
    DescribeInstancesResponseBodyInstancesInstance,
    DescribeInstanceVncUrlRequest,
    DescribeRegionsRequest,
)
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from sdk_client import client


def instances(region: str, name: str | None = None) -> list:
    """All pages of a region; one that refuses has none."""
    found, token = [], None
    while True:
        request = DescribeInstancesRequest(region_id=region, instance_name=name, max_results=100, next_token=token)
        try:
            body = client.describe_instances(request).body
        except AlibabaCloudException:  # The region that is not opened.
            return found
        found += body.instances.instance
        token = body.next_token
        if not token:
            return found


def regions() -> list[str]:
    """Every region."""
    return [one.region_id for one in client.describe_regions(DescribeRegionsRequest()).body.regions.region]


def everywhere(name: str | None = None) -> list:
    """The instances of every region, at once."""
    found = regions()
    with ThreadPoolExecutor(len(found)) as pool:
        return [one for page in pool.map(lambda region: instances(region, name), found) for one in page]


def in_turn(name: str) -> Iterator:
    """The same, one region after the other, as far as they are wanted."""
    for region in regions():
        yield from instances(region, name)


def console(one: DescribeInstancesResponseBodyInstancesInstance) -> str:
    """The instance and its VncUrl."""
    request = DescribeInstanceVncUrlRequest(region_id=one.region_id, instance_id=one.instance_id)
    return f"{one.instance_id} {client.describe_instance_vnc_url(request).body.vnc_url}"


match sys.argv[1:]:
    case ["find", name]:
        (one,) = everywhere(name)
        print(console(one))
    case ["find-in-turn", name]:
        print(console(next(in_turn(name))))
    case ["list", *region]:
        for one in instances(*region) if region else everywhere():
            print(json.dumps(one.to_map(), ensure_ascii=False))
