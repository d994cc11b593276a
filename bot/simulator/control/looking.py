"""Control routes that show: state, chat, log, stream."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from typing import Any

from tornado.iostream import StreamClosedError

from bot.simulator.control.handler import ControlHandler
from bot.simulator.control.living import living
from bot.simulator.model import Shop
from bot.simulator.people import bubble_json
from bot.simulator.post_office import SHOWN
from bot.simulator.simulator import Simulator
from bot.simulator.stream import Happening

HEARTBEAT = 15.0


class StateHandler(ControlHandler):
    """Everything but chats and logs."""

    def get(self) -> None:
        shops = [self._shop(shop) for shop in self.sim.world.shops.values() if not shop.of_wechat]
        self.answer(now=time.time(), shops=shops)

    def _shop(self, shop: Shop) -> dict[str, Any]:
        world, appid = self.sim.world, shop.appid
        shown = ("appid", "original_id", "name", "mode", "customer_service")
        persons = []
        for person in world.people.of(appid):
            left, until = world.people.window(appid, person.openid)
            now = {
                "follows": world.people.follows(appid, person.openid),
                "window": {"left": left, "until": until},
            }
            persons.append(asdict(person) | now)
        vouchers = [
            {
                "card_id": voucher.card_id,
                "title": voucher.title,
                "card_type": voucher.card["card_type"],
                "friends": voucher.friends,
                "status": voucher.status,
                "source": voucher.source,
                "under_review": voucher.review is not None,
                "card": voucher.card,
            }
            for voucher in world.shelf.of(appid)
        ]
        return {
            **{name: getattr(shop, name) for name in shown},
            "callback_url": ", ".join(line.url for line in world.platform.lines(shop)),
            "persons": persons,
            "vouchers": vouchers,
            "reviews": [asdict(review) for review in world.shelf.pending(appid)],
            "decided": world.shelf.decided(appid),
            **living(world, shop),
        }


class ChatHandler(ControlHandler):
    """One person's chat with one shop."""

    def get(self) -> None:
        appid, openid = self.who({name: self.get_argument(name) for name in ("appid", "openid")})
        self.answer(bubbles=[bubble_json(bubble) for bubble in self.sim.chat(appid, openid)])


class LogHandler(ControlHandler):
    """The last calls and pushes."""

    def get(self) -> None:
        calls = [asdict(call) for call in self.sim.calls()[-SHOWN:]]
        self.answer(calls=calls, pushes=self.sim.pushes())


class StreamHandler(ControlHandler):
    """Server-sent events until the watcher leaves."""

    def initialize(self, sim: Simulator) -> None:
        super().initialize(sim)
        self._left = asyncio.Event()

    def on_connection_close(self) -> None:
        self._left.set()

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        left = asyncio.create_task(self._left.wait())
        with self.sim.world.stream.watch() as queue:
            try:
                await self._send(": open\n\n")
                while not self._left.is_set():
                    await self._send(await self._next(queue, left))
            except StreamClosedError:
                return
            finally:
                left.cancel()

    async def _next(self, queue: asyncio.Queue[Happening], left: asyncio.Task[bool]) -> str:
        """The next happening as an event, or a comment when there was none for a while."""
        waiting = asyncio.create_task(queue.get())
        done, _ = await asyncio.wait({waiting, left}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        if waiting not in done:
            waiting.cancel()
            return ": still here\n\n"
        kind, data = waiting.result()
        return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

    async def _send(self, text: str) -> None:
        self.write(text)
        await self.flush()
