"""The two demo shops and the people of each; config/demo.toml holds the same constants.

And a third-party platform, with an account that has no server of its own and may join it.
"""

from __future__ import annotations

from bot.simulator.model import Person, Shop
from bot.simulator.open_platform.model import Component

LAKESIDE = Shop(
    appid="wx0123456789abcdef",
    original_id="gh_0123456789ab",
    name="湖畔面馆",
    secret="7d1f0c9a5be24836a9c0d4e1f2b35768",  # noqa: S106 - of a shop that does not exist
    token="lakeside",  # noqa: S106
    encoding_aes_key="LakesideNoodles0demo0key0for0the0simulator8",
)
COFFEE = Shop(
    appid="wxfedcba9876543210",
    original_id="gh_ba9876543210",
    name="老街咖啡",
    secret="c4e8a1307f6b4d259be0317ac85f6d92",  # noqa: S106
    token="oldstreet",  # noqa: S106
    encoding_aes_key="OldStreetCoffee0demo0key0for0the0simulator8",
)
BOOKS = Shop(
    appid="wx5566778899aabbcc",
    original_id="gh_5566778899aa",
    name="巷口书店",
    secret="91b5d0e7a2c84f3688de5b17f0c3a642",  # noqa: S106
    token="books",  # noqa: S106
    encoding_aes_key="CornerBookstore0demo0key0for0the0simulator8",
)
"""Comes without a server and without operators."""
DEMO_COMPONENT = Component(
    appid="wx1234567890abcdef",
    secret="5e0b8f1d37c94a26b1d8e6f402a7c935",  # noqa: S106
    token="platform",  # noqa: S106
    encoding_aes_key="VoucherPlatform0demo0key0for0the0simulator8",
    name="卡券管家",
)
DEMO_SHOPS: tuple[Shop, ...] = (LAKESIDE, COFFEE)

PEOPLE = (("王芳", "owner"), ("张三", "manager"), ("李四", "clerk"), ("赵敏", "viewer"), ("小陈", "customer"))
OPENIDS: dict[str, tuple[str, ...]] = {
    LAKESIDE.appid: (
        "oLake0WangFang0owner00000001",
        "oLake0ZhangSan0manager000002",
        "oLake0LiSi0clerk000000000003",
        "oLake0ZhaoMin0viewer00000004",
        "oLake0XiaoChen0customer00005",
    ),
    COFFEE.appid: (
        "oCafe0WangFang0owner00000001",
        "oCafe0ZhangSan0manager000002",
        "oCafe0LiSi0clerk000000000003",
        "oCafe0ZhaoMin0viewer00000004",
        "oCafe0XiaoChen0customer00005",
    ),
}
BOOKS_OPENIDS = (
    "oBook0WangFang0owner00000001",
    "oBook0ZhangSan0manager000002",
    "oBook0LiSi0clerk000000000003",
    "oBook0ZhaoMin0viewer00000004",
    "oBook0XiaoChen0customer00005",
)
DEMO_PERSONS: dict[str, tuple[Person, ...]] = {
    appid: tuple(Person(openid, name, role) for openid, (name, role) in zip(openids, PEOPLE, strict=True))
    for appid, openids in OPENIDS.items()
}
BOOKS_PERSONS: tuple[Person, ...] = tuple(
    Person(openid, name, "customer") for openid, (name, _) in zip(BOOKS_OPENIDS, PEOPLE, strict=True)
)
