"""The accounts the full-network publication check uses (messaging.md B4)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.model import Shop
from bot.simulator.open_platform.sets import MINI_MESSAGES
from bot.simulator.world import World

KEY = "PublicationCheckOfTheOpenPlatform0000000000"


@dataclass(frozen=True)
class CheckedAccount:
    """One of WeChat's own accounts."""

    appid: str
    username: str
    mini_program: bool = False


@dataclass(frozen=True)
class Group:
    """A pair of them; the check picks one pair at random."""

    number: int
    official: CheckedAccount
    mini: CheckedAccount


def _group(number: int, appid: str, username: str, mini_appid: str, mini_username: str) -> Group:
    return Group(number, CheckedAccount(appid, username), CheckedAccount(mini_appid, mini_username, mini_program=True))


GROUPS: dict[int, Group] = {
    group.number: group
    for group in (
        _group(1, "wx570bc396a51b8ff8", "gh_3c884a361561", "wxd101a85aa106f53e", "gh_8dad206e9538"),
        _group(2, "wx9252c5e0bb1836fc", "gh_c0f28a78b318", "wxc39235c15087f6f3", "gh_905ae9d01059"),
        _group(3, "wx8e1097c5bc82cde9", "gh_3f222ed8d140", "wx7720d01d4b2a4500", "gh_393666f1fdf4"),
        _group(4, "wx14550af28c71a144", "gh_26128078e9ab", "wx05d483572dcd5d8b", "gh_39abb5d4e1b7"),
        _group(5, "wxa35b9c23cfe664eb", "gh_2b3713f184a6", "wx5910277cae6fd970", "gh_7818dcb60240"),
    )
}


def admit(world: World, account: CheckedAccount) -> Shop:
    """The account in the world; it stays there, but no page shows it."""
    known = world.shops.get(account.appid)
    return known or world.add_shop(
        Shop(
            appid=account.appid,
            original_id=account.username,
            name="全网发布检测",
            secret="0" * 32,
            token="check",  # noqa: S106 - it has no server
            encoding_aes_key=KEY,
            service_type=0 if account.mini_program else 2,
            mini_program=account.mini_program,
            of_wechat=True,
        )
    )


def sets_of(account: CheckedAccount, offered: tuple[int, ...]) -> list[int]:
    """What the account grants: all a component asks for of its kind."""
    return [MINI_MESSAGES] if account.mini_program else [one for one in offered if one != MINI_MESSAGES]
