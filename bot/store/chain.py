"""A list that is only ever appended to, each line bound by hash to all before it, and a look whether that still holds.

A line is a JSON object whose last member ``before`` is the digest of everything above it; the digest of the whole is
kept beside the list with the number of lines. So a line that was changed or taken out shows by the one after it, and
lines cut off at the end by the head. Lines older than the chain have no ``before``; the first that has one vouches for
all of them together. What cannot be found: who may write to Redis may write a whole new chain and its head. A head
noted elsewhere finds that, too.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.errors import StoreUnavailable
from bot.store.connection import PATIENCE, Script, Store

TRIES = 50
"""How often others may be faster in a row."""
READ_AT_ONCE = 1000

_APPEND = Script("""
-- lines, head | the head this line follows, how many lines that are, line, the head from now on
local head = redis.call('GET', KEYS[2]) or ''
if head == ARGV[1] and (head ~= '' or redis.call('LLEN', KEYS[1]) == tonumber(ARGV[2])) then
  redis.call('RPUSH', KEYS[1], ARGV[3])
  redis.call('SET', KEYS[2], ARGV[4])
  return 1
end
-- No two lines are the same: one that stands there was appended by this very call, sent again.
for _, line in ipairs(redis.call('LRANGE', KEYS[1], -64, -1)) do
  if line == ARGV[3] then return 1 end
end
return 0
""")


@dataclass(frozen=True, slots=True)
class Head:
    """``count`` lines with this ``digest``; ``number`` is the last that was given to a line."""

    count: int = 0
    digest: str = ""
    number: int = 0

    def after(self, line: str) -> Head:
        """The head once ``line`` follows."""
        digest = hashlib.sha256(f"{self.digest}\n{line}".encode()).hexdigest()
        return Head(self.count + 1, digest, max(self.number, _number(line)))

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps([self.count, self.digest, self.number], separators=(",", ":"))

    @classmethod
    def of(cls, raw: str | None) -> Head | None:
        """What :meth:`to_json` wrote; None for anything else."""
        try:
            count, digest, number = json.loads(raw or "")
        except (ValueError, TypeError):
            return None
        return cls(int(count), str(digest), int(number))


class Fault(StrEnum):
    """What can be wrong with a chain."""

    BROKEN = "broken"  # a line here or right before it was changed, added or taken out
    UNREADABLE = "unreadable"  # not a JSON object
    NO_HEAD = "no_head"  # lines may have been cut off at the end
    HEAD_WAS_LOST = "head_was_lost"  # when this line was appended: what stood before it may have been cut off
    CUT_OFF = "cut_off"  # fewer lines than the head counts
    LAST_CHANGED = "last_changed"  # as many as the head counts, and another digest
    TOO_MANY = "too_many"  # lines the head knows nothing of
    OTHER_HEAD = "other_head"  # not what a head noted elsewhere says


@dataclass(frozen=True, slots=True)
class Finding:
    """``fault`` at the ``line`` counted from 1 (0: the list as a whole), whose number is ``number`` (0: none)."""

    fault: Fault
    line: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """``findings`` of ``count`` lines with ``digest``, of which the first ``unchained`` are older than the chain."""

    findings: tuple[Finding, ...]
    count: int
    digest: str
    unchained: int


class Chain:
    """One list and its head, two keys in one slot. Every method raises StoreUnavailable when Redis is away."""

    def __init__(self, store: Store, lines: str, head: str) -> None:
        self._store = store
        self._lines, self._head = lines, head
        self._known: _Standing | None = None
        self._turn = asyncio.Lock()

    async def append(self, entry: Mapping[str, Any], number: int = 0) -> int:
        """Append ``entry`` under ``number``, or the next one; that number. Of several at once each follows another."""
        own = {**entry, "id": secrets.token_hex(4)}  # what two processes append at once may be the same but for this
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("those before it still wait") from error
        try:
            return await self._appended(own, number)
        finally:
            self._turn.release()

    async def _appended(self, entry: Mapping[str, Any], number: int) -> int:
        for _ in range(TRIES):
            known = self._known or await self._standing()
            given = number or known.head.number + 1
            line = _json({"number": given, **entry, **known.mark, "before": known.head.digest})
            then = known.head.after(line)
            args: list[str | bytes | float | int] = [known.raw, known.head.count, line, then.to_json()]
            if await self._store.script(_APPEND, [self._lines, self._head], args):
                self._known = _Standing(then.to_json(), then)
                return given
            self._known = None
        raise StoreUnavailable("others were always faster")

    async def newest(self, count: int, skipped: int = 0) -> list[dict[str, Any]]:
        """The last ``count`` entries but ``skipped``, oldest first; what cannot be read is empty."""
        lines = await self._store.do("LRANGE", self._lines, -count - skipped, -1 - skipped)
        return [_entry(line) or {} for line in lines]

    async def verify(self, noted: tuple[int, str] | None = None) -> Verdict:
        """Look at every line and the head; ``noted`` is a head written down elsewhere: how many lines, their digest."""
        lines = list[str]()
        while True:
            raw = await self._store.do("GET", self._head)
            async for line in self._from(len(lines)):
                lines.append(line)
            if await self._store.do("GET", self._head) == raw:  # else something was appended meanwhile
                return examine(lines, Head.of(raw), noted)

    async def _standing(self) -> _Standing:
        """What the next line follows: the head as it is kept; without one, what all lines come to."""
        raw = await self._store.do("GET", self._head)
        if (head := Head.of(raw)) is not None:
            return _Standing(raw, head)
        head, line = Head(), ""
        async for line in self._from(0):
            head = head.after(line)
        return _Standing(raw or "", head, lost="before" in (_entry(line) or {}))

    async def _from(self, start: int) -> AsyncIterator[str]:
        while lines := await self._store.do("LRANGE", self._lines, start, start + READ_AT_ONCE - 1):
            for line in lines:
                yield line
            start += len(lines)


@dataclass(frozen=True, slots=True)
class _Standing:
    """``raw`` is kept as the head; ``lost``: there is none although lines were chained by one."""

    raw: str
    head: Head
    lost: bool = False

    @property
    def mark(self) -> dict[str, str]:
        """What the next line says about it."""
        return {"head": "lost"} if self.lost else {}


def examine(lines: Sequence[str], head: Head | None, noted: tuple[int, str] | None = None) -> Verdict:
    """Whether ``lines`` still are what was appended, as far as that can be told."""
    found, seen, unchained = list[Finding](), Head(), 0
    digests = [""]
    for place, line in enumerate(lines, 1):
        entry = _entry(line)
        fault, seen = _look(entry, seen, unchained == place - 1)
        unchained += fault is None and entry is not None and "before" not in entry
        if fault is not None:
            found.append(Finding(fault, place, _number(line)))
        seen = seen.after(line)
        digests.append(seen.digest)
    found += _at_the_end(seen, head, chained=unchained < len(lines))
    if noted is not None and (noted[0] >= len(digests) or digests[noted[0]] != noted[1]):
        found.append(Finding(Fault.OTHER_HEAD))
    return Verdict(tuple(found), len(lines), seen.digest, unchained)


def _look(entry: dict[str, Any] | None, seen: Head, may_lack: bool) -> tuple[Fault | None, Head]:
    """What is wrong with a line after ``seen``, and what to go on from: after a break, from what the line says."""
    if entry is None:
        return Fault.UNREADABLE, seen
    before = entry.get("before")
    if before is None:
        return (None if may_lack else Fault.BROKEN), seen
    if before != seen.digest:
        return Fault.BROKEN, Head(seen.count, str(before), seen.number)
    return (Fault.HEAD_WAS_LOST if entry.get("head") == "lost" else None), seen


def _at_the_end(seen: Head, head: Head | None, *, chained: bool) -> Iterator[Finding]:
    if head is None:
        if chained:
            yield Finding(Fault.NO_HEAD)
    elif seen.count < head.count:
        yield Finding(Fault.CUT_OFF, line=head.count - seen.count)
    elif seen.count > head.count:
        yield Finding(Fault.TOO_MANY, line=seen.count - head.count)
    elif seen.digest != head.digest:
        yield Finding(Fault.LAST_CHANGED)


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _number(line: str) -> int:
    number = (_entry(line) or {}).get("number")
    return number if type(number) is int else 0


def _json(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
