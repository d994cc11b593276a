"""The two demo shops and the people of each; config/demo.toml holds the same constants."""

from __future__ import annotations

from bot.simulator.model import Person, Shop

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
DEMO_PERSONS: dict[str, tuple[Person, ...]] = {
    appid: tuple(Person(openid, name, role) for openid, (name, role) in zip(openids, PEOPLE, strict=True))
    for appid, openids in OPENIDS.items()
}
