"""Who redeemed or voided which code, and how many a clerk has redeemed today."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

from bot import clock
from bot.store import Script, Store, keys
from bot.vouchers.code_states import Deed, Standing
from bot.vouchers.records import Author
from bot.wechat.account import Account

REMEMBERED_SECONDS = 180 * 86_400
COUNTED_SECONDS = 2 * 86_400
FROM_API = "FROM_API"
STALE_SECONDS = 60
"""An intention older than any call can be is no rival any more."""

_BEGIN = Script("""
-- deed, rivals | the deed about to be, seconds, openid, stale before, seconds of a rival
local known = redis.call('GET', KEYS[1])
if known then
  local deed = cjson.decode(known)
  if deed.done then return 0 end
  if deed.openid ~= ARGV[3] and deed.at >= tonumber(ARGV[4]) then
    redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
    return redis.call('EXPIRE', KEYS[2], ARGV[5])
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
""")
_SETTLE = Script("""
-- deed | the deed done, seconds, openid
local known = redis.call('GET', KEYS[1])
if known then
  local deed = cjson.decode(known)
  if deed.done and deed.openid ~= ARGV[3] then return known end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1]
""")
_WITHDRAW = Script("""
-- deed, rivals | openid, seconds; who was second is first from now on
redis.call('HDEL', KEYS[2], ARGV[1])
local known = redis.call('GET', KEYS[1])
if not known then return 0 end
local deed = cjson.decode(known)
if deed.done or deed.openid ~= ARGV[1] then return 0 end
local rival = redis.call('HKEYS', KEYS[2])[1]
if not rival then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], redis.call('HGET', KEYS[2], rival), 'EX', ARGV[2])
return redis.call('HDEL', KEYS[2], rival)
""")
_HEAR = Script("""
-- deed | the deed heard of, seconds, 1 if it may be one of ours that is about to be noted as done
local known = redis.call('GET', KEYS[1])
if known and (cjson.decode(known).done or ARGV[3] == '1') then return known end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return ARGV[1]
""")


class Deeds:
    """What the operators of one account did to codes. Codes are worth money: only their digests are kept here."""

    def __init__(self, account: Account, store: Store) -> None:
        self._store = store
        self._account = account

    async def last(self, number: str) -> Deed | None:
        """Who did something to this code, or is about to."""
        found = await self._store.read(self._key(number))
        return Deed(**found) if found else None

    async def begin(self, number: str, what: Standing, by: Author) -> None:
        """Note that ``by`` is about to ask WeChat; of two at once who noted it first stays, and the other is next."""
        written = json.dumps(asdict(Deed(what, by.openid, by.name, clock.now(), till=by.till)), ensure_ascii=False)
        stale = clock.now() - STALE_SECONDS
        args: list[str | bytes | float | int] = [written, REMEMBERED_SECONDS, by.openid, stale, STALE_SECONDS]
        await self._store.script(_BEGIN, self._keys(number), args)

    async def settle(self, number: str, what: Standing, by: Author) -> Deed:
        """It is done; by whom. Of two who may both have done it, both are told the same one."""
        known = await self.last(number)
        own = known if known and (known.openid, known.what) == (by.openid, what) else None
        done = replace(own, done=True) if own else Deed(what, by.openid, by.name, clock.now(), done=True, till=by.till)
        written = json.dumps(asdict(done), ensure_ascii=False)
        kept = await self._store.script(_SETTLE, [self._key(number)], [written, REMEMBERED_SECONDS, by.openid])
        return Deed(**json.loads(kept))

    async def heard(self, number: str, deed: Deed) -> Deed:
        """WeChat told of ``deed``, done somewhere; the deed that is believed.

        What is known to be done here stays. So does what is about to be, if it came by the API: that is probably it.
        """
        ours = int(deed.source == FROM_API)
        written = json.dumps(asdict(deed), ensure_ascii=False)
        kept = await self._store.script(_HEAR, [self._key(number)], [written, REMEMBERED_SECONDS, ours])
        return Deed(**json.loads(kept))

    async def withdraw(self, number: str, by: Author) -> None:
        """WeChat certainly did not do what ``by`` was about to ask for."""
        await self._store.script(_WITHDRAW, self._keys(number), [by.openid, REMEMBERED_SECONDS])

    async def count(self, number: str, by: Author) -> int:
        """Count this redemption for ``by`` today, in the account's zone, once; how many that makes."""
        key = self._redeemed_key(by)
        _, _, many = await self._store.pipeline(
            ("SADD", key, _digest(number)), ("EXPIRE", key, COUNTED_SECONDS), ("SCARD", key)
        )
        return int(many)

    def _redeemed_key(self, by: Author) -> str:
        day = clock.local(clock.now(), self._account.zone).date().isoformat()
        return keys.redeemed_by(self._account.appid, by.openid, day)

    def _keys(self, number: str) -> list[str]:
        return [self._key(number), keys.code_rivals(self._account.appid, _digest(number))]

    def _key(self, number: str) -> str:
        return keys.code_deed(self._account.appid, _digest(number))


def _digest(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()
