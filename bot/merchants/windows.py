"""How long and how often messages that answer nothing may reach a person.

WeChat allows 5 customer-service messages within 48 h of a person's message, and 3 within a minute of a tap on the
menu. Source: "customer service messages", table of user actions. Two things are not confirmed, and both readings are
lived with: a new message is taken to reset the allowance, not to add to it (the smaller promise); which of two open
windows a message counts against is not said, so the one that closes first is spent first, and when WeChat refuses all
the same, :meth:`Windows.refused` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot import clock
from bot.store import Script, Store, keys
from bot.wechat.account import Account
from bot.wechat.inbound import Incoming


class Action(StrEnum):
    """What a person did to open a window."""

    MESSAGE = "message"
    TAP = "tap"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many ``messages`` within so many ``seconds`` of an action."""

    messages: int
    seconds: int


ALLOWANCES = {Action.TAP: Allowance(3, 60), Action.MESSAGE: Allowance(5, 48 * 3600)}
"""The window that closes first comes first, and is spent first."""

_TAPS = {"click", "scancode_push", "scancode_waitmsg", "subscribe", "scan"}

# Both scripts know a window as two fields: when it was opened, and how many messages went through it.
_OPEN = Script("""
-- KEYS: window. ARGV: kind, time of the action, lifetime. An action as old as the one known is that one, repeated.
local known = redis.call('HGET', KEYS[1], ARGV[1] .. '_at')
if known and tonumber(known) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1] .. '_at', ARGV[2], ARGV[1] .. '_sent', 0)
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
""")
_SPEND = Script("""
-- KEYS: window, until when the account may not. ARGV: now, then kind, messages, seconds for each kind. Returns whether
-- a message may be sent.
local forbidden = redis.call('GET', KEYS[2])
if forbidden and tonumber(forbidden) > tonumber(ARGV[1]) then return 0 end
for i = 2, #ARGV, 3 do
  local at = redis.call('HGET', KEYS[1], ARGV[i] .. '_at')
  if at and tonumber(ARGV[1]) < tonumber(at) + tonumber(ARGV[i + 2]) then
    local sent = tonumber(redis.call('HGET', KEYS[1], ARGV[i] .. '_sent'))
    if sent < tonumber(ARGV[i + 1]) then
      redis.call('HINCRBY', KEYS[1], ARGV[i] .. '_sent', 1)
      return 1
    end
  end
end
return 0
""")


_GIVE_BACK = Script("""
-- KEYS: window. ARGV: now, then kind, seconds for each kind. As _SPEND would have taken it.
for i = 2, #ARGV, 2 do
  local at, sent = unpack(redis.call('HMGET', KEYS[1], ARGV[i] .. '_at', ARGV[i] .. '_sent'))
  if at and tonumber(sent) > 0 and tonumber(ARGV[1]) < tonumber(at) + tonumber(ARGV[i + 1]) then
    return redis.call('HINCRBY', KEYS[1], ARGV[i] .. '_sent', -1)
  end
end
return 0
""")
FORBIDDEN_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Window:
    """An open window: ``left`` messages until ``until`` (seconds since 1970)."""

    opened_by: Action
    until: float
    left: int


class Windows:
    """The windows of everybody who did something on ``account``."""

    def __init__(self, store: Store, account: Account) -> None:
        self._store = store
        self._appid = account.appid

    async def opened(self, push: Incoming) -> None:
        """Take note of what ``push`` says its sender did, if that opens a window."""
        if action := action_of(push):
            await self.record(push.openid, action, push.created_at)

    async def record(self, openid: str, action: Action, at: float) -> None:
        """``openid`` did ``action`` ``at`` (seconds since 1970). Repeats and earlier actions change nothing.

        The record lives as long as the longest window; Redis forgets it by itself.
        """
        lifetime = ALLOWANCES[Action.MESSAGE].seconds
        await self._store.script(_OPEN, [self._key(openid)], [action.value, repr(float(at)), lifetime])

    async def spend(self, openid: str) -> bool:
        """Whether a message may be sent to ``openid`` now; if so it counts as sent, so ask right before sending."""
        limits: list[str | int] = []
        for kind, allowance in ALLOWANCES.items():
            limits += [kind.value, allowance.messages, allowance.seconds]
        touched = [self._key(openid), keys.forbidden(self._appid)]
        return bool(await self._store.script(_SPEND, touched, [repr(clock.now()), *limits]))

    async def may_send(self, openid: str) -> bool:
        """Whether a message could be sent to ``openid`` now; nothing is counted."""
        return bool(await self.state(openid))

    async def give_back(self, openid: str) -> None:
        """A message that was counted has certainly not been sent."""
        limits = [part for kind, each in ALLOWANCES.items() for part in (kind.value, each.seconds)]
        await self._store.script(_GIVE_BACK, [self._key(openid)], [repr(clock.now()), *limits])

    async def forbid(self) -> None:
        """WeChat said that this account may not send messages (48001): ask again in a day."""
        await self._store.do("SET", keys.forbidden(self._appid), repr(clock.now() + FORBIDDEN_SECONDS))

    async def refused(self, openid: str) -> None:
        """WeChat said that nothing may be sent (45015, 45047): wait for the person's next action."""
        await self._store.delete(self._key(openid))

    async def state(self, openid: str) -> list[Window]:
        """The windows open for ``openid`` now that have messages left, the one that closes first in front."""
        raw, forbidden = await self._store.pipeline(
            ("HGETALL", self._key(openid)), ("GET", keys.forbidden(self._appid))
        )
        return [] if float(forbidden or 0) > clock.now() else _open(raw)

    async def out_of_reach(self, openids: Sequence[str]) -> list[str]:
        """Those of ``openids`` to whom nothing may be sent now, in their order."""
        if not openids:
            return []
        asked = [("HGETALL", self._key(openid)) for openid in openids]
        forbidden, *found = await self._store.pipeline(("GET", keys.forbidden(self._appid)), *asked)
        if float(forbidden or 0) > clock.now():
            return list(openids)
        return [openid for openid, raw in zip(openids, found, strict=True) if not _open(raw)]

    def _key(self, openid: str) -> str:
        return keys.window(self._appid, openid)


def _open(raw: Mapping[str, str]) -> list[Window]:
    windows = [
        Window(kind, float(raw[f"{kind}_at"]) + allowance.seconds, allowance.messages - int(raw[f"{kind}_sent"]))
        for kind, allowance in ALLOWANCES.items()
        if f"{kind}_at" in raw
    ]
    return sorted(
        (window for window in windows if window.left > 0 and window.until > clock.now()),
        key=lambda window: window.until,
    )


def action_of(push: Incoming) -> Action | None:
    """What ``push`` opens: None for what nobody did on purpose (a job that ended, a link opened).

    A tap on a menu inside the chat arrives as a message with ``bizmsgmenuid`` and counts as a tap (its value is not
    reliable, "0" was seen, its being there is). Following and scanning a code with a parameter allow as much as a tap.
    """
    if push.kind == "message":
        return Action.TAP if push.fields.get("bizmsgmenuid") else Action.MESSAGE
    return Action.TAP if push.type in _TAPS else None
