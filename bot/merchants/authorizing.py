"""How an account comes behind the component, and leaves it: codes exchanged once, whoever has them first.

The same code arrives twice, by WeChat's event and with the browser that comes back from its page. Whichever is first
exchanges it; the other finds it exchanged and is content with what came of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import replace

from bot import clock
from bot.errors import OutcomeUnknown, WeChatRefused
from bot.store import Store, keys
from bot.store import component_keys as own_keys
from bot.store.authorizers import Authorizer, State
from bot.wechat.component.model import Authorization, AuthorizerInfo
from bot.wechat.component.platform import Platform
from bot.wechat.errcodes import CODES_REFUSED

log = logging.getLogger(__name__)

REMEMBERED = 3600
"""Seconds it is remembered which account a code was of; WeChat forgets the code after ten minutes."""
ASKED_AGAIN = 600.0
"""Seconds after which WeChat may be asked anew who has authorised us, while nobody is known."""
OTHERS_WITHIN = 4.0
"""Seconds whoever comes second waits for what the first makes of a code."""


class Authorizing:
    """Authorisations of one component."""

    def __init__(self, platform: Platform, store: Store) -> None:
        self._platform = platform
        self._store = store
        self._component = platform.component.appid

    async def exchange(self, code: str, appid: str = "") -> Authorizer:
        """The account that ``code`` is of, served from now on; ``appid`` where WeChat has named it.

        Raises WeChatRefused (61009, 61010) for a code that leads nowhere, else the WeChatError tree and
        StoreUnavailable: then the same may be tried again.
        """
        async with self._platform.authorizers.news() as news:
            if known := await self._exchanged(code):
                return known
            try:
                granted = await self._platform.api.exchange_code(code)
            except (WeChatRefused, OutcomeUnknown) as error:
                if isinstance(error, WeChatRefused) and error.errcode not in CODES_REFUSED:
                    raise
                if appid:  # whatever became of the code, WeChat tells what the account has granted by now
                    return await self._served(code, Authorization(appid, "", 0, "", ()))
                loop = asyncio.get_running_loop()
                until = loop.time() + OTHERS_WITHIN
                while loop.time() < until:
                    await news.next(until - loop.time())
                    if known := await self._exchanged(code):
                        return known
                raise
        return await self._served(code, granted)

    async def recover(self) -> int:
        """Know again who has authorised us, where both Redis and the copies have forgotten; how many there were.

        WeChat lists them with their refresh tokens. Nothing is asked where anybody is known, or another process asks.
        Raises the WeChatError tree and StoreUnavailable; what was recovered by then stays.
        """
        authorizers = self._platform.authorizers
        asked = own_keys.recovering(self._component)
        if await authorizers.any() or not await self._store.write(
            asked, clock.now(), seconds=ASKED_AGAIN, only_new=True
        ):
            return 0
        recovered, total = 0, 1
        while recovered < total:
            page, total = await self._platform.api.authorizers(recovered)
            for each in page:
                await authorizers.put_refresh_token(each.appid, each.refresh_token)
                info = await self._platform.api.authorizer_info(each.appid)
                known = described(info, info.sets, State.ACTIVE, clock.now())
                await authorizers.put(replace(known, authorized_at=float(each.authorized_at)))
            recovered += len(page)
            if not page:
                break
        if recovered:
            log.warning("authorised accounts recovered", extra={"count": recovered})
        return recovered

    async def withdrawn(self, appid: str, at: float) -> Authorizer | None:
        """``appid`` took its authorisation back: its tokens are deleted. None where that is no news."""
        known = await self._platform.authorizers.get(appid)
        if known is None or known.state in (State.UNAUTHORIZED, State.REMOVED) or known.authorized_at > at:
            return None
        gone = replace(known, state=State.UNAUTHORIZED, sets=(), changed_at=max(clock.now(), known.changed_at))
        await self._platform.forget(appid)
        await self._platform.authorizers.put(gone)
        log.info("account left", extra={"account": appid})
        return gone

    async def _served(self, code: str, granted: Authorization) -> Authorizer:
        authorizers, now = self._platform.authorizers, clock.now()
        if granted.refresh_token:  # before anything else can fail: WeChat tells it once
            await authorizers.put_refresh_token(granted.appid, granted.refresh_token)
        info = await self._platform.api.authorizer_info(granted.appid)
        if not granted.refresh_token and info.refresh_token:
            await authorizers.put_refresh_token(granted.appid, info.refresh_token)
        before = await authorizers.get(granted.appid)
        state = State.PAUSED if before and before.state is State.PAUSED else State.ACTIVE
        served = described(info, granted.sets or info.sets, state, now)
        await self._store.delete(keys.token(granted.appid))  # of an earlier authorisation: it may be void
        await self._store.write(self._key(code), served.appid, seconds=REMEMBERED)
        await authorizers.put(served)  # last, since whoever waits for the code hears of this
        log.info("account authorised", extra={"account": served.appid, "sets": list(served.sets)})
        return served

    async def _exchanged(self, code: str) -> Authorizer | None:
        appid = await self._store.read(self._key(code))
        return await self._platform.authorizers.get(appid) if appid else None

    def _key(self, code: str) -> str:
        return own_keys.exchange(self._component, hashlib.sha256(code.encode()).hexdigest())


def described(info: AuthorizerInfo, sets: tuple[int, ...], state: State, at: float) -> Authorizer:
    """An account as it is kept: what WeChat says of it, and the ``sets`` it granted."""
    return Authorizer(
        appid=info.appid, original_id=info.original_id, name=info.name, state=state, sets=sets, service=info.service,
        verified=info.verified, cards=info.cards, status=info.status, authorized_at=at, changed_at=at,
    )  # fmt: skip
