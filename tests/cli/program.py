"""The program as a shell runs it."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bot.cli import program
from bot.cli.outcome import carried_out

PATIENCE = 60.0
KEY = "LakesideNoodles0test0key0for0the0simulator8"
APPID = "wx0123456789abcdef"
OWNER = "oTest0WangFang0owner00000001"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The test's own, without settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOUCHERBOT_")}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(__file__).parents[2]), **(changes or {})}


def voucherbot(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run a command to its end."""
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    ended = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment(env), timeout=PATIENCE, check=False
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def asked(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """As :func:`voucherbot`, in this process and ten times as quick: for commands that change nothing about it."""
    out, err = io.StringIO(), io.StringIO()
    words = [str(each) for each in arguments]
    with (
        mock.patch.dict(os.environ, environment(env), clear=True),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = carried_out(lambda: program.main(words, "voucherbot", standalone_mode=False))
    return Ended(code, out.getvalue(), err.getvalue())


class Running:
    """A command that runs until told to stop; it has said its first line."""

    def __init__(self, arguments: tuple[str | Path, ...], cwd: Path, env: Mapping[str, str] | None) -> None:
        self._errors = cwd / "stderr.txt"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=cwd,
                env=environment(env),
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout
        self.line = self.process.stdout.readline().strip()

    @property
    def address(self) -> str:
        """The address in its first line."""
        return next(word for word in self.line.split() if word.startswith("http://")).rstrip("/")

    def stops(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Tell it to stop, and see it end."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=PATIENCE)
        return Ended(self.process.returncode, out, self._errors.read_text("utf-8"))


@contextmanager
def running(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A command in the background; killed at the end if it was not stopped."""
    command = Running(arguments, cwd, env)
    try:
        yield command
    finally:
        if command.process.poll() is None:
            os.killpg(command.process.pid, signal.SIGKILL)
        command.process.communicate(timeout=PATIENCE)


def settings(folder: Path, *, mode: str = "safe", redis: str = "") -> Path:
    """A settings file for one account, its data below ``folder``."""
    path = folder / "shop.toml"
    path.write_text(
        f"""
[server]
port = 0
[data]
dir = "{folder}/var"
[redis]
url = "{redis}"
[wechat]
api_base_url = "http://127.0.0.1:9"
fallback_base_url = "http://127.0.0.1:9"
[[accounts]]
appid = "{APPID}"
original_id = "gh_0123456789ab"
name = "湖畔面馆"
secret = "a secret"
token = "lakeside"
encoding_aes_key = "{KEY}"
mode = "{mode}"
language = "en"
""",
        "utf-8",
    )
    return path


def until_gone(pids: list[int]) -> None:
    """Wait for the end of processes that are not our children."""
    for pid in pids:
        try:
            watched = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([watched], [], [], PATIENCE)[0], f"{pid} still runs"
        finally:
            os.close(watched)


def working_in(folder: Path) -> list[int]:
    """The processes whose working directory is ``folder`` or below: of an embedded Redis, its data."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                place = (entry / "cwd").readlink()
            except OSError:
                continue
            if place == folder.resolve() or folder.resolve() in place.parents:
                found.append(int(entry.name))
    return found


def children_of(pid: int) -> list[int]:
    """The child processes of ``pid``."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
