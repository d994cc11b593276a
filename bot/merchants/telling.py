"""What has been told to whom: one fact once to each person, however often somebody tries.

A customer-service message has no receipt. So it is noted that one is being sent before it is: whoever finds that note
and no end of it does not know whether the person has read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.clock import now
from bot.merchants import persons
from bot.store import Store, keys
from bot.wechat.account import Account

REMEMBERED = 7 * 86_400
"""Seconds a fact stays told unless whoever tells it says longer; WeChat repeats an event for a day."""


class State(StrEnum):
    """How far telling a fact to a person is."""

    NEW = "new"
    IN_DOUBT = "in doubt"
    """It was being sent when its process died."""
    TOLD = "told"


class Telling:
    """The facts told to the people of one shop, by who they are to it.

    Two must not tell one fact at once: tell it by a job of its own.
    """

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def state(self, openid: str, fact: str) -> State:
        """How far it is."""
        until, sending = await self._store.do("HMGET", self.key(openid, fact), "told", "sending")
        if float(until or 0) > now():
            return State.TOLD
        return State.IN_DOUBT if sending else State.NEW

    async def sending(self, openid: str, fact: str) -> None:
        """It is about to be sent: said before the call, since afterwards it may be too late to say anything."""
        key = self.key(openid, fact)
        await self._store.pipeline(("HSET", key, "sending", 1), ("EXPIRE", key, REMEMBERED))

    async def not_sent(self, openid: str, fact: str) -> None:
        """The call certainly did not reach the person."""
        await self._store.do("HDEL", self.key(openid, fact), "sending")

    async def told(self, openid: str, *facts: str, until: float = 0.0) -> None:
        """``facts`` have been told, or kept: nobody tells them again before ``until``, nor within a week."""
        await self._store.pipeline(*self.noting(openid, *facts, until=until))

    def noting(self, openid: str, *facts: str, until: float = 0.0) -> list[tuple[str | float | int, ...]]:
        """The commands of :meth:`told`, for whoever does something else in the same step."""
        until = max(until, now() + REMEMBERED)
        commands: list[tuple[str | float | int, ...]] = []
        for fact in facts:
            key = self.key(openid, fact)
            commands += [("HSET", key, "told", until), ("HDEL", key, "sending")]
            commands.append(("EXPIRE", key, int(until - now()) + 86_400))
        return commands

    async def untold(self, openid: str, facts: Sequence[str]) -> list[str]:
        """Those of ``facts`` this person has not been told, in their order."""
        if not facts:
            return []
        known = await self._store.pipeline(*(("HGET", self.key(openid, fact), "told") for fact in facts))
        return [fact for fact, until in zip(facts, known, strict=True) if float(until or 0) <= now()]

    async def was_told(self, openid: str, fact: str) -> bool:
        """Whether ``fact`` has been told to this person, or kept for them."""
        return not await self.untold(openid, [fact])

    def key(self, person: str, fact: str) -> str:
        """Where it is kept: with the account the person texts, beside what is kept for them there."""
        appid, openid = persons.texting(person, self._appid)
        return keys.told(appid, openid, fact if appid == self._appid else f"{self._appid}:{fact}")
