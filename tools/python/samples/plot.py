#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""plot.py [FRAMES]: what the coprocessor fills, as a curve in the terminal, until Ctrl-C.

Samples are unsigned 16-bit little-endian numbers; change FORMAT for others.
"""
import shutil
import sys
from typing import List

import rpmsg_sdb

FORMAT = "H"
LOWEST, HIGHEST = 0, 65535
HEIGHT = 16


def curve(samples: memoryview, width: int) -> List[str]:
    """A column for each stretch of samples, marked from its lowest to its highest."""
    rows = [[" "] * width for _ in range(HEIGHT)]
    for column in range(width):
        first = column * len(samples) // width
        stretch = samples[first : max(first + 1, (column + 1) * len(samples) // width)]
        top, bottom = (
            (HEIGHT - 1) - (value - LOWEST) * (HEIGHT - 1) // (HIGHEST - LOWEST)
            for value in (max(stretch), min(stretch))
        )
        for row in range(top, bottom + 1):
            rows[row][column] = "#"
    return ["".join(row) for row in rows]


def main() -> None:
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with rpmsg_sdb.Device() as device:
        for _ in range(4):
            device.allocate(64 << 10)
        device.hand_over_all()
        sys.stdout.write("\033[2J")
        for count, transfer in enumerate(device, start=1):
            # A copy: the coprocessor may fill the buffer again while the picture is made.
            whole = transfer.length // 2 * 2
            data = bytes(device.buffers[transfer.buffer].data[:whole])
            device.hand_back(transfer)
            if data:
                lines = curve(memoryview(data).cast(FORMAT), shutil.get_terminal_size().columns - 1)
                title = f"buffer {transfer.buffer}, {transfer.length} bytes, {transfer.missed} missed"
                sys.stdout.write("\033[H" + "\033[K\n".join([title, *lines]) + "\033[K\n")
                sys.stdout.flush()
            if count == frames:
                return


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
