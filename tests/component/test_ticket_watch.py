"""Tickets that stay away: the provider's people are told once, WeChat is asked, and it is told when they come again."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import time_machine

from bot.simulator import Component, Simulator
from tests.component.conftest import Hall, open_app, settings_of
from tests.shop import Shop, settings_for

AWAY = """\
⚠️ 第三方平台：14:02 起没有收到 component_verify_ticket
11月23日 02:02 后所有授权的公众号都会停下

已请微信重新推送。请检查：授权事件接收 URL、Token、EncodingAESKey，以及服务器能否从外面访问"""


async def test_while_they_come_nothing_is_said(hall: Hall, clock: time_machine.Traveller) -> None:
    for _ in range(4):
        clock.shift(600)
        await hall.simulator.push_ticket()
        await hall.third_party.ticket_watch.look()
    assert hall.simulator.calls("api_start_push_ticket") == []


async def test_they_stay_away_and_come_again(
    shop: Shop, component: Component, simulator: Simulator, redis_server: str, tmp_path: Path,
    clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    own = settings_for(simulator, shop.wechat_side).accounts
    platform = settings_of(simulator, component, tmp_path)
    async with open_app(platform.model_copy(update={"accounts": own}), redis_server) as (app, address):
        assert app.third_party is not None
        component.events_url = f"{address}/component/events"
        component.order = "event lost"
        await simulator.push_ticket()
        await shop.everybody_texts()
        simulator.platform_readings.start_pushes_always = False
        simulator.clear_calls()
        component.events_url = ""
        for seconds, asked in ((1199, 0), (1, 1), (60, 2)):
            clock.shift(seconds)
            await app.third_party.ticket_watch.look()
            assert len(simulator.calls("api_start_push_ticket")) == asked
        assert shop.owner.reads() == [AWAY]
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == ["no ticket"]

        component.events_url = f"{address}/component/events"
        await simulator.push_ticket()
        await app.third_party.ticket_watch.look()
        assert shop.owner.reads() == ["✅ 第三方平台：又收到 component_verify_ticket 了"]
        await app.third_party.ticket_watch.look()
        assert shop.owner.reads() == []
