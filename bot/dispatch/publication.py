"""WeChat's check before a component is published to everybody: answers that its test accounts wait for, word for word.

Only for the test accounts: to anybody else these texts are texts. Source: "full-network publication", releases page;
the event case is of its older versions and does no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import TypeVar

from bot.clock import now
from bot.dispatch import answer
from bot.dispatch.answer import Answer, AnswerKind
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.faults import described
from bot.errors import PushRefused, StoreUnavailable, WeChatError, WeChatRefused
from bot.store.inbox import Claim, Copy, Inbox
from bot.wechat.account import Account
from bot.wechat.component.platform import Platform
from bot.wechat.inbound import Incoming

T = TypeVar("T")
log = logging.getLogger(__name__)

TEST_ACCOUNTS: Mapping[str, str] = MappingProxyType(
    {
        "wx570bc396a51b8ff8": "gh_3c884a361561",
        "wx9252c5e0bb1836fc": "gh_c0f28a78b318",
        "wx8e1097c5bc82cde9": "gh_3f222ed8d140",
        "wx14550af28c71a144": "gh_26128078e9ab",
        "wxa35b9c23cfe664eb": "gh_2b3713f184a6",
        "wxd101a85aa106f53e": "gh_8dad206e9538",
        "wxc39235c15087f6f3": "gh_905ae9d01059",
        "wx7720d01d4b2a4500": "gh_393666f1fdf4",
        "wx05d483572dcd5d8b": "gh_39abb5d4e1b7",
        "wx5910277cae6fd970": "gh_7818dcb60240",
    }
)
"""Appid and original id of the official accounts and mini programs WeChat checks with."""
TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT"
QUERY = "QUERY_AUTH_CODE:"
EMPTY = Answer(AnswerKind.EMPTY)


class Publication:
    """Stands before the dispatcher, and answers what the test accounts push itself."""

    def __init__(self, platform: Platform, inbox: Inbox, dispatcher: Dispatcher) -> None:
        self._platform = platform
        self._inbox = inbox
        self._dispatcher = dispatcher
        self._running: set[asyncio.Task[None]] = set()

    def account(self, appid: str) -> Account | None:
        """The test account ``appid``; None for any other."""
        original_id = TEST_ACCOUNTS.get(appid)
        if original_id is None:
            return None
        component = self._platform.component
        return Account(appid, original_id, appid, "", component.keys, component=component.appid)

    async def receive(self, copy: Copy, push: Incoming, arrived: float) -> Answer | None:
        """As :meth:`bot.dispatch.dispatcher.Dispatcher.receive`.

        What is to follow the answer to a check is begun once, for the first copy of its push.
        """
        if push.appid not in TEST_ACCOUNTS:
            return await self._dispatcher.receive(copy, push, arrived)
        claimed = await self._inbox.claim(copy, now())
        if claimed.claim in (Claim.FORGED, Claim.STALE):
            raise PushRefused(claimed.claim.value)
        given = self._answer(push)
        if claimed.claim is Claim.NEW:
            await self._inbox.finish(copy, claimed.ticket, {"kind": given.kind.value, "text": given.text}, now())
            if push.is_text and push.text.startswith(QUERY):
                self._begin(push, push.text.partition(":")[2])
        return given

    def delivered(self, push: Incoming, given: Answer) -> None:
        """Nobody keeps anything for a check."""
        if push.appid not in TEST_ACCOUNTS:
            self._dispatcher.delivered(push, given)

    def attending(self) -> AbstractContextManager[None]:
        """As the dispatcher's."""
        return self._dispatcher.attending()

    async def close(self) -> None:
        """Let what was begun come to its end."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _answer(self, push: Incoming) -> Answer:
        if push.kind == "event":
            return answer.text(f"{push.value('Event')}from_callback")
        if push.is_text and push.text == TEXT:
            return answer.text(f"{TEXT}_callback")
        return EMPTY

    def _begin(self, push: Incoming, code: str) -> None:
        task = asyncio.create_task(self._send(push.openid, code))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send(self, openid: str, code: str) -> None:
        """What the check waits for after the empty answer: the code, sent with the token that it was exchanged for."""
        try:
            granted = await _twice(lambda: self._platform.api.exchange_code(code))
            await _twice(lambda: self._platform.send_text(granted.access_token, openid, f"{code}_from_api"))
        except (WeChatError, StoreUnavailable) as error:
            log.warning("publication check failed", extra={"fault": described(error)})


async def _twice(call: Callable[[], Awaitable[T]]) -> T:
    """The check's own accounts are known to be refused once (-1000, 61003), and not the second time."""
    try:
        return await call()
    except WeChatRefused:
        return await call()
