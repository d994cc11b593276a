"""The vouchers of one account: reading them, and finding the one that is meant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, KeysView, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bot import clock
from bot.errors import OutcomeUnknown, WeChatError, WeChatRefused, WeChatUnreachable
from bot.store import Store, keys
from bot.vouchers import finding
from bot.vouchers.finding import ListGone, NotInList, SeveralVouchers, VoucherNotFound
from bot.vouchers.model import Voucher
from bot.vouchers.reviews import Result, Reviews
from bot.vouchers.updates import Updates
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

T = TypeVar("T")

PAGE = 50
"""Most ids one card/batchget returns."""

SIDE_BY_SIDE = 8
"""card/get calls at a time: WeChat counts calls per minute, and one list must not starve everything else."""

FRESH_SECONDS = 60
KEPT_SECONDS = 30 * 86_400
LIST_SECONDS = 86_400

INVALID_CARD_ID = 40073


class Person(Protocol):
    """An operator, as far as lists mind."""

    @property
    def openid(self) -> str:
        """Who."""


class Vouchers:
    """Reads vouchers; every voucher that passes through here is also noted for the review watch."""

    def __init__(self, account: Account, api: AccountAPI, store: Store) -> None:
        self._api = api
        self._store = store
        self._appid = account.appid
        self._reading = asyncio.Lock()
        self.reviews = Reviews(account, store)
        self.updates = Updates(account, api, store, self)

    async def get(self, card_id: str) -> Voucher:
        """The voucher as WeChat has it this moment. Raises the WeChatError tree; 40073: no id of this account."""
        asked_at = clock.now()
        voucher = Voucher.of(await _read(self._api.card_get(card_id)), card_id)
        await self.reviews.seen([voucher], asked_at=asked_at)
        return voucher

    async def all(self, *, fresh: bool = False) -> list[Voucher]:
        """Every voucher, newest first; up to a minute old unless ``fresh``. That there is none is always asked anew."""
        if not fresh and (known := await self._copy(FRESH_SECONDS)):
            return known
        async with self._reading:  # whoever waited finds the copy the first one made
            if not fresh and (known := await self._copy(FRESH_SECONDS)):
                return known
            return await self._read_all()

    async def find(self, words: str, operator: Person) -> Voucher:
        """The voucher ``words`` mean to ``operator``, fresh from WeChat.

        A card_id, ``#n`` of the operator's last list, a title, a piece of a title. Raises
        :exc:`~bot.vouchers.finding.VoucherNotFound`, :exc:`~bot.vouchers.finding.SeveralVouchers` (whose numbers are
        the operator's last list from then on), ``ListGone`` and ``NotInList``.
        """
        if card_id := finding.card_id(words):
            return await self._named(card_id, words)
        if (number := finding.numbered(words)) and (card_id := await self._of_list(number, operator)):
            return await self._named(card_id, words)
        return await self._titled(words, operator)

    async def remember_list(self, operator: Person, card_ids: Sequence[str]) -> None:
        """What ``#1``, ``#2``, … mean to ``operator`` for a day."""
        value = {"ids": list(card_ids), "until": clock.now() + LIST_SECONDS}
        await self._store.write(keys.last_list(self._appid, operator.openid), value, seconds=LIST_SECONDS)

    async def changed(self) -> None:
        """Forget the copy: something about a voucher is different now."""
        await self._store.do("INCR", keys.vouchers_generation(self._appid))

    async def known_titles(self) -> list[str]:
        """The titles read last, without asking WeChat; empty before anything was read."""
        return [voucher.title for voucher in await self._copy(86_400, any_generation=True) or []]

    async def known_title(self, card_id: str) -> str:
        """The title of a voucher without asking WeChat; the end of its id where none is known."""
        for voucher in await self._copy(KEPT_SECONDS, any_generation=True) or []:
            if voucher.card_id == card_id:
                return voucher.title
        return await self.reviews.known_title(card_id) or f"…{card_id[-6:]}"

    async def call_name(self, card_id: str, title: str, operator: Person | None = None) -> str:
        """What to type for this voucher.

        Its title; where another voucher has the same one ``#n`` of the operator's last list, or the card_id.
        """
        known = await self._copy(KEPT_SECONDS, any_generation=True) or []
        others = [voucher for voucher in known if voucher.card_id != card_id and not voucher.deleted]
        same = any(finding.fold(voucher.title) == finding.fold(title) for voucher in others)
        if not same and not title.startswith("…"):
            return title
        numbers = await self._last_list(operator) if operator else []
        return f"#{numbers.index(card_id) + 1}" if card_id in numbers else card_id

    async def missed_results(self) -> list[Result]:
        """Reviews that ended without an event reaching us; each is returned once, and recorded as told.

        Asks card/get for every voucher known to be under review. A result is believed missed when it was seen by two
        reads with WeChat's time for repeating the event between them.
        """
        await self.reviews.prune()
        found = []
        for waiting in await self.reviews.waiting():
            try:
                voucher = await self.get(waiting.card_id)
            except WeChatRefused as refusal:
                if refusal.errcode == INVALID_CARD_ID:
                    await self.reviews.forget(waiting.card_id)
                continue
            except WeChatError:
                break  # nothing is lost: the next round asks again
            if result := await self.reviews.missed(waiting, voucher):
                await self.changed()
                found.append(result)
        return found

    async def _named(self, card_id: str, words: str) -> Voucher:
        try:
            return await self.get(card_id)
        except WeChatRefused as refusal:
            if refusal.errcode != INVALID_CARD_ID:
                raise
            raise VoucherNotFound(words) from refusal

    async def _of_list(self, wanted: finding.Numbered, operator: Person) -> str | None:
        """The id behind a number. A bare number that is none of the list may still be a piece of a title: None."""
        ids = await self._last_list(operator)
        if 1 <= wanted.number <= len(ids):
            return ids[wanted.number - 1]
        if not wanted.marked:
            return None
        raise NotInList(wanted.number, len(ids)) if ids else ListGone(wanted.number)

    async def _last_list(self, operator: Person) -> list[str]:
        kept = await self._store.read(keys.last_list(self._appid, operator.openid))
        return list(kept["ids"]) if kept and kept["until"] > clock.now() else []

    async def _titled(self, words: str, operator: Person) -> Voucher:
        vouchers = await self.all()
        fits = finding.fitting(words, vouchers)
        if not fits and await self._ids() != {voucher.card_id for voucher in vouchers}:
            vouchers = await self.all(fresh=True)
            fits = finding.fitting(words, vouchers)
        if len(fits) == 1:
            return await self.get(fits[0].card_id)
        if not fits:
            raise VoucherNotFound(words, nearest=finding.nearest_title(words, vouchers), empty=not vouchers)
        await self.remember_list(operator, [voucher.card_id for voucher in fits])
        raise SeveralVouchers(words, fits)

    async def _copy(self, seconds: float, *, any_generation: bool = False) -> list[Voucher] | None:
        kept = await self._store.read(keys.vouchers(self._appid))
        if kept is None or clock.now() - kept["at"] >= seconds:
            return None
        if not any_generation and kept["generation"] != await self._generation():
            return None
        return [Voucher.of(card, card_id) for card_id, card in kept["cards"]]

    async def _generation(self) -> int:
        return int(await self._store.do("GET", keys.vouchers_generation(self._appid)) or 0)

    async def _read_all(self) -> list[Voucher]:
        generation = await self._generation()  # before reading: what changes meanwhile makes this copy an old one
        asked_at = clock.now()
        cards = await self._cards(await self._ids())
        vouchers = [Voucher.of(card, card_id) for card_id, card in cards]
        vouchers.sort(key=lambda voucher: -voucher.created_at)
        kept = {"at": asked_at, "generation": generation, "cards": [[v.card_id, v.card()] for v in vouchers]}
        await self._store.write(keys.vouchers(self._appid), kept, seconds=KEPT_SECONDS)
        await self.reviews.seen(vouchers, asked_at=asked_at)
        return vouchers

    async def _ids(self) -> KeysView[str]:
        """Every card id, each once, although vouchers created meanwhile shift the pages."""
        found: dict[str, None] = {}
        offset, total = 0, 1
        while offset < total:
            page, total = await _read(self._api.card_ids(offset, PAGE))
            if not page:
                break
            found.update(dict.fromkeys(page))
            offset += len(page)
        return found.keys()

    async def _cards(self, ids: Collection[str]) -> list[tuple[str, dict[str, Any]]]:
        """card/get for each, side by side; one that was deleted between list and look is left out."""
        waiting = iter(ids)
        found: dict[str, dict[str, Any]] = {}

        async def reader() -> None:
            for card_id in waiting:
                try:
                    found[card_id] = await _read(self._api.card_get(card_id))
                except WeChatRefused as refusal:
                    if refusal.errcode != INVALID_CARD_ID:
                        raise

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(SIDE_BY_SIDE, len(ids))):
                    group.create_task(reader())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [(card_id, found[card_id]) for card_id in ids if card_id in found]


async def _read(call: Awaitable[T]) -> T:
    """A reading whose answer was lost has changed nothing: for whoever asks, WeChat was not reached."""
    try:
        return await call
    except OutcomeUnknown as error:
        raise WeChatUnreachable(error.path) from error
