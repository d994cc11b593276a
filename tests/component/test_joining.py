"""A merchant authorises the platform and texts its own account; and takes the authorisation back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import WeChatRefused
from bot.store import Store
from bot.store.authorizers import State
from tests.component.conftest import NOODLES, TEA, Hall, open_app, settings_of
from tests.shop import PEOPLE


async def test_before_it_has_authorised_its_pushes_are_nobodys(hall: Hall) -> None:
    hall.simulator.world.platform.grant(NOODLES, [1])  # WeChat knows of it, and its event has not come yet

    delivery = await hall.simulator.text(NOODLES, PEOPLE["owner"][0], "帮助")

    assert {attempt.status for attempt in delivery.attempts} == {404}


async def test_a_merchant_joins_and_is_answered(hall: Hall) -> None:
    joined = await hall.authorises()
    assert joined.event is not None
    assert joined.event.attempts[0].body == b"success"
    await hall.joins(TEA)

    assert (await hall.says("我", TEA)).startswith("「山间茶室」· 老板 王芳\n")
    kept = await hall.kept()
    assert (kept.name, kept.state, kept.sets) == ("湖畔面馆", State.ACTIVE, (1, 2, 3, 7, 8, 11, 13, 15))


async def test_a_call_goes_out_with_the_accounts_token_fetched_once(hall: Hall) -> None:
    await hall.joins()
    hall.simulator.clear_calls()

    await hall.says("卡券")
    await hall.says("券点")

    assert len(hall.simulator.calls("api_authorizer_token")) == 1
    assert hall.simulator.calls("stable_token") == []
    assert {call.errcode for call in hall.simulator.calls("card/batchget")} == {0}


async def test_the_code_is_exchanged_once_whoever_has_it_first(hall: Hall) -> None:
    authorizing = hall.third_party.authorizing
    joined = await hall.authorises()

    again = await authorizing.exchange(joined.code)

    assert again.name == "湖畔面馆"
    assert len(hall.simulator.calls("api_query_auth")) == 1
    with pytest.raises(WeChatRefused) as refused:
        await authorizing.exchange("queryauthcode@@@made-up", "")
    assert refused.value.errcode == 61009


async def test_who_takes_it_back_is_served_no_more_and_comes_back_whole(hall: Hall, store: Store) -> None:
    await hall.joins()
    await hall.says("语言 en")
    await hall.says("卡券")
    await hall.leaves()

    assert (await hall.simulator.text(NOODLES, PEOPLE["owner"][0], "我")).text == ""
    kept = await hall.kept()
    assert (kept.state, kept.sets) == (State.UNAUTHORIZED, ())
    assert await store.do("EXISTS", "v1:{" + NOODLES + "}:token") == 0
    assert NOODLES not in hall.app.services

    await hall.authorises()
    assert "owner" in await hall.says("whoami")


async def test_redis_wiped_and_the_merchant_need_not_authorise_again(
    hall: Hall, store: Store, redis_server: str, tmp_path: Path
) -> None:
    await hall.joins()
    await hall.says("语言 en")
    assert "every day at 09:00" in await hall.says("digest on 09:00")
    before = await hall.says("whoami")
    await store.do("FLUSHALL")

    async with open_app(settings_of(hall.simulator, hall.component, tmp_path), redis_server) as (app, address):
        hall.component.messages_url = f"{address}/component/$APPID$/messages"
        assert NOODLES in app.services
        assert (await hall.says("whoami")).splitlines()[:2] == before.splitlines()[:2]
        assert "09:00" in await hall.says("digest")
        assert len(await app.services[NOODLES].vouchers.all(fresh=True)) == 0


async def test_redis_and_the_copies_are_lost_and_wechat_tells_who_has_authorised(
    hall: Hall, store: Store, redis_server: str, tmp_path: Path
) -> None:
    await hall.authorises(NOODLES)
    await hall.authorises(TEA, 1, 8)
    await store.do("FLUSHALL")

    elsewhere = settings_of(hall.simulator, hall.component, tmp_path / "new machine")
    async with open_app(elsewhere, redis_server) as (app, address):
        hall.component.events_url = f"{address}/component/events"
        hall.component.messages_url = f"{address}/component/$APPID$/messages"
        assert app.third_party is not None
        await app.third_party.ticket_watch.look()
        assert hall.simulator.calls("api_get_authorizer_list") == [], "without a ticket there is nothing to ask with"

        await hall.simulator.push_ticket()
        for _ in range(2):
            await app.third_party.ticket_watch.look()
        assert len(hall.simulator.calls("api_get_authorizer_list")) == 1
        known = {each.appid: each for each in await app.third_party.platform.authorizers.all()}
        assert (known[NOODLES].name, known[TEA].sets) == ("湖畔面馆", (1, 8))
        assert await app.third_party.tenants.find(TEA) is not None
        assert await app.services[TEA].vouchers.all(fresh=True) == []
