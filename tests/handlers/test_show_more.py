"""more: a long answer in parts of at most 2,000 bytes, each shown once."""

from __future__ import annotations

import time_machine

from bot.merchants.answers import MOST_KEPT, Part
from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.store import Store
from tests.dispatch.test_repeats import MANAGER, asked_by, carried_on, left_undone
from tests.shop import Shop


async def test_nothing_more(shop: Shop) -> None:
    assert await shop.viewer.says("继续") == "没有更多内容了"
    await shop.speaks_english()
    assert await shop.viewer.says("more") == "There is nothing more to show."


async def test_a_long_answer_comes_in_parts_that_lose_nothing(shop: Shop) -> None:
    people = shop.app.people(shop.appid)
    names = [f"临时帮忙的店员第{number}号" for number in range(100)]
    for number, name in enumerate(names):
        await people.add(f"oTemp{number:023d}", Role.CLERK, name, by=SHELL)
    texts = [await shop.owner.says("成员")]
    assert texts[0].endswith("发送「继续」接着看")
    while "发送「继续」接着看" in texts[-1]:
        texts.append(await shop.owner.says("继续"))
    assert all(len(text.encode()) <= 2_000 for text in texts)
    assert [sum(name in text for text in texts) for name in names] == [1] * 100
    assert await shop.owner.says("继续") == "没有更多内容了"


async def test_a_part_whose_process_died_is_shown_by_whoever_carries_on(
    shop: Shop, store: Store, clock: time_machine.Traveller
) -> None:
    answers = shop.app.services[shop.appid].answers
    await shop.manager.says("取消")
    push = asked_by("manager", "继续")
    await answers.leave(push.openid, ["第一段", "第二段"])
    assert await answers.next_part(push.openid, push.identity) == Part("第一段", 1)
    await left_undone(shop, store, push)
    clock.shift(5)
    await carried_on(shop)

    assert shop.manager.reads() == ["第一段\n\n还有 1 段，发送「继续」接着看"]
    assert await shop.manager.says("继续") == "第二段"
    assert await shop.manager.says("继续") == "没有更多内容了"


async def test_what_waits_takes_the_place_of_no_part(shop: Shop) -> None:
    answers = shop.app.services[shop.appid].answers
    parts = [f"第{number}段" + "文" * 600 for number in range(3)]
    await answers.leave(MANAGER, parts)
    await answers.keep(MANAGER, "已核销" + "券" * 200, answer=True)
    texts = [await shop.manager.says("继续") for _ in range(4)]

    assert [text[:3] for text in texts[:3]] == ["第0段", "第1段", "第2段"]
    assert [sum(part in text for text in texts) for part in parts] == [1, 1, 1]
    assert "".join(texts).count("券") == 200
    assert texts[0].endswith("还有 2 段，发送「继续」接着看")
    assert await shop.manager.says("继续") == "没有更多内容了"


async def test_what_waits_comes_along_where_there_is_room(shop: Shop) -> None:
    answers = shop.app.services[shop.appid].answers
    await answers.leave(MANAGER, ["第一段", "第二段"])
    await answers.keep(MANAGER, "已核销", answer=True)
    assert await shop.manager.says("继续") == (
        "第一段\n\n还有 1 段，发送「继续」接着看\n\n—— 1 条回复在等你 ——\n已核销"
    )
    assert await shop.manager.says("继续") == "第二段"


async def test_many_notices_push_no_answer_out(shop: Shop) -> None:
    """Of what waits the oldest goes once there is too much, but what somebody asked for goes last."""
    answers = shop.app.services[shop.appid].answers
    await answers.keep(MANAGER, "已核销", answer=True)
    for number in range(MOST_KEPT + 2):
        await answers.keep(MANAGER, f"通知{number}")
    texts = [each.text for each in await answers.kept(MANAGER)]
    assert texts == ["已核销", *(f"通知{number}" for number in range(3, MOST_KEPT + 2))]
    for number in range(MOST_KEPT + 2):
        await answers.keep(MANAGER, f"回复{number}", answer=True)
    texts = [each.text for each in await answers.kept(MANAGER)]
    assert texts == [f"回复{number}" for number in range(2, MOST_KEPT + 2)]
