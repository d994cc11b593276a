"""Copies on disk: older never replaces newer, several processes, damage, another secret."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.copies import Copies, Copy

SECRET = "canary0secret0of0the0component000"


async def test_nothing_is_there_before_anything_was_kept(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "copies", SECRET)

    assert await copies.newest("ticket") is None
    assert await copies.beginning("") == {}
    assert not (tmp_path / "copies").exists(), "reading makes no file"


async def test_an_older_copy_never_replaces_a_newer_one(tmp_path: Path) -> None:
    copies = Copies(tmp_path, SECRET)

    assert await copies.keep("ticket", 2, "second")
    assert await copies.keep("ticket", 1, "first")

    assert await copies.newest("ticket") == Copy(2, "second")
    assert await copies.keep("ticket", 2, "corrected")
    assert await copies.newest("ticket") == Copy(2, "corrected")


async def test_the_newest_of_all_processes_counts(tmp_path: Path) -> None:
    one, other = Copies(tmp_path, SECRET), Copies(tmp_path, SECRET)
    await one.keep("people:a", 5, "newer")
    await other.keep("people:a", 4, "older")
    await other.keep("people:b", 1, "only there")

    assert sorted(path.name for path in tmp_path.glob("*.copies")) == ["0.copies", "1.copies"]
    assert await one.beginning("people:") == {"people:a": Copy(5, "newer"), "people:b": Copy(1, "only there")}
    assert await other.beginning("people:") == await one.beginning("people:")
    assert await one.beginning("ticket") == {}


async def test_the_next_process_goes_on_with_the_file_that_was_left(tmp_path: Path) -> None:
    first = Copies(tmp_path, SECRET)
    await first.keep("ticket", 1, "before")
    await first.close()

    second = Copies(tmp_path, SECRET)
    await second.keep("ticket", 2, "after")

    assert [path.name for path in tmp_path.glob("*.copies")] == ["0.copies"]
    assert await second.newest("ticket") == Copy(2, "after")


def test_what_was_kept_is_there_after_a_kill(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, signal, sys; from pathlib import Path; from bot.store.copies import Copies\n"
        "copies = Copies(Path(sys.argv[1]), 'secret')\n"
        "asyncio.run(copies.keep('ticket', 7, 'kept'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=30)

    rows = sqlite3.connect(tmp_path / "0.copies").execute("SELECT name, version FROM copies").fetchall()
    assert rows == [("ticket", 7.0)]


async def test_neither_value_nor_secret_can_be_read_and_nobody_else_may_look(tmp_path: Path) -> None:
    copies = Copies(tmp_path, SECRET)
    await copies.keep("ticket", 1, "ticket@@@canary-value")
    await copies.close()

    for path in tmp_path.iterdir():
        assert b"canary" not in path.read_bytes(), path.name
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert await Copies(tmp_path, "another secret").newest("ticket") is None


@pytest.mark.parametrize("damage", [b"", b"not a database, and longer than a header of one is" * 40])
async def test_a_damaged_file_is_passed_over(tmp_path: Path, damage: bytes) -> None:
    one, other = Copies(tmp_path, SECRET), Copies(tmp_path, SECRET)
    await one.keep("ticket", 1, "good")
    await other.keep("ticket", 2, "lost")
    await other.close()
    (tmp_path / "1.copies").write_bytes(damage)

    assert await one.newest("ticket") == Copy(1, "good")


async def test_a_full_disk_is_told_and_no_fault_of_the_push(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "copies").write_text("a file stands where the folder should be")
    copies = Copies(tmp_path / "copies", SECRET)

    assert not await copies.keep("refresh:wx00000000000000aa", 1, "refresh@@@canary")
    assert [record.getMessage() for record in caplog.records] == ["copy not written"]
    assert "canary" not in caplog.text
