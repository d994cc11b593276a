"""The bot's own programs as processes: started until they say they are ready, killed, stopped, started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.cli.program import environment

PATIENCE = 60.0
"""Seconds a process has to say that it is ready; it takes about two."""


@dataclass(frozen=True)
class Stopped:
    """How a program ended when it was told to, and after how many seconds."""

    code: int
    seconds: float


class Program:
    """``voucherbot ARGUMENTS``; what it logs goes to ``NAME.log`` in ``folder``, over all its lives."""

    def __init__(self, name: str, *arguments: str | Path, folder: Path) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "bot", *map(str, arguments)]
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it has said its first line."""
        with self.log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=self._folder, env=environment(), stderr=errors, start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
        assert self._process.stdout is not None
        said = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        assert said.startswith(b"Voucherbot "), f"{self.name}: {self.log.read_text('utf-8')[-2000:]}"

    async def kill(self) -> None:
        """As ``kill -9`` does, with everything it started."""
        if self._process is not None and self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    async def stop(self) -> Stopped:
        """Tell it to stop (SIGTERM), and wait for its end."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        code = await asyncio.wait_for(self._process.wait(), PATIENCE)
        return Stopped(code, time.monotonic() - began)

    @property
    def log(self) -> Path:
        """What it logged."""
        return self._folder / f"{self.name}.log"


def web(name: str, config: Path, *options: str) -> tuple[Program, str]:
    """A web process, not yet started, and the ``host:port`` where it will listen, through all its lives."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Program(name, "serve", "--config", config, "--port", str(port), *options, folder=config.parent)
    return program, f"127.0.0.1:{port}"


def worker(name: str, config: Path) -> Program:
    """A worker process, not yet started."""
    return Program(name, "worker", "--config", config, folder=config.parent)


@contextlib.asynccontextmanager
async def running(*programs: Program) -> AsyncIterator[None]:
    """All of them, ready; killed in the end, whatever became of them."""
    try:
        await asyncio.gather(*(program.start() for program in programs))
        yield
    finally:
        await asyncio.gather(*(program.kill() for program in programs))
