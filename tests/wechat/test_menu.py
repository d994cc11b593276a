"""The operators' menu at WeChat: for those with our tag, while the shop's own stays as it was."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import WeChatRefused
from bot.merchants.menu_members import MenuMembers
from bot.merchants.people import SHELL, Role
from bot.simulator import Fault
from bot.simulator.menus import Buttons
from bot.wechat.menu import MenuNotPut
from config.menu import Button, parse
from tests.shop import Shop

OWN: Buttons = [
    {"type": "view", "name": "官网", "url": "https://example.cn", "sub_button": []},
    {"name": "服务", "sub_button": [
        {"type": "click", "name": "问一问", "key": "ask"},
        {"type": "miniprogram", "name": "点餐", "url": "https://a.cn", "appid": "wx1", "pagepath": "p"},
    ]},
]  # fmt: skip
OURS = [
    {"type": "click", "name": "统计", "key": "voucherbot:统计"},
    {"type": "scancode_waitmsg", "name": "核销扫码", "key": "voucherbot:scan"},
    {"name": "更多", "sub_button": [
        {"type": "click", "name": "今日", "key": "voucherbot:今日"},
        {"type": "click", "name": "卡券", "key": "voucherbot:卡券"},
        {"type": "click", "name": "帮助", "key": "voucherbot:帮助"},
    ]},
]  # fmt: skip
CREATE, ADD, DELETE = "/cgi-bin/menu/create", "/cgi-bin/menu/addconditional", "/cgi-bin/menu/delconditional"
TAG, UNTAG = "/cgi-bin/tags/members/batchtagging", "/cgi-bin/tags/members/batchuntagging"


def menu(shop: Shop) -> MenuMembers:
    return shop.app.services[shop.appid].menu


def names(shop: Shop, who: str) -> list[str]:
    return [button["name"] for button in shop.simulator.menu(shop.appid, getattr(shop, who).openid)]


async def test_a_menu_of_the_api_stays_untouched(shop: Shop) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    pushed, count = await menu(shop).push()

    assert (pushed.again, pushed.kept, count) == (False, True, 4)
    assert shop.calls(CREATE) == []
    (tag,) = shop.simulator.world.tags.of(shop.appid)
    (added,) = shop.calls(ADD)
    assert added.body == {"button": OURS, "matchrule": {"tag_id": str(tag.id)}}
    assert tag.name == "voucherbot"
    everybody = [shop.owner, shop.manager, shop.clerk, shop.viewer]
    assert sorted(tag.openids) == sorted(each.openid for each in everybody)
    assert names(shop, "clerk") == ["统计", "核销扫码", "更多"]
    assert names(shop, "customer") == ["官网", "服务"]


async def test_one_of_the_console_is_put_up_again_with_the_same_buttons(shop: Shop) -> None:
    shop.simulator.set_console_menu(shop.appid, OWN)
    pushed, _ = await menu(shop).push()

    assert (pushed.again, pushed.kept) == (True, True)
    (created,) = shop.calls(CREATE)
    assert created.body == {"button": [
        {"type": "view", "name": "官网", "url": "https://example.cn"},
        {"name": "服务", "sub_button": OWN[1]["sub_button"]},
    ]}  # fmt: skip
    assert names(shop, "customer") == ["官网", "服务"]


@pytest.mark.parametrize("kind", ["text", "news", "img", "video"])
async def test_what_only_the_console_can_make_stops_everything(shop: Shop, kind: str) -> None:
    console: Buttons = [{"name": "服务", "sub_button": [{"type": kind, "name": "电话", "value": "0571"}]}]
    shop.simulator.set_console_menu(shop.appid, console)
    with pytest.raises(MenuNotPut, match=rf'holds "电话" \({kind}\), expected'):
        await menu(shop).push()
    assert shop.calls(CREATE) == []
    assert shop.simulator.world.tags.of(shop.appid) == []
    assert names(shop, "customer") == ["服务"]


async def test_without_any_menu_one_is_asked_for(shop: Shop) -> None:
    with pytest.raises(MenuNotPut, match="has no menu for everybody, expected one"):
        await menu(shop).push()
    pushed, _ = await menu(shop).push([{"type": "view", "name": "官网", "url": "https://example.cn"}])
    assert pushed.kept
    assert names(shop, "customer") == ["官网"]


async def test_a_wechat_that_wants_no_default_menu_made_by_the_api_is_left_alone(shop: Shop) -> None:
    """Whether the console's menu is enough is not confirmed."""
    shop.simulator.set_console_menu(shop.appid, OWN)
    shop.simulator.world.menus.of(shop.appid).by = "api"
    shop.simulator.fault("/cgi-bin/menu/get", Fault(errcode=46003), times=None)
    pushed, _ = await menu(shop).push()
    assert (pushed.again, pushed.kept) == (False, True)
    assert shop.calls(CREATE) == []


async def test_pushed_again_it_replaces_itself_and_nothing_else(shop: Shop) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    shop.simulator.world.menus.add(shop.appid, OWN[:1], {"language": "en"})
    await menu(shop).push()
    await menu(shop).push()

    assert len(shop.simulator.world.tags.of(shop.appid)) == 1
    rules = [one.matchrule for one in shop.simulator.world.menus.of(shop.appid).conditional]
    assert len(rules) == 2
    assert rules[0] == {"language": "en"}
    assert [call.path for call in shop.calls() if call.path in (ADD, DELETE)] == [ADD, ADD, DELETE]


async def test_who_comes_and_goes(shop: Shop) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    assert not await menu(shop).sync(), "there is no menu yet"
    await menu(shop).push()
    assert not await menu(shop).sync(), "nobody came or went"
    people = shop.app.people(shop.appid)
    await people.remove(shop.clerk.openid, by=SHELL)
    code = await people.invite(people.all()[-1].role, "小陈", SHELL)
    await shop.customer.says(f"绑定 {code}")
    await people.unfollowed(shop.viewer.openid, 1_795_500_000)

    assert await menu(shop).sync()
    assert names(shop, "customer") == ["统计", "核销扫码", "更多"]
    assert names(shop, "clerk") == names(shop, "viewer") == ["官网", "服务"]
    assert [call.body["openid_list"] for call in shop.calls(TAG)][1:] == [[shop.customer.openid]]
    assert sorted(shop.calls(UNTAG)[0].body["openid_list"]) == sorted([shop.clerk.openid, shop.viewer.openid])


async def test_one_who_does_not_follow_does_not_keep_it_from_the_others(shop: Shop) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    await shop.app.people(shop.appid).add("oNobodyWhoFollows", Role.CLERK, "幽灵", by=SHELL)
    await menu(shop).push()
    assert names(shop, "clerk") == ["统计", "核销扫码", "更多"]
    assert len(shop.calls(TAG)) == 6


async def test_a_tag_that_somebody_deleted_ends_it(shop: Shop) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    await menu(shop).push()
    (tag,) = shop.simulator.world.tags.of(shop.appid)
    shop.simulator.world.tags.delete(shop.appid, tag.id)
    await shop.app.people(shop.appid).remove(shop.clerk.openid, by=SHELL)
    assert not await menu(shop).sync()
    assert not await menu(shop).sync()


async def test_removed_everybody_sees_the_shop_s_own(shop: Shop) -> None:
    shop.simulator.world.menus.put(shop.appid, OWN, by="api")
    assert not await menu(shop).remove()
    await menu(shop).push()
    assert next(iter((await menu(shop).seen()).ours.values()))[0]["name"] == "统计"
    assert await menu(shop).remove()
    assert names(shop, "clerk") == ["官网", "服务"]
    assert shop.simulator.world.tags.of(shop.appid) == []
    assert (await menu(shop).seen()).ours == {}
    assert not await menu(shop).sync()


async def test_an_account_without_the_right_is_told_so(shop: Shop) -> None:
    shop.simulator.fault("/cgi-bin/tags/get", Fault(errcode=48001))
    with pytest.raises(WeChatRefused, match="48001"):
        await menu(shop).push()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["统计"], 'has "统计", expected "name = command" or "parent / name = command"'),
        (["= 统计"], 'has "= 统计", expected "name = command" or "parent / name = command"'),
        (["a / = b"], 'has "a / = b", expected "name = command" or "parent / name = command"'),
        (["a = b", "a = c"], 'has "a" twice, expected a button once'),
        (["六个字的按钮 = 统计"], 'has the name "六个字的按钮" of 18 bytes, expected 16 at most'),
        ([f"a = {'x' * 101}"], f'has the command "{"x" * 101}" of 101 bytes, expected 100 at most'),
        (["a = b", "a / c = d"], 'has "a" with a command and with buttons below it, expected one of the two'),
        ([f"a / {n} = b" for n in range(6)], 'has more than 5 buttons below "a", expected 5 at most'),
        ([f"{n} = b" for n in range(4)], "has 4 buttons side by side, expected 3 at most"),
    ],
)
def test_a_setting_that_is_no_menu(entries: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=r"expected") as refusal:
        parse(entries)
    assert str(refusal.value) == said


def test_a_setting_in_order() -> None:
    given: Any = parse(["统计 = 统计 7天", "更多 / 今日 = 今日", "更多/走势=走势"])
    assert given == (
        Button("统计", "统计 7天"),
        Button("更多", below=(Button("今日", "今日"), Button("走势", "走势"))),
    )
