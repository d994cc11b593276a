"""report: the line that matters and a link, or why there is none."""

from __future__ import annotations

import re

import pytest
import time_machine

from bot.simulator import Fault
from tests.handlers.test_daily_stats import API, a_saturday, a_week, counted
from tests.shop import PUBLIC, Shop

LINK = re.escape(f"{PUBLIC}/reports/") + r"[\w-]{32}"


async def says(shop: Shop, text: str) -> str:
    """What the viewer reads, the address being one."""
    said = await shop.viewer.says(text)
    assert re.search(LINK, said), said
    return re.sub(LINK, "LINK", said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "报表 明天",
            "11月23日 还没到，最近只能看到昨天。\n可以这样写：「报表 昨天」「报表 7天」「报表 本月」",
        ),
        (
            "报表 今天",
            "今天的数字还没有：微信每天上午 8–10 点以后才给出前一天的。\n最近一天发「报表 昨天」",
        ),
        (
            "报表 2月30日",
            "没有「2月30日」这一天：2月只有 29 天。\n日期可以这样写：6月15日、6.15、2015-06-15",
        ),
        (
            "报表 6.30-6.1",
            "开始日期 6.30 在结束日期 6.1 之后。\n早的日期写在前面：「报表 6.1 6.30」",
        ),
        (
            "报表 9999天",
            "「9999天」太长，一次最多看 5 年。\n可以分几次看，例如「报表 2015-01-01 2015-12-31」",
        ),
        ("报表 0天", "「0天」里一天也没有，至少写 1 天。\n可以这样写：「报表 昨天」「报表 7天」"),
        ("报表 昨天 春节券", "没看懂「春节券」。写法：报表 [范围]\n例：报表 上月"),
    ],
)
async def test_what_is_no_span_leads_to_no_link(linked: Shop, text: str, said: str) -> None:
    assert await linked.viewer.says(text) == said
    assert linked.calls("datacube/getcardbizuininfo") == []


async def test_where_browsers_cannot_reach_us_it_says_what_to_do(shop: Shop) -> None:
    a_saturday(shop)
    assert await shop.viewer.says("报表") == (
        "报表要用浏览器看，这里还没有设好网址\n"
        "请管理员在配置的 [server] 里写上 public_url，也就是浏览器能打开的地址\n"
        "先用「统计 30天」看数字，「排行 30天」看每张券"
    )
    await shop.speaks_english()
    assert await shop.viewer.says("report") == (
        "A report is read in a browser, and this server has no address for one yet\n"
        "Somebody who runs it has to set public_url under [server]: the address browsers reach it at\n"
        "Figures here: stats 30d · each voucher: top 30d"
    )
    assert shop.calls("datacube") == []


async def test_customers_get_none(linked: Shop) -> None:
    assert await linked.customer.says("报表") == ""


async def test_thirty_days_in_both_languages(linked: Shop) -> None:
    a_week(linked)
    assert await says(linked, "报表") == (
        "最近 30 天 10月23日–11月21日\n核销 1,264 张\n报表有图和明细（24 小时内有效，请勿转发）：\nLINK"
    )
    await linked.speaks_english()
    assert await says(linked, "report") == (
        "Last 30 days, 23 Oct–21 Nov\nRedeemed 1,264\n"
        "The report has charts and tables (for 24 hours, for you alone):\nLINK"
    )


async def test_a_week_is_compared(linked: Shop) -> None:
    a_week(linked)
    assert await says(linked, "报表 7天") == (
        "最近 7 天 11月15日–11月21日\n核销 634 张，比前 7 天多 1% ▲\n报表有图和明细（24 小时内有效，请勿转发）：\nLINK"
    )


async def test_a_range_that_was_bent_says_so(linked: Shop, clock: time_machine.Traveller) -> None:
    a_week(linked)
    clock.move_to("2026-11-23T14:00:00+08:00")
    assert (await says(linked, "报表 本周")).splitlines()[1] == "今天是周一，本周还没有数字，先看上周"


async def test_no_data_and_not_ready_are_two_things(linked: Shop, clock: time_machine.Traveller) -> None:
    assert await linked.viewer.says("报表 6.1-6.3") == (
        "6月1日–6月3日没有数据，报表是空的\n"
        "微信没有返回这几天的数据，多半没有人看、领、用券\n"
        "「报表 90天」看更长的时间 · 「卡券」看有哪些券"
    )
    clock.move_to("2026-11-22T07:00:00+08:00")
    assert await linked.viewer.says("报表 昨天") == (
        "⏳ 昨日 11月21日（周六）的数字微信还没给出，报表还做不出来\n"
        "一般上午 8–10 点（北京时间）以后才有，到时再发一次就行\n"
        "现在能看前一段：「报表 2026-11-20」"
    )
    await linked.speaks_english()
    assert await linked.viewer.says("report yesterday") == (
        "⏳ Yesterday, Sat 21 Nov: WeChat's figures are not ready yet, so there is no report\n"
        "They usually come after 8–10 in the morning, Beijing time; send the same words again then\n"
        "Until then, the time before: report 2026-11-20"
    )
    assert await linked.viewer.says("report 6.1-6.3") == (
        "1 Jun–3 Jun: no data, the report would be empty\n"
        "WeChat sent nothing at all: most likely nobody viewed, claimed or redeemed\n"
        "A longer time: report 90d · which vouchers there are: vouchers"
    )


async def test_zero_is_a_figure(linked: Shop) -> None:
    counted(linked, "11-21", API, 0, 0, 0)
    assert (await says(linked, "报表 昨天")).splitlines()[1] == "核销 0 张"


async def test_what_wechat_refuses_is_said_and_there_is_no_link(linked: Shop) -> None:
    a_week(linked)
    linked.simulator.fault("datacube/getcardbizuininfo", Fault(errcode=48001), times=None)
    answer = await linked.viewer.says("报表")
    assert "48001" in answer
    assert PUBLIC not in answer


async def test_vouchers_may_be_refused_without_spoiling_the_rest(linked: Shop) -> None:
    a_week(linked)
    linked.simulator.fault("datacube/getcardcardinfo", Fault(errcode=48001), times=None)
    assert (await says(linked, "报表 7天")).splitlines()[1] == "核销 634 张，比前 7 天多 1% ▲"
