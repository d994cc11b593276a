"""Applying for a sub-merchant: card/submerchant/submit or update once, and a look at what WeChat made of it.

No call takes an application back, so one whose answer never came is not repeated: the sub-merchants that were not
there before, or what became of the one that applied again, tell whether it happened.
Source: "Third-party developer mode", card/submerchant/submit, update, get and batchget.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatBusy, WeChatError, WeChatRefused
from bot.store import Store, draft_keys
from bot.vouchers.entrusting.application import alike
from bot.vouchers.entrusting.following import CHECKING, Following
from bot.vouchers.records import Author, Records, What
from bot.vouchers.submerchants import SubMerchant, SubMerchants
from bot.vouchers.under_way import UnderWay
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

SUBMIT, UPDATE = "card/submerchant/submit", "card/submerchant/update"
ATTEMPT_SECONDS = 7 * 86_400


class State(StrEnum):
    """What came of a ``yes``."""

    DONE = "done"  # accepted, or found to be done
    IN_DOUBT = "in_doubt"  # no answer, and nothing proves that it happened
    REFUSED = "refused"  # WeChat answered an errcode


@dataclass(frozen=True, slots=True)
class Outcome:
    """``merchant`` as WeChat shows it after DONE."""

    state: State
    merchant: SubMerchant | None = None
    errcode: int = 0


class Applications:
    """Applies for sub-merchants of one account."""

    def __init__(
        self, account: Account, api: AccountAPI, store: Store, submerchants: SubMerchants, records: Records
    ) -> None:
        self._appid = account.appid
        self._api = api
        self._store = store
        self._submerchants = submerchants
        self.following = Following(account, store, submerchants)
        self._records = records
        self._under_way = UnderWay(store, draft_keys.submissions(account.appid))

    def payload(self, info: Mapping[str, Any]) -> dict[str, Any]:
        """What a yes needs to know, as JSON."""
        return {"info": dict(info), "reference": secrets.token_hex(8)}

    async def apply(self, payload: Mapping[str, Any], by: Author, *, resumed: bool = False) -> Outcome:
        """Send what :meth:`payload` wrote down. ``resumed``: a process died at it, so what it had begun is looked up.

        Raises the WeChatError tree where WeChat certainly was not reached; nothing has changed then.
        """
        info = payload["info"]
        attempt = draft_keys.application_attempt(self._appid, payload["reference"])
        if resumed and (begun := await self._store.read(attempt)):
            return await self._ended(begun.get("record", 0), await self._look_up(info, begun))
        if late := await self._arrived_late(payload, by):
            return late
        before = await self._before(info)
        number, again = info.get("merchant_id", 0), "merchant_id" in info
        record = await self._records.begin(
            None, (), by, What.SUBMERCHANT, title=info["brand_name"], merchant_id=number, again=again
        )
        begun = {"before": before, "reference": payload["reference"], "record": record, "openid": by.openid}
        await self._under_way.begin(payload["reference"], info, by.openid)
        await self._store.write(attempt, begun, seconds=ATTEMPT_SECONDS)
        try:
            outcome = await self._send(info, begun)
        except WeChatError:
            await self._forget(attempt, payload["reference"])
            await self._records.ended(record, "not_sent")
            raise
        if outcome.state is State.REFUSED:
            await self._forget(attempt, payload["reference"])
        return await self._ended(record, outcome)

    async def _arrived_late(self, payload: Mapping[str, Any], by: Author) -> Outcome | None:
        """The very same, submitted again after it was in doubt: it may be there by now, and is not sent twice."""
        for earlier in await self._under_way.others(payload["reference"]):
            if (earlier.openid, earlier.asked) != (by.openid, payload["info"]):
                continue
            begun = await self._store.read(draft_keys.application_attempt(self._appid, earlier.reference))
            outcome = await self._look_up(payload["info"], begun) if begun else Outcome(State.IN_DOUBT)
            if outcome.state is State.DONE:
                return await self._ended(begun["record"], outcome)
        return None

    async def _before(self, info: Mapping[str, Any]) -> Any:
        """The numbers there are; of one that applies again, the whole of it."""
        if number := info.get("merchant_id"):
            return asdict(await self._submerchants.get(number))
        return [each.merchant_id for each in await self._submerchants.all()]

    async def _send(self, info: Mapping[str, Any], begun: Mapping[str, Any]) -> Outcome:
        try:
            answer = await self._api.call(UPDATE if "merchant_id" in info else SUBMIT, {"info": info})
        except (WeChatBusy, OutcomeUnknown):
            return await self._look_up(info, begun)
        except WeChatRefused as refusal:
            return Outcome(State.REFUSED, errcode=refusal.errcode)
        made = answer.get("info")
        merchant = SubMerchant.of(made) if isinstance(made, Mapping) else None
        if merchant is None or not merchant.merchant_id:
            return await self._look_up(info, begun)
        return await self._made(merchant, begun)

    async def _look_up(self, info: Mapping[str, Any], begun: Mapping[str, Any]) -> Outcome:
        """After no answer. A colleague may apply with the very same at the very same time.

        While nobody knows what became of theirs, what is found proves nothing about either.
        """
        with contextlib.suppress(WeChatError, StoreUnavailable):
            found = await (self._renewed(info, begun) if "merchant_id" in info else self._fresh(info, begun))
            rivals = await self._under_way.others(begun["reference"])
            if "merchant_id" not in info:
                found = [each for each in found if await self._free(each.merchant_id, begun)]
            if len(found) == 1 and not any(alike(rival.asked, found[0]) for rival in rivals):
                return await self._made(found[0], begun)
        return Outcome(State.IN_DOUBT)

    async def _fresh(self, info: Mapping[str, Any], begun: Mapping[str, Any]) -> list[SubMerchant]:
        fresh = [each for each in await self._submerchants.all() if each.merchant_id not in begun["before"]]
        return [each for each in fresh if alike(info, each)]

    async def _renewed(self, info: Mapping[str, Any], begun: Mapping[str, Any]) -> list[SubMerchant]:
        before, now = begun["before"], await self._submerchants.get(info["merchant_id"])
        changed = (now.status, now.updated) != (before["status"], before["updated"])
        return [now] if changed and alike(info, now) else []

    async def _made(self, merchant: SubMerchant, begun: Mapping[str, Any]) -> Outcome:
        with contextlib.suppress(StoreUnavailable):
            key = draft_keys.applied(self._appid, merchant.merchant_id)
            await self._store.write(key, begun["reference"], seconds=ATTEMPT_SECONDS)
            await self._under_way.settled(begun["reference"])
            if merchant.status == CHECKING:
                await self.following.note(merchant, openid=begun["openid"], reference=begun["reference"])
        return Outcome(State.DONE, merchant)

    async def _free(self, merchant_id: int, begun: Mapping[str, Any]) -> bool:
        """Whether no other attempt is known to have made this sub-merchant."""
        return await self._store.read(draft_keys.applied(self._appid, merchant_id)) in (None, begun["reference"])

    async def _forget(self, attempt: str, reference: str) -> None:
        with contextlib.suppress(StoreUnavailable):
            await self._store.delete(attempt)
            await self._under_way.settled(reference)

    async def _ended(self, record: int, outcome: Outcome) -> Outcome:
        if record:
            known = {"merchant_id": outcome.merchant.merchant_id} if outcome.merchant else {}
            await self._records.ended(record, outcome.state, errcode=outcome.errcode, **known)
        return outcome
