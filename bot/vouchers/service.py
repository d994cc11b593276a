"""The vouchers of one account: reading them, and finding the one that is meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from bot import clock
from bot.errors import WeChatError, WeChatRefused
from bot.store import Store, keys
from bot.vouchers import finding
from bot.vouchers.catalogue import INVALID_CARD_ID, Catalogue
from bot.vouchers.codes import Codes
from bot.vouchers.creating.service import Creation
from bot.vouchers.credit import Credit
from bot.vouchers.deletion import Deletion
from bot.vouchers.entrusting.service import Applications
from bot.vouchers.finding import ListGone, NotInList, SeveralVouchers, VoucherNotFound
from bot.vouchers.issuing import Issuing
from bot.vouchers.model import Voucher
from bot.vouchers.pictures import Pictures
from bot.vouchers.records import Records
from bot.vouchers.review_notes import Result
from bot.vouchers.reviews import Reviews
from bot.vouchers.stock import Stock
from bot.vouchers.stock_limits import StockLimits
from bot.vouchers.stores import Stores
from bot.vouchers.submerchants import SubMerchants
from bot.vouchers.testers import Testers
from bot.vouchers.undoing import Undo
from bot.vouchers.updates import Updates
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

LIST_SECONDS = 86_400
MISSED_SECONDS = 3600


class Person(Protocol):
    """An operator, as far as lists mind."""

    @property
    def openid(self) -> str:
        """Who."""


class Vouchers:
    """The vouchers of one account, for handlers.

    ``stock_per_day`` maps a role's word to how much stock a person of it may move in a day.
    """

    def __init__(
        self, account: Account, api: AccountAPI, store: Store, stock_per_day: Mapping[str, int] | None = None
    ) -> None:
        self._store = store
        self._appid = account.appid
        self.reviews = Reviews(account, store)
        self._catalogue = Catalogue(account, api, store, self.reviews)
        self.records = Records(account, store)
        limits = StockLimits(account, store, stock_per_day or {})
        self.creation = Creation(account, api, store, self._catalogue, self.records, limits=limits)
        self.pictures = Pictures(account, api, store)
        self.testers = Testers(account, api, store)
        self.credit = Credit(api, self.records)
        self.updates = Updates(api, self)
        self.deletion = Deletion(api, self)
        self.stores = Stores(api)
        self.submerchants = SubMerchants(api)
        self.applications = Applications(account, api, store, self.submerchants, self.records)
        self.undo = Undo(self, self.records)
        self.issuing = Issuing(api)
        self.codes = Codes(account, api, store, self)
        self.stock = Stock(account, api, store, self, limits)

    async def get(self, card_id: str) -> Voucher:
        """The voucher as WeChat has it this moment. Raises the WeChatError tree; 40073: no id of this account."""
        return await self._catalogue.get(card_id)

    async def all(self, *, fresh: bool = False) -> list[Voucher]:
        """Every voucher, newest first; up to a minute old unless ``fresh``. That there is none is always asked anew."""
        return await self._catalogue.all(fresh=fresh)

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
        await self._catalogue.outdate()

    async def known_titles(self) -> list[str]:
        """The titles read last, without asking WeChat; empty before anything was read."""
        return [voucher.title for voucher in await self._catalogue.known()]

    async def is_known(self, words: str) -> bool:
        """Whether ``words`` name vouchers as last read, without asking WeChat; numbers and ids are taken on trust."""
        if finding.card_id(words) or finding.numbered(words):
            return True
        return bool(finding.fitting(words, await self._catalogue.known()))

    async def known_ids(self) -> list[str]:
        """The ids read last, without asking WeChat."""
        return [voucher.card_id for voucher in await self._catalogue.known()]

    async def known_title(self, card_id: str) -> str:
        """The title of a voucher without asking WeChat; the end of its id where none is known."""
        return (await self.titles_known([card_id]))[card_id]

    async def title(self, card_id: str) -> str:
        """The title, fresh if WeChat can be asked, else as last known (:meth:`known_title`)."""
        try:
            return (await self.get(card_id)).title
        except WeChatError:
            return await self.known_title(card_id)

    async def titles(self, card_ids: Collection[str]) -> dict[str, str]:
        """The titles of ``card_ids``; where one is of no voucher read before, all are read anew if WeChat can be asked.
        """
        if not set(card_ids) <= set(await self.known_ids()):
            with suppress(WeChatError):
                await self.all()
        return await self.titles_known(card_ids)

    async def titles_known(self, card_ids: Collection[str]) -> dict[str, str]:
        """As :meth:`titles`, without asking WeChat; the end of its id for one that is not known."""
        known = {voucher.card_id: voucher.title for voucher in await self._catalogue.known()}
        return {
            each: known.get(each) or await self.reviews.known_title(each) or f"…{each[-6:]}" for each in card_ids
        }

    async def with_own_codes(self) -> list[str]:
        """The ids of vouchers whose codes the shop makes up itself (``use_custom_code``)."""
        return [voucher.card_id for voucher in await self.all() if voucher.own_codes]

    async def call_name(self, card_id: str, title: str, operator: Person | None = None) -> str:
        """What to type for this voucher.

        Its title; where another voucher has the same one ``#n`` of the operator's last list, or the card_id.
        """
        known = await self._catalogue.known()
        others = [voucher for voucher in known if voucher.card_id != card_id and not voucher.deleted]
        same = any(finding.fold(voucher.title) == finding.fold(title) for voucher in others)
        if not same and not title.startswith("…"):
            return title
        numbers = await self.last_list(operator) if operator else []
        return f"#{numbers.index(card_id) + 1}" if card_id in numbers else card_id

    async def missed_results(self) -> list[Result]:
        """Reviews that ended without an event reaching us.

        Asks card/get for every voucher known to be under review. A result is believed missed when it was seen by two
        reads with WeChat's time for repeating the event between them. Each result is returned for an hour, so that
        one whose notices were not all sent is not lost; who was told a fact is not told it again.
        """
        await self.reviews.prune()
        for waiting in await self.reviews.waiting():
            try:
                voucher = await self.get(waiting.card_id)
            except WeChatRefused as refusal:
                if refusal.errcode == INVALID_CARD_ID:
                    await self.reviews.forget(waiting.card_id)
                continue
            except WeChatError:
                break  # nothing is lost: the next round asks again
            if await self.reviews.missed(waiting, voucher):
                await self.changed()
        since = clock.now() - MISSED_SECONDS
        return [result for result in reversed(await self.reviews.results()) if result.missed and result.told_at > since]

    async def _named(self, card_id: str, words: str) -> Voucher:
        try:
            return await self.get(card_id)
        except WeChatRefused as refusal:
            if refusal.errcode != INVALID_CARD_ID:
                raise
            raise VoucherNotFound(words) from refusal

    async def _of_list(self, wanted: finding.Numbered, operator: Person) -> str | None:
        """The id behind a number. A bare number that is none of the list may still be a piece of a title: None."""
        ids = await self.last_list(operator)
        if 1 <= wanted.number <= len(ids):
            return ids[wanted.number - 1]
        if not wanted.marked:
            return None
        raise NotInList(wanted.number, len(ids)) if ids else ListGone(wanted.number)

    async def last_list(self, operator: Person) -> list[str]:
        """The card ids that numbers mean to ``operator`` now."""
        kept = await self._store.read(keys.last_list(self._appid, operator.openid))
        return list(kept["ids"]) if kept and kept["until"] > clock.now() else []

    async def _titled(self, words: str, operator: Person) -> Voucher:
        vouchers = await self.all()
        fits = finding.fitting(words, vouchers)
        if not fits and await self._catalogue.has_grown(vouchers):
            vouchers = await self.all(fresh=True)
            fits = finding.fitting(words, vouchers)
        if len(fits) == 1:
            return await self.get(fits[0].card_id)
        if not fits:
            raise VoucherNotFound(words, nearest=finding.nearest_title(words, vouchers), empty=not vouchers)
        await self.remember_list(operator, [voucher.card_id for voucher in fits])
        raise SeveralVouchers(words, fits)
