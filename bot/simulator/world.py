"""Everything the simulated WeChat knows, in one place.

What the API answers from and the control API shows.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.simulator import card_events
from bot.simulator.calls import CallLog, Faults, Quotas
from bot.simulator.circles import Circles
from bot.simulator.codes import CodeBook
from bot.simulator.coins import CoinBook
from bot.simulator.crypto import key_bytes
from bot.simulator.figures import FigureBook
from bot.simulator.media import MediaBook
from bot.simulator.menus import Buttons, MenuBook
from bot.simulator.model import Readings, Shop
from bot.simulator.open_platform.platform import OpenPlatform
from bot.simulator.orders import OrderBook
from bot.simulator.outbox import Outbox
from bot.simulator.people import People
from bot.simulator.persistence import Store
from bot.simulator.shelf import Shelf, Voucher
from bot.simulator.stores import StoreBook
from bot.simulator.stream import Stream
from bot.simulator.submerchants import SubMerchantBook
from bot.simulator.tags import TagBook
from bot.simulator.template_book import TemplateBook
from bot.simulator.tickets import TicketBook
from bot.simulator.tokens import TokenBook
from bot.simulator.vouchers import base_info, new_openid


class World:
    """Shops with their people, vouchers, figures, tokens; and how WeChat behaves at present."""

    def __init__(self, data_dir: Path | None = None) -> None:
        self.store = Store(data_dir)
        self.stream = Stream()
        self.shops: dict[str, Shop] = {}
        self.people = People(self.store, self.stream)
        self.shelf = Shelf(self.store, self.stream)
        self.figures = FigureBook(self.store)
        self.codes = CodeBook(self.store, self.stream, self.shelf)
        self.tickets = TicketBook(self.store, self.stream)
        self.circles = Circles(self.store)
        self.stores = StoreBook(self.store, self.stream)
        self.submerchants = SubMerchantBook(self.store, self.stream)
        self.menus = MenuBook(self.store, self.stream)
        self.tags = TagBook(self.store, self.stream)
        self.media = MediaBook(self.store)
        self.coins = CoinBook(self.store)
        self.orders = OrderBook(self.store, self.stream)
        self.tokens = TokenBook(self.store)
        self.platform = OpenPlatform(self.store, self.stream, self.tokens)
        self.calls = CallLog(self.store, self.stream)
        self.faults = Faults()
        self.quotas = Quotas()
        self.templates = TemplateBook()
        self.report: Callable[[Shop, Mapping[str, Any]], None] = lambda _shop, _elements: None
        """Pushes what became of something an account asked for, behind the answer to its call."""
        self.readings = Readings()
        self.refused_ips: set[str] = set()
        """Accounts (appids) whose IP whitelist lacks our caller."""
        self.spam_words: set[str] = {"刷单", "代开发票"}
        """Words the text of a voucher may not hold (40151)."""
        self.outbox = Outbox()
        self._nobodies: dict[str, str] = {}
        self._last_msg_id = 0

    def add_shop(self, shop: Shop) -> Shop:
        """Know an account.

        Raises :exc:`ValueError` for a key of another length or a second one of the same appid.
        """
        key_bytes(shop.encoding_aes_key)
        if shop.appid in self.shops:
            raise ValueError(f"there is a shop {shop.appid} already")
        self.shops[shop.appid] = shop
        return shop

    def shop(self, appid: str) -> Shop:
        """The account. Raises :exc:`LookupError`."""
        try:
            return self.shops[appid]
        except KeyError:
            raise LookupError(f"there is no shop {appid}: add_shop first") from None

    def has(self, appid: object) -> bool:
        """Whether there is such an account or component."""
        component = self.platform.component
        return appid in self.shops or (component is not None and appid == component.appid)

    def menu_of(self, appid: str, openid: str) -> Buttons:
        """The menu a follower sees, [] without one."""
        if not self.people.follows(appid, openid):
            return []
        return self.menus.seen_by(appid, self.tags.worn(appid, openid))

    def nobody(self, appid: str) -> str:
        """The sender of events no person causes: an openid of nobody (who it is in reality is not confirmed)."""
        return self._nobodies.setdefault(appid, new_openid())

    def remind(self, voucher: Voucher) -> None:
        """Owe the account a card_sku_remind."""
        quantity = int(base_info(voucher.card)["sku"]["quantity"])
        self.outbox.put(voucher.appid, card_events.stock_low(self.nobody(voucher.appid), voucher.card_id, quantity))

    def new_msg_id(self) -> int:
        """A 64-bit id no message had before, in this run or an earlier one."""
        fresh = (int(time.time() * 1000) << 22) | secrets.randbits(22)
        self._last_msg_id = max(self._last_msg_id + 1, fresh)
        return self._last_msg_id
