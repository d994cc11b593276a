"""Previews that wait for a yes: one per person, good for minutes, carried out once."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot import clock
from bot.merchants.roster import Operator
from bot.store import Script, Store, keys
from bot.wechat.account import Account

CONFIRMED_SECONDS = 3600
QUESTION_SECONDS = 600

_TAKE = Script("""
-- pending, what this message has found | seconds to live. What it finds again once its process died, nothing included:
-- what it has offered itself since nobody has seen.
local found = redis.call('GET', KEYS[2])
if not found then
    found = redis.call('GETDEL', KEYS[1]) or ''
    redis.call('SET', KEYS[2], found, 'EX', ARGV[1])
end
return found ~= '' and found
""")


@dataclass(frozen=True, slots=True)
class Preview:
    """What ``yes`` would do: run ``action`` (a name registered with ``@router.confirms``) with the JSON ``payload``.

    ``expires_at`` is seconds since 1970; ``id`` tells this preview from any other. ``command`` is the English word of
    the command that made it, "" where none did; ``words`` what was shown, by language, where a second person reads it.
    ``anew``: a yes to something else brought it up, so the next yes counts only from somebody who can have read it.
    """

    action: str
    payload: dict[str, Any]
    expires_at: float
    id: str
    command: str = ""
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    anew: bool = False

    @property
    def minutes_left(self) -> int:
        """Whole minutes a yes is still worth something, rounded up."""
        return max(0, math.ceil((self.expires_at - clock.now()) / 60))

    @property
    def expired(self) -> bool:
        """Whether it is too late for a yes."""
        return self.expires_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Question:
    """A ``command`` whose ``line`` has ``words`` that fit several things, ``ids`` by number: a number says which."""

    command: str
    line: str
    words: str
    ids: list[str]

    def answered(self, number: int) -> str:
        """The line with the words replaced by a number of the list."""
        return self.line.replace(self.words, f"#{number}", 1)


class Pending:
    """The previews of ``account``'s operators."""

    def __init__(self, store: Store, account: Account, command: str = "", confirmed: Preview | None = None) -> None:
        self._store = store
        self._account = account
        self._appid = account.appid
        self._command = command
        self._confirmed = confirmed

    def under(self, command: str, confirmed: Preview | None = None) -> Pending:
        """The same previews; those offered from here on are of ``command``, perhaps ``confirmed`` once more."""
        return Pending(self._store, self._account, command, confirmed)

    async def offer(self, operator: Operator, action: str, payload: dict[str, Any], minutes: float = 10) -> Preview:
        """Let ``operator`` confirm ``action`` within ``minutes``; an earlier preview of theirs is forgotten."""
        again = self._confirmed is not None and self._confirmed.payload == payload
        words = self._confirmed.words if self._confirmed and again else {}
        preview = Preview(
            action, payload, clock.now() + minutes * 60, secrets.token_hex(8), self._command, words,
            anew=self._confirmed is not None and not again,
        )  # fmt: skip
        await self._store.write(self._key(operator), asdict(preview), seconds=minutes * 60)
        return preview

    async def describe(self, operator: Operator, preview: Preview, words: Mapping[str, str]) -> None:
        """Keep by language what ``preview`` said, for a second person to read."""
        stored = asdict(replace(preview, words=words))
        await self._store.do("SET", self._key(operator), json.dumps(stored, ensure_ascii=False), "XX", "KEEPTTL")

    async def take(self, operator: Operator, by: str = "") -> Preview | None:
        """The preview that ``operator`` confirms now, gone from the store with this very step; None when expired.

        Of two calls at the same time one gets it, so what was promised once is done once. ``by`` names the message that
        confirms: should its process die, whoever carries that message on gets the same preview, or again none.
        """
        if not by:
            return self._current(await self._store.do("GETDEL", self._key(operator)))
        touched = [self._key(operator), keys.confirmed(self._appid, by)]
        return self._current(await self._store.script(_TAKE, touched, [CONFIRMED_SECONDS]))

    async def put_back(self, operator: Operator, preview: Preview) -> None:
        """It was taken, and waits again for as long as it would have."""
        await self._store.write(self._key(operator), asdict(preview), seconds=preview.expires_at - clock.now())

    async def peek(self, operator: Operator) -> Preview | None:
        """The preview that waits for ``operator``; it goes on waiting."""
        return self._current(await self._store.do("GET", self._key(operator)))

    async def drop(self, operator: Operator) -> Preview | None:
        """Forget the preview of ``operator``; what it was, if one was still good."""
        return await self.take(operator)

    async def ask(self, operator: Operator, question: Question) -> None:
        """Let ``operator`` answer ``question`` by a number; an earlier one is forgotten."""
        key = keys.question(self._appid, operator.openid)
        await self._store.write(key, asdict(question), seconds=QUESTION_SECONDS)

    async def asked(self, operator: Operator) -> Question | None:
        """What a number from ``operator`` answers."""
        found = await self._store.read(keys.question(self._appid, operator.openid))
        return Question(**found) if found else None

    def _key(self, operator: Operator) -> str:
        return keys.pending(self._appid, operator.openid)

    def _current(self, raw: str | None) -> Preview | None:
        preview = None if raw is None else Preview(**json.loads(raw))
        return None if preview is None or preview.expired else preview
