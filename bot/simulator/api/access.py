"""cgi-bin/token and cgi-bin/stable_token."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError
from bot.simulator.model import Shop
from bot.simulator.world import World


def credentials(world: World, given: Mapping[str, Any]) -> Shop:
    """The account whose appid and secret were given. Raises 40002, 41002, 41004, 40013, 40125, 40164, 61024."""
    if given.get("grant_type") != "client_credential":
        raise ApiError(40002)
    appid, secret = given.get("appid"), given.get("secret")
    if not isinstance(appid, str) or not appid:
        raise ApiError(41002)
    if not isinstance(secret, str) or not secret:
        raise ApiError(41004)
    shop = world.shops.get(appid)
    if world.platform.component is not None and appid == world.platform.component.appid:
        raise ApiError(61024)
    if shop is None:
        raise ApiError(40013)
    if not hmac.compare_digest(shop.secret.encode(), secret.encode()):
        raise ApiError(40125)
    if appid in world.refused_ips:
        raise ApiError(40164, "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist")
    return shop


def token(request: Request) -> Answer:
    """GET: always a new token."""
    request.world.quotas.count(request.shop.appid, "/cgi-bin/token")
    value, seconds = request.world.tokens.classic(request.shop.appid)
    return {"access_token": value, "expires_in": seconds}


def stable_token(request: Request) -> Answer:
    """POST: the same token while it lasts, unless forced."""
    force = request.body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise ApiError(47001)
    request.world.quotas.count(request.shop.appid, "/cgi-bin/stable_token")
    value, seconds = request.world.tokens.stable(request.shop.appid, force=force)
    return {"access_token": value, "expires_in": seconds}


ENDPOINTS = (
    Endpoint("GET", "/cgi-bin/token", token, shows="secret"),
    Endpoint("POST", "/cgi-bin/stable_token", stable_token, shows="secret"),
)
