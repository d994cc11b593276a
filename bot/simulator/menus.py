"""The menus of the accounts: one for everybody, from the console or the API, and personalised ones.

Source: messaging.md A7.2; the menu pages for matching (newest first) and deletion (all of them).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.simulator.persistence import Store
from bot.simulator.stream import Stream

Buttons = list[dict[str, Any]]


@dataclass
class Conditional:
    """A personalised menu."""

    menuid: str
    button: Buttons
    matchrule: dict[str, Any]


@dataclass
class Menu:
    """What an account has: ``button`` None without a menu; ``by`` console or api."""

    button: Buttons | None = None
    by: str = "api"
    menuid: str = ""
    conditional: list[Conditional] = field(default_factory=list)


class MenuBook:
    """Menus by account."""

    def __init__(self, store: Store, stream: Stream) -> None:
        self._store, self._stream = store, stream
        self._menus: dict[str, Menu] = {}
        for appid, _, value in store.all("menu"):
            rest = {name: part for name, part in value.items() if name != "conditional"}
            self._menus[appid] = Menu(**rest, conditional=[Conditional(**one) for one in value["conditional"]])

    def of(self, appid: str) -> Menu:
        """The account's menus."""
        return self._menus.get(appid, Menu())

    def _save(self, appid: str, menu: Menu) -> None:
        self._menus[appid] = menu
        self._store.put("menu", appid, "", asdict(menu))
        self._stream.publish("menu", appid=appid)

    def put(self, appid: str, button: Buttons, *, by: str) -> None:
        """Replace the menu of everybody; personalised ones stay."""
        self._save(appid, Menu(button, by, _new_id(), self.of(appid).conditional))

    def add(self, appid: str, button: Buttons, matchrule: Mapping[str, Any]) -> str:
        """A personalised menu; its id."""
        menu, fresh = self.of(appid), Conditional(_new_id(), button, dict(matchrule))
        self._save(appid, Menu(menu.button, menu.by, menu.menuid, [*menu.conditional, fresh]))
        return fresh.menuid

    def remove(self, appid: str, menuid: str) -> bool:
        """Take a personalised menu away; whether there was one."""
        menu = self.of(appid)
        rest = [one for one in menu.conditional if one.menuid != menuid]
        self._save(appid, Menu(menu.button, menu.by, menu.menuid, rest))
        return len(rest) < len(menu.conditional)

    def clear(self, appid: str) -> None:
        """Delete all of them."""
        self._save(appid, Menu())

    def seen_by(self, appid: str, tags: list[int]) -> Buttons:
        """What a person with these tags sees; the newest matching menu wins.

        Only the tag decides here: of a person's phone, language and country the simulator knows Chinese on another
        system than iOS and Android.
        """
        menu = self.of(appid)
        for one in menu.conditional[::-1]:
            if _matches(one.matchrule, tags):
                return one.button
        return menu.button or []


def _matches(rule: Mapping[str, Any], tags: list[int]) -> bool:
    tag = rule.get("tag_id") or rule.get("group_id")
    if tag and int(tag) not in tags:
        return False
    return rule.get("language") in {None, "", "zh_CN"} and str(rule.get("client_platform_type") or 3) == "3"


def _new_id() -> str:
    return str(secrets.randbelow(9 * 10**8) + 10**8)


def leaves(button: Buttons) -> list[dict[str, Any]]:
    """The buttons that do something, in order."""
    return [leaf for top in button for leaf in (top.get("sub_button") or [top])]
