"""Links to pictures: they open for a day, for whoever has them, as long as the person who asked has the role."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
import time_machine

from bot.merchants.links import Destination, Kind
from bot.merchants.people import SHELL, Role
from bot.pictures.poster import Poster
from bot.store import Store
from tests.charts.kinds import KINDS
from tests.discretion import Eavesdropper
from tests.handlers.test_issue_voucher import ISSUED, put, scanned
from tests.shop import PUBLIC, Shop
from tests.web.visitor import GONE, ask


async def path_of(shop: Shop) -> str:
    """The path of a link the manager has got."""
    put(shop)
    said = await shop.manager.says("投放 春节券")
    match = re.fullmatch(
        re.escape(f"{ISSUED}\n打印用大图（24 小时内有效，请勿转发）：\n")
        + r"https://bot\.example\.com(/files/[\w-]{32})\.png\nhttps://bot\.example\.com\1\.svg",
        said,
    )
    assert match, said
    return match[1]


async def test_no_public_address_no_link(shop: Shop) -> None:
    put(shop)
    assert await shop.manager.says("投放 春节券") == ISSUED


async def test_in_english(linked: Shop) -> None:
    put(linked)
    await linked.speaks_english()
    said = (await linked.manager.says("issue 春节券")).splitlines()
    assert said[-3] == "To print (for 24 hours, for you alone):"
    assert [line.rpartition(".")[2] for line in said[-2:]] == ["png", "svg"]


async def test_a_browser_gets_it_as_png_and_svg_and_keeps_nothing(linked: Shop, log: Eavesdropper) -> None:
    path = await path_of(linked)
    (ticket,) = linked.simulator.world.tickets.of(linked.appid)
    for address in (path, f"{path}.png"):
        status, headers, body = await ask(linked, address)
        assert (status, headers["Content-Type"]) == (200, "image/png")
        assert scanned(body) == ticket.url
        assert int.from_bytes(body[16:20]) == 2400
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers
        assert "Etag" not in headers
    status, headers, body = await ask(linked, f"{path}.svg")
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "春节券" in body.decode()
    status, headers, body = await ask(linked, f"{path}.svg", "HEAD")
    assert (status, headers["Content-Type"], body) == (200, "image/svg+xml; charset=utf-8", b"")
    log.forbid(path.rpartition("/")[2])


async def test_redis_holds_neither_the_token_nor_what_it_shows(linked: Shop, store: Store) -> None:
    token = (await path_of(linked)).rpartition("/")[2]
    (ticket,) = linked.simulator.world.tickets.of(linked.appid)
    (key,) = [key for key in await store.do("KEYS", "*") if ":link:" in key]
    written = key + json.dumps(await store.read(key))

    assert token not in written
    assert ticket.url not in written
    assert 86_000 < int(await store.do("TTL", key)) <= 86_400


async def test_it_ends_after_a_day(linked: Shop, clock: time_machine.Traveller) -> None:
    path = await path_of(linked)
    clock.shift(86_399)
    assert (await ask(linked, f"{path}.svg"))[0] == 200
    clock.shift(2)
    assert (await ask(linked, f"{path}.svg"))[0] == 404


@pytest.mark.parametrize("how", ["removed", "lowered", "suspended", "back"])
async def test_it_ends_with_the_role(linked: Shop, clock: time_machine.Traveller, how: str) -> None:
    path, people = await path_of(linked), linked.app.people(linked.appid)
    openid = linked.manager.openid
    match how:
        case "removed":
            await people.remove(openid, by=SHELL)
        case "lowered":
            await people.change(openid, by=SHELL, role=Role.CLERK)
        case "suspended":
            await people.unfollowed(openid, 1_795_500_000)
        case "back":
            await people.remove(openid, by=SHELL)
            clock.shift(60)
            await people.add(openid, Role.OWNER, "张三", by=SHELL)
    status, _, body = await ask(linked, f"{path}.png")
    assert (status, all(words in body.decode() for words in GONE)) == (404, True)


@pytest.mark.parametrize(
    "path",
    [
        "/files/", "/files", "/files/x", f"/files/{'x' * 31}", f"/files/{'x' * 32}", f"/files/{'x' * 33}",
        f"/files/{'x' * 32}.gif", f"/files/{'x' * 32}.png/", f"/files/{'x' * 32}.PNG", f"/files/{'x' * 32}%00",
        f"/files/{'x' * 30}%2F%2E", "/files/../../../../../etc/passwd", "/files/..%2f..%2f..%2f..%2fetc%2fpasswd0000",
        f"/files/{'券' * 32}", f"/files/{'x' * 32}?token=y", f"//files/{'x' * 32}", "/", "/favicon.ico", "/.git/config",
    ],
)  # fmt: skip
async def test_nothing_else_is_there(linked: Shop, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
        status, headers, body = await ask(linked, quote(path, safe="/%?=."), method)
        assert status in (404, 405), method
        assert body == b"" or (path.startswith("/files/x") and method == "GET" and GONE[0] in body.decode()), method
        assert "Server" not in headers


async def test_one_of_another_account_s_secret_is_lost(linked: Shop, store: Store) -> None:
    path = await path_of(linked)
    (key,) = [key for key in await store.do("KEYS", "*") if ":link:" in key]
    record: dict[str, Any] = await store.read(key)
    await store.write(key, record | {"sealed": "AAAA"})
    assert (await ask(linked, path))[0] == 404
    await store.write(key, record | {"appid": "wx" + "0" * 16})
    assert (await ask(linked, path))[0] == 404


async def test_a_chart_ends_with_its_day_and_with_the_role(linked: Shop, clock: time_machine.Traveller) -> None:
    chart = KINDS["lines"]
    people, links = linked.app.people(linked.appid), linked.app.services[linked.appid].links
    viewer = people.operator(linked.viewer.openid)
    assert viewer is not None
    paths = [
        (await links.offer(Destination(Kind.CHART, chart.stored(), Role.VIEWER), viewer)).removeprefix(PUBLIC)
        for _ in range(2)
    ]
    status, headers, body = await ask(linked, f"{paths[0]}.png")
    assert (status, headers["Content-Type"], int.from_bytes(body[16:20])) == (200, "image/png", 800)
    assert (await ask(linked, f"{paths[1]}.svg"))[2].decode() == chart.svg()
    await people.change(viewer.openid, by=SHELL, role=Role.OWNER)
    assert (await ask(linked, f"{paths[0]}.png"))[0] == 200, "who may more may this, too"
    await people.remove(viewer.openid, by=SHELL)
    assert (await ask(linked, f"{paths[0]}.png"))[0] == 404
    clock.shift(60)
    await people.add(viewer.openid, Role.VIEWER, "赵敏", by=SHELL)
    assert (await ask(linked, f"{paths[0]}.png"))[0] == 404, "a new membership has none of the links of the old one"
    clock.shift(86_401)
    assert (await ask(linked, f"{paths[1]}.png"))[0] == 404


async def test_a_picture_that_cannot_be_drawn_is_503(linked: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = await path_of(linked)
    await linked.app.dispatcher.settle()
    await linked.app.jobs.close()
    monkeypatch.setattr(Poster, "svg", lambda self: "<svg")
    status, headers, body = await ask(linked, path)
    assert (status, headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "系统暂时忙" in body.decode()
    assert "The system is busy" in body.decode()
