"""A port of this machine behind which connections can go wrong: cut, silent, slow, or led to one of several servers."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence

CHUNK = 1 << 16

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """Carries bytes between whoever connects and one of ``targets`` (``/a/unix/socket`` or ``host:port``).

    With several targets each connection goes to one by chance, among those that listen: a load balancer. With
    ``in_order`` it goes to the first that listens. Attributes may be changed any time: ``slow`` is how many seconds
    later every byte of a target's arrives.
    """

    def __init__(self, targets: Sequence[str], chance: random.Random | None = None) -> None:
        self.targets = list(targets)
        self.in_order = False
        self.slow = 0.0
        self.refused = 0
        """Connections for which no target listened."""
        self._chance = chance or random.Random()  # noqa: S311 - chance, not secrecy
        self._through = asyncio.Event()
        self._through.set()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """Where it listens."""
        if self._server is None:
            raise LookupError("the relay does not listen")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)

    async def close(self) -> None:
        """Stop listening, and cut what is open."""
        if self._server is not None:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Break every connection that is open."""
        connections = list(self._open)
        for each in connections:
            each.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def swallow(self) -> None:
        """From now on nothing arrives anywhere, though connections stay open and can be made."""
        self._through.clear()

    def let_through(self) -> None:
        """What was sent meanwhile arrives now, as TCP repeats it, and all is well."""
        self._through.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._carry(reader, writer)
        finally:
            self._open.discard(task)
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = await self._target()
        if target is None:
            self.refused += 1
            return
        back, forth = target
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, forth, held=False))
                both.create_task(self._pump(back, writer, held=True))
        except* OSError:
            pass  # one end is gone, and with it the connection
        finally:
            forth.transport.abort()

    async def _target(self) -> Streams | None:
        targets = self.targets if self.in_order else self._chance.sample(self.targets, len(self.targets))
        for target in targets:
            with contextlib.suppress(OSError):
                if target.startswith("/"):
                    return await asyncio.open_unix_connection(target)
                host, _, port = target.rpartition(":")
                return await asyncio.open_connection(host, int(port))
        return None

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, held: bool) -> None:
        """One direction; ``held``: the one that :attr:`slow` slows."""
        loop = asyncio.get_running_loop()
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, chunk = await on_the_way.get()
                await asyncio.sleep(due - loop.time())
                await self._through.wait()
                if not chunk:
                    raise ConnectionResetError
                sink.write(chunk)
                await sink.drain()

        async with asyncio.TaskGroup() as group:
            group.create_task(deliver())
            chunk = b"-"
            while chunk:
                chunk = await source.read(CHUNK)
                on_the_way.put_nowait((loop.time() + (self.slow if held else 0.0), chunk))


@contextlib.asynccontextmanager
async def relay(*targets: str, chance: random.Random | None = None) -> AsyncIterator[Relay]:
    """Listening, and closed in the end."""
    opened = Relay(targets, chance)
    await opened.start()
    try:
        yield opened
    finally:
        await opened.close()
