"""Who somebody is to a shop. Pure.

An openid belongs to one account, so whoever texts the shop's own account is called by it alone, and whoever texts
another account, having redeemed this shop's invitation there, by that account's appid and the openid there. Everything
that only tells people apart takes either for a name; what speaks with WeChat asks :func:`texting` where they are.
"""

from __future__ import annotations

_BETWEEN = "/"
"""No openid and no appid has one."""


def named(appid: str, openid: str, shop: str) -> str:
    """What ``shop`` (its appid) calls the person who is ``openid`` at the account ``appid``."""
    return openid if appid == shop else f"{appid}{_BETWEEN}{openid}"


def texting(person: str, shop: str) -> tuple[str, str]:
    """The appid of the account that ``person`` of ``shop`` texts, and their openid there."""
    appid, sign, openid = person.partition(_BETWEEN)
    return (appid, openid) if sign else (shop, person)


def is_away(person: str) -> bool:
    """Whether they text another account than the shop's own."""
    return _BETWEEN in person
