"""A picture with asyncvnc, as its own README takes one: PORT FILE."""

import asyncio
import sys

import asyncvnc
from PIL import Image


async def main() -> None:
    async with asyncvnc.connect("127.0.0.1", int(sys.argv[1])) as client:
        pixels = await client.screenshot()
        # Its pixels have an alpha of whatever the server sends.
        Image.fromarray(pixels[:, :, :3]).save(sys.argv[2])


asyncio.run(main())
