"""Who may claim vouchers before they are approved.

WeChat takes the whole list each time and never tells it, so it is kept here. Of two changes at once the later call need
not be the one with the later list: whoever has sent a list looks whether it still is the list, and sends the newer one
if not. Sending the same list again changes nothing, so that may be repeated.
Source: card/testwhitelist/set: openids and WeChat names together at most ten; the list replaces the one before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import Script, Store, draft_keys
from bot.wechat.account import Account

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

SET = "card/testwhitelist/set"
MOST = 10

_ADD = Script("""
-- testers, version | openid, most, openids that may stay …
for _, known in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local stays = false
  for number = 3, #ARGV do stays = stays or ARGV[number] == known end
  if not stays then redis.call('ZREM', KEYS[1], known) end
end
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return -1 end
redis.call('ZADD', KEYS[1], redis.call('INCR', KEYS[2]), ARGV[1])
return 1
""")
"""1 = added, 0 = was there, -1 = there is no room. Who may not stay (left the shop) makes room first."""
_REMOVE = Script("""
-- testers, version | openid
local gone = redis.call('ZREM', KEYS[1], ARGV[1])
if gone == 1 then redis.call('INCR', KEYS[2]) end
return gone
""")
_LIST = Script("return {redis.call('GET', KEYS[2]) or '0', redis.call('ZRANGE', KEYS[1], 0, -1)}")


@dataclass(frozen=True, slots=True)
class Listed:
    """``openids`` are the testers now, in the order they came; ``full``: there was no room; ``changed``: they did."""

    openids: tuple[str, ...]
    full: bool = False
    changed: bool = False


class Testers:
    """The testers of one account."""

    def __init__(self, account: Account, api: AccountAPI, store: Store) -> None:
        self._api = api
        self._store = store
        self._keys = (draft_keys.testers(account.appid), draft_keys.testers_version(account.appid))

    async def add(self, openid: str, colleagues: Collection[str]) -> Listed:
        """Let ``openid`` claim before approval, beside those of ``colleagues`` (everybody of the shop) who may already.

        Raises the WeChatError tree; doing it again then is harmless.
        """
        added = await self._store.script(_ADD, self._keys, [openid, MOST, *colleagues])
        if added < 0:
            return Listed((await self._read())[1], full=True)
        return Listed(await self._send(), changed=added > 0)

    async def remove(self, openid: str) -> Listed:
        """Take ``openid`` off the list. As :meth:`add`."""
        gone = await self._store.script(_REMOVE, self._keys, [openid])
        return Listed(await self._send(), changed=gone > 0)

    async def _read(self) -> tuple[str, tuple[str, ...]]:
        version, openids = await self._store.script(_LIST, self._keys, [])
        return str(version), tuple(openids)

    async def _send(self) -> tuple[str, ...]:
        """Send the list until what was sent last is what is kept; then so is what WeChat got last."""
        version, openids = await self._read()
        while True:
            await self._api.call(SET, {"openid": list(openids), "username": []}, repeatable=True)
            sent = version
            version, openids = await self._read()
            if version == sent:
                return openids
