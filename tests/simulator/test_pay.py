"""The credit account."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.simulator import Simulator
from tests.simulator.conftest import NOODLES, Api, new_shop

COINS = "/card/pay/getcoinsinfo"


async def test_the_balance_is_read_by_get_only(api: Api) -> None:
    assert (await api.post(COINS, {}))["errcode"] == 43001


@pytest.mark.parametrize(("free", "paid"), [("a", "0"), ("1", "-1"), ("NaN", "1"), ("Infinity", "1"), ("", "1")])
def test_refuses_what_is_no_amount(sim: Simulator, free: str, paid: str) -> None:
    with pytest.raises(ValueError, match="no amounts"):
        sim.set_coins(NOODLES, free, paid)


async def test_amounts_are_strings(sim: Simulator, api: Api) -> None:
    empty = await api.get(COINS)
    assert empty == {"errcode": 0, "errmsg": "ok", "free_coin": "0", "pay_coin": "0", "total_coin": "0"}

    sim.set_coins(NOODLES, "180", "49.80")
    told = await api.get(COINS)
    assert (told["free_coin"], told["pay_coin"], told["total_coin"]) == ("180", "49.8", "229.8")


async def test_the_balance_outlives_the_simulator(tmp_path: Path) -> None:
    first = Simulator(tmp_path)
    first.add_shop(new_shop())
    first.set_coins(NOODLES, "0.2", "50")
    await first.stop()

    second = Simulator(tmp_path)
    assert str(second.world.coins.of(NOODLES).total) == "50.2"
    await second.stop()
