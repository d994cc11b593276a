"""Workers as processes of their own, what they report, and a Redis that can be killed and comes back.

``python -m tests.jobs.workshop REDIS_URL REPORTS`` is a worker whose jobs report each step to the socket REPORTS, so
that a test waits for what happens instead of for time to pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.cli.running import run_until_told
from bot.jobs import Job, Jobs
from bot.store import connect
from tests.redis import server_binary

APPID = "wx0123456789abcdef"
PATIENCE = 30.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Report:
    """What a worker's job said: ``begun``, ``ended``, ``dead``; the worker itself says ``ready``."""

    what: str
    job: str
    pid: int
    at: float


class Reports:
    """What arrives at the socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: list[Report] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

    def next(self, seconds: float = PATIENCE) -> Report | None:
        """The next report, or None when nothing was said for ``seconds``."""
        if not select.select([self._socket], [], [], seconds)[0]:
            return None
        what, job, pid = self._socket.recv(4096).decode().split(" ")
        self.seen.append(Report(what, job, int(pid), time.monotonic()))
        return self.seen[-1]

    def until(self, what: str, job: str, seconds: float = PATIENCE) -> Report:
        """Read on until ``what`` is said of ``job``."""
        end = time.monotonic() + seconds
        while report := self.next(max(end - time.monotonic(), 0.0)):
            if (report.what, report.job) == (what, job):
                return report
        raise AssertionError(f"no {what} of {job} within {seconds} s, but {self.seen}")

    def count(self, what: str, job: str) -> int:
        """How often ``what`` was said of ``job`` so far."""
        return sum((report.what, report.job) == (what, job) for report in self.seen)

    def close(self) -> None:
        """Take the socket down."""
        self._socket.close()


@contextlib.contextmanager
def working(url: str, reports: Reports, count: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many worker processes, ready; killed at the end if they have not ended."""
    workers = [_start(url, reports) for _ in range(count)]
    try:
        for _ in workers:
            reports.until("ready", "-")
        yield workers
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()


def _start(url: str, reports: Reports) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.jobs.workshop", url, str(reports.path)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


class MortalRedis:
    """A Redis that loses nothing acknowledged when it is killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.url = f"unix://{folder / 's'}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        keep = ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--dir", str(self._folder)]
        self._process = subprocess.Popen(
            [server_binary(), "--port", "0", "--unixsocket", str(self._folder / "s"), *keep],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout
        for line in self._process.stdout:
            if "ready to accept connections" in line.lower():
                return
        raise AssertionError("it ended instead")

    def kill(self) -> None:
        """As a power cut would."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def pause(self) -> None:
        """Let it accept everything and answer nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)


async def work(url: str, reports: str) -> None:
    """What a worker process does."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def say(what: str, job: str = "-") -> None:
        door.sendto(f"{what} {job} {os.getpid()}".encode(), reports)

    async def lasting(_appid: str, job: str, seconds: float) -> None:
        say("begun", job)
        await asyncio.sleep(seconds)
        say("ended", job)

    async def killing(_appid: str, job: str) -> None:
        say("begun", job)
        os.kill(os.getpid(), signal.SIGKILL)

    async def tell(job: Job) -> None:
        say("dead", job.job_id)

    store = connect(url)
    jobs = Jobs(store, url)
    jobs.register("lasting", lasting)
    jobs.register("killing", killing)
    jobs.on_dead = tell
    await jobs.prepare()
    say("ready")
    try:
        await jobs.run()
    finally:
        await jobs.close()
        await store.close()


if __name__ == "__main__":
    run_until_told(work(*sys.argv[1:]))
