"""A real Redis that can be paused, killed and started again at the same address, with its data."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.redis import server_binary, wait_until_ready


class UnrulyRedis:
    """One server on a unix socket; what it was told before ``kill -9`` it knows afterwards."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "s"
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start, or start again."""
        arguments = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--appendonly", "yes"]
        durable = ["--appendfsync", "always", "--dir", str(self._folder)]
        self._process = subprocess.Popen(
            [server_binary(), *arguments, *durable], stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        wait_until_ready(self._process, self._socket)

    def start_if_away(self) -> None:
        """Start unless it runs."""
        if self._process is None:
            self.start()

    def pause(self) -> None:
        """Stop answering, with every connection open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again, what was asked meanwhile first."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """As ``kill -9`` does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)


@contextlib.contextmanager
def unruly_redis() -> Iterator[UnrulyRedis]:
    """Started, and killed in the end."""
    with tempfile.TemporaryDirectory(prefix="vb-redis-") as folder:
        server = UnrulyRedis(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()
