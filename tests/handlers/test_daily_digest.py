"""digest: how it is turned on and off, what comes and when, and what is kept for whoever cannot be reached."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from bot.merchants.people import SHELL
from bot.merchants.roles import Role
from bot.simulator import Fault, Simulator, cash_voucher
from bot.stats.figures import Source
from bot.store import Store
from tests.dispatch.bots import another_bot
from tests.handlers.test_daily_stats import API, a_saturday, claimed_and_redeemed, counted
from tests.shop import PEOPLE, Shop, open_shop

TAP = '<a href="weixin://bizmsgmenu?msgmenucontent=统计7天&msgmenuid=1">看最近 7 天</a>'
GO_ON = f"{TAP} · 回复任意一句话，48 小时内的日报都能送到"
TAP_IN_ENGLISH = '<a href="weixin://bizmsgmenu?msgmenucontent=stats7d&msgmenuid=1">The last 7 days</a>'
GO_ON_IN_ENGLISH = f"{TAP_IN_ENGLISH} · answer with any word and the digest reaches you for 48 hours"
USUAL = (
    "微信一般上午 8–10 点（北京时间）给出昨天的数字；没给就等，最晚 12:00 告诉你\n"
    "超过 48 小时没发过消息就送不到，只留最新一份，等你发消息时显示\n"
    "「日报 9:30」改时间 · 「日报 关」停掉"
)


async def looks_at(shop: Shop, clock: time_machine.Traveller, moment: str) -> list[str]:
    """What the viewer is sent when the bot looks at ``moment`` (of UTC+8 unless it says otherwise)."""
    clock.move_to(moment if moment[-6] in "+-" else f"{moment}:00+08:00")
    await shop.app.scheduler.look()
    return shop.viewer.reads()


def every_day_counts(shop: Shop, first: date, days: int) -> None:
    """Redemptions on each day: the number of the day."""
    for number in range(days):
        day = first + timedelta(days=number)
        shop.simulator.set_figures(shop.appid, None, day.isoformat(), API, {"verify_cnt": day.day, "view_cnt": 100})


# What is said about it


async def test_it_is_off_until_somebody_wants_it(shop: Shop, clock: time_machine.Traveller) -> None:
    a_saturday(shop)

    assert await shop.viewer.says("日报") == (
        "日报没有开\n「日报 开」每天 10:00 收到昨天的统计 · 「日报 开 9:30」换个时间"
    )
    assert await shop.viewer.says("日报 关") == "日报本来就没有开\n「日报 开 10:00」打开"
    assert await looks_at(shop, clock, "2026-11-22T23:00") == []
    await shop.speaks_english()
    assert await shop.viewer.says("digest") == (
        'The digest is off\n"digest on" for yesterday\'s figures every day at 10:00 · "digest on 9:30" for another time'
    )
    assert await shop.viewer.says("digest off") == 'The digest was off already\n"digest on 10:00" turns it on'


async def test_customers_get_none(shop: Shop) -> None:
    assert await shop.customer.says("日报 开") == ""


async def test_on_and_off(shop: Shop) -> None:
    assert await shop.viewer.says("日报 开") == (
        f"✅ 日报每天 10:00 发给你（北京时间）\n下一份：11月23日 10:00\n{USUAL}"
    )
    assert await shop.viewer.says("日报") == f"日报每天 10:00 发给你（北京时间）\n下一份：11月23日 10:00\n{USUAL}"
    assert await shop.viewer.says("日报 9：30") == (
        f"✅ 日报每天 09:30 发给你（北京时间）\n下一份：11月23日 09:30\n{USUAL}"
    )
    assert (await shop.viewer.says("日报 开")).startswith("✅ 日报每天 09:30 发给你"), "the time stays"
    assert await shop.viewer.says("日报 关") == "✅ 日报已关，不再发了\n「日报 开 09:30」重新打开"
    assert await shop.viewer.says("日报 关") == "日报本来就没有开\n「日报 开 10:00」打开"


async def test_on_and_off_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    assert await shop.viewer.says("digest on 23:50") == (
        "✅ The digest comes every day at 23:50 (Beijing time)\n"
        "Next: 23:50\n"
        "WeChat's figures of yesterday usually come at 8–10, Beijing time; "
        "the digest waits for them, until 01:50 at most\n"
        "After 48 hours without a message of yours it cannot reach you: the newest one is kept for your next message\n"
        '"digest 9:30" for another time · "digest off" to stop'
    )
    assert await shop.viewer.says("digest off") == (
        '✅ The digest is off and comes no more\n"digest on 23:50" turns it on again'
    )


async def test_help_shows_how_it_is_written(shop: Shop) -> None:
    assert await shop.viewer.says("帮助 日报") == (
        "日报 [开 [几点] | 关]\n每天把昨天的统计发给我，不写几点就是 10:00\n例：日报 开 9:30"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("help digest") == (
        "digest [on [time] | off]\n"
        "yesterday's figures to me every day, at 10:00 unless a time is given\n"
        "Example: digest on 9:30"
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("日报 25:00", "「25:00」不是时间，这里要写几点几分，如 9:30\n例：日报 开 9:30"),
        ("日报 开 24点", "「24点」不是时间，这里要写几点几分，如 9:30\n例：日报 开 9:30"),
        ("日报 每天", "没看懂「每天」。写法：日报 [开 [几点] | 关]\n例：日报 开 9:30"),
        ("日报 开 关", "没看懂「关」。写法：日报 [开 [几点] | 关]\n例：日报 开 9:30"),
    ],
)
async def test_what_is_no_time_changes_nothing(shop: Shop, text: str, answer: str) -> None:
    assert await shop.viewer.says(text) == answer
    assert (await shop.viewer.says("日报")).startswith("日报没有开")


async def test_what_is_no_time_in_english(shop: Shop) -> None:
    await shop.speaks_english()

    assert await shop.viewer.says("digest on 25:00") == (
        '"25:00" cannot be a time of day; write hours and minutes such as 9:30\nExample: digest on 9:30'
    )


@pytest.mark.parametrize(
    "text",
    [
        "日报 开 9:30",
        "日报9点半",
        "日报开九点半",
        "日报 打开 09：30",
        "日报 9:30 开",
        "digest on 9:30am",
        "Digest 0930",
    ],
)
async def test_ways_to_choose_a_time(shop: Shop, text: str) -> None:
    assert (await shop.viewer.says(text)).startswith("✅ 日报每天 09:30 发给你")


@pytest.mark.parametrize("text", ["日报关", "日报 关闭", "日报 关掉", "digest off", "日报 关 9点"])
async def test_ways_to_turn_it_off(shop: Shop, text: str) -> None:
    await shop.viewer.says("日报 开")

    assert (await shop.viewer.says(text)).startswith("✅ 日报已关")


async def test_an_account_that_cannot_send_says_so(simulator: Simulator, store: Store, redis_server: str) -> None:
    async with open_shop(simulator, redis_server, account={"customer_service": False}) as shop:
        assert (await shop.viewer.says("日报 开")).split("\n")[3] == (
            "本账号不能主动发消息：只留最新一份，等你发消息时显示"
        )
        await shop.speaks_english()
        assert (await shop.viewer.says("digest")).split("\n")[3] == (
            "This account cannot send messages by itself: the newest one is kept for your next message"
        )


# What comes


async def test_it_comes_once_at_its_time(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    assert "下一份：10:00\n" in await shop.viewer.says("日报 开")

    assert await looks_at(shop, clock, "2026-11-22T09:59") == []
    assert await looks_at(shop, clock, "2026-11-22T10:00") == [
        "昨日 11月21日（周六）\n"
        "核销 54 张，比前一天多 12 张 ▲\n"
        "浏览 850 · 领取 186 · 核销 54\n"
        "领取率 22% · 核销率 29%\n"
        "最好：春节券 31 张\n"
        "微信后台 40 · 接口 14（核销）\n"
        "机器人自己这天一张也没数到（没有收到领取和核销的推送）\n"
        f"{GO_ON}"
    ]
    for moment in ("10:01", "10:06", "12:00", "23:59"):
        assert await looks_at(shop, clock, f"2026-11-22T{moment}") == [], moment
    assert "下一份：11月23日 10:00\n" in await shop.viewer.says("日报")


async def test_it_comes_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.speaks_english()
    await shop.viewer.says("digest on")

    assert await looks_at(shop, clock, "2026-11-22T10:00") == [
        "Yesterday, Sat 21 Nov\n"
        "Redeemed 54, 12 more than the day before ▲\n"
        "Viewed 850 · claimed 186 · redeemed 54\n"
        "Claim rate 22% · redemption rate 29%\n"
        "Best voucher: 春节券, 31\n"
        "Console 40 · API 14 (redeemed)\n"
        "The bot itself counted none that day (no pushes of claims or redemptions came)\n"
        f"{GO_ON_IN_ENGLISH}"
    ]


@pytest.mark.parametrize(("text", "first_line"), [("统计7天", "最近 7 天"), ("stats7d", "最近 7 天")])
async def test_what_is_tapped_is_a_command(shop: Shop, text: str, first_line: str) -> None:
    a_saturday(shop)

    assert (await shop.viewer.says(text, bizmsgmenuid="1")).startswith(first_line)


async def test_each_gets_it_at_their_own_time_and_wechat_is_asked_once(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开 10:00")
    await shop.clerk.says("日报 开 10:00")
    await shop.owner.says("日报 开 10:30")
    shop.simulator.clear_calls()

    assert len(await looks_at(shop, clock, "2026-11-22T10:00")) == 1
    assert len(shop.clerk.reads()) == 1
    assert shop.owner.reads() == []
    assert len(shop.calls("getcardbizuininfo")) == 2, "two sources"
    assert await looks_at(shop, clock, "2026-11-22T10:30") == []
    assert len(shop.owner.reads()) == 1


async def test_each_voucher_is_read_once_however_many_are_told(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    for person in (shop.viewer, shop.clerk, shop.owner):
        await person.says("日报 开")
    shop.simulator.clear_calls()

    [text] = await looks_at(shop, clock, "2026-11-22T10:00")

    assert "\n最好：春节券 31 张\n" in text
    assert [len(person.reads()) for person in (shop.clerk, shop.owner)] == [1, 1]
    assert len(shop.calls("card/get")) == 2, "two vouchers"


async def test_the_shelf_is_not_read_for_what_is_not_told_yet(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开")
    await looks_at(shop, clock, "2026-11-22T09:59")  # other things are due as well
    shop.simulator.clear_calls()

    for moment, told in (("10:00", 0), ("10:15", 0), ("12:00", 1)):
        shop.simulator.fault("getcardbizuininfo", Fault(errcode=61503))  # one source has come, the other is late
        assert len(await looks_at(shop, clock, f"2026-11-22T{moment}")) == told, moment
        assert len(shop.calls("card/batchget")) == told, moment


@pytest.mark.parametrize("empty", [False, True], ids=["61503", "an empty list"])
async def test_it_waits_for_the_figures(shop: Shop, clock: time_machine.Traveller, empty: bool) -> None:
    shop.simulator.readings.not_ready_is_empty = empty
    shop.simulator.readings.data_ready_hour = 11
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开")

    for moment in ("10:00", "10:15", "10:59"):
        assert await looks_at(shop, clock, f"2026-11-22T{moment}") == [], moment
    assert "今天的一份：数字一到就发\n" in await shop.viewer.says("日报")
    assert len(await looks_at(shop, clock, "2026-11-22T11:00")) == 1
    assert await looks_at(shop, clock, "2026-11-22T12:00") == []


async def test_that_it_waits_is_said_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.simulator.readings.data_ready_hour = 11
    await shop.speaks_english()
    clock.move_to("2026-11-22T09:00:00+08:00")
    await shop.viewer.says("digest on")
    await looks_at(shop, clock, "2026-11-22T10:00")

    assert "Today's comes as soon as there are figures\n" in await shop.viewer.says("digest")


async def test_an_early_one_asks_when_wechat_has_counted(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-21T23:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开 2:00")
    await looks_at(shop, clock, "2026-11-22T02:00")
    shop.simulator.clear_calls()

    for hour in range(3, 8):
        assert await looks_at(shop, clock, f"2026-11-22T0{hour}:00") == []
    assert shop.calls("getcardbizuininfo") == []
    assert len(await looks_at(shop, clock, "2026-11-22T08:00")) == 1


async def test_what_is_not_there_by_noon_is_told(shop: Shop, clock: time_machine.Traveller) -> None:
    shop.simulator.readings.data_ready_hour = 13
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开 9:30")
    await shop.clerk.says("日报 开 9:30")
    await shop.clerk.says("language en")

    for moment in ("09:30", "10:30", "11:45", "11:59"):
        assert await looks_at(shop, clock, f"2026-11-22T{moment}") == [], moment
    assert await looks_at(shop, clock, "2026-11-22T12:00") == [
        f"⏳ 11月21日（周六）的日报：等到现在，微信还没给出数字\n过一会儿再看：「统计 2026-11-21」\n{GO_ON}"
    ]
    assert shop.clerk.reads() == [
        "⏳ Digest of Sat 21 Nov: until now WeChat has given no figures\n"
        f"Look again later: stats 2026-11-21\n{GO_ON_IN_ENGLISH}"
    ]
    assert await looks_at(shop, clock, "2026-11-22T13:30") == []


@pytest.mark.parametrize(
    ("trouble", "told", "english"),
    [
        (
            "late",
            "⏳ 11月21日（周六）的日报：等到现在，微信还没给出数字\n机器人自己数到：核销 2 张，领取 3 张\n"
            f"过一会儿再看：「统计 2026-11-21」\n{GO_ON}",
            "⏳ Digest of Sat 21 Nov: until now WeChat has given no figures\n"
            "The bot's own count: redeemed 2, claimed 3\n"
            f"Look again later: stats 2026-11-21\n{GO_ON_IN_ENGLISH}",
        ),
        (
            "empty",
            "11月21日（周六）的日报：没有数据\n等到现在微信也没有返回数据\n机器人自己数到：核销 2 张，领取 3 张\n"
            f"{GO_ON}",
            "Digest of Sat 21 Nov: no data\nUntil now WeChat has sent nothing at all\n"
            f"The bot's own count: redeemed 2, claimed 3\n{GO_ON_IN_ENGLISH}",
        ),
        (
            "away",
            "⚠️ 11月21日（周六）的日报：等到现在，没有从微信取到数字\n机器人自己数到：核销 2 张，领取 3 张\n"
            f"过一会儿再看：「统计 2026-11-21」\n{GO_ON}",
            "⚠️ Digest of Sat 21 Nov: until now no figures could be had from WeChat\n"
            "The bot's own count: redeemed 2, claimed 3\n"
            f"Look again later: stats 2026-11-21\n{GO_ON_IN_ENGLISH}",
        ),
    ],
)
async def test_without_wechats_figures_the_bot_tells_what_it_counted_itself(
    shop: Shop, clock: time_machine.Traveller, trouble: str, told: str, english: str
) -> None:
    clock.move_to("2026-11-21T12:00:00+08:00")
    await claimed_and_redeemed(shop)
    if trouble == "late":
        shop.simulator.readings.data_ready_hour = 13
    elif trouble == "away":
        shop.simulator.fault("getcardbizuininfo", Fault(http_status=502, html=True), times=None)
    for source in Source:
        shop.simulator.set_figures(shop.appid, None, "2026-11-21", source, None)
    clock.move_to("2026-11-22T09:00:00+08:00")
    await shop.viewer.says("日报 开 9:30")
    await shop.clerk.says("日报 开 9:30")
    await shop.clerk.says("language en")

    assert await looks_at(shop, clock, "2026-11-22T12:00") == [told]
    assert shop.clerk.reads() == [english]


async def test_a_day_on_which_nothing_happened_is_told(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.viewer.says("日报 开 15:00")
    await shop.clerk.says("日报 开 15:00")
    await shop.clerk.says("language en")

    assert await looks_at(shop, clock, "2026-11-22T15:00") == []
    assert await looks_at(shop, clock, "2026-11-22T16:59") == []
    assert await looks_at(shop, clock, "2026-11-22T17:00") == [
        f"11月21日（周六）的日报：没有数据\n等到现在微信也没有返回数据，多半这天没有人看、领、用券\n{GO_ON}"
    ]
    assert shop.clerk.reads() == [
        "Digest of Sat 21 Nov: no data\n"
        "Until now WeChat has sent nothing at all: most likely nobody viewed, claimed or redeemed\n"
        f"{GO_ON_IN_ENGLISH}"
    ]


async def test_wechat_away_is_waited_for_and_then_told(shop: Shop, clock: time_machine.Traveller) -> None:
    a_saturday(shop)
    await shop.viewer.says("日报 开 15:00")
    await shop.clerk.says("日报 开 15:00")
    await shop.clerk.says("language en")
    shop.simulator.fault("getcardbizuininfo", Fault(http_status=502, html=True), times=None)

    assert await looks_at(shop, clock, "2026-11-22T15:00") == []
    assert await looks_at(shop, clock, "2026-11-22T17:00") == [
        f"⚠️ 11月21日（周六）的日报：等到现在，没有从微信取到数字\n过一会儿再看：「统计 2026-11-21」\n{GO_ON}"
    ]
    assert shop.clerk.reads() == [
        "⚠️ Digest of Sat 21 Nov: until now no figures could be had from WeChat\n"
        f"Look again later: stats 2026-11-21\n{GO_ON_IN_ENGLISH}"
    ]


async def test_wechat_back_in_time_and_nobody_notices(shop: Shop, clock: time_machine.Traveller) -> None:
    a_saturday(shop)
    await shop.viewer.says("日报 开 15:00")
    shop.simulator.fault("getcardbizuininfo", Fault(http_status=502, html=True), times=None)
    assert await looks_at(shop, clock, "2026-11-22T15:00") == []
    shop.simulator.clear_faults()

    assert [text.split("\n")[0] for text in await looks_at(shop, clock, "2026-11-22T15:15")] == [
        "昨日 11月21日（周六）"
    ]


# Who cannot be reached


async def test_only_the_newest_is_kept(shop: Shop, clock: time_machine.Traveller) -> None:
    every_day_counts(shop, date(2026, 11, 20), 10)
    await shop.viewer.says("日报 开")
    assert len(await looks_at(shop, clock, "2026-11-23T10:00")) == 1
    assert len(await looks_at(shop, clock, "2026-11-24T10:00")) == 1
    for day in (25, 26, 27):
        assert await looks_at(shop, clock, f"2026-11-{day}T10:00") == []

    assert (await shop.viewer.says("日报 关")).split("\n\n", 1)[1] == (
        "—— 之前没能送达的 1 条 ——\n"
        "昨日 11月26日（周四）\n"
        "核销 26 张，比前一天多 1 张 ▲\n"
        "浏览 100 · 领取 0 · 核销 26\n"
        "领取率 0%\n"
        "微信后台 0 · 接口 26（核销）\n"
        "机器人自己这天一张也没数到（没有收到领取和核销的推送）\n"
        f"{GO_ON}"
    )
    assert "没能送达" not in await shop.viewer.says("日报")


async def test_other_notices_are_kept_beside_it(shop: Shop, clock: time_machine.Traveller) -> None:
    every_day_counts(shop, date(2026, 11, 20), 10)
    await shop.viewer.says("日报 开")
    clock.move_to("2026-11-25T09:00:00+08:00")
    answers = shop.app.services[shop.appid].answers
    await answers.keep(shop.viewer.openid, "第一条", "第二条")
    await looks_at(shop, clock, "2026-11-25T10:00")
    await answers.keep(shop.viewer.openid, "第三条")
    await looks_at(shop, clock, "2026-11-26T10:00")

    kept = [each.text.split("\n")[0] for each in await answers.kept(shop.viewer.openid)]
    assert kept == ["第一条", "第二条", "第三条", "昨日 11月25日（周三）"]


async def test_an_account_that_cannot_send_keeps_it(
    simulator: Simulator, clock: time_machine.Traveller, store: Store, redis_server: str
) -> None:
    async with open_shop(simulator, redis_server, account={"customer_service": False}) as shop:
        every_day_counts(shop, date(2026, 11, 20), 10)
        await shop.viewer.says("日报 开")
        assert await looks_at(shop, clock, "2026-11-23T10:00") == []

        assert (await shop.viewer.says("日报 关")).endswith("\n「统计 7天」看最近 7 天 · 「日报 关」停掉")
        await looks_at(shop, clock, "2026-11-24T10:00")
        await shop.viewer.says("language en")
        await shop.viewer.says("digest on")
        await looks_at(shop, clock, "2026-11-25T10:00")
        assert (await shop.viewer.says("digest off")).endswith(
            "\nThe last 7 days: stats 7d · no more of these: digest off"
        )


# Once a day


@pytest.mark.parametrize(
    ("changes", "told_at"),
    [
        ([("13:00", "日报 开 10:00")], []),
        ([("09:00", "日报 开 10:00")], ["10:00"]),
        ([("09:00", "日报 开 10:00"), ("10:30", "日报 开 11:00")], ["10:00"]),
        ([("09:00", "日报 开 10:00"), ("10:30", "日报 开 9:00")], ["10:00"]),
        ([("09:00", "日报 开 10:00"), ("10:30", "日报 关"), ("10:35", "日报 开 11:00")], ["10:00"]),
        ([("09:00", "日报 开 10:00"), ("09:30", "日报 开 11:00")], ["11:00"]),
        ([("09:00", "日报 开 10:00"), ("09:30", "日报 关")], []),
        ([("09:00", "日报 开 10:00"), ("09:30", "日报 关"), ("09:40", "日报 开 9:00")], []),
        ([("09:00", "日报 开 11:00"), ("10:01", "日报 开 10:00")], ["10:15"]),
        ([("13:00", "日报 开 10:00"), ("13:05", "日报 开 9:00")], []),
        ([("13:00", "日报 开 10:00"), ("13:05", "日报 开 14:00")], ["14:00"]),
    ],
)
async def test_changing_ones_mind_never_makes_two_of_a_day(
    shop: Shop, clock: time_machine.Traveller, changes: list[tuple[str, str]], told_at: list[str]
) -> None:
    a_saturday(shop)
    told = []
    for quarter in range(8 * 4, 24 * 4):
        moment = f"{quarter // 4:02}:{quarter % 4 * 15:02}"
        while changes and changes[0][0] <= moment:
            at, text = changes.pop(0)
            clock.move_to(f"2026-11-22T{at}:00+08:00")
            await shop.viewer.says(text)
        told += [moment] * len(await looks_at(shop, clock, f"2026-11-22T{moment}"))

    assert told == told_at


async def test_who_left_and_came_back_is_asked_anew(shop: Shop, clock: time_machine.Traveller) -> None:
    every_day_counts(shop, date(2026, 11, 20), 10)
    await shop.viewer.says("日报 开")
    openid, name = PEOPLE["viewer"]
    await shop.app.people(shop.appid).remove(openid, by=SHELL)
    assert await looks_at(shop, clock, "2026-11-23T10:00") == []

    await shop.app.people(shop.appid).add(openid, Role.VIEWER, name, by=SHELL)
    assert await looks_at(shop, clock, "2026-11-24T10:00") == []
    assert (await shop.viewer.says("日报")).startswith("日报没有开")


async def test_an_outage_is_made_up_for_on_the_same_day_only(shop: Shop, clock: time_machine.Traveller) -> None:
    every_day_counts(shop, date(2026, 11, 20), 10)
    await shop.viewer.says("日报 开")

    [late] = await looks_at(shop, clock, "2026-11-23T23:59")
    assert late.startswith("昨日 11月22日")
    await shop.viewer.says("我")
    assert await looks_at(shop, clock, "2026-11-25T00:00") == [], "nobody looked on the 24th"
    [next_one] = await looks_at(shop, clock, "2026-11-25T10:00")
    assert next_one.startswith("昨日 11月24日")


@pytest.mark.parametrize(("looked", "told"), [("00:01", ["11月21日（周六）"]), ("00:15", [])])
async def test_one_due_at_the_last_minute_needs_no_look_within_that_minute(
    shop: Shop, clock: time_machine.Traveller, looked: str, told: list[str]
) -> None:
    every_day_counts(shop, date(2026, 11, 20), 10)
    await shop.viewer.says("日报 开 23:59")
    assert await looks_at(shop, clock, "2026-11-22T23:58") == []

    assert [text.split("\n")[0] for text in await looks_at(shop, clock, f"2026-11-23T{looked}")] == told
    assert await looks_at(shop, clock, "2026-11-23T00:20") == []
    [next_one] = await looks_at(shop, clock, "2026-11-23T23:59")
    assert next_one.startswith("昨日 11月22日")


async def test_one_that_was_begun_is_told_after_midnight(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.viewer.says("日报 开 23:50")
    assert await looks_at(shop, clock, "2026-11-22T23:50") == []
    assert await looks_at(shop, clock, "2026-11-23T00:30") == []

    assert await looks_at(shop, clock, "2026-11-23T01:50") == [
        f"11月21日（周六）的日报：没有数据\n等到现在微信也没有返回数据，多半这天没有人看、领、用券\n{GO_ON}"
    ]
    every_day_counts(shop, date(2026, 11, 22), 1)
    assert [text[:9] for text in await looks_at(shop, clock, "2026-11-23T23:50")] == ["昨日 11月22日"]


async def test_one_that_was_begun_is_dropped_long_after(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.viewer.says("日报 开 23:50")
    assert await looks_at(shop, clock, "2026-11-22T23:50") == []

    assert await looks_at(shop, clock, "2026-11-23T02:50") == []


async def test_figures_that_came_after_midnight_are_of_their_day(shop: Shop, clock: time_machine.Traveller) -> None:
    await shop.viewer.says("日报 开 23:50")
    assert await looks_at(shop, clock, "2026-11-22T23:50") == []
    a_saturday(shop)

    [text] = await looks_at(shop, clock, "2026-11-23T00:00")
    assert text.startswith("11月21日（周六）\n核销 54 张")


async def test_taken_by_a_bot_that_died_it_comes_when_the_lease_is_over(
    shop: Shop, clock: time_machine.Traveller, redis_server: str
) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开")
    clock.move_to("2026-11-22T10:00:00+08:00")
    async with another_bot(shop, redis_server) as (other, _):
        services = other.services[shop.appid]
        await services.people.refresh()
        assert len(await services.digests.take_due(services.people.all())) == 1

    assert await looks_at(shop, clock, "2026-11-22T10:04") == []
    assert len(await looks_at(shop, clock, "2026-11-22T10:05")) == 1
    assert await looks_at(shop, clock, "2026-11-22T10:30") == []


async def test_of_two_bots_one_tells(shop: Shop, clock: time_machine.Traveller, redis_server: str) -> None:
    clock.move_to("2026-11-22T09:00:00+08:00")
    a_saturday(shop)
    await shop.viewer.says("日报 开")
    async with another_bot(shop, redis_server) as (other, _):
        clock.move_to("2026-11-22T10:00:00+08:00")
        await other.services[shop.appid].people.refresh()
        mine, theirs = (app.services[shop.appid] for app in (shop.app, other))
        taken = [
            *await mine.digests.take_due(mine.people.all()),
            *await theirs.digests.take_due(theirs.people.all()),
        ]
    assert len(taken) == 1


# Other zones


async def in_zone(shop: Shop, clock: time_machine.Traveller, first: str, days: int, at: str) -> list[str]:
    """When (UTC) the viewer, who wants it at ``at``, is told, looking every quarter of an hour from ``first`` on."""
    clock.move_to(first)
    start = date.fromisoformat(first[:10])
    every_day_counts(shop, start - timedelta(days=3), days + 6)
    assert (await shop.viewer.says(f"日报 开 {at}")).startswith("✅")
    told = []
    for _ in range(days * 96):
        await shop.app.scheduler.look()
        told += [f"{clock_reads():%d %H:%M}" for _ in shop.viewer.reads()]
        clock.shift(900)
    return told


def clock_reads() -> datetime:
    """The frozen clock, in UTC."""
    return datetime.now(UTC)


@pytest.mark.parametrize(
    ("zone", "first", "at", "told"),
    [
        ("America/New_York", "2026-03-07T00:00-05:00", "2:30", ["07 07:30", "08 07:30"]),
        ("America/New_York", "2026-10-31T00:00-04:00", "1:30", ["31 05:30", "01 05:30"]),
        ("America/New_York", "2026-10-31T00:00-04:00", "2:30", ["31 06:30", "01 07:30"]),
        ("Asia/Urumqi", "2026-11-22T00:00+06:00", "10:00", ["22 04:00", "23 04:00"]),
        ("Asia/Urumqi", "2026-11-22T00:00+06:00", "0:00", ["22 02:00", "23 02:00"]),
        ("Asia/Shanghai", "2026-11-22T00:00+08:00", "8:00", ["22 00:00", "23 00:00"]),
    ],
    ids=str,
)
async def test_clocks_that_jump_and_other_zones(
    simulator: Simulator,
    clock: time_machine.Traveller,
    store: Store,
    redis_server: str,
    zone: str,
    first: str,
    at: str,
    told: list[str],
) -> None:
    async with open_shop(simulator, redis_server, account={"timezone": zone}) as shop:
        shop.simulator.readings.data_ready_hour = 10 if at == "0:00" else 0
        clock.move_to(first)
        assert await in_zone(shop, clock, first, 2, at) == told


async def test_the_zone_is_named(
    simulator: Simulator, clock: time_machine.Traveller, store: Store, redis_server: str
) -> None:
    async with open_shop(simulator, redis_server, account={"timezone": "Asia/Urumqi"}) as shop:
        counted(shop, "11-21", API, 100, 20, 9)
        assert await shop.viewer.says("日报 开") == (
            "✅ 日报每天 10:00 发给你（乌鲁木齐时间）\n"
            "下一份：11月23日 10:00\n"
            "微信一般上午 8–10 点（北京时间）给出昨天的数字；没给就等，最晚 12:00 告诉你\n"
            "超过 48 小时没发过消息就送不到，只留最新一份，等你发消息时显示\n"
            "「日报 9:30」改时间 · 「日报 关」停掉"
        )
        every_day_counts(shop, date(2026, 11, 21), 2)
        [text] = await looks_at(shop, clock, "2026-11-23T12:00")
        assert text.split("\n")[0] == "昨日 11月22日（周日） · 按北京时间的日子"
        await shop.speaks_english()
        assert (await shop.viewer.says("digest")).split("\n")[0] == "The digest comes every day at 10:00 (Urumqi time)"
        clock.move_to("2026-11-24T09:00:00+08:00")
        await shop.viewer.says("digest 14:00")
        await looks_at(shop, clock, "2026-11-24T16:00")
        assert await looks_at(shop, clock, "2026-11-24T18:00") == [
            "Digest of Mon 23 Nov (Beijing days): no data\n"
            "Until now WeChat has sent nothing at all: most likely nobody viewed, claimed or redeemed\n"
            f"{GO_ON_IN_ENGLISH}"
        ]


# What wants attention, and how the bot's own count compares


def usual_saturdays(shop: Shop) -> None:
    """Four Saturdays on which 100 were redeemed and 900 viewed."""
    for day in ("11-14", "11-07", "10-31", "10-24"):
        counted(shop, day, API, 900, 200, 100)


async def digest_of(shop: Shop, clock: time_machine.Traveller) -> str:
    clock.move_to("2026-11-22T09:00:00+08:00")
    await shop.viewer.says("日报 开")
    [digest] = await looks_at(shop, clock, "2026-11-22T10:00")
    return digest


def everything_is_wrong(shop: Shop) -> None:
    """A low Saturday, a voucher nearly gone, two that end unclaimed, two nobody looks at, one under review."""
    usual_saturdays(shop)
    counted(shop, "11-21", API, 0, 60, 50)
    nearly_gone = shop.has_voucher("春节券", sku={"quantity": 20, "total_quantity": 100})
    counted(shop, "11-21", API, 80, 60, 50, card_id=nearly_gone)
    for title, last_day in (("豆浆券", "2026-11-23"), ("包子券", "2026-11-29")):
        shop.has_voucher(title, last_day=last_day, sku={"quantity": 82, "total_quantity": 100})
    shop.simulator.add_voucher(shop.appid, cash_voucher("湖畔面馆", 1000, title="牛肉面半价"), "NOT_VERIFY")


async def test_flags_come_right_after_the_first_fact(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-10T09:00:00+08:00")
    everything_is_wrong(shop)

    assert await digest_of(shop, clock) == (
        "昨日 11月21日（周六）\n"
        "核销 50 张，比周六平常少 50 张 ▼\n"
        "⚠️ 核销不超过周六平常（100 张）的一半\n"
        "⚠️ 没有一个人看券，周六平常 900 次\n"
        "⚠️ 快领完：春节券（够 2 天）\n"
        "⚠️ 快到期，多半没领：豆浆券（11月23日，剩 82%）、包子券（11月29日，剩 82%）\n"
        "⏳ 审核中：牛肉面半价\n"
        "浏览 0 · 领取 60 · 核销 50\n"
        "核销率 83%\n"
        "最好：春节券 50 张\n"
        "机器人自己这天一张也没数到（没有收到领取和核销的推送）\n"
        f"{GO_ON}"
    )


async def test_flags_in_english(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-10T09:00:00+08:00")
    everything_is_wrong(shop)
    await shop.speaks_english()

    assert await digest_of(shop, clock) == (
        "Yesterday, Sat 21 Nov\n"
        "Redeemed 50, 50 fewer than on a usual Sat ▼\n"
        "⚠️ Redemptions are no more than half of a usual Sat (100)\n"
        "⚠️ Nobody viewed a voucher; a usual Sat has 900 views\n"
        "⚠️ Nearly all claimed: 春节券 (2 days left)\n"
        "⚠️ Ends soon, mostly unclaimed: 豆浆券 (23 Nov, 82% left), 包子券 (29 Nov, 82% left)\n"
        "⏳ Under review: 牛肉面半价\n"
        "Viewed 0 · claimed 60 · redeemed 50\n"
        "Redemption rate 83%\n"
        "Best voucher: 春节券, 50\n"
        "The bot itself counted none that day (no pushes of claims or redemptions came)\n"
        f"{GO_ON_IN_ENGLISH}"
    )


async def test_what_nobody_views_is_told(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-10T09:00:00+08:00")
    titles = ("豆浆券", "包子券", "油条券")
    for title in titles:
        shop.has_voucher(title)
        clock.shift(60)
    counted(shop, "11-21", API, 900, 200, 100)
    usual_saturdays(shop)

    assert (await digest_of(shop, clock)).split("\n")[1:4] == [
        "核销 100 张，和周六平常一样",
        "⚠️ 7 天没有人看：油条券、包子券 等 3 种",
        "浏览 900 · 领取 200 · 核销 100",
    ]
    await shop.viewer.says("language en")
    clock.move_to("2026-11-23T09:00:00+08:00")
    counted(shop, "11-22", API, 900, 200, 100)
    [english] = await looks_at(shop, clock, "2026-11-23T10:00")
    assert english.split("\n")[2] == "⚠️ Not viewed for 7 days: 油条券, 包子券 and 1 more"


async def test_the_shelf_cannot_be_read_and_the_figures_are_told(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-10T09:00:00+08:00")
    everything_is_wrong(shop)
    shop.simulator.fault("card/batchget", Fault(errcode=48001), times=None)

    digest = await digest_of(shop, clock)

    assert [line[:2] for line in digest.split("\n")].count("⚠️") == 2


@pytest.mark.parametrize(
    ("redeemed", "line", "english"),
    [
        (2, "和机器人实时数的一样", "The same as the bot's own count"),
        (
            5,
            "比机器人实时数的：核销 +3 · 领取 一样",
            "Against the bot's own count: redeemed +3 · claimed the same",
        ),
        (
            1,
            "比机器人实时数的：核销 -1 · 领取 一样",
            "Against the bot's own count: redeemed -1 · claimed the same",
        ),
    ],
)
async def test_by_how_much_wechat_counted_otherwise(
    shop: Shop, clock: time_machine.Traveller, redeemed: int, line: str, english: str
) -> None:
    clock.move_to("2026-11-21T12:00:00+08:00")
    for code in ("1", "2"):
        await shop.hears("user_get_card", CardId="pA", UserCardCode=code)
        await shop.hears("user_consume_card", CardId="pA", UserCardCode=code, ConsumeSource="FROM_API")
    counted(shop, "11-21", API, 9, 2, redeemed)
    clock.move_to("2026-11-22T09:00:00+08:00")
    await shop.clerk.says("日报 开")
    await shop.clerk.says("language en")

    assert (await digest_of(shop, clock)).split("\n")[-2] == line
    assert shop.clerk.reads()[-1].split("\n")[-2] == english


async def test_nothing_counted_by_either_is_no_difference(shop: Shop, clock: time_machine.Traveller) -> None:
    counted(shop, "11-21", API, 9, 0, 0)

    assert (await digest_of(shop, clock)).split("\n")[1:] == [
        "核销 0 张", "浏览 9 · 领取 0 · 核销 0", "领取率 0%", "微信后台 0 · 接口 0（核销）", GO_ON,
    ]  # fmt: skip
