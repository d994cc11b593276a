"""All vouchers of an account: read side by side, and a copy of them in Redis for a short time.

card/batchget returns ids only, so a list of vouchers costs a card/get each; everybody who asks within a minute shares
one reading.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, KeysView
from typing import TYPE_CHECKING, Any, TypeVar

from bot import clock
from bot.errors import OutcomeUnknown, WeChatRefused, WeChatUnreachable
from bot.store import Store, keys
from bot.vouchers.model import Voucher
from bot.vouchers.reviews import Reviews
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

INVALID_CARD_ID = 40073


class Catalogue:
    """Reads vouchers; each that passes through here is also noted for the review watch."""

    def __init__(self, account: Account, api: AccountAPI, store: Store, reviews: Reviews) -> None:
        self._api = api
        self._store = store
        self.reviews = reviews
        self._copy_key = keys.vouchers(account.appid)
        self._generation_key = keys.vouchers_generation(account.appid)
        self._reading = asyncio.Lock()

    async def get(self, card_id: str) -> Voucher:
        """One voucher as WeChat has it this moment."""
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

    async def known(self) -> list[Voucher]:
        """Every voucher as last read, perhaps long ago, without asking WeChat."""
        return await self._copy(KEPT_SECONDS, any_generation=True) or []

    async def has_grown(self, known: Collection[Voucher]) -> bool:
        """Whether WeChat lists other vouchers than ``known``; costs a call for 50 vouchers."""
        return await self.ids() != {voucher.card_id for voucher in known}

    async def outdate(self) -> None:
        """Make the copy an old one, also one that is being read now."""
        await self._store.do("INCR", self._generation_key)

    async def _copy(self, seconds: float, *, any_generation: bool = False) -> list[Voucher] | None:
        kept = await self._store.read(self._copy_key)
        if kept is None or clock.now() - kept["at"] >= seconds:
            return None
        if not any_generation and kept["generation"] != await self._generation():
            return None
        return [Voucher.of(card, card_id) for card_id, card in kept["cards"]]

    async def _generation(self) -> int:
        return int(await self._store.do("GET", self._generation_key) or 0)

    async def _read_all(self) -> list[Voucher]:
        generation = await self._generation()  # before reading: what changes meanwhile makes this copy an old one
        asked_at = clock.now()
        cards = await self._cards(await self.ids())
        vouchers = [Voucher.of(card, card_id) for card_id, card in cards]
        vouchers.sort(key=lambda voucher: -voucher.created_at)
        kept = {"at": asked_at, "generation": generation, "cards": [[v.card_id, v.card()] for v in vouchers]}
        await self._store.write(self._copy_key, kept, seconds=KEPT_SECONDS)
        await self.reviews.seen(vouchers, asked_at=asked_at)
        return vouchers

    async def ids(self) -> KeysView[str]:
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
