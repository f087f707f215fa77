"""A line to PostgreSQL that can be cut between any two requests, as a crash or a cable would.

It stands between a connection pool and the server and understands just enough of the protocol
to count requests. A cut loses either the request (the server never sees it) or the answer (the
server has done it, nobody is told): after a COMMIT the second is the case that programs forget.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from struct import unpack

SYNC, SIMPLE_QUERY, READY = b"S", b"Q", b"Z"
ENCRYPTION_ASKED = 80877103


class Lost(StrEnum):
    """What a cut takes away."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass
class CutLine:
    """A listening line; `port` is where the pool connects instead of to the server."""

    host: str
    upstream_port: int
    port: int = 0
    requests: int = 0
    """How many requests have come by since the line was armed."""
    was_cut: bool = False
    _cut_at: int | None = None
    _lost: Lost = Lost.REQUEST
    _pumps: set[asyncio.Task[None]] = field(default_factory=set)

    def arm(self, *, at: int, lost: Lost) -> None:
        """Cut the connection that makes the request of this number, counted from one."""
        self.requests, self.was_cut, self._cut_at, self._lost = 0, False, at, lost

    def disarm(self) -> bool:
        """Let everything through again; returns whether anything was cut."""
        self._cut_at = None
        return self.was_cut

    def is_here(self) -> bool:
        """Count a request; whether it is the one to be cut."""
        self.requests += 1
        if self._cut_at is None or self.requests != self._cut_at:
            return False
        self.was_cut, self._cut_at = True, None
        return True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side, or a cut, ends it."""
        pump = asyncio.current_task()
        assert pump is not None
        self._pumps.add(pump)
        try:
            up_reader, up_writer = await asyncio.open_connection(self.host, self.upstream_port)
            connection = _Connection(self, reader, writer, up_reader, up_writer)
            await connection.carry()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._pumps.discard(pump)
            writer.close()

    async def close(self) -> None:
        """Drop every connection that is still carried."""
        for pump in list(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)


@dataclass
class _Connection:
    line: CutLine
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    up_reader: asyncio.StreamReader
    up_writer: asyncio.StreamWriter
    swallow: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self) -> None:
        ways: list[asyncio.Task[None]] = []
        try:
            await self._introduce()
            ways += [asyncio.create_task(self._requests()), asyncio.create_task(self._answers())]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
                with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                    await way
            self.up_writer.close()

    async def _introduce(self) -> None:
        """The start-up packet has no type byte; encryption may be asked for and is declined."""
        while True:
            head = await self.reader.readexactly(8)
            length, code = unpack("!II", head)
            if code != ENCRYPTION_ASKED:
                break
            self.writer.write(b"N")
        self.up_writer.write(head + await self.reader.readexactly(length - 8))

    async def _requests(self) -> None:
        """Gather messages until one that asks for an answer, then pass them on together."""
        gathered = bytearray()
        while True:
            kind, message = await _message(self.reader)
            gathered += message
            if kind in (SYNC, SIMPLE_QUERY) and self.line.is_here():
                if self.line._lost is Lost.ANSWER:
                    self.swallow = True
                    self.up_writer.write(bytes(gathered))
                    await self.done.wait()
                return
            if kind in (SYNC, SIMPLE_QUERY, b"p", b"X", b"H", b"c", b"d", b"f"):
                self.up_writer.write(bytes(gathered))
                await self.up_writer.drain()
                gathered.clear()

    async def _answers(self) -> None:
        while True:
            kind, message = await _message(self.up_reader)
            if not self.swallow:
                self.writer.write(message)
            elif kind == READY:
                self.done.set()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readexactly(5)
    (length,) = unpack("!I", head[1:])
    return head[:1], head + await reader.readexactly(length - 4)


@asynccontextmanager
async def cut_line(host: str, port: int) -> AsyncIterator[CutLine]:
    """A line to a server, open until the end of the block."""
    line = CutLine(host=host, upstream_port=port)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        await line.close()
