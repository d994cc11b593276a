"""chart: a card where there are links, else a picture; and words where there is nothing to draw."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import time_machine

from bot.pictures import drawing
from bot.simulator import Bubble, Delivery, Fault
from tests.handlers.test_daily_stats import API, CONSOLE, a_saturday, a_week, counted
from tests.shop import PUBLIC, Shop
from tests.web.visitor import ask

PNG = re.escape(f"{PUBLIC}/files/") + r"[\w-]{32}\.png"
REPORT = re.escape(f"{PUBLIC}/reports/") + r"[\w-]{32}"
OWN = "机器人按微信的推送自己数的，微信的数字明天才有"
OWN_IN_ENGLISH = "The bot's own count of WeChat's pushes; WeChat's figures come tomorrow"
WEEK = (
    "最近 7 天核销 634 张，比前 7 天多 1% ▲\n"
    "最近 7 天 11月15日–11月21日\n"
    "浏览 4,438 · 领取 1,268 · 核销 634\n"
    "最好：周五 11月20日 142 张 · 最少：周一 11月16日 61 张\n"
    "没有数据：11月18日（多半没人看、领、用券）"
)
WEEK_IN_ENGLISH = (
    "Last 7 days: Redeemed 634, 1% more than the 7 days before ▲\n"
    "Last 7 days, 15 Nov–21 Nov\n"
    "Viewed 4,438 · claimed 1,268 · redeemed 634\n"
    "Best day: Fri 20 Nov, 142 · weakest: Mon 16 Nov, 61\n"
    "No data for 18 Nov (most likely nobody viewed, claimed or redeemed)"
)


def card(shop: Shop, delivery: Delivery) -> Bubble:
    """The card in the viewer's chat that answered."""
    assert delivery.reply is not None
    assert (delivery.reply["MsgType"], delivery.reply["ArticleCount"]) == ("news", "1")
    return shop.simulator.chat(shop.appid, shop.viewer.openid)[-1]


async def drawn(shop: Shop, address: str) -> list[str]:
    """The words of the picture at ``address``, as its SVG has them."""
    path = address.removeprefix(PUBLIC).removesuffix(".png")
    status, headers, body = await ask(shop, f"{path}.svg")
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    texts = ElementTree.fromstring(body).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    return [each.text or "" for each in texts]


async def claimed_and_redeemed(shop: Shop, claims: int = 3, redemptions: int = 1) -> None:
    """What the bot counts itself, now."""
    voucher = shop.has_voucher("春节券", get_limit=50)
    codes = [await shop.simulator.claim(shop.appid, shop.customer.openid, voucher) for _ in range(claims)]
    for code in codes[:redemptions]:
        shop.simulator.redeem_elsewhere(shop.appid, code)
    await shop.simulator.settled()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("走势 明天", "11月23日 还没到，最近只能看到昨天。\n可以这样写：「走势 昨天」「走势 7天」「走势 本月」"),
        ("走势 今天 7天", "「今天」不能和别的日子一起看。\n分两次发：「走势 今天」「走势 7天」"),
        ("走势 2月30日", "没有「2月30日」这一天：2月只有 29 天。\n日期可以这样写：6月15日、6.15、2015-06-15"),
        (
            "走势 没有这张券",
            "「没有这张券」不是时间，也没有叫这个名字的卡券。\n"
            "时间这样写：昨天、7天、本周、上月、6.15-6.30；「卡券」看全部卡券",
        ),
        (
            "走势",
            "最近 30 天 10月23日–11月21日没有数据，画不了图\n微信没有返回这几天的数据，多半没有人看、领、用券\n"
            "今天按小时：「走势 今天」· 有哪些券：「卡券」",
        ),
        (
            "走势 2014.11.20-2014.11.25",
            "2014年11月20日–2014年11月25日没有数据，画不了图\n微信没有返回这几天的数据，多半没有人看、领、用券\n"
            "⚠️ 2014年12月1日之前的数字，微信不保证准确\n今天按小时：「走势 今天」· 有哪些券：「卡券」",
        ),
        ("走势 今天", f"今天还没有领取和核销\n11月22日（周日）到 14:02\n{OWN}"),
    ],
)
async def test_where_there_is_nothing_to_draw_words_say_why(linked: Shop, text: str, said: str) -> None:
    assert await linked.viewer.says(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "chart tomorrow",
            "23 Nov is still to come; yesterday is the latest day with figures.\n"
            "Try: chart yesterday, chart 7d, chart month",
        ),
        (
            "chart today yesterday",
            "Today cannot be shown together with other days.\nOne after the other: chart today, chart 7d",
        ),
        (
            "chart",
            "Last 30 days, 23 Oct–21 Nov: no data, so there is nothing to draw\n"
            "WeChat sent nothing at all: most likely nobody viewed, claimed or redeemed\n"
            "Today by the hour: chart today · which vouchers there are: vouchers",
        ),
        (
            "chart 2014-11-20 2014-11-25",
            "20 Nov 2014–25 Nov 2014: no data, so there is nothing to draw\n"
            "WeChat sent nothing at all: most likely nobody viewed, claimed or redeemed\n"
            "⚠️ WeChat does not vouch for figures before 1 Dec 2014\n"
            "Today by the hour: chart today · which vouchers there are: vouchers",
        ),
        ("chart today", f"Today: nothing claimed or redeemed\nSun 22 Nov until 14:02\n{OWN_IN_ENGLISH}"),
    ],
)
async def test_the_same_in_english(linked: Shop, text: str, said: str) -> None:
    await linked.speaks_english()
    assert await linked.viewer.says(text) == said


async def test_not_ready_is_no_missing_day(linked: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to("2026-11-22T07:30:00+08:00")
    linked.has_voucher("春节券")
    assert await linked.viewer.says("走势 昨天 春节券") == (
        "⏳ 「春节券」昨日 11月21日（周六）的数字微信还没给出，画不了图\n"
        "一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n"
        "现在能看前一段：「走势 2026-11-20 春节券」"
    )
    await linked.speaks_english()
    assert await linked.viewer.says("chart yesterday 春节券") == (
        "⏳ 春节券: Yesterday, Sat 21 Nov: WeChat's figures are not ready yet, so there is nothing to draw\n"
        "They usually come after 8–10 in the morning, Beijing time; send the same words again then\n"
        "Until then, the time before: chart 2026-11-20 春节券"
    )


async def test_a_card_where_there_are_links(linked: Shop) -> None:
    a_week(linked)
    shown = card(linked, await linked.viewer.texts("走势 7天"))

    (article,) = shown.items
    assert f"{article['title']}\n{article['description']}" == WEEK
    assert re.fullmatch(PNG, article["picture"])
    assert re.fullmatch(REPORT, article["url"])
    assert (len(linked.calls("getcardbizuininfo")), linked.calls("getcardcardinfo")) == (2, [])
    status, headers, body = await ask(linked, article["picture"].removeprefix(PUBLIC))
    assert (status, headers["Content-Type"], body[:4]) == (200, "image/png", b"\x89PNG")
    assert (int.from_bytes(body[16:20]), int.from_bytes(body[20:24])) == (800, 445)
    assert await drawn(linked, article["picture"]) == [
        "0", "100", "200", "300", "142", "核销", "领取", "11/15", "11/17", "11/19", "11/21",
    ]  # fmt: skip
    status, _, page = await ask(linked, article["url"].removeprefix(PUBLIC))
    assert (status, "634" in page.decode()) == (200, True)


async def test_a_card_in_english(linked: Shop) -> None:
    a_week(linked)
    await linked.speaks_english()
    (article,) = card(linked, await linked.viewer.texts("chart 7d")).items

    assert f"{article['title']}\n{article['description']}" == WEEK_IN_ENGLISH
    assert {"Redeemed", "Claimed", "142", "21 Nov"} <= set(await drawn(linked, article["picture"]))


async def test_thirty_days_is_what_chart_means_and_of_one_voucher_only_that(linked: Shop) -> None:
    noodles = linked.has_voucher("春节券")
    counted(linked, "11-10", API, 100, 20, 7, card_id=noodles)
    counted(linked, "11-20", API, 100, 30, 9, card_id=noodles)
    counted(linked, "11-20", CONSOLE, 900, 300, 90)
    (article,) = card(linked, await linked.viewer.texts("走势")).items
    assert article["title"] == "最近 30 天核销 106 张"

    (article,) = card(linked, await linked.viewer.texts("走势 春节券")).items
    assert article["title"] == "「春节券」最近 30 天核销 16 张"
    assert "90" not in await drawn(linked, article["picture"])


async def test_all_zero_is_drawn_and_is_no_missing_day(linked: Shop) -> None:
    for day in range(15, 22):
        counted(linked, f"11-{day}", API, 0, 0, 0)
    (article,) = card(linked, await linked.viewer.texts("走势 7天")).items

    assert f"{article['title']}\n{article['description']}" == (
        "最近 7 天核销 0 张\n最近 7 天 11月15日–11月21日\n浏览 0 · 领取 0 · 核销 0"
    )
    assert {"0", "1", "核销"} <= set(await drawn(linked, article["picture"]))


async def test_a_picture_where_there_are_none_with_its_figures_by_more(shop: Shop) -> None:
    a_week(shop)
    delivery = await shop.viewer.texts("走势 7天")

    assert delivery.reply is not None
    assert delivery.reply["MsgType"] == "image"
    assert await shop.viewer.says("继续") == WEEK
    assert await shop.viewer.says("继续") == "没有更多内容了"
    await shop.speaks_english()
    assert await shop.viewer.says("chart 7d") == "[image]"
    assert await shop.viewer.says("more") == WEEK_IN_ENGLISH
    assert shop.calls("message/custom/send") == []


async def test_a_media_id_is_used_again_until_it_ends(shop: Shop, clock: time_machine.Traveller) -> None:
    a_week(shop)
    for _ in range(2):
        assert await shop.viewer.says("走势 2026-11-15 2026-11-21") == "[image]"
    assert len(shop.calls("media/upload")) == 1
    clock.shift(3 * 86_400 - 6 * 3600 - 60)
    assert await shop.viewer.says("走势 2026-11-15 2026-11-21") == "[image]"
    assert len(shop.calls("media/upload")) == 1
    clock.shift(120)
    assert await shop.viewer.says("走势 2026-11-15 2026-11-21") == "[image]"
    assert len(shop.calls("media/upload")) == 2
    counted(shop, "11-21", API, 9, 9, 9)
    assert await shop.viewer.says("走势 11.14-11.21") == "[image]"
    assert len(shop.calls("media/upload")) == 3


async def test_today_by_the_hour(linked: Shop) -> None:
    await claimed_and_redeemed(linked)
    (article,) = card(linked, await linked.viewer.texts("走势 今天")).items

    assert f"{article['title']}\n{article['description']}" == (
        f"今天核销 1 张，领取 3 张\n11月22日（周日）到 14:02\n最忙：14点，核销 1 张，领取 3 张\n{OWN}"
    )
    assert re.fullmatch(PNG, article["url"]), "there is no report of today: a tap shows the whole picture"
    assert await drawn(linked, article["url"]) == [
        "湖畔面馆", "今天 11月22日（周日）", "核销 1 张，领取 3 张", "核销", "领取", "0", "1", "2", "3",
        *map(str, range(8, 22)), "按小时，机器人自己数的；斜线是还没到的时间",
    ]  # fmt: skip
    await linked.speaks_english()
    (article,) = card(linked, await linked.viewer.texts("chart today 春节券")).items
    assert f"{article['title']}\n{article['description']}" == (
        "Today, 春节券: redeemed 1, claimed 3\nSun 22 Nov until 14:02\nBusiest: 14:00, redeemed 1, claimed 3\n"
        f"{OWN_IN_ENGLISH}"
    )
    assert (await drawn(linked, article["url"]))[:5] == [
        "春节券", "Today, Sun 22 Nov", "Redeemed 1, claimed 3", "Redeemed", "Claimed",
    ]  # fmt: skip


async def test_one_day_that_the_bot_did_not_count_is_drawn_by_voucher(linked: Shop) -> None:
    a_saturday(linked)
    (article,) = card(linked, await linked.viewer.texts("走势 昨天")).items

    assert f"{article['title']}\n{article['description']}" == (
        "11月21日核销 54 张，比前一天多 12 张 ▲\n昨日 11月21日（周六）\n浏览 850 · 领取 186 · 核销 54"
    )
    assert await drawn(linked, article["picture"]) == ["核销", "领取", "春节券", "31", "60", "豆浆券", "9", "20"]
    assert await linked.viewer.says("走势 昨天 春节券") == (
        "「春节券」11月21日核销 31 张\n昨日 11月21日（周六）\n浏览 300 · 领取 60 · 核销 31"
    ), "one number is no picture"


async def test_yesterday_by_the_hour_once_the_bot_counted_it(linked: Shop, clock: time_machine.Traveller) -> None:
    await claimed_and_redeemed(linked)
    clock.move_to("2026-11-23T07:30:00+08:00")
    said = await linked.viewer.texts("走势 昨天")
    (article,) = card(linked, said).items
    assert f"{article['title']}\n{article['description']}" == (
        "11月22日核销 1 张，领取 3 张\n11月22日（周日）\n最忙：14点，核销 1 张，领取 3 张\n"
        "机器人按微信的推送自己数的，微信这天的数字还没有"
    )
    assert "按小时，机器人自己数的" in await drawn(linked, article["url"])
    clock.move_to("2026-11-23T11:00:00+08:00")
    counted(linked, "11-22", API, 20, 4, 2)
    (article,) = card(linked, await linked.viewer.texts("走势 昨天")).items
    assert f"{article['title']}\n{article['description']}" == (
        "11月22日核销 2 张\n昨日 11月22日（周日）\n浏览 20 · 领取 4 · 核销 2"
    ), "the figures are WeChat's, the hours the bot's own"
    assert re.fullmatch(REPORT, article["url"])
    assert "14" in await drawn(linked, article["picture"])
    await linked.speaks_english()
    clock.move_to("2026-11-24T07:00:00+08:00")
    await claimed_and_redeemed(linked, 1, 0)
    clock.move_to("2026-11-25T07:00:00+08:00")
    (article,) = card(linked, await linked.viewer.texts("chart yesterday")).items
    assert f"{article['title']}\n{article['description']}" == (
        "24 Nov: redeemed 0, claimed 1\nTue 24 Nov\nBusiest: 7:00, redeemed 0, claimed 1\n"
        "The bot's own count of WeChat's pushes; there are no figures of WeChat's for this day yet"
    )


async def test_a_hostile_title_stays_a_title(linked: Shop) -> None:
    title = "]]></Title>🧧<b>&"
    noodles = linked.has_voucher(title)
    for day in (19, 20):
        counted(linked, f"11-{day}", API, 10, 5, 2, card_id=noodles)
    (article,) = card(linked, await linked.viewer.texts(f"走势 7天 {title}")).items

    assert article["title"].startswith(f"「{title}」最近 7 天核销 4 张")


@pytest.mark.parametrize("fault", [Fault(errcode=45009), Fault(errcode=-1), Fault(http_status=500)])
async def test_figures_come_in_words_where_the_picture_cannot(shop: Shop, fault: Fault) -> None:
    a_week(shop)
    shop.simulator.fault("media/upload", fault, times=None)
    assert await shop.viewer.says("走势 7天") == f"{WEEK}\n图这会儿没有做出来，过一会儿再发一次试试"
    await shop.speaks_english()
    assert await shop.viewer.says("chart 7d") == (
        f"{WEEK_IN_ENGLISH}\nThe picture could not be made just now; send the same words again in a while"
    )
    assert await shop.viewer.says("more") == "There is nothing more to show."


async def test_figures_come_in_words_where_nothing_draws(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    a_week(shop)
    monkeypatch.setattr(drawing, "PATIENCE", 0.0)
    assert await shop.viewer.says("走势 7天") == f"{WEEK}\n图这会儿没有做出来，过一会儿再发一次试试"
    monkeypatch.undo()
    assert await shop.viewer.says("走势 7天") == "[image]"


async def test_a_card_whose_picture_cannot_be_drawn_still_says_the_figures(
    linked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_week(linked)
    monkeypatch.setattr(drawing, "PATIENCE", 0.0)
    (article,) = card(linked, await linked.viewer.texts("走势 7天")).items
    assert f"{article['title']}\n{article['description']}" == WEEK
    assert (await ask(linked, article["picture"].removeprefix(PUBLIC)))[0] == 503


async def test_days_wechat_does_not_vouch_for_are_marked(linked: Shop) -> None:
    for day in (20, 25):
        linked.simulator.set_figures(linked.appid, None, f"2014-11-{day}", API, {"verify_cnt": day, "view_cnt": 90})
    (article,) = card(linked, await linked.viewer.texts("走势 2014-11-20 2014-11-25")).items
    assert f"{article['title']}\n{article['description']}" == (
        "2014年11月20日–2014年11月25日核销 45 张\n2014年11月20日–2014年11月25日\n浏览 180 · 领取 0 · 核销 45\n"
        "最好：周二 2014年11月25日 25 张 · 最少：周四 2014年11月20日 20 张\n"
        "没有数据：2014年11月21日–2014年11月24日（多半没人看、领、用券）\n"
        "⚠️ 2014年12月1日之前的数字，微信不保证准确"
    )


async def test_a_refusal_of_wechats_is_told_as_stats_tells_it(linked: Shop) -> None:
    linked.simulator.fault("datacube/getcardbizuininfo", Fault(errcode=45009), times=None)
    refused = await linked.viewer.says("走势 7天")
    assert "45009" in refused
    assert refused == await linked.viewer.says("统计 7天")
