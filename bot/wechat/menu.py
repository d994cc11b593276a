"""The operators' menu at WeChat: a personalised menu for those with our tag, beside the shop's own.

WeChat wants a default menu made by the API before a personalised one (65303). The shop's own is read first, and left
alone unless WeChat says so; then it is put up again with the same buttons, if the API can make all of them. Where it
cannot, nothing is touched. Source: "custom menu" and "personalised menu" pages, tags page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import VoucherbotError, WeChatRefused
from config.menu import SCAN, Button, parse

if TYPE_CHECKING:
    from bot.wechat.client import AccountAPI

KEY = "voucherbot:"
"""What the keys of our buttons begin with; the command follows."""
TAG = "voucherbot"
NO_MENU, NO_DEFAULT_MENU, NOT_FOLLOWING = 46003, 65303, 40003
MOST_AT_ONCE = 50
DEFAULT = {
    "zh_CN": ("统计 = 统计", f"核销扫码 = {SCAN}", "更多 / 今日 = 今日", "更多 / 卡券 = 卡券", "更多 / 帮助 = 帮助"),
    "en": ("Stats = stats", f"Scan = {SCAN}", "More / Today = today", "More / List = vouchers", "More / Help = help"),
}
_MADE_BY_API = frozenset({
    "click", "view", "miniprogram", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album",
    "pic_weixin", "location_select", "media_id", "article_id", "article_view_limited", "view_limited",
})  # fmt: skip
_MEMBERS = ("type", "name", "key", "url", "media_id", "article_id", "appid", "pagepath")

Buttons = list[dict[str, Any]]


class MenuNotPut(VoucherbotError):
    """The operators' menu cannot be put up as things are; nothing was changed. One sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The menus of an account: the shop's own (None: there is none), who made it, and what those with our tag see."""

    own: Buttons | None
    by_api: bool
    ours: Mapping[str, Buttons]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of it. ``again``: the shop's own menu had to be put up again; ``kept``: WeChat shows it as it was."""

    tag: int
    again: bool
    kept: bool


def buttons_of(chosen: Sequence[Button], language: str) -> Buttons:
    """The operators' menu as WeChat takes it; the default in ``language`` where none is chosen."""
    return [_made(button) for button in chosen or parse(DEFAULT[language])]


def _made(button: Button) -> dict[str, Any]:
    if button.below:
        return {"name": button.name, "sub_button": [_made(each) for each in button.below]}
    if button.command == SCAN:
        return {"type": "scancode_waitmsg", "name": button.name, "key": KEY + SCAN}
    return {"type": "click", "name": button.name, "key": KEY + button.command}


class OperatorsMenu:
    """The operators' menu of one account."""

    def __init__(self, api: AccountAPI) -> None:
        self._api = api

    async def seen(self, tag: int | None) -> Seen:
        """What there is now. Raises the WeChatError tree."""
        try:
            answer = await self._api.call("cgi-bin/menu/get", method="GET")
        except WeChatRefused as refusal:
            if refusal.errcode != NO_MENU:
                raise
            current = await self._api.call("cgi-bin/get_current_selfmenu_info", method="GET")
            own = _buttons(current.get("selfmenu_info"))
            return Seen(own if current.get("is_menu_open") and own else None, by_api=False, ours={})
        ours = {
            str(one.get("menuid")): _buttons(one) for one in _list(answer.get("conditionalmenu")) if _for_tag(one, tag)
        }
        return Seen(_buttons(answer.get("menu")) or None, by_api=True, ours=ours)

    async def tag(self) -> int | None:
        """The id of our tag, None before there is one."""
        answer = await self._api.call("cgi-bin/tags/get", method="GET", repeatable=True)
        return next((int(tag["id"]) for tag in _list(answer.get("tags")) if tag.get("name") == TAG), None)

    async def push(self, buttons: Buttons, openids: Iterable[str], default: Buttons | None = None) -> Pushed:
        """Put ``buttons`` up for ``openids`` and nobody else; the shop's own menu as it was and stays.

        ``default`` is for everybody where the account has no menu. Raises :exc:`MenuNotPut` where that is not possible,
        and the WeChatError tree.
        """
        known = await self.tag()
        before = await self.seen(known)
        tag = await self._new_tag() if known is None else known
        try:
            own = await self._add(buttons, tag, before, default)
        except (MenuNotPut, WeChatRefused):
            if known is None:
                await self._api.call("cgi-bin/tags/delete", {"tag": {"id": tag}})
            raise
        await self.give(tag, openids)
        # The newest that fits wins, so the old ones go last: operators always see one.
        await self._delete(before.ours)
        after = await self.seen(tag)
        kept = [_clean(one) for one in after.own or ()] == (own or [_clean(one) for one in before.own or ()])
        return Pushed(tag, again=bool(own) and before.own is not None, kept=kept)

    async def _new_tag(self) -> int:
        answer = await self._api.call("cgi-bin/tags/create", {"tag": {"name": TAG}})
        return int(answer["tag"]["id"])

    async def _add(self, buttons: Buttons, tag: int, before: Seen, default: Buttons | None) -> Buttons:
        """Add the menu for ``tag``; what had to be put up for everybody before that, [] for nothing."""
        added = {"button": buttons, "matchrule": {"tag_id": str(tag)}}
        try:
            await self._api.call("cgi-bin/menu/addconditional", added)
        except WeChatRefused as refusal:
            if refusal.errcode != NO_DEFAULT_MENU:
                raise
        else:
            return []
        own = default if default and before.own is None else _again(before)
        await self._api.call("cgi-bin/menu/create", {"button": own})
        await self._api.call("cgi-bin/menu/addconditional", added)
        return own

    async def give(self, tag: int, openids: Iterable[str]) -> None:
        """Let exactly ``openids`` have ``tag``; who does not follow the account is left out."""
        wanted, present = list(dict.fromkeys(openids)), await self._tagged(tag)
        await self._each("cgi-bin/tags/members/batchuntagging", tag, [one for one in present if one not in wanted])
        await self._each("cgi-bin/tags/members/batchtagging", tag, [one for one in wanted if one not in present])

    async def remove(self) -> bool:
        """Take the operators' menu and the tag away; whether there was anything. The shop's own menu stays."""
        tag = await self.tag()
        if tag is None:
            return False
        await self._delete((await self.seen(tag)).ours)
        await self._api.call("cgi-bin/tags/delete", {"tag": {"id": tag}})
        return True

    async def _delete(self, menuids: Iterable[str]) -> None:
        for menuid in menuids:
            await self._api.call("cgi-bin/menu/delconditional", {"menuid": menuid})

    async def _tagged(self, tag: int) -> list[str]:
        found, after = list[str](), ""
        while True:
            body = {"tagid": tag, "next_openid": after}
            answer = await self._api.call("cgi-bin/user/tag/get", body, repeatable=True)
            page = _list((answer.get("data") or {}).get("openid"))
            found += map(str, page)
            after = str(answer.get("next_openid") or "")
            if not page or not after or len(found) >= 10_000:
                return found

    async def _each(self, path: str, tag: int, openids: Sequence[str]) -> None:
        """Call ``path`` for all of ``openids``; one who does not follow spoils a whole call, so then one by one."""
        for start in range(0, len(openids), MOST_AT_ONCE):
            some = list(openids[start : start + MOST_AT_ONCE])
            try:
                await self._api.call(path, {"openid_list": some, "tagid": tag}, repeatable=True)
            except WeChatRefused as refusal:
                if refusal.errcode != NOT_FOLLOWING:
                    raise
                if len(some) > 1:
                    for one in some:
                        await self._each(path, tag, [one])


def _again(seen: Seen) -> Buttons:
    """The shop's own menu for ``menu/create``. Raises :exc:`MenuNotPut`."""
    if seen.own is None:
        raise MenuNotPut(
            "the account has no menu for everybody, expected one: WeChat wants it before a menu for some; "
            "make one in the console, or with --default NAME=URL"
        )
    strange = [] if seen.by_api else [one for one in _leaves(seen.own) if one.get("type") not in _MADE_BY_API]
    if strange:
        kinds = ", ".join(f'"{one.get("name")}" ({one.get("type")})' for one in strange)
        raise MenuNotPut(
            f"the account's own menu holds {kinds}, expected buttons that open a page or send an event: only the "
            "console can make the others, and WeChat wants a menu made by the API first"
        )
    return [_clean(one) for one in seen.own]


def _clean(button: Mapping[str, Any]) -> dict[str, Any]:
    """A button as ``menu/create`` takes it: what was read has ``sub_button`` in two shapes, and empty ones."""
    below = _below(button)
    if below:
        return {"name": button.get("name"), "sub_button": [_clean(each) for each in below]}
    return {name: button[name] for name in _MEMBERS if button.get(name) not in (None, "")}


def _below(button: Mapping[str, Any]) -> Buttons:
    below = button.get("sub_button")
    return _list(below.get("list")) if isinstance(below, Mapping) else _list(below)


def _leaves(buttons: Buttons) -> Buttons:
    return [leaf for top in buttons for leaf in (_below(top) or [top])]


def _buttons(holder: object) -> Buttons:
    return _list(holder.get("button")) if isinstance(holder, Mapping) else []


def _for_tag(menu: Mapping[str, Any], tag: int | None) -> bool:
    """Whether a personalised menu is for those with ``tag``; WeChat has called it ``group_id`` before."""
    rule = menu.get("matchrule")
    named = (rule.get("tag_id") or rule.get("group_id")) if isinstance(rule, Mapping) else None
    return tag is not None and str(named) == str(tag)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
