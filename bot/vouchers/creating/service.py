"""Making a new voucher: card/create once, and a look at what WeChat made of it.

Nothing takes a created voucher's amount, name or thresholds back, so a call whose answer never came is not repeated:
the vouchers WeChat lists that were not there before tell whether it happened.
Source: "Create a Friend's Voucher"; card/batchget, card/get.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatBusy, WeChatError, WeChatRefused
from bot.store import Store, draft_keys
from bot.vouchers.catalogue import Catalogue
from bot.vouchers.creating.alike import alike, inside, reviewed
from bot.vouchers.creating.card import with_no_stock
from bot.vouchers.model import Voucher, integer
from bot.vouchers.records import Records, What
from bot.vouchers.stock_limits import Buyer, StockLimits, Taken
from bot.vouchers.under_way import UnderWay
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

CREATE = "card/create"
NO_FRIENDS = frozenset({73205, 45045})
"""Friend's Vouchers are suspended, or this account may not have any; ordinary coupons may still be made."""
NOT_FOR_ANOTHER = 45042
"""This type may not be created for a sub-merchant."""
MISSES_SKU = frozenset({41011, 40070, 40122})
ATTEMPT_SECONDS = 7 * 86_400
SUSPENDED_SECONDS = 86_400


class State(StrEnum):
    """What came of a ``yes``."""

    DONE = "done"  # accepted, or found to be done, and card/get shows it
    UNCHECKED = "unchecked"  # accepted, but card/get failed
    IN_DOUBT = "in_doubt"  # no answer, and nothing proves that it happened
    REFUSED = "refused"  # WeChat answered an errcode


@dataclass(frozen=True, slots=True)
class Outcome:
    """``voucher`` as card/get shows it after DONE."""

    state: State
    card_id: str = ""
    voucher: Voucher | None = None
    errcode: int = 0


class Creation:
    """Makes vouchers for one account."""

    def __init__(
        self, account: Account, api: AccountAPI, store: Store, catalogue: Catalogue, records: Records,
        *, limits: StockLimits,
    ) -> None:  # fmt: skip
        self._records = records
        self._limits = limits
        self._appid = account.appid
        self._api = api
        self._store = store
        self._catalogue = catalogue
        self._under_way = UnderWay(store, draft_keys.creations(account.appid))

    async def suspended(self) -> int:
        """The errcode with which WeChat refused a Friend's Voucher within the last day; 0 if it did not."""
        return int(await self._store.read(draft_keys.friends_suspended(self._appid)) or 0)

    def payload(self, card: Mapping[str, Any]) -> dict[str, Any]:
        """What a yes needs to know, as JSON."""
        return {"card": dict(card), "reference": secrets.token_hex(8)}

    async def check(self, card: Mapping[str, Any], by: Buyer) -> None:
        """Raise :exc:`~bot.vouchers.stock_limits.OverLimit` where ``by`` may not give out as much stock today."""
        if quantity := _quantity(card):
            await self._limits.check(by, quantity)

    async def apply(self, payload: Mapping[str, Any], by: Buyer, *, resumed: bool = False) -> Outcome:
        """Make what :meth:`payload` wrote down. ``resumed``: a process died at it, so what it had begun is looked up.

        Raises :exc:`~bot.vouchers.stock_limits.OverLimit`, and the WeChatError tree where WeChat certainly was not
        reached; there is no new voucher then.
        """
        attempt = draft_keys.creation_attempt(self._appid, payload["reference"])
        if resumed and (begun := await self._store.read(attempt)):
            return await self._ended(begun.get("record", 0), await self._look_up(payload["card"], begun, by))
        if late := await self._arrived_late(payload, by):
            return late
        before, title = sorted(await self._catalogue.ids()), Voucher.of(payload["card"]).title
        taken = await self._taken(payload, by)
        record = await self._records.begin(None, (), by, What.CREATE, title=title)
        begun = {"before": before, "at": clock.now(), "reference": payload["reference"], "record": record}
        await self._under_way.begin(payload["reference"], payload["card"], by.openid)
        await self._store.write(attempt, begun, seconds=ATTEMPT_SECONDS)
        try:
            outcome = await self._make(payload["card"], begun, by)
        except WeChatError:
            await self._undo(attempt, payload["reference"], taken)
            await self._records.ended(record, "not_sent")
            raise
        if outcome.state is State.REFUSED:
            await self._undo(attempt, payload["reference"], taken)
        return await self._ended(record, outcome)

    async def _arrived_late(self, payload: Mapping[str, Any], by: Buyer) -> Outcome | None:
        """The very same, submitted again after it was in doubt: it may have been made since, and is not made twice."""
        for earlier in await self._under_way.others(payload["reference"]):
            if (earlier.openid, earlier.asked) != (by.openid, payload["card"]):
                continue
            begun = await self._store.read(draft_keys.creation_attempt(self._appid, earlier.reference))
            outcome = await self._look_up(payload["card"], begun, by) if begun else Outcome(State.IN_DOUBT)
            if outcome.state is not State.IN_DOUBT:
                return await self._ended(begun["record"], outcome)
        return None

    async def _taken(self, payload: Mapping[str, Any], by: Buyer) -> Taken:
        quantity, reference = _quantity(payload["card"]), payload["reference"]
        return await self._limits.take(by, reference, quantity) if quantity else Taken("", reference)

    async def _make(self, card: Mapping[str, Any], begun: Mapping[str, Any], by: Buyer) -> Outcome:
        try:
            answer = await self._send(card)
        except (WeChatBusy, OutcomeUnknown):
            return await self._look_up(card, begun, by)
        except WeChatRefused as refusal:
            return await self._refused(refusal)
        card_id = str(answer.get("card_id") or "")
        return await (self._seen(card, card_id, begun, by) if card_id else self._look_up(card, begun, by))

    async def _ended(self, record: int, outcome: Outcome) -> Outcome:
        """On record by the id and the title that WeChat gave it."""
        made = {"card_id": outcome.card_id} if outcome.card_id else {}
        named = {"title": outcome.voucher.title} if outcome.voucher else {}
        if record:
            await self._records.ended(record, outcome.state, errcode=outcome.errcode, **made, **named)
        return outcome

    async def _send(self, card: Mapping[str, Any]) -> dict[str, Any]:
        """Without ``sku`` for a Friend's Voucher and, where WeChat misses it, with one of 0: which one is right is not
        confirmed. What was refused was not made, so it may be asked for again.
        """
        try:
            return await self._api.call(CREATE, {"card": card})
        except WeChatRefused as refusal:
            if refusal.errcode not in MISSES_SKU or "sku" in inside(card)["base_info"]:
                raise
        return await self._api.call(CREATE, {"card": with_no_stock(card)})

    async def _undo(self, attempt: str, reference: str, taken: Taken) -> None:
        with contextlib.suppress(StoreUnavailable):
            await self._limits.give_back(taken)
            await self._store.delete(attempt)
            await self._under_way.settled(reference)

    async def _refused(self, refusal: WeChatRefused) -> Outcome:
        if refusal.errcode in NO_FRIENDS:
            with contextlib.suppress(StoreUnavailable):
                key = draft_keys.friends_suspended(self._appid)
                await self._store.write(key, refusal.errcode, seconds=SUSPENDED_SECONDS)
        return Outcome(State.REFUSED, errcode=refusal.errcode)

    async def _look_up(self, card: Mapping[str, Any], begun: Mapping[str, Any], by: Buyer) -> Outcome:
        """After no answer: exactly one voucher that was not there before, is like what was sent, and is nobody else's.

        A colleague may be making the very same one at the very same time: while nobody knows what became of theirs,
        such a voucher proves nothing about either.
        """
        with contextlib.suppress(WeChatError, StoreUnavailable):
            fresh = await self._catalogue.ids() - set(begun["before"])
            like = [each for card_id in fresh if alike(card, each := await self._catalogue.get(card_id))]
            rivals = await self._under_way.others(begun["reference"])
            found = [each for each in like if await self._free(each.card_id, begun)]
            if len(found) == 1 and not any(alike(rival.asked, found[0]) for rival in rivals):
                return await self._seen(card, found[0].card_id, begun, by)
        return Outcome(State.IN_DOUBT)

    async def _seen(self, card: Mapping[str, Any], card_id: str, begun: Mapping[str, Any], by: Buyer) -> Outcome:
        """It is made: read it back, and let its maker hear what the reviewers say."""
        voucher = None
        with contextlib.suppress(StoreUnavailable):
            key = draft_keys.created(self._appid, card_id)
            await self._store.write(key, begun["reference"], seconds=ATTEMPT_SECONDS, only_new=True)
            await self._under_way.settled(begun["reference"])
        with contextlib.suppress(WeChatError, StoreUnavailable):
            await self._catalogue.outdate()
            voucher = await self._catalogue.get(card_id)
        with contextlib.suppress(StoreUnavailable):
            await self._catalogue.reviews.submitted(
                voucher or Voucher.of(card, card_id), reviewed(card), openid=by.openid, name=by.name,
                asked_at=begun["at"],
            )  # fmt: skip
        return Outcome(State.DONE if voucher else State.UNCHECKED, card_id, voucher)

    async def _free(self, card_id: str, begun: Mapping[str, Any]) -> bool:
        """Whether no other attempt is known to have made this voucher."""
        return await self._store.read(draft_keys.created(self._appid, card_id)) in (None, begun["reference"])


def _quantity(card: Mapping[str, Any]) -> int:
    """The stock an ordinary coupon starts with; a Friend's Voucher starts with none."""
    return integer(inside(card)["base_info"].get("sku", {}).get("quantity"))
