"""Which shops of other accounts the people serve who text an account: an index, kept beside that account's own people.

The people of the shop say who may do what there; the index only says where to look. So it may name too many shops and
must not name too few: a shop is entered before somebody joins it, and taken out after they have left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.merchants import persons
from bot.store import Script, Store, keys

_ENTER = Script("""
-- KEYS: index, version of the account's people. ARGV: openid, appid of the shop. Whether it is new.
local known = redis.call('HGET', KEYS[1], ARGV[1])
local shops = known and cjson.decode(known) or {}
for _, shop in ipairs(shops) do
  if shop == ARGV[2] then return 0 end
end
shops[#shops + 1] = ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(shops))
redis.call('INCR', KEYS[2])
return 1
""")
_STRIKE = Script("""
-- KEYS: index, version of the account's people. ARGV: openid, appid of the shop. Whether it was there.
local known = redis.call('HGET', KEYS[1], ARGV[1])
local left, found = {}, 0
for _, shop in ipairs(known and cjson.decode(known) or {}) do
  if shop == ARGV[2] then found = 1 else left[#left + 1] = shop end
end
if found == 0 then return 0 end
if #left > 0 then
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(left))
else
  redis.call('HDEL', KEYS[1], ARGV[1])
end
redis.call('INCR', KEYS[2])
return 1
""")


async def enter(store: Store, person: str, shop: str) -> None:
    """``person`` is about to serve ``shop`` (its appid); nothing to be noted for people of its own account.

    Raises :exc:`bot.errors.StoreUnavailable`.
    """
    await _write(store, _ENTER, person, shop)


async def strike(store: Store, person: str, shop: str) -> None:
    """``person`` serves ``shop`` no more. As :func:`enter`."""
    await _write(store, _STRIKE, person, shop)


async def _write(store: Store, script: Script, person: str, shop: str) -> None:
    if persons.is_away(person):
        appid, openid = persons.texting(person, shop)
        await store.script(script, [keys.elsewhere(appid), keys.people_version(appid)], [openid, shop])


def read(raw: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The index as it is stored: appids of shops by openid."""
    return {openid: tuple(json.loads(shops)) for openid, shops in raw.items()}
