# SPDX-License-Identifier: MIT
"""Large DDR buffers shared with an RPMsg coprocessor: /dev/rpmsg_sdb from Python.

One file, the standard library only, Python 3.8 or later. It speaks version 2 of the
interface, which kernel/ABI.md explains. What the coprocessor fills is read in place:

    with rpmsg_sdb.Device() as device:
        buffers = [device.allocate(1 << 20) for _ in range(4)]
        device.hand_over_all()
        for transfer in device:                     # or: async for transfer in device
            data = buffers[transfer.buffer].data[: transfer.length]
            ...
            device.hand_back(transfer)

Errors are OSError, with the errno that ABI.md lists: ENODEV when the coprocessor was stopped.
A slice of a buffer's data keeps its memory, and the device open, until it is dropped.
"""
import errno
import fcntl
import mmap
import os
import select
import struct
import time
from types import TracebackType
from typing import AsyncIterator, Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple, Type

# The header's names without RPMSG_SDB_ in front.
PEER_HANDOVER = 0x1
PEER_WITHDRAWAL = 0x2
PEER_BATCH = 0x4

CAN_TRANSFER = 0x1
CAN_ALLOCATE = 0x2
CAN_CACHE = 0x4
CAN_DMABUF = 0x8
CAN_RANGE = 0x10

CACHED = 0x1
FROM_COPROCESSOR = 0x2
TO_COPROCESSOR = 0x4
PINNABLE = 0x8

BUFFER_QUEUED = 0
BUFFER_ANNOUNCED = 1

SYNC_FOR_CPU = 0
SYNC_FOR_COPROCESSOR = 1


class Transfer(NamedTuple):
    """One buffer changes hands. To the coprocessor, length 0 asks for the buffer to be filled."""

    buffer: int
    length: int = 0
    missed: int = 0
    sequence: int = 0
    timestamp: int = 0
    reserved: int = 0


class Query(NamedTuple):
    """What the device and its coprocessor can do; CAN_ and PEER_ are their bits."""

    version: int
    capabilities: int
    peer: int
    max_buffers: int
    max_bytes: int
    address_limit: int
    buffers: int
    reserved: int
    bytes: int


class Allocation(NamedTuple):
    size: int
    flags: int
    buffer: int
    offset: int


class Place(NamedTuple):
    """Where a buffer is: the header's struct rpmsg_sdb_buffer. A tuple has a method index, so that has a longer name."""

    buffer: int
    channel_index: int
    address: int
    size: int
    state: int
    flags: int
    offset: int


class DmaBuf(NamedTuple):
    buffer: int
    flags: int
    fd: int
    reserved: int


class Export(NamedTuple):
    buffer: int
    flags: int
    fd: int
    reserved: int
    offset: int
    length: int


# I: 32 bits, i: the same, signed, Q: 64 bits; "=": as the header has them, without padding.
TRANSFER = struct.Struct("=IIIIQQ")
QUERY = struct.Struct("=IIIIQQIIQ")
ALLOCATION = struct.Struct("=QIIQ")
BUFFER = struct.Struct("=IIQQIIQ")
FREE = struct.Struct("=II")
SYNC = struct.Struct("=IIQQ")
DMABUF = struct.Struct("=IIiI")
EXPORT = struct.Struct("=IIiIQQ")


def _number(direction: int, number: int, layout: struct.Struct) -> int:
    """An ioctl's number as <asm-generic/ioctl.h> makes it: 1 is to the kernel, 2 from it."""
    return direction << 30 | layout.size << 16 | ord("R") << 8 | number


IOCTL_QUERY = _number(2, 0x60, QUERY)
IOCTL_ALLOCATE = _number(3, 0x61, ALLOCATION)
IOCTL_FREE = _number(1, 0x62, FREE)
IOCTL_BUFFER = _number(3, 0x63, BUFFER)
IOCTL_SYNC = _number(1, 0x64, SYNC)
IOCTL_EXPORT = _number(3, 0x65, DMABUF)
IOCTL_IMPORT = _number(3, 0x66, DMABUF)
IOCTL_EXPORT_RANGE = _number(3, 0x67, EXPORT)

# Records that one read() takes.
_RECORDS = 64


class Buffer:
    """Memory that both sides see. Made by Device.allocate() and Device.import_dmabuf()."""

    def __init__(self, device: "Device", number: int) -> None:
        self.device = device
        self.number = number
        place = self.place()
        self.size = place.size
        access = mmap.PROT_READ | mmap.PROT_WRITE
        memory = mmap.mmap(device.fileno(), place.size, flags=mmap.MAP_SHARED, prot=access, offset=place.offset)
        self.data = memoryview(memory)

    def place(self) -> Place:
        """Index, physical address, state and flags."""
        return Place(*self.device._ioctl(IOCTL_BUFFER, BUFFER, self.number))

    def sync(self, direction: int, offset: int, length: int) -> None:
        """Synchronises a range of a cached buffer, where reading and writing transfers does not."""
        self.device._ioctl(IOCTL_SYNC, SYNC, self.number, direction, offset, length)

    def export(self) -> int:
        """A descriptor of the buffer as a dma-buf; the caller closes it."""
        return DmaBuf(*self.device._ioctl(IOCTL_EXPORT, DMABUF, self.number, os.O_CLOEXEC)).fd

    def export_range(self, offset: int, length: int) -> int:
        """The same of a part of the buffer, in whole pages. Who synchronises it does so for these bytes only."""
        asked = (self.number, os.O_CLOEXEC, 0, 0, offset, length)
        return Export(*self.device._ioctl(IOCTL_EXPORT_RANGE, EXPORT, *asked)).fd

    def free(self) -> None:
        """Gives the buffer up. Its number may be given to the next one."""
        self.device._ioctl(IOCTL_FREE, FREE, self.number)
        self.unmap()
        del self.device.buffers[self.number]

    def unmap(self) -> None:
        # Python unmaps it as soon as nobody has a slice of it any more: now, as a rule.
        self.data.release()


class Device:
    """An open /dev/rpmsg_sdb, with buffers of its own: by their number in .buffers."""

    def __init__(self, path: str = "/dev/rpmsg_sdb", exclusive: bool = False) -> None:
        self.buffers: Dict[int, Buffer] = {}
        alone = os.O_EXCL if exclusive else 0
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | alone)

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        """Gives up all buffers, and unmaps them: a mapping keeps the device open, as a slice of its data does."""
        if self._fd < 0:
            return
        for buffer in self.buffers.values():
            buffer.unmap()
        self.buffers.clear()
        os.close(self._fd)
        self._fd = -1

    def __enter__(self) -> "Device":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def _ioctl(self, number: int, layout: struct.Struct, *values: int) -> Tuple[int, ...]:
        """The members are the values, then zeros; what the driver answers comes back."""
        fields = len(layout.unpack(bytes(layout.size)))
        memory = bytearray(layout.pack(*values, *[0] * (fields - len(values))))
        fcntl.ioctl(self._fd, number, memory)
        return layout.unpack(memory)

    def query(self) -> Query:
        return Query(*self._ioctl(IOCTL_QUERY, QUERY))

    def allocate(self, size: int, flags: int = 0) -> Buffer:
        """A buffer of whole pages, announced to the coprocessor. flags: CACHED and a direction, or 0."""
        made = Allocation(*self._ioctl(IOCTL_ALLOCATE, ALLOCATION, size, flags))
        return self._take(made.buffer)

    def import_dmabuf(self, fd: int) -> Buffer:
        """Another driver's dma-buf as a buffer."""
        return self._take(DmaBuf(*self._ioctl(IOCTL_IMPORT, DMABUF, 0, 0, fd)).buffer)

    def _take(self, number: int) -> Buffer:
        try:
            self.buffers[number] = Buffer(self, number)
        except BaseException:
            self._ioctl(IOCTL_FREE, FREE, number)
            raise
        return self.buffers[number]

    # ---- Reading transfers ----

    def read_now(self) -> List[Transfer]:
        """The transfers that wait, oldest first; none is an empty list."""
        try:
            return [Transfer(*each) for each in TRANSFER.iter_unpack(os.read(self._fd, _RECORDS * TRANSFER.size))]
        except BlockingIOError:
            return []

    def read(self, timeout: Optional[float] = None) -> List[Transfer]:
        """Waits for transfers. An empty list: none came within timeout seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            transfers = self.read_now()
            if transfers or not self._wait(select.POLLIN, deadline):
                return transfers

    def __iter__(self) -> Iterator[Transfer]:
        """Transfers without end; OSError(ENODEV) when the coprocessor was stopped."""
        while True:
            yield from self.read()

    async def read_async(self) -> List[Transfer]:
        """Waits for transfers without holding up the event loop. Any number of tasks may wait."""
        while True:
            transfers = self.read_now()
            if transfers:
                return transfers
            await self._wait_async(select.POLLIN)

    async def __aiter__(self) -> AsyncIterator[Transfer]:
        while True:
            for transfer in await self.read_async():
                yield transfer

    # ---- Handing buffers to the coprocessor ----

    def takes_buffers(self, timeout: float = 0.5) -> bool:
        """Whether the coprocessor takes buffers. It says so soon after the first allocation: until then, wait."""
        return self._wait(select.POLLOUT, time.monotonic() + timeout)

    def write_now(self, transfers: Iterable[Transfer]) -> int:
        """How many of the transfers were taken, in order; 0 while there is no room."""
        records = b"".join(TRANSFER.pack(*each) for each in transfers)
        try:
            return os.write(self._fd, records) // TRANSFER.size
        except BlockingIOError:
            return 0

    def write(self, transfers: Iterable[Transfer]) -> None:
        """Hands buffers over, all of them, and waits for room if it must."""
        rest = list(transfers)
        while rest:
            rest = rest[self.write_now(rest) :]
            if rest:
                self._wait(select.POLLOUT, None)

    async def write_async(self, transfers: Iterable[Transfer]) -> None:
        rest = list(transfers)
        while rest:
            rest = rest[self.write_now(rest) :]
            if rest:
                await self._wait_async(select.POLLOUT)

    def hand_over_all(self, timeout: float = 0.5) -> bool:
        """Hands over every buffer, to be filled. False: this coprocessor does not take buffers."""
        if not self.takes_buffers(timeout):
            return False
        self.write(Transfer(number) for number in self.buffers)
        return True

    def hand_back(self, transfer: Transfer) -> bool:
        """Hands a buffer back that was read, to be filled anew. False: this coprocessor does not take buffers."""
        try:
            self.write([Transfer(transfer.buffer)])
        except OSError as error:
            if error.errno != errno.EOPNOTSUPP:
                raise
            return False
        return True

    # ---- Waiting ----

    def _wait(self, event: int, deadline: Optional[float]) -> bool:
        poll = select.poll()
        poll.register(self._fd, event)
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        # What ends the channel ends the wait, too: the call that follows says which error it is.
        return bool(poll.poll(left))

    async def _wait_async(self, event: int) -> None:
        # Not for those who do without: it takes a small board a while.
        import asyncio

        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        add, remove = (
            (loop.add_reader, loop.remove_reader) if event == select.POLLIN else (loop.add_writer, loop.remove_writer)
        )

        def wake() -> None:
            if not ready.done():
                ready.set_result(None)

        # The event loop knows one waiter a descriptor, so each has its own.
        fd = os.dup(self._fd)
        add(fd, wake)
        try:
            await ready
        finally:
            remove(fd)
            os.close(fd)
