"""Between the people and the wire: fills a push in, keeps the books of what people did, shows what came back."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Literal

from bot.simulator.delivery_faults import DeliveryFaults, Mishap
from bot.simulator.errors import ApiError
from bot.simulator.model import FAILURE_LINE, Bubble, Delivery, Line, Shop
from bot.simulator.push import How, Pusher, has_chat
from bot.simulator.replies import news
from bot.simulator.world import World

GRANTING_EVENTS = {
    "click": "menu",
    "scancode_push": "menu",
    "scancode_waitmsg": "menu",
    "subscribe": "follow",
    "scan": "scan",
}
"""Events that let the account write to the person; a subscription through a QR code counts as following."""

SHOWN = 200
"""Deliveries the log keeps."""


class PostOffice:
    """Sends what people do to the accounts' servers."""

    def __init__(self, world: World, pusher: Pusher, faults: DeliveryFaults) -> None:
        self._world, self._pusher, self._faults = world, pusher, faults
        self._seen: set[tuple[str, Any]] = set()
        self.log: deque[dict[str, Any]] = deque(maxlen=SHOWN)
        self._reports: set[asyncio.Task[Delivery]] = set()
        world.report = self.report

    async def send(
        self, shop: Shop, given: Mapping[str, Any], how: How, msg_id: int | None, create_time: int | None
    ) -> Delivery:
        """Deliver; see :meth:`Simulator.push`."""
        content = self._complete(shop, given, msg_id, create_time)
        self._before(shop, content)
        lines = self._world.platform.lines(shop)
        if not lines:
            return Delivery(shop.appid, str(content["FromUserName"]), content, failure="the account has no server")
        delivery = await self.convey(shop.appid, lines, content, how)
        self._after(shop, delivery)
        return delivery

    async def convey(self, appid: str, lines: list[Line], content: dict[str, Any], how: How) -> Delivery:
        """Deliver as it stands, with the mishap that waits for the next push."""
        mishap = self._faults.take()
        return await self._send(appid, lines, content, replace(how, cut=mishap.cut), mishap)

    def report(self, shop: Shop, given: Mapping[str, Any]) -> None:
        """Deliver in the background, if the account has an address."""
        if self._world.platform.lines(shop):
            task = asyncio.create_task(
                self.send(shop, given, How(fresh=self._world.readings.fresh_signatures), None, None)
            )
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)

    async def reported(self) -> None:
        """Wait until nothing is being delivered in the background."""
        while self._reports:
            await asyncio.wait(self._reports)

    async def close(self) -> None:
        """Give up what is being delivered in the background."""
        for task in self._reports:
            task.cancel()
        await asyncio.gather(*self._reports, return_exceptions=True)

    def _complete(
        self, shop: Shop, given: Mapping[str, Any], msg_id: int | None, create_time: int | None
    ) -> dict[str, Any]:
        head = {"ToUserName": shop.original_id, "FromUserName": "", "CreateTime": int(time.time())}
        content = head | dict(given)
        if create_time is not None:
            content["CreateTime"] = create_time
        if msg_id is not None:
            content["MsgId"] = msg_id
        elif content.get("MsgType") != "event" and "MsgId" not in content:
            content["MsgId"] = self._world.new_msg_id()
        return content

    def _before(self, shop: Shop, content: Mapping[str, Any]) -> None:
        """What the person's doing changes, whether or not the account's server hears of it; once per message."""
        identity = (shop.appid, content.get("MsgId") or json.dumps(content, sort_keys=True, default=str))
        if identity in self._seen:
            return
        self._seen.add(identity)
        if content.get("MsgType") == "event":
            self._event(shop, content)
        else:
            self._message(shop, content)

    def _event(self, shop: Shop, content: Mapping[str, Any]) -> None:
        openid, event = str(content["FromUserName"]), str(content.get("Event", "")).lower()
        if event in GRANTING_EVENTS:
            self._world.people.acted(shop.appid, openid, GRANTING_EVENTS[event])
        for voucher in self._world.shelf.of(shop.appid):
            if voucher.card_id == content.get("CardId"):
                self._world.figures.happened(voucher, event, openid)

    def _message(self, shop: Shop, content: Mapping[str, Any]) -> None:
        openid, kind = str(content["FromUserName"]), str(content.get("MsgType", ""))
        # A tap on a message menu's entry arrives as text but opens the menu's window only.
        self._world.people.acted(shop.appid, openid, "menu" if content.get("bizmsgmenuid") else "message")
        if self._world.people.knows(shop.appid, openid):
            words = str(content.get("Content") or "") if kind == "text" else f"[{kind}]"
            media = str(content.get("MediaId", "")) if kind == "image" else ""
            self._world.people.show(shop.appid, openid, Bubble("person", kind, words, time.time(), media=media))

    async def _send(self, appid: str, lines: list[Line], content: dict[str, Any], how: How, mishap: Mishap) -> Delivery:
        if mishap.delay:
            await asyncio.sleep(mishap.delay)
        if mishap.held:
            await self._faults.hold()
        copies = await asyncio.gather(
            *(
                self._copy(appid, line, content, how, number * mishap.apart)
                for number in range(mishap.copies)
                for line in lines
            )
        )
        if not mishap.held:
            self._faults.let_go()
        delivery = min(copies, key=_counts)
        delivery.attempts = sorted(
            (attempt for copy in copies for attempt in copy.attempts), key=lambda attempt: attempt.at
        )
        return delivery

    async def _copy(self, appid: str, line: Line, content: dict[str, Any], how: How, later: float) -> Delivery:
        if later:
            await asyncio.sleep(later)
        return await self._pusher.deliver(appid, line, content, how)

    def _after(self, shop: Shop, delivery: Delivery) -> None:
        """Show what the person sees, and tell the watchers how the tries went."""
        media = self._picture(shop, delivery)
        chat = has_chat(delivery.elements)
        if delivery.failure and chat:
            delivery.text = FAILURE_LINE
        if not chat:
            delivery.text = ""
        if delivery.text and self._world.people.knows(shop.appid, delivery.openid):
            kind = "failure" if delivery.failure else str((delivery.reply or {}).get("MsgType", "text"))
            via: Literal["system", "passive"] = "system" if delivery.failure else "passive"
            items = tuple(news(delivery.reply)) if kind == "news" and delivery.reply else ()
            bubble = Bubble("account", kind, delivery.text, time.time(), via, items, media)
            self._world.people.show(shop.appid, delivery.openid, bubble)
        self.tell(shop.appid, delivery)

    def _picture(self, shop: Shop, delivery: Delivery) -> str:
        """The media id of a picture in the reply; one that is not the account's is a malformed answer."""
        if not delivery.reply or delivery.reply["MsgType"] != "image":
            return ""
        try:
            return self._world.media.find(shop.appid, delivery.reply["Image"]["MediaId"], "image").media_id
        except ApiError as error:
            delivery.failure, delivery.reply = f"malformed answer: MediaId: {error.errmsg}", None
            return ""

    def tell(self, appid: str, delivery: Delivery) -> None:
        """Enter a push in the log, and tell the watchers."""
        what = (delivery.elements.get(name) for name in ("Event", "InfoType", "MsgType"))
        entry = {
            "at": time.time(),
            "appid": appid,
            "openid": delivery.openid,
            "what": next(filter(None, what), None),
            "card_id": delivery.elements.get("CardId", ""),
            "attempts": [{**asdict(attempt), "body": len(attempt.body)} for attempt in delivery.attempts],
            "outcome": "failed" if delivery.failure else "replied" if delivery.reply else "accepted",
            "failure": delivery.failure,
        }
        self.log.append(entry)
        self._world.stream.publish("push", **entry)


def _counts(copy: Delivery) -> tuple[bool, bool, float]:
    """The first valid reply is the one shown; an accepted push has not failed, whatever became of its other copies.

    Source: message push page does not say; field reports (messaging.md A2.2, not confirmed).
    """
    return copy.reply is None, bool(copy.failure), copy.attempts[-1].at
