"""Ask WeChat for figures: both sources, any span, in calls of at most 62 days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.connection import Store
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI


class Statistics:
    """Figures of one account."""

    def __init__(self, account: Account, api: AccountAPI, store: Store) -> None:
        self._account = account
        self._api = api
        self._store = store
