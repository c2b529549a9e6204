"""Finding an instance in all regions, or listing all, through the official Python SDK, every region at once.

`sdk_discovery.py find NAME` prints the VncUrl's answer; `sdk_discovery.py list [REGION]` prints the instances' ids.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from alibabacloud_ecs20140526.client import Client
from alibabacloud_ecs20140526.models import (
    DescribeInstancesRequest,
    DescribeInstanceVncUrlRequest,
    DescribeRegionsRequest,
)
from alibabacloud_tea_openapi.models import Config

client = Client(
    Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        region_id="cn-hangzhou",
        endpoint=os.environ["ALIBABA_CLOUD_ENDPOINT"].removeprefix("http://"),
        protocol="http",
    )
)


def instances(region: str, name: str | None = None) -> list:
    """All pages of a region; one that refuses has none."""
    found, token = [], None
    while True:
        request = DescribeInstancesRequest(region_id=region, instance_name=name, max_results=100, next_token=token)
        try:
            body = client.describe_instances(request).body
        except Exception:  # The region that is not opened.
            return found
        found += body.instances.instance
        token = body.next_token
        if not token:
            return found


def everywhere(name: str | None = None) -> list:
    """The same of every region, at once."""
    regions = [one.region_id for one in client.describe_regions(DescribeRegionsRequest()).body.regions.region]
    with ThreadPoolExecutor(len(regions)) as pool:
        return [one for found in pool.map(lambda region: instances(region, name), regions) for one in found]


match sys.argv[1:]:
    case ["find", name]:
        (one,) = everywhere(name)
        request = DescribeInstanceVncUrlRequest(region_id=one.region_id, instance_id=one.instance_id)
        print(one.instance_id, client.describe_instance_vnc_url(request).body.vnc_url)
    case ["list", region]:
        print("\n".join(one.instance_id for one in instances(region)))
    case _:
        print("\n".join(one.instance_id for one in everywhere()))
