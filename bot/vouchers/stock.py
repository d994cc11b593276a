"""More or less stock: preview, the call, and a look at what WeChat made of it.

Stock of a Friend's Voucher is bought: a quote, good for 60 s, is confirmed; nothing takes that back. Stock of an
ordinary coupon is changed as one likes. A call whose answer never came is looked up and not repeated.
Source: "Coupons from Friends", inventory configuration and recharge; card/modifystock.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot import clock
from bot.errors import OutcomeUnknown, StoreUnavailable, WeChatBusy, WeChatError, WeChatRefused
from bot.store import Store, keys
from bot.vouchers.credit import Balance, Quote
from bot.vouchers.model import Voucher
from bot.vouchers.records import Asked, What
from bot.vouchers.rivals import overlapped, undone_by
from bot.vouchers.stock_limits import Buyer, StockLimits, Taken
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.vouchers.service import Vouchers
    from bot.wechat.client import AccountAPI

MODIFY = "card/modifystock"
FINISHED, QUOTE_TIMED_OUT = 71007, 71008
NOT_SENT = "not_sent"
ATTEMPT_SECONDS = 7 * 86_400
PATIENCE = 2.0
"""Seconds for the balance after a purchase: what was bought counts more."""
_SKEW = 600
"""Seconds WeChat's clock may be behind ours when orders are looked through."""
_LOOKED_THROUGH = 50


class State(StrEnum):
    """What came of a ``yes``."""

    DONE = "done"  # accepted, or found to be done, and card/get shows it
    NOT_VISIBLE = "not_visible"  # done, but card/get shows nothing of it
    UNCHECKED = "unchecked"  # done, but card/get failed
    IN_DOUBT = "in_doubt"  # no answer, and nothing proves that it happened
    REFUSED = "refused"  # WeChat answered an errcode
    BELOW_ZERO = "below_zero"  # not sent: less is left than shall be taken away
    UNDONE = "undone"  # not sent: somebody has put the same change back already
    ASK_AGAIN = "ask_again"  # not sent: the price has changed, or there are too few coins now


_NOT_ASKED = (State.ASK_AGAIN, State.UNDONE)
_MOVED = (State.DONE, State.NOT_VISIBLE, State.UNCHECKED, State.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Proposal:
    """``amount`` more (or less) of a voucher; for a Friend's Voucher with its price and the coins there are."""

    voucher: Voucher
    amount: int
    quote: Quote | None = None
    balance: Balance | None = None

    @property
    def missing(self) -> Decimal:
        """Coins that lack for it."""
        return max(self.quote.price - self.balance.total, Decimal(0)) if self.quote and self.balance else Decimal(0)

    @property
    def affordable(self) -> int:
        """How many the coins there are would buy at this price."""
        if self.quote is None or self.balance is None or self.quote.price <= 0:
            return 0
        return int(self.balance.total * self.amount / self.quote.price)

    def payload(self, **undoes: int) -> dict[str, Any]:
        """What a yes needs to know, as JSON; ``undoes`` is the number of the change that it puts back."""
        quote = self.quote
        bought = {} if quote is None else {"order_id": quote.order_id, "price": str(quote.price), "at": quote.at}
        named = {"card_id": self.voucher.card_id, "amount": self.amount, "reference": secrets.token_hex(8)}
        return {**named, **bought, **undoes}


@dataclass(frozen=True, slots=True)
class Outcome:
    """``voucher`` as last seen; ``proposal`` after ASK_AGAIN; ``price`` and ``balance`` where coins were spent.

    ``number`` is that of the record (0: none). ``by`` is who was faster, after UNDONE.
    """

    state: State
    voucher: Voucher
    amount: int
    price: Decimal | None = None
    balance: Balance | None = None
    errcode: int = 0
    proposal: Proposal | None = None
    number: int = 0
    by: Asked | None = None


class Stock:
    """Changes the stock of one account's vouchers."""

    def __init__(
        self, account: Account, api: AccountAPI, store: Store, vouchers: Vouchers, limits: StockLimits
    ) -> None:
        self._appid = account.appid
        self._api = api
        self._store = store
        self._vouchers = vouchers
        self._limits = limits
        self._records = vouchers.records

    async def propose(self, voucher: Voucher, amount: int, by: Buyer) -> Proposal:
        """What ``amount`` more of ``voucher``, just read from WeChat, would take.

        Raises :exc:`~bot.vouchers.stock_limits.OverLimit` and the WeChatError tree.
        """
        await self._limits.check(by, abs(amount))
        return await self._priced(voucher, amount)

    async def _priced(self, voucher: Voucher, amount: int) -> Proposal:
        if not voucher.is_friends:
            return Proposal(voucher, amount)
        balance = await self._vouchers.credit.balance()
        return Proposal(voucher, amount, await self._vouchers.credit.quote(voucher.card_id, amount), balance)

    async def apply(self, payload: Mapping[str, Any], by: Buyer, *, resumed: bool = False) -> Outcome:
        """Carry out what :meth:`Proposal.payload` wrote down.

        ``resumed``: a process died at it, so what it had begun is looked up. Raises
        :exc:`~bot.vouchers.stock_limits.OverLimit`, and the WeChatError tree where certainly nothing has changed.
        """
        attempt = keys.stock_attempt(self._appid, payload["reference"])
        voucher = await self._vouchers.get(payload["card_id"])
        begun = await self._store.read(attempt) if resumed else None
        if begun is not None:
            return await self._ended(await self._look_up(voucher, payload, begun))
        taken = await self._limits.take(by, payload["reference"], abs(payload["amount"]))
        try:
            outcome = await (self._buy if voucher.is_friends else self._modify)(voucher, payload, by)
        except WeChatError:
            await self._not_sent(attempt)
            await self._undo(attempt, taken)
            raise
        if outcome.state not in _MOVED:
            await self._undo(attempt, taken)
        return await self._ended(outcome)

    async def _not_sent(self, attempt: str) -> None:
        with contextlib.suppress(StoreUnavailable):
            begun = await self._store.read(attempt)
            if begun and "record" in begun:
                await self._records.ended(begun["record"], NOT_SENT)

    async def _undo(self, attempt: str, taken: Taken) -> None:
        """Certainly nothing has changed. (Where this was cut off in the middle, nobody knows, and all is kept.)"""
        with contextlib.suppress(StoreUnavailable):
            await self._store.delete(attempt)
            await self._limits.give_back(taken)

    async def _ended(self, outcome: Outcome) -> Outcome:
        if outcome.number:
            state = NOT_SENT if outcome.state in _NOT_ASKED else outcome.state
            await self._records.ended(outcome.number, state, errcode=outcome.errcode)
        return outcome

    async def _modify(self, voucher: Voucher, payload: Mapping[str, Any], by: Buyer) -> Outcome:
        amount = payload["amount"]
        if voucher.stock + amount < 0:
            return Outcome(State.BELOW_ZERO, voucher, amount)
        begun = await self._begin(voucher, payload, by)
        undoes, number = payload.get("undoes"), begun["record"]
        if undoes and (rival := await undone_by(self._records, undoes, voucher.card_id, number)):
            return Outcome(State.UNDONE, voucher, amount, number=number, by=rival)
        way = "increase_stock_value" if amount > 0 else "reduce_stock_value"
        try:
            await self._api.call(MODIFY, {"card_id": voucher.card_id, way: abs(amount)})
        except (WeChatBusy, OutcomeUnknown):
            return await self._look_up(voucher, payload, begun)
        except WeChatRefused as refusal:
            return Outcome(State.REFUSED, voucher, amount, errcode=refusal.errcode, number=number)
        return await self._seen(voucher, payload, begun)

    async def _buy(self, voucher: Voucher, payload: Mapping[str, Any], by: Buyer) -> Outcome:
        """Confirm the quote, or another one at the same price where it is too old: that one certainly lapsed."""
        quote, number = Quote(payload["order_id"], Decimal(payload["price"]), payload["at"]), 0
        if not quote.late:
            outcome = await self._confirm(voucher, payload, quote, by)
            if outcome.errcode != QUOTE_TIMED_OUT:
                return outcome
            number = outcome.number
        proposal = await self._priced(voucher, payload["amount"])
        if proposal.quote is None or proposal.quote.price != quote.price or proposal.missing:
            return Outcome(State.ASK_AGAIN, voucher, payload["amount"], proposal=proposal, number=number)
        return await self._confirm(voucher, payload, proposal.quote, by, number)

    async def _confirm(
        self, voucher: Voucher, payload: Mapping[str, Any], quote: Quote, by: Buyer, number: int = 0
    ) -> Outcome:
        begun = await self._begin(voucher, payload, by, quote, number)
        try:
            await self._vouchers.credit.confirm(voucher.card_id, payload["amount"], quote.order_id)
        except (WeChatBusy, OutcomeUnknown):
            return await self._look_up(voucher, payload, begun)
        except WeChatRefused as refusal:
            if refusal.errcode == FINISHED:
                return await self._look_up(voucher, payload, begun)
            refused = State.REFUSED
            return Outcome(refused, voucher, payload["amount"], errcode=refusal.errcode, number=begun["record"])
        return await self._seen(voucher, payload, begun)

    async def _begin(
        self, voucher: Voucher, payload: Mapping[str, Any], by: Buyer, quote: Quote | None = None, number: int = 0
    ) -> dict[str, Any]:
        """Write down what is about to be asked, for whoever has to look what became of it, and in the log."""
        more = {"price": str(quote.price)} if quote else {}
        more |= {"undoes": payload["undoes"]} if "undoes" in payload else {}
        number = number or await self._records.begin(
            voucher, (), by, What.STOCK, amount=payload["amount"], stock=voucher.stock, **more
        )
        order_id = quote.order_id if quote else ""
        begun = {"order_id": order_id, "total": voucher.total_stock, "at": int(clock.now()), "record": number}
        await self._store.write(keys.stock_attempt(self._appid, payload["reference"]), begun, seconds=ATTEMPT_SECONDS)
        return begun

    async def _look_up(self, voucher: Voucher, payload: Mapping[str, Any], begun: Mapping[str, Any]) -> Outcome:
        """After no answer: the order list tells of coins, card/get of all stock.

        That an order carries the number of its quote is not confirmed. Stock that is there proves nothing where
        colleagues moved other stock of this voucher meanwhile.
        """
        with contextlib.suppress(WeChatError, StoreUnavailable):
            ordered = bool(begun["order_id"]) and await self._ordered(begun)
            if ordered or await self._shown(voucher, payload, begun):
                return await self._seen(voucher, payload, begun)
        with contextlib.suppress(WeChatError, StoreUnavailable):
            await self._vouchers.changed()
            voucher = await self._vouchers.get(voucher.card_id)
        return Outcome(State.IN_DOUBT, voucher, payload["amount"], number=begun.get("record", 0))

    async def _shown(self, voucher: Voucher, payload: Mapping[str, Any], begun: Mapping[str, Any]) -> bool:
        after = await self._vouchers.get(voucher.card_id)
        if after.total_stock != begun["total"] + payload["amount"]:
            return False
        own, since = begun.get("record", 0), begun["at"]
        return not await overlapped(self._records, What.STOCK, voucher.card_id, own, since)

    async def _ordered(self, begun: Mapping[str, Any]) -> bool:
        end = int(clock.now()) + _SKEW
        orders, _ = await self._vouchers.credit.orders(begun["at"] - _SKEW, end, _LOOKED_THROUGH, "REDUCE")
        return any(each.order_id == begun["order_id"] and each.status != "ROLLBACK" for each in orders)

    async def _seen(self, voucher: Voucher, payload: Mapping[str, Any], begun: Mapping[str, Any]) -> Outcome:
        """After WeChat accepted: does card/get show it, and what is left of the coins?"""
        price, balance = (Decimal(payload["price"]), await self._balance()) if begun["order_id"] else (None, None)
        number = begun.get("record", 0)
        try:
            await self._vouchers.changed()
            after = await self._vouchers.get(voucher.card_id)
        except (WeChatError, StoreUnavailable):
            return Outcome(State.UNCHECKED, voucher, payload["amount"], price, balance, number=number)
        state = State.NOT_VISIBLE if after.total_stock == begun["total"] else State.DONE
        return Outcome(state, after, payload["amount"], price, balance, number=number)

    async def _balance(self) -> Balance | None:
        try:
            return await self._vouchers.credit.balance(patience=PATIENCE)
        except WeChatError:
            return None
