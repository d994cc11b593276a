"""The menu calls, what each person sees, and taps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.simulator import Simulator
from tests.simulator.conftest import NOODLES, WANG, ZHANG, Api, ShopServer, new_shop
from tests.simulator.test_wallets import pushed

CREATE, GET, DELETE = "/cgi-bin/menu/create", "/cgi-bin/menu/get", "/cgi-bin/menu/delete"
CURRENT, ADD = "/cgi-bin/get_current_selfmenu_info", "/cgi-bin/menu/addconditional"
DEL, TRY = "/cgi-bin/menu/delconditional", "/cgi-bin/menu/trymatch"

CLICK = {"type": "click", "name": "今日面", "key": "today"}
VIEW = {"type": "view", "name": "菜单", "url": "http://a.example/menu"}
SCAN = {"type": "scancode_waitmsg", "name": "核销扫码", "key": "scan"}
TWO = [CLICK, {"name": "更多", "sub_button": [VIEW]}]


def full(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    """As menu/get prints them."""
    return [{"sub_button": []} | button for button in buttons]


@pytest.mark.parametrize("path", [CREATE, ADD])
@pytest.mark.parametrize(
    ("button", "errcode"),
    [
        ({}, 47001),
        ([CLICK] * 4, 40016),
        ([7], 47001),
        ([{"type": "click", "key": "k"}], 40018),
        ([CLICK | {"name": "面" * 6}], 40018),
        ([{"name": "a"}], 65308),
        ([CLICK | {"type": "fly"}], 40017),
        ([{"type": "click", "name": "a"}], 40019),
        ([CLICK | {"key": "k" * 129}], 40019),
        ([VIEW | {"url": ""}], 40020),
        ([VIEW | {"url": "h" * 1025}], 40020),
        ([{"type": "media_id", "name": "a"}], 40007),
        ([{"type": "article_id", "name": "a"}], 40097),
        ([{"name": "a", "sub_button": [CLICK] * 6}], 40023),
        ([{"name": "a", "sub_button": [CLICK | {"name": "面" * 21}]}], 40025),
        ([{"name": "a", "sub_button": [CLICK | {"type": "fly"}]}], 40024),
        ([{"name": "a", "sub_button": [CLICK | {"key": ""}]}], 40026),
        ([{"name": "a", "sub_button": [VIEW | {"url": ""}]}], 40027),
    ],
)
async def test_refuses_a_bad_menu(sim: Simulator, api: Api, path: str, button: Any, errcode: int) -> None:
    body = {"button": button, "matchrule": {"language": "zh_CN"}}
    if path == ADD and button == {}:
        errcode = 65307
    assert (await api.post(path, body))["errcode"] == errcode
    assert sim.menu(NOODLES, WANG) == []


async def test_without_a_menu(sim: Simulator, api: Api) -> None:
    assert (await api.post(CREATE, {}))["errcode"] == 40016
    assert (await api.get(GET))["errcode"] == 46003
    assert await api.get(CURRENT) == {"is_menu_open": 0, "selfmenu_info": {"button": []}}
    assert (await api.post(TRY, {"user_id": WANG}))["errcode"] == 46003
    with pytest.raises(ValueError, match="has no button"):
        await sim.tap_menu(NOODLES, WANG, "今日面")


async def test_a_menu_is_read_replaced_and_deleted(sim: Simulator, api: Api) -> None:
    assert await api.post(CREATE, {"button": TWO}) == {"errcode": 0, "errmsg": "ok"}
    assert await api.get(GET) == {"menu": {"button": [full(CLICK)[0], TWO[1]]}}
    assert await api.get(CURRENT) == {
        "is_menu_open": 1,
        "selfmenu_info": {"button": [CLICK, {"name": "更多", "sub_button": {"list": [VIEW]}}]},
    }
    await api.post(CREATE, {"button": [VIEW]})
    assert sim.menu(NOODLES, WANG) == full(VIEW)
    assert await api.get(DELETE) == {"errcode": 0, "errmsg": "ok"}
    assert (await api.get(GET))["errcode"] == 46003


async def test_a_menu_of_the_console_is_shown_but_not_the_apis(sim: Simulator, api: Api) -> None:
    words = {"type": "text", "name": "营业时间", "value": "10:00-22:00"}
    sim.set_console_menu(NOODLES, [words])

    assert (await api.get(CURRENT))["selfmenu_info"] == {"button": [words]}
    assert (await api.get(GET))["errcode"] == 46003
    body = {"button": [SCAN], "matchrule": {"language": "zh_CN"}}
    assert (await api.post(ADD, body))["errcode"] == 65303
    assert (await api.post(CREATE, {"button": [words]}))["errcode"] == 40017


@pytest.mark.parametrize(
    ("rule", "errcode"),
    [(None, 65304), ({}, 65304), ({"tag_id": ""}, 65304), ({"tag_id": "100"}, 45159), ({"tag_id": 1, "x": 1}, 40097)],
)
async def test_refuses_a_bad_rule(api: Api, rule: Any, errcode: int) -> None:
    await api.post(CREATE, {"button": [CLICK]})
    assert (await api.post(ADD, {"button": [SCAN], "matchrule": rule}))["errcode"] == errcode


async def test_a_personalised_menu_is_for_its_tag_until_it_is_taken_away(sim: Simulator, api: Api) -> None:
    await api.post(CREATE, {"button": [CLICK]})
    tag = (await api.post("/cgi-bin/tags/create", {"tag": {"name": "店员"}}))["tag"]["id"]
    made = await api.post(ADD, {"button": [SCAN], "matchrule": {"tag_id": str(tag)}})
    assert set(made) == {"menuid"}
    await api.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [WANG], "tagid": tag})

    assert (sim.menu(NOODLES, WANG), sim.menu(NOODLES, ZHANG)) == (full(SCAN), full(CLICK))
    assert (await api.post(TRY, {"user_id": WANG})) == {"button": full(SCAN)}
    assert (await api.post(TRY, {"user_id": "oNobody"}))["errcode"] == 65302
    shown = await api.get(GET)
    (entry,) = shown["conditionalmenu"]
    assert entry == {"button": full(SCAN), "matchrule": {"tag_id": str(tag)}, "menuid": int(made["menuid"])}
    assert "menuid" in shown["menu"]

    await api.post(CREATE, {"button": [VIEW]})
    assert (sim.menu(NOODLES, WANG), sim.menu(NOODLES, ZHANG)) == (full(SCAN), full(VIEW))
    newer = (await api.post(ADD, {"button": [VIEW, SCAN], "matchrule": {"tag_id": tag}}))["menuid"]
    assert sim.menu(NOODLES, WANG) == full(VIEW, SCAN)
    assert (await api.post(DEL, {"menuid": newer}))["errcode"] == 0
    assert (await api.post(DEL, {"menuid": newer}))["errcode"] == 65301
    assert sim.menu(NOODLES, WANG) == full(SCAN)
    await api.get(DELETE)
    assert sim.menu(NOODLES, WANG) == []


async def test_rules_for_phones_the_simulator_has_not_match_nobody(sim: Simulator, api: Api) -> None:
    await api.post(CREATE, {"button": [CLICK]})
    for rule in ({"client_platform_type": "1"}, {"language": "en"}):
        await api.post(ADD, {"button": [SCAN], "matchrule": rule})
    assert sim.menu(NOODLES, WANG) == full(CLICK)
    await api.post(ADD, {"button": [SCAN], "matchrule": {"client_platform_type": "3"}})
    assert sim.menu(NOODLES, WANG) == full(SCAN)
    await sim.unfollow(NOODLES, WANG)
    assert sim.menu(NOODLES, WANG) == []


async def test_taps_are_pushed_and_open_the_menus_window(sim: Simulator, server: ShopServer, api: Api) -> None:
    await api.post(CREATE, {"button": TWO})
    await sim.tap_menu(NOODLES, WANG, "今日面")
    assert pushed(server) == {"FromUserName": WANG, "Event": "CLICK", "EventKey": "today"}
    assert sim.world.people.window(NOODLES, WANG)[0] == 3

    await sim.tap_menu(NOODLES, WANG, "菜单")
    assert pushed(server) == {"FromUserName": WANG, "Event": "VIEW", "EventKey": VIEW["url"]}


async def test_menus_and_tags_outlive_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    tag = first.world.tags.create(NOODLES, "店员")
    first.world.menus.put(NOODLES, [CLICK], by="api")
    first.world.menus.add(NOODLES, [SCAN], {"tag_id": tag.id})
    kept = first.world.menus.of(NOODLES)
    await first.stop()

    second = Simulator(tmp_path)
    assert second.world.menus.of(NOODLES) == kept
    assert second.world.tags.of(NOODLES) == [tag]
    await second.stop()
