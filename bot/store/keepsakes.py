"""What no account may lose with Redis: its people, their roles, alerts and daily summaries, copied to disk.

Whoever changes them copies them at once; the other processes of a platform hear of it and copy them, too, each into a
file of its own. A Redis that was emptied lacks the mark that was set there: then all that is missing is put back.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress

from bot import clock
from bot.errors import StoreUnavailable
from bot.store import component_keys, keys
from bot.store.connection import Script, Store
from bot.store.copies import Copies

log = logging.getLogger(__name__)

COPY = "account"
LOOK_EVERY = 5.0
"""Seconds between looks at what others changed, and whether Redis was emptied."""
OVERLAP = 60.0
"""Seconds a change is looked at again: clocks of machines differ, and a look may have failed."""

_RESTORE = Script("""
-- KEYS: people, version, wishes. ARGV: version, number of people, then openids and values; then the same of wishes.
-- 1 when the people were missing, and are back.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local many = tonumber(ARGV[2]) * 2
if many > 0 then redis.call('HSET', KEYS[1], unpack(ARGV, 3, 2 + many)) end
if #ARGV > 2 + many and redis.call('EXISTS', KEYS[3]) == 0 then redis.call('HSET', KEYS[3], unpack(ARGV, 3 + many)) end
redis.call('SET', KEYS[2], ARGV[1])
return 1
""")


class Keepsakes:
    """Copies of every account's people, for one process; without ``copies`` nothing is copied."""

    def __init__(self, store: Store, copies: Copies | None) -> None:
        self._store = store
        self._copies = copies
        self._looked_at = 0.0

    async def changed(self, appid: str) -> None:
        """The people of ``appid`` or their wishes have changed. Nothing of it fails whoever changed them."""
        if self._copies is None:
            return
        with suppress(StoreUnavailable):  # the change itself stands; the next one brings both
            await self._store.do("ZADD", component_keys.changed_accounts(), clock.now(), appid)
            await self._copy(appid, self._copies)

    async def run(self) -> None:
        """Copy what others change, and put back what an emptied Redis has lost, until cancelled."""
        while self._copies is not None:
            try:
                await self.look()
            except StoreUnavailable:
                log.warning("copies wait for redis")
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """One look; raises :exc:`bot.errors.StoreUnavailable`."""
        if self._copies is None:
            return
        if not await self._store.do("EXISTS", component_keys.not_emptied()):
            await self._restore(self._copies)
            await self._store.write(component_keys.not_emptied(), clock.now())
        since, self._looked_at = self._looked_at - OVERLAP, clock.now()
        for appid in await self._store.do("ZRANGEBYSCORE", component_keys.changed_accounts(), since, "+inf"):
            await self._copy(appid, self._copies)

    async def _copy(self, appid: str, copies: Copies) -> None:
        version, people, wishes = await self._store.pipeline(
            ("GET", keys.people_version(appid)),
            ("HGETALL", keys.people(appid)),
            ("HGETALL", keys.digest_wishes(appid)),
        )
        value = json.dumps({"version": int(version or 0), "people": people, "wishes": wishes}, ensure_ascii=False)
        await copies.keep(f"{COPY}:{appid}", clock.now(), value)

    async def _restore(self, copies: Copies) -> None:
        restored = 0
        for name, copy in (await copies.beginning(f"{COPY}:")).items():
            appid, known = name.partition(":")[2], json.loads(copy.value)
            touched = [keys.people(appid), keys.people_version(appid), keys.digest_wishes(appid)]
            args = [str(known["version"]), str(len(known["people"]))]
            args += [each for pair in (*known["people"].items(), *known["wishes"].items()) for each in pair]
            if known["people"]:
                restored += int(await self._store.script(_RESTORE, touched, args))
        if restored:
            log.warning("people restored", extra={"accounts": restored})
