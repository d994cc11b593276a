"""A Redis of our own in the data folder, for whoever has none.

Whoever comes first starts it, others attach, it ends with the last of them – also when they are killed. Three locks in
``DIR/redis`` keep order, all dropped by the kernel when their holder ends:

``start.lock``       one process at a time starts, attaches or leaves
``users.lock``       shared by all users; the supervisor waits to have it alone
``supervisor.lock``  held by the supervisor while a server runs
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import subprocess
import sys
import time
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from bot.errors import SettingsError
from bot.store import embedded_server, embedded_supervisor
from bot.store.locks import locked, open_lock, takes

LONGEST_SOCKET_PATH = 107
"""Bytes; sun_path of sockaddr_un holds 108 with the closing NUL."""
PATIENCE = 5.0
"""Seconds to wait for a server that is just being restarted by its supervisor."""


class EmbeddedRedis:
    """Use of the embedded Redis in ``data_dir``, as ``with`` or ``async with``; gives its ``unix://`` address.

    Entering takes some 50 ms if the server must be started. Leaving as the last user waits until it has ended. A
    process forked inside keeps the server alive as well, and must not leave in its parent's place.
    Raises :exc:`SettingsError` when there is no server program, or the folder cannot be used.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "redis"
        self._users = -1
        self._owner = 0

    def __enter__(self) -> str:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._attach()
        except OSError as error:
            raise SettingsError(
                f"{self._folder} cannot be used ({error.strerror}), expected data.dir to be a folder of this user"
            ) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._owner == os.getpid():
            self._leave()

    async def __aenter__(self) -> str:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def _attach(self) -> str:
        path = socket_path(self._folder.resolve())
        with locked(self._folder / "start.lock"):
            users = open_lock(self._folder / "users.lock")
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                start_or_find(self._folder, path)
            except BaseException:
                os.close(users)
                raise
        self._users, self._owner = users, os.getpid()
        return f"unix://{quote(path)}"

    def _leave(self) -> None:
        with locked(self._folder / "start.lock"):
            fcntl.flock(self._users, fcntl.LOCK_UN)
            last = not self._others()
            os.close(self._users)
            if last:
                # The supervisor gives its own lock back when the server has ended, the users' when it ends itself.
                with locked(self._folder / "supervisor.lock"), locked(self._folder / "users.lock"):
                    pass

    def _others(self) -> bool:
        """True if somebody else uses the server: nobody has the lock alone, and we cannot get it so either."""
        if takes(self._users, fcntl.LOCK_EX):
            fcntl.flock(self._users, fcntl.LOCK_UN)
            return False
        return takes(self._users, fcntl.LOCK_SH)


def embedded(data_dir: Path) -> EmbeddedRedis:
    """``async with embedded(data_dir) as url: …``"""
    return EmbeddedRedis(data_dir)


def redis_for(url: str, data_dir: Path) -> EmbeddedRedis | Elsewhere:
    """``with redis_for(settings.redis.url, settings.data.dir) as url``: the Redis of the settings."""
    return Elsewhere(url) if url else EmbeddedRedis(data_dir)


class Elsewhere(AbstractContextManager[str], AbstractAsyncContextManager[str]):
    """A Redis somebody else runs, entered like :class:`EmbeddedRedis`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> str:
        return self._url

    def __exit__(self, *_: object) -> None:
        return None

    async def __aenter__(self) -> str:
        return self._url

    async def __aexit__(self, *_: object) -> None:
        return None


def start_or_find(folder: Path, path: str) -> None:
    """Make sure a server answers at ``path``; call with ``start.lock`` and a share of ``users.lock``."""
    patient_until = time.monotonic() + PATIENCE
    while True:
        lock = open_lock(folder / "supervisor.lock")
        try:
            if takes(lock, fcntl.LOCK_EX):
                start(folder, path, lock)
                return
        finally:
            os.close(lock)
        if embedded_supervisor.answers(path):
            return
        if time.monotonic() > patient_until:
            raise SettingsError(f"the Redis of {folder} is running but does not answer at {path}, see redis.log there")
        # Its supervisor is starting it again after a crash, an event that only its next answer shows.
        time.sleep(0.02)


def start(folder: Path, path: str, lock: int) -> None:
    """Start a supervisor, which keeps ``lock``, and wait until the server is ready."""
    program = embedded_server.choose(folder)
    embedded_server.record(folder, program.version)
    command = [sys.executable, "-I", "-S", embedded_supervisor.__file__, str(folder), str(lock), str(program.path)]
    # Its stderr must not be ours: it would keep a pipe open that somebody reads to its end.
    with (folder / "redis.log").open("ab") as log, subprocess.Popen(  # noqa: S603  # our own program
        [*command, *options(path, folder)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
        pass_fds=[lock], text=True,
    ) as starter:  # fmt: skip
        words = starter.stdout.readline().strip() if starter.stdout else ""
    if words != "ready":
        raise SettingsError(
            f"{program.path} does not start in {folder} ({words or 'it said nothing'}), see redis.log there"
        )


def options(path: str, folder: Path) -> list[str]:
    """The server's options. Its folder is its working directory: 6.2 cannot take a path with spaces as an option."""
    inside = Path(path).parent == folder.resolve()
    return [
        "--port", "0", "--unixsocket", Path(path).name if inside else path, "--unixsocketperm", "700",
        "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction",
        "--daemonize", "no", "--loglevel", "notice",
    ]  # fmt: skip


def socket_path(folder: Path) -> str:
    """Where the server of ``folder`` listens: there, or in a private folder in /tmp if that path is too long.

    Not :func:`tempfile.gettempdir`: every process must come to the same answer whatever its environment says.
    """
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return str(path)
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    private = Path("/tmp", f"voucherbot-{os.getuid()}-{mark}")  # noqa: S108  # made private below
    private.mkdir(mode=0o700, exist_ok=True)
    found = private.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise SettingsError(f"{private} belongs to somebody else, expected a shorter path in data.dir")
    return str(private / "redis.sock")
