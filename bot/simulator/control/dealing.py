"""Control routes of wallet, till and WeChat's counter: claim, scan, pay, decide, send a picture."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable
from typing import Any

from tornado.web import HTTPError

from bot.simulator.control.handler import ControlHandler
from bot.simulator.errors import ApiError
from bot.simulator.media import CONTENT_TYPES, format_of
from bot.simulator.open_platform.model import Component
from bot.simulator.wallets import NotClaimedError


class DealingHandler(ControlHandler):
    """Turns what cannot be done into 400 and 404 with a reason in ``error``."""

    async def done(self, deed: Awaitable[Any]) -> Any:
        """What the deed returns."""
        try:
            return await deed
        except (ValueError, ApiError) as error:
            raise HTTPError(400, str(error)) from None
        except LookupError as error:
            raise HTTPError(404, str(error)) from None

    def known(self) -> Component:
        """The component; 404 without one."""
        if self.sim.world.platform.component is None:
            raise HTTPError(404, "there is no component")
        return self.sim.component


class ClaimHandler(DealingHandler):
    """Claim a voucher, through a channel or by scanning a QR code."""

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        if "content" in body:
            deed = self.sim.scan_qr(appid, openid, self.member(body, "content"))
        else:
            deed = self._claim(appid, openid, self.member(body, "card_id"), body.get("outer_str", ""))
        try:
            self.answer(codes=await self.done(deed), refused="")
        except NotClaimedError as error:
            self.answer(codes=[], refused=error.why)

    async def _claim(self, appid: str, openid: str, card_id: str, outer_str: object) -> list[str]:
        if not isinstance(outer_str, str):
            raise HTTPError(400, "outer_str is not a string")
        return [await self.sim.claim(appid, openid, card_id, outer_str=outer_str)]


class GiveHandler(DealingHandler):
    """Give a voucher away (the friend takes it), or delete it, by the last word of the path."""

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        code = self.member(body, "code")
        if self.request.path.endswith("discard"):
            await self.done(self.sim.delete_code(appid, openid, code))
        else:
            await self.done(self.sim.gift(appid, openid, code, self.member(body, "to")))
            await self.done(self.sim.accept_gift(appid, code))
        self.answer(ok=True)


class ScanHandler(DealingHandler):
    """A person scans something with their menu's button, or taps another of its buttons."""

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        if self.request.path.endswith("scan"):
            deed = self.sim.scan(appid, openid, self.member(body, "content"))
        else:
            deed = self.sim.tap_menu(appid, openid, self.member(body, "name"))
        self.delivered(await self.done(deed))


class PayHandler(DealingHandler):
    """Pay a top-up."""

    async def post(self) -> None:
        body = self.body()
        _, openid = self.who(body)
        self.delivered(await self.done(self.sim.pay(self.member(body, "order_id"), openid)))


class DecideHandler(DealingHandler):
    """Decide about a sub-merchant or a store."""

    async def post(self) -> None:
        body = self.body()
        appid, number = self.member(body, "appid"), self.member(body, "id", int)
        approve, reason = self.member(body, "approve", bool), body.get("reason", "")
        if not isinstance(reason, str):
            raise HTTPError(400, "reason is not a string")
        deeds = {"submerchant": self.sim.review_submerchant, "store": self.sim.review_store}
        deed = deeds.get(self.member(body, "kind"))
        if deed is None:
            raise HTTPError(400, "kind is not submerchant or store")
        self.delivered(await self.done(deed(appid, number, approve, reason)))


class PictureHandler(DealingHandler):
    """Show a picture of a chat, or send one."""

    async def get(self) -> None:
        try:
            address = self.get_argument("address")
            fetched = self.sim.world.people.shows_picture(address)
            data = await self.sim.article_picture(address) if fetched else self.sim.image(address)
        except LookupError:
            raise HTTPError(404, "there is no such picture") from None
        self.set_header("Content-Type", CONTENT_TYPES[format_of(data)])
        await self.finish(data)

    async def post(self) -> None:
        body = self.body()
        appid, openid = self.who(body)
        try:
            data = base64.b64decode(self.member(body, "data"), validate=True)
        except binascii.Error:
            raise HTTPError(400, "data is not base64") from None
        self.delivered(await self.done(self.sim.picture(appid, openid, data)))
