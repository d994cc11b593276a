"""What people have begun to fill in, a draft per person: it outlives hours, restarts and other commands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.dialogue import Draft
from bot.store import Store, draft_keys
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.merchants.roster import Operator

KEPT_SECONDS = 7 * 86_400
"""From the last answer on."""


class Drafts:
    """The drafts of ``account``'s operators."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def of(self, operator: Operator) -> Draft | None:
        """The draft of ``operator``, paused or not."""
        found = await self._store.read(draft_keys.draft(self._appid, operator.openid))
        return Draft(**found) if found else None

    async def keep(self, operator: Operator, draft: Draft) -> None:
        """Keep ``draft`` in place of an earlier one."""
        await self._store.write(draft_keys.draft(self._appid, operator.openid), asdict(draft), seconds=KEPT_SECONDS)

    async def drop(self, operator: Operator) -> None:
        """Forget the draft of ``operator``."""
        await self._store.delete(draft_keys.draft(self._appid, operator.openid))
