"""Who may call what: the credentials of a call, before anything is done."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from bot.simulator.api.access import credentials
from bot.simulator.api.request import Endpoint
from bot.simulator.errors import ApiError
from bot.simulator.model import Shop
from bot.simulator.tokens import Kind
from bot.simulator.world import World


def by_secret(world: World, endpoint: Endpoint, given: Mapping[str, Any], address: str) -> Shop:
    """Whose secret was given; raises what :func:`credentials` and :func:`component_credentials` raise."""
    if endpoint.shows == "secret":
        return credentials(world, given)
    return component_credentials(world, given, endpoint.shows, address)


def component_credentials(world: World, given: Mapping[str, Any], member: str, address: str) -> Shop:
    """The component whose appid and secret were given.

    Raises 41018, 41004, 40013, 40001 (the wrong secret, as the global list says), 61004.
    """
    appid, secret = given.get("component_appid"), given.get(member)
    if not isinstance(appid, str) or not appid:
        raise ApiError(41018)
    if not isinstance(secret, str) or not secret:
        raise ApiError(41004)
    component = world.platform.component
    if component is None or appid != component.appid:
        raise ApiError(40013)
    if not hmac.compare_digest(component.secret.encode(), secret.encode()):
        raise ApiError(40001)
    world.platform.check_address(address)
    return component.as_shop()


def shown_token(world: World, query: Mapping[str, str], path: str) -> str:
    """The token of a call; component calls may carry it under its old name, too."""
    old_name = world.platform.readings.old_query_name and path.startswith("/cgi-bin/component/")
    if old_name and "access_token" not in query:
        return query.get("component_access_token", "")
    return query.get("access_token", "")


def by_token(world: World, endpoint: Endpoint, query: Mapping[str, str], address: str) -> tuple[Shop, Kind]:
    """Whose token was given, and of which kind.

    Raises what :meth:`TokenBook.valid` and :meth:`OpenPlatform.admit` raise, 61014 and 61015 for a token of the wrong
    kind, 48001 where the account has no vouchers.
    """
    token = world.tokens.valid(shown_token(world, query, endpoint.path))
    if token.kind == "component":
        if endpoint.shows == "account":
            raise ApiError(61015)
        world.platform.check_address(address)
        return world.platform.known.as_shop(), token.kind
    if endpoint.shows == "component":
        raise ApiError(61014)
    if token.kind == "authorizer":
        world.platform.admit(token, endpoint.path, address)
    shop = world.shop(token.appid)
    if endpoint.path.startswith(("/card/", "/datacube/getcard")) and not shop.cards:
        raise ApiError(48001)
    return shop, token.kind
