"""Permission sets of official accounts, and which calls each covers (messaging.md B2.4).

The tables tell of few calls which set they need; the others are put where their page stands in the documentation.
"""

from __future__ import annotations

NAMES: dict[int, str] = {
    1: "消息管理",
    2: "用户管理",
    3: "账号服务",
    4: "网页服务",
    5: "微信小店",
    6: "多客服",
    7: "群发与通知",
    8: "微信卡券",
    9: "微信扫一扫",
    10: "微信连WIFI",
    11: "素材管理",
    12: "微信摇周边",
    13: "微信门店",
    15: "自定义菜单",
    19: "小程序客服消息",
    22: "城市服务接口",
    23: "广告管理",
    24: "开放平台账号管理",
    26: "微信电子发票",
    27: "快速注册小程序",
    33: "小程序管理",
}

MESSAGES = 1
"""The set that brings an account's messages and events to the component."""
MINI_MESSAGES = 19
"""The same for the customer messages of a mini program."""

COVER: tuple[tuple[str, frozenset[int]], ...] = (
    ("/cgi-bin/message/custom/", frozenset({MESSAGES, 6, MINI_MESSAGES, 100, 101})),
    ("/cgi-bin/message/template/", frozenset({7, 100, 101})),
    ("/cgi-bin/template/", frozenset({7, 100, 101})),
    ("/cgi-bin/user/", frozenset({2})),
    ("/cgi-bin/tags/", frozenset({2})),
    ("/cgi-bin/qrcode/", frozenset({3})),
    ("/cgi-bin/media/", frozenset({11})),
    ("/cgi-bin/poi/", frozenset({13})),
    ("/cgi-bin/menu/", frozenset({15})),
    ("/cgi-bin/get_current_selfmenu_info", frozenset({15})),
    ("/card/", frozenset({8})),
    ("/datacube/getcard", frozenset({8})),
)
"""(beginning of a path, any of these sets); what is not here needs no set."""


def covers(sets: list[int], path: str) -> bool:
    """Whether what was granted covers a call."""
    return all(wanted & set(sets) for beginning, wanted in COVER if path.startswith(beginning))


def func_info(sets: list[int]) -> list[dict[str, dict[str, int]]]:
    """Granted sets as the component calls print them."""
    return [{"funcscope_category": {"id": number}} for number in sets]
