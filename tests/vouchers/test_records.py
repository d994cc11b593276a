"""The change log as services use it: who is on record, what is found again, and that Redis away hides no outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import OutcomeUnknown, WeChatError, WeChatRefused, WeChatUnreachable
from bot.merchants.people import Operator, Role
from bot.store import Store, connect, record_keys
from bot.vouchers.changes import Change
from bot.vouchers.fields import BY_NAME
from bot.vouchers.records import LOOKED_BACK, Ending, Records, What
from tests.shop import Shop

ZHANG = Operator("oZhang", "张三", Role.MANAGER)
WANG = Operator("oWang", "王芳", Role.OWNER)


@pytest.fixture
def records(shop: Shop) -> Records:
    """An empty log."""
    return shop.app.services[shop.appid].vouchers.records


@pytest.mark.parametrize(
    ("failure", "ending", "errcode"),
    [
        (lambda: WeChatRefused("card/create", 45021), Ending.REFUSED, 45021),
        (lambda: OutcomeUnknown("card/create"), Ending.IN_DOUBT, 0),
        (lambda: WeChatUnreachable("card/create"), Ending.NOT_SENT, 0),
    ],
)
async def test_what_is_raised_is_noted_and_goes_on(
    records: Records, failure: Callable[[], WeChatError], ending: Ending, errcode: int
) -> None:
    with pytest.raises(WeChatError):
        async with records.during(None, ZHANG, What.OPEN_CREDIT):
            raise failure()

    (asked,) = await records.newest(9)
    assert (asked.ending, asked.errcode) == (ending, errcode)


async def test_a_fault_of_ours_leaves_the_end_open(records: Records) -> None:
    with pytest.raises(KeyError):
        async with records.during(None, ZHANG, What.OPEN_CREDIT):
            raise KeyError

    assert (await records.newest(9))[0].ending is Ending.UNSEEN


async def test_kinds_are_chosen_before_they_are_counted(records: Records) -> None:
    for what in (What.STOCK, What.REDEEM, What.REDEEM, What.UPDATE, What.REDEEM):
        await records.ended(await records.begin(None, (), ZHANG, what), "done")

    found = await records.newest(2, whats=(What.STOCK, What.UPDATE))
    assert [(asked.number, asked.what) for asked in found] == [(4, What.UPDATE), (1, What.STOCK)]


async def test_what_was_created_is_found_by_the_id_it_got(records: Records) -> None:
    number = await records.begin(None, (), ZHANG, What.CREATE, title="春节券")
    await records.ended(number, "done", card_id="pNEW")

    (asked,) = await records.newest(9, card_id="pNEW")
    assert (asked.what, asked.title, asked.card_id, asked.ending) == (What.CREATE, "春节券", "pNEW", Ending.DONE)


async def test_both_are_on_record_where_two_had_to_agree(records: Records) -> None:
    await records.begin(None, (), replace(ZHANG, second=WANG), What.TOP_UP, coins=50)

    (asked,) = await records.newest(9, openid="oZhang")
    assert (asked.name, asked.second) == ("张三", "王芳")
    assert await records.newest(9, openid="oWang") == []


async def test_the_last_of_its_kind_by_the_same_person(records: Records) -> None:
    for by, what, code in (
        (ZHANG, What.REDEEM, "…0001"),
        (WANG, What.REDEEM, "…0002"),
        (ZHANG, What.VOID, "…0002"),
        (ZHANG, What.REDEEM, "…0001"),
    ):
        await records.begin(None, (), by, what, code=code)

    found = await records.last_asked(ZHANG, What.REDEEM, code="…0001")
    assert found is not None
    assert found.number == 4
    assert await records.last_asked(ZHANG, What.REDEEM, code="…0002") is None
    assert await records.last_asked(ZHANG) is None


async def test_pages_are_read_until_enough_of_one_voucher_is_found(records: Records, store: Store) -> None:
    changes = [Change(BY_NAME["get_limit"], 1, 2)]
    first = await records.begin(None, changes, ZHANG, card_id="pOLD", title="旧券")
    for number in range(LOOKED_BACK // 2 + 5):
        await records.begin(None, (), WANG, What.REDEEM, code=f"…{number:04}")
    await records.end(first, "applied")

    (asked,) = await records.newest(3, card_id="pOLD")
    assert (asked.number, asked.title, asked.ending) == (1, "旧券", Ending.DONE)
    assert asked.differences() == changes
    assert (await records.chain.verify()).findings == ()


async def test_what_somebody_else_wrote_there_stops_nobody(records: Records, store: Store, shop: Shop) -> None:
    await records.begin(None, (), ZHANG, What.OPEN_CREDIT)
    strange = ("{}", '{"number":7,"event":"asked","at":1}', "nonsense", '{"number":[],"event":"done","at":1}')
    await store.do("RPUSH", record_keys.change_records(shop.appid), *strange)
    await records.begin(None, (), ZHANG, What.OPEN_CREDIT)

    assert [asked.number for asked in await records.newest(9)] == [2, 1]
    assert len((await records.chain.verify()).findings) > 0


async def test_an_end_that_cannot_be_noted_hides_nothing(shop: Shop) -> None:
    away = connect("unix:///nowhere")
    lost = Records(shop.app.services[shop.appid].account, away)

    await lost.ended(1, "done")  # raises nothing: what WeChat did is told all the same
    await away.close()
