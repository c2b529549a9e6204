"""One DescribeInstanceVncUrl through the official Python SDK alibabacloud_ecs20140526."""

import os

from alibabacloud_ecs20140526.client import Client
from alibabacloud_ecs20140526.models import DescribeInstanceVncUrlRequest
from alibabacloud_tea_openapi.models import Config

client = Client(
    Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        region_id=os.environ["ALIBABA_CLOUD_REGION_ID"],
        endpoint=os.environ["ALIBABA_CLOUD_ENDPOINT"].removeprefix("http://"),
        protocol="http",
    )
)
request = DescribeInstanceVncUrlRequest(
    region_id=os.environ["ALIBABA_CLOUD_REGION_ID"], instance_id=os.environ["INSTANCE"]
)
print(client.describe_instance_vnc_url(request).body.vnc_url)
