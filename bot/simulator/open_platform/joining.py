"""The authorisation page: which links it refuses, and what a confirmation leads to (messaging.md B2.2)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.simulator.open_platform.codes import AuthCode
from bot.simulator.open_platform.model import CODE_LIFETIME, Component
from bot.simulator.open_platform.platform import OpenPlatform
from bot.simulator.open_platform.sets import NAMES

AUTH_TYPES = {"1": True, "2": False, "3": True, "4": False, "5": False, "6": True, "8": False}
"""auth_type, and whether official accounts are among what it shows."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class NotShownError(Exception):
    """The page says no; the text is what the merchant reads there."""


@dataclass(frozen=True)
class Offer:
    """A page that may be shown. ``appid``: the account the link is for, "" for any."""

    code: AuthCode
    redirect_uri: str
    sets: tuple[int, ...]
    appid: str = ""


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation brings. ``info_type`` is "" where nothing changed, so that no event is pushed."""

    code: AuthCode
    info_type: str
    elements: Mapping[str, Any]
    location: str


def read(platform: OpenPlatform, query: Mapping[str, str], referer: str) -> Offer:
    """The page a link shows. ``referer``: the page it was tapped on. Raises :exc:`NotShownError`."""
    component = platform.component
    if component is None or query.get("component_appid") != component.appid:
        raise NotShownError("component_appid 不正确")
    try:
        code = platform.codes.pre_auth_of(query.get("pre_auth_code", ""))
    except LookupError as error:
        raise NotShownError(str(error)) from None
    redirect_uri = query.get("redirect_uri", "")
    _check_domain(component, redirect_uri)
    if platform.readings.entry_checked and urlsplit(referer).hostname != component.domain:
        raise NotShownError(f"授权入口页的域名是 {urlsplit(referer).hostname or '空'}，登记的是 {component.domain}")
    appid = query.get("biz_appid", "")
    if not appid:
        _check_type(query.get("auth_type", ""), optional=platform.readings.auth_type_optional)
    return Offer(code, redirect_uri, _sets(component, query.get("category_id_list", "")), appid)


def _check_domain(component: Component, redirect_uri: str) -> None:
    """https, on the registered domain; on this machine, where nobody has a certificate, http will do."""
    parts = urlsplit(redirect_uri)
    if not parts.hostname:
        raise NotShownError("redirect_uri 缺失或不是网址")
    if parts.hostname != component.domain:
        raise NotShownError(f"redirect_uri 的域名是 {parts.hostname}，登记的是 {component.domain}")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise NotShownError("redirect_uri 不是 https")


def _check_type(auth_type: str, *, optional: bool) -> None:
    if not auth_type and optional:
        return
    if auth_type not in AUTH_TYPES:
        raise NotShownError("auth_type 缺失或不正确")
    if not AUTH_TYPES[auth_type]:
        raise NotShownError("这个授权链接不面向公众号（auth_type）")


def _sets(component: Component, given: str) -> tuple[int, ...]:
    """The sets the page lists. Raises :exc:`NotShownError` for ids that are none or that the component lacks."""
    if not given:
        return component.sets
    named = given.split("|")
    if not all(one.isdecimal() and int(one) in component.sets for one in named):
        raise NotShownError("category_id_list 里有第三方平台没有的权限集")
    return tuple(number for number in component.sets if str(number) in named)


def obstacle(platform: OpenPlatform, offer: Offer, appid: str) -> str:
    """Why an account cannot authorise with this page, "" if it can."""
    component = platform.known
    if offer.appid and appid != offer.appid:
        return "授权链接指定了另一个公众号"
    if not component.published and appid not in component.testers:
        return "第三方平台还没有全网发布，这个公众号不在测试名单里"
    return ""


def confirm(platform: OpenPlatform, offer: Offer, appid: str, sets: Sequence[int]) -> Confirmed:
    """The account's administrator agrees to some of the sets. Raises :exc:`NotShownError`."""
    if reason := obstacle(platform, offer, appid):
        raise NotShownError(reason)
    if not sets or not set(sets) <= set(offer.sets):
        raise NotShownError("没有勾选权限集，或勾选了页面上没有的")
    platform.codes.spend(offer.code)
    before = platform.authorisations.get(appid)
    platform.grant(appid, sets)
    changed = before is None or set(before.sets) != set(sets)
    info_type = "" if not changed else "authorized" if before is None else "updateauthorized"
    code = platform.codes.authorisation(appid)
    return Confirmed(code, info_type, event_of(platform, code, offer.code), location(offer.redirect_uri, code.value))


def event_of(platform: OpenPlatform, code: AuthCode, pre_auth: AuthCode) -> dict[str, Any]:
    """The elements of ``authorized`` and ``updateauthorized`` behind their common ones."""
    expiry = int(time.time()) + CODE_LIFETIME if platform.readings.expiry_is_moment else CODE_LIFETIME
    return {
        "AuthorizerAppid": code.appid,
        "AuthorizationCode": code.value,
        "AuthorizationCodeExpiredTime": expiry,
        "PreAuthCode": pre_auth.value,
    }


def location(redirect_uri: str, code: str) -> str:
    """Where the browser goes: the address with auth_code and expires_in behind its own query; "" for none."""
    if not redirect_uri:
        return ""
    parts = urlsplit(redirect_uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("auth_code", code), ("expires_in", str(CODE_LIFETIME))]
    return parts._replace(query=urlencode(query)).geturl()


def named(sets: Sequence[int]) -> list[dict[str, Any]]:
    """Sets with their names, for pages."""
    return [{"id": number, "name": NAMES.get(number, str(number))} for number in sets]
