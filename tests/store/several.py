"""Several Redis servers of one shop: a master with its replica and three Sentinels, a cluster of three and three."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from tests.redis import server_binary

MASTER = "shop"
HOST = "127.0.0.1"


class Server:
    """One process, listening on TCP."""

    def __init__(self, folder: Path, port: int, *arguments: str) -> None:
        self.port = port
        self.place = f"{HOST}:{port}"
        self._folder = folder / str(port)
        self._folder.mkdir(exist_ok=True)
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again, and wait until it answers."""
        self._process = subprocess.Popen(
            [server_binary(), *self._arguments, "--port", str(self.port), "--bind", HOST, "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
        )
        with contextlib.closing(self.client()) as client:
            until(lambda: answers(client))

    def client(self) -> redis.Redis:
        """A client for the test's own questions."""
        return redis.Redis(HOST, self.port, decode_responses=True, socket_timeout=5)

    def asks(self, *command: str | int) -> object:
        """The answer to one command."""
        with contextlib.closing(self.client()) as client:
            answer: object = client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis leaves it untyped
            return answer

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """As ``kill -9`` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def answers(client: redis.Redis) -> bool:
    """Whether the server is up."""
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:
        return False


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for what other processes settle between themselves."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the servers do not agree"
        time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, neither there nor 10,000 above, where nodes of a cluster talk to each other."""
    found: list[int] = []
    with contextlib.ExitStack() as stack:
        while len(found) < count:
            low, high = (stack.enter_context(socket.socket()) for _ in range(2))
            low.bind((HOST, 0))
            port = low.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                high.bind((HOST, port + 10_000 if port < 50_000 else port - 10_000))
                found.append(min(port, high.getsockname()[1]))
    return found


NOTHING_KEPT = ("--save", "", "--appendonly", "no")


class Watched:
    """A master, its replica, and Sentinels that notice after half a second that it is gone."""

    def __init__(self, folder: Path) -> None:
        ports = free_ports(5)
        lively = (*NOTHING_KEPT, "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0")
        self.servers = [
            Server(folder, ports[0], *lively),
            Server(folder, ports[1], *lively, "--replicaof", HOST, str(ports[0])),
        ]
        self.sentinels = [self._sentinel(folder, port, ports[0]) for port in ports[2:]]

    @staticmethod
    def _sentinel(folder: Path, port: int, master: int) -> Server:
        settings = folder / f"sentinel-{port}.conf"
        settings.write_text(
            f"sentinel monitor {MASTER} {HOST} {master} 2\n"
            f"sentinel down-after-milliseconds {MASTER} 500\n"
            f"sentinel failover-timeout {MASTER} 3000\n"
        )
        return Server(folder, port, str(settings), "--sentinel")

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis+sentinel://{','.join(each.place for each in self.sentinels)}/{MASTER}/0"

    def start(self) -> None:
        """Start everything and wait until each Sentinel knows the others and the replica."""
        for each in (*self.servers, *self.sentinels):
            each.start()
        for each in self.sentinels:
            until(lambda each=each: self._knows_all(each))  # type: ignore[misc]  # bound at once

    def _knows_all(self, sentinel: Server) -> bool:
        with contextlib.closing(sentinel.client()) as client:
            state: Any = client.sentinel_master(MASTER)
        return (state["num-other-sentinels"], state["num-slaves"]) == (2, 1)

    def master(self) -> Server:
        """Whom the first Sentinel calls the master."""
        with contextlib.closing(self.sentinels[0].client()) as client:
            address: Any = client.sentinel_get_master_addr_by_name(MASTER)
            port = address[1]
        return next(each for each in self.servers if each.port == port)

    def close(self) -> None:
        """End all of them."""
        for each in (*self.sentinels, *self.servers):
            each.kill()


class Cluster:
    """Three nodes with a third of the slots each, and three replicas."""

    def __init__(self, folder: Path) -> None:
        node = (*NOTHING_KEPT, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
        lively = (*node, "--cluster-require-full-coverage", "no", "--repl-diskless-sync", "yes")
        self.nodes = [Server(folder, port, *lively, "--repl-diskless-sync-delay", "0") for port in free_ports(6)]

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis+cluster://{','.join(each.place for each in self.nodes[:3])}"

    def start(self) -> None:
        """Start the nodes, make them a cluster, and wait until all of them know it."""
        for number, each in enumerate(self.nodes):
            each.start()
            each.asks("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for each, slots in zip(self.nodes, self._thirds(), strict=False):
            each.asks("CLUSTER", "ADDSLOTS", *slots)
        for each in self.nodes[1:]:
            each.asks("CLUSTER", "MEET", HOST, self.nodes[0].port)
        until(lambda: all(self._state(each)["cluster_known_nodes"] == "6" for each in self.nodes))
        for master, replica in zip(self.nodes[:3], self.nodes[3:], strict=True):
            replica.asks("CLUSTER", "REPLICATE", str(master.asks("CLUSTER", "MYID")))
        until(lambda: all(self._settled(each) for each in self.nodes))

    @staticmethod
    def _state(node: Server) -> dict[str, str]:
        return dict(node.asks("CLUSTER INFO"))  # type: ignore[call-overload,no-any-return]  # a mapping

    def _settled(self, node: Server) -> bool:
        slots = node.asks("CLUSTER SLOTS")
        fine = self._state(node)["cluster_state"] == "ok" and len(slots) == 3  # type: ignore[arg-type]  # a mapping
        follows = dict(node.asks("INFO", "replication"))  # type: ignore[call-overload]  # a mapping
        return fine and (follows["role"] == "master" or follows["master_link_status"] == "up")

    def owner(self, key: str) -> Server:
        """The node that was given ``key``."""
        slot = int(str(self.nodes[0].asks("CLUSTER", "KEYSLOT", key)))
        return next(node for node, slots in zip(self.nodes, self._thirds(), strict=False) if slot in slots)

    @staticmethod
    def _thirds() -> list[range]:
        return [range(16384 * third // 3, 16384 * (third + 1) // 3) for third in range(3)]

    def close(self) -> None:
        """End all of them."""
        for each in self.nodes:
            each.kill()
