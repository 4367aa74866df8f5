#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""send.py FILE [SIZE]: a file to the coprocessor, a buffer at a time, with asyncio."""
import asyncio
import sys
from typing import List

import rpmsg_sdb


async def send(name: str, size: int) -> int:
    with open(name, "rb") as file, rpmsg_sdb.Device() as device:
        ours: List[int] = [device.allocate(size).number for _ in range(2)]
        if not device.takes_buffers():
            print("this coprocessor takes no buffers", file=sys.stderr)
            return 1
        total = len(ours)
        sent = 0
        # The buffer that nothing could be read into any more stays ours.
        while True:
            while not ours:
                ours += [transfer.buffer for transfer in await device.read_async()]
            length = file.readinto(device.buffers[ours[0]].data)
            if not length:
                break
            await device.write_async([rpmsg_sdb.Transfer(ours.pop(0), length)])
            sent += length
        # Closing takes the buffers away: not while the coprocessor reads them.
        while len(ours) < total:
            ours += [transfer.buffer for transfer in await device.read_async()]
        print(f"{sent} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(send(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1 << 20)))
