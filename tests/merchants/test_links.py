"""Links of kinds: sealed where they lead, guarded by a role, and for a day."""

from __future__ import annotations

import json

import pytest
import time_machine

from bot.merchants import links
from bot.merchants.links import Destination, Kind, Links
from bot.merchants.people import Operator, People, Role
from bot.store import Store
from bot.wechat.account import Account
from tests.merchants.conftest import CLERK, OWNER

ADDRESS = "https://bot.example.com"
REPORT = Destination(Kind.REPORT, {"first": "2026-11-01", "last": "2026-11-21"}, Role.VIEWER)


@pytest.fixture
def offered(store: Store, account: Account) -> Links:
    """Links of a server browsers can reach."""
    return Links(store, account, f"{ADDRESS}/")


def operator(people: People, openid: str) -> Operator:
    """One who is there."""
    found = people.operator(openid)
    assert found is not None
    return found


async def test_no_address_no_links(store: Store, account: Account, people: People) -> None:
    none = Links(store, account, "")
    assert not none.possible
    assert await none.offer(REPORT, operator(people, OWNER)) == ""
    assert [key for key in await store.do("KEYS", "*") if ":link:" in key] == []


@pytest.mark.parametrize("kind", Kind)
async def test_each_kind_leads_where_it_was_meant_to(
    offered: Links, store: Store, people: People, kind: Kind, clock: time_machine.Traveller
) -> None:
    destination = Destination(kind, {"title": "春节券", "days": [1, 2]}, Role.CLERK)
    path, _, token = (await offered.offer(destination, operator(people, OWNER))).rpartition("/")
    assert path == f"{ADDRESS}/{'reports' if kind is Kind.REPORT else 'files'}"

    linked = await links.find(store, token)
    assert linked is not None
    assert offered.destination(linked) == destination
    assert offered.address(kind, token) == f"{path}/{token}"
    assert linked.open_to(operator(people, CLERK)) is False  # somebody else's membership
    assert linked.open_to(operator(people, OWNER)) is True
    assert linked.open_to(None) is False
    clock.move_to(linked.until)
    assert await links.find(store, token) is None


async def test_redis_tells_neither_the_token_nor_where_it_leads(offered: Links, store: Store, people: People) -> None:
    token = (await offered.offer(REPORT, operator(people, OWNER))).rpartition("/")[2]
    (key,) = [key for key in await store.do("KEYS", "*") if ":link:" in key]
    written = key + json.dumps(await store.read(key))

    assert token not in written
    assert "report" not in written
    assert "2026-11" not in written


async def test_another_secret_opens_nothing(offered: Links, store: Store, people: People) -> None:
    token = (await offered.offer(REPORT, operator(people, OWNER))).rpartition("/")[2]
    linked = await links.find(store, token)
    assert linked is not None
    other = Account("wx0123456789abcdef", "gh_0123456789ab", "湖畔面馆", "another", ())

    assert Links(store, other, ADDRESS).destination(linked) is None
    assert "sealed" not in repr(linked)


@pytest.mark.parametrize("token", ["", "x" * 31, "x" * 33, "x" * 31 + "/", "x" * 31 + "\n", "券" * 32])
async def test_what_is_no_token_is_not_looked_for(store: Store, token: str) -> None:
    assert await links.find(store, token) is None
