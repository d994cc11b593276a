"""export: a link to the files, how far a long one has come, or why there is none."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine

from bot.simulator import Fault
from tests.handlers.test_daily_stats import API, CONSOLE, counted
from tests.shop import PUBLIC, Shop

LINK = re.escape(f"{PUBLIC}/files/") + r"[\w-]{32}"
VOUCHERS = "getcardcardinfo"


async def says(shop: Shop, text: str) -> str:
    """What the manager reads, the address being one."""
    said = await shop.manager.says(text)
    assert re.search(LINK + "$", said), said
    return re.sub(LINK, "LINK", said)


def a_month(shop: Shop) -> None:
    """Two vouchers on three days of the last thirty."""
    noodles, tea = shop.has_voucher("春节券"), shop.has_voucher("豆浆券", gift=True)
    counted(shop, "11-21", CONSOLE, 600, 130, 40, 2, 3, view=400, receive=120, card_id=noodles)
    counted(shop, "11-21", API, 100, 20, 9, card_id=tea)
    counted(shop, "11-18", API, 0, 0, 0, card_id=tea)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "导出 今天",
            "今天的数字还没有：微信每天上午 8–10 点以后才给出前一天的。\n最近一天发「导出 昨天」",
        ),
        (
            "导出 明年",
            "没看懂「明年」。写法：导出 [范围]\n例：导出 上月",
        ),
        (
            "导出 11.21-11.2",
            "开始日期 11.21 在结束日期 11.2 之后。\n早的日期写在前面：「导出 11.2 11.21」",
        ),
        ("导出 0天", "「0天」里一天也没有，至少写 1 天。\n可以这样写：「导出 昨天」「导出 7天」"),
        (
            "导出 2000天",
            "「2000天」太长，一次最多看 5 年。\n可以分几次看，例如「导出 2015-01-01 2015-12-31」",
        ),
    ],
)
async def test_what_is_no_span_leads_to_no_link(linked: Shop, text: str, said: str) -> None:
    assert await linked.manager.says(text) == said
    assert linked.calls(VOUCHERS) == []


@pytest.mark.parametrize("role", ["viewer", "clerk"])
async def test_it_takes_a_manager(linked: Shop, role: str) -> None:
    said = await getattr(linked, role).says("导出")
    assert said.startswith("没有「导出」这个命令。")
    assert PUBLIC not in said


async def test_where_browsers_cannot_reach_us_it_says_what_to_do(shop: Shop) -> None:
    assert await shop.manager.says("导出") == (
        "导出的文件要用浏览器下载，这里还没有设好网址\n"
        "请管理员在配置的 [server] 里写上 public_url，也就是浏览器能打开的地址\n"
        "先用「统计 30天 全部」看数字，「排行 30天」看每张券"
    )
    await shop.speaks_english()
    assert await shop.manager.says("export") == (
        "An export is downloaded in a browser, and this server has no address for one yet\n"
        "Somebody who runs it has to set public_url under [server]: the address browsers reach it at\n"
        "Figures here: stats 30d all · each voucher: top 30d"
    )
    assert shop.calls(VOUCHERS) == []


async def test_thirty_days_in_both_languages(linked: Shop) -> None:
    a_month(linked)
    assert await says(linked, "导出") == (
        "最近 30 天 10月23日–11月21日：3 行，2 张券\n下载 CSV 或 Excel（24 小时内有效，请勿转发）：\nLINK"
    )
    await linked.speaks_english()
    assert await says(linked, "export") == (
        "Last 30 days, 23 Oct–21 Nov: 3 rows, 2 vouchers\nAs CSV or Excel (for 24 hours, for you alone):\nLINK"
    )
    assert await says(linked, "export 11.18") == (
        "Wed 18 Nov: 1 row, 1 voucher\nAs CSV or Excel (for 24 hours, for you alone):\nLINK"
    )


async def test_a_day_that_is_late_is_named(linked: Shop, clock: time_machine.Traveller) -> None:
    a_month(linked)
    clock.move_to("2026-11-22T07:00:00+08:00")
    assert await says(linked, "导出 7天") == (
        "最近 7 天 11月15日–11月21日：1 行，1 张券\n"
        "⏳ 11月21日 的数字微信还没给全，一般上午 8–10 点以后才有\n"
        "下载 CSV 或 Excel（24 小时内有效，请勿转发）：\nLINK"
    )
    assert await linked.manager.says("导出 昨天") == (
        "⏳ 昨日 11月21日（周六）的数字微信还没给出，还不能导出\n"
        "一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n"
        "现在能导出前一段：「导出 2026-11-20」"
    )
    await linked.speaks_english()
    assert await linked.manager.says("export yesterday") == (
        "⏳ Yesterday, Sat 21 Nov: WeChat's figures are not ready yet, so there is nothing to export\n"
        "They usually come after 8–10 in the morning, Beijing time; send the same words again then\n"
        "Until then, the time before: export 2026-11-20"
    )


async def test_no_data_in_both_languages(linked: Shop) -> None:
    assert await linked.manager.says("导出 6.1-6.3") == (
        "6月1日–6月3日没有数据，没有可导出的\n"
        "微信没有返回任何一张券的数据，多半没有人看、领、用券\n"
        "「导出 90天」导出更长的时间 · 「卡券」看有哪些券"
    )
    await linked.speaks_english()
    assert await linked.manager.says("export 6.1-6.3") == (
        "1 Jun–3 Jun: no data, there is nothing to export\n"
        "WeChat sent nothing of any voucher: most likely nobody viewed, claimed or redeemed\n"
        "A longer time: export 90d · which vouchers there are: vouchers"
    )


async def test_a_long_one_says_how_far_it_is_and_asks_nothing_yet(linked: Shop) -> None:
    a_month(linked)
    await says(linked, "导出")
    asked = len(linked.calls(VOUCHERS))
    assert await says(linked, "导出 366天") == (
        "⏳ 最近 366 天 2025年11月21日–2026年11月21日：366 天里已取好 28 天\n"
        "打开这一页就接着取，进度会自己更新，取好就能下载（24 小时内有效，请勿转发）：\nLINK"
    )
    await linked.speaks_english()
    assert await says(linked, "export 366d") == (
        "⏳ Last 366 days, 21 Nov 2025–21 Nov 2026: 28 of 366 days are collected\n"
        "Open this page and the rest is collected; it shows how far it is, then the files "
        "(for 24 hours, for you alone):\nLINK"
    )
    assert len(linked.calls(VOUCHERS)) == asked


async def test_124_days_are_no_long_one(linked: Shop) -> None:
    a_month(linked)
    assert (await says(linked, "导出 124天")).splitlines()[0] == "最近 124 天 7月21日–11月21日：3 行，2 张券"
    first = date(2026, 11, 21) - timedelta(days=123)
    assert [call.body["begin_date"] for call in linked.calls(VOUCHERS)].count(str(first)) == 2
    assert len(linked.calls(VOUCHERS)) == 4


async def test_what_is_long_and_known_is_not_counted_while_somebody_waits(linked: Shop) -> None:
    a_month(linked)
    await says(linked, "导出 124天")
    first = date(2026, 11, 21) - timedelta(days=124)
    assert await says(linked, f"导出 {first} 2026-11-21") == (
        "7月20日–11月21日：125 天都取好了\n下载 CSV 或 Excel（24 小时内有效，请勿转发）：\nLINK"
    )
    await linked.speaks_english()
    assert await says(linked, f"export {first} 2026-11-21") == (
        "20 Jul–21 Nov: all 125 days are collected\nAs CSV or Excel (for 24 hours, for you alone):\nLINK"
    )


async def test_what_wechat_refuses_is_said_and_there_is_no_link(linked: Shop) -> None:
    a_month(linked)
    linked.simulator.fault(VOUCHERS, Fault(errcode=48001), times=None)
    said = await linked.manager.says("导出")
    assert "48001" in said
    assert PUBLIC not in said
