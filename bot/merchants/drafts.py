"""What people have begun to fill in, a draft of each kind per person: it outlives hours, restarts and other commands.

One of a person's drafts is the latest, and only that one may listen: beginning or taking up another pauses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot.dialogue import Draft
from bot.store import Store, draft_keys
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.merchants.roster import Operator

KEPT_SECONDS = 7 * 86_400
"""From the last answer on, whichever draft got it."""


class Drafts:
    """The drafts of ``account``'s operators. One person's messages are taken in one by one, so no two writers meet."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def latest(self, operator: Operator) -> Draft | None:
        """The draft that ``operator`` had to do with last, paused or not."""
        return next(iter(await self._all(operator)), None)

    async def of(self, operator: Operator, kind: str) -> Draft | None:
        """The draft of that kind."""
        return next((draft for draft in await self._all(operator) if draft.kind == kind), None)

    async def keep(self, operator: Operator, draft: Draft) -> None:
        """Keep ``draft`` in place of an earlier one of its kind, as the latest; others are paused."""
        others = [each for each in await self._all(operator) if each.kind != draft.kind]
        await self._write(operator, [draft, *(replace(each, paused=True) for each in others)])

    async def drop(self, operator: Operator, kind: str) -> None:
        """Forget the draft of that kind."""
        others = [each for each in await self._all(operator) if each.kind != kind]
        await (self._write(operator, others) if others else self._store.delete(self._key(operator)))

    async def _all(self, operator: Operator) -> list[Draft]:
        return [Draft(**found) for found in await self._store.read(self._key(operator)) or []]

    async def _write(self, operator: Operator, drafts: Sequence[Draft]) -> None:
        await self._store.write(self._key(operator), [asdict(draft) for draft in drafts], seconds=KEPT_SECONDS)

    def _key(self, operator: Operator) -> str:
        return draft_keys.draft(self._appid, operator.openid)
