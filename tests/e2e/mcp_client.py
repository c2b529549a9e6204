"""`mcp` before the official client of MCP: `python mcp_client.py PATH_TO_ECS_VNC [PICTURES_DIR]`.

The client starts the server and speaks both lifecycles of the protocol with it. What was typed is read from the memory of QEMU
guests, and which keys are down from a guest that shows what its keyboard's controller gives it: neither goes by VNC.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import guests
from harness import Demo, bound, check, check_equal, main_with_pictures, sealed, until
from linux_files import ROOT_PASSWORD
from linux_guest import VGA_TEXT, LinuxGuest
from mcp import Client, MCPError, StdioServerParameters
from PIL import Image
from qemu import STEP, Qemu

READING = ["list_instances", "read_screen", "wait_for", "boot_log", "check"]
INPUT = ["type_text", "press_keys", "click", "run_command", "power"]

# That with a handshake, and that of 2026-07-28 without one.
LIFECYCLES = ["legacy", "2026-07-28"]

# Scancodes of set 1. IBM's PC/AT reference.
CONTROL, X = 0x1D, 0x2D

MACHINE = "i-demo-linux"


def talk(binary: str, flags: list[str], work: Callable[[Client], Awaitable[None]], mode: str = "legacy", **env: str) -> None:
    """Starts a server and lets the client do its work."""

    async def session() -> None:
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
            server = StdioServerParameters(command=binary, args=["mcp", "--profile", "demo", *flags], env=sealed(home, **env))
            async with Client(server, mode=mode, read_timeout_seconds=300) as client:
                await work(client)

    asyncio.run(session())


def text_of(result: Any) -> str:
    """The text of a result."""
    return result.content[0].text


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    """A call that must go well."""
    result = await client.call_tool(tool, arguments)
    check(f"{tool}: is no error", not result.is_error, text_of(result))
    return result


async def confirmed(client: Client, tool: str, **arguments: Any) -> Any:
    """A call that is planned first, and then done."""
    plan = await call(client, tool, **arguments)
    return await call(client, tool, **arguments, confirm=plan.structured_content["confirm"])


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """What is said of a tool that is not there."""
    try:
        result = await client.call_tool(tool, arguments)
    except MCPError as error:
        return str(error)
    return f"not refused: {result}"


def lists_and_reads(binary: str, pictures: Path) -> None:
    """Without input."""
    for mode in LIFECYCLES:

        async def work(client: Client, mode: str = mode) -> None:
            tools = (await client.list_tools()).tools
            check_equal(f"{mode}: the tools", [tool.name for tool in tools], READING)
            check(f"{mode}: they only read", all(tool.annotations.read_only_hint for tool in tools))
            rows = (await call(client, "list_instances", name="web-0?")).structured_content["instances"]
            check_equal(f"{mode}: the list", sorted(row["name"] for row in rows), ["web-01", "web-02"])
            read = await call(client, "read_screen", instance="web-01")
            check(f"{mode}: the screen's text", "\nweb-01 login:\n" in text_of(read), text_of(read))
            for tool in INPUT:
                said = await refused(client, tool, instance="web-01", confirm=True)
                check(f"{mode}: {tool} is refused", "--allow-input" in said, said)
            over_vnc = await client.call_tool("read_screen", {"instance": "web-01", "via": "vnc"})
            check(f"{mode}: VNC is refused", over_vnc.is_error and "--allow-input" in text_of(over_vnc), text_of(over_vnc))
            found = await call(client, "wait_for", instance="db-02", text="Give root password", timeout=20)
            check(f"{mode}: a text is found", text_of(found).startswith("FOUND"), text_of(found))
            window = await call(client, "read_screen", instance="office-01")
            picture = Image.open(io.BytesIO(base64.b64decode(window.content[1].data)))
            picture.save(pictures / "mcp-office.png")
            check(f"{mode}: a picture", max(picture.size) <= 1280 and len(set(picture.convert("RGB").getdata())) > 100, picture.size)
            log = await call(client, "boot_log", instance="web-01", tail=5)
            check_equal(f"{mode}: the boot log's lines", len(log.structured_content["lines"]), 5)

        talk(binary, [], work, mode)


def types_into_a_guest(binary: str, pictures: Path) -> None:
    """Nothing before `confirm`, and then what was asked for."""
    words = 'The quick brown "fox" & 7 {dogs}'
    for mode in LIFECYCLES:
        with Qemu(guests.echo()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:

            async def work(client: Client, guest: Qemu = guest, mode: str = mode) -> None:
                check_equal(f"{mode}: all tools", [tool.name for tool in (await client.list_tools()).tools], READING + INPUT)
                plan = await call(client, "type_text", instance=MACHINE, text=words)
                check(f"{mode}: the plan", text_of(plan).startswith("Nothing was done yet"), text_of(plan))
                check_equal(f"{mode}: nothing is typed before it is confirmed", guest.text(), "")
                done = await call(
                    client, "type_text", instance=MACHINE, text=words, confirm=plan.structured_content["confirm"]
                )
                check_equal(f"{mode}: the guest's memory has the text", guest.shows(words), words)
                check(f"{mode}: and the answer shows it", f"\n{words}\n" in text_of(done), text_of(done))
                await confirmed(client, "press_keys", instance=MACHINE, chords=["shift-a", "b"])
                check_equal(f"{mode}: keys arrive", guest.shows(words + "Ab"), words + "Ab")

            talk(binary, ["--endpoint", demo.endpoint, "--allow-input"], work, mode)


def keys_are_released(binary: str, pictures: Path) -> None:
    """When the client cancels a call, and when it vanishes."""
    down, up = [CONTROL, X], [X | 0x80, CONTROL | 0x80]
    hold: dict[str, Any] = {"instance": MACHINE, "chords": ["hold:ctrl-x:60s"]}
    for mode in LIFECYCLES:
        with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:

            async def work(client: Client, guest: Qemu = guest, mode: str = mode) -> None:
                plan = await call(client, "press_keys", **hold)
                confirmed_hold = {**hold, "confirm": plan.structured_content["confirm"]}
                pressing = asyncio.ensure_future(client.call_tool("press_keys", confirmed_hold))
                # A key that is held repeats.
                await asyncio.to_thread(until, "the keys", STEP, lambda: guest.scancodes()[:2] == down)
                pressing.cancel()
                await asyncio.to_thread(until, "their release", STEP, lambda: guest.scancodes()[-2:] == up)
                check(f"{mode}: a cancelled call lets go", True)
                check(f"{mode}: the server goes on", (await client.list_tools()).tools)

            talk(binary, ["--endpoint", demo.endpoint, "--allow-input"], work, mode)
    with Qemu(guests.scancodes()) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        flags = ["mcp", "--profile", "demo", "--endpoint", demo.endpoint, "--allow-input"]
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as home:
            server = subprocess.Popen([binary, *flags], env=sealed(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            client = {"name": "e2e", "version": "1"}
            hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}
            assert server.stdin is not None
            assert server.stdout is not None

            def send(**frame: Any) -> None:
                assert server.stdin is not None
                server.stdin.write(json.dumps({"jsonrpc": "2.0", **frame}).encode() + b"\n")
                server.stdin.flush()

            send(id=1, method="initialize", params=hello)
            server.stdout.readline()
            send(method="notifications/initialized")
            send(id=2, method="tools/call", params={"name": "press_keys", "arguments": hold})
            token = json.loads(server.stdout.readline())["result"]["structuredContent"]["confirm"]
            arguments = {**hold, "confirm": token}
            send(id=3, method="tools/call", params={"name": "press_keys", "arguments": arguments})
            until("the keys", STEP, lambda: guest.scancodes()[:2] == down)
            server.stdin.close()
            check_equal("a client that vanishes: the exit code", server.wait(STEP), 0)
            until("their release", STEP, lambda: guest.scancodes()[-2:] == up)
            check("a client that vanishes leaves no key down", True)


def runs_a_command(binary: str, pictures: Path) -> None:
    """As root, who logs in with a password that neither the client nor the audit file is told."""
    with LinuxGuest(VGA_TEXT) as guest, Demo(binary, "--vnc-target", guest.websocket) as demo:
        guest.boots()
        guest.shows("debian login:")
        with tempfile.TemporaryDirectory(prefix="ecs-vnc-e2e-") as directory:
            audit = Path(directory) / "audit.jsonl"

            async def work(client: Client) -> None:
                command = "id -un; cat /etc/hostname >&2; exit 3"
                done = await confirmed(client, "run_command", instance=MACHINE, command=command, user="root", env="ROOT")
                output = done.structured_content
                hostname = guest.run("cat /etc/hostname").decode()
                check_equal("run_command: stdout", output["stdout"], "root\n")
                check_equal("run_command: stderr", output["stderr"], hostname)
                check_equal("run_command: the exit code", output["exit_code"], 3)
                await confirmed(client, "run_command", instance=MACHINE, command="echo by-an-agent > /run/agent")
                check_equal("run_command: the guest's file", guest.run("cat /run/agent"), b"by-an-agent\n")
                seen = await call(client, "wait_for", instance=MACHINE, text="[#] *$", via="vnc", timeout=20)
                check("the prompt is back", text_of(seen).startswith("FOUND"), text_of(seen))

            flags = ["--endpoint", demo.endpoint, "--allow-input", "--secret", "ROOT", "--audit", str(audit)]
            talk(binary, flags, work, ROOT=ROOT_PASSWORD)
            kept = audit.read_text()
            check("the audit file has no password", ROOT_PASSWORD not in kept, kept)
            outcomes = [json.loads(line)["outcome"] for line in kept.splitlines()]
            check_equal("the audit file has each call", outcomes, ["plan", "begun", "ok", "plan", "begun", "ok", "begun", "ok"])


if __name__ == "__main__":
    suite = [lists_and_reads, types_into_a_guest, keys_are_released, runs_a_command]
    sys.exit(main_with_pictures("mcp_client.py PATH_TO_ECS_VNC [PICTURES_DIR]", lambda *given: bound(suite, *given)))
