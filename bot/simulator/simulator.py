"""The simulated WeChat as one object: set the world up, act as its people, look at what came of it."""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from bot.simulator import crypto
from bot.simulator.announcing import Announcer
from bot.simulator.deeds import Clerks, Customers, Merchants, Platform, Providers, Trouble
from bot.simulator.delivery_faults import DeliveryFaults
from bot.simulator.model import (
    Attempt,
    Bubble,
    Call,
    Delivery,
    Mode,
    Person,
    Readings,
    Review,
    Shop,
)
from bot.simulator.open_platform.herald import Herald
from bot.simulator.open_platform.ticket_clock import TicketClock
from bot.simulator.post_office import PostOffice
from bot.simulator.push import TIMEOUT, TRIES, How, Pusher
from bot.simulator.shelf import Voucher
from bot.simulator.vouchers import Card
from bot.simulator.world import World


class Simulator(Customers, Clerks, Platform, Merchants, Providers, Trouble):
    """WeChat for a handful of accounts, on one loopback port. ``data_dir=None``: nothing is kept."""

    def __init__(self, data_dir: Path | None = None, host: str = "127.0.0.1") -> None:
        self.world = World(data_dir)
        self.host = host
        self.delivery_faults = DeliveryFaults()
        self._pusher = Pusher()
        self._office = PostOffice(self.world, self._pusher, self.delivery_faults)
        self.reported = self._office.reported
        self._announcer = Announcer(self.world, self._office)
        self.herald = Herald(self.world, self._pusher, self._office)
        self.ticket_clock = TicketClock(self.world.platform, self.herald)
        self._server: HTTPServer | None = None
        self._port = 0

    # running ------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen; 0 picks a free port. Raises :exc:`OSError` when the port is taken."""
        from bot.simulator.application import application  # noqa: PLC0415 - it needs this class

        sockets = bind_sockets(port, self.host)
        self._port = sockets[0].getsockname()[1]
        self._pusher.open()
        self._server = HTTPServer(application(self))
        self._server.add_sockets(sockets)
        self.ticket_clock.start()

    async def stop(self) -> None:
        """Stop listening and close the store; what is held back by ``reorder`` is let go."""
        self.delivery_faults.clear()
        await self.ticket_clock.stop()
        await self.herald.stop()
        await self._office.close()
        await self._announcer.stop()
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()
            self._server = None
        self._pusher.close()
        self.world.store.close()

    @property
    def url(self) -> str:
        """Base address of the API and of the chat page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self._port}"

    # the world ----------------------------------------------------------------------------------------------

    @property
    def readings(self) -> Readings:
        """How open questions of the protocol are read; assign to its members."""
        return self.world.readings

    def add_shop(self, shop: Shop) -> Shop:
        """Know an account; the same object comes back, and changing it changes the account."""
        return self.world.add_shop(shop)

    def shop(self, appid: str) -> Shop:
        """An account. Raises :exc:`LookupError`."""
        return self.world.shop(appid)

    def add_person(self, appid: str, person: Person) -> Person:
        """Let a person know a shop."""
        self.world.shop(appid)
        self.world.people.add(appid, person)
        return person

    def add_voucher(self, appid: str, card: Card, audit: str = "", *, source: int = 1) -> str:
        """Put a voucher (the ``card`` object as card/get returns it) on the shelf; its card_id.

        ``audit``: a status by its bare name, "" keeps the card's own. A voucher kept from an earlier run
        stays as it is.
        """
        self.world.shop(appid)
        voucher = Voucher(appid, copy.deepcopy(card), source)
        if audit:
            voucher.set_status(audit)
        return self.world.shelf.add(voucher)

    def voucher(self, appid: str, card_id: str) -> Voucher:
        """A voucher with what WeChat knows besides its card; call ``world.shelf.save`` after changing it."""
        return self.world.shelf.find(appid, card_id)

    def set_status(self, appid: str, card_id: str, status: str) -> None:
        """Change a voucher's status as the console would (``"DELETE"``, ``"DISPATCH"`` …)."""
        voucher = self.voucher(appid, card_id)
        voucher.set_status(status)
        self.world.shelf.save(voucher)

    def open_cell(self, appid: str, card_id: str, cell: str) -> None:
        """Turn the ``"pay"`` or ``"self_consume"`` button of a voucher on."""
        voucher = self.voucher(appid, card_id)
        voucher.cells = sorted({*voucher.cells, cell})
        self.world.shelf.save(voucher)

    def swallow(self, appid: str, card_id: str, *fields: str) -> None:
        """The next change of these fields is accepted but does not become visible."""
        voucher = self.voucher(appid, card_id)
        voucher.swallow = [*voucher.swallow, *fields]
        self.world.shelf.save(voucher)

    def set_figures(
        self, appid: str, card_id: str | None, day: str, cond_source: int, figures: Mapping[str, int] | None
    ) -> None:
        """What datacube tells of a day (``"YYYY-MM-DD"``).

        Without card_id the whole account; {}: the day is missing.
        """
        self.world.figures.put(appid, card_id, day, cond_source, figures)

    def set_coins(self, appid: str, free: str, paid: str) -> None:
        """What the credit account holds: coins given and topped up, ``"0.2"``. Raises :exc:`ValueError`."""
        self.world.coins.put(self.shop(appid).appid, free, paid)

    # acting -------------------------------------------------------------------------------------------------

    async def text(self, appid: str, openid: str, content: str, **extra: Any) -> Delivery:
        """A person texts; ``extra`` are further elements, such as ``bizmsgmenuid``.

        Raises :exc:`LookupError` for an unknown person, :exc:`ValueError` for one who does not follow.
        """
        person = self.world.people.get(appid, openid)
        if not self.world.people.follows(appid, openid):
            raise ValueError(f"{person.name} does not follow {appid}, and cannot write")
        return await self.push(appid, {"FromUserName": openid, "MsgType": "text", "Content": content, **extra})

    async def event(self, appid: str, openid: str, event: str, elements: Mapping[str, Any] | None = None) -> Delivery:
        """Something a person does besides writing; ``elements`` beyond the common ones."""
        return await self.push(appid, {"FromUserName": openid, "MsgType": "event", "Event": event, **(elements or {})})

    async def follow(self, appid: str, openid: str, scene: str = "") -> Delivery:
        """Start to follow, perhaps through a QR code's scene."""
        self.world.people.get(appid, openid)
        self.world.people.set_follows(appid, openid, follows=True)
        key = {"EventKey": f"qrscene_{scene}", "Ticket": secrets.token_urlsafe(24)} if scene else {"EventKey": ""}
        return await self.event(appid, openid, "subscribe", key)

    async def unfollow(self, appid: str, openid: str) -> Delivery:
        """Stop to follow."""
        self.world.people.get(appid, openid)
        self.world.people.set_follows(appid, openid, follows=False)
        return await self.event(appid, openid, "unsubscribe", {"EventKey": ""})

    async def verify_url(self, appid: str) -> Attempt:
        """What saving the URL in the console does.

        GET with echostr; ``error`` is None when it was echoed exactly.
        """
        shop = self.shop(appid)
        timestamp, nonce, echo = (
            str(int(time.time())),
            str(secrets.randbelow(10**9)),
            str(secrets.randbits(62)),
        )
        signature = crypto.sign(shop.token, timestamp, nonce)
        query = urlencode({"signature": signature, "echostr": echo, "timestamp": timestamp, "nonce": nonce})
        joint = "&" if urlsplit(shop.callback_url).query else "?"
        attempt = await self._pusher.get(f"{shop.callback_url}{joint}{query}")
        if attempt.error is None and attempt.body != echo.encode():
            return replace(attempt, error="the answer is not echostr")
        return attempt

    async def push(
        self,
        appid: str,
        xml_elements: Mapping[str, Any],
        *,
        mode: Mode | None = None,
        key: str | None = None,
        token: str | None = None,
        suffix: str | None = None,
        tries: int = TRIES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - WeChat's limit for one try
        msg_id: int | None = None,
        create_time: int | None = None,
        timestamp: str | int | None = None,
        nonce: str | None = None,
        fresh: bool | None = None,
    ) -> Delivery:
        """Deliver any elements; ToUserName, CreateTime and a message's MsgId are filled in unless given.

        An element given as None is left out. ``mode``, ``key``, ``token``, ``suffix`` (the appid inside)
        replace the account's own. ``fresh``: every try has its own timestamp and nonce (default:
        ``readings.fresh_signatures``). Pushing ``delivery.elements`` again is the same message once more.
        """
        how = How(
            mode=mode,
            key=key,
            token=token,
            suffix=suffix,
            timestamp=None if timestamp is None else str(timestamp),
            nonce=nonce,
            tries=tries,
            timeout=timeout,
            fresh=self.readings.fresh_signatures if fresh is None else fresh,
        )
        return await self._office.send(self.shop(appid), xml_elements, how, msg_id, create_time)

    async def settled(self) -> None:
        """Wait until every push that calls have caused (user_consume_card, card_pay_order …) is over."""
        await self._announcer.settled()
        await self.herald.settled()

    # looking ------------------------------------------------------------------------------------------------

    def reviews(self, appid: str) -> list[Review]:
        """The review queue, oldest first."""
        return self.world.shelf.pending(appid)

    def chat(self, appid: str, openid: str) -> list[Bubble]:
        """What the person's chat shows, oldest first."""
        return self.world.people.chat(appid, openid)

    def calls(self, path_suffix: str = "", appid: str | None = None) -> list[Call]:
        """API calls so far whose path ends so."""
        return self.world.calls.find(path_suffix, appid)

    def pushes(self) -> list[dict[str, Any]]:
        """The last deliveries as the control API's log shows them, oldest first."""
        return list(self._office.log)

    def clear_calls(self) -> None:
        """Forget them."""
        self.world.calls.clear()
