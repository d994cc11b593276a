"""WeChat's fourteen colours: sent by name, read back as hex, and asked for in words.

``card/update`` takes ``Color010``; ``card/get`` answers ``#63b359``. Older vouchers carry hex values of an older table,
so colours are compared by name and never by hex.
Source: "Create a Friend's Voucher", colour table; older hex values as printed in earlier editions of it.
"""

from __future__ import annotations

HEX: dict[str, str] = {
    "Color010": "#63b359",
    "Color020": "#2c9f67",
    "Color030": "#509fc9",
    "Color040": "#5885cf",
    "Color050": "#9062c0",
    "Color060": "#d09a45",
    "Color070": "#e4b138",
    "Color080": "#ee903c",
    "Color081": "#f08500",
    "Color082": "#a9d92d",
    "Color090": "#dd6549",
    "Color100": "#cc463d",
    "Color101": "#cf3e36",
    "Color102": "#5e6671",
}

OLD_HEX: dict[str, str] = {"#61ad40": "Color010", "#10ad61": "Color010"}
"""Values that older documents and vouchers carry."""

WORDS: dict[str, tuple[str, ...]] = {
    "Color010": ("绿色", "绿", "浅绿", "浅绿色", "green"),
    "Color020": ("深绿", "深绿色", "墨绿", "dark green"),
    "Color030": ("浅蓝", "浅蓝色", "天蓝", "天蓝色", "light blue"),
    "Color040": ("蓝色", "蓝", "blue"),
    "Color050": ("紫色", "紫", "purple"),
    "Color060": ("棕色", "棕", "土黄", "土黄色", "褐色", "brown"),
    "Color070": ("黄色", "黄", "金色", "yellow", "gold"),
    "Color080": ("橙色", "橙", "橘色", "橘黄", "orange"),
    "Color081": ("深橙", "深橙色", "dark orange"),
    "Color082": ("黄绿", "黄绿色", "嫩绿", "嫩绿色", "lime"),
    "Color090": ("橙红", "橙红色", "珊瑚色", "coral"),
    "Color100": ("红色", "红", "red"),
    "Color101": ("大红", "大红色", "深红", "深红色", "dark red"),
    "Color102": ("灰色", "灰", "深灰", "深灰色", "grey", "gray"),
}
"""What a shop calls each colour; the first word of a row is the one replies use in Chinese, the last in English."""

_NAMES: dict[str, str] = {
    **{name.lower(): name for name in HEX},
    **{value: name for name, value in HEX.items()},
    **OLD_HEX,
    **{word: name for name, words in WORDS.items() for word in words},
}


def color_name(text: str) -> str | None:
    """``Color010`` for ``Color010``, ``#63B359``, an older hex or a colour word; None for anything else."""
    return _NAMES.get(" ".join(text.lower().split()))
