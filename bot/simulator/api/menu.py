"""cgi-bin/menu/* and get_current_selfmenu_info (messaging.md A7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.simulator.api.codes import word
from bot.simulator.api.request import Answer, Endpoint, Request
from bot.simulator.errors import ApiError, ok
from bot.simulator.menu_checks import checked
from bot.simulator.menus import Buttons

RULES = {"tag_id", "group_id", "sex", "client_platform_type", "country", "province", "city", "language"}


def create(request: Request) -> Answer:
    """Replace the default menu."""
    if "button" not in request.body:
        raise ApiError(40016)
    request.world.menus.put(request.shop.appid, checked(request.body["button"]), by="api")
    return ok()


def get(request: Request) -> Answer:
    """The menus made by the API, with everything personalised."""
    menu = request.world.menus.of(request.shop.appid)
    if menu.button is None or menu.by != "api":
        raise ApiError(46003)
    shown: dict[str, Any] = {"menu": {"button": menu.button}}
    if menu.conditional:
        shown["menu"]["menuid"] = int(menu.menuid)
        shown["conditionalmenu"] = [
            {"button": one.button, "matchrule": one.matchrule, "menuid": int(one.menuid)} for one in menu.conditional
        ]
    return shown


def current(request: Request) -> Answer:
    """The default menu whoever made it; sub-buttons stand in ``list`` here."""
    menu = request.world.menus.of(request.shop.appid)
    if menu.button is None:
        return {"is_menu_open": 0, "selfmenu_info": {"button": []}}
    return {"is_menu_open": 1, "selfmenu_info": {"button": [_as_current(one) for one in menu.button]}}


def _as_current(button: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in button.items() if name != "sub_button"}
    subs = button.get("sub_button")
    return rest | {"sub_button": {"list": subs}} if subs else rest


def delete(request: Request) -> Answer:
    """Delete the default menu and all personalised ones."""
    request.world.menus.clear(request.shop.appid)
    return ok()


def add_conditional(request: Request) -> Answer:
    """A personalised menu; there has to be a default menu made by the API."""
    body, world, appid = request.body, request.world, request.shop.appid
    if not body.get("button"):
        raise ApiError(65307)
    buttons, rule = checked(body["button"]), body.get("matchrule")
    if not isinstance(rule, Mapping) or not any(rule.get(name) for name in RULES):
        raise ApiError(65304)
    if set(rule) - RULES:
        raise ApiError(40097)
    menu = world.menus.of(appid)
    if menu.button is None or menu.by != "api":
        raise ApiError(65303)
    tag = rule.get("tag_id") or rule.get("group_id")
    if tag and (not str(tag).isdecimal() or world.tags.find(appid, int(tag)) is None):
        raise ApiError(45159)
    return {"menuid": world.menus.add(appid, buttons, rule)}


def del_conditional(request: Request) -> Answer:
    """Take a personalised menu away."""
    menuid = request.body.get("menuid")
    if not isinstance(menuid, str | int) or not request.world.menus.remove(request.shop.appid, str(menuid)):
        raise ApiError(65301)
    return ok()


def try_match(request: Request) -> Answer:
    """What a person sees."""
    openid = word(request.body, "user_id", 65302, 64)
    if not request.world.people.follows(request.shop.appid, openid):
        raise ApiError(65302)
    button: Buttons = request.world.menu_of(request.shop.appid, openid)
    if not button:
        raise ApiError(46003)
    return {"button": button}


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/menu/create", create),
    Endpoint("GET", "/cgi-bin/menu/get", get),
    Endpoint("GET", "/cgi-bin/menu/delete", delete),
    Endpoint("GET", "/cgi-bin/get_current_selfmenu_info", current),
    Endpoint("POST", "/cgi-bin/menu/addconditional", add_conditional),
    Endpoint("POST", "/cgi-bin/menu/delconditional", del_conditional),
    Endpoint("POST", "/cgi-bin/menu/trymatch", try_match),
)
