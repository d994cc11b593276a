"""A request is sent once, whatever becomes of its connection: who may repeat it is decided elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.errors import OutcomeUnknown, WeChatUnreachable
from bot.wechat.transport import Request, Transport


@dataclass
class ClosingServer:
    """Answers the first request of each connection and hangs up on the second, once that has arrived."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.heard.append((await reader.readuntil(b"\r\n\r\n")).split(b" HTTP")[0].decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        self.heard.append((await reader.readuntil(b"\r\n\r\n")).split(b" HTTP")[0].decode())
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[ClosingServer]:
    """Listening."""
    closing = ClosingServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await closing.serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()  # the client is done

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    closing.port = listening.sockets[0].getsockname()[1]
    yield closing
    listening.close()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """As the program has it."""
    opened = Transport(1.0, 5.0)
    yield opened
    await opened.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_get_whose_connection_breaks_is_not_sent_again(
    transport: Transport, server: ClosingServer, method: str
) -> None:
    address = f"http://127.0.0.1:{server.port}"
    assert (await transport.send(Request("first", f"{address}/first", "GET"))).body == b"{}"

    with pytest.raises(OutcomeUnknown) as broken:
        await transport.send(Request("card/pay/activate", f"{address}/card/pay/activate", method))

    assert str(broken.value) == "card/pay/activate: ServerDisconnectedError"
    assert (broken.value.__cause__, broken.value.__context__) == (None, None)
    assert server.heard == ["GET /first", f"{method} /card/pay/activate"]
    assert server.connections == 1


async def test_where_nobody_listens_nothing_was_sent(transport: Transport, server: ClosingServer) -> None:
    unused = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = unused.sockets[0].getsockname()[1]
    unused.close()
    await unused.wait_closed()

    with pytest.raises(WeChatUnreachable, match=r"card/get: "):
        await transport.send(Request("card/get", f"http://127.0.0.1:{port}/card/get"))
