"""A client of the official Python SDK, for the service and the key that the environment names."""

import os

from alibabacloud_ecs20140526.client import Client
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
