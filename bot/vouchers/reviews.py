"""Reviews: which vouchers WeChat's reviewers have now, what sent them there, and what became of earlier ones.

A result comes as an event, which may arrive before our own record of the change, repeated, or not at all. So what waits
is noted from three sides (our own updates, every read that sees it, events), and what waits and turns out to be decided
is told by the watch. Several processes note at once: every write compares with what it was decided upon.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import clock
from bot.store import Script, Store, keys
from bot.vouchers.model import Status, Voucher
from bot.vouchers.review_notes import (
    RESULTS_SECONDS,
    Result,
    Submission,
    Waiting,
    after_reading,
    decision,
    field_of,
    recent,
    result_of,
    to_json,
    waiting_of,
)
from bot.wechat.account import Account

GRACE_SECONDS = 60
"""WeChat tries an event three times within about 15 s; only after that the watch speaks for it."""

CLOCKS_APART = 60
"""How far WeChat's clock and ours may differ before an event counts as that of an earlier review."""

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
WAITING = keys.under_review
"""The key without which no review of an account waits for its result."""


class Reviews:
    """The reviews of one account, in Redis."""

    def __init__(self, account: Account, store: Store) -> None:
        self._store = store
        self._waiting = keys.under_review(account.appid)
        self._told = keys.review_told(account.appid)
        self._results = keys.review_results(account.appid)

    async def submitted(
        self, voucher: Voucher, fields: Sequence[str], *, openid: str, name: str, asked_at: float
    ) -> Submission:
        """An update of ours, asked for at ``asked_at``, goes to review.

        Noted before WeChat is asked, since the result may overtake the answer; :meth:`withdrawn` takes it back where
        the answer says otherwise. Further changes during one review add up. Where the result was faster than this note,
        it is added to the result.
        """
        change = Submission(tuple(fields), openid, name, clock.now())
        while True:
            known, raw = await self._noted(voucher.card_id)
            running = known if known and not known.decided_at else None
            since = running.since if running else asked_at
            before = running.submissions if running else ()
            confirmed = running.confirmed if running else False
            note = Waiting(voucher.card_id, voucher.title, since, (*before, change), confirmed)
            done = await self._swap(voucher.card_id, raw, to_json(note), asked_at)
            if done == 2:
                await self._add_to_result(voucher.card_id, change, asked_at)
            if done:
                return change

    async def withdrawn(self, card_id: str, change: Submission) -> None:
        """``change`` did not go to review after all."""
        while True:
            known, raw = await self._noted(card_id)
            if known is None or change not in known.submissions:
                return
            left = tuple(each for each in known.submissions if each != change)
            note = to_json(replace(known, submissions=left)) if left or known.confirmed else ""
            if await self._swap(card_id, raw, note, change.at):
                return

    async def seen(self, vouchers: Iterable[Voucher], *, asked_at: float) -> None:
        """Compare what was asked for at ``asked_at`` with what is noted; what somebody noted meanwhile stays."""
        raw_notes = await self._store.do("HGETALL", self._waiting)
        for voucher in vouchers:
            raw = raw_notes.get(voucher.card_id, "")
            known = waiting_of(raw) if raw else None
            note = after_reading(voucher, known, asked_at)
            if note != known:
                await self._swap(voucher.card_id, raw, to_json(note) if note else "", asked_at)

    async def waiting(self) -> list[Waiting]:
        """Every voucher known to be under review, the longest first."""
        raw_notes = await self._store.do("HGETALL", self._waiting)
        return sorted(map(waiting_of, raw_notes.values()), key=lambda waiting: (waiting.since, waiting.title))

    async def results(self) -> list[Result]:
        """Results of the last 30 days, the newest first."""
        raw_results = await self._store.do("HGETALL", self._results)
        fresh = [result for result in map(result_of, raw_results.values()) if recent(result)]
        return sorted(fresh, key=lambda result: (result.at, result.title), reverse=True)

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
            result = decision(card_id, title, known, passed=passed, at=at, reason=reason)
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
        result = decision(waiting.card_id, voucher.title, waiting, passed=voucher.approved, at=waiting.decided_at)
        result = replace(result, missed=True)
        return result if await self._settle(to_json(waiting), result) else None

    async def forget(self, card_id: str) -> None:
        """The voucher is gone; nobody will review it."""
        await self._store.do("HDEL", self._waiting, card_id)

    async def known_title(self, card_id: str) -> str:
        """The title a review of this voucher was noted under, or ""."""
        noted: list[Waiting | Result] = [*await self.waiting(), *await self.results()]
        return next((each.title for each in noted if each.card_id == card_id and each.title), "")

    async def _noted(self, card_id: str) -> tuple[Waiting | None, str]:
        raw: str = await self._store.do("HGET", self._waiting, card_id) or ""
        return (waiting_of(raw) if raw else None), raw

    async def _swap(self, card_id: str, before: str, after: str, asked_at: float) -> int:
        return int(await self._store.script(_SWAP, [self._waiting, self._told], [card_id, before, after, asked_at]))

    async def _settle(self, raw: str, result: Result) -> bool:
        names = [self._waiting, self._told, self._results]
        told: list[str | float] = [field_of(result), to_json(result), result.told_at, RESULTS_SECONDS]
        return bool(await self._store.script(_SETTLE, names, [result.card_id, raw, *told]))

    async def _keep(self, result: Result) -> None:
        await self._store.do("HSET", self._results, field_of(result), to_json(result))

    async def _add_to_result(self, card_id: str, change: Submission, asked_at: float) -> None:
        for result in await self.results():
            if result.card_id == card_id and result.told_at > asked_at:
                await self._keep(replace(result, submissions=(*result.submissions, change)))
                return

    async def prune(self) -> None:
        """Drop results older than 30 days."""
        raw_results = await self._store.do("HGETALL", self._results)
        old = [name for name, raw in raw_results.items() if not recent(result_of(raw))]
        if old:
            await self._store.do("HDEL", self._results, *old)
