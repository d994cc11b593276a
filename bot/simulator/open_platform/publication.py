"""The full-network publication check: what WeChat sends before a component may go public, and what it wants to see.

Source: publication check page (messaging.md B4).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.calls import seconds_since
from bot.simulator.model import Delivery, Fault, Person
from bot.simulator.open_platform.checked_accounts import GROUPS, CheckedAccount, Group, admit, sets_of
from bot.simulator.open_platform.herald import Herald
from bot.simulator.open_platform.joining import event_of
from bot.simulator.open_platform.model import CODE_LIFETIME
from bot.simulator.open_platform.sets import MESSAGES, MINI_MESSAGES
from bot.simulator.open_platform.verify_tickets import VerifyTicket
from bot.simulator.push import How
from bot.simulator.stream import Happening
from bot.simulator.vouchers import new_openid
from bot.simulator.world import World

TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT"
PATIENCE = 10.0
"""Seconds from the push to the message it asks for; the page says "at once"."""
EVENT = "LOCATION"
LONG_AGO = 1
"""The second an old ticket was made."""
ONCE = How(tries=1)

Push = Callable[[str, dict[str, Any]], Awaitable[Delivery]]


@dataclass(frozen=True)
class Finding:
    """One case. ``group``: 0 for what concerns the component alone; ``seconds`` until the answer came, or was given
    up."""

    group: int
    case: str
    appid: str
    sent: str
    expected: str
    came: str
    seconds: float
    passed: bool


@dataclass(frozen=True)
class Visit:
    """One test account at the component, and the person who writes."""

    group: int
    account: CheckedAccount
    openid: str = field(default_factory=new_openid)


@dataclass(frozen=True)
class Extent:
    """What of the check is played.

    ``mini_programs``: their case, too; it is due where the set of their customer messages is asked for. ``events``: the
    case of older versions. ``noise``: query_auth and custom/send fail once, as merchants report of these accounts.
    """

    groups: Sequence[int] = tuple(GROUPS)
    mini_programs: bool = False
    events: bool = True
    noise: bool = False
    patience: float = PATIENCE


class PublicationCheck:
    """Plays the check against a component. ``push`` delivers a message of an account, once."""

    def __init__(self, world: World, herald: Herald, push: Push) -> None:
        self._world, self._herald, self._push = world, herald, push

    async def run(self, extent: Extent) -> list[Finding]:
        """All cases, in order."""
        ticket = await self._herald.ticket(tries=1)
        found = [_event_finding(0, "component_verify_ticket", ticket)]
        for number in extent.groups:
            found += await self._group(GROUPS[number], extent)
        return found

    async def installation(self, groups: Sequence[int] = tuple(GROUPS)) -> list[Finding]:
        """What an installation can be asked that calls another WeChat than this one.

        A ticket so old that it replaces none, a text, and the answer to a code that WeChat never made.
        """
        old = VerifyTicket("ticket@@@old", LONG_AGO)
        found = [_event_finding(0, "component_verify_ticket", await self._herald.ticket(old, tries=1))]
        for number in groups:
            visit = Visit(number, GROUPS[number].official)
            admit(self._world, visit.account)
            self._world.people.add(visit.account.appid, Person(visit.openid, "检测", "customer"))
            self._world.platform.grant(visit.account.appid, sets_of(visit.account, self._world.platform.known.sets))
            sent = f"QUERY_AUTH_CODE:{secrets.token_urlsafe(24)}"
            answered = _answer_finding(visit, "query, answer", await self._say(visit, sent), sent)
            found += [await self._text(visit), answered]
        return found

    async def _group(self, group: Group, extent: Extent) -> list[Finding]:
        offered = self._world.platform.known.sets
        found = []
        if MESSAGES in offered:
            found += await self._account(Visit(group.number, group.official), extent)
        if extent.mini_programs or MINI_MESSAGES in offered:
            found += await self._account(Visit(group.number, group.mini), extent)
        return found

    async def _account(self, visit: Visit, extent: Extent) -> list[Finding]:
        """The account authorises, is asked everything, and goes."""
        platform, appid = self._world.platform, visit.account.appid
        admit(self._world, visit.account)
        self._world.people.add(appid, Person(visit.openid, "检测", "customer"))
        platform.grant(appid, sets_of(visit.account, platform.known.sets))
        found = [await self._joining(visit)]
        if visit.account.mini_program:
            found += await self._query(visit, "query of a mini program", extent)
        else:
            found += [await self._text(visit), *await self._query(visit, "query", extent)]
            found += [await self._event(visit)] if extent.events else []
        platform.authorisations.take_back(appid)
        gone = {"InfoType": "unauthorized", "AuthorizerAppid": appid}
        return [*found, _event_finding(visit.group, "unauthorized", await self._herald.push(gone, how=ONCE))]

    async def _joining(self, visit: Visit) -> Finding:
        platform = self._world.platform
        code, pre_auth = platform.codes.authorisation(visit.account.appid), platform.codes.pre_auth(CODE_LIFETIME)
        elements = {"InfoType": "authorized", **event_of(platform, code, pre_auth)}
        return _event_finding(visit.group, "authorized", await self._herald.push(elements, how=ONCE))

    async def _text(self, visit: Visit) -> Finding:
        delivery = await self._say(visit, TEXT)
        return _reply_finding(visit, "text", delivery, TEXT, f"{TEXT}_callback")

    async def _say(self, visit: Visit, text: str) -> Delivery:
        return await self._push(visit.account.appid, {"FromUserName": visit.openid, "MsgType": "text", "Content": text})

    async def _event(self, visit: Visit) -> Finding:
        place = {"Latitude": "23.137466", "Longitude": "113.352425", "Precision": "119.385040"}
        event = {"FromUserName": visit.openid, "MsgType": "event", "Event": EVENT, **place}
        delivery = await self._push(visit.account.appid, event)
        return _reply_finding(visit, "event", delivery, EVENT, f"{EVENT}from_callback")

    async def _query(self, visit: Visit, name: str, extent: Extent) -> list[Finding]:
        """An empty answer, then the exchanged code in a customer-service message."""
        code = self._world.platform.codes.authorisation(visit.account.appid).value
        sent, expected = f"QUERY_AUTH_CODE:{code}", f"{code}_from_api"
        faults = self._noise(visit.account) if extent.noise else []
        asked, start = len(self._world.calls.find()), time.perf_counter()
        with self._world.stream.watch() as queue:
            delivery = await self._say(visit, sent)
            came = await _message(queue, visit.openid, extent.patience - seconds_since(start))
        spent = seconds_since(start)
        for fault in faults:
            self._world.faults.remove(fault)
        calls = self._world.calls.find()[asked:]
        told = came or "; ".join(f"{call.path} answered {call.errcode}" for call in calls) or "no call"
        message = Finding(
            visit.group, f"{name}, message", visit.account.appid, sent, expected, told, spent, came == expected
        )
        return [_answer_finding(visit, f"{name}, answer", delivery, sent), message]

    def _noise(self, account: CheckedAccount) -> list[Fault]:
        """What is known to fail once with these accounts."""
        exchange, sending = Fault(errcode=61003), Fault(errcode=-1000, errmsg="system error")
        self._world.faults.add("component/api_query_auth", exchange, 1, self._world.platform.known.appid)
        self._world.faults.add("message/custom/send", sending, 1, account.appid)
        return [exchange, sending]


async def _message(queue: asyncio.Queue[Happening], openid: str, patience: float) -> str | None:
    """The next customer-service message to a person, None if there is none in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, patience)):
            while True:
                kind, data = await queue.get()
                if kind == "bubble" and data["openid"] == openid and data["bubble"]["via"] == "custom":
                    return str(data["bubble"]["text"])
    return None


def _spent(delivery: Delivery) -> float:
    return delivery.attempts[-1].seconds if delivery.attempts else 0.0


def _event_finding(group: int, name: str, delivery: Delivery) -> Finding:
    body = delivery.attempts[-1].body.decode("utf-8", "replace") if delivery.attempts else ""
    came = body if not delivery.failure else delivery.failure
    return Finding(group, name, delivery.appid, name, "success", came, _spent(delivery), not delivery.failure)


def _reply_finding(visit: Visit, name: str, delivery: Delivery, sent: str, expected: str) -> Finding:
    reply = delivery.reply or {}
    came = delivery.failure or str(reply.get("Content") or reply.get("MsgType") or "no reply")
    passed = reply.get("MsgType") == "text" and reply.get("Content") == expected
    return Finding(visit.group, name, visit.account.appid, sent, expected, came, _spent(delivery), passed)


def _answer_finding(visit: Visit, name: str, delivery: Delivery, sent: str) -> Finding:
    """Empty it has to be: ``success`` is another answer."""
    last = delivery.attempts[-1] if delivery.attempts else None
    passed = last is not None and last.error is None and last.body == b""
    came = delivery.failure or ("a reply" if delivery.reply else last.body.decode("utf-8", "replace") if last else "")
    return Finding(visit.group, name, visit.account.appid, sent, "", came, _spent(delivery), passed)
