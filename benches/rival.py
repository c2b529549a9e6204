"""aliyun-ecs-vnc as it is, but for the one call to the service: VNC_URL stands for its answer."""
import os

from aliyun_ecs_vnc.__main__ import main
from aliyun_ecs_vnc.relay import VncRelay

VncRelay.fetch_vnc_url = lambda _relay, _instance: os.environ["VNC_URL"]
main()
