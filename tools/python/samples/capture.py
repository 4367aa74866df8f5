#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""capture.py FILE [TRANSFERS [SIZE]]: what the coprocessor fills, into a file."""
import sys

import rpmsg_sdb


def main() -> int:
    name = sys.argv[1]
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 20
    missed = 0
    with open(name, "wb") as file, rpmsg_sdb.Device() as device:
        buffers = [device.allocate(size) for _ in range(4)]
        if not device.hand_over_all():
            print("this coprocessor fills when it likes: what is not read in time is overwritten", file=sys.stderr)
        for count, transfer in enumerate(device, start=1):
            file.write(buffers[transfer.buffer].data[: transfer.length])
            missed += transfer.missed
            if count == wanted:
                break
            device.hand_back(transfer)
        print(f"{wanted} transfers, {file.tell()} bytes, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
