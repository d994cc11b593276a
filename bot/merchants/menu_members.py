"""Who sees the operators' menu: the operators who text this account and whose role counts, and nobody else.

A change shows a minute or two later.
"""

from __future__ import annotations

from typing import Any

from bot.errors import WeChatRefused
from bot.merchants import persons
from bot.merchants.people import People
from bot.store import Store, keys
from bot.wechat.account import Account
from bot.wechat.menu import OperatorsMenu, Pushed, Seen, buttons_of

TAG_GONE = 45159


PUT_UP = keys.operators_menu
"""The key without which an account has no menu of ours."""


class MenuMembers:
    """The operators' menu of one account, kept with its operators. Every method raises the WeChatError tree."""

    def __init__(self, store: Store, account: Account, menu: OperatorsMenu, people: People) -> None:
        self._store = store
        self._account = account
        self._key = keys.operators_menu(account.appid)
        self._menu = menu
        self._people = people

    async def push(self, default: list[dict[str, Any]] | None = None) -> tuple[Pushed, int]:
        """Put the menu up for all operators, and keep it with them from now on; how many there are."""
        await self._people.refresh()
        version, openids = self._people.version, self._openids()
        pushed = await self._menu.push(
            buttons_of(self._account.operators_menu, self._account.language), openids, default
        )
        await self._store.write(self._key, {"tag": pushed.tag, "people": version})
        return pushed, len(openids)

    async def sync(self) -> bool:
        """Tag and untag whoever became, or is no more, an operator since; whether there was anything to do."""
        record = await self._store.read(self._key)
        version = self._people.version
        if record is None or record["people"] == version:
            return False
        try:
            await self._menu.give(record["tag"], self._openids())
        except WeChatRefused as refusal:
            if refusal.errcode != TAG_GONE:
                raise
            await self._store.delete(self._key)  # somebody took the tag away: nobody has the menu any more
            return False
        await self._store.write(self._key, {"tag": record["tag"], "people": version})
        return True

    async def seen(self) -> Seen:
        """What there is at WeChat."""
        return await self._menu.seen(await self._menu.tag())

    async def remove(self) -> bool:
        """Take menu and tag away; whether there was anything."""
        await self._store.delete(self._key)
        return await self._menu.remove()

    def _openids(self) -> list[str]:
        return [each.openid for each in self._people.all() if not each.suspended and not persons.is_away(each.openid)]
