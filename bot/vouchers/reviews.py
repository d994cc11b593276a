"""Reviews: which vouchers WeChat's reviewers have now, what sent them there, and what became of earlier ones.

A result comes as an event, which may arrive before our own record of the change, repeated, or not at all. So what waits
is noted from three sides (our own updates, every read that sees it, events), and what waits and turns out to be decided
is told by the watch. Several processes note at once: every write compares with what it was decided upon.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot import clock
from bot.store import Script, Store, keys
from bot.vouchers.fields import BY_NAME
from bot.vouchers.model import Status, Voucher
from bot.wechat.account import Account

RESULTS_SECONDS = 30 * 86_400

GRACE_SECONDS = 60
"""WeChat tries an event three times within about 15 s; only after that the watch speaks for it."""

CLOCKS_APART = 60
"""How far WeChat's clock and ours may differ before an event counts as that of an earlier review."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One change of ours that went to review: names of the changed fields (those of the field table), who, when."""

    fields: tuple[str, ...]
    openid: str
    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A voucher under review.

    ``since`` is exact for our own changes, else when it was first seen so. ``confirmed``: a read has shown it under
    review (whether an approved voucher always reads so after an update is not confirmed; one that never did cannot be
    told from a decided one). ``decided_at``: when a read first saw it decided though no event had said so, else 0.
    """

    card_id: str
    title: str
    since: float
    submissions: tuple[Submission, ...] = ()
    confirmed: bool = False
    decided_at: float = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one review: ``at`` by WeChat's clock, ``told_at`` by ours.

    ``missed``: found by the watch. Its ``reason`` is not known then, unless the event came late.
    """

    card_id: str
    title: str
    passed: bool
    at: float
    told_at: float
    reason: str = ""
    missed: bool = False
    submissions: tuple[Submission, ...] = ()


_SWAP = Script("""
-- waiting, told | card id, what is there ('' = nothing), what shall be there ('' = nothing), when asked
local told = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
if ARGV[2] == '' and told > tonumber(ARGV[4]) then return 2 end
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
""")
"""1 = done, 0 = somebody was faster, 2 = a result told since ``when asked`` makes the note an old one."""

_SETTLE = Script("""
-- waiting, told, results | card id, what is there ('' = nothing), result's field, result, told at, seconds to keep
if ARGV[2] ~= '' then
  if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
  redis.call('HDEL', KEYS[1], ARGV[1])
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[5])
redis.call(ARGV[2] == '' and 'HSETNX' or 'HSET', KEYS[3], ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[6])
redis.call('EXPIRE', KEYS[3], ARGV[6])
return 1
""")


def labels(submissions: Iterable[Submission]) -> list[dict[str, str]]:
    """The fields of several submissions that reviewers look at, each once: the document's ``name``, Chinese ``label``.

    All of them where the document's table has none reviewed: ``send_check`` knows better than the table.
    """
    names = dict.fromkeys(name for each in submissions for name in each.fields if name in BY_NAME)
    reviewed = [name for name in names if BY_NAME[name].review]
    return [{"name": name, "label": BY_NAME[name].label} for name in reviewed or names]


class Reviews:
    """The reviews of one account, in Redis."""

    def __init__(self, account: Account, store: Store) -> None:
        self._store = store
        self._waiting = keys.under_review(account.appid)
        self._told = keys.review_told(account.appid)
        self._results = keys.review_results(account.appid)

    async def submitted(
        self, voucher: Voucher, fields: Sequence[str], *, openid: str, name: str, asked_at: float
    ) -> None:
        """An update of ours, sent at ``asked_at``, was answered ``send_check: true``.

        Further changes during one review add up. Where the result was faster than this note, it is added to the result.
        """
        change = Submission(tuple(fields), openid, name, clock.now())
        while True:
            known, raw = await self._noted(voucher.card_id)
            running = known if known and not known.decided_at else None
            since = running.since if running else asked_at
            before = running.submissions if running else ()
            confirmed = running.confirmed if running else False
            note = Waiting(voucher.card_id, voucher.title, since, (*before, change), confirmed)
            done = await self._swap(voucher.card_id, raw, _json(note), asked_at)
            if done == 2:
                await self._add_to_result(voucher.card_id, change, asked_at)
            if done:
                return

    async def seen(self, vouchers: Iterable[Voucher], *, asked_at: float) -> None:
        """Compare what was asked for at ``asked_at`` with what is noted; what somebody noted meanwhile stays."""
        raw_notes = await self._store.do("HGETALL", self._waiting)
        for voucher in vouchers:
            raw = raw_notes.get(voucher.card_id, "")
            known = _waiting(raw) if raw else None
            note = _after_reading(voucher, known, asked_at)
            if note != known:
                await self._swap(voucher.card_id, raw, _json(note) if note else "", asked_at)

    async def waiting(self) -> list[Waiting]:
        """Every voucher known to be under review, the longest first."""
        raw_notes = await self._store.do("HGETALL", self._waiting)
        return sorted(map(_waiting, raw_notes.values()), key=lambda waiting: (waiting.since, waiting.title))

    async def results(self) -> list[Result]:
        """Results of the last 30 days, the newest first."""
        raw_results = await self._store.do("HGETALL", self._results)
        fresh = [result for result in map(_result, raw_results.values()) if _recent(result)]
        return sorted(fresh, key=lambda result: -result.at)

    async def decided(self, card_id: str, title: str, *, passed: bool, at: int, reason: str = "") -> Result | None:
        """An event said so at second ``at``: the result to tell, or None where the watch has told it already.

        The same event once more gives the same result. ``title`` may be "": then the noted one stands.
        """
        earlier = [result for result in await self.results() if result.card_id == card_id and result.passed == passed]
        for result in earlier:
            if result.at == at and not result.missed:
                return result
            if result.missed and at <= result.told_at:
                await self._keep(replace(result, reason=reason or result.reason))
                return None
        while True:
            known, raw = await self._noted(card_id)
            if known and at + CLOCKS_APART < known.since:
                known, raw = None, ""  # a late word about an earlier review: this one goes on
            result = _decided(card_id, title, known, passed=passed, at=at, reason=reason)
            if await self._settle(raw, result):
                return result

    async def missed(self, waiting: Waiting, voucher: Voucher) -> Result | None:
        """The result of a review that no event told, recorded as told; None while it is too early to say.

        ``voucher`` was read after ``waiting``.
        """
        if not waiting.decided_at or clock.now() - waiting.decided_at < GRACE_SECONDS:
            return None
        if voucher.under_review or not (voucher.approved or voucher.status is Status.VERIFY_FAIL):
            return None
        result = _decided(waiting.card_id, voucher.title, waiting, passed=voucher.approved, at=waiting.decided_at)
        result = replace(result, missed=True)
        return result if await self._settle(_json(waiting), result) else None

    async def forget(self, card_id: str) -> None:
        """The voucher is gone; nobody will review it."""
        await self._store.do("HDEL", self._waiting, card_id)

    async def known_title(self, card_id: str) -> str:
        """The title a review of this voucher was noted under, or ""."""
        noted: list[Waiting | Result] = [*await self.waiting(), *await self.results()]
        return next((each.title for each in noted if each.card_id == card_id and each.title), "")

    async def _noted(self, card_id: str) -> tuple[Waiting | None, str]:
        raw: str = await self._store.do("HGET", self._waiting, card_id) or ""
        return (_waiting(raw) if raw else None), raw

    async def _swap(self, card_id: str, before: str, after: str, asked_at: float) -> int:
        return int(await self._store.script(_SWAP, [self._waiting, self._told], [card_id, before, after, asked_at]))

    async def _settle(self, raw: str, result: Result) -> bool:
        names = [self._waiting, self._told, self._results]
        told: list[str | float] = [_field(result), _json(result), result.told_at, RESULTS_SECONDS]
        return bool(await self._store.script(_SETTLE, names, [result.card_id, raw, *told]))

    async def _keep(self, result: Result) -> None:
        await self._store.do("HSET", self._results, _field(result), _json(result))

    async def _add_to_result(self, card_id: str, change: Submission, asked_at: float) -> None:
        for result in await self.results():
            if result.card_id == card_id and result.told_at > asked_at:
                await self._keep(replace(result, submissions=(*result.submissions, change)))
                return

    async def prune(self) -> None:
        """Drop results older than 30 days."""
        raw_results = await self._store.do("HGETALL", self._results)
        old = [name for name, raw in raw_results.items() if not _recent(_result(raw))]
        if old:
            await self._store.do("HDEL", self._results, *old)


def _after_reading(voucher: Voucher, known: Waiting | None, asked_at: float) -> Waiting | None:
    """The note about ``voucher`` now that it was read."""
    if voucher.under_review:
        if known is None:
            return Waiting(voucher.card_id, voucher.title, asked_at, confirmed=True)
        return replace(known, title=voucher.title, confirmed=True, decided_at=0)
    if known is None or voucher.deleted:
        return None
    if known.confirmed and not known.decided_at and voucher.status is not Status.UNKNOWN and known.since <= asked_at:
        return replace(known, decided_at=clock.now())
    return known


def _decided(card_id: str, title: str, known: Waiting | None, *, passed: bool, at: float, reason: str = "") -> Result:
    title = title or (known.title if known else "")
    return Result(card_id, title, passed, at, clock.now(), reason, submissions=known.submissions if known else ())


def _recent(result: Result) -> bool:
    return result.told_at > clock.now() - RESULTS_SECONDS


def _field(result: Result) -> str:
    return f"{result.card_id}:{result.at}:{int(result.passed)}"


def _json(value: Waiting | Result) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _waiting(raw: str) -> Waiting:
    value: dict[str, Any] = json.loads(raw)
    return Waiting(**{**value, "submissions": _submissions(value)})


def _result(raw: str) -> Result:
    value: dict[str, Any] = json.loads(raw)
    return Result(**{**value, "submissions": _submissions(value)})


def _submissions(value: dict[str, Any]) -> tuple[Submission, ...]:
    return tuple(Submission(**{**each, "fields": tuple(each["fields"])}) for each in value["submissions"])
