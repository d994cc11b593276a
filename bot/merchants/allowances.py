"""How much of WeChat's API an account has left today: WeChat's own figures, or where it tells none our count."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot import clock
from bot.errors import WeChatError
from bot.store.usage import Usage
from bot.wechat import quotas
from bot.wechat.client import AccountAPI
from bot.wechat.ledger import MINUTE_USED_UP, until
from bot.wechat.quotas import Quota
from bot.wechat.token import DAILY_FETCHES

PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "messages": ("cgi-bin/message/custom/send",),
    "templates": ("cgi-bin/message/template/send",),
    "reading": ("card/get", "card/batchget"),
    "changing": ("card/update",),
    "figures": ("datacube/getcardbizuininfo", "datacube/getcardcardinfo"),
})  # fmt: skip
"""What people want to know about → the calls it takes."""
PATIENCE = 2.5
"""Seconds WeChat has to tell its figures; the rest of the reply's time is ours."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of one of :data:`PATHS`, or of ``tokens``; of several calls the one that is nearest its end.

    ``told``: these are WeChat's figures, of everybody who calls for the account. Else ``used`` is our own count,
    ``limit`` what a new account may, if that is known, and ``left`` is not.
    """

    kind: str
    used: int
    limit: int | None
    left: int | None
    told: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A call WeChat does not take now: a kind of :data:`PATHS` (else its path), and until when at the latest."""

    what: str
    until: float
    minute: bool


@dataclass(frozen=True, slots=True)
class Allowances:
    """What is left today, and what is used up; both in the order of :data:`PATHS`."""

    left: list[Allowance]
    ended: list[Ended]


async def today(api: AccountAPI, kinds: list[str]) -> Allowances:
    """The allowances of ``kinds`` and of token fetches; raises :exc:`bot.errors.StoreUnavailable`.

    WeChat is asked for all of them at once. Where it refuses or does not answer our own count stands.
    """
    paths = [path for kind in kinds for path in PATHS[kind]]
    told = dict(zip(paths, await asyncio.gather(*(_told(api, path) for path in paths)), strict=True))
    usage = await api.ledger.today()
    left = [_nearest([_allowance(kind, path, told[path], usage) for path in PATHS[kind]]) for kind in kinds]
    fetched = await api.tokens.fetched_today()
    left.append(Allowance("tokens", fetched, DAILY_FETCHES, max(DAILY_FETCHES - fetched, 0), told=False))
    return Allowances(left, _ended(told, usage))


async def _told(api: AccountAPI, path: str) -> Quota | None:
    try:
        return await api.quota(path, patience=PATIENCE)
    except WeChatError:
        return None


def _allowance(kind: str, path: str, told: Quota | None, usage: Usage) -> Allowance:
    if told is not None:
        return Allowance(kind, told.used, told.limit, told.left, told=True)
    return Allowance(kind, usage.calls.get(path, 0), quotas.DAILY.get(path), None, told=False)


def _nearest(allowances: list[Allowance]) -> Allowance:
    """The one with the fewest calls left; of those of which nobody knows, the one called most."""
    known = [each for each in allowances if each.left is not None]
    return min(known, key=lambda each: each.left or 0) if known else max(allowances, key=lambda each: each.used)


def _ended(told: Mapping[str, Quota | None], usage: Usage) -> list[Ended]:
    """What WeChat refused, and what it says is used up though nobody has been refused yet."""
    found = {path: Ended(_kind(path), until(end), end.errcode == MINUTE_USED_UP) for path, end in usage.ended.items()}
    found.pop(quotas.GET, None)  # whoever reads that there are no figures knows
    midnight = float(clock.day_end(clock.wechat_today()) + 1)
    for path, quota in told.items():
        if quota is not None and not quota.left:
            found[path] = Ended(_kind(path), midnight, minute=False)
    order = [path for paths in PATHS.values() for path in paths]
    ordered = sorted(found, key=lambda path: order.index(path) if path in order else len(order))
    return list({found[path].what: found[path] for path in ordered}.values())


def _kind(path: str) -> str:
    return next((kind for kind, paths in PATHS.items() if path in paths), path)
