"""What a script without ecs-vnc does to know what stands on many screens: `python sdk_check.py RULES.toml NAME_PATTERN`.

Lists the instances of cn-hangzhou by the official Python SDK, fetches their screenshots, eight at once, reads each with
tesseract, and tells the state by the lowest row that a rule of ecs-vnc matches. Prints `ID NAME STATE` a line.
"""

import base64
import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alibabacloud_ecs20140526.models import DescribeInstancesRequest, GetInstanceScreenshotRequest
from sdk_client import client

rules = [(re.compile(rule["pattern"]), rule["state"]) for rule in tomllib.loads(Path(sys.argv[1]).read_text())["rule"]]


def instances(name: str) -> list:
    """The running ones."""
    found, token = [], None
    while True:
        request = DescribeInstancesRequest(
            region_id="cn-hangzhou", instance_name=name, status="Running", max_results=100, next_token=token
        )
        body = client.describe_instances(request).body
        found += body.instances.instance
        token = body.next_token
        if not token:
            return found


def state_of(instance_id: str) -> str:
    """What tesseract's rows say; `?` for nothing."""
    request = GetInstanceScreenshotRequest(region_id="cn-hangzhou", instance_id=instance_id)
    picture = base64.b64decode(client.get_instance_screenshot(request).body.screenshot)
    argv = ["tesseract", "stdin", "stdout", "--psm", "6", "quiet"]
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    said = subprocess.run(argv, input=picture, capture_output=True, env=env, check=False).stdout.decode(errors="replace")
    rows = [row.rstrip() for row in said.splitlines()]
    return next((state for row in reversed(rows) for pattern, state in rules if pattern.search(row)), "?")


found = instances(sys.argv[2])
with ThreadPoolExecutor(8) as pool:
    states = pool.map(lambda one: state_of(one.instance_id), found)
    for one, state in zip(found, states, strict=True):
        print(one.instance_id, one.instance_name, state, flush=True)
