"""What was said and done before a kill is there after the next start."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient

from bot.simulator import DEMO_PERSONS, DEMO_SHOPS, Person, Shop, Simulator, cash_voucher, demo_world
from bot.simulator.days import today
from bot.simulator.persistence import Store
from tests.simulator.conftest import CASH, NOODLES, WANG, new_shop

SCRIPT = """
import asyncio, json, sys
from pathlib import Path
from bot.simulator import DEMO_SHOPS, Simulator, demo_world

async def main():
    sim = Simulator(Path(sys.argv[1]))
    demo_world(sim, "http://127.0.0.1:1")
    await sim.start()
    print(json.dumps(sim.url), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def world(folder: Path, shop: Shop) -> Simulator:
    """The same setting-up at every start."""
    sim = Simulator(folder)
    sim.add_shop(shop)
    sim.add_person(NOODLES, Person(WANG, "王芳", "owner"))
    sim.add_voucher(NOODLES, cash_voucher("面馆", 1000, card_id=CASH))
    return sim


async def test_a_killed_simulator_forgets_nothing(tmp_path: Path) -> None:
    shop, person = DEMO_SHOPS[0], DEMO_PERSONS[DEMO_SHOPS[0].appid][0]
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, tmp_path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = json.loads(process.stdout.readline())
        client = AsyncHTTPClient(force_instance=True)

        async def post(path: str, body: Mapping[str, object]) -> dict[str, object]:
            raw = json.dumps(body, ensure_ascii=False)
            kind = {"Content-Type": "application/json"}
            response = await client.fetch(url + path, method="POST", body=raw, headers=kind)
            answer: dict[str, object] = json.loads(response.body)
            return answer

        await post("/_control/say", {"appid": shop.appid, "openid": person.openid, "text": "统计"})
        credentials = {"grant_type": "client_credential", "appid": shop.appid, "secret": shop.secret}
        token = (await post("/cgi-bin/stable_token", credentials))["access_token"]
        change = {"card_id": "pLake1cash10yuan0000000demo1", "cash": {"base_info": {"notice": "周末不可用"}}}
        assert (await post(f"/card/update?access_token={token}", change))["send_check"] is True
        client.close()
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()

    sim = Simulator(tmp_path)
    demo_world(sim, "http://127.0.0.1:1")
    assert sim.chat(shop.appid, person.openid)[0].text == "统计"
    assert sim.world.people.window(shop.appid, person.openid)[0] == 5
    (review,) = sim.reviews(shop.appid)
    assert review.changed == {"base_info.notice": ("结账前出示券码", "周末不可用")}
    assert [call.path for call in sim.calls()] == ["/cgi-bin/stable_token", "/card/update"]
    assert sim.world.tokens.owner(str(token)) == shop.appid
    sim.world.store.close()


async def test_decisions_follows_and_figures_are_kept(tmp_path: Path) -> None:
    sim = world(tmp_path, new_shop(callback_url="http://127.0.0.1:1/"))
    sim.world.shelf.submit(sim.voucher(NOODLES, CASH), {"base_info.notice": ("一", "二")})
    await sim.review(NOODLES, CASH, approve=False, reason="LOGO 模糊")
    await sim.unfollow(NOODLES, WANG)
    sim.set_figures(NOODLES, CASH, "2026-11-21", 1, {"view_cnt": 7})
    await sim.event(NOODLES, "oSomebody", "user_get_card", {"CardId": CASH})
    await sim.stop()

    again = world(tmp_path, new_shop())
    assert again.voucher(NOODLES, CASH).status == "CARD_STATUS_VERIFY_FAIL"
    assert [entry["reason"] for entry in again.world.shelf.decided(NOODLES)] == ["LOGO 模糊"]
    assert again.world.people.follows(NOODLES, WANG) is False
    voucher = again.voucher(NOODLES, CASH)
    assert (again.world.figures.of_voucher(voucher, date(2026, 11, 21), 1) or {})["view_cnt"] == 7
    assert (again.world.figures.of_voucher(voucher, today(), 1) or {})["receive_user"] == 1
    again.world.store.close()


def test_a_folder_serves_one_simulator_at_a_time(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.put("kind", "wx", "key", 1)

    with pytest.raises(RuntimeError, match="is another simulator running on it"):
        Store(tmp_path)

    first.close()
    second = Store(tmp_path)
    assert list(second.all("kind")) == [("wx", "key", 1)]
    second.close()


def test_a_record_is_replaced_in_its_place_removed_and_forgotten() -> None:
    store = Store(None)
    for key, value in (("a", 1), ("b", 2), ("a", 3)):
        store.put("kind", "wx", key, value)
    assert list(store.all("kind")) == [("wx", "a", 3), ("wx", "b", 2)]

    store.remove("kind", "wx", "a")
    assert list(store.all("kind")) == [("wx", "b", 2)]
    store.forget("kind")
    assert list(store.all("kind")) == []
    store.close()


def test_a_log_keeps_its_last_entries() -> None:
    store = Store(None)
    for number in range(5):
        store.append("call", "wx", number, keep=3)
    assert [value for _, _, value in store.all("call")] == [2, 3, 4]
    store.close()


def test_serve_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    code = f"from pathlib import Path; from bot.simulator import serve; serve({port}, Path({str(tmp_path)!r}))"
    process = subprocess.Popen([sys.executable, "-W", "error", "-c", code], stderr=subprocess.PIPE)
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)  # another process: there is no event to wait for
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate()
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, b"")
