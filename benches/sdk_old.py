"""One DescribeInstanceVncUrl through the older official Python SDK aliyun-python-sdk-ecs."""

import json
import os

from aliyunsdkcore.client import AcsClient
from aliyunsdkecs.request.v20140526.DescribeInstanceVncUrlRequest import DescribeInstanceVncUrlRequest

client = AcsClient(
    os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    os.environ["ALIBABA_CLOUD_REGION_ID"],
)
request = DescribeInstanceVncUrlRequest()
request.set_InstanceId(os.environ["INSTANCE"])
request.set_endpoint(os.environ["ALIBABA_CLOUD_ENDPOINT"].removeprefix("http://"))
request.set_protocol_type("http")
request.set_accept_format("JSON")
print(json.loads(client.do_action_with_exception(request))["VncUrl"])
