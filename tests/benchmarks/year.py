"""What a year of one account costs: ``python -m tests.benchmarks.year``.

The figures ``stats 365d`` needs, of the account and of each of its twenty vouchers: cold, with nothing kept, and warm,
and the room what is kept takes in Redis.
WeChat, whose answers take 50 ms, and Redis are processes of their own. Beside them the seconds a bare client takes for
the cold calls, six at a time as the bot does.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import time_machine

from bot.app import App, build
from bot.stats.days import ONE_DAY, DayRange, covering
from bot.stats.figures import Source
from bot.stats.service import CALLS_AT_ONCE
from tests.benchmarks.bare import Call, bare
from tests.benchmarks.counting import room
from tests.benchmarks.digests import calls_of
from tests.benchmarks.many_shops import NOW, TODAY, many_shops, settings_of
from tests.redis import running_server

VOUCHERS = 20
WARM = 20
YEAR = DayRange(TODAY - timedelta(days=365), TODAY - ONE_DAY, "days")


async def asked(app: App) -> tuple[int, float]:
    """Calls and seconds of one question."""
    (services,) = app.services.values()
    before = (await calls_of(app)).total()
    began = time.perf_counter()
    overview = await services.stats.overview(YEAR)
    seconds = time.perf_counter() - began
    assert overview.now.total("verify") == (overview.by_voucher or overview.now).total("verify") > 0
    return (await calls_of(app)).total() - before, seconds


def cold_calls() -> list[Call]:
    """Those of a year of which nothing is kept."""
    spans = [{"begin_date": str(each.first), "end_date": str(each.last)} for each in covering(YEAR.days())]
    return [
        (f"datacube/{path}", span | {"cond_source": int(source)})
        for path in ("getcardbizuininfo", "getcardcardinfo")
        for source in Source
        for span in spans
    ]


async def main(wechat: str, redis: str) -> None:
    """Measure and print."""
    app = build(settings_of(1, wechat), redis)
    (appid,) = app.services
    await app.services[appid].wechat.tokens.current()
    calls, cold = await asked(app)
    kept = await room(app.store, appid, "figures")
    warm_calls, warm = await asked(app)
    for _ in range(WARM - 1):
        warm = min(warm, (await asked(app))[1])
    alone = await bare(wechat, cold_calls(), CALLS_AT_ONCE)
    await app.close()
    print(  # noqa: T201
        f"a year of one account with {VOUCHERS} vouchers: cold {calls} calls, {cold:.2f} s, {cold / alone:.1f} × the "
        f"calls alone; warm {warm_calls} calls, {warm:.2f} s at best of {WARM}, {warm / cold:.2f} × cold; "
        f"kept in {kept / 1024:.0f} KiB, {kept / len(YEAR) / (VOUCHERS + 1):.0f} bytes a day of each"
    )


if __name__ == "__main__":
    with time_machine.travel(NOW, tick=True), many_shops(1, VOUCHERS) as wechat, running_server() as redis:
        asyncio.run(main(wechat, redis))
